"""Losses as they are drawn: batches smoothed, what diverged left out, references named below."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nn_core.arrays import Array
from nn_core.explain.comparison import distinct
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed
from nn_core.run.history import Envelope
from nn_tui.panels.over_steps import DASHES, role_of
from nn_tui.plot import plot
from nn_tui.plot.names import piece_of
from nn_tui.plot.plot import ReferenceLine
from nn_tui.text.roles import Run

PARTS = 30  # of a plot, over one of which at least is averaged
OUT_OF_SIGHT = 1e4  # times the highest loss of the run on show: a kept one that diverged


def kept_curves(snapshot: Snapshot, own: Array) -> list[plot.Envelope]:
    """The kept runs and the twin, each in dashes of its own; `own` are losses of the run on show.

    Of two that are one and the same the longer one.
    """
    unit, curves = snapshot.steps_per_epoch, []
    apart = distinct(snapshot.drawn)
    for kept, dash in zip(snapshot.drawn, DASHES, strict=False):
        if kept not in apart:
            continue
        found = kept.envelope
        if unit > 1:  # as its batches lie, it would be a block under the run on show
            means = smoothed(found, unit)
            found = replace(found, low=means, high=means)
        found = in_sight(found, own)
        shown = found.step >= kept.start - 1
        x, lows, highs = found.step[shown], found.low[shown], found.high[shown]
        if len(x):
            end = end_value(kept.end.loss) if kept.end is not None else ""
            role = role_of(kept, snapshot)
            curves.append(plot.Envelope(x, lows, highs, role, kept.label, dash, end))
    return curves


def end_value(loss: float) -> str:
    """The loss where a run stands or stopped, behind its name: which of two is the lower one."""
    return fixed(loss) if math.isfinite(loss) else ""


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


def named_above(curves: Sequence[plot.Envelope], markers: str) -> list[Run]:
    """What a title says of curves that have no place for a name, as many as it has room for."""
    first = sorted(curves, key=lambda each: len(each.label))
    return [(f"  {piece_of(each.dash, markers)} {each.label}", each.role) for each in first]


def named_below(
    lines: Sequence[ReferenceLine], whose: str, whose_in_brief: str
) -> tuple[tuple[Run, ...], tuple[Run, ...], tuple[ReferenceLine, ...]]:
    """What stands under a plot whose curve, since it bounces, leaves its lines no room for names.

    With whose rows' losses they are, the same in brief, and the lines without names.
    """
    names = "  ".join(line.label for line in lines)
    in_brief = "  ".join(line.label.removeprefix("best ") for line in lines) if whose else names
    whole, brief = (
        ((f"⠂⠐ {of and f'{of}: '}{said}", "truth"),) if lines else ()
        for of, said in ((whose, names), (whose_in_brief, in_brief))
    )
    return whole, brief, tuple(replace(line, label="") for line in lines)
