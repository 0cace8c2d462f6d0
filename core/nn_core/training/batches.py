"""Batches: which rows each step looks at, and the model's pass over them.

The order of an epoch is drawn from the seed and the epoch's number alone, so that any epoch's order
can be had again.
"""

from collections.abc import Callable

import numpy as np

from nn_core.arrays import Array
from nn_core.config import Config
from nn_core.data.dataset import Dataset
from nn_core.formatting import times
from nn_core.models import Pass
from nn_core.training.state import State


def too_large(size: int, rows: int) -> str:
    """What is to be said of a batch size above the number of rows to train on; "" of others."""
    if size <= rows:
        return ""
    return f"batch size {size} is more than {times(rows, 'row')}: one batch is all of them"


class Batches:
    """The batches of a data set, `size` rows each; the last of an epoch may have fewer.

    `compile_pass(rows)` binds the model to so many rows.  All rows at once stay in file order.
    """

    def __init__(
        self, data: Dataset, size: int, config: Config, compile_pass: Callable[[int], Pass]
    ) -> None:
        self.size = size
        self.is_full_batch = size == data.rows
        self._data, self._config, self._compile_pass = data, config, compile_pass
        self._passes = {size: compile_pass(size)}
        self._order = np.arange(data.rows)
        self._epoch = -1  # of the order
        self._loaded: tuple[int, int] | None = None

    def rows(self, state: State) -> Array:
        """The rows, by number, of the batch at this state's place in its epoch."""
        if self.is_full_batch:
            return np.arange(self._data.rows)
        return self._epoch_order(state.epoch)[state.position : state.position + self.size]

    def current(self, state: State) -> Pass:
        """The pass over that batch, its rows loaded."""
        if self.is_full_batch:
            return self._passes[self.size]
        here = (state.epoch, state.position)
        rows = min(self.size, self._data.rows - state.position)
        if rows not in self._passes:
            self._passes[rows] = self._compile_pass(rows)
        current = self._passes[rows]
        if self._loaded != here:
            current.load(self.rows(state))
            self._loaded = here
        return current

    def _epoch_order(self, epoch: int) -> Array:
        if self._epoch != epoch and self._config.shuffle:
            generator = np.random.default_rng((self._config.seed, epoch))
            self._order = generator.permutation(self._data.rows)
            self._epoch = epoch
        return self._order
