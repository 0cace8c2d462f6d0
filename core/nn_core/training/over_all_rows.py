"""A model's loss and gradient over all rows of some data, a part of them at a time."""

from collections.abc import Callable

import numpy as np

from nn_core.arrays import Array
from nn_core.data.dataset import Dataset
from nn_core.models import Model
from nn_core.models.losses import Loss

ROWS_AT_ONCE = 16_384  # what they need stays small


def loss_over(model: Model, loss: Loss, data: Dataset) -> float:
    """The mean loss, without penalties."""
    return compile_loss(model, loss, data)()


def compile_loss(model: Model, loss: Loss, data: Dataset) -> Callable[[], float]:
    """A function that gives the mean loss of the parameters as they stand when it is called.

    What it needs is allocated once: of a tiny model that takes longer than the arithmetic.
    """
    dtype = model.predict(data.x[:0]).dtype
    predictions = np.empty(data.y.T.shape, dtype)
    compiled = loss.compile(predictions, np.ascontiguousarray(data.y.T), "sum")
    filled = [(data.x[part], predictions[:, part]) for part in _parts(data)]

    @np.errstate(all="ignore")
    def measure() -> float:
        for x, some in filled:
            some[...] = model.predict(x).T
        return float(compiled.measure()) * compiled.mean

    return measure


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
