"""The landscape: the loss over the values of one or two parameters, all others held.

Every combination of values is a *setting*.  All settings are worked out at once, as one array
(settings, rows), and only what the changed parameters reach: of the quadratic a product of three
numbers a row, of a network the layers after the changed weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from nn_core.arrays import Array
from nn_core.models import MLP, Quadratic, RectifiedLines
from nn_core.models.activations import ACTIVATIONS, activate
from nn_core.models.losses import Loss
from nn_core.optim import penalties

PIECE = 60_000  # numbers worked out at once: they stay in the processor's cache


@dataclass(frozen=True, eq=False)
class LossSurface:
    """What a loss is taken of: a model at its parameters, the rows, and the penalties.

    `x` is (rows, inputs), `y` (rows, outputs).  The model is left as it is, and must be: once
    its parameters are others, it takes another surface.
    """

    model: Any
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
        reached = self.y.size * max(1, cost(self.model, indices) // 4)
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

    def _predict(self, moves: "Moves") -> Array:
        if isinstance(self.model, Quadratic):
            return _of_quadratic(self.model, self.x, moves)[:, None]
        if isinstance(self.model, RectifiedLines):
            return _of_lines(self.model, self.x, moves)[:, None]
        return _of_network(self.model, self._layers, moves)

    @cached_property
    def _layers(self) -> "Layers":
        """What a network's layers take in and sum up here, worked out once for all settings."""
        return _layers(self.model, self.x)

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


def cost(model: Any, indices: Sequence[int]) -> int:
    """About how many numbers have to be worked out for one row at one setting."""
    if not isinstance(model, MLP):
        return 4 if isinstance(model, Quadratic) else 8
    first = min(_find(model, index)[0] for index in indices)
    sizes = model.sizes[first + 2 :]
    # The layer after the changed unit takes its change alone; from there on, all units reach all.
    products = sum(one * other for one, other in pairwise(sizes))
    return 4 + 4 * sum(sizes) + products // 4


# --- predictions where some parameters have moved ----------------------------------------------

Moves = Sequence[tuple[int, Array]]  # flat index, and by how much at each setting


def _of_quadratic(model: Quadratic, x: Array, moves: Moves) -> Array:
    """Linear in a, b, c: the prediction here, and so much of x², x and 1 more."""
    terms = np.hstack([x**2, x, np.ones_like(x)]).T
    rows = [model.predict(x)[:, 0], *(terms[index] for index, _ in moves)]
    factors = np.column_stack([np.ones_like(moves[0][1]), *(amounts for _, amounts in moves)])
    predictions: Array = factors @ np.stack(rows).astype(model.flat.dtype)
    return predictions


def _of_lines(model: RectifiedLines, x: Array, moves: Moves) -> Array:
    """The lines that stay as they are, and those that move rectified anew."""
    settings = len(moves[0][1])
    moving = sorted({index // 2 for index, _ in moves})
    staying = [line for line in range(len(model.lines)) if line not in moving]
    predictions = np.tile(model.pieces(x)[staying].sum(axis=0), (settings, 1))
    inputs = np.vstack([x.T, np.ones_like(x.T)]).astype(model.flat.dtype)
    for line in moving:
        numbers = np.tile(model.lines[line], (settings, 1))  # m, b
        for index, amounts in moves:
            if index // 2 == line:
                numbers[:, index % 2] += amounts
        predictions += np.maximum(numbers @ inputs, 0)
    return predictions


def _find(model: MLP, index: int) -> tuple[int, int, int]:
    """Layer, unit and input of a flat index; the input after the last is the bias."""
    for layer, block in enumerate(model.blocks):
        if index < block.size:
            return layer, *divmod(index, block.shape[1])
        index -= block.size
    raise IndexError("there is no such parameter")


Layers = list[tuple[Array, Array]]  # of each: what comes in (inputs, rows), its sums (units, rows)


def _layers(model: MLP, x: Array) -> Layers:
    incoming, found = x.T.astype(model.flat.dtype), []
    for layer, block in enumerate(model.blocks):
        sums = block[:, :-1] @ incoming + block[:, -1:]
        found.append((incoming, sums))
        if layer < len(model.activations):
            incoming = activate(model.activations[layer], sums)
    return found


def _of_network(model: MLP, here: Layers, moves: Moves) -> Array:
    """Layer by layer, which units' outputs are moved, and by how much (units, settings, rows)."""
    places = [(*_find(model, index), amounts) for index, amounts in moves]
    units, moved = np.empty(0, int), np.empty((0, 0, 0), model.flat.dtype)
    for layer, (block, (incoming, sums)) in enumerate(zip(model.blocks, here, strict=True)):
        own: dict[int, Array] = {}
        for at, unit, number, amounts in places:
            if at == layer:
                change = _own_change(incoming, units, moved, number, amounts)
                own[unit] = own[unit] + change if unit in own else change
        if len(units):
            _, settings, rows = moved.shape
            reach = block[:, units] @ moved.reshape(len(units), -1)
            units, moved = np.arange(len(block)), reach.reshape(len(block), settings, rows)
            for unit, change in own.items():
                moved[unit] += change
        elif own:
            units, moved = np.array([*own]), np.stack([*own.values()])
        if len(units) and layer < len(model.activations):
            moved += sums[units, None]
            ACTIVATIONS[model.activations[layer]].compile(moved, moved).apply()
            moved -= here[layer + 1][0][units, None]
    outputs = np.repeat(here[-1][1][:, None], len(moves[0][1]), axis=1)
    outputs[units] += moved
    return np.moveaxis(outputs, 0, 1)


def _own_change(incoming: Array, units: Array, moved: Array, number: int, amounts: Array) -> Array:
    """What a changed weight or bias itself does to its unit's sum: (settings, rows)."""
    rows = incoming.shape[1]
    if number == len(incoming):
        return np.repeat(amounts[:, None], rows, axis=1)
    found: Array = amounts[:, None] * incoming[number]
    if number in units:
        found += amounts[:, None] * moved[int(np.flatnonzero(units == number)[0])]
    return found
