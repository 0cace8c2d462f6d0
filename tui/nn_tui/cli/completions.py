"""What makes a shell complete the options: shtab's script over the parser.

Names that change from folder to folder, session files and tables of data, are asked of the program
itself, by `nn-tui --completions experiments` and `--completions data`.
"""

import argparse
from pathlib import Path
from typing import Any

from nn_core.config import LISTED_DATA, settings
from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import RequestError
from nn_tui.cli.parser import COMMANDS
from nn_tui.importing import import_without

SHELLS = ("bash", "zsh", "fish")
_FILES = ("load", "save", "lessons")


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script for a shell, or the names of a kind, a line each."""
    if shell in _NAMES:
        return "\n".join(_NAMES[shell]())
    if shell not in SHELLS:
        raise RequestError(f"--completions is for {', '.join(SHELLS)}; not {shell!r}")
    shtab = _import_shtab()
    choices = {each.name: each.choices for each in settings() if each.choices}
    choices["completions"] = SHELLS
    completed_by = dict.fromkeys(_FILES, shtab.FILE)
    completed_by["experiment"] = shtab.cmd("nn-tui --completions experiments")
    completed_by["data"] = shtab.cmd("nn-tui --completions data")
    for action in parser._actions:  # argparse has no public list of them
        if action.dest in choices:
            action.choices = choices[action.dest]
        elif action.dest in completed_by:
            action.complete = completed_by[action.dest]  # type: ignore[attr-defined]  # shtab's own
    completed: str = shtab.complete(parser, shell=shell)
    return completed


def _import_shtab() -> Any:
    """The library, for a script alone: names are asked for at each press of tab.

    It asks the packages installed which version it is, for which half of its start goes.
    """
    return import_without(
        "shtab", "importlib.metadata", version=str, PackageNotFoundError=LookupError
    )


def _experiments() -> list[str]:
    return [*EXPERIMENTS, *COMMANDS, *_here("*.json"), *_tables()]


def _data() -> list[str]:
    return [*LISTED_DATA, *_tables()]


def _tables() -> list[str]:
    return [*_here("*.csv"), *_here("*.csv.gz")]


def _here(pattern: str) -> list[str]:
    return sorted(each.name for each in Path().glob(pattern) if each.is_file())


_NAMES = {"experiments": _experiments, "data": _data}
