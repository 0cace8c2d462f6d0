"""What a loss can be held against: the truth's own loss, and the best of a simple curve."""

import math
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from nn_core.arrays import Array
from nn_core.data.dataset import Dataset
from nn_core.models.losses import Loss
from nn_core.models.losses.fits import least_squares, scale

NEGLIGIBLE = 1e-12  # of the loss of predicting 0: what is below is rounding
EXACT = 1e-9  # of its largest value, within which the truth is a quadratic


@dataclass(frozen=True)
class Reference:
    """A loss worth knowing, and whose it is: the truth's own, or the best of a simple curve.

    `coefficients` are a, b and c where that is a quadratic, in the units that are trained.
    """

    kind: Literal["truth", "best"]
    label: str
    loss: float
    coefficients: tuple[float, float, float] | None = None


def references(data: Dataset, loss: Loss, of_quadratic: bool = True) -> tuple[Reference, ...]:
    """The truth's own loss, where there is a truth, and the best quadratic's (or plane's).

    Both are worked out on the rows to train on, as the loss that they stand beside is.
    The best quadratic is absent where the truth is none and the model isn't one either, unless
    `of_quadratic`; and where nothing is better than the truth, as without noise.  One that can't be
    worked out, because numbers overflow on the way, is absent too.
    """
    with np.errstate(all="ignore"):
        least = NEGLIGIBLE * loss.evaluate(np.zeros_like(data.y), data.y)
        truth = _truth(data, loss)
        best = None
        if truth is None or of_quadratic or truth.coefficients is not None:
            best = _best(data, loss)
    least = least if math.isfinite(least) else 0.0
    exact = truth is not None and truth.coefficients is not None
    if truth is not None and best is not None and exact and best.loss >= truth.loss - least:
        truth, best = replace(truth, label="truth, the best there is"), None
    found = (each for each in (truth, best) if each is not None and math.isfinite(each.loss))
    return tuple(replace(each, loss=0.0) if each.loss <= least else each for each in found)


def _truth(data: Dataset, loss: Loss) -> Reference | None:
    if data.truth is None:
        return None
    y = data.truth(data.x)
    coefficients = None
    if data.x.shape[1] == 1 and len(data.x) > 3:
        _, design, units = _design(data.x)
        with suppress(np.linalg.LinAlgError):
            found = least_squares(design, y[:, 0])
            if np.abs(design @ found - y[:, 0]).max() <= EXACT * np.abs(y).max():
                coefficients = _as_abc(found / units)
    return Reference("truth", "truth", loss.evaluate(y, data.y), coefficients)


def _best(data: Dataset, loss: Loss) -> Reference | None:
    name, design, units = _design(data.x)
    if loss.best_fit is None or design.size > loss.largest_fit:
        return None
    try:  # each target has a curve of its own
        found = np.column_stack([loss.best_fit(design, target) for target in data.y.T])
    except np.linalg.LinAlgError:
        return None
    reached = loss.evaluate(design @ found, data.y)
    single = data.x.shape[1] == data.y.shape[1] == 1
    coefficients = _as_abc(found[:, 0] / units) if single else None
    return Reference("best", f"best {name}", reached, coefficients)


def _as_abc(numbers: Array) -> tuple[float, float, float]:
    a, b, c = (np.round(numbers, 12) + 0.0).tolist()  # no −0
    return a, b, c


def _design(x: Array) -> tuple[str, Array, Array]:
    """The columns that a fit adds up, scaled to about 1, and what their units are.

    The scale changes nothing of the best loss.
    """
    units = scale(x)
    ones, scaled = np.ones(len(x)), x / units
    if x.shape[1] == 1:
        unit = float(units[0])
        columns = np.column_stack([scaled[:, 0] ** 2, scaled[:, 0], ones])
        return "quadratic", columns, np.array([unit**2, unit, 1.0])
    return "linear fit", np.column_stack([scaled, ones]), np.append(units, 1.0)
