"""`nn-tui serve`: the program in browsers, a kiosk of its own for each visitor."""

import importlib.util
import sys
from collections.abc import Sequence

from nn_core.errors import RequestError
from nn_tui.cli.parser import Parser

INSTALL = "pip install 'nn-tui[web]'"
HOST, PORT, VISITORS = "127.0.0.1", 8000, 10
MOST_VISITORS = 1000


def run(arguments: Sequence[str]) -> int:
    """Serve until it is told to end; the exit code."""
    parser = Parser(
        prog="nn-tui serve",
        usage="nn-tui serve [EXPERIMENT] [options of nn-tui] [--host H] [--port P] [--visitors N]",
        description="Show the program in browsers: each visitor has a kiosk that keeps nothing.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--host", default=HOST, metavar="ADDRESS",
        help=f"where to listen; 0.0.0.0 is for all who reach this machine (default: {HOST})",
    )  # fmt: skip
    parser.add_argument(
        "--port", default=str(PORT), help=f"there (default: {PORT}; 0: any that is free)"
    )
    parser.add_argument(
        "--visitors", default=str(VISITORS), metavar="N",
        help=f"most at once; the next is told so (default: {VISITORS})",
    )  # fmt: skip
    found, others = parser.parse_known_args(arguments)
    port = _number("--port", found.port, 0, 65535)
    visitors = _number("--visitors", found.visitors, 1, MOST_VISITORS)
    _require_for_a_kiosk(others)
    if importlib.util.find_spec("textual_serve") is None:
        raise RequestError(f"serve needs what browsers are served with: {INSTALL}")
    from nn_tui.cli.web_server import serve

    command = [sys.executable, "-P", "-m", "nn_tui", *others, "--kiosk", "browser"]
    return serve(command, found.host, port, visitors)


def _require_for_a_kiosk(arguments: Sequence[str]) -> None:
    """`RequestError` for what each visitor's process would refuse."""
    from nn_tui.cli.command_line import parse
    from nn_tui.kiosk import process

    if process.is_asked_for(arguments):
        raise RequestError("serve gives each visitor a kiosk; --kiosk needs not be said")
    process.require_bounds()
    parse([*arguments, "--kiosk", "browser"])


def _number(name: str, text: str, least: int, most: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    if not least <= number <= most:
        shown = repr(text[:40])
        raise RequestError(f"{name} must be a whole number from {least} to {most}; not {shown}")
    return number
