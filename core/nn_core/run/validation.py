"""The validation curve: the loss on rows held back from training, as a run goes on."""

import math
import sys
from array import array
from bisect import bisect_left, bisect_right

import numpy as np

from nn_core.arrays import Array
from nn_core.training.trainer import Trainer

DENSE = 4096  # epochs up to which each is looked at: of a tiny network a quarter of a second


def is_due(epoch: int, patience: int = 0) -> bool:
    """Whether the validation loss is measured once so many epochs are over.

    With patience it is after each one.  Else it depends on nothing but the epoch, so that replay
    finds the same ones.  The gaps double as the epochs do: about 5000 of 6000 epochs are measured,
    about 20 000 of a million.
    """
    return patience > 0 or epoch % _gap(epoch) == 0


def next_due(epoch: int, patience: int = 0) -> int:
    """The first epoch after this one at whose end the validation loss is measured."""
    gap = 1 if patience else _gap(epoch)
    return epoch // gap * gap + gap


def _gap(epoch: int) -> int:
    return 1 << max(0, epoch.bit_length() - DENSE.bit_length() + 1)


class ValidationCurve:
    """Validation losses by the step before which they were measured, in order."""

    def __init__(self) -> None:
        self._steps = array("q")
        self._losses = array("d")
        self._best = array("q")  # the place of the lowest up to each, −1 before a finite one

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def last_step(self) -> int:
        """The step of the latest measurement; −1 before the first."""
        return self._steps[-1] if self._steps else -1

    def add(self, step: int, loss: float) -> None:
        """Add a measurement; later than all before."""
        best = self._best[-1] if self._best else -1
        if math.isfinite(loss) and not (best >= 0 and self._losses[best] <= loss):
            best = len(self._steps)
        self._steps.append(step)
        self._losses.append(loss)
        self._best.append(best)

    def measure(self, trainer: Trainer, anew: bool = False) -> None:
        """Measure it here where that is due and not known yet; `anew` also where it is known."""
        state = trainer.state
        if anew and self.last_step == state.step:
            self.truncate(state.step - 1)
        due = is_due(state.epoch, trainer.config.patience)
        if state.position or not due or state.step <= self.last_step:
            return
        loss = trainer.validation_loss()
        if loss is not None:
            self.add(state.step, loss)

    def steps_to_next(self, trainer: Trainer) -> int:
        """How many steps may be taken from here before it has to be measured."""
        if trainer.data.validation is None:
            return sys.maxsize
        known = self.last_step - trainer.state.step
        due = next_due(trainer.state.epoch, trainer.config.patience)
        return known if known > 0 else trainer.steps_left(due)

    def copy(self) -> "ValidationCurve":
        """A copy that owns its numbers."""
        copy = ValidationCurve()
        copy._steps, copy._losses, copy._best = self._steps[:], self._losses[:], self._best[:]
        return copy

    def truncate(self, step: int) -> None:
        """Forget what was measured after this step had begun."""
        while self.last_step > step:
            self._steps.pop()
            self._losses.pop()
            self._best.pop()

    def points(self) -> tuple[Array, Array]:
        """The steps at which it was measured, and the losses there, each (times measured,)."""
        return np.array(self._steps), np.array(self._losses)

    def gap(self, tip: int) -> int:
        """Up to a step, the most steps from one that was measured to the next; 1: each was."""
        return int(np.diff(self._steps, append=tip + 1).max(initial=1))

    def newest(self, start: int, stop: int) -> float | None:
        """The last loss measured from one step on and before another; None where none was."""
        last = bisect_left(self._steps, stop) - 1
        return self._losses[last] if last >= 0 and self._steps[last] >= start else None

    def at(self, step: int) -> float | None:
        """The loss measured right before a step; None where none was."""
        place = bisect_left(self._steps, step)
        measured = place < len(self._steps) and self._steps[place] == step
        return self._losses[place] if measured else None

    def least(self, step: int) -> tuple[int, float] | None:
        """As `lowest`; None where none was measured."""
        found = self.lowest(step)
        return found if math.isfinite(found[1]) else None

    def lowest(self, step: int) -> tuple[int, float]:
        """The step and the loss of the first least finite one measured up to a step."""
        known = bisect_right(self._steps, step)
        best = self._best[known - 1] if known else -1
        return (self._steps[best], self._losses[best]) if best >= 0 else (0, math.inf)
