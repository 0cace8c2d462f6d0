"""The lesson’s quadratic, y = a·x² + b·x + c, with its passes written out by hand."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self

import numpy as np

from nn_core.arrays import Array, Layout, Place, copied, empty
from nn_core.config import Config
from nn_core.models.dense import Dense, Spot
from nn_core.models.losses import Loss
from nn_core.models.model import Model, Moves, Pass, Targets, precision, require_columns


class Quadratic(Model):
    """y = a·x² + b·x + c, for one input column."""

    kind = "quadratic"
    title = "the quadratic"
    layout = Layout([Place("a", 0), Place("b", 1), Place("c", 2, is_bias=True)])

    def __init__(
        self, a: float = 1.1, b: float = 1.1, c: float = 1.1, dtype: str = "float64"
    ) -> None:
        self._coefficients = np.array([a, b, c, 1.0], precision(dtype))
        self.flat = self._coefficients[:3]
        self.parameters = self.layout.views(self.flat)

    @classmethod
    def start(cls, config: Config, over: Array, outputs: int) -> Self:
        """See `Model.start`."""
        return cls(dtype=config.dtype)

    def arguments(self) -> dict[str, Any]:
        """See `Model.arguments`."""
        return {}

    def _predicted(self, x: Array) -> Array:
        """a·x² + b·x + c."""
        a, b, c = self.flat
        prediction: Array = (a * x + b) * x + c
        return prediction

    def describe(self) -> str:
        """See `Model.describe`."""
        return "y = a·x² + b·x + c"

    def layers(self) -> tuple[Dense, ...]:
        """One neuron whose inputs are x² and x."""
        return (Dense("neuron", self.flat[None, :2], self.flat[2:], "identity"),)

    def inputs(self, x: Array) -> Array:
        """x² and x, (2, rows)."""
        incoming = super().inputs(x)
        return np.vstack([incoming**2, incoming])

    def input_names(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """See `Model.input_names`."""
        return f"{columns[0]}²", columns[0]

    def parameter_at(self, index: int) -> Spot:
        """See `Model.parameter_at`."""
        return Spot(0, 0, None if index == 2 else index)

    def unit_name(self, layer: int, unit: int) -> str:
        """See `Model.unit_name`."""
        return "y"

    def votes(self, x: Array, y: Array, loss: Loss, index: int) -> Array:
        """See `Model.votes`."""
        power: Array = x[:, 0].astype(self.flat.dtype) ** (2 - index)
        return self._row_slopes(x, y, loss) * power

    def moved(self, x: Array) -> Callable[[Moves], Array]:
        """Linear in a, b, c: the prediction here, and so much of x², x and 1 more."""
        terms = np.hstack([x**2, x, np.ones_like(x)]).T

        def predict(moves: Moves) -> Array:
            rows = [self.predict(x)[:, 0], *(terms[index] for index, _ in moves)]
            here = np.ones_like(moves[0][1])
            factors = np.column_stack([here, *(amounts for _, amounts in moves)])
            predictions: Array = factors @ np.stack(rows).astype(self.flat.dtype)
            return predictions[:, None]

        return predict

    def numbers_in_prediction(self, indices: Sequence[int]) -> int:
        """See `Model.numbers_in_prediction`."""
        return 4

    def compile(self, x: Array, y: Array, rows: int, loss: Loss, gradient: Array) -> Pass:
        """See `Model.compile`."""
        require_columns(x, self.columns, self.title)
        # Where the loss is of the difference, the target joins the inputs as a fourth row, so that
        # (a, b, c, 1) · design is already prediction − target: one product where there would be a
        # product and a subtraction.
        fourth = -y.T if loss.is_of_difference else np.zeros_like(y.T)
        data = np.vstack([x.T**2, x.T, np.ones_like(x.T), fourth]).astype(self.flat.dtype)
        design = copied(data[:, :rows], data.dtype)
        mean_design = copied(design[:3] / rows, data.dtype)  # ∂(mean prediction)/∂(a, b, c)
        predictions = empty(rows, data.dtype)  # or differences
        targets = None if loss.is_of_difference else Targets(y, rows, data.dtype)
        compiled = loss.compile(
            predictions[None], targets.batch if targets else None, "sum"
        )  # the mean is taken in `mean_design`

        def load(order: Array) -> None:
            data.take(order, axis=1, out=design, mode="clip")
            np.divide(design[:3], rows, out=mean_design)
            if targets:
                targets.load(order)

        forward = partial(self._coefficients.dot, design, predictions)
        # ∂loss/∂a = mean of slope · x², ∂loss/∂b = mean of slope · x, ∂loss/∂c = mean of slope
        backward = partial(mean_design.dot, compiled.slope[0], gradient)
        return Pass(forward, compiled.measure, compiled.mean, backward, compiled.slope, load)
