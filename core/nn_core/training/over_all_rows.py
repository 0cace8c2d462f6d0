"""A model's loss and gradient over all rows of some data, a part of them at a time."""

import numpy as np

from nn_core.arrays import Array
from nn_core.data.dataset import Dataset
from nn_core.models import Model
from nn_core.models.losses import Loss

ROWS_AT_ONCE = 16_384  # what they need stays small


def loss_over(model: Model, loss: Loss, data: Dataset) -> float:
    """The mean loss, without penalties."""
    with np.errstate(all="ignore"):
        predictions = [model.predict(data.x[part]) for part in _parts(data)]
        return loss.evaluate(np.concatenate(predictions), data.y)


def gradient_over(model: Model, loss: Loss, data: Dataset) -> Array:
    """The gradient of the mean loss, without penalties, a flat vector."""
    gradient = np.zeros_like(model.flat)
    share, loss = np.empty_like(gradient), loss.among(data.y)
    with np.errstate(all="ignore"):
        for part in _parts(data):
            x, y = data.x[part], data.y[part]
            some = model.compile(x, y, len(x), loss, share)
            some.forward()
            some.loss()
            some.backward()
            gradient += share * (len(x) / data.rows)
    return gradient


def _parts(data: Dataset) -> list[slice]:
    return [slice(at, at + ROWS_AT_ONCE) for at in range(0, data.rows, ROWS_AT_ONCE)]
