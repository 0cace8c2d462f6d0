"""Penalties: L1 · Σ|w| + L2 · Σw² over the weights, and what they add to the gradient.

A weight is what multiplies an input: a and b of the quadratic, m of a rectified line, W of a layer.
Biases, c among them, are free: they shift a curve and don't bend it.
"""

from collections.abc import Callable

import numpy as np

from nn_core.arrays import Array, Layout, empty_like


def value(layout: Layout, parameters: Array, l1: float, l2: float) -> float:
    """What the penalties amount to, to be read beside the loss of the data."""
    weights = parameters[are_weights(layout)].astype(np.float64)
    return float(l1 * np.abs(weights).sum() + l2 * weights.dot(weights))


def compile_gradient(
    layout: Layout, parameters: Array, gradient: Array, l1: float, l2: float
) -> Callable[[], None]:
    """A function that adds L1 · sign(w) + 2 · L2 · w to the gradient at these parameters."""
    chosen = are_weights(layout).astype(parameters.dtype)
    pull = empty_like(parameters)
    multiply, add, sign = np.multiply, np.add, np.sign
    first, second = chosen * l1, chosen * (2 * l2)

    def add_absolute() -> None:
        sign(parameters, out=pull)
        multiply(pull, first, out=pull)
        add(gradient, pull, out=gradient)

    def add_square() -> None:
        multiply(parameters, second, out=pull)
        add(gradient, pull, out=gradient)

    def add_both() -> None:
        add_absolute()
        add_square()

    if l1 and l2:
        return add_both
    return add_absolute if l1 else add_square


def gradient(layout: Layout, parameters: Array, l1: float, l2: float) -> Array:
    """What they add to the gradient at these parameters, a flat vector."""
    share = np.zeros_like(parameters)
    if l1 or l2:
        with np.errstate(all="ignore"):
            compile_gradient(layout, parameters, share, l1, l2)()
    return share


def are_weights(layout: Layout) -> Array:
    """For each number of the flat vector, whether it is a weight."""
    found = np.ones(layout.size, bool)
    for place in layout.places:
        if place.is_bias:
            place.view(found)[...] = False
    return found
