"""Mistakes: the rows that a model is most wrong on, in an order to go through them."""

import numpy as np

from nn_core.arrays import Array
from nn_core.explain.snapshot import Snapshot


def mistakes(snapshot: Snapshot) -> Array:
    """The numbers of the rows trained on, the worst first.

    Of classes those told wrong; of numbers all that are drawn, by how far off the model is.
    """
    if snapshot.classes is not None:
        return snapshot.classes.mistakes
    off = np.abs(snapshot.predictions - snapshot.scene.y)
    found: Array = snapshot.scene.shown[np.argsort(-off, kind="stable")]
    return found


def held_back_mistakes(snapshot: Snapshot) -> Array:
    """The rows held back that are told wrong, the worst first, where the view can show them."""
    if snapshot.classes is None or snapshot.request.view != "fit":
        return np.empty(0, int)
    return snapshot.classes.held_back_mistakes
