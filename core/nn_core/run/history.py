"""The History: every step's loss and gradient norm, kept so that any stretch can be plotted.

The numbers stay dense in float64; 1,000,000 steps take 8 MB each.  Beside them stands a pyramid of
minimum and maximum, each level covering `FACTOR` times as many steps as the one below, so that a
plot of a million steps reads no more numbers than a plot of a thousand.
"""

from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array
from nn_core.run.accuracy import AccuracyCurve
from nn_core.run.validation import ValidationCurve

FACTOR = 8
SEARCH_LEVEL = 3  # of the pyramid: bins of 512 steps
LIMIT = 4_000_000  # numbers kept; past it every second step is dropped, and `every` says so


@dataclass(frozen=True, eq=False)
class Envelope:
    """A curve as a plot wants it: in each bin, the smallest and the largest value.

    `step` is where each bin begins; a bin is `width` steps wide.  `every` is 1, or how many steps
    apart the kept ones are once the record was thinned.
    """

    step: Array
    low: Array
    high: Array
    width: int
    every: int

    @property
    def end(self) -> int:
        """The step after the last one covered, about; 0 where there is none."""
        return int(self.step[-1]) + self.width if len(self.step) else 0


class Series:
    """One growing record of numbers, a number a step, from step 0 on."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._values = np.empty(1024)
        self._size = 0  # of the kept values
        self.steps = 0  # recorded, kept or not
        self.every = 1
        self._levels: list[tuple[Array, Array]] = []  # (minima, maxima), coarser and coarser
        self._complete: list[int] = []  # how many bins of each level are final

    def __len__(self) -> int:
        return self.steps

    @property
    def values(self) -> Array:
        """The kept values, a view: one every `every` steps."""
        return self._values[: self._size]

    def extend(self, values: Array) -> None:
        """Add the values of the next steps."""
        first = -self.steps % self.every
        kept = values[first :: self.every]
        self.steps += len(values)
        needed = self._size + len(kept)
        if needed > len(self._values):
            grown = np.empty(max(needed, 2 * len(self._values)))
            grown[: self._size] = self.values
            self._values = grown
        self._values[self._size : needed] = kept
        self._size = needed
        while self._size > self._limit:
            self._thin()

    def truncate(self, steps: int) -> None:
        """Forget everything from this step on."""
        self.steps = min(self.steps, steps)
        self._size = -(-self.steps // self.every)
        bins = self._size
        for level in range(len(self._levels)):
            bins //= FACTOR
            self._complete[level] = min(self._complete[level], bins)

    def at(self, step: int) -> float:
        """The value of a step, or of the nearest kept one before it."""
        return float(self._values[step // self.every])

    def kept_at(self, step: int) -> float | None:
        """The value of a step; None where it isn't recorded, or was thinned away."""
        is_kept = step < self.steps and step % self.every == 0
        return float(self._values[step // self.every]) if is_kept else None

    def mean(self, start: int, stop: int) -> float:
        """The mean of the values kept from one step up to, not including, another."""
        first = start // self.every
        return float(self.values[first : max(first + 1, -(-stop // self.every))].mean())

    def is_alike(self, other: "Series") -> bool:
        """Whether it is as long, and the values that both have kept are the same to the bit."""
        every = max(self.every, other.every)
        mine, others = (each.values[:: every // each.every] for each in (self, other))
        return len(self) == len(other) and np.array_equal(mine, others, equal_nan=True)

    def copy(self) -> "Series":
        """A copy that owns its numbers."""
        copy = Series(self._limit)
        copy._values, copy._size = self.values.copy(), self._size
        copy.steps, copy.every = self.steps, self.every
        return copy

    def thinned(self, most: int) -> tuple[int, Array]:
        """At most so many of the values, evenly spread, and how many steps they lie apart."""
        factor = 1
        while self._size > most * factor:
            factor *= 2
        return self.every * factor, self.values[::factor]

    @classmethod
    def of(cls, steps: int, every: int, values: Array) -> "Series":
        """The record of so many steps of which one in `every` was kept."""
        series = cls()
        series._values, series._size = values.copy(), len(values)
        series.steps, series.every = steps, every
        return series

    def envelope(self, bins: int) -> Envelope:
        """The whole record in at most about `FACTOR` times so many bins, at least so many."""
        level, width = 0, 1
        while self._size // (width * FACTOR) >= bins:
            level, width = level + 1, width * FACTOR
        count = -(-self._size // width)
        step = np.arange(count) * float(width * self.every)
        if level == 0:
            values = self.values.copy()
            return Envelope(step, values, values, self.every, self.every)
        low, high = self._level(level, self._size // width)
        rest = self.values[self._size // width * width :]
        if len(rest):
            low, high = np.append(low, rest.min()), np.append(high, rest.max())
        return Envelope(step, low, high, width * self.every, self.every)

    def last_from(self, threshold: float, end: int) -> int:
        """The last kept step before `end` whose value is `threshold` or more; −every if none is.

        Looks for it in the maxima first, and only then among the values of one bin.
        """
        size = -(-end // self.every)
        width = FACTOR**SEARCH_LEVEL
        bins = size // width
        start = bins * width
        found = np.flatnonzero(self._values[start:size] >= threshold)
        if not len(found) and bins:
            highest = np.flatnonzero(
                self._level(SEARCH_LEVEL, self._size // width)[1][:bins] >= threshold
            )
            start = int(highest[-1]) * width if len(highest) else 0
            found = np.flatnonzero(self._values[start : start + width] >= threshold)
        return (start + int(found[-1])) * self.every if len(found) else -self.every

    def _level(self, level: int, bins: int) -> tuple[Array, Array]:
        """The complete bins of one level of the pyramid; made as far as they were missing."""
        while len(self._levels) < level:
            self._levels.append((np.empty(0), np.empty(0)))
            self._complete.append(0)
        index = level - 1
        done = self._complete[index]
        if done < bins:
            if level == 1:
                below_low = below_high = self.values
            else:
                below_low, below_high = self._level(level - 1, bins * FACTOR)
            fresh = slice(done * FACTOR, bins * FACTOR)
            low, high = self._levels[index]
            if len(low) < bins:
                room = np.empty((2, max(bins, 2 * len(low), 64)))
                room[0, :done], room[1, :done] = low[:done], high[:done]
                low, high = room
                self._levels[index] = low, high
            low[done:bins] = below_low[fresh].reshape(-1, FACTOR).min(axis=1)
            high[done:bins] = below_high[fresh].reshape(-1, FACTOR).max(axis=1)
            self._complete[index] = bins
        low, high = self._levels[index]
        return low[:bins].copy(), high[:bins].copy()

    def _thin(self) -> None:
        kept = self.values[::2].copy()
        self._values[: len(kept)] = kept
        self._size = len(kept)
        self.every *= 2
        self._levels.clear()
        self._complete.clear()


class History:
    """What a run recorded of its steps: losses, gradient norms and learning rates.

    The validation losses, where rows were held back, are measured at the ends of epochs only.  The
    accuracy, where classes are told apart, takes longer than a step: who shows the run has it
    measured for the picture, and leaves it here.
    """

    def __init__(self) -> None:
        self.losses = Series()
        self.gradient_norms = Series()
        self.learning_rates = Series()
        self.validation = ValidationCurve()
        self.accuracy = AccuracyCurve()

    def __len__(self) -> int:
        return len(self.losses)

    def extend(self, losses: Array, gradient_norms: Array, learning_rates: Array) -> None:
        """Add what the next steps recorded."""
        self.losses.extend(losses)
        self.gradient_norms.extend(gradient_norms)
        self.learning_rates.extend(learning_rates)

    def copy(self) -> "History":
        """A copy that owns its numbers."""
        copy = History()
        copy.losses, copy.gradient_norms = self.losses.copy(), self.gradient_norms.copy()
        copy.learning_rates, copy.validation = self.learning_rates.copy(), self.validation.copy()
        copy.accuracy = self.accuracy  # which is never changed, only replaced
        return copy

    def truncate(self, steps: int) -> None:
        """Forget everything from this step on."""
        self.accuracy = self.accuracy.before(steps)
        self.losses.truncate(steps)
        self.gradient_norms.truncate(steps)
        self.learning_rates.truncate(steps)
        self.validation.truncate(steps)
