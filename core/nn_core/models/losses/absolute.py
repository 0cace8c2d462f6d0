"""MAE, the mean absolute error."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nn_core.arrays import Array, empty
from nn_core.expressions import around, difference
from nn_core.models.losses.fits import inverse, least_squares, rank, scale
from nn_core.models.losses.loss import Loss, each_of_difference, of_difference


def _bind(difference: Array, slope: Array, share: float) -> Callable[[], Any]:
    sign, multiply = np.sign, np.multiply
    if share == 1:  # the signs are the slopes already
        slope_dot = slope.dot

        def measure() -> Any:
            sign(difference, slope)
            return slope_dot(difference)  # |r| = sign(r) · r

        return measure

    signs, factor = empty(slope.shape, slope.dtype), np.array(share, slope.dtype)
    signs_dot = signs.dot

    def measure_shares() -> Any:
        sign(difference, signs)
        multiply(signs, factor, slope)
        return signs_dot(difference)

    return measure_shares


def _cost(difference: Array) -> Array:
    return np.abs(difference, out=difference)


def least_absolute(design: Array, y: Array) -> Array:
    """The coefficients that minimise the mean of |design · coefficients − y|.

    A best fit passes exactly through as many points as it has coefficients.  From such a fit, let
    go of one point at a time and slide to the best place on the way, a weighted median, until no
    slide helps: the simplex method for this problem (Barrodale and Roberts, 1973).
    """
    rows, size = design.shape
    if rows <= size:
        return least_squares(design, y)
    # Where more points lie on a fit than it has coefficients, every slide may have length 0 though
    # the fit isn't the best. Moved apart by amounts too small to matter, no more points lie on it.
    true_y, y = y, y / scale(y)[0]
    y = y + 1e-9 * np.ptp(y) * np.random.default_rng(0).random(rows)
    best = least_squares(design, y)
    through = _independent(design, np.argsort(np.abs(design @ best - y), kind="stable"))
    best = least_squares(design[through], y[through])
    total = np.abs(design @ best - y).sum()
    for _ in range(100 * size):
        residual = y - design @ best
        slides = []
        for at, direction in enumerate(inverse(design[through]).T):
            change = design @ direction
            moving = np.flatnonzero(np.abs(change) > 1e-12)
            if not len(moving):
                continue
            row, length = _weighted_median(moving, residual[moving], change[moving])
            reached = np.abs(residual - length * change).sum()
            slides.append((reached, at, row, best + length * direction))
        if not slides:
            break
        reached, at, row, candidate = min(slides, key=lambda slide: slide[0])
        if reached >= total * (1 - 1e-13):
            break
        best, total = candidate, reached
        through[at] = row
    return least_squares(design[through], true_y[through])


def _independent(design: Array, order: Array) -> list[int]:
    """The first rows, in this order, that are linearly independent."""
    chosen: list[int] = []
    for row in order:
        if rank(design[[*chosen, row]]) > len(chosen):
            chosen.append(int(row))
        if len(chosen) == design.shape[1]:
            break
    return chosen


def _weighted_median(rows: Array, residual: Array, change: Array) -> tuple[int, float]:
    """The row and the length t at which Σ |residual − t · change| is least."""
    lengths = residual / change
    order = np.argsort(lengths)
    weight = np.cumsum(np.abs(change[order]))
    at = order[int(np.searchsorted(weight, weight[-1] / 2))]
    return int(rows[at]), float(lengths[at])


LOSS = Loss(
    name="mae",
    title="MAE",
    words="mean absolute error",
    formula="mean of |model − y|",
    compile=of_difference(_bind),
    each=each_of_difference(_cost),
    power=1,
    has_sign_slope=True,
    best_fit=least_absolute,
    row="|pred − y|",
    row_slope="sign(pred − y)",
    slope_name="sign",
    slope_note="sign: +1 above y, −1 below",
    written=lambda *of: around("|{}|", abs, difference(*of)),
    slope_written=lambda *of: around("sign({})", lambda r: float(np.sign(r)), difference(*of)),
    numpy='''
        def loss_of(residual):
            """The mean absolute error."""
            return float(np.mean(np.abs(residual)))


        def slope_of(residual):
            """Its derivative row by row, before the mean is taken; 0 at 0."""
            return np.sign(residual)
        ''',
    torch="loss_of = torch.nn.functional.l1_loss  # the mean absolute error",
    in_pytorch="(pred - y).abs().mean()",
)
