"""Rows held back: how they are drawn, and that their scale is the training rows'."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Config, datasets
from nn_core.data.datasets import Dataset, load, split, standardised
from nn_core.errors import RequestError


@given(rows=st.integers(2, 200), fraction=st.floats(0.001, 0.999), seed=st.integers(0, 2**32 - 1))
def test_a_split_shares_out_every_row_once_and_in_order(rows, fraction, seed):
    x = np.arange(float(rows))[:, None]
    data = Dataset(x, -x)
    held_back = int(fraction * rows + 0.5)
    if not 0 < held_back < rows:
        with pytest.raises(RequestError, match="at least one is needed"):
            split(data, fraction, seed)
        return
    found = split(data, fraction, seed)
    assert found.validation is not None
    assert found.validation.rows == held_back
    together = np.concatenate([found.x, found.validation.x])
    np.testing.assert_array_equal(np.sort(together, axis=0), x)
    for part in (found, found.validation):
        assert (np.diff(part.x[:, 0]) > 0).all()
        np.testing.assert_array_equal(part.y, -part.x)
    again = split(data, fraction, seed)
    np.testing.assert_array_equal(again.x, found.x)


def test_the_data_seed_draws_the_split_and_the_start_seed_does_not():
    split_by = [
        load(Config(validation=0.25, noise=(0.0, 0.0), **seeds)).x
        for seeds in ({}, {"seed": 5}, {"data_seed": 5})
    ]
    np.testing.assert_array_equal(split_by[0], split_by[1])
    assert not np.array_equal(split_by[0], split_by[2])


def test_scaling_is_that_of_the_training_rows():
    data = load(Config(data="stopping-distance", scale=True, validation=0.2))
    np.testing.assert_allclose(data.x.mean(), 0, atol=1e-12)
    np.testing.assert_allclose(data.x.std(), 1)
    held_back = data.validation
    assert held_back is not None
    assert held_back.rows == 10
    assert abs(held_back.x.mean()) > 1e-3
    every = datasets.stopping_distance()
    together = np.concatenate([data.raw_x, held_back.raw_x])
    np.testing.assert_allclose(np.sort(together, axis=0), np.sort(every.x, axis=0))
    truth = load(Config(scale=True, validation=0.2, noise=(0.0, 0.0)))
    assert truth.validation is not None
    np.testing.assert_allclose(
        truth.validation.truth(truth.validation.x), truth.validation.y, atol=1e-12
    )


def test_a_column_that_is_constant_in_the_training_rows_cannot_be_scaled():
    data = Dataset(np.array([[1.0], [1.0]]), np.array([[1.0], [2.0]]), validation=None)
    with pytest.raises(RequestError, match="'x' is 1 in every row to train on"):
        standardised(data)
    with pytest.raises(RequestError, match="can’t be scaled"):
        load(Config(rows=1, scale=True))
