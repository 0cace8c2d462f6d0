"""The units of a model's hidden layers, one by one: what makes each, and where its numbers lie.

The units of all hidden layers are counted through, from the first layer to the last.
"""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nn_core.arrays import Array
from nn_core.models import Model


@dataclass(frozen=True, eq=False)
class HiddenLayer:
    """One hidden layer: weights (units, inputs), biases (units,), views into the model.

    `outgoing` (units,) are the weights with which its units enter the first output; None where
    another hidden layer comes between.
    """

    activation: str
    weights: Array
    biases: Array
    outgoing: Array | None


def hidden_layers(model: Model) -> tuple[HiddenLayer, ...]:
    """The model's hidden layers; rectified lines are one whose units all count +1."""
    *hidden, output = model.layers()
    return tuple(
        HiddenLayer(
            layer.activation,
            layer.weight,
            layer.bias,
            output.weight[0] if layer is hidden[-1] else None,
        )
        for layer in hidden
    )


def widths(model: Model) -> tuple[int, ...]:
    """How many units each hidden layer has."""
    return tuple(layer.units for layer in model.layers()[:-1])


def without(model: Model, units: Iterable[tuple[int, int]]) -> Model:
    """A copy of the model in which nothing goes out of these units, each a layer and a place."""
    found = copy.deepcopy(model)
    layers = found.layers()
    for layer, unit in units:
        layers[layer + 1].weight[:, unit] = 0
    return found


def locate(sizes: Sequence[int], number: int) -> tuple[int, int]:
    """The layer, and the place in it, of a unit by its number among all; the last beyond them."""
    for layer, size in enumerate(sizes):
        if number < size:
            return layer, number
        number -= size
    return len(sizes) - 1, sizes[-1] - 1
