"""The accuracy curve: how many rows are told right, at the steps at which a run was looked at."""

from dataclasses import dataclass, field

import numpy as np

from nn_core.arrays import Array

MOST = 2000  # points; beyond, every second one goes


@dataclass(frozen=True, eq=False)
class AccuracyCurve:
    """Parts of the rows that are told right, `shares`, by how many steps were taken before.

    Both are (times looked,), in the order of the steps.
    """

    steps: Array = field(default_factory=lambda: np.empty(0, int))
    shares: Array = field(default_factory=lambda: np.empty(0))

    def __len__(self) -> int:
        return len(self.steps)

    def with_point(self, step: int, share: float) -> "AccuracyCurve":
        """The curve with what is found after so many steps, in place of what was found there."""
        before, after = self.steps.searchsorted([step, step + 1])
        steps = np.concatenate([self.steps[:before], [step], self.steps[after:]])
        shares = np.concatenate([self.shares[:before], [share], self.shares[after:]])
        if len(steps) > MOST:
            kept = np.ones(len(steps), bool)
            kept[1:-1:2] = False
            steps, shares = steps[kept], shares[kept]
        return AccuracyCurve(steps, shares)

    def before(self, step: int) -> "AccuracyCurve":
        """The curve up to this step, which may be changed by hand, or gone from."""
        end = self.steps.searchsorted(step)
        return AccuracyCurve(self.steps[:end], self.shares[:end])
