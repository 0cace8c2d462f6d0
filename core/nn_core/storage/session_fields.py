"""What a session file has to say, and what it leaves out where there is nothing to say."""

from collections.abc import Mapping
from typing import Any

from nn_core.storage.plain_json import DamagedError, brief, require_names
from nn_core.training.state import PHASES

MOST_STEPS = 1_000_000_000  # replaying more would take hours
LEFT_OUT = {"past": {}, "kept": [], "point": 0, "chosen": {}, "validation_losses": []}


def require_fields(said: Mapping[str, Any]) -> None:
    """Raise `DamagedError` where a session says other things than it should, or in another way."""
    require_names(
        said,
        "the file",
        {
            "config": dict,
            "data": dict | None,
            "start": dict,
            "events": list,
            "steps": int,
            "position": dict,
            "viewed": dict,
            "past": dict,
            "kept": list,
            "point": int,
            "chosen": dict,
            "validation_losses": list,  # for readers: replaying measures them again
        },
    )
    steps, position = said["steps"], said["position"]
    require_names(position, "position", {"step": int, "phase": int})
    if not 0 <= steps <= MOST_STEPS:
        raise DamagedError(f"steps are from 0 to {MOST_STEPS:,}; not {brief(steps)}")
    if not 0 <= position["step"] <= steps or not 0 <= position["phase"] < len(PHASES):
        raise DamagedError(f"the position {brief(position)} is not within {steps} steps")
