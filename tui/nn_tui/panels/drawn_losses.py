"""Losses as they are drawn: batches smoothed, what diverged left out, references named below."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nn_core.arrays import Array
from nn_core.run.history import Envelope
from nn_tui.plot.plot import ReferenceLine
from nn_tui.text.roles import Run

PARTS = 30  # of a plot, over one of which at least is averaged
OUT_OF_SIGHT = 1e4  # times the highest loss of the run on show: a kept one that diverged


def smoothed(curve: Envelope, steps_per_epoch: int) -> Array:
    """The losses averaged over an epoch, or over a part of the plot if that is longer.

    Each batch is of other rows, so its loss jumps about what is learned.
    """
    middle = (curve.low + curve.high) / 2
    per_epoch = steps_per_epoch // max(1, curve.width)
    half, count = max(per_epoch, len(middle) // PARTS) // 2, len(middle)
    reaches = (min(half, at, count - 1 - at) for at in range(count))  # alike on both sides
    with np.errstate(all="ignore"):  # a mean of what overflows is a hole in the curve
        means = [middle[at - reach : at + reach + 1].mean() for at, reach in enumerate(reaches)]
    return np.array(means)


def in_sight(kept: Envelope, own: Array) -> Envelope:
    """A kept run without losses so far above the `own` of the run on show that they flatten it."""
    highest = own[np.isfinite(own)].max(initial=0.0)
    beyond = kept.high / OUT_OF_SIGHT > (highest or np.inf)
    low, high = (np.where(beyond, np.inf, losses) for losses in (kept.low, kept.high))
    return replace(kept, low=low, high=high)


def named_below(
    lines: Sequence[ReferenceLine], whose: str
) -> tuple[tuple[Run, ...], tuple[Run, ...], tuple[ReferenceLine, ...]]:
    """What stands under a plot whose curve, since it bounces, leaves its lines no room for names.

    With whose rows' losses they are, the same in brief, and the lines without names.
    """
    names = "  ".join(line.label for line in lines)
    whole, brief = (
        ((f"⠂⠐ {of}{names}", "truth"),) if lines else () for of in (whose and f"{whose}: ", "")
    )
    return whole, brief, tuple(replace(line, label="") for line in lines)
