"""The units of a model's hidden layers, one by one: what makes each, and where its numbers lie.

The units of all hidden layers are counted through, from the first layer to the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nn_core.arrays import Array, full
from nn_core.models import MLP, Model, RectifiedLines


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
    if isinstance(model, RectifiedLines):
        slopes, intercepts = model.lines[:, :1], model.lines[:, 1]
        return (HiddenLayer("relu", slopes, intercepts, full(len(slopes), 1.0, slopes.dtype)),)
    if not isinstance(model, MLP):
        return ()
    *hidden, output = model.blocks
    return tuple(
        HiddenLayer(
            name, block[:, :-1], block[:, -1], output[0, :-1] if block is hidden[-1] else None
        )
        for block, name in zip(hidden, model.activations, strict=True)
    )


def outputs(model: Model, x: Array) -> list[Array]:
    """What the units of each hidden layer put out, (units, rows) each, for x (rows, inputs)."""
    if isinstance(model, RectifiedLines):
        return [model.pieces(x)]
    return model.layers(x)[:-1] if isinstance(model, MLP) else []


def widths(model: Model) -> tuple[int, ...]:
    """How many units each hidden layer has."""
    return tuple(len(layer.biases) for layer in hidden_layers(model))


def locate(sizes: Sequence[int], number: int) -> tuple[int, int]:
    """The layer, and the place in it, of a unit by its number among all; the last beyond them."""
    for layer, size in enumerate(sizes):
        if number < size:
            return layer, number
        number -= size
    return len(sizes) - 1, sizes[-1] - 1


def label(model: Model, layer: int, unit: int) -> str:
    """What to call a unit: "line 1" beside m1 and b1, "unit 3"; in deeper networks "unit 1.3"."""
    if isinstance(model, RectifiedLines):
        return f"line {unit + 1}"
    return f"unit {unit}" if len(widths(model)) == 1 else f"unit {layer + 1}.{unit}"


def numbers_of(model: Model, layer: int, unit: int) -> list[int]:
    """The flat indices of a unit's parameters: weights in, bias, weights out."""
    if isinstance(model, RectifiedLines):
        return [2 * unit, 2 * unit + 1]
    weight, bias, following = model.layout.places[2 * layer : 2 * layer + 3]
    return [
        *(weight.index((unit, at)) for at in range(weight.shape[1])),
        bias.index((unit,)),
        *(following.index((at, unit)) for at in range(following.shape[0])),
    ]
