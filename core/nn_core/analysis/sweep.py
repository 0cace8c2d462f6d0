"""A sweep: copies of one trainer, each trained at a learning rate of its own.

Copies whose arithmetic is the same but for the rate are trained together, as columns of one array:
so the quadratic's are, 64 of them in the time of two or three.  All others follow one another.
"""

from collections.abc import Generator, Iterable
from typing import Any, TypeVar

import numpy as np

from nn_core.arrays import Array
from nn_core.config import CONSTANTS, settings
from nn_core.models import Quadratic
from nn_core.optim.optimizer import PIECE
from nn_core.optim.optimizers import optimizer_of
from nn_core.training.trainer import Trainer

CHUNK = 50_000_000  # multiplications, about, between two chances to stop
MOST_TOGETHER = 200_000  # rows × rates; of more, being trained together brings nothing
# Settings of a step that the columns follow; with any other turned on, copies follow one another.
_TOGETHER = {"learning_rate", "optimizer", *CONSTANTS, "batch_size", "shuffle"}

Result = TypeVar("Result")


def train(trainer: Trainer, rates: Array, steps: int) -> Array:
    """For each learning rate, the loss over all rows after so many steps from where the trainer is.

    Losses are (rates,), infinite where training diverged.  The trainer itself is left as it was.
    """
    return result(in_chunks(trainer, rates, steps))


def in_chunks(trainer: Trainer, rates: Array, steps: int) -> Generator[float, None, Array]:
    """`train` with pauses: yields, now and then, which part of it is done, from 0 to 1."""
    if is_together(trainer, len(rates)):
        return _quadratics(twin(trainer), rates, steps)
    copies = (twin(trainer, learning_rate=rate) for rate in rates.tolist())
    return (yield from one_after_another(copies, len(rates), steps))


def one_after_another(
    copies: Iterable[Trainer], count: int, steps: int
) -> Generator[float, None, Array]:
    """The loss of each of so many trainers over all its rows, after so many steps."""
    losses = np.empty(count)
    for at, copy in enumerate(copies):
        chunk, left = max(1, CHUNK // (copy.model.flat.size * copy.batch_size)), steps
        while left and np.isfinite(copy.state.parameters).all():
            yield (at + 1 - left / steps) / count
            copy.run(min(chunk, left))
            left -= min(chunk, left)
        losses[at] = copy.loss()
    return _finite_or_infinite(losses)


def result(generator: Generator[Any, None, Result]) -> Result:
    """What a generator returns, its pauses passed over."""
    while True:
        try:
            next(generator)
        except StopIteration as end:
            found: Result = end.value
            return found


def twin(trainer: Trainer, **changes: Any) -> Trainer:
    """A copy that goes on by itself, under other settings; a step that was begun is finished."""
    copy = Trainer.resume(
        trainer.model.astype(trainer.config.dtype), trainer.data, trainer.config, trainer.state
    )
    if copy.state.phase:
        copy.preview()  # what the phases done so far left in the original's batch
        while copy.state.phase:
            copy.phase()
    copy.configure(trainer.config.replace(**changes))
    return copy


def is_together(trainer: Trainer, count: int) -> bool:
    """Whether so many copies are trained together."""
    config = trainer.config
    others = (each for each in settings() if each.effect == "now" and each.name not in _TOGETHER)
    return (
        isinstance(trainer.model, Quadratic)
        and trainer.loss_function.is_of_difference
        and trainer.steps_per_epoch == 1
        and trainer.data.rows * count <= MOST_TOGETHER
        and trainer.model.flat.size * count <= PIECE  # beyond, optimizers take one rate for all
        and all(getattr(config, each.name) == each.default for each in others)
    )


def _quadratics(start: Trainer, rates: Array, steps: int) -> Array:
    """Train quadratics together, one in each column.  See `Quadratic.compile` for one alone."""
    x, y, rows, dtype = start.data.x, start.data.y, start.data.rows, start.config.dtype
    design = np.hstack([x**2, x, np.ones_like(x), -y]).astype(dtype)
    mean_design = np.ascontiguousarray(design[:, :3].T / rows)
    coefficients = np.ones((4, len(rates)), dtype)
    parameters = coefficients[:3]
    parameters[:] = start.state.parameters[:, None]
    residual, gradient = np.empty((rows, len(rates)), dtype), np.empty_like(parameters)
    loss = start.loss_function.compile(residual, None, "sum")
    optimizer = optimizer_of(start.config)
    slots = {
        name: slot.repeat(len(rates)) if optimizer.slots[name] == "vector" else slot.copy()
        for name, slot in start.state.slots.items()
    }
    # Row by row the columns are one flat vector, all that an optimizer asks for.
    update = optimizer.compile(parameters.reshape(-1), slots, np.tile(rates, 3).astype(dtype))
    flat_gradient = gradient.reshape(-1)
    forward, backward = design.dot, mean_design.dot
    measure, slope = loss.measure, loss.slope
    with np.errstate(all="ignore"):
        for _ in range(steps):
            forward(coefficients, residual)
            measure()
            backward(slope, gradient)
            update(flat_gradient)
        forward(coefficients, residual)
        column = np.empty((1, rows), dtype)
        alone = start.loss_function.compile(column, None, "sum")
        losses = np.empty(len(rates))
        for at in range(len(rates)):
            column[0] = residual[:, at]
            losses[at] = alone.measure()
    return _finite_or_infinite(losses * alone.mean)


def _finite_or_infinite(losses: Array) -> Array:
    return np.where(np.isfinite(losses), losses, np.inf)
