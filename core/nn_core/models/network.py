"""The network: dense layers and activations, with both passes written out by hand."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Self

import numpy as np

from nn_core.arrays import Array, Layout, Place, dense_places, empty, full
from nn_core.config import MAXIMUM_PARAMETERS, Config, setting
from nn_core.errors import RequestError
from nn_core.formatting import times, unit_said, unit_short
from nn_core.models.activations import ACTIVATIONS, activate
from nn_core.models.dense import Dense, Spot
from nn_core.models.initializers import INITIALIZERS
from nn_core.models.losses import Loss
from nn_core.models.model import Model, Moves, Pass, Targets, precision, require_columns

ROWS_AT_ONCE = 16_384  # of which votes are taken: what they need stays small


class MLP(Model):
    """A multi-layer perceptron: dense layers with an activation between them, none after the last.

    `sizes` are the widths from input to output, (1, 16, 1) for one hidden layer of 16 units, and
    (2, 1) for none: a linear, or of classes a logistic, regression.
    `activation` is one name for all hidden layers, or one for each; `init` is the rule that the
    first weights are drawn by, from `seed`.  Weights are indexed W[out, in].  `over` is where the
    initialisation "spread" lays the kinks: inputs (rows, inputs), the lesson's range from −2 to 2
    unless given.  `RequestError` beyond `MAXIMUM_PARAMETERS`, and for what no network is made of.
    """

    kind = "mlp"
    title = "this network"
    is_listed_by_layer = True

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str | Sequence[str] = "relu",
        init: str = "spread",
        seed: int = 0,
        dtype: str = "float64",
        over: Array | None = None,
    ) -> None:
        self.sizes, self.activations = _sizes(sizes), _activations(activation, len(sizes) - 2)
        self.columns, dtype, init = self.sizes[0], precision(dtype), _initializer(init)
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
            places += dense_places(layer, units, inputs, start)
            end = start + units * (inputs + 1)
            self.blocks.append(self.flat[start:end].reshape(units, inputs + 1))
            start = end
        self.layout = Layout(places)
        self.parameters = self.layout.views(self.flat)
        if over is None:
            over = np.repeat(np.linspace(-2.0, 2.0, 32)[:, None], self.sizes[0], axis=1)
        self._initialize(init, np.random.default_rng(seed), over)

    @np.errstate(all="ignore")  # a start that overflows is told by the loss, as a divergence is
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

    @classmethod
    def start(cls, config: Config, over: Array, outputs: int) -> Self:
        """See `Model.start`."""
        sizes = (over.shape[1], *config.hidden, outputs)
        try:
            return cls(sizes, config.activation, config.init, config.seed, config.dtype, over)
        except MemoryError:
            raise RequestError(
                f"a network of {' → '.join(map(str, sizes))} doesn’t fit into memory; "
                "smaller hidden layers would"
            ) from None

    def settings(self) -> dict[str, Any]:
        """See `Model.settings`."""
        shape: dict[str, Any] = {"hidden": self.sizes[1:-1]}
        if self.activations:
            shape["activation"] = self.activations
        return super().settings() | shape

    def arguments(self) -> dict[str, Any]:
        """See `Model.arguments`."""
        return {"sizes": self.sizes, "activation": self.activations}

    def _predicted(self, x: Array) -> Array:
        """Predictions (rows, outputs)."""
        return self.outputs(x)[-1].T

    def describe(self) -> str:
        """1 → 16 ReLU → 1."""
        names = [*(ACTIVATIONS[name].words for name in self.activations), ""]
        widths = zip(self.sizes[1:], names, strict=True)
        chain = [f"{units} {name}".rstrip() for units, name in widths]
        return " → ".join([str(self.sizes[0]), *chain])

    def layers(self) -> tuple[Dense, ...]:
        """See `Model.layers`."""
        return tuple(
            Dense(str(2 * at), block[:, :-1], block[:, -1], activation)
            for at, (block, activation) in enumerate(
                zip(self.blocks, (*self.activations, "identity"), strict=True)
            )
        )

    def parameter_at(self, index: int) -> Spot:
        """See `Model.parameter_at`; `IndexError` beyond the last parameter."""
        for layer, block in enumerate(self.blocks):
            if index < block.size:
                unit, column = divmod(index, block.shape[1])
                return Spot(layer, unit, None if column == block.shape[1] - 1 else column)
            index -= block.size
        raise IndexError("there is no such parameter")

    def unit_name(self, layer: int, unit: int) -> str:
        """See `Model.unit_name`."""
        return unit_short(layer, unit)

    def unit_said(self, layer: int, unit: int) -> str:
        """See `Model.unit_said`."""
        return unit_said(layer, unit)

    def unit_parameters(self, layer: int, unit: int) -> list[int]:
        """See `Model.unit_parameters`."""
        weight, bias, following = self.layout.places[2 * layer : 2 * layer + 3]
        return [
            *(weight.index((unit, at)) for at in range(weight.shape[1])),
            bias.index((unit,)),
            *(following.index((at, unit)) for at in range(following.shape[0])),
        ]

    # --- questions that concern each row ------------------------------------------------------

    def votes(self, x: Array, y: Array, loss: Loss, index: int) -> Array:
        """See `Model.votes`."""
        spot, parts, loss = self.parameter_at(index), list[Array](), loss.among(y)
        column = -1 if spot.input is None else spot.input  # a bias meets the ones, the last row
        for start in range(0, len(x), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            incoming, at_sums = self.row_by_row(x[part], y[part], loss)
            parts.append(at_sums[spot.layer][spot.unit] * incoming[spot.layer][column])
        return np.concatenate(parts)

    def row_by_row(self, x: Array, y: Array, loss: Loss) -> tuple[list[Array], list[Array]]:
        """A forward and a backward pass that keep what belongs to each row.

        For each layer what comes into it, (inputs + 1, rows) with the biases' ones at the end, and
        ∂(a row's loss)/∂(its sums), (units, rows).  Last in the first list is the prediction.
        """
        dtype = self.flat.dtype
        incoming, chains, coming = [], [], x.T.astype(dtype)
        for layer, block in enumerate(self.blocks):
            with_ones = np.vstack([coming, np.ones((1, len(x)), dtype)])
            incoming.append(with_ones)
            coming = block.dot(with_ones)
            if layer < len(self.activations):
                slope = np.empty_like(coming)
                activation = ACTIVATIONS[self.activations[layer]].compile(coming, slope)
                activation.apply()
                chains.append((slope, activation.chain))
        at_sums = [loss.row_slopes(coming, y.T.astype(dtype))]
        for block, (below, chain) in zip(self.blocks[:0:-1], chains[::-1], strict=True):
            below[...] = block[:, :-1].T.dot(at_sums[0])
            chain()
            at_sums.insert(0, below)
        return [*incoming, coming], at_sums

    def moved(self, x: Array) -> Callable[[Moves], Array]:
        """Only what the moved parameters reach is worked out: the layers after them."""
        layers, here, incoming = self.layers(), [], self.inputs(x)
        for layer in layers:
            sums = layer.products(incoming) + layer.bias[:, None]
            here.append((incoming, sums))
            incoming = activate(layer.activation, sums)
        return partial(self._moved_from, here)

    def _moved_from(self, here: list[tuple[Array, Array]], moves: Moves) -> Array:
        """Layer by layer, which units' outputs are moved, and by how much (units, settings, rows).

        `here` is what comes into each layer, (inputs, rows), and its sums, (units, rows), unmoved.
        """
        places = [(self.parameter_at(index), amounts) for index, amounts in moves]
        units, moved = np.empty(0, int), np.empty((0, 0, 0), self.flat.dtype)
        for layer, (block, (incoming, sums)) in enumerate(zip(self.blocks, here, strict=True)):
            own: dict[int, Array] = {}
            for spot, amounts in places:
                if spot.layer == layer:
                    change = _own_change(incoming, units, moved, spot.input, amounts)
                    own[spot.unit] = own.get(spot.unit, 0) + change
            if len(units):
                _, settings, rows = moved.shape
                reached = block[:, units] @ moved.reshape(len(units), -1)
                units, moved = np.arange(len(block)), reached.reshape(len(block), settings, rows)
                for unit, change in own.items():
                    moved[unit] += change
            elif own:
                units, moved = np.array([*own]), np.stack([*own.values()])
            if len(units) and layer < len(self.activations):
                moved += sums[units, None]
                ACTIVATIONS[self.activations[layer]].compile(moved, moved).apply()
                moved -= here[layer + 1][0][units, None]
        outputs = np.repeat(here[-1][1][:, None], len(moves[0][1]), axis=1)
        outputs[units] += moved
        return np.moveaxis(outputs, 0, 1)

    def numbers_in_prediction(self, indices: Sequence[int]) -> int:
        """See `Model.numbers_in_prediction`."""
        first = min(self.parameter_at(index).layer for index in indices)
        sizes = self.sizes[first + 2 :]
        # The layer after the moved unit takes its change alone; from there on, all units reach all.
        products = sum(one * other for one, other in pairwise(sizes))
        return 4 + 4 * sum(sizes) + products // 4

    # --- training -----------------------------------------------------------------------------

    def compile(self, x: Array, y: Array, rows: int, loss: Loss, gradient: Array) -> Pass:
        """See `Model.compile`."""
        require_columns(x, self.columns, self.title)
        dtype = self.flat.dtype
        data, targets = np.ascontiguousarray(x.T, dtype), Targets(y, rows, dtype)
        # inputs[k] is what comes into layer k, with a row of ones below it for the bias.
        inputs = [full((width + 1, rows), 1.0, dtype) for width in self.sizes[:-1]]
        batch = inputs[0][:-1]
        batch[:] = data[:, :rows]
        predictions = empty((self.sizes[-1], rows), dtype)  # or differences
        outputs = [below[:-1] for below in inputs[1:]] + [predictions]
        takes_difference, target = loss.is_of_difference, targets.batch
        compiled = loss.compile(predictions, None if takes_difference else target, "mean")
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
        subtract = np.subtract
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
            if takes_difference:
                subtract(predictions, target, predictions)

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


def _sizes(given: Sequence[int]) -> tuple[int, ...]:
    """Widths as whole numbers; `RequestError` where they are none of a network."""
    sizes = setting("hidden").taken(list(given) if isinstance(given, Iterable) else given)
    if len(sizes) < 2 or not all(type(size) is int and size > 0 for size in sizes):
        raise RequestError(
            "sizes are whole numbers from 1, the inputs first, the outputs last, as (1, 16, 1); "
            f"not {given!r:.60}"
        )
    found: tuple[int, ...] = sizes
    return found


def _activations(given: str | Sequence[str], hidden: int) -> tuple[str, ...]:
    """The activation of each hidden layer; `RequestError` where that can't be told."""
    names: tuple[str, ...] = setting("activation").taken(given if given else ())
    if names:
        setting("activation").validate(names)
    if len(names) == 1:
        return names * hidden
    if len(names) != hidden:
        raise RequestError(
            f"activation names {times(len(names), 'layer')}; {hidden} of them are hidden"
        )
    return names


def _initializer(given: str) -> str:
    name: str = setting("init").taken(given)
    setting("init").validate(name)
    return name


def _own_change(
    incoming: Array, units: Array, moved: Array, at: int | None, amounts: Array
) -> Array:
    """What a moved weight or bias itself does to its unit's sum: (settings, rows)."""
    rows = incoming.shape[1]
    if at is None:
        return np.repeat(amounts[:, None], rows, axis=1)
    found: Array = amounts[:, None] * incoming[at]
    if at in units:
        found += amounts[:, None] * moved[int(np.flatnonzero(units == at)[0])]
    return found
