"""The runs that were kept beside the run of a session file, as the file says them."""

from typing import Any
from weakref import WeakKeyDictionary

from nn_core.data.datasets import Dataset
from nn_core.run.kept import KeptCurve
from nn_core.storage.plain_json import plain
from nn_core.storage.session_data import describe_data
from nn_core.storage.session_events import describe_events
from nn_core.storage.session_past import ROOM, describe_past
from nn_core.storage.session_start import describe_start

_kept_runs: WeakKeyDictionary[KeptCurve, tuple[bool, dict[str, Any]]] = WeakKeyDictionary()


def describe_kept(kept: KeptCurve, data: Dataset, resumable: bool) -> dict[str, Any]:
    """A kept run beside a run on this `data`; worked out once, but for its end."""
    known = _kept_runs.get(kept)
    if known is None or known[0] != resumable:
        first = kept.first
        content = {
            "number": kept.number,
            "from": kept.start,
            "config": first.config.to_dict(),
            "start": describe_start(first),
            "events": describe_events(kept.events),
            "steps": kept.steps,
        }
        if first.data is not data:
            content["data"] = describe_data(first.config, first.data)
        if resumable:
            small = [frame for frame in kept.frames if frame.bytes <= ROOM]
            content["past"] = describe_past(kept.history, small)
        known = _kept_runs[kept] = resumable, content
    return {**known[1], "end": kept.end and plain([kept.end.loss, kept.end.validation])}
