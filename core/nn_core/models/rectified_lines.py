"""The lesson’s rectified lines, max(m₁x + b₁, 0) + …, with their passes written out by hand."""

from collections.abc import Sequence

import numpy as np

from nn_core.arrays import Array, Layout, Place, copied, empty, full
from nn_core.models.activations import activate
from nn_core.models.losses import LOSSES
from nn_core.models.model import Pass, require_columns


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

    def compile(self, x: Array, y: Array, rows: int, loss: str, gradient: Array) -> Pass:
        """See `Model.compile`."""
        require_columns(x, 1, "a sum of rectified lines")
        dtype, count = self.flat.dtype, len(self.lines)
        data = np.vstack([x.T, np.ones_like(x.T), -y.T]).astype(dtype)
        inputs = copied(data[:2, :rows], dtype)  # x, 1
        mean_inputs = copied(inputs.T / rows, dtype)
        # Below the rectified lines stands −y, so that their sum is already the residual.
        terms = empty((count + 1, rows), dtype)
        rectified, minus_target = terms[:count], terms[count]
        minus_target[:] = data[2, :rows]
        # The residual stands there once for each line: arrays of one shape multiply faster than
        # one that has to be stretched.
        residual = empty((count, rows), dtype)
        compiled = LOSSES[loss].compile(residual, 1.0)
        slope, derivative = compiled.slope, compiled.derivative
        zeros, passes = full(rectified.shape, 0.0, dtype), empty(rectified.shape, dtype)
        slopes, gradients = empty(rectified.shape, dtype), gradient.reshape(count, 2)
        ones_dot = full((count, count + 1), 1.0, dtype).dot
        lines_dot, slopes_dot = self.lines.dot, slopes.dot
        maximum, sign, multiply = np.maximum, np.sign, np.multiply

        def load(order: Array) -> None:
            data[:2].take(order, axis=1, out=inputs, mode="clip")
            data[2].take(order, out=minus_target, mode="clip")
            np.divide(inputs.T, rows, out=mean_inputs)

        def forward() -> None:
            lines_dot(inputs, rectified)  # m·x + b
            maximum(rectified, zeros, out=rectified)  # max(…, 0)
            ones_dot(terms, residual)  # their sum, less the target

        def backward() -> None:
            if derivative is not None:
                derivative()  # slope = ∂(row's loss)/∂prediction, the same for each term of a sum
            sign(rectified, passes)  # 1 where a line counts, 0 where it is cut off
            multiply(passes, slope, slopes)
            slopes_dot(mean_inputs, gradients)  # ∂(m·x + b)/∂m = x, ∂/∂b = 1; mean over the rows

        return Pass(forward, compiled.total, compiled.mean, backward, residual, load)
