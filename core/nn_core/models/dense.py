"""Every model as what it is at heart: dense layers, each activation(W·x + b).

A network is that as it stands.  The quadratic is one neuron whose inputs are x² and x; a sum of
rectified lines is a layer of units with one input, and a sum whose weights are all 1.
"""

from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array
from nn_core.models import MLP, Model, Quadratic, RectifiedLines
from nn_core.models.activations import activate


@dataclass(frozen=True, eq=False)
class Dense:
    """One layer, its numbers as views into the model's.

    `weight` is (units, inputs), indexed W[out, in], and `bias` (units,).  A layer whose weights
    are no parameters but 1 for ever is `fixed`: it only adds up.
    """

    name: str
    weight: Array
    bias: Array
    activation: str
    fixed: bool = False

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.weight)

    @property
    def inputs(self) -> int:
        """How many inputs each unit has."""
        return int(self.weight.shape[1])

    def products(self, incoming: Array) -> Array:
        """W·X, (units, rows), for what comes in, (inputs, rows)."""
        products: Array = self.weight @ incoming
        return products

    def outputs(self, incoming: Array) -> Array:
        """What the layer puts out, (units, rows)."""
        return activate(self.activation, self.products(incoming) + self.bias[:, None])


@dataclass(frozen=True)
class Spot:
    """Where a parameter has its place: in which layer and unit, and at which input.

    A bias has no input.
    """

    layer: int
    unit: int
    input: int | None


def layers_of(model: Model) -> tuple[Dense, ...]:
    """The layers of a model, from the inputs on."""
    if isinstance(model, MLP):
        return tuple(
            Dense(str(2 * at), block[:, :-1], block[:, -1], activation)
            for at, (block, activation) in enumerate(
                zip(model.blocks, (*model.activations, "identity"), strict=True)
            )
        )
    if isinstance(model, RectifiedLines):
        count = len(model.lines)
        dtype = model.flat.dtype
        return (
            Dense("lines", model.lines[:, :1], model.lines[:, 1], "relu"),
            Dense("sum", np.ones((1, count), dtype), np.zeros(1, dtype), "identity", fixed=True),
        )
    return (Dense("neuron", model.flat[None, :2], model.flat[2:], "identity"),)


def inputs_of(model: Model, x: Array) -> Array:
    """What comes into the first layer, (inputs, rows), for x (rows, columns)."""
    incoming = x.T.astype(model.flat.dtype)
    return np.vstack([incoming**2, incoming]) if isinstance(model, Quadratic) else incoming


def input_names(model: Model, columns: tuple[str, ...]) -> tuple[str, ...]:
    """What these inputs are called, of columns with these names."""
    return (f"{columns[0]}²", columns[0]) if isinstance(model, Quadratic) else columns


def spot_of(model: Model, index: int) -> Spot:
    """Where the parameter at a flat index has its place."""
    if isinstance(model, MLP):
        for at, place in enumerate(model.layout.places):
            position = place.position(index)
            if position is not None:
                return Spot(at // 2, position[0], None if place.is_bias else position[1])
    if isinstance(model, RectifiedLines):
        line, column = divmod(index, 2)
        return Spot(0, line, None if column else 0)
    return Spot(0, 0, None if index == 2 else index)
