"""The losses of batches, smoothed: each is of other rows, so they jump about what is learned."""

import numpy as np

from nn_core.arrays import Array
from nn_core.run.history import Envelope

PARTS = 30  # of a plot, over one of which at least is averaged


def smoothed(curve: Envelope, steps_per_epoch: int) -> Array:
    """The losses averaged over an epoch, or over a part of the plot if that is longer."""
    middle = (curve.low + curve.high) / 2
    per_epoch = steps_per_epoch // max(1, curve.width)
    half, count = max(per_epoch, len(middle) // PARTS) // 2, len(middle)
    reaches = (min(half, at, count - 1 - at) for at in range(count))  # alike on both sides
    with np.errstate(all="ignore"):  # a mean of what overflows is a hole in the curve
        means = [middle[at - reach : at + reach + 1].mean() for at, reach in enumerate(reaches)]
    return np.array(means)
