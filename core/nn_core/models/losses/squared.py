"""MSE, the mean squared error."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nn_core.arrays import Array
from nn_core.expressions import around, difference
from nn_core.models.losses.fits import least_squares
from nn_core.models.losses.loss import Loss, each_of_difference, of_difference


def _bind(difference: Array, slope: Array, share: float) -> Callable[[], Any]:
    factor, dot, multiply = np.array(2.0 * share, slope.dtype), difference.dot, np.multiply

    def measure() -> Any:
        multiply(difference, factor, slope)  # ∂r²/∂r = 2r
        return dot(difference)

    return measure


def _cost(difference: Array) -> Array:
    return np.multiply(difference, difference, out=difference)


LOSS = Loss(
    name="mse",
    title="MSE",
    words="mean squared error",
    formula="mean of (model − y)²",
    compile=of_difference(_bind),
    each=each_of_difference(_cost),
    power=2,
    best_fit=least_squares,
    largest_fit=math.inf,
    row="(pred − y)²",
    row_slope="2·(pred − y)",
    slope_name="2·off",
    written=lambda *of: around("({})²", lambda r: r * r, difference(*of)),
    slope_written=lambda *of: around("2·({})", lambda r: 2 * r, difference(*of)),
    numpy='''
        def loss_of(residual):
            """The mean squared error."""
            return float(np.mean(residual**2))


        def slope_of(residual):
            """Its derivative row by row, before the mean is taken."""
            return 2 * residual
        ''',
    torch="loss_of = torch.nn.functional.mse_loss  # the mean squared error",
    in_pytorch="(pred - y).pow(2).mean()",
)
