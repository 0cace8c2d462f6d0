"""What plots over the steps share: their axis, the steps that were undone, and what holds now."""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from nn_core.arrays import Array
from nn_core.explain.comparison import KeptLosses
from nn_core.explain.snapshot import Snapshot
from nn_core.run.history import Envelope as Recorded
from nn_tui.plot.plot import Curve, Envelope, Mark, Points, Shares
from nn_tui.plot.scale import Axis

STEPPED = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)  # hundredths of a power of ten
# Of the kept curves and the twin's, in dots drawn and left out.
DASHES = ((4, 2), (2, 2), (1, 2), (6, 2))
ROLES = ("kept 3", "kept", "kept 2")  # of kept runs by their numbers, from 0 on
AHEAD = (1, 1)  # of the steps that were undone


def last_step(snapshot: Snapshot) -> int:
    """The last step of the run, or of the kept ones that are drawn where they went further.

    Plots that stand over one another all reach so far, for a step to stand in one column of both.
    """
    drawn = snapshot.drawn[: len(DASHES)]
    ends = [int(step[-1]) for each in drawn if len(step := each.envelope.step)]
    return max(snapshot.step, snapshot.tip, *ends)


def role_of(kept: KeptLosses, snapshot: Snapshot) -> str:
    """The colour of a kept run that is drawn: its own, and the same as others come and go."""
    roles: dict[int, str] = {0: "twin"}
    for each in snapshot.drawn:
        order = (ROLES[(each.number + off) % len(ROLES)] for off in range(len(ROLES)))
        taken = roles.values()  # by an older one, where some between them were removed
        roles.setdefault(each.number, next((role for role in order if role not in taken), "kept"))
    return roles[kept.number]


def steps_axis(steps: int) -> Axis:
    """From 0 to a round number of steps, which seldom moves while the curve grows."""
    size = 10 ** max(1, math.ceil(math.log10(max(steps, 1))))
    ends = (size * part / 100 for part in STEPPED)
    return Axis(0, next(end for end in ends if end >= max(steps, 10)))


def apart(mark: Curve | Envelope | Shares | Points, now: int) -> list[Mark]:
    """A mark of the run's own steps: those ahead of now, which are undone, pale and in dots."""
    x = np.asarray(mark.x)
    if not (x > now).any():
        return [mark]
    whole: Any = mark
    names = [name for name in ("x", "y", "low", "high") if hasattr(mark, name)]

    def part(those: Array, **changes: Any) -> Mark:
        arrays = {name: np.asarray(getattr(mark, name))[those] for name in names}
        found: Mark = replace(whole, **arrays, **changes)
        return found

    dots: dict[str, Any] = {}
    match mark:
        case Envelope():
            dots = {"dash": AHEAD, "label": ""}
        case Curve():
            dots = {"every": 2 * mark.every, "label": ""}
    ahead = x > now if isinstance(mark, Points) else x >= now
    return [part(ahead, role="kept", **dots), part(x <= now)]


def with_now(snapshot: Snapshot, curve: Recorded, now: float) -> tuple[Array, Array, Array]:
    """What was recorded of full batches, and what holds now as its last point."""
    if snapshot.steps_per_epoch > 1 or snapshot.step < snapshot.tip:
        return curve.step, curve.low, curve.high
    return (
        np.append(curve.step, snapshot.step),
        np.append(curve.low, now),
        np.append(curve.high, now),
    )
