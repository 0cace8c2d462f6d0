"""Best fits: the coefficients whose design · coefficients has the least loss.

Here is the one door to LAPACK, which may never return from numbers that are not finite and normal,
and holds the interpreter's lock meanwhile: no key, no signal and no other thread gets through.  So
all that goes in is looked at first, and scaled to about 1; `LinAlgError` where that can't be.
"""

from collections.abc import Callable

import numpy as np

from nn_core.arrays import Array

ROUNDS = 1000
_TINY = float(np.finfo(np.float64).tiny)  # smaller numbers are not normal: they count as 0


def least_squares(design: Array, y: Array) -> Array:
    """The coefficients that minimise the mean of (design · coefficients − y)²."""
    widths, height = scale(design), scale(y)[0]
    found = np.linalg.lstsq(_safe(design / widths), _safe(y / height), rcond=None)[0]
    best: Array = found * (height / widths)
    return best


def inverse(matrix: Array) -> Array:
    """The pseudo-inverse."""
    widths = scale(matrix)
    found: Array = np.linalg.pinv(_safe(matrix / widths)) / widths[:, None]
    return found


def rank(matrix: Array) -> int:
    """How many rows, or columns, are linearly independent."""
    return int(np.linalg.matrix_rank(_safe(matrix / scale(matrix))))


def scale(columns: Array) -> Array:
    """For each column the power of two just above its largest number; 1 for one of zeros.

    Dividing by it changes no digit.
    """
    largest = np.atleast_1d(np.abs(np.asarray(columns, np.float64)).max(axis=0))
    powers: Array = np.ldexp(1.0, np.maximum(np.frexp(largest)[1], -1021))
    powers[largest == 0] = 1.0
    return powers


def _safe(numbers: Array) -> Array:
    if not np.isfinite(numbers).all():
        raise np.linalg.LinAlgError("a number is not finite")
    return np.where(np.abs(numbers) < _TINY, 0.0, numbers)


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
