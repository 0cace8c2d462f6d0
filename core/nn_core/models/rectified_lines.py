"""The lesson’s rectified lines, max(m₁x + b₁, 0) + …, with their passes written out by hand."""

from collections.abc import Sequence

import numpy as np

from nn_core.arrays import Array, Layout, Place, copied, empty, full
from nn_core.models.activations import activate
from nn_core.models.losses import Loss
from nn_core.models.model import Pass, Targets, require_columns


class RectifiedLines:
    """y = max(m₁x + b₁, 0) + max(m₂x + b₂, 0) + …: a sum of rectified lines, for one input column.

    It is convex and never negative, whatever the parameters: each line enters with weight +1.
    """

    kind = "relu"

    def __init__(
        self,
        slopes: Sequence[float] = (-1.5, 1.5),
        intercepts: Sequence[float] = (-1.5, 1.5),
        dtype: str = "float64",
    ) -> None:
        self.lines = np.array([slopes, intercepts], dtype).T.copy()  # one row a line: m, b
        self.flat = self.lines.reshape(-1)
        count = len(self.lines)
        self.layout = Layout(
            Place(f"{letter}{line + 1}", 2 * line + column, is_bias=letter == "b")
            for line in range(count)
            for column, letter in enumerate("mb")
        )
        self.parameters = self.layout.views(self.flat)

    def astype(self, dtype: str) -> "RectifiedLines":
        """A copy in another precision."""
        slopes, intercepts = self.lines.T.tolist()
        return RectifiedLines(slopes, intercepts, dtype)

    def pieces(self, x: Array) -> Array:
        """Each line rectified, (lines, rows), for x (rows, 1)."""
        slopes, intercepts = self.lines.T[:, :, None]
        return activate("relu", slopes * x.T + intercepts)

    def predict(self, x: Array) -> Array:
        """The sum of the rectified lines, (rows, 1)."""
        prediction: Array = self.pieces(x).sum(axis=0)[:, None]
        return prediction

    def compile(self, x: Array, y: Array, rows: int, loss: Loss, gradient: Array) -> Pass:
        """See `Model.compile`."""
        require_columns(x, 1, "a sum of rectified lines")
        dtype, count = self.flat.dtype, len(self.lines)
        third = -y.T if loss.is_of_difference else np.zeros_like(y.T)
        data = np.vstack([x.T, np.ones_like(x.T), third]).astype(dtype)
        inputs = copied(data[:2, :rows], dtype)  # x, 1
        mean_inputs = copied(inputs.T / rows, dtype)
        # Where the loss is of the difference, −y stands below the rectified lines, so that their
        # sum is already prediction − target.
        terms = empty((count + 1, rows), dtype)
        rectified, last_term = terms[:count], terms[count]
        last_term[:] = data[2, :rows]
        # The sum stands there once for each line: arrays of one shape multiply faster than one that
        # has to be stretched.
        predictions = empty((count, rows), dtype)  # or differences
        targets = None if loss.is_of_difference else Targets(y, rows, dtype, copies=count)
        # The mean over the rows is taken in `mean_inputs`.
        compiled = loss.compile(predictions, targets.batch if targets else None, "sum")
        slope = compiled.slope
        zeros, passes = full(rectified.shape, 0.0, dtype), empty(rectified.shape, dtype)
        slopes, gradients = empty(rectified.shape, dtype), gradient.reshape(count, 2)
        ones_dot = full((count, count + 1), 1.0, dtype).dot
        lines_dot, slopes_dot = self.lines.dot, slopes.dot
        maximum, sign, multiply = np.maximum, np.sign, np.multiply

        def load(order: Array) -> None:
            data[:2].take(order, axis=1, out=inputs, mode="clip")
            data[2].take(order, out=last_term, mode="clip")
            np.divide(inputs.T, rows, out=mean_inputs)
            if targets:
                targets.load(order)

        def forward() -> None:
            lines_dot(inputs, rectified)  # m·x + b
            maximum(rectified, zeros, out=rectified)  # max(…, 0)
            ones_dot(terms, predictions)  # their sum

        def backward() -> None:
            sign(rectified, passes)  # 1 where a line counts, 0 where it is cut off
            multiply(passes, slope, slopes)  # ∂loss/∂prediction is the same for each term of a sum
            slopes_dot(mean_inputs, gradients)  # ∂(m·x + b)/∂m = x, ∂/∂b = 1; mean over the rows

        return Pass(forward, compiled.measure, compiled.mean, backward, slope, load)
