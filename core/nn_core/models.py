"""The models, each with its forward and its backward pass written out by hand.

A model owns one flat vector of parameters and names for its parts.  Rows come first in everything
public: x is (rows, inputs), a prediction is (rows, outputs).  Inside, arrays are feature-major,
(features, rows), so that a layer is one matrix product W·x that BLAS can write in place.

`compile` binds a model to a batch: it allocates every array that a pass needs and returns a `Pass`
whose three parts are the phases of a training step.  Read `backward` beside `forward`: each line
of the one undoes a line of the other, by the chain rule.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np

from nn_core.activations import ACTIVATIONS, activate
from nn_core.arrays import Array, Layout, Place, copied, dense_places, empty, full
from nn_core.config import MAXIMUM_PARAMETERS
from nn_core.errors import RequestError
from nn_core.initializers import INITIALIZERS
from nn_core.losses import LOSSES


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

    def compile(self, x: Array, y: Array, rows: int, loss: str, gradient: Array) -> Pass:
        """See `Model.compile`."""
        _require_columns(x, 1, "the quadratic")
        # The target joins the inputs as a fourth row, so that (a, b, c, 1) · design is already
        # prediction − target: one product where there would be a product and a subtraction.
        data = np.vstack([x.T**2, x.T, np.ones_like(x.T), -y.T]).astype(self.flat.dtype)
        design = copied(data[:, :rows], data.dtype)
        mean_design = copied(design[:3] / rows, data.dtype)  # ∂(mean prediction)/∂(a, b, c)
        residual = empty(rows, data.dtype)
        compiled = LOSSES[loss].compile(residual, 1.0)

        def load(order: Array) -> None:
            data.take(order, axis=1, out=design, mode="clip")
            np.divide(design[:3], rows, out=mean_design)

        forward = partial(self._coefficients.dot, design, residual)
        # ∂loss/∂a = mean of slope · x², ∂loss/∂b = mean of slope · x, ∂loss/∂c = mean of slope
        backward: Callable[[], object] = partial(mean_design.dot, compiled.slope, gradient)
        if compiled.derivative is not None:
            backward = one_after_another(compiled.derivative, backward)
        return Pass(forward, compiled.total, compiled.mean, backward, residual, load)


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
        _require_columns(x, 1, "a sum of rectified lines")
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


class MLP:
    """A multi-layer perceptron: dense layers with an activation between them, none after the last.

    `sizes` are the widths from input to output, (1, 16, 1) for one hidden layer of 16 units.
    `activation` is one name for all hidden layers, or one for each; `init` is the rule that the
    first weights are drawn by, from `seed`.  Weights are indexed W[out, in].  `over` is where the
    initialisation "spread" lays the kinks: inputs (rows, inputs), the lesson's range from −2 to 2
    unless given.  `RequestError` beyond `MAXIMUM_PARAMETERS`.
    """

    kind = "mlp"

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str | Sequence[str] = "relu",
        init: str = "spread",
        seed: int = 0,
        dtype: str = "float64",
        over: Array | None = None,
    ) -> None:
        self.sizes = tuple(sizes)
        names = (activation,) if isinstance(activation, str) else tuple(activation)
        hidden = len(self.sizes) - 2
        self.activations = names * hidden if len(names) == 1 else names  # of each hidden layer
        shapes = list(zip(self.sizes[1:], self.sizes, strict=False))  # (units, inputs)
        size = sum(units * (inputs + 1) for units, inputs in shapes)
        if size > MAXIMUM_PARAMETERS:
            raise RequestError(
                f"a network of {' → '.join(map(str, self.sizes))} has {size:,} parameters; "
                f"at most {MAXIMUM_PARAMETERS:,} are taken"
            )
        self.flat = empty(size, dtype)
        places: list[Place] = []
        self.blocks: list[Array] = []  # [W | b] of each layer, views into flat
        start = 0
        for layer, (units, inputs) in enumerate(shapes):
            places += dense_places(2 * layer, units, inputs, start)
            end = start + units * (inputs + 1)
            self.blocks.append(self.flat[start:end].reshape(units, inputs + 1))
            start = end
        self.layout = Layout(places)
        self.parameters = self.layout.views(self.flat)
        if over is None:
            over = np.repeat(np.linspace(-2.0, 2.0, 32)[:, None], self.sizes[0], axis=1)
        self._initialize(init, np.random.default_rng(seed), over)

    def _initialize(self, init: str, random: np.random.Generator, over: Array) -> None:
        incoming = over.T
        for layer, block in enumerate(self.blocks):
            units, inputs = block.shape[0], block.shape[1] - 1
            last = layer == len(self.blocks) - 1
            # The last layer's sum isn't rectified: it has no kinks to spread.
            rule = INITIALIZERS["pytorch" if last and init == "spread" else init]
            block[:, :-1], block[:, -1] = rule(random, units, inputs, incoming)
            if not last:
                incoming = activate(self.activations[layer], self._sums(block, incoming))

    @staticmethod
    def _sums(block: Array, incoming: Array) -> Array:
        sums: Array = block[:, :-1] @ incoming + block[:, -1:]
        return sums

    def astype(self, dtype: str) -> "MLP":
        """A copy in another precision."""
        copy = MLP(self.sizes, self.activations, dtype=dtype)
        copy.flat[:] = self.flat
        return copy

    def layers(self, x: Array) -> list[Array]:
        """What each layer puts out, (units, rows) each, for x (rows, inputs)."""
        outputs, incoming = [], x.T.astype(self.flat.dtype)
        for block, name in zip(self.blocks, self.activations, strict=False):
            incoming = activate(name, self._sums(block, incoming))
            outputs.append(incoming)
        return [*outputs, self._sums(self.blocks[-1], incoming)]

    def predict(self, x: Array) -> Array:
        """Predictions (rows, outputs)."""
        return self.layers(x)[-1].T

    def compile(self, x: Array, y: Array, rows: int, loss: str, gradient: Array) -> Pass:
        """See `Model.compile`."""
        _require_columns(x, self.sizes[0], "this network")
        dtype = self.flat.dtype
        data, targets = np.ascontiguousarray(x.T, dtype), np.ascontiguousarray(y.T, dtype)
        target = targets[:, :rows].copy()  # never a view: `load` writes to it
        # inputs[k] is what comes into layer k, with a row of ones below it for the bias.
        inputs = [full((width + 1, rows), 1.0, dtype) for width in self.sizes[:-1]]
        batch = inputs[0][:-1]
        batch[:] = data[:, :rows]
        residual = empty((self.sizes[-1], rows), dtype)
        outputs = [below[:-1] for below in inputs[1:]] + [residual]
        compiled = LOSSES[loss].compile(residual, 1.0 / residual.size)
        # slopes[k] is ∂loss/∂(layer k's sums), the "delta" of the textbooks.  Below each hidden
        # layer's lies a row for the bias, which nothing reads: so [W | b]ᵀ · slope can be taken as
        # it lies in memory, where Wᵀ alone would have to be copied first.
        whole_slopes = [empty(below.shape, dtype) for below in inputs[1:]]
        slopes = [whole[:-1] for whole in whole_slopes] + [compiled.slope]
        activations = [
            ACTIVATIONS[name](output, slope)
            for name, output, slope in zip(self.activations, outputs[:-1], slopes[:-1], strict=True)
        ]
        gradients = [
            gradient[place.start :][: block.size].reshape(block.shape)
            for place, block in zip(self.layout.places[::2], self.blocks, strict=True)
        ]
        subtract, derivative = np.subtract, compiled.derivative
        # Bound once: what is looked up in a step costs as much as the arithmetic of a small layer.
        hidden_forward = [
            (block.dot, below, output, activation.apply)
            for block, below, output, activation in zip(
                self.blocks, inputs, outputs, activations, strict=False
            )
        ]
        last_dot, last_input = self.blocks[-1].dot, inputs[-1]
        hidden_backward = [
            (
                slopes[layer].dot, inputs[layer].T, gradients[layer],
                self.blocks[layer].T.dot, slopes[layer],
                whole_slopes[layer - 1], activations[layer - 1].chain,
            )
            for layer in range(len(self.blocks) - 1, 0, -1)
        ]  # fmt: skip
        first_slope_dot, first_input, first_gradient = slopes[0].dot, inputs[0].T, gradients[0]

        def load(order: Array) -> None:
            data.take(order, axis=1, out=batch, mode="clip")
            targets.take(order, axis=1, out=target, mode="clip")

        def forward() -> None:
            for block_dot, below, output, apply in hidden_forward:
                block_dot(below, output)  # W·x + b
                apply()
            last_dot(last_input, residual)
            subtract(residual, target, residual)

        def backward() -> None:
            if derivative is not None:
                derivative()  # ∂loss/∂prediction, into the last layer's slope
            for (
                slope_dot,
                below,
                own_gradient,
                weight_dot,
                slope,
                slope_below,
                chain,
            ) in hidden_backward:
                slope_dot(below, own_gradient)  # ∂loss/∂[W | b] = slope · inputsᵀ
                weight_dot(slope, slope_below)  # ∂loss/∂inputs = Wᵀ · slope
                chain()  # … · ∂activation/∂sum: now it is ∂loss/∂(the sums of the layer below)
            first_slope_dot(first_input, first_gradient)  # nothing lies below the first layer

        return Pass(forward, compiled.total, compiled.mean, backward, residual, load)


def one_after_another(
    first: Callable[[], object], second: Callable[[], object]
) -> Callable[[], object]:
    """A function that calls both, in this order."""

    def both() -> None:
        first()
        second()

    return both


def _require_columns(x: Array, columns: int, what: str) -> None:
    if x.shape[1] != columns:
        raise RequestError(
            f"{what} takes {columns} input column{'s' * (columns != 1)}; the data has {x.shape[1]}"
        )


def describe(model: Any) -> str:
    """The model as a formula or a chain of layers."""
    if isinstance(model, Quadratic):
        return "y = a·x² + b·x + c"
    if isinstance(model, RectifiedLines):
        count = len(model.lines)
        return "y = " + " + ".join(f"max(m{i}·x + b{i}, 0)" for i in range(1, count + 1))
    names = [name.replace("relu", "ReLU") for name in model.activations]
    hidden = " → ".join(
        f"{size} {name}" for size, name in zip(model.sizes[1:-1], names, strict=True)
    )
    return f"{model.sizes[0]} → {hidden} → {model.sizes[-1]}"
