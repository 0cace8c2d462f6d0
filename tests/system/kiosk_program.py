"""How the tests run a kiosk: an interpreter that heeds no variables, and where the program lies."""

import sys
from collections.abc import Mapping
from pathlib import Path

import nn_core
import nn_tui

ROOTS = [str(Path(each.__file__ or "").parents[1]) for each in (nn_core, nn_tui)]
_BEGIN = (
    f"import sys; sys.path[:0] = {ROOTS!r}; "
    "from nn_tui.__main__ import main; sys.exit(main(sys.argv[1:]))"
)
INTERPRETER = [sys.executable, "-I", "-B", "-c", _BEGIN]


def kiosk(home: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> list[str]:
    """The command that runs a kiosk with this home, and with these variables besides."""
    settings = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": str(home), **(variables or {})}
    given = [f"{name}={value}" for name, value in settings.items()]
    return ["env", "-i", *given, *INTERPRETER, "--kiosk", *arguments]
