"""Losses: how far off the predictions are, as one number, beside its derivative.

A loss is a mean over the rows of something that depends on each row's residual,
r = prediction − target.  `compile` binds it to a residual that will be filled again and again, and
allocates what it needs once; a step then allocates nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from nn_core.arrays import Array, empty


@dataclass(frozen=True)
class CompiledLoss:
    """A loss bound to its arrays.

    `total()` is the sum over the rows and `mean` what makes it a mean: a run of steps takes the
    totals and divides them all at once.  `derivative()`, called after it, fills `slope` with
    scale · ∂(a row's loss)/∂r; it is None where `total` has filled it already.  A model that takes
    the mean itself asks for scale 1, one that wants ∂loss/∂prediction asks for 1 ÷ rows.
    """

    total: Callable[[], Any]
    mean: float
    derivative: Callable[[], object] | None
    slope: Array


@dataclass(frozen=True)
class Loss:
    """A loss by its name, with what to call it on the screen, in a sentence, and its formula.

    `each` puts every row's loss in the place of its residual, in an array of any shape.
    """

    title: str
    words: str
    formula: str
    compile: Callable[[Array, float], CompiledLoss]
    each: Callable[[Array], Array]


def mean_absolute_error(residual: Array, scale: float) -> CompiledLoss:
    """Mean of |r|; derivative sign(r), which is 0 at r = 0 as PyTorch has it."""
    flat = residual.reshape(-1)
    signs = empty(flat.shape, flat.dtype)
    sign, signs_dot = np.sign, signs.dot

    def total() -> Any:
        sign(flat, signs)
        return signs_dot(flat)  # |r| = sign(r) · r

    mean = 1.0 / flat.size
    if scale == 1.0:
        return CompiledLoss(total, mean, None, signs.reshape(residual.shape))
    slope, factor = empty(flat.shape, flat.dtype), np.array(scale, flat.dtype)
    derivative = partial(np.multiply, signs, factor, slope)
    return CompiledLoss(total, mean, derivative, slope.reshape(residual.shape))


def mean_squared_error(residual: Array, scale: float) -> CompiledLoss:
    """Mean of r²; derivative 2r."""
    flat = residual.reshape(-1)
    slope, factor = empty(flat.shape, flat.dtype), np.array(2.0 * scale, flat.dtype)
    total = partial(flat.dot, flat)
    derivative = partial(np.multiply, flat, factor, slope)
    return CompiledLoss(total, 1.0 / flat.size, derivative, slope.reshape(residual.shape))


HUBER_DELTA = 1.0


def huber(residual: Array, scale: float) -> CompiledLoss:
    """Mean of ½r² where |r| ≤ δ, else of δ(|r| − ½δ), with δ 1 as PyTorch has it (Huber, 1964).

    The derivative is r, cut off at −δ and δ.
    """
    flat = residual.reshape(-1)
    cut, rest = empty(flat.shape, flat.dtype), empty(flat.shape, flat.dtype)
    low, high, half = (np.array(value, flat.dtype) for value in (-HUBER_DELTA, HUBER_DELTA, 0.5))
    minimum, maximum, multiply, subtract, cut_dot = (
        np.minimum,
        np.maximum,
        np.multiply,
        np.subtract,
        cut.dot,
    )

    def total() -> Any:
        minimum(flat, high, out=cut)
        maximum(cut, low, out=cut)
        multiply(cut, half, rest)
        subtract(flat, rest, rest)
        return cut_dot(rest)  # both cases are cut · (r − ½cut)

    mean = 1.0 / flat.size
    if scale == 1.0:
        return CompiledLoss(total, mean, None, cut.reshape(residual.shape))
    slope, factor = empty(flat.shape, flat.dtype), np.array(scale, flat.dtype)
    derivative = partial(np.multiply, cut, factor, slope)
    return CompiledLoss(total, mean, derivative, slope.reshape(residual.shape))


def _absolute(residual: Array) -> Array:
    return np.abs(residual, out=residual)


def _square(residual: Array) -> Array:
    return np.multiply(residual, residual, out=residual)


def _huber(residual: Array) -> Array:
    distance = np.abs(residual, out=residual)
    cut = np.minimum(distance, HUBER_DELTA)
    distance -= cut / 2
    distance *= cut
    return distance


LOSSES = {
    "mae": Loss(
        "MAE", "mean absolute error", "mean of |model − y|", mean_absolute_error, _absolute
    ),
    "mse": Loss("MSE", "mean squared error", "mean of (model − y)²", mean_squared_error, _square),
    "huber": Loss(
        "Huber", "mean Huber loss", "mean of ½r² up to |r| = 1, |r| − ½ beyond", huber, _huber
    ),
}


def evaluate(name: str, residual: Array) -> float:
    """The loss of this name for residuals of any shape."""
    compiled = LOSSES[name].compile(np.ascontiguousarray(residual), 1.0)
    return float(compiled.total()) * compiled.mean


def slopes(name: str, residual: Array) -> Array:
    """∂(a row's loss)/∂r for residuals of any shape, as `CompiledLoss` has it."""
    compiled = LOSSES[name].compile(np.ascontiguousarray(residual), 1.0)
    compiled.total()
    if compiled.derivative is not None:
        compiled.derivative()
    return compiled.slope.reshape(residual.shape)
