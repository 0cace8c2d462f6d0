"""The session file: a run as its Config and what was done to it at which step, as readable JSON.

Opening one replays it to the same bits; one that is to be resumed also holds some keyframes, and
goes on from the newest (see `session_past`).  The file is of one version and carries a checksum of
what it says; whoever edits it by hand takes the line "checksum" out.  Data that the Config alone
doesn't lead to is embedded; of a large file it is the path and the SHA-256 hash.  A start that the
Config alone doesn't lead to, as parameters from a file or from Python, is embedded.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints
from weakref import WeakKeyDictionary

import numpy as np

from nn_core.config import Config
from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.limits import NO_LIMITS, Limits
from nn_core.data.dataset import Dataset
from nn_core.disk import read_whole
from nn_core.errors import RequestError
from nn_core.run.chosen import Chosen
from nn_core.run.events import Event
from nn_core.run.kept import End
from nn_core.run.keyframes import Keyframe
from nn_core.run.timeline import Timeline
from nn_core.storage.kept_runs import NOTE
from nn_core.storage.plain_json import (
    DamagedError,
    brief,
    fits,
    in_one_line,
    members,
    number,
    parsed,
    require_names,
)
from nn_core.storage.session_data import describe_data, file_stamp, read_data
from nn_core.storage.session_events import read_events
from nn_core.storage.session_fields import LEFT_OUT, MOST_STEPS, require_fields
from nn_core.storage.session_kept import describe_kept
from nn_core.storage.session_note import Base, describe_lived, digest, with_note
from nn_core.storage.session_past import ROOM, describe_past, describe_validation, loss_at, take_up
from nn_core.storage.session_start import assign_start, describe_start
from nn_core.training.start import build_model
from nn_core.training.trainer import Trainer

_HEAD = ("format", "version", "checksum")
FORMAT, VERSION = "nn-tui session", 2
_BEGINNING = ("config", "data", "start")
CHUNK = 4096  # steps between two looks at whether to go on
LARGEST_FILE = 1_000_000_000  # bytes


class DamagedSessionError(RequestError):
    """A file is no session file, or no longer the one that was written."""


@dataclass(frozen=True, eq=False)
class Session:
    """What a session file says, found to be in order but not replayed yet.

    `steps` is how far the run got, `step` and `phase` where in it it stood; `viewed` are the
    settings there that training doesn't look at; `past` is empty, or spares the replay.  `point`
    is the row of the data that was looked at, `chosen` what else was; `kept` are the runs that were
    kept beside it.
    """

    path: Path
    config: Config
    data: Dataset
    start: Mapping[str, Any]
    events: tuple[Event, ...]
    steps: int
    step: int
    phase: int
    viewed: Mapping[str, Any]
    past: Mapping[str, Any]
    point: int = 0
    chosen: Chosen | None = None
    kept: "tuple[KeptSession, ...]" = ()

    @property
    def is_begun(self) -> bool:
        """Whether a step was taken or something moved by hand, as `Timeline.is_begun` says it."""
        return self.steps > 0 or bool(self.kept) or any(e.kind != "set" for e in self.events)


@dataclass(frozen=True, eq=False)
class KeptSession:
    """What a session file says of a run that was kept; its `run` goes to its last step."""

    number: int
    start: int
    end: End | None
    run: Session


@dataclass(frozen=True)
class Outline:
    """What a session file says at a glance: where it stood, and whether anything was done."""

    experiment: str
    step: int
    is_begun: bool
    loss: float | None  # that of the step before, where it is recorded
    kept: int = 0


def open_session(path: Path | str) -> Timeline:
    """The run of a session file, where it stood; `RequestError` in one line where it can't be."""
    return replay(read(Path(path)))


# --- writing --------------------------------------------------------------------------------------


def dumps(timeline: Timeline, resumable: bool = False) -> str:
    """A run as the text of a session file; `RequestError` where it can't be stored.

    With `resumable` it holds keyframes too.  What says how the run began is worked out once: the
    next text of the same run costs what was done since.
    """
    return compose(timeline, resumable)[0]


def compose(timeline: Timeline, resumable: bool) -> tuple[str, Base]:
    """The text that `dumps` makes, and what notes can be made to afterwards."""
    steps = len(timeline.history)
    if steps > MOST_STEPS:
        raise RequestError(f"a run of more than {MOST_STEPS:,} steps is too long to be replayed")
    start, start_digest = _beginning(timeline.first, file_stamp(timeline.first.config))
    rest = describe_lived(timeline)
    if resumable:
        rest["past"] = describe_past(timeline.history, timeline.newest_keyframes(ROOM))
    elif len(timeline.history.validation):
        rest["validation_losses"] = describe_validation(timeline.history)
    if timeline.kept:
        data = timeline.first.data
        rest["kept"] = [describe_kept(kept, data, resumable) for kept in timeline.kept]
    checksum = _checksum(start_digest, digest(rest))
    head = {"format": FORMAT, "version": VERSION, "checksum": checksum}
    text = "{\n" + ",\n".join([members(head), start, members(rest)]) + "\n}\n"
    return text, Base(checksum, timeline.first, tuple(timeline.events), steps)


_Stamp = tuple[int, int] | None
_beginnings: WeakKeyDictionary[Keyframe, tuple[_Stamp, str, str]] = WeakKeyDictionary()


def _beginning(first: Keyframe, stamp: _Stamp) -> tuple[str, str]:
    """The part of the text that says how a run began, and its digest.

    Both are kept as long as the run, for its data file as it was at this stamp.
    """
    known = _beginnings.get(first)
    if known is None or known[0] != stamp:
        content = {
            "config": first.config.to_dict(),
            "data": describe_data(first.config, first.data),
            "start": describe_start(first),
        }
        known = _beginnings[first] = stamp, members(content), digest(content)
    return known[1:]


def _checksum(start: str, rest: str) -> str:
    return hashlib.sha256((start + rest).encode()).hexdigest()


# --- reading --------------------------------------------------------------------------------------


def read(path: Path) -> Session:
    """Read a session file, with the note beside it, and check what it says, without replaying it.

    Raises `RequestError` with one clear line where it is damaged, of another version, or its data
    can't be had.
    """
    said = _said(path)
    try:
        return _session(path, said)
    except RequestError as error:
        raise RequestError(f"{path}: {in_one_line(error)}") from None
    except (ValueError, RecursionError) as error:
        raise _damaged(path, error) from None


def loads(text: str) -> Session:
    """The session of a text that `dumps` made."""
    said = {name: part for name, part in json.loads(text).items() if name not in _HEAD}
    return _session(Path("this run"), {**LEFT_OUT, **said})


def outline(path: Path) -> Outline:
    """What a session file says at a glance; its data and its events aren't looked at.

    Raises `RequestError` where it is damaged or of another version.
    """
    said = _said(path)
    try:
        require_fields(said)
        config, step = _config(said["config"]), said["position"]["step"]
        loss = loss_at(said["past"], said["steps"], step)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, error) from None
    moved = any(isinstance(each, dict) and each.get("kind") != "set" for each in said["events"])
    kept = len(said["kept"])
    return Outline(config.experiment, step, moved or said["steps"] > 0 or kept > 0, loss, kept)


def _damaged(path: Path, error: BaseException) -> DamagedSessionError:
    return DamagedSessionError(f"{path}: the file is damaged: {in_one_line(error)}")


def _said(path: Path) -> dict[str, Any]:
    """What a session file says, as JSON has it, once its version and its checksum are right.

    With what was done since, where it is a run's own save and that stands in the note beside it.
    """
    content = _read_json(path)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise DamagedSessionError(f"{path}: this is not a session file of nn-tui")
    if content.get("version") != VERSION or type(content["version"]) is not int:
        raise RequestError(
            f"{path}: this is a session file of version {brief(content.get('version'))}; "
            f"this program reads version {VERSION}"
        )
    said = {name: part for name, part in content.items() if name not in ("format", "version")}
    checksum = said.pop("checksum", None)
    if checksum is not None and checksum != _checksum_of(said):
        raise DamagedSessionError(
            f"{path}: the file is damaged: its checksum is another "
            "(if it was edited on purpose, take the checksum out)"
        )
    said = {**LEFT_OUT, **said}
    return with_note(said, checksum, path.with_name(NOTE)) if checksum is not None else said


def _checksum_of(said: Mapping[str, Any]) -> str:
    beginning = {name: part for name, part in said.items() if name in _BEGINNING}
    rest = {name: part for name, part in said.items() if name not in _BEGINNING}
    return _checksum(digest(beginning), digest(rest))


def _read_json(path: Path) -> Any:
    content = read_whole(path, LARGEST_FILE)
    try:
        return parsed(content.decode())
    except (ValueError, RecursionError):
        raise DamagedSessionError(f"{path}: this is not a session file, or it is damaged") from None


def _session(path: Path, said: Mapping[str, Any]) -> Session:
    require_fields(said)
    config, steps, position = _config(said["config"]), said["steps"], said["position"]
    data = read_data(path, config, said["data"])
    viewed = _config({**said["config"], **said["viewed"]})
    return Session(
        path,
        config,
        data,
        said["start"],
        tuple(read_events(said["events"], steps)),
        steps,
        position["step"],
        position["phase"],
        {name: getattr(viewed, name) for name in said["viewed"]},
        said["past"],
        said["point"],
        Chosen.of(said["chosen"]),
        tuple(_kept(path, entry, data) for entry in said["kept"]),
    )


_KEPT = {"end": list | None, "config": dict, "start": dict, "events": list} | dict.fromkeys(
    ("number", "from", "steps"), int
)


def _kept(path: Path, said: Any, data: Dataset) -> KeptSession:
    """A run that was kept; where nothing else is said it is on the same data as the run itself."""
    if not isinstance(said, dict):
        raise DamagedError(f"a kept run can’t be {brief(said)}")
    optional = {"data": dict | None, "past": dict}
    wanted = {name: kind for name, kind in optional.items() if name in said}
    require_names(said, "a kept run", {**_KEPT, **wanted})
    config, steps, end = _config(said["config"]), said["steps"], said["end"]
    if not 0 <= said["from"] < steps <= MOST_STEPS or said["number"] < 1:
        raise DamagedError(
            f"no kept run has the steps from {brief(said['from'])} to {brief(steps)}"
        )
    ended = None if end is None else tuple(map(number, end))
    if not fits(ended, tuple[float, float | None] | None):
        raise DamagedError(f"end can’t be {brief(end)}")
    if "data" in said:
        data = read_data(path, config, said["data"])
    events = tuple(read_events(said["events"], steps))
    past = said.get("past", {})
    run = Session(path, config, data, said["start"], events, steps, steps, 0, {}, past)
    return KeptSession(said["number"], said["from"], End(*ended) if ended else None, run)


def _config(values: Mapping[str, Any]) -> Config:
    hints = get_type_hints(Config)
    for name, value in values.items():
        found = tuple(value) if isinstance(value, list) else value
        unlimited = (name, value) == ("pace", "max")
        if name in hints and not unlimited and not fits(found, hints[name]):
            raise DamagedError(f"{name} can’t be {brief(value)}")
    try:
        config = Config.from_dict(values)
    except RequestError as error:
        raise DamagedError(str(error)) from None
    if config.experiment not in EXPERIMENTS:
        raise DamagedError(f"there is no experiment {brief(config.experiment)}")
    return config


# --- replaying ------------------------------------------------------------------------------------


def replay(
    session: Session, goes_on: Callable[[], bool] = lambda: True, limits: Limits = NO_LIMITS
) -> Timeline:
    """Replay a session, as far as it needs that, to the bits that it was saved with.

    `goes_on` is asked now and then whether to; `RequestError` where not, and where the file asks
    for what can't be done.  A run whose start or length is beyond the `limits` isn't replayed; the
    timeline is bound to them by those who go on with it.
    """
    path = session.path
    for run in (session, *(kept.run for kept in session.kept)):
        limits.require(run.config.replace(**run.viewed), *run.data.extent)
        limits.require_step(run.steps)
    try:
        with np.errstate(all="ignore"):
            timeline = _rebuilt(session, goes_on)
            timeline.seek(session.step, session.phase)
            if session.viewed.keys() | {"patience"} != timeline.viewed.keys():  # older ones lack it
                raise DamagedError(f"viewed should hold {', '.join(timeline.viewed)}")
            for name, value in session.viewed.items():
                timeline.do("set", name=name, value=value)
            timeline.point = min(max(0, session.point), timeline.trainer.data.rows - 1)
            timeline.chosen = session.chosen
            for kept in session.kept:
                found = _rebuilt(kept.run, goes_on).as_kept(kept.start)
                timeline.kept.add(replace(found, number=kept.number, end=kept.end))
    except (ArithmeticError, LookupError, TypeError, ValueError, MemoryError) as error:
        # What a file from elsewhere asks for can fail in any of these ways.
        reason = in_one_line(error) or type(error).__name__
        raise RequestError(f"{path}: can’t be replayed: {reason}") from None
    return timeline


def _rebuilt(session: Session, goes_on: Callable[[], bool]) -> Timeline:
    """The run of a session, with all of its record; wherever it stands."""
    config, data = session.config, session.data
    trainer = Trainer.of(build_model(config, data), data, config)
    assign_start(trainer.state, session.start)
    timeline = Timeline(trainer)
    if session.past:
        take_up(timeline, session.steps, session.events, session.past)
    else:
        timeline.events.extend(session.events)
    while len(timeline.history) < session.steps and not timeline.divergence:
        if not goes_on():
            raise RequestError("it was left off")
        timeline.advance(min(CHUNK, session.steps - timeline.state.step))
    if timeline.divergence:
        reached = timeline.divergence.step
        raise DamagedError(f"training diverges at step {reached} of {session.steps}")
    return timeline
