"""A note beside a save: what was done to a run since, small enough to be written at once.

It names its save by the checksum.  Read together they are the save of the run as it stood then: of
what the save spares the replay, all up to the first thing that is another holds.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from nn_core.run.events import Event
from nn_core.run.keyframes import Keyframe
from nn_core.run.timeline import Timeline
from nn_core.storage.session_events import describe_events

FORMAT, VERSION = "nn-tui note", 1
_FIELDS = ("common", "valid", "events", "steps", "position", "viewed", "point")


@dataclass(frozen=True, eq=False)
class Base:
    """A save that notes can be made to: its checksum, and how far the run had got by then."""

    checksum: str
    first: Keyframe
    events: tuple[Event, ...]
    steps: int


def describe_lived(timeline: Timeline, since: int = 0) -> dict[str, Any]:
    """What was done, but for the first events, and how far it got, as a session file says it."""
    chosen = {"chosen": timeline.chosen.to_dict()} if timeline.chosen is not None else {}
    return {
        "events": describe_events(timeline.events[since:]),
        "steps": len(timeline.history),
        "position": {"step": timeline.state.step, "phase": timeline.state.phase},
        "viewed": {name: timeline.config.to_dict()[name] for name in timeline.viewed},
        "point": timeline.point,
        **chosen,
    }


def digest(content: Mapping[str, Any]) -> str:
    """The checksum of what a file says."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def note(base: Base, timeline: Timeline) -> bytes | None:
    """What was done since the save; None where the run has begun anew and needs another.

    What runs are kept beside it, the next save tells.
    """
    if timeline.first is not base.first:
        return None
    events = timeline.events
    same = takewhile(lambda pair: pair[0] == pair[1], zip(base.events, events, strict=False))
    common = sum(1 for _ in same)
    others = [rest[0].step for rest in (base.events[common:], events[common:]) if rest]
    said = {
        "format": FORMAT,
        "version": VERSION,
        "save": base.checksum,
        "common": common,
        "valid": min(base.steps, len(timeline.history), *others),
        **describe_lived(timeline, common),
    }
    return json.dumps({**said, "checksum": digest(said)}).encode()


def with_note(said: Mapping[str, Any], checksum: str, path: Path) -> dict[str, Any]:
    """What a session says, and the note at this path where it is whole and belongs to it."""
    try:
        found = json.loads(path.read_bytes())
        if found.pop("checksum") != digest(found) or found["save"] != checksum:
            return {**said}
        if (found["format"], found["version"]) != (FORMAT, VERSION):
            return {**said}
        common, valid, events, steps, position, viewed, point = (found[name] for name in _FIELDS)
        past = said.get("past", {})
        if past:
            past = {
                **past,
                "keyframes": [each for each in past["keyframes"] if each["step"] <= valid],
                "recorded": said["steps"],
                "valid": valid,
            }
        return {
            **said,
            "events": said["events"][:common] + events,
            "steps": steps,
            "position": position,
            "viewed": viewed,
            "point": point,
            "chosen": found.get("chosen", {}),
            "past": past,
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {**said}  # there is none, or it is damaged: the save stands
