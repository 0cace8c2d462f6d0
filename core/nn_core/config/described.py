"""What there is to say about a field of the Config: its title, what it takes, how it is read."""

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from nn_core.config.values import Turn, plain_value, read_names, show_name
from nn_core.errors import RequestError

Effect = Literal["view", "now", "restart"]
LONGEST_SHOWN = 60  # characters of what is refused


@dataclass(frozen=True)
class Setting:
    """What there is to say about one field of the Config.

    `effect` tells what a change does: "view" touches nothing that training computes, "now" takes
    effect on the next step of the run, "restart" is another run from its own start.  `words` are
    others by which a person may look for it; the first can be typed in place of its name.  `empty`
    is what is typed for a value without parts, `known` the names that parts can be.  `spell` turns
    a value as text into what a person reads.
    """

    name: str
    about: str
    default: Any
    effect: Effect
    parse: Callable[[str], Any]
    choices: tuple[str, ...] = ()
    metavar: str = ""
    check: Callable[[Any], bool] = lambda value: True
    wanted: str = ""
    turn: Turn | None = None
    words: str = ""
    empty: str = ""
    known: tuple[str, ...] = ()
    spell: Callable[[str], str] = str

    @property
    def title(self) -> str:
        """The name as words: "learning rate"."""
        return self.name.replace("_", " ")

    def taken(self, value: Any) -> Any:
        """A value as Python code may give it, as this field holds it; as it is, if that is unclear.

        A name or a number may come without its tuple, names in any case, a whole number as a float,
        and a word as it is typed: "max", "on".
        """
        if value is self.default:
            return value
        plain, several = plain_value(value), isinstance(self.default, tuple)
        if isinstance(plain, str) and not isinstance(self.default, str | tuple):
            with suppress(ValueError):
                word = self.parse(plain)
                return plain if type(word) in (int, float) and math.isfinite(word) else word
        if several and isinstance(plain, str):
            plain = (plain,) if plain else ()
        elif several and type(plain) in (int, float):
            with suppress(ValueError):
                plain = self.parse(repr(plain))
        if isinstance(self.default, bool) and plain in (0, 1):
            return bool(plain)
        if type(self.default) is int and type(plain) is float and plain.is_integer():
            return int(plain)
        known = self.choices or self.known
        if several and known and isinstance(plain, tuple):
            return tuple(_spelled(name, known) for name in plain)
        return _spelled(plain, known) if known else plain

    def validate(self, value: Any) -> None:
        """Raise `RequestError` where the value is outside what this field takes."""
        if value is self.default:
            return  # most are, and a Config checks them all
        if self.choices and value not in self.choices:
            choices = ", ".join(self.choices)
            raise RequestError(f"{self.title} is one of {choices}; not {_brief(repr(value))}")
        if not (self._is_of_its_kind(value) and self.check(value)):
            shown = "inf" if value == math.inf else show(value)
            if isinstance(value, str | bool | None) and type(value) is not type(self.default):
                shown = repr(value)  # not as what would have been typed
            wanted = self.wanted or ("names" if isinstance(self.default, tuple) else "text")
            raise RequestError(f"{self.title} must be {wanted}; not {_brief(shown)}")

    def _is_of_its_kind(self, value: Any) -> bool:
        """Whether it is text where text is wanted, and so on; of numbers the check tells."""
        if isinstance(self.default, tuple):
            is_text = self.parse is read_names
            return isinstance(value, tuple) and all(
                type(part) is str or not is_text for part in value
            )
        wanted = type(self.default)
        return wanted not in (str, bool) or type(value) is wanted

    def read(self, text: str) -> Any:
        """Turn what a person typed into a value of this field; `RequestError` where it is none."""
        try:
            value = self.parse(text.strip())
        except ValueError:
            wanted = self.wanted or "one of " + ", ".join(self.choices)
            shown = _brief(repr(text))
            raise RequestError(f"{self.title} must be {wanted}; not {shown}") from None
        self.validate(value)
        return value

    def show(self, value: Any) -> str:
        """A value as `read` takes it."""
        return self.spell(show(value)) or self.empty


def show(value: Any) -> str:
    """A value as a person would type it."""
    if value is None:
        return "default"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ",".join(show_name(part) if isinstance(part, str) else show(part) for part in value)
    if isinstance(value, float):
        return "max" if value == math.inf else f"{value:g}"
    return str(value)


def _spelled(value: Any, known: tuple[str, ...]) -> Any:
    """The known name that a value is but for capitals and for what joins its words."""
    if not isinstance(value, str) or value in known:
        return value
    spelled = value.lower().replace("_", "-")
    return spelled if spelled in known else value


def _brief(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
