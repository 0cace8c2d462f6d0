"""Where a rectified network of one input bends, which way, and which units are silent."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array
from nn_core.models import Model
from nn_core.models.activations import ACTIVATIONS
from nn_core.models.dense import Dense


@dataclass(frozen=True)
class Kink:
    """One bend of the model's curve.

    `bend` is +1 where the slope rises there, −1 where it falls, 0 where the unit is silent on
    every point.  `unit` numbers the unit in its layer, where one unit alone makes the bend.
    """

    x: float
    bend: int
    unit: int | None = None


def kinks(model: Model, x: Array, low: float, high: float) -> tuple[Kink, ...]:
    """The bends between `low` and `high`, for data x (rows, 1); none where nothing is rectified.

    A silent unit whose kink lies outside is given at the border, since it is there to be named.
    """
    *hidden, output = model.layers()
    if x.shape[1] != 1 or not hidden or not _are_rectified(hidden):
        return ()
    if len(hidden) == 1 and output.units == 1:
        weights, biases, outgoing = hidden[0].weight[:, 0], hidden[0].bias, output.weight[0]
        return _of_units(weights, biases, outgoing, x, low, high)
    return _of_curve(model, low, high)


def silent_units(model: Model, x: Array) -> tuple[tuple[int, ...], ...]:
    """For each hidden layer, the units that put out 0 on every row of x."""
    hidden = model.layers()[:-1]
    if not _are_rectified(hidden):
        return ()
    return tuple(
        tuple(np.flatnonzero(~(outputs > 0).any(axis=1)).tolist())
        for outputs in model.outputs(x)[: len(hidden)]
    )


def _are_rectified(hidden: Sequence[Dense]) -> bool:
    return all(ACTIVATIONS[layer.activation].silences for layer in hidden)


def _of_units(
    weights: Array, biases: Array, outgoing: Array, x: Array, low: float, high: float
) -> tuple[Kink, ...]:
    found = []
    active = np.any(weights[:, None] * x.T + biases[:, None] > 0, axis=1)
    for unit, (weight, bias, out) in enumerate(zip(weights, biases, outgoing, strict=True)):
        at = float(-bias / weight) if weight else float("nan")
        if not active[unit]:
            found.append(Kink(float(np.clip(np.nan_to_num(at, nan=low), low, high)), 0, unit))
        elif low <= at <= high and out:
            found.append(Kink(at, 1 if out > 0 else -1, unit))
    return tuple(found)


def _of_curve(model: Model, low: float, high: float) -> tuple[Kink, ...]:
    """Between two kinks of the layers below, a unit's sum is a line: its zero is found exactly."""
    places = np.array([low, high])
    for depth, layer in enumerate(model.layers()[:-1]):
        below = model.outputs(places[:, None])[depth - 1] if depth else places[None, :]
        sums = layer.products(below) + layer.bias[:, None]
        left, right = sums[:, :-1], sums[:, 1:]
        unit, gap = np.nonzero(left * right < 0)
        part = left[unit, gap] / (left[unit, gap] - right[unit, gap])
        found = places[gap] + part * (places[gap + 1] - places[gap])
        places = np.unique(np.concatenate([places, found]))
    heights = model.predict(places[:, None])[:, 0]
    with np.errstate(all="ignore"):
        slopes = np.diff(heights) / np.diff(places)
    change = np.diff(slopes)
    largest = np.abs(slopes).max(initial=0.0)
    return tuple(
        Kink(float(at), 1 if bend > 0 else -1)
        for at, bend in zip(places[1:-1], change, strict=True)
        if abs(bend) > 1e-9 * largest
    )
