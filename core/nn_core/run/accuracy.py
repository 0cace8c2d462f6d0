"""The accuracy curve: how many rows are told right, at the steps at which a run was looked at."""

from bisect import bisect_left

import numpy as np

from nn_core.arrays import Array

MOST = 2000  # points; beyond, every second one goes


class AccuracyCurve:
    """Parts of the rows that are told right, by how many steps were taken before."""

    def __init__(self) -> None:
        self._steps: list[int] = []
        self._shares: list[float] = []

    def __len__(self) -> int:
        return len(self._steps)

    def add(self, step: int, share: float) -> None:
        """Add what was found after so many steps, in place of what was found there before."""
        at = bisect_left(self._steps, step)
        if at < len(self._steps) and self._steps[at] == step:
            self._shares[at] = share
            return
        self._steps.insert(at, step)
        self._shares.insert(at, share)
        if len(self._steps) > MOST:
            del self._steps[1:-1:2], self._shares[1:-1:2]

    def truncate(self, step: int) -> None:
        """Forget what was found from this step on: it may be changed by hand, or gone from."""
        at = bisect_left(self._steps, step)
        del self._steps[at:], self._shares[at:]

    def copy(self) -> "AccuracyCurve":
        """A copy that owns its numbers."""
        copy = AccuracyCurve()
        copy._steps, copy._shares = [*self._steps], [*self._shares]
        return copy

    def points(self) -> tuple[Array, Array]:
        """The steps and the parts there, each (times looked,)."""
        return np.array(self._steps), np.array(self._shares)
