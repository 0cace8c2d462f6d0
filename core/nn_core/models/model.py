"""What the trainer needs of a model, and what a model gives: a Pass over the rows of one batch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from nn_core.arrays import Array, Layout
from nn_core.errors import RequestError


@dataclass(frozen=True)
class Pass:
    """A model and a loss bound to the rows of one batch.

    `forward()` fills `residual`, prediction − target, the batch's rows along its last axis;
    `total()` is the loss summed over the rows, and `mean` the factor that makes it their mean;
    `backward()`, called after these two, fills the gradient that was given to `compile`.
    `load(order)` fetches the rows of the data with these numbers into the batch.
    """

    forward: Callable[[], object]
    total: Callable[[], Any]
    mean: float
    backward: Callable[[], object]
    residual: Array
    load: Callable[[Array], object]

    def loss(self) -> float:
        """The mean loss over the rows."""
        return float(self.total()) * self.mean


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

    def compile(self, x: Array, y: Array, rows: int, loss: str, gradient: Array) -> Pass:
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


def require_columns(x: Array, columns: int, what: str) -> None:
    """Raise `RequestError` where x has not as many columns as the model takes."""
    if x.shape[1] != columns:
        raise RequestError(
            f"{what} takes {columns} input column{'s' * (columns != 1)}; the data has {x.shape[1]}"
        )
