"""Data sets: the lesson's, the cars', a person's own, and scaling there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn_core import Config, Dataset, Trainer, datasets
from nn_core.errors import RequestError
from nn_core.explain.capture import unscaled_quadratic
from nn_core.models import Quadratic

columns = arrays(float, st.tuples(st.integers(2, 20), st.just(2)), elements=st.floats(-1e6, 1e6))


def two_columns(values):
    """The first column as input and the second as target, made to differ from row to row."""
    values = values + np.arange(len(values))[:, None] * 3e6
    return Dataset(values[:, :1], values[:, 1:])


@given(columns)
def test_standardised_columns_have_mean_0_and_deviation_1_and_lead_back(values):
    data = two_columns(values)
    scaled = datasets.standardised(data)
    for column in (scaled.x, scaled.y):
        assert column.mean() == pytest.approx(0, abs=1e-9)
        assert column.std() == pytest.approx(1)
    np.testing.assert_allclose(scaled.raw_x, data.x, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(scaled.raw_y, data.y, rtol=1e-9, atol=1e-6)


def test_raw_columns_are_the_columns_where_nothing_was_scaled():
    data = datasets.noisy_quadratic()
    assert data.raw_x is data.x
    assert data.raw_y is data.y


def test_the_truth_is_scaled_along():
    scaled = datasets.standardised(datasets.noisy_quadratic(noise=(0.0, 0.0)))
    np.testing.assert_allclose(scaled.truth(scaled.x), scaled.y, atol=1e-12)


@given(values=columns, coefficients=arrays(float, 3, elements=st.floats(-3, 3)))
def test_a_scaled_quadratic_in_the_units_of_the_file_is_the_same_curve(values, coefficients):
    scaled = datasets.standardised(two_columns(values))
    raw = unscaled_quadratic(coefficients, scaled.x_scaling, scaled.y_scaling)
    curve = scaled.y_scaling.undo(Quadratic(*coefficients).predict(scaled.x))
    size = np.abs(curve).max() + np.abs(scaled.raw_y).max()
    np.testing.assert_allclose(Quadratic(*raw).predict(scaled.raw_x), curve, atol=1e-9 * size)


def test_without_noise_the_lessons_points_lie_on_its_function():
    data = datasets.noisy_quadratic(noise=(0.0, 0.0))
    assert data.y.tolist() == (3 * data.x**2 + 2 * data.x + 1).tolist()


def test_another_seed_is_other_noise_at_the_same_inputs():
    first, second = datasets.noisy_quadratic(seed=1), datasets.noisy_quadratic(seed=2)
    assert first.x.tolist() == second.x.tolist()
    assert not np.any(first.y == second.y)


@pytest.mark.parametrize(
    ("config", "source", "names"),
    [
        (Config(), "the lesson’s noisy quadratic", ("x",)),
        (Config(data="stopping-distance"), "50 cars of the 1920s (Ezekiel, 1930)", ("speed_mph",)),
    ],
)
def test_a_config_names_its_data(config, source, names):
    data = datasets.load(config)
    assert (data.source, data.x_names) == (source, names)


def test_a_config_leads_to_a_persons_own_columns(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("time,height,weight\n1,2,70\n2,5,60\n3,10,50\n", encoding="utf-8")
    config = Config(data=str(path), x=("weight",), y="height", scale=True, loss="mse")
    data = datasets.load(config)
    assert (data.x_names, data.y_name, data.source) == (("weight",), "height", str(path))
    np.testing.assert_allclose(data.raw_x[:, 0], [70, 60, 50])
    trainer = Trainer.from_config(config)
    before = trainer.loss()
    trainer.run(10)
    assert trainer.loss() < before


# --- from Python ----------------------------------------------------------------------------------


def test_lists_and_whole_numbers_are_tables_too():
    data = Dataset([[1], [2]], [[3], [4]])
    assert data.x.dtype == data.y.dtype == np.float64
    single = Dataset(np.ones((2, 1), np.float32), np.ones((2, 1), np.float32))
    assert single.x.dtype == np.float32


@pytest.mark.parametrize("x", [[["a"]], [[1j]]])
def test_what_is_no_number_is_refused_with_what_takes_it(x):
    with pytest.raises(RequestError, match="x holds what is no number"):
        Dataset(x, [[1.0]])


def test_data_are_loaded_by_name_or_from_a_file_with_settings_by_keyword(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("a,b,c\n1,2,3\n2,5,1\n4,4,4\n")
    data = datasets.load(path, y="a", scale=True)
    assert (data.x_names, data.y_name) == (("b", "c"), "a")
    assert abs(data.x.mean()) < 1e-12
    assert datasets.load(str(path)).y_name == "c"
    assert datasets.load("xor").rows == 200
    assert datasets.load(Config(), rows=5).rows == 5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: datasets.noisy("cubic"), "there is no data 'cubic'; there are lesson, line"),
        (lambda: datasets.plane("ring"), "there is no data 'ring'; there are circle, xor"),
        (lambda: datasets.noisy("sine", rows=0), "rows must be a whole number from 1"),
        (lambda: datasets.load("nope.csv"), "nope.csv: there is no such file"),
    ],
)
def test_data_that_there_are_not_are_refused_with_those_that_there_are(make, message):
    with pytest.raises(RequestError, match=message):
        make()
