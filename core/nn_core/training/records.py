"""What steps leave behind: of one its numbers, of many a record, of the next a preview."""

from dataclasses import dataclass

from nn_core.arrays import Array
from nn_core.formatting import times


@dataclass(frozen=True, eq=False, repr=False)
class Step:
    """What one step did.  `loss` was measured at its forward pass, before its update.

    `gradients` are those that the update used: clipped, where clipping is on.
    """

    index: int
    epoch: int
    loss: float
    learning_rate: float
    gradients: dict[str, Array]
    updates: dict[str, Array]

    def __repr__(self) -> str:
        return (
            f"<Step {self.index}: epoch {self.epoch}, loss {self.loss:g}, "
            f"learning rate {self.learning_rate:g}>"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Block:
    """What a run of steps recorded of each: loss, gradient's Euclidean norm, learning rate.

    The loss is without penalties; the norm is of the gradient with them, before any clipping, and
    without the frozen parameters.
    """

    losses: Array
    gradient_norms: Array
    learning_rates: Array

    def __repr__(self) -> str:
        losses = f": losses {self.losses[0]:g} to {self.losses[-1]:g}" if len(self.losses) else ""
        return f"<Block of {times(len(self.losses), 'step')}{losses}>"


@dataclass(frozen=True, eq=False)
class Preview:
    """The step to come, worked out without taking it: flat vectors like the parameters.

    The gradient is the one before clipping, the update that of the clipped one.
    """

    loss: float
    gradient: Array
    update: Array
