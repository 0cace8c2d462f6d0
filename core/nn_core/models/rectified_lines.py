"""The lesson’s rectified lines, max(m₁x + b₁, 0) + …, with their passes written out by hand."""

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np

from nn_core.arrays import Array, Layout, Place, copied, empty, full
from nn_core.config import Config
from nn_core.errors import RequestError
from nn_core.formatting import times
from nn_core.models.activations import activate
from nn_core.models.dense import Dense, Spot
from nn_core.models.losses import Loss
from nn_core.models.model import Model, Moves, Pass, Targets, precision, require_columns


class RectifiedLines(Model):
    """y = max(m₁x + b₁, 0) + max(m₂x + b₂, 0) + …: a sum of rectified lines, for one input column.

    It is convex and never negative, whatever the parameters: each line enters with weight +1.
    """

    kind = "relu"
    title = "a sum of rectified lines"

    def __init__(
        self,
        slopes: Sequence[float] = (-1.5, 1.5),
        intercepts: Sequence[float] = (-1.5, 1.5),
        dtype: str = "float64",
    ) -> None:
        if len(slopes) != len(intercepts) or not len(slopes):
            raise RequestError(
                f"each line has a slope and an intercept; there are {times(len(slopes), 'slope')} "
                f"and {times(len(intercepts), 'intercept')}"
            )
        dtype = precision(dtype)
        self.lines = np.array([slopes, intercepts], dtype).T.copy()  # one row a line: m, b
        self.flat = self.lines.reshape(-1)
        count = len(self.lines)
        self.layout = Layout(
            Place(f"{letter}{line + 1}", 2 * line + column, is_bias=letter == "b")
            for line in range(count)
            for column, letter in enumerate("mb")
        )
        self.parameters = self.layout.views(self.flat)

    @classmethod
    def start(cls, config: Config, over: Array, outputs: int) -> Self:
        """See `Model.start`."""
        return cls(dtype=config.dtype)

    def arguments(self) -> dict[str, Any]:
        """See `Model.arguments`."""
        slopes, intercepts = self.lines.T.tolist()
        return {"slopes": slopes, "intercepts": intercepts}

    def pieces(self, x: Array) -> Array:
        """Each line rectified, (lines, rows), for x (rows, 1)."""
        slopes, intercepts = self.lines.T[:, :, None]
        return activate("relu", slopes * x.T + intercepts)

    def _predicted(self, x: Array) -> Array:
        """The sum of the rectified lines, (rows, 1)."""
        prediction: Array = self.pieces(x).sum(axis=0)[:, None]
        return prediction

    def describe(self) -> str:
        """See `Model.describe`."""
        count = len(self.lines)
        return "y = " + " + ".join(f"max(m{i}·x + b{i}, 0)" for i in range(1, count + 1))

    def layers(self) -> tuple[Dense, ...]:
        """A layer of units with one input, and a sum whose weights are 1 for ever."""
        count, dtype = len(self.lines), self.flat.dtype
        return (
            Dense("lines", self.lines[:, :1], self.lines[:, 1], "relu"),
            Dense("sum", np.ones((1, count), dtype), np.zeros(1, dtype), "identity", fixed=True),
        )

    def parameter_at(self, index: int) -> Spot:
        """See `Model.parameter_at`."""
        line, column = divmod(index, 2)
        return Spot(0, line, None if column else 0)

    def unit_name(self, layer: int, unit: int) -> str:
        """See `Model.unit_name`."""
        return "y" if layer else f"line {unit + 1}"  # beside m1 and b1

    def unit_parameters(self, layer: int, unit: int) -> list[int]:
        """See `Model.unit_parameters`."""
        return [2 * unit, 2 * unit + 1]

    def votes(self, x: Array, y: Array, loss: Loss, index: int) -> Array:
        """See `Model.votes`."""
        line, is_intercept = divmod(index, 2)
        inputs = self._with_ones(x)
        passed: Array = inputs[is_intercept] * (self.lines[line].dot(inputs) > 0)
        return self._row_slopes(x, y, loss) * passed

    def moved(self, x: Array) -> Callable[[Moves], Array]:
        """The lines that stay as they are, and those that move rectified anew."""
        pieces, inputs = self.pieces(x), self._with_ones(x)

        def predict(moves: Moves) -> Array:
            settings = len(moves[0][1])
            moving = sorted({index // 2 for index, _ in moves})
            staying = [line for line in range(len(self.lines)) if line not in moving]
            predictions = np.tile(pieces[staying].sum(axis=0), (settings, 1))
            for line in moving:
                numbers = np.tile(self.lines[line], (settings, 1))  # m, b
                for index, amounts in moves:
                    if index // 2 == line:
                        numbers[:, index % 2] += amounts
                predictions += np.maximum(numbers @ inputs, 0)
            return predictions[:, None]

        return predict

    def numbers_in_prediction(self, indices: Sequence[int]) -> int:
        """See `Model.numbers_in_prediction`."""
        return 8

    def _with_ones(self, x: Array) -> Array:
        return np.vstack([x.T, np.ones_like(x.T)]).astype(self.flat.dtype)

    def compile(self, x: Array, y: Array, rows: int, loss: Loss, gradient: Array) -> Pass:
        """See `Model.compile`."""
        require_columns(x, self.columns, self.title)
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
        # has to be stretched.  A joint loss would take the copies for outputs of their own.
        copies = 1 if loss.is_joint else count
        predictions = empty((copies, rows), dtype)  # or differences
        targets = None if loss.is_of_difference else Targets(y, rows, dtype, copies)
        # The mean over the rows is taken in `mean_inputs`.
        compiled = loss.compile(predictions, targets.batch if targets else None, "sum")
        slope = compiled.slope
        zeros, passes = full(rectified.shape, 0.0, dtype), empty(rectified.shape, dtype)
        slopes, gradients = empty(rectified.shape, dtype), gradient.reshape(count, 2)
        ones_dot = full((copies, count + 1), 1.0, dtype).dot
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
