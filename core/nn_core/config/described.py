"""What there is to say about a field of the Config: its title, what it takes, how it is read."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from nn_core.config.values import Turn, show_name
from nn_core.errors import RequestError

Effect = Literal["view", "now", "restart"]
LONGEST_SHOWN = 60  # characters of what is refused


@dataclass(frozen=True)
class Setting:
    """What there is to say about one field of the Config.

    `effect` tells what a change does: "view" touches nothing that training computes, "now" takes
    effect on the next step of the run, "restart" is another run from its own start.  `words` are
    others by which a person may look for it; the first can be typed in place of its name.  `empty`
    is what is typed for a value without parts.
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

    @property
    def title(self) -> str:
        """The name as words: "learning rate"."""
        return self.name.replace("_", " ")

    def validate(self, value: Any) -> None:
        """Raise `RequestError` where the value is outside what this field takes."""
        if self.choices and value not in self.choices:
            choices = ", ".join(self.choices)
            raise RequestError(f"{self.title} is one of {choices}; not {_brief(repr(value))}")
        if not self.check(value):
            shown = "inf" if value == math.inf else show(value)
            raise RequestError(f"{self.title} must be {self.wanted}; not {_brief(shown)}")

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
        return show(value) or self.empty


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


def _brief(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
