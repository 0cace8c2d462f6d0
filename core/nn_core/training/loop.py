"""The loop in which a run spends its time: steps on one batch, as fast as they go, recorded.

What a step looks up and allocates costs as much as the arithmetic of a small model: so all is bound
before the loop begins, and of a tiny one the lengths of the gradients are worked out after it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from nn_core.arrays import Array, squares_of_rows
from nn_core.models import Pass
from nn_core.optim.optimizer import Update

BLOCK = 512  # steps between two looks at what was recorded
TINY = 64  # parameters: of so few a copy of each gradient costs less than its length


class Loop:
    """Takes steps one after another.

    `own` is the gradient of the batch alone, which its pass fills; `summed` the one that it is
    added to where gradients aren't zeroed.  `update` goes by the learning rate in `rate`.
    `free(gradients)` leaves out what is frozen, for a gradient's length is of the rest; None where
    nothing is.
    """

    def __init__(
        self,
        own: Array,
        summed: Array,
        rate: Array,
        update: Update,
        free: Callable[[Array], Array] | None,
    ) -> None:
        self._own, self._summed, self._rate, self._update = own, summed, rate, update
        self._free = free
        self._copies = np.empty((BLOCK, own.size), own.dtype) if own.size <= TINY else None
        self._copy_rows = None if self._copies is None else list(self._copies)  # to be written to

    def run(
        self,
        current: Pass,
        losses: Array,
        squares: Array,
        rates: Array,
        adds_up: bool,
        rate_changes: bool,
    ) -> None:
        """Take one step on this batch for each place in `losses`, at most `BLOCK`.

        `losses` gets sums over the rows, `squares` the squares of the gradients' lengths.
        `adds_up`: gradients aren't zeroed.  The learning rate is the first of `rates`, or, where
        the `rate_changes`, each in turn.
        """
        rate = self._rate
        rate[...] = rates[0]
        forward, measure, backward = current.forward, current.measure, current.backward
        own, summed, update = self._own, self._summed, self._update
        used = summed if adds_up else own
        copies, square = self._copy_rows, self._square if self._free else used.dot
        add, count = np.add, len(losses)
        for at in range(count):
            forward()
            losses[at] = measure()
            backward()
            if adds_up:
                add(summed, own, out=summed)
            if copies is None:
                squares[at] = square(used)
            else:
                copies[at][...] = used
            if rate_changes:
                rate[...] = rates[at]
            update(used)
        if self._copies is not None:
            squares[:] = self._squares(self._copies[:count])

    def gradient_norm(self, gradient: Array) -> float:
        """The length of a gradient, to the bit as it is recorded."""
        is_tiny = self._copies is not None
        square = self._squares(gradient[None])[0] if is_tiny else self._square(gradient)
        return float(np.sqrt(np.float64(square)))

    def _square(self, gradient: Array) -> Any:
        counted = self._free(gradient) if self._free else gradient
        return counted.dot(counted)

    def _squares(self, gradients: Array) -> Array:
        return squares_of_rows(self._free(gradients) if self._free else gradients)
