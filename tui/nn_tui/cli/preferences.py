"""Preferences: options from the environment and from a file, for every run.

The order is: the command line, the environment (`NN_TUI_THEME=dark`), the file, the default.
Each value is read and checked as the command line's is.  A mistake is one line that says where and
what would be right; the program starts with the rest.
"""

import argparse
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from nn_core.config import setting, settings, show
from nn_core.disk import reading
from nn_core.errors import RequestError
from nn_core.formatting import printable
from nn_tui.options import config_path

PREFIX = "NN_TUI_"
MOST_BYTES = 1_000_000
SCREEN_DEFAULTS: Mapping[str, Any] = {
    "theme": "auto", "markers": "auto", "fps": 20, "mouse": True
}  # fmt: skip
_TOO_LONG = "a number has too many digits"
# Options that belong to one run alone: what it is about, what it reads and what it writes.
_OF_ONE_RUN = (
    "experiment", "output", "every", "save", "resume", "kiosk", "load", "load_partial", "freeze",
    "data", "x", "y", "accumulate_gradients", "help", "version", "completions",
    "lesson", "lessons", "language",
)  # fmt: skip


@dataclass(frozen=True)
class Preference:
    """A value that holds for every run, as text, and where it was found."""

    text: str
    source: str


@dataclass(frozen=True)
class Preferences:
    """What was found: a value for each option, keys other than the default, and the mistakes."""

    values: Mapping[str, Preference] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()


def options(parser: argparse.ArgumentParser) -> dict[str, argparse.Action]:
    """The options that can be preferred, by the names that the file has for them."""
    preferable = {each.name for each in settings()} | {*SCREEN_DEFAULTS}
    return {
        action.dest: action
        for action in parser._actions  # argparse has no public list of them
        if action.dest in preferable - {*_OF_ONE_RUN}
    }


def read_preferences(
    parser: argparse.ArgumentParser, environment: Mapping[str, str] = os.environ
) -> Preferences:
    """Read the environment and the file; nothing in them keeps the program from starting."""
    known, mistakes = options(parser), list[str]()
    values: dict[str, Preference] = {}
    path = config_path(environment)
    content = _content(path, mistakes)
    keys = _keys(path, content.pop("keys", {}), mistakes)
    for name, value in content.items():
        where = f"{path}{_line_of(path, name)}"
        _take(values, mistakes, known, name, partial(_as_text, value), where)
    for variable, text in environment.items():
        if variable.startswith(PREFIX):
            name = variable.removeprefix(PREFIX).lower()
            _take(values, mistakes, known, name, partial(str, text), variable)
    return Preferences(values, keys, tuple(mistakes))


def _keys(path: Path, table: Any, mistakes: list[str]) -> Mapping[str, str]:
    if not isinstance(table, dict):
        mistakes.append(f"{path}: keys must be a table, [keys]; not {_brief(table)}")
    elif table:
        from nn_tui.keys.keymap import read_keymap  # and with it the screen's library

        keymap = read_keymap(table)
        mistakes += (
            f"{path}{_line_of(path, name)}: {_brief(name)}: {text}"
            for name, text in keymap.mistakes
        )
        return keymap.changed
    return {}


def _take(
    values: dict[str, Preference],
    mistakes: list[str],
    known: Mapping[str, argparse.Action],
    name: str,
    text: Callable[[], str],
    where: str,
) -> None:
    name = name.replace("-", "_")
    name = next((dest for dest, each in known.items() if f"--{name}" in each.option_strings), name)
    try:
        if name not in known:
            raise RequestError(_unknown(name, known))
        shown = text()
        read(name, known[name], shown)
        values[name] = Preference(shown, where)
    except RequestError as error:
        mistakes.append(f"{where}: {printable(str(error))}")


def read(name: str, action: argparse.Action, text: str) -> Any:
    """The value that a text stands for, as the command line has it; `RequestError` where none."""
    if any(each.name == name for each in settings()):
        return setting(name).read(text)
    if name == "mouse":
        if text not in ("on", "off"):
            raise RequestError(f"mouse must be on or off; not {_brief(text)!r}")
        return text == "on"
    try:
        value = action.type(text) if callable(action.type) else text
    except argparse.ArgumentTypeError as error:
        raise RequestError(f"{name} {error}") from None
    if action.choices is not None and value not in action.choices:
        raise RequestError(f"{name} is one of {', '.join(action.choices)}; not {_brief(text)!r}")
    return value


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    from difflib import get_close_matches

    if name in _OF_ONE_RUN:
        return f"{name} belongs to one run; give it on the command line"
    near = get_close_matches(name, known, 1)
    advice = f"did you mean {near[0]}?" if near else "nn-tui config lists what there is"
    return f"there is no option {_brief(name)!r}; {advice}"


def _content(path: Path, mistakes: list[str]) -> dict[str, Any]:
    try:
        with reading(path):
            if not path.exists():
                if path.is_symlink():
                    raise RequestError(f"{path}: is a link that leads to no file")
                return {}
            if not path.is_file():
                raise RequestError(f'{path}: is no file; a file has lines such as theme = "dark"')
            with path.open("rb") as file:
                text = file.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise RequestError(f"{path}: is larger than 1 MB; options take a few lines")
        return _parsed(text, path)
    except RequestError as error:
        mistakes.append(str(error))
    except ValueError:  # of a number with more digits than Python reads
        mistakes.append(f"{path}: is not TOML: {_TOO_LONG}")
    return {}


def _parsed(text: bytes, path: Path) -> dict[str, Any]:
    import tomllib  # a start without a file doesn't wait for it

    try:
        return tomllib.loads(text.decode("utf-8"))
    except UnicodeDecodeError:
        raise RequestError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        reason = printable(str(error))
        raise RequestError(f'{path}: is not TOML: {reason}; as in theme = "dark"') from None
    except RecursionError:
        raise RequestError(f"{path}: is nested too deeply; options are single values") from None


def _as_text(value: Any) -> str:
    """A TOML value as a person types it on the command line."""
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        return ",".join(_as_text(part) for part in value)
    if isinstance(value, bool | str | int):
        try:
            return show(value)
        except ValueError:  # of a number written in hexadecimal, which may be of any length
            raise RequestError(_TOO_LONG) from None
    if isinstance(value, float) and not math.isnan(value):
        return "max" if value == math.inf else repr(value)
    raise RequestError(f"a value is a text, a number, true or false; not {_brief(value)}")


def _brief(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list of them"
    return "a number" if isinstance(value, int) else printable(str(value))[:40]


def _line_of(path: Path, name: str) -> str:
    """Where in the file a name stands, as ", line 3"; tomllib doesn't tell."""
    pattern = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*[=.\]]")
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return ""
    found = (number for number, line in enumerate(lines, 1) if pattern.match(line.lstrip(" [")))
    number = next(found, None)
    return f", line {number}" if number else ""


def described(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, str]]:
    """Each option that can be preferred: its name, its default as text, what it is about."""
    for name, action in options(parser).items():
        default = SCREEN_DEFAULTS[name] if name in SCREEN_DEFAULTS else setting(name).default
        about = (action.help or "").partition(" (default:")[0]
        yield name, show(default), f"off: {about}" if action.const is False else about
