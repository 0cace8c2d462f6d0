"""What a loss can be held against: the truth's own loss, and the best of a simple curve."""

import math
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nn_core.arrays import Array
from nn_core.data.dataset import Dataset
from nn_core.models.losses import Loss
from nn_core.models.losses.fits import scale


@dataclass(frozen=True)
class Reference:
    """A loss worth knowing, and whose it is: the truth's own, or the best of a simple curve."""

    kind: Literal["truth", "best"]
    label: str
    loss: float


def references(data: Dataset, loss: Loss) -> tuple[Reference, ...]:
    """The truth's own loss, where there is a truth, and the best quadratic's (or plane's).

    One that can't be worked out, because numbers overflow on the way, is absent.
    """
    found = []
    with np.errstate(all="ignore"):
        if data.truth is not None:
            found.append(
                Reference("truth", "the truth itself", loss.evaluate(data.truth(data.x), data.y))
            )
        name, design = _design(data.x)
        if loss.best_fit is not None and design.size <= loss.largest_fit:
            with suppress(np.linalg.LinAlgError):
                best = design @ loss.best_fit(design, data.y[:, 0])
                found.append(Reference("best", f"best {name}", loss.evaluate(best, data.y[:, 0])))
    return tuple(each for each in found if math.isfinite(each.loss))


def _design(x: Array) -> tuple[str, Array]:
    """The columns that a fit adds up: scaled to about 1, which changes nothing of the best loss."""
    ones, scaled = np.ones(len(x)), x / scale(x)
    if x.shape[1] == 1:
        return "quadratic", np.column_stack([scaled[:, 0] ** 2, scaled[:, 0], ones])
    return "linear fit", np.column_stack([scaled, ones])
