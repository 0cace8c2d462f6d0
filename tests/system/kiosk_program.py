"""How the tests run a kiosk: an interpreter that reads no variables, and where the program lies."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import nn_core
import nn_tui

ROOTS = [str(Path(each.__file__ or "").parents[1]) for each in (nn_core, nn_tui)]
_FIRST = f"import sys; sys.path[:0] = {ROOTS!r}; "
_THEN = "from nn_tui.__main__ import main; sys.exit(main(sys.argv[1:]))"
_HANG = (
    "import hashlib; from nn_core.live import requests; requests.KeepCurve.apply = "
    "lambda *_: hashlib.pbkdf2_hmac('sha256', b'', b'', 2**31 - 1); "
)
INTERPRETER = [sys.executable, "-I", "-B", "-c", _FIRST + _THEN]
HANGING = [*INTERPRETER[:-1], _FIRST + _HANG + _THEN]  # once a curve is to be kept


def kiosk(
    home: Path,
    *arguments: str,
    variables: Mapping[str, str] | None = None,
    interpreter: Sequence[str] = INTERPRETER,
) -> list[str]:
    """The command that runs a kiosk with this home, and with these variables besides."""
    settings = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": str(home), **(variables or {})}
    given = [f"{name}={value}" for name, value in settings.items()]
    return ["env", "-i", *given, *interpreter, "--kiosk", *arguments]
