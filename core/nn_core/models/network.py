"""The network: dense layers and activations, with both passes written out by hand."""

from collections.abc import Sequence

import numpy as np

from nn_core.arrays import Array, Layout, Place, dense_places, empty, full
from nn_core.config import MAXIMUM_PARAMETERS
from nn_core.errors import RequestError
from nn_core.models.activations import ACTIVATIONS, activate
from nn_core.models.initializers import INITIALIZERS
from nn_core.models.losses import Loss
from nn_core.models.model import Pass, Targets, require_columns


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
            last = layer == len(self.blocks) - 1
            start = INITIALIZERS[init].layer(random, len(block), incoming, last)
            block[:, :-1], block[:, -1] = start
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

    def compile(self, x: Array, y: Array, rows: int, loss: Loss, gradient: Array) -> Pass:
        """See `Model.compile`."""
        require_columns(x, self.sizes[0], "this network")
        dtype = self.flat.dtype
        data, targets = np.ascontiguousarray(x.T, dtype), Targets(y, rows, dtype)
        # inputs[k] is what comes into layer k, with a row of ones below it for the bias.
        inputs = [full((width + 1, rows), 1.0, dtype) for width in self.sizes[:-1]]
        batch = inputs[0][:-1]
        batch[:] = data[:, :rows]
        predictions = empty((self.sizes[-1], rows), dtype)
        outputs = [below[:-1] for below in inputs[1:]] + [predictions]
        compiled = loss.compile(predictions, targets.batch, "mean")
        # slopes[k] is ∂loss/∂(layer k's sums), the "delta" of the textbooks.  Below each hidden
        # layer's lies a row for the bias, which nothing reads: so [W | b]ᵀ · slope can be taken as
        # it lies in memory, where Wᵀ alone would have to be copied first.
        whole_slopes = [empty(below.shape, dtype) for below in inputs[1:]]
        slopes = [whole[:-1] for whole in whole_slopes] + [compiled.slope]
        activations = [
            ACTIVATIONS[name].compile(output, slope)
            for name, output, slope in zip(self.activations, outputs[:-1], slopes[:-1], strict=True)
        ]
        gradients = [
            gradient[place.start :][: block.size].reshape(block.shape)
            for place, block in zip(self.layout.places[::2], self.blocks, strict=True)
        ]
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
                slopes[layer].dot,
                inputs[layer].T,
                gradients[layer],
                self.blocks[layer].T.dot,
                slopes[layer],
                whole_slopes[layer - 1],
                activations[layer - 1].chain,
            )
            for layer in range(len(self.blocks) - 1, 0, -1)
        ]
        first_slope_dot, first_input, first_gradient = slopes[0].dot, inputs[0].T, gradients[0]

        def load(order: Array) -> None:
            data.take(order, axis=1, out=batch, mode="clip")
            targets.load(order)

        def forward() -> None:
            for block_dot, below, output, apply in hidden_forward:
                block_dot(below, output)  # W·x + b
                apply()
            last_dot(last_input, predictions)

        def backward() -> None:
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

        return Pass(forward, compiled.measure, compiled.mean, backward, compiled.slope, load)
