"""What every model is, and the Pass over the rows of one batch that it gives the trainer."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from nn_core.arrays import Array, Layout, copied
from nn_core.config import Config, setting
from nn_core.errors import RequestError, UnsuitedError
from nn_core.formatting import times
from nn_core.models.dense import Dense, Spot
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


Moves = Sequence[tuple[int, Array]]
"""Parameters that are moved: the flat index of each, and by how much at each setting."""


class Model(ABC):
    """A model: what the trainer needs of it, and what it answers about itself.

    `flat` holds all parameters, `parameters` are views into it by name.  Other rooms ask
    these methods, never which class a model is of.  `title` is how a sentence calls it, `columns`
    how many columns its inputs x have.  `is_listed_by_layer`: there may be too many parameters to
    list them one by one.
    """

    kind: str
    title: str
    columns = 1
    flat: Array
    layout: Layout
    parameters: dict[str, Array]
    is_listed_by_layer = False

    # --- training -----------------------------------------------------------------------------

    def predict(self, x: ArrayLike) -> Array:
        """Predictions (rows, outputs) for inputs (rows, inputs), outside of training.

        `RequestError` where that isn't a table of numbers with as many columns as there are inputs.
        """
        table = np.asarray(x)
        if table.ndim != 2 or table.dtype.kind not in "fiub":
            what = (
                f"have the shape {table.shape}" if table.ndim != 2 else f"hold {table.dtype.name}"
            )
            raise RequestError(
                f"inputs are a table of numbers, rows first, (rows, {self.columns}); these {what}"
            )
        require_columns(table, self.columns, self.title)
        return self._predicted(table)

    @abstractmethod
    def _predicted(self, x: Array) -> Array:
        """Predictions (rows, outputs) for a table that `predict` has found to be in order."""

    @abstractmethod
    def compile(self, x: Array, y: Array, rows: int, loss: Loss, gradient: Array) -> Pass:
        """Bind to the data x (rows, inputs) and y (rows, outputs), in batches of `rows`.

        The first rows are loaded to begin with.  `gradient` is a flat vector like `flat`.
        `RequestError` where x has not as many columns as the model has inputs.
        """

    @abstractmethod
    def arguments(self) -> dict[str, Any]:
        """What the class makes a model of this shape of, but for its precision."""

    def astype(self, dtype: str) -> Self:
        """A copy in another precision."""
        copy: Self = _made(type(self), self.arguments() | {"dtype": dtype}, self.flat)
        return copy

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies and pickles are made anew, so that `parameters` are views of their `flat`."""
        arguments = self.arguments() | {"dtype": str(self.flat.dtype)}
        return _made, (type(self), arguments, self.flat.copy())

    @classmethod
    @abstractmethod
    def start(cls, config: Config, over: Array, outputs: int) -> Self:
        """The model that a Config describes, at its start, for inputs like `over`, (rows, inputs).

        `RequestError` where it would have too many parameters.
        """

    def __repr__(self) -> str:
        size = times(self.flat.size, "parameter")
        return f"<{type(self).__name__} {self.describe()}, {size}>"

    def settings(self) -> dict[str, Any]:
        """The Config's fields that the model already decides."""
        return {"model": self.kind, "experiment": self.kind}

    # --- layers -------------------------------------------------------------------------------

    @abstractmethod
    def describe(self) -> str:
        """The model as a formula or a chain of layers."""

    @abstractmethod
    def layers(self) -> tuple[Dense, ...]:
        """The layers, from the inputs on, their numbers as views into the model's."""

    @abstractmethod
    def parameter_at(self, index: int) -> Spot:
        """In which layer and unit, and at which input, the parameter at a flat index stands."""

    def inputs(self, x: Array) -> Array:
        """What comes into the first layer, (inputs, rows), for x (rows, columns)."""
        return x.T.astype(self.flat.dtype)

    def input_names(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """What these inputs are called, of columns with these names."""
        return columns

    def outputs(self, x: Array) -> list[Array]:
        """What each layer puts out, (units, rows) each, for x (rows, columns)."""
        found, passed = [], self.inputs(x)
        for layer in self.layers():
            passed = layer.outputs(passed)
            found.append(passed)
        return found

    # --- units --------------------------------------------------------------------------------

    @abstractmethod
    def unit_name(self, layer: int, unit: int) -> str:
        """What a unit is called where room is short: unit 1.3; both are counted from 0."""

    def unit_said(self, layer: int, unit: int) -> str:
        """What a sentence calls it: unit 3 of layer 1."""
        return self.unit_name(layer, unit)

    def unit_parameters(self, layer: int, unit: int) -> list[int]:
        """The flat indices of a hidden unit's parameters: weights in, bias, weights out."""
        raise IndexError(f"the {self.kind} has no hidden units")

    # --- questions that concern each row ------------------------------------------------------

    @abstractmethod
    def votes(self, x: Array, y: Array, loss: Loss, index: int) -> Array:
        """Each row's vote (rows,) on the parameter at a flat index, for x and y (rows, columns).

        A row's vote is the derivative of that row's loss alone; the gradient is the mean of the
        votes.  Where one is negative, a larger value would lower the row's loss: it says, raise it.
        """

    @abstractmethod
    def moved(self, x: Array) -> Callable[[Moves], Array]:
        """A function that gives predictions where some parameters are moved.

        It takes moves by amounts (settings,) each, and returns (settings, outputs, rows) for x
        (rows, columns).  What doesn't depend on the moves is worked out once.
        """

    @abstractmethod
    def numbers_in_prediction(self, indices: Sequence[int]) -> int:
        """About how many numbers such a prediction takes for one row at one setting."""

    def _row_slopes(self, x: Array, y: Array, loss: Loss) -> Array:
        """∂(a row's loss)/∂(its prediction), of the predictions that training has, to the bit.

        For a model that asks `loss.compile` for the slope of the sum, and has one output.
        """
        bound = self.compile(x, y, len(x), loss, np.empty_like(self.flat))
        bound.forward()
        bound.measure()
        slopes: Array = bound.slope[0]
        return slopes


def _made(kind: type[Any], arguments: dict[str, Any], numbers: Array) -> Any:
    model = kind(**arguments)
    model.flat[:] = numbers
    return model


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
    """Raise `UnsuitedError` where x has not as many columns as the model takes."""
    if x.shape[1] != columns:
        raise UnsuitedError(
            f"{what} takes {times(columns, 'input column')}; the data has {x.shape[1]}"
        )


def precision(dtype: DTypeLike) -> str:
    """The name of a type of numbers that models are made of; `RequestError` for any other."""
    found: str = setting("dtype").taken(dtype)
    setting("dtype").validate(found)
    return found
