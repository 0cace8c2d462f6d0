"""The options of the command line, as argparse has them: most are the Config's fields."""

import argparse
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from nn_core import __version__
from nn_core.config import CONSTANTS, Setting, settings, show
from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import RequestError
from nn_core.storage.forms import FORMS


class Command(NamedTuple):
    """A first word that is no experiment.

    `run(arguments)` of its module gives the exit code, or the arguments to open the screen with.
    """

    module: str
    about: str


COMMANDS = {
    "lesson": Command(
        "nn_tui.cli.lesson_command", "the list of lessons, or lesson N; new, check, report"
    ),
    "cards": Command("nn_tui.cli.cards_command", "questions of the lessons, when they are due"),
    "config": Command("nn_tui.cli.config_command", "the preferences in force, and their file"),
    "keys": Command("nn_tui.cli.keys_command", "the keys in force, by their names"),
    "serve": Command("nn_tui.cli.serve_command", "in browsers, a kiosk for each visitor"),
}
# Which of the Config's fields are options, and under what other names.
_ALIASES = {"learning_rate": ("--lr",)}
_GROUPS = {
    "data": (
        *("data", "rows", "noise", "x", "y", "drop", "features", "missing", "scale"),
        *("validation", "test", "test_column", "data_seed"),
    ),
    "network": ("hidden", "activation", "init", "seed", "dtype"),
    "training": (
        "loss",
        "class_weight",
        "l1",
        "l2",
        "optimizer",
        *CONSTANTS,
        "clip",
        "learning_rate",
        "schedule",
        "epochs",
        "patience",
        "batch_size",
        "shuffle",
    ),
    "weights": ("load", "load_partial", "freeze"),
    "screen": ("pace",),
}


class Parser(argparse.ArgumentParser):
    """Complains in one line, and without the usage above it."""

    def error(self, message: str) -> NoReturn:
        """Raise `RequestError`."""
        raise RequestError(f"{message} ({self.prog} --help lists what there is)")


class _Version(argparse.Action):
    """Prints the version; argparse's own action would break the line where the terminal ends."""

    def __call__(self, parser: argparse.ArgumentParser, *rest: Any) -> NoReturn:
        print(f"nn-tui {__version__}")
        parser.exit()


class _Completions(argparse.Action):
    """Prints a script for a shell, or the names that such a script asks for."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: Any, shell: Any, *rest: Any
    ) -> NoReturn:
        from nn_tui.cli import completions  # and with it shtab, which no other run needs

        print(completions.script(parser, shell))
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """The parser of everything but the commands; an option that isn't given is None."""
    parser = Parser(
        prog="nn-tui",
        allow_abbrev=False,
        description="A laboratory in a terminal: one keypress is one step of gradient descent.",
        epilog="Experiments:\n"
        + "\n".join(f"  {name:<20}{found.about}" for name, found in EXPERIMENTS.items())
        + "\n\nCommands (each with --help):\n"
        + "\n".join(f"  {name:<20}{command.about}" for name, command in COMMANDS.items())
        + "\n\nOn the screen, ? tells the keys. Exit codes: 0 done; 1 the run diverged (--plain,"
        "\n--json); 2 the request can’t be carried out; 129, 130, 143 ended by a signal.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "experiment",
        nargs="?",
        metavar="EXPERIMENT",
        help="what to train (default: quadratic), your own FILE.csv, or a session file",
    )
    described = {each.name: each for each in settings()}
    for group_name, names in _GROUPS.items():
        group = parser.add_argument_group(group_name)
        for name in names:
            _add_setting(group, described[name])
        if group_name == "training":
            group.add_argument(
                "--accumulate-gradients",
                action="store_true",
                help="never zero the gradients, as the published lesson does",
            )
        if group_name == "weights":
            group.add_argument(
                "--save",
                type=Path,
                action="append",
                default=[],
                metavar="FILE",
                help="save the run there at the end, once or several times; how the name ends "
                "says as what: "
                + ", ".join(f"{form.suffix} ({form.title})" for form in FORMS)
                + " by w on the screen alone",
            )
        if group_name == "screen":
            _add_screen_options(group)
    lessons = parser.add_argument_group("lessons")
    lessons.add_argument("--lesson", metavar="NAME", help="open this lesson, by name or number")
    add_lessons(lessons)
    output = parser.add_argument_group("without a screen")
    either = output.add_mutually_exclusive_group()
    for kind, about in (
        ("plain", "one line a step, for pipes, logs, dumb terminals and screen readers"),
        ("json", "one JSON object a step, then a summary"),
    ):
        either.add_argument(
            f"--{kind}", dest="output", action="store_const", const=kind, help=about
        )
    output.add_argument(
        "--predict",
        type=Path,
        metavar="FILE.csv",
        help="at the end predict for the rows of this file; --save OUT.csv takes the predictions",
    )
    output.add_argument("--every", type=_from_one, metavar="N", help="a line only every N steps")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on where the last run on the screen stopped, however it ended",
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, help="say which version this is, and exit"
    )
    parser.add_argument(
        "--completions",
        metavar="SHELL",
        action=_Completions,
        help="print what makes this shell (bash, zsh, fish) complete the options, and exit",
    )
    parser.set_defaults(output="screen")
    return parser


def add_lessons(group: Any) -> None:
    """Add the options that say which lessons there are, and in which language."""
    group.add_argument(
        "--lessons", type=Path, action="append", default=[], metavar="FOLDER",
        help="more lessons, beside the course",
    )  # fmt: skip
    group.add_argument("--language", default="", help="of the lessons’ texts, as de")


def _add_setting(group: Any, setting: Setting) -> None:
    flags = [f"--{setting.name.replace('_', '-')}", *_ALIASES.get(setting.name, ())]
    metavar = "|".join(setting.choices) or setting.metavar
    about = setting.about
    defaults = {show(getattr(found.config, setting.name)) for found in EXPERIMENTS.values()}
    default = defaults.pop() if len(defaults) == 1 else "the experiment’s"
    if setting.name in CONSTANTS:
        default = "the optimizer’s"
    about += f" (default: {default})" if default else ""
    group.add_argument(*flags, dest=setting.name, metavar=metavar, help=about)


def _add_screen_options(group: Any) -> None:
    group.add_argument(
        "--theme",
        choices=("auto", "dark", "light"),
        help="colours for a dark or a light background (default: auto)",
    )
    group.add_argument(
        "--markers",
        choices=("auto", "braille", "blocks", "ascii"),
        help="what curves are drawn with (default: what the terminal can show)",
    )
    group.add_argument(
        "--fps", type=_from_one, metavar="N", help="most frames a second (default: 20)"
    )
    group.add_argument(
        "--no-mouse",
        dest="mouse",
        action="store_const",
        const=False,
        help="leave the mouse to the terminal",
    )
    group.add_argument(
        "--kiosk",
        nargs="?",
        const="on",
        choices=("on", "read-only", "browser"),
        metavar="read-only",
        help="for strangers over SSH: no files, bounds on everything; read-only keeps no state "
        "(browser: what nn-tui serve starts for a visitor)",
    )


MOST = 10**9


def _from_one(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST))
    number = int(text) if is_number else 0
    if not 1 <= number <= MOST:
        shown = repr(text[:40])
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {MOST}; not {shown}")
    return number
