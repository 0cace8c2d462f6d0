"""Losses: how far off the predictions are, as one number, beside its derivative.

A loss is a mean over the rows of something that depends on each row's residual,
r = prediction − target.  `compile` binds it to a residual that will be filled again and again, and
allocates what it needs once; a step then allocates nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array


@dataclass(frozen=True)
class CompiledLoss:
    """A loss bound to its arrays.

    `value()` is the mean over the rows.  `derivative()`, called after it, fills `slope` with
    scale · ∂(a row's loss)/∂r.  A model that takes the mean itself asks for scale 1, one that
    wants ∂loss/∂prediction asks for 1 ÷ rows.
    """

    value: Callable[[], float]
    derivative: Callable[[], None]
    slope: Array


@dataclass(frozen=True)
class Loss:
    """A loss by its name, with what to call it on the screen and its formula."""

    title: str
    formula: str
    compile: Callable[[Array, float], CompiledLoss]


def mean_absolute_error(residual: Array, scale: float) -> CompiledLoss:
    """Mean of |r|; derivative sign(r), which is 0 at r = 0 as PyTorch has it."""
    flat = residual.reshape(-1)
    signs = np.empty_like(flat)
    mean = 1.0 / flat.size
    slope = signs if scale == 1.0 else np.empty_like(flat)
    factor = np.array(scale, flat.dtype)
    sign, multiply, sum_of_products = np.sign, np.multiply, signs.dot

    def value() -> float:
        sign(flat, out=signs)
        return float(sum_of_products(flat)) * mean  # |r| = sign(r) · r

    def derivative() -> None:
        if slope is not signs:
            multiply(signs, factor, out=slope)

    return CompiledLoss(value, derivative, slope.reshape(residual.shape))


def mean_squared_error(residual: Array, scale: float) -> CompiledLoss:
    """Mean of r²; derivative 2r."""
    flat = residual.reshape(-1)
    mean = 1.0 / flat.size
    slope = np.empty_like(flat)
    factor = np.array(2.0 * scale, flat.dtype)
    multiply, sum_of_products = np.multiply, flat.dot

    def value() -> float:
        return float(sum_of_products(flat)) * mean

    def derivative() -> None:
        multiply(flat, factor, out=slope)

    return CompiledLoss(value, derivative, slope.reshape(residual.shape))


LOSSES = {
    "mae": Loss("MAE", "mean of |model − y|", mean_absolute_error),
    "mse": Loss("MSE", "mean of (model − y)²", mean_squared_error),
}


def evaluate(name: str, residual: Array) -> float:
    """The loss of this name for residuals of any shape."""
    return LOSSES[name].compile(np.ascontiguousarray(residual), 1.0).value()
