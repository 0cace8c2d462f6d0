"""Settings as Python code gives them: by other names too, explained by `help()`, shown in brief."""

from collections.abc import Mapping, Sequence
from functools import wraps
from inspect import cleandoc
from typing import Any

from nn_core.config.described import Setting
from nn_core.errors import RequestError


def full_names(given: Mapping[str, Any], known: Sequence[Setting]) -> dict[str, Any]:
    """Settings by each field's own name: `lr` and other short names are told.

    `RequestError` where a name is unknown, or a field is named twice.
    """
    names = {each.name for each in known}
    if given.keys() <= names:
        return dict(given)
    by_word = {each.words.partition(" ")[0]: each.name for each in known if each.words}
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in names and name not in by_word:
            raise RequestError(f"there is no setting {name!r}{_meant(name, [*names], by_word)}")
        full = name if name in names else by_word[name]
        if full in found:
            raise RequestError(f"{full} is given twice, by two names")
        found[full] = value
    return found


def _meant(name: str, names: list[str], by_word: Mapping[str, str]) -> str:
    from difflib import get_close_matches  # only for a mistake; a start shall not wait for it

    near = get_close_matches(name.lower(), [*names, *by_word], n=1)
    return f"; {by_word.get(near[0], near[0])} is one" if near else ""


def explained(known: Sequence[Setting]) -> str:
    """What `help()` says of the fields: names, default, what it is, what it takes."""
    lines = ["Fields with their defaults; another value of one with a * begins another run:", ""]
    for each in known:
        word = each.words.partition(" ")[0]
        name = each.name + "*" * (each.effect == "restart") + (f" (or {word})" if word else "")
        takes = each.wanted or ("one of " + ", ".join(each.choices) if each.choices else "")
        lines += [f"{name} = {each.default!r}", f"    {each.about}"]
        lines += [f"    {takes}"] if takes else []
    return "\n".join(lines)


def take_from_python(settings_class: type[Any], known: Sequence[Setting]) -> None:
    """Let a class of settings take other names, and its `help()` explain the fields."""
    made = settings_class.__init__

    @wraps(made)
    def initialise(self: Any, *given: Any, **named: Any) -> None:
        made(self, *given, **full_names(named, known))

    settings_class.__init__ = initialise
    # From Python 3.13 on a docstring has lost its indentation already.
    settings_class.__doc__ = f"{cleandoc(settings_class.__doc__ or '')}\n\n{explained(known)}\n"
