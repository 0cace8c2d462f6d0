"""A dense layer, activation(W·x + b): what every model is made of.

A network is that as it stands.  The quadratic is one neuron whose inputs are x² and x; a sum of
rectified lines is a layer of units with one input, and a sum whose weights are all 1.
"""

from dataclasses import dataclass

from nn_core.arrays import Array
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
