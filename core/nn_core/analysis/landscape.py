"""The landscape: the loss over the values of one or two parameters, all others held.

Every combination of values is a *setting*.  All settings are worked out at once, as one array
(settings, rows), and only what the changed parameters reach: of the quadratic a product of three
numbers a row, of a network the layers after the changed weight.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nn_core.arrays import Array
from nn_core.models import Model
from nn_core.models.losses import Loss
from nn_core.models.model import Moves
from nn_core.optim import penalties

PIECE = 60_000  # numbers worked out at once: they stay in the processor's cache


@dataclass(frozen=True, eq=False)
class LossSurface:
    """What a loss is taken of: a model at its parameters, the rows, and the penalties.

    `x` is (rows, inputs), `y` (rows, outputs).  The model is left as it is, and must be: once
    its parameters are others, it takes another surface.
    """

    model: Model
    x: Array
    y: Array
    loss: Loss
    l1: float = 0.0
    l2: float = 0.0

    def over(self, *axes: tuple[int, Array]) -> Array:
        """The loss over a grid, with an axis for each (flat index of a parameter, its values).

        In float64; not finite where it overflows.
        """
        shape = tuple(len(values) for _, values in axes)
        indices = [index for index, _ in axes]
        grid = np.meshgrid(*(values for _, values in axes), indexing="ij")
        return self.at(indices, [values.reshape(-1) for values in grid]).reshape(shape)

    def at(self, indices: Sequence[int], values: Sequence[Array]) -> Array:
        """The loss (settings,) where these parameters take these values (settings,), each."""
        settings = len(values[0])
        found = np.empty(settings)
        mean = np.full(len(self.y), 1.0 / len(self.y), self.model.flat.dtype)
        targets = self._targets
        reached = self.y.size * max(1, self.model.numbers_in_prediction(indices) // 4)
        piece = max(1, PIECE // reached)
        with np.errstate(all="ignore"):
            for start in range(0, settings, piece):
                some = slice(start, start + piece)
                predictions = self.predictions(indices, [value[some] for value in values])
                found[some] = self.loss.each(predictions, targets) @ mean
            if self.l1 or self.l2:
                found += self._penalties(indices, values)
        return found

    def here(self) -> float:
        """The loss at the model's own parameters."""
        with np.errstate(all="ignore"):
            found: float = self.loss.evaluate(self.model.predict(self.x), self.y)
            if self.l1 or self.l2:
                found += penalties.value(self.model.layout, self.model.flat, self.l1, self.l2)
        return found

    def residuals(self, indices: Sequence[int], values: Sequence[Array]) -> Array:
        """Prediction − target (settings, outputs, rows)."""
        with np.errstate(all="ignore"):
            found: Array = self.predictions(indices, values) - self._targets
        return found

    @property
    def _targets(self) -> Array:
        """The targets (outputs, rows)."""
        return np.ascontiguousarray(self.y.T, self.model.flat.dtype)

    def predictions(self, indices: Sequence[int], values: Sequence[Array]) -> Array:
        """Predictions (settings, outputs, rows)."""
        model, dtype = self.model, self.model.flat.dtype
        with np.errstate(all="ignore"):
            moves = [
                (index, value.astype(dtype) - model.flat[index])
                for index, value in zip(indices, values, strict=True)
            ]
            return self._predict(moves)

    @cached_property
    def _predict(self) -> Callable[[Moves], Array]:
        return self.model.moved(self.x)

    def gradient(self) -> Array:
        """The gradient of this very loss, penalties and all, as a flat vector."""
        model = self.model
        gradient: Array = np.zeros_like(model.flat)
        with np.errstate(all="ignore"):
            compiled = model.compile(self.x, self.y, len(self.x), self.loss, gradient)
            compiled.forward()
            compiled.loss()
            compiled.backward()
            if self.l1 or self.l2:
                penalties.compile_gradient(model.layout, model.flat, gradient, self.l1, self.l2)()
        return gradient

    def _penalties(self, indices: Sequence[int], values: Sequence[Array]) -> Array:
        """L1 · Σ|w| + L2 · Σw² at each setting: of what moves, and of what doesn't."""
        rest = self.model.flat.copy()
        rest[list(indices)] = 0
        layout = self.model.layout
        found = np.full(len(values[0]), penalties.value(layout, rest, self.l1, self.l2))
        weights = penalties.are_weights(layout)
        for index, value in zip(indices, values, strict=True):
            if weights[index]:
                found += self.l1 * np.abs(value) + self.l2 * value * value
        return found
