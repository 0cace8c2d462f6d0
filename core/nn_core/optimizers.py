"""Optimizers: how a gradient becomes an update of the parameters, in place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array

Update = Callable[[Array], object]


@dataclass(frozen=True)
class Optimizer:
    """An optimizer by its name.

    `slots` names the vectors that it remembers from step to step (none for plain descent).
    `compile(parameters, slots, rate)` allocates what it needs and returns `update(gradient)`,
    which changes the parameters in place; `rate` is a 0-d array that holds the learning rate, so
    that it can be turned while the run goes on.
    """

    title: str
    formula: str
    slots: tuple[str, ...]
    compile: Callable[[Array, Mapping[str, Array], Array], Update]


def stochastic_gradient_descent(
    parameters: Array, slots: Mapping[str, Array], rate: Array
) -> Update:
    """θ ← θ − learning rate · gradient."""
    change = np.empty_like(parameters)
    multiply, subtract = np.multiply, np.subtract

    def update(gradient: Array) -> None:
        multiply(gradient, rate, out=change)
        subtract(parameters, change, out=parameters)

    return update


OPTIMIZERS = {
    "sgd": Optimizer("SGD", "θ ← θ − lr · ∂loss/∂θ", (), stochastic_gradient_descent),
}
