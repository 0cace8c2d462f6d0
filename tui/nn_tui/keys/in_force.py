"""The keys in force: the default ones, or those that a person has chosen."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from textual.keys import format_key

from nn_core.config.key_names import name_keys, name_setting_keys
from nn_core.live.edit_requests import Turn
from nn_tui.keys.keys import KEYS, Key

DRAWN = {found.keys.split(",")[0]: found.shown for found in KEYS}
_in_force = {found.name: found for found in KEYS}


def put_in_force(chosen: Mapping[str, str]) -> None:
    """Have these names the keys given, as Textual names them, and all others the default ones.

    A process has one keyboard, so this holds for all that it shows.
    """
    for each in KEYS:
        keys = chosen.get(each.name, each.keys)
        shown = shown_as(keys.split(",")[0])
        _in_force[each.name] = replace(each, keys=keys, shown=shown)
    name_keys({name: found.shown for name, found in _in_force.items()})
    turning: dict[str, list[str]] = {}
    for each in KEYS:
        if isinstance(each.request, Turn):
            turning.setdefault(each.request.name, []).append(each.name)
    name_setting_keys(turning)


def key(name: str) -> Key:
    """The key of this name, as it is in force."""
    return _in_force[name]


def in_group(group: str) -> Iterator[Key]:
    """The keys of a group, in order, as they are in force."""
    return (found for found in _in_force.values() if found.group == group)


def shown_as(name: str) -> str:
    """How the key that Textual has this name for is printed."""
    return DRAWN.get(name) or format_key(name)


def doubled(name: str) -> bool:
    """Whether a key's name is a letter twice, as gg, which stands for two presses."""
    return len(name) == 2 and name[0] == name[1] and name.isalpha()


def doubled_letters(chosen: Mapping[str, str]) -> Iterator[str]:
    """The letters of which these keys take two."""
    return (each[0] for keys in chosen.values() for each in keys.split(",") if doubled(each))


put_in_force({})
