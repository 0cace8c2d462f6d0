"""What the trainer needs of a model, and what a model gives: a Pass over the rows of one batch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike

from nn_core.arrays import Array, Layout, copied
from nn_core.errors import RequestError
from nn_core.models.losses import Loss


@dataclass(frozen=True)
class Pass:
    """A model and a loss bound to the rows of one batch.

    `forward()` works out the predictions.  `measure()`, called after it, returns the loss summed
    over the rows, which times `mean` is their mean, and fills `slope`, the loss's derivative by the
    predictions, the batch's rows along its last axis.  `backward()`, called after these two, fills
    the gradient that was given to `compile`.  `load(order)` fetches the rows of the data with these
    numbers into the batch.
    """

    forward: Callable[[], object]
    measure: Callable[[], Any]
    mean: float
    backward: Callable[[], object]
    slope: Array
    load: Callable[[Array], object]

    def loss(self) -> float:
        """The mean loss over the rows; fills `slope`, as `measure` does."""
        return float(self.measure()) * self.mean


class Model(Protocol):
    """What the trainer needs of a model."""

    kind: str
    flat: Array
    layout: Layout

    @property
    def parameters(self) -> dict[str, Array]:
        """Name → array, views into `flat`."""

    def predict(self, x: Array) -> Array:
        """Predictions (rows, outputs) for inputs (rows, inputs), outside of training."""

    def compile(self, x: Array, y: Array, rows: int, loss: Loss, gradient: Array) -> Pass:
        """Bind to the data x (rows, inputs) and y (rows, outputs), in batches of `rows`.

        The first rows are loaded to begin with.  `gradient` is a flat vector like `flat`.
        `RequestError` where x has not as many columns as the model has inputs.
        """

    def astype(self, dtype: str) -> "Model":
        """A copy in another precision."""


def one_after_another(
    first: Callable[[], object], second: Callable[[], object]
) -> Callable[[], object]:
    """A function that calls both, in this order."""

    def both() -> None:
        first()
        second()

    return both


class Targets:
    """The targets of a batch, (outputs, rows), of all those in y, (rows, outputs).

    The first rows are loaded to begin with.  `copies` is how often they stand in the batch.
    """

    def __init__(self, y: Array, rows: int, dtype: DTypeLike, copies: int = 1) -> None:
        self._all = np.ascontiguousarray(np.tile(y.T, (copies, 1)), dtype)
        self.batch = copied(self._all[:, :rows], dtype)

    def load(self, order: Array) -> None:
        """Fetch the rows with these numbers into the batch."""
        self._all.take(order, axis=1, out=self.batch, mode="clip")


def require_columns(x: Array, columns: int, what: str) -> None:
    """Raise `RequestError` where x has not as many columns as the model takes."""
    if x.shape[1] != columns:
        raise RequestError(
            f"{what} takes {columns} input column{'s' * (columns != 1)}; the data has {x.shape[1]}"
        )
