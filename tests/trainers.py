"""Trainers that tests begin with: any rows, and a model of each kind."""

import numpy as np
import pytest

from nn_core import MLP, Dataset, Quadratic, RectifiedLines


def random_data(rows, inputs=1, seed=0):
    random = np.random.default_rng(seed)
    return Dataset(random.uniform(-2, 2, (rows, inputs)), random.normal(0, 2, (rows, 1)))


MODELS = {
    "quadratic": Quadratic,
    "relu": lambda: RectifiedLines([-1.0, 0.7], [-0.4, 0.9]),
    "network": lambda: MLP((1, 5, 1), "tanh", seed=3),
}
models = pytest.mark.parametrize("build", MODELS.values(), ids=MODELS.keys())
