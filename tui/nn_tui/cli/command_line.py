"""The command line: its options, which are the Config's fields, and what they make."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from nn_core.config import TARGETS, Config, Setting, setting, settings, show
from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.limits import KIOSK, NO_LIMITS
from nn_core.disk import is_file
from nn_core.errors import RequestError
from nn_core.storage.forms import FORMS, form_of, require_target
from nn_tui.options import LaunchOptions

# Within which limits the program is to stay.
_LIMITS = {None: NO_LIMITS, "on": KIOSK, "read-only": replace(KIOSK, files="none")}
# Which of the Config's fields are options, and under what other names.
_ALIASES = {"learning_rate": ("--lr",)}
_GROUPS = {
    "data": ("data", "rows", "noise", "x", "y", "missing", "scale", "validation", "data_seed"),
    "network": ("hidden", "activation", "init", "seed", "dtype"),
    "training": (
        "loss",
        "l1",
        "l2",
        "optimizer",
        "clip",
        "learning_rate",
        "schedule",
        "epochs",
        "batch_size",
        "shuffle",
    ),
    "weights": ("load", "load_partial", "freeze"),
    "screen": ("pace",),
}


class _Parser(argparse.ArgumentParser):
    """Complains in one line, and without the usage above it."""

    def error(self, message: str) -> NoReturn:
        raise RequestError(f"{message} (nn-tui --help lists what there is)")


class _Version(argparse.Action):
    """Prints the version; it is looked up only here, since that takes longer than all the rest."""

    def __call__(self, parser: argparse.ArgumentParser, *rest: Any) -> NoReturn:
        from importlib.metadata import version

        print(f"nn-tui {version('nn-tui')}")
        parser.exit()


def parse(arguments: Sequence[str]) -> LaunchOptions:
    """Read a command line; `RequestError` with one clear line where it can't be read."""
    found = vars(_parser().parse_args(arguments))
    name = found.pop("experiment")
    resume = found["resume"]
    if resume and name is not None:
        raise RequestError(f"--resume goes on with the last run; {name} is another")
    is_named = name is not None
    if name is None:
        name = "mlp" if found["data"] or found["hidden"] else "quadratic"
    if found["kiosk"]:
        _refuse_in_a_kiosk(name, found)
    is_session = name not in EXPERIMENTS and (name.endswith(".json") or is_file(Path(name)))
    if name not in EXPERIMENTS and not is_session:
        known = ", ".join(EXPERIMENTS)
        raise RequestError(f"there is no experiment {name!r}; there are {known}")
    is_stored = is_session or resume
    config = Config() if is_stored else EXPERIMENTS[name].config
    changes: dict[str, Any] = {}
    for each in settings():
        text = found.get(each.name)
        if text is not None:
            changes[each.name] = each.read(text)
    if found["accumulate_gradients"]:
        changes["zero_gradients"] = False
    if is_stored:
        _refuse_what_a_session_holds("--resume" if resume else name, changes)
    else:
        _refuse_what_would_be_ignored(name, changes)
    if found["every"] is not None and found["output"] == "screen":
        raise RequestError(
            "--every thins out what --plain or --json prints; one of them is missing"
        )
    for path in found["save"]:
        require_target(path)
        if form_of(path).title == "picture":
            raise RequestError(f"--save {path}: a picture of the screen is taken on it, by w")
    if changes.get("data") in TARGETS and "noise" not in changes:
        from nn_core.data.functions import (
            TARGETS as FUNCTIONS,  # and with it NumPy, which not every start needs this early
        )

        changes["noise"] = FUNCTIONS[changes["data"]].noise
    limits = _LIMITS[found["kiosk"]]
    config = config.replace(**changes)
    limits.require(config)
    return LaunchOptions(
        config=config,
        limits=limits,
        output=found["output"],
        every=found["every"] or 1,
        theme=found["theme"],
        markers=found["markers"],
        frames_per_second=found["fps"],
        mouse=found["mouse"],
        save=tuple(found["save"]),
        session=Path(name) if is_session else None,
        overrides=tuple(changes.items()) if is_stored else (),
        resume=resume,
        offers=not (is_named or resume or changes),
        autosave=limits.files != "none",
    )


def _refuse_in_a_kiosk(name: str, found: dict[str, Any]) -> None:
    """Raise `RequestError` for what a kiosk has no use for, before any file is looked at."""
    if name not in EXPERIMENTS:
        raise RequestError(f"--kiosk opens no files; experiments are {', '.join(EXPERIMENTS)}")
    for option in ("load", "save"):
        if found[option]:
            raise RequestError(f"--{option} names a file; with --kiosk there are none")
    if found["output"] != "screen":
        raise RequestError(f"--kiosk is for the screen; --{found['output']} has none")


def _refuse_what_a_session_holds(name: str, changes: dict[str, Any]) -> None:
    """Raise `RequestError` for a setting that training looks at: a session has its own."""
    for option in changes:
        if setting(option).effect != "view":
            flag = "accumulate-gradients" if option == "zero_gradients" else option
            raise RequestError(
                f"--{flag.replace('_', '-')} can't be given with {name}: "
                "a session file has settings of its own"
            )


def _refuse_what_would_be_ignored(name: str, changes: dict[str, Any]) -> None:
    """Raise `RequestError` for an option that has nothing to act on."""
    if EXPERIMENTS[name].config.model != "mlp":
        for option in ("hidden", "activation", "init"):
            if option in changes:
                raise RequestError(
                    f"--{option} shapes a network; {name} is none. Try: nn-tui mlp --{option} …"
                )
    if changes.get("load_partial") and not changes.get("load"):
        raise RequestError("--load-partial takes what fits of a file; --load FILE is missing")
    data = changes.get("data", EXPERIMENTS[name].config.data)
    made = data in TARGETS
    for option, about in (
        ("x", "names a column"),
        ("y", "names a column"),
        ("missing", "is about cells"),
    ):
        if option in changes and ("data" not in changes or made):
            raise RequestError(f"--{option} {about} of your own data; --data FILE.csv is missing")
    for option in ("rows", "noise"):
        if option in changes and not made:
            raise RequestError(
                f"--{option} is for data made of a function ({', '.join(TARGETS)}); {data} is none"
            )
    if "data_seed" in changes and not made and not changes.get("validation"):
        raise RequestError(
            f"--data-seed draws noise or a validation split; {data} has noise of its own, "
            "and --validation is missing"
        )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="nn-tui",
        allow_abbrev=False,
        description="A laboratory in a terminal: one keypress is one step of gradient descent.",
        epilog="Experiments:\n"
        + "\n".join(f"  {name:<20}{found.about}" for name, found in EXPERIMENTS.items())
        + "\n\nOn the screen, ? tells the keys. Exit codes: 0 done; 1 the run diverged (--plain,"
        "\n--json); 2 the request can't be carried out; 129, 130, 143 ended by a signal.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "experiment",
        nargs="?",
        metavar="EXPERIMENT",
        help="what to train (default: quadratic), or a session file to go on with",
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
                + ", ".join(f"{form.suffix} ({form.title})" for form in FORMS[:-1]),
            )
        if group_name == "screen":
            _add_screen_options(group)
    output = parser.add_argument_group("without a screen")
    either = output.add_mutually_exclusive_group()
    for kind, about in (
        ("plain", "one line a step, for pipes, logs, dumb terminals and screen readers"),
        ("json", "one JSON object a step, then a summary"),
    ):
        either.add_argument(
            f"--{kind}", dest="output", action="store_const", const=kind, help=about
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
    parser.set_defaults(output="screen")
    return parser


def _add_setting(group: Any, setting: Setting) -> None:
    flags = [f"--{setting.name.replace('_', '-')}", *_ALIASES.get(setting.name, ())]
    metavar = "|".join(setting.choices) or setting.metavar
    about = setting.about
    defaults = {show(getattr(found.config, setting.name)) for found in EXPERIMENTS.values()}
    default = defaults.pop() if len(defaults) == 1 else "the experiment’s"
    about += f" (default: {default})" if default else ""
    group.add_argument(*flags, dest=setting.name, metavar=metavar, help=about)


def _add_screen_options(group: Any) -> None:
    group.add_argument(
        "--theme",
        choices=("auto", "dark", "light"),
        default="auto",
        help="colours for a dark or a light background (default: auto)",
    )
    group.add_argument(
        "--markers",
        choices=("auto", "braille", "blocks", "ascii"),
        default="auto",
        help="what curves are drawn with (default: what the terminal can show)",
    )
    group.add_argument(
        "--fps", type=_from_one, default=20, metavar="N", help="most frames a second (default: 20)"
    )
    group.add_argument(
        "--no-mouse", dest="mouse", action="store_false", help="leave the mouse to the terminal"
    )
    group.add_argument(
        "--kiosk",
        nargs="?",
        const="on",
        choices=("on", "read-only"),
        metavar="read-only",
        help="for strangers over SSH: no files, bounds on everything; read-only keeps no state",
    )


def _from_one(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1; not {text!r}")
    return number
