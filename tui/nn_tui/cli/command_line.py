"""The command line: its options, which are the Config's fields, and what they make."""

import os
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nn_core import lessons
from nn_core.config import (
    CONSTANTS,
    LISTED_PLANES,
    MADE_DATA,
    NAMED_DATA,
    SHIPPED,
    TARGETS,
    Config,
    setting,
    settings,
)
from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.limits import KIOSK, NO_LIMITS
from nn_core.disk import TABLES, exists, is_file
from nn_core.errors import RequestError
from nn_core.storage.forms import form_of, require_target
from nn_tui.cli.parser import build_parser
from nn_tui.cli.preferences import SCREEN_DEFAULTS, Preferences, options, read, read_preferences
from nn_tui.options import LaunchOptions

_HOLD_BACK = ("validation", "test", "test_column")
_TOLD_BY = ("data", "optimizer", *_HOLD_BACK)  # what tells whether another setting does something
# Within which limits the program is to stay.
_READ_ONLY = replace(KIOSK, files="none")
_LIMITS = {None: NO_LIMITS, "on": KIOSK, "read-only": _READ_ONLY, "browser": _READ_ONLY}


def parse(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> LaunchOptions:
    """Read a command line; `RequestError` with one clear line where it can't be read."""
    parser = build_parser()
    return launch_options(parser, vars(parser.parse_args(arguments)), environment)


def launch_options(
    parser: ArgumentParser, found: dict[str, Any], environment: Mapping[str, str] | None = None
) -> LaunchOptions:
    """What a command line asks for in which the parser has found this.

    What it doesn't say, the preferences in the environment and the config file may; a kiosk reads
    neither.  `RequestError` with one clear line where it can't be.
    """
    preferences = Preferences()
    if not found["kiosk"]:
        preferences = read_preferences(parser, os.environ if environment is None else environment)
    screen = _screen_options(parser, found, preferences)
    name = found.pop("experiment")
    resume = found["resume"]
    if resume and name is not None:
        raise RequestError(f"--resume goes on with the last run; {name} is another")
    if name is not None and name.casefold().endswith(TABLES):
        if found["data"]:
            raise RequestError(
                f"{name} and --data {found['data']} are both data; one is trained on"
            )
        found["data"], name = name, None
    is_named = name is not None
    if name is None:
        name = "mlp" if found["data"] or found["hidden"] else "quadratic"
    if found["kiosk"]:
        _refuse_in_a_kiosk(name, found)
    if name not in EXPERIMENTS and not found["lesson"] and _is_lesson(name):
        found["lesson"], name, is_named = name, "quadratic", False
    if found["lesson"] and found["output"] != "screen":
        lesson = found["lesson"]
        raise RequestError(f"a lesson without a screen is: nn-tui lesson {lesson} --plain")
    is_session = name not in EXPERIMENTS and (name.endswith(".json") or is_file(Path(name)))
    if name not in EXPERIMENTS and not is_session:
        if exists(Path(name)) and not Path(name).is_dir():
            raise RequestError(
                f"{name}: this is not an ordinary file, as a session is; "
                f"rows of data are read by --data {name}"
            )
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
    if found["predict"] is not None:
        if found["output"] == "screen":
            raise RequestError("--predict is for runs without a screen: --plain or --json")
        tables = [path for path in found["save"] if path.suffix == ".csv"]
        if not tables:
            raise RequestError("--predict needs a file to write to, such as --save out.csv")
        if len(tables) > 1:
            raise RequestError(
                f"--predict writes one .csv, the predictions; "
                f"{tables[1]} would be the same (losses are saved without --predict)"
            )
    for path in found["save"]:
        require_target(path)
        if form_of(path).title == "picture":
            raise RequestError(f"--save {path}: a picture of the screen is taken on it, by w")
    if changes.get("data") in MADE_DATA:
        from nn_core.data.datasets import suited  # NumPy too, which not every start needs so early

        changes = suited(changes["data"]) | changes
    limits = _LIMITS[found["kiosk"]]
    preferred = _preferred_settings(name, is_stored, found, preferences)
    config = config.replace(**(preferred | changes))
    limits.require(config)
    return LaunchOptions(
        config=config,
        limits=limits,
        in_browser=found["kiosk"] == "browser",
        output=found["output"],
        every=found["every"] or 1,
        theme=screen["theme"],
        markers=screen["markers"],
        frames_per_second=screen["fps"],
        mouse=screen["mouse"],
        save=tuple(found["save"]),
        predict=found["predict"],
        session=Path(name) if is_session else None,
        overrides=tuple((preferred | changes).items()) if is_stored else (),
        resume=resume,
        loss_is_asked="loss" in changes,
        offers=not (is_named or resume or changes),
        lesson_name=found["lesson"] or "",
        begins_elsewhere=bool(found["lesson"]) and not (is_named or changes),
        lessons=tuple(folder.absolute() for folder in found["lessons"]),
        language=found["language"],
        autosave=limits.files != "none",
        keys=preferences.keys,
        mistakes=preferences.mistakes,
    )


def _is_lesson(name: str) -> bool:
    """Whether the course has a lesson of this name; no lesson is read for that."""
    course = Path(lessons.__file__).parent / "course"
    return any(path.stem.partition("-")[2] == name for path in course.glob("*.toml"))


def _screen_options(
    parser: ArgumentParser, found: dict[str, Any], preferences: Preferences
) -> dict[str, Any]:
    """The options of the screen: as given, as preferred, or as they are by default."""
    known = options(parser)
    chosen = {}
    for name, default in SCREEN_DEFAULTS.items():
        preferred = preferences.values.get(name)
        chosen[name] = found[name]
        if found[name] is None:
            chosen[name] = read(name, known[name], preferred.text) if preferred else default
    return chosen


def _preferred_settings(
    name: str, is_stored: bool, found: dict[str, Any], preferences: Preferences
) -> dict[str, Any]:
    """The settings that are preferred, but for those that this run has no use for."""
    preferred: dict[str, Any] = {}
    for each in settings():
        value = preferences.values.get(each.name)
        if value is None or found[each.name] is not None:
            continue
        wanted = {each.name: each.read(value.text)}
        try:
            if is_stored:
                _refuse_what_a_session_holds(name, wanted)
            else:
                given = {each: found[each] for each in _TOLD_BY if found[each]}
                _refuse_what_would_be_ignored(name, preferred | given | wanted)
        except RequestError:
            continue
        preferred |= wanted
    return preferred


def _refuse_in_a_kiosk(name: str, found: dict[str, Any]) -> None:
    """Raise `RequestError` for what a kiosk has no use for, before any file is looked at."""
    if name not in EXPERIMENTS:
        raise RequestError(f"--kiosk opens no files; experiments are {', '.join(EXPERIMENTS)}")
    for option in ("load", "save", "predict"):
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
                f"--{flag.replace('_', '-')} can’t be given with {name}: "
                "a session file has settings of its own"
            )


def _refuse_what_would_be_ignored(name: str, changes: dict[str, Any]) -> None:
    """Raise `RequestError` for an option that has nothing to act on."""
    if not EXPERIMENTS[name].config.is_network:
        for option in ("hidden", "activation", "init"):
            if option in changes:
                raise RequestError(
                    f"--{option} shapes a network; {name} is none. Try: nn-tui mlp --{option} …"
                )
    if changes.get("load_partial") and not changes.get("load"):
        raise RequestError("--load-partial takes what fits of a file; --load FILE is missing")
    constants = [option for option in CONSTANTS if option in changes]
    if constants:
        from nn_core.optim.optimizers import require_setting  # and with it NumPy

        optimizer = changes.get("optimizer", EXPERIMENTS[name].config.optimizer)
        for option in constants:
            require_setting(optimizer, option)
    base = EXPERIMENTS[name].config
    if changes.get("patience") and not any(
        changes.get(option, getattr(base, option)) for option in _HOLD_BACK
    ):
        raise RequestError(
            "--patience watches the loss on rows held back; --validation 0.2 is missing "
            "(or --test FILE.csv, --test-column COLUMN)"
        )
    data = changes.get("data", base.data)
    made = data in MADE_DATA
    for option, about in (
        ("x", "names columns"),
        ("y", "names columns"),
        ("drop", "names columns"),
        ("missing", "is about cells"),
        ("test_column", "names a column"),
        ("test", "names a file like"),
    ):
        of_file = data not in (NAMED_DATA if option == "test" else MADE_DATA)
        if option in changes and not (of_file and ("data" in changes or data in SHIPPED)):
            raise RequestError(
                f"--{option.replace('_', '-')} {about} of your own data; --data FILE.csv is missing"
            )
    for option in ("rows", "noise"):
        if option in changes and not made:
            raise RequestError(
                f"--{option} is for data made of a function ({', '.join(TARGETS)}) or in the plane "
                f"({', '.join(LISTED_PLANES)}); {data} is neither"
            )
    if "data_seed" in changes and not made and not changes.get("validation", base.validation):
        raise RequestError(
            f"--data-seed draws noise or a validation split; {data} has noise of its own, "
            "and --validation is missing"
        )
