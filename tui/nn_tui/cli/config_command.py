"""`nn-tui config`: which preferences are in force, where they come from, a file to begin with."""

import os
import sys
from collections.abc import Sequence

from nn_core.disk import exists, write_atomically
from nn_core.errors import RequestError
from nn_tui.cli.parser import Parser, build_parser
from nn_tui.cli.preferences import described, read_preferences
from nn_tui.options import config_path


def run(arguments: Sequence[str]) -> int:
    """Print what is in force, or write a file with every option commented out."""
    parser = Parser(
        prog="nn-tui config",
        description="Print where the config file is and which preferences are in force.",
    )
    parser.add_argument(
        "--write", action="store_true", help="write a config file with every option commented out"
    )
    if parser.parse_args(arguments).write:
        return _write()
    return _print()


def _print() -> int:
    path = config_path(os.environ)
    options = build_parser()
    found = read_preferences(options, os.environ)
    state = "" if exists(path) else "  (there is none; nn-tui config --write makes one)"
    print(f"file: {path}{state}\n")
    rows = [
        (name, value.text, value.source)
        if (value := found.values.get(name))
        else (name, default, "")
        for name, default, _ in described(options)
    ]
    wide = max(len(name) for name, _, _ in rows)
    for name, text, source in rows:
        print(f"{name:<{wide}}  {text or '–':<14}  {source or 'default, or the experiment’s'}")
    for mistake in found.mistakes:
        print(f"nn-tui: {mistake}", file=sys.stderr)
    return 2 if found.mistakes else 0


def _write() -> int:
    path = config_path(os.environ)
    if exists(path):
        raise RequestError(f"{path}: there is one already; move it away to write another")
    lines = [
        "# nn-tui reads this file at each start.  Take the # from a line to set it.",
        "# The command line and the environment (NN_TUI_THEME=dark) come before it.",
        "",
    ]
    for name, default, about in described(build_parser()):
        number = default.replace(".", "", 1).replace("e-", "", 1).isdigit()
        value = default if number else f'"{default}"'
        lines += [f"# {about}", f"# {name} = {value}", ""]
    lines += [
        '# Keys by their names, which nn-tui keys lists; preset = "vi" adds j k h l and others.',
        "# [keys]",
        '# step = "s,f5"',
    ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RequestError(f"{path.parent}: can’t be made: {error.strerror}") from None
    write_atomically(path, ("\n".join(lines) + "\n").encode())
    print(f"written: {path}")
    return 0
