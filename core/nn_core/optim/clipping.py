"""Gradient clipping: a gradient that is longer than allowed is shortened before it is used."""

import math

from nn_core.arrays import Array
from nn_core.optim.optimizer import Update

EPSILON = 1e-6  # keeps the factor finite where the gradient is 0


def clipped(update: Update, longest: float, frozen: Array | None = None) -> Update:
    """The update by g · min(1, longest ÷ (|g| + 1e−6)), the gradient being changed in place.

    That is PyTorch's `clip_grad_norm_`: one Euclidean length over all parameters but the frozen
    ones, which have no gradient there.  `frozen` is a mask over them, None where none is.
    """
    free = slice(None) if frozen is None else ~frozen

    def clip_and_update(gradient: Array) -> None:
        counted = gradient[free]
        factor = longest / (math.sqrt(counted.dot(counted)) + EPSILON)
        if factor < 1:
            gradient[free] *= factor
        update(gradient)

    return clip_and_update
