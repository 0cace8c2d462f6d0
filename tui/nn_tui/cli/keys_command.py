"""`nn-tui keys`: every key that is in force, with the name that the config file has for it."""

import os
import sys
from collections.abc import Sequence

from nn_tui.cli.parser import Parser, build_parser
from nn_tui.cli.preferences import read_preferences
from nn_tui.keys import GROUPS, in_group
from nn_tui.keys.in_force import put_in_force, shown_as
from nn_tui.options import config_path


def run(arguments: Sequence[str]) -> int:
    """Print the keys by their groups; name what is wrong in the file."""
    Parser(
        prog="nn-tui keys",
        description="Print the keys in force. In the config file [keys] gives them others, by "
        'their names: step = "s,f5"; or preset = "vi".',
    ).parse_args(arguments)
    found = read_preferences(build_parser(), os.environ)
    put_in_force(found.keys)
    print(f"file: {config_path(os.environ)}")
    for group, title in GROUPS.items():
        print(f"\n{title}")
        for each in in_group(group):
            keys = " ".join(map(shown_as, each.keys.split(",")))
            print(f"  {each.name:<15} {keys:<12} {each.about}")
    for mistake in found.mistakes:
        print(f"nn-tui: {mistake}", file=sys.stderr)
    return 2 if found.mistakes else 0
