"""The Huber loss: ½r² where |r| ≤ δ, else δ(|r| − ½δ), with δ 1 as PyTorch has it (Huber, 1964)."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nn_core.arrays import Array, empty
from nn_core.expressions import Expression, around, difference
from nn_core.models.losses.fits import reweighted
from nn_core.models.losses.loss import Loss, each_of_difference, of_difference

DELTA = 1.0


def _bind(difference: Array, slope: Array, share: float) -> Callable[[], Any]:
    shape, dtype = slope.shape, slope.dtype
    rest, cut = empty(shape, dtype), slope if share == 1 else empty(shape, dtype)
    low, high, half, factor = (np.array(each, dtype) for each in (-DELTA, DELTA, 0.5, share))
    minimum, maximum, multiply, subtract = np.minimum, np.maximum, np.multiply, np.subtract
    cut_dot = cut.dot

    def measure() -> Any:
        minimum(difference, high, out=cut)
        maximum(cut, low, out=cut)  # the slope: r, cut off at −δ and δ
        multiply(cut, half, rest)
        subtract(difference, rest, rest)
        return cut_dot(rest)  # both cases are cut · (r − ½cut)

    if share == 1:  # the slope needs no factor
        return measure

    def measure_shares() -> Any:
        total = measure()
        multiply(cut, factor, slope)
        return total

    return measure_shares


def _cost(difference: Array) -> Array:
    distance = np.abs(difference, out=difference)
    cut = np.minimum(distance, DELTA)
    distance -= cut / 2
    distance *= cut
    return distance


def least_huber(design: Array, y: Array) -> Array:
    """The coefficients that minimise the mean Huber loss of design · coefficients − y."""
    return reweighted(design, y, lambda size: DELTA / np.maximum(size, DELTA), LOSS.evaluate)


def _written(prediction: float, target: float) -> Expression:
    off = difference(prediction, target)
    if abs(prediction - target) <= DELTA:
        return around("0.5·({})²", lambda r: 0.5 * r * r, off)
    return around("|{}| − 0.5", lambda r: abs(r) - 0.5, off)


LOSS = Loss(
    name="huber",
    title="Huber",
    words="mean Huber loss",
    formula="mean of ½r² up to |r| = 1, |r| − ½ beyond",
    compile=of_difference(_bind),
    each=each_of_difference(_cost),
    best_fit=least_huber,
    row="huber(pred − y)",
    row_slope="clip(pred − y, ±1)",
    slope_name="clip",
    rule="huber(r) = 0.5·r² where |r| ≤ 1, else |r| − 0.5",
    written=_written,
    slope_written=lambda *of: around(
        "clip({}, ±1)", lambda r: min(max(r, -DELTA), DELTA), difference(*of)
    ),
    numpy='''
        def loss_of(residual):
            """The Huber loss: ½r² where |r| ≤ 1, else |r| − ½; its mean."""
            cut = np.clip(residual, -1, 1)
            return float(np.mean(cut * (residual - 0.5 * cut)))


        def slope_of(residual):
            """Its derivative row by row, before the mean is taken."""
            return np.clip(residual, -1, 1)
        ''',
    torch="loss_of = torch.nn.functional.huber_loss  # the mean Huber loss",
    in_pytorch="F.huber_loss(pred, y)",
)
