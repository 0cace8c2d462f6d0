"""Best fits: the coefficients whose design · coefficients has the least loss."""

from collections.abc import Callable

import numpy as np

from nn_core.arrays import Array

ROUNDS = 1000


def least_squares(design: Array, y: Array) -> Array:
    """The coefficients that minimise the mean of (design · coefficients − y)²."""
    best: Array = np.linalg.lstsq(design, y, rcond=None)[0]
    return best


def reweighted(
    design: Array, y: Array, weight: Callable[[Array], Array], loss: Callable[[Array, Array], float]
) -> Array:
    """The coefficients that minimise a convex loss of the differences r.

    Least squares again and again, each time with the rows weighted by slope(r) ÷ r, which `weight`
    gives for |r| (Holland and Welsch, 1977).  Where that falls as |r| grows, no round makes the
    loss larger.
    """
    best = least_squares(design, y)
    now = loss(design @ best, y)
    for _ in range(ROUNDS):
        root = np.sqrt(weight(np.abs(design @ best - y)))
        best = least_squares(design * root[:, None], y * root)
        before, now = now, loss(design @ best, y)
        if now >= before * (1 - 1e-12):
            break
    return best
