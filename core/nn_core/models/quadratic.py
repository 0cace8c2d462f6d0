"""The lesson’s quadratic, y = a·x² + b·x + c, with its passes written out by hand."""

from functools import partial

import numpy as np

from nn_core.arrays import Array, Layout, Place, copied, empty
from nn_core.models.losses import Loss
from nn_core.models.model import Pass, Targets, require_columns


class Quadratic:
    """y = a·x² + b·x + c, for one input column."""

    kind = "quadratic"
    layout = Layout([Place("a", 0), Place("b", 1), Place("c", 2, is_bias=True)])

    def __init__(
        self, a: float = 1.1, b: float = 1.1, c: float = 1.1, dtype: str = "float64"
    ) -> None:
        self._coefficients = np.array([a, b, c, 1.0], dtype)
        self.flat = self._coefficients[:3]
        self.parameters = self.layout.views(self.flat)

    def astype(self, dtype: str) -> "Quadratic":
        """A copy in another precision."""
        a, b, c = self.flat.tolist()
        return Quadratic(a, b, c, dtype)

    def predict(self, x: Array) -> Array:
        """a·x² + b·x + c, shaped as x."""
        a, b, c = self.flat
        prediction: Array = (a * x + b) * x + c
        return prediction

    def compile(self, x: Array, y: Array, rows: int, loss: Loss, gradient: Array) -> Pass:
        """See `Model.compile`."""
        require_columns(x, 1, "the quadratic")
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
