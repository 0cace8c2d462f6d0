"""What the keys are called that sentences speak of; where they are others, a front end says so."""

import re
from collections.abc import Mapping

# As they are where nobody has chosen others: of those that the core's own sentences name.
_NAMES = {
    "step": "s", "into": "i", "step_back": "b", "run_or_pause": "space", "restart": "r",
    "up": "↑", "down": "↓", "lower": "←", "raise": "→", "enter": "enter",
    "rate_up": "+", "rate_down": "−", "add_unit": "u", "place_unit": "A", "options": "o",
    "palette": ":", "epochs": "e", "zeroing": "z", "jump": "j", "save": "w", "next_point": ".",
    "next_view": "tab", "next_mistake": "m", "next_epoch": "n", "scale": "Z",
    "contest": "g", "hint": "h", "keep": "k", "kept_runs": "K", "steps": "J", "resume": "R",
}  # fmt: skip
_ARROWS = "↑↓←→+−"
_OF_SETTINGS: dict[str, list[str]] = {}  # the names of the keys that turn a setting


def name_keys(names: Mapping[str, str]) -> None:
    """Have the keys called so in every sentence of this process, by the names of what they do."""
    _NAMES.update(names)


def name_setting_keys(names: Mapping[str, list[str]]) -> None:
    """Have these keys, by the names of what they do, be said to turn these settings."""
    _OF_SETTINGS.update(names)


def setting_keys(setting: str) -> str:
    """What the keys are called that turn a setting; "" where there is none."""
    return " ".join(_NAMES[name] for name in _OF_SETTINGS.get(setting, ()))


def key_name(name: str) -> str:
    """What the key is called that does this."""
    return _NAMES[name]


def key_pair(one: str, other: str) -> str:
    """What two keys that belong together are called: ↑↓, k j."""
    found = _NAMES[one], _NAMES[other]
    return ("" if all(each in _ARROWS for each in found) else " ").join(found)


def with_keys(text: str) -> str:
    """A text with the keys' names in place of what stands for them: {key.step}, {key.up+down}.

    A name that is no key's stays as it is.
    """

    def name(found: re.Match[str]) -> str:
        if not {found[1], found[2] or found[1]} <= _NAMES.keys():
            return found[0]
        return key_pair(found[1], found[2]) if found[2] else key_name(found[1])

    return re.sub(r"\{key\.(\w+)(?:\+(\w+))?\}", name, text)
