"""The log-cosh loss: like ½r² near 0 and like |r| − log 2 far off, smooth in between.

log cosh r = |r| + log1p(e^(−2|r|)) − log 2, which can't overflow.  It is worked out as
|r| + log1p(½·expm1(−2|r|)), which is the same and keeps its digits near 0.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nn_core.arrays import Array, empty, full
from nn_core.expressions import around, difference
from nn_core.models.losses.fits import reweighted
from nn_core.models.losses.loss import Loss, each_of_difference, of_difference


def _bind(difference: Array, slope: Array, share: float) -> Callable[[], Any]:
    costs, factor = empty(slope.shape, slope.dtype), np.array(share, slope.dtype)
    ones_dot = full(slope.shape, 1.0, slope.dtype).dot
    size = empty(slope.shape, slope.dtype)

    def measure() -> Any:
        np.tanh(difference, out=slope)  # ∂(log cosh r)/∂r = tanh r
        np.multiply(slope, factor, out=slope)
        np.abs(difference, out=size)
        return ones_dot(_cost_of_size(size, costs))

    return measure


def _cost_of_size(size: Array, out: Array) -> Array:
    np.multiply(size, -2, out=out)
    np.expm1(out, out=out)
    np.multiply(out, 0.5, out=out)
    np.log1p(out, out=out)
    return np.add(out, size, out=out)


def _cost(difference: Array) -> Array:
    size = np.abs(difference)
    return _cost_of_size(size, difference)


def _of_one(difference: float) -> float:
    return float(_cost(np.array([difference]))[0])


def _weight(size: Array) -> Array:
    weight: Array = np.tanh(size) / np.maximum(size, 1e-300)
    weight[size == 0] = 1
    return weight


def least_log_cosh(design: Array, y: Array) -> Array:
    """The coefficients that minimise the mean log-cosh loss of design · coefficients − y."""
    return reweighted(design, y, _weight, LOSS.evaluate)


LOSS = Loss(
    name="log-cosh",
    title="log-cosh",
    words="mean log-cosh loss",
    formula="mean of log cosh(model − y)",
    compile=of_difference(_bind),
    each=each_of_difference(_cost),
    best_fit=least_log_cosh,
    row="log cosh(pred − y)",
    row_slope="tanh(pred − y)",
    slope_name="tanh",
    written=lambda *of: around("log cosh({})", _of_one, difference(*of)),
    slope_written=lambda *of: around("tanh({})", math.tanh, difference(*of)),
    numpy='''
        def loss_of(residual):
            """The mean of log cosh r, in a form that can’t overflow."""
            size = np.abs(residual)
            return float(np.mean(size + np.log1p(0.5 * np.expm1(-2 * size))))


        def slope_of(residual):
            """Its derivative row by row, before the mean is taken."""
            return np.tanh(residual)
        ''',
    torch='''
        def loss_of(prediction, target):
            """The mean of log cosh r, in a form that can’t overflow."""
            size = (prediction - target).abs()
            return (size + torch.log1p(0.5 * torch.expm1(-2 * size))).mean()
        ''',
    in_pytorch="(pred - y).cosh().log().mean()",
)
