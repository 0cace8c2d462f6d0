"""Keys of one's own: read from the config file's [keys], checked, and put in force.

`step = "s,f5"` gives the step two keys, in place of those that it has; a letter twice, as in `gg`,
is that key pressed twice.  `preset = "vi"` changes many at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from textual.binding import Binding
from textual.keys import Keys

from nn_core.errors import RequestError
from nn_core.formatting import printable
from nn_tui.keys.in_force import DRAWN, doubled, shown_as
from nn_tui.keys.keys import KEYS

# What vi's hands expect; the keys whose letters it takes have others.
VI = {
    "up": "k,up", "down": "j,down", "lower": "h,left", "raise": "l,right",
    "first": "gg,home", "last": "G,end", "row_up": "ctrl+u,pageup", "row_down": "ctrl+d,pagedown",
    "palette": "/,:,ctrl+p",
    "keep": "y", "hint": "H", "add_layer": "O", "contest": "C", "jump": "J",
    "steps": "E",
}  # fmt: skip
PRESETS: Mapping[str, Mapping[str, str]] = {"vi": VI}

# These always work: dialogs are confirmed and left by them.
_KEPT = ("enter", "out", "leave")
# What a terminal sends for these is what it sends for another key.
_SENT_AS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}
_MODIFIERS = ("ctrl", "alt", "shift", "super")
_WORDS = {each.value for each in Keys if each.value.isidentifier()} | set(DRAWN)
_NAMED = {drawn: name for name, drawn in DRAWN.items()}


@dataclass(frozen=True)
class Keymap:
    """The keys in force, by the names of what they do, as Textual names them; and the mistakes.

    A mistake is the name that it stands under, and what would be right.
    """

    keys: Mapping[str, tuple[str, ...]]
    mistakes: tuple[tuple[str, str], ...] = ()

    @property
    def changed(self) -> dict[str, str]:
        """Those that aren't as they are by default, as Textual's keymap has them."""
        default = default_keys()
        return {name: ",".join(keys) for name, keys in self.keys.items() if keys != default[name]}


@dataclass
class _Choice:
    """The keys that a person gives, while they are looked into."""

    base: dict[str, tuple[str, ...]]
    given: dict[str, tuple[str, ...]] = field(default_factory=dict)
    mistakes: dict[tuple[str, str], str] = field(default_factory=dict)


def default_keys() -> dict[str, tuple[str, ...]]:
    """The keys as they are described."""
    return {found.name: tuple(found.keys.split(",")) for found in KEYS}


def read_keymap(table: Mapping[str, Any]) -> Keymap:
    """The keys in force by a table of them: the default ones, a preset, a person's own.

    What is wrong in it is left out, and named.
    """
    choice = _Choice(default_keys())
    preset = table.get("preset", "")
    if isinstance(preset, str) and preset in PRESETS:
        choice.base |= {name: _read(keys) for name, keys in PRESETS[preset].items()}
    elif preset != "":
        known = ", ".join(PRESETS)
        choice.mistakes["preset", ""] = f"there is {known}; not {printable(str(preset)[:40])!r}"
    for name, value in table.items():
        if name == "preset":
            continue
        try:
            if name not in choice.base:
                near = get_close_matches(name, choice.base, 1, 0.0)[0]
                raise RequestError(f"there is no key of this name; the nearest is {near}")
            kept = default_keys()[name] if name in _KEPT else ()
            choice.given[name] = tuple(dict.fromkeys((*_read(value), *kept)))
        except RequestError as error:
            choice.mistakes[name, ""] = str(error)
    keys = _without_conflicts(choice)
    return Keymap(keys, tuple((name, text) for (name, _), text in choice.mistakes.items()))


def _without_conflicts(choice: _Choice) -> dict[str, tuple[str, ...]]:
    """One use for each key: a person's own must be free, or be freed by another entry.

    Where none of those given for a name is, it keeps what it has without them.
    """
    found: dict[str, tuple[str, ...]] = {}
    owners: dict[str, str] = {}
    for name in (*(name for name in choice.base if name not in choice.given), *choice.given):
        wanted = choice.given.get(name, choice.base[name])
        free = []
        for key in wanted:
            owner = _owner(key, owners)
            if owner is None:
                free.append(key)
                owners[key] = name
            else:
                choice.mistakes[name, key] = f"{shown_as(key)} is {owner}’s; give {owner} another"
        if not free and name in choice.given:
            del choice.given[name]
            return _without_conflicts(choice)
        found[name] = tuple(free)
    return {name: found[name] for name in choice.base}


def _owner(key: str, owners: Mapping[str, str]) -> str | None:
    """What uses a key: for `gg` what uses `g` too, which would never wait for a second one."""
    if doubled(key):
        return owners.get(key) or owners.get(key[0])
    return owners.get(key) or owners.get(key * 2)


def _read(value: Any) -> tuple[str, ...]:
    """The keys of an entry, as Textual names them; `RequestError` where there is none such."""
    names = value if isinstance(value, list) else value.split(",") if isinstance(value, str) else ()
    if not names or not all(isinstance(each, str) and each.strip() for each in names):
        raise RequestError('keys are a text, as "s,f5" (comma and space have these names)')
    return tuple(_named(each.strip()) for each in names)


def _named(name: str) -> str:
    name = _NAMED.get(name, name)
    if doubled(name):
        return name
    *modifiers, key = name.split("+") if len(name) > 1 else [name]
    is_known = key in _WORDS or (len(key) == 1 and (key.isalnum() or not modifiers))
    if not is_known or not key.isprintable() or not set(modifiers) <= set(_MODIFIERS):
        near = get_close_matches(name, _WORDS, 1)
        advice = f"did you mean {near[0]}?" if near else "as s, f5, ctrl+d, pageup"
        raise RequestError(f"there is no key {printable(name[:40])!r}; {advice}")
    if modifiers == ["shift"] and key.isalpha() and len(key) == 1:
        return key.upper()
    [binding] = Binding.make_bindings([(name, "")])  # which knows that / is slash
    return _SENT_AS.get(binding.key, binding.key)
