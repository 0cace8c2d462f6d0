"""What steps leave behind: of one its numbers, of many a record, of the next a preview."""

from dataclasses import dataclass

from nn_core.arrays import Array


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
class Block:
    """What a run of steps recorded of each: loss, gradient's Euclidean norm, learning rate.

    The loss is without penalties; the norm is of the gradient with them, before any clipping.
    """

    losses: Array
    gradient_norms: Array
    learning_rates: Array


@dataclass(frozen=True, eq=False)
class Preview:
    """The step to come, worked out without taking it: flat vectors like the parameters.

    The gradient is the one before clipping, the update that of the clipped one.
    """

    loss: float
    gradient: Array
    update: Array
