"""What a session file may hold beside its events, so that the run goes on without being replayed.

A few keyframes, the newest and older ones ever further apart, and the record of the steps, thinned
where it is long: the loss plot then shows fewer of them.  Settings, data and shape at a keyframe
are not stored: the events before it tell them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from nn_core.arrays import Array
from nn_core.run.events import Event, Situation, apply
from nn_core.run.history import History, Series
from nn_core.run.keyframes import Keyframe
from nn_core.run.timeline import Timeline
from nn_core.storage.plain_json import (
    DamagedError,
    brief,
    fits,
    packed,
    plain,
    require_names,
    vector,
)
from nn_core.training.start import build_model
from nn_core.training.state import State
from nn_core.training.trainer import Trainer

ROOM = 250_000  # bytes of keyframes; one is stored whatever its size
MOST_RECORDED = 8192  # steps of which the record is stored
_COUNTERS = ("step", "epoch", "position")
_SERIES = ("losses", "gradient_norms", "learning_rates")


def describe_past(history: History, frames: Iterable[Keyframe]) -> dict[str, Any]:
    """The keyframes to go on from, and the record."""
    every, _ = history.losses.thinned(MOST_RECORDED)
    series = {name: getattr(history, name).thinned(MOST_RECORDED)[1] for name in _SERIES}
    steps, losses = history.validation.points()
    return {
        "keyframes": [_describe(frame) for frame in frames],
        "record": {
            "every": every,
            **{name: packed(values) for name, values in series.items()},
            "validation": {"steps": steps.tolist(), "losses": packed(losses)},
        },
    }


def describe_validation(history: History) -> list[Any]:
    """The losses on the rows held back, for readers: [step, loss] each."""
    return [plain([int(at), loss]) for at, loss in zip(*history.validation.points(), strict=True)]


def _describe(frame: Keyframe) -> dict[str, Any]:
    state = frame.state
    return {
        **{name: getattr(state, name) for name in _COUNTERS},
        "events": frame.cursor,
        "parameters": packed(state.parameters),
        "gradient": packed(state.gradient),
        "slots": {name: packed(slot) for name, slot in state.slots.items()},
    }


def take_up(
    timeline: Timeline, steps: int, events: tuple[Event, ...], said: Mapping[str, Any]
) -> None:
    """Let a timeline at its start have lived through these steps and events already."""
    said = {"recorded": steps, "valid": steps, **said}  # a note may say otherwise
    require_names(said, "past", {"keyframes": list, "record": dict, "recorded": int, "valid": int})
    record = _record(said["record"], said["recorded"])
    record.truncate(said["valid"])
    frames: list[Keyframe] = []
    now = Situation(timeline.first.config, timeline.first.data, timeline.first.state.copy())
    cursor = 0
    for entry in said["keyframes"]:
        if not isinstance(entry, dict):
            raise DamagedError(f"a keyframe can’t be {brief(entry)}")
        counters = dict.fromkeys((*_COUNTERS, "events"), int)
        require_names(
            entry, "a keyframe", {**counters, "parameters": str, "gradient": str, "slots": dict}
        )
        if not (frames[-1].state.step if frames else 0) < entry["step"] <= said["valid"]:
            raise DamagedError(f"a keyframe can’t be at step {brief(entry['step'])}")
        if not cursor <= entry["events"] <= len(events):
            raise DamagedError(f"a keyframe can’t come after {brief(entry['events'])} events")
        for event in events[cursor : entry["events"]]:
            now = apply(event, now)  # the numbers are not those of then; all the rest is
        cursor = entry["events"]
        frames.append(Keyframe(_state(now, entry), now.config, now.data, cursor))
    timeline.take_up(events, frames, record)


def loss_at(said: Mapping[str, Any], steps: int, step: int) -> float | None:
    """The loss that was recorded of the last step before this one; None where none was."""
    recorded = said.get("recorded", steps)
    if "record" not in said or not 0 < step <= min(recorded, said.get("valid", steps)):
        return None
    return _record(said["record"], recorded).losses.at(step - 1)


def _state(now: Situation, said: Mapping[str, Any]) -> State:
    state = Trainer.of(build_model(now.config, now.data), now.data, now.config).state
    if said["slots"].keys() != state.slots.keys():
        raise DamagedError(f"a keyframe remembers {brief(list(said['slots']))}")
    state.parameters[:] = _like(state.parameters, said["parameters"], "parameters")
    state.gradient[:] = _like(state.gradient, said["gradient"], "gradient")
    for name, slot in state.slots.items():
        slot[:] = _like(slot, said["slots"][name], name)
    state.step, state.epoch, state.position = (said[name] for name in _COUNTERS)
    if state.epoch < 0 or not 0 <= state.position < now.data.rows:
        raise DamagedError("a keyframe is at no place of its data")
    return state


def _like(array: Array, said: Any, where: str) -> Array:
    if not isinstance(said, str):
        raise DamagedError(f"{where} can’t be {brief(said)}")
    return vector(said, where, array.dtype, array.shape)


def _record(said: Mapping[str, Any], steps: int) -> History:
    require_names(said, "record", {"every": int, **dict.fromkeys(_SERIES, str), "validation": dict})
    every, validation = said["every"], said["validation"]
    if every < 1:
        raise DamagedError(f"every {brief(every)} steps nothing is recorded")
    history = History()
    for name in _SERIES:
        values = vector(said[name], name, float, (-(-steps // every),))
        setattr(history, name, Series.of(steps, every, values))
    require_names(validation, "validation", {"steps": list, "losses": str})
    measured = validation["steps"]
    if not all(fits(step, int) and -1 < step <= steps for step in measured):
        raise DamagedError(f"validation steps can’t be {brief(measured)}")
    losses = vector(validation["losses"], "validation", float, (len(measured),))
    for step, loss in zip(measured, losses.tolist(), strict=True):
        if step <= history.validation.last_step:
            raise DamagedError(f"validation steps can’t be {brief(measured)}")
        history.validation.add(step, loss)
    return history
