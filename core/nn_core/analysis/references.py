"""What a loss can be held against: the truth's own loss, and the best of a simple curve."""

from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array
from nn_core.data.datasets import Dataset
from nn_core.models.losses import HUBER_DELTA, evaluate

EXACT_SIZE = 50_000  # rows × coefficients up to which fits that need a search are worked out
HUBER_ROUNDS = 1000


@dataclass(frozen=True)
class Reference:
    """A loss worth knowing, and whose it is."""

    label: str
    loss: float


def references(data: Dataset, loss: str) -> tuple[Reference, ...]:
    """The truth's own loss, where there is a truth, and the best quadratic's (or plane's)."""
    found = []
    if data.truth is not None:
        found.append(Reference("the truth itself", evaluate(loss, data.truth(data.x) - data.y)))
    name, design = _design(data.x)
    if loss != "mse" and design.size > EXACT_SIZE:
        return tuple(found)
    best = _BEST_FITS[loss](design, data.y[:, 0])
    residual = design @ best - data.y[:, 0]
    found.append(Reference(f"best {name}", evaluate(loss, residual)))
    return tuple(found)


def _design(x: Array) -> tuple[str, Array]:
    ones = np.ones(len(x))
    if x.shape[1] == 1:
        return "quadratic", np.column_stack([x[:, 0] ** 2, x[:, 0], ones])
    return "linear fit", np.column_stack([x, ones])


def least_squares(design: Array, y: Array) -> Array:
    """The coefficients that minimise the mean of (design · coefficients − y)²."""
    best: Array = np.linalg.lstsq(design, y, rcond=None)[0]
    return best


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
    true_y, y = y, y + 1e-9 * np.ptp(y) * np.random.default_rng(0).random(rows)
    best = least_squares(design, y)
    through = _independent(design, np.argsort(np.abs(design @ best - y), kind="stable"))
    best = least_squares(design[through], y[through])
    total = np.abs(design @ best - y).sum()
    for _ in range(100 * size):
        residual = y - design @ best
        slides = []
        for at, direction in enumerate(np.linalg.pinv(design[through]).T):
            change = design @ direction
            moving = np.flatnonzero(np.abs(change) > 1e-12)
            row, length = _weighted_median(moving, residual[moving], change[moving])
            reached = np.abs(residual - length * change).sum()
            slides.append((reached, at, row, best + length * direction))
        reached, at, row, candidate = min(slides, key=lambda slide: slide[0])
        if reached >= total * (1 - 1e-13):
            break
        best, total = candidate, reached
        through[at] = row
    return least_squares(design[through], true_y[through])


def least_huber(design: Array, y: Array) -> Array:
    """The coefficients that minimise the mean Huber loss of design · coefficients − y.

    Least squares again and again, each time with weight δ ÷ |r| on the rows that are further off
    than δ (Holland and Welsch, 1977); no round makes the loss larger.
    """
    best = least_squares(design, y)
    loss = evaluate("huber", design @ best - y)
    for _ in range(HUBER_ROUNDS):
        distance = np.abs(design @ best - y)
        root = np.sqrt(HUBER_DELTA / np.maximum(distance, HUBER_DELTA))
        best = least_squares(design * root[:, None], y * root)
        before, loss = loss, evaluate("huber", design @ best - y)
        if loss >= before * (1 - 1e-12):
            break
    return best


_BEST_FITS = {"mse": least_squares, "mae": least_absolute, "huber": least_huber}


def _independent(design: Array, order: Array) -> list[int]:
    """The first rows, in this order, that are linearly independent."""
    chosen: list[int] = []
    for row in order:
        if np.linalg.matrix_rank(design[[*chosen, row]]) > len(chosen):
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
