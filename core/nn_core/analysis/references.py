"""What a loss can be held against: the truth's own loss, and the best of a simple curve."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nn_core.arrays import Array
from nn_core.data.datasets import Dataset
from nn_core.models.losses import Loss


@dataclass(frozen=True)
class Reference:
    """A loss worth knowing, and whose it is: the truth's own, or the best of a simple curve."""

    kind: Literal["truth", "best"]
    label: str
    loss: float


def references(data: Dataset, loss: Loss) -> tuple[Reference, ...]:
    """The truth's own loss, where there is a truth, and the best quadratic's (or plane's)."""
    found = []
    if data.truth is not None:
        found.append(
            Reference("truth", "the truth itself", loss.evaluate(data.truth(data.x), data.y))
        )
    name, design = _design(data.x)
    if loss.best_fit is None or design.size > loss.largest_fit:
        return tuple(found)
    best = design @ loss.best_fit(design, data.y[:, 0])
    found.append(Reference("best", f"best {name}", loss.evaluate(best, data.y[:, 0])))
    return tuple(found)


def _design(x: Array) -> tuple[str, Array]:
    ones = np.ones(len(x))
    if x.shape[1] == 1:
        return "quadratic", np.column_stack([x[:, 0] ** 2, x[:, 0], ones])
    return "linear fit", np.column_stack([x, ones])
