"""The losses to hold a loss against: the best fit is really the best."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nn_core import Dataset, datasets
from nn_core.analysis.references import references
from nn_core.models.losses import LOSSES
from nn_core.models.losses.absolute import least_absolute
from nn_core.models.losses.fits import least_squares

coordinate = st.one_of(st.integers(-3, 3).map(float), st.floats(-3, 3, width=16))
points = st.lists(st.tuples(coordinate, coordinate), min_size=4, max_size=9)


def design_of(x):
    x = np.asarray(x, float)
    return np.column_stack([x**2, x, np.ones(len(x))])


def sum_of_absolutes(design, y, coefficients):
    return float(np.abs(design @ coefficients - y).sum())


def least_through_three_points(design, y):
    """The best of all fits through as many points as there are coefficients: one is the best."""
    least = np.inf
    for rows in map(list, combinations(range(len(y)), design.shape[1])):
        if np.linalg.matrix_rank(design[rows]) == design.shape[1]:
            fit = np.linalg.solve(design[rows], y[rows])
            least = min(least, sum_of_absolutes(design, y, fit))
    return least


@given(points)
def test_least_absolute_is_as_good_as_the_best_through_three_points(drawn):
    """Ties and points that lie on one curve with others are among those drawn."""
    x, y = np.array(drawn).T
    assume(len(np.unique(x)) >= 3)
    assume(np.diff(np.unique(x)).min() > 0.05)  # else the fits themselves are ill-conditioned
    design = design_of(x)
    found = sum_of_absolutes(design, y, least_absolute(design, y))
    assert found == pytest.approx(least_through_three_points(design, y), rel=1e-9, abs=1e-9)


def test_least_absolute_where_many_points_lie_on_one_fit():
    """Four of these lie on one quadratic that isn't the best, yet each exchange has length 0."""
    design = design_of([-2, -1, 0, -1, 2, 1])
    y = np.array([2.0, -1.0, 2.0, 1.0, -2.0, 1.0])
    assert sum_of_absolutes(design, y, least_absolute(design, y)) == pytest.approx(5.5, rel=1e-12)


def test_least_absolute_of_the_cars_whose_speeds_repeat():
    data = datasets.stopping_distance()
    design = design_of(data.x[:, 0])
    found = sum_of_absolutes(design, data.y[:, 0], least_absolute(design, data.y[:, 0]))
    assert found == pytest.approx(least_through_three_points(design, data.y[:, 0]), rel=1e-12)


@given(points)
def test_least_absolute_of_any_points_is_no_worse_than_least_squares(drawn):
    """Whatever repeats, even one x for all, it ends and gives a fit."""
    x, y = np.array(drawn).T
    design = design_of(x)
    found = sum_of_absolutes(design, y, least_absolute(design, y))
    squares = sum_of_absolutes(design, y, least_squares(design, y))
    assert found <= squares * (1 + 1e-6) + 1e-6


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_with_no_more_points_than_coefficients_the_fit_is_exact(rows):
    data = Dataset(np.arange(rows, dtype=float)[:, None], np.array([[5.0], [1.0], [4.0]])[:rows])
    for loss in ("mae", "mse"):
        (best,) = references(data, LOSSES[loss])
        assert best.loss == pytest.approx(0, abs=1e-12)


@given(seed=st.integers(0, 1000), rows=st.integers(4, 30))
def test_no_small_change_betters_the_least_squares(seed, rows):
    random = np.random.default_rng(seed)
    design, y = design_of(random.uniform(-2, 2, rows)), random.normal(size=rows)
    best = least_squares(design, y)
    least = np.square(design @ best - y).sum()
    for change in np.vstack([np.eye(3), -np.eye(3)]) * 1e-3:
        assert np.square(design @ (best + change) - y).sum() >= least


def test_several_inputs_are_held_against_a_plane():
    random = np.random.default_rng(0)
    x = random.normal(size=(10, 2))
    data = Dataset(x, x[:, :1] * 2 - x[:, 1:] + 3)
    (best,) = references(data, LOSSES["mae"])
    assert best.label == "best linear fit"
    assert best.loss == pytest.approx(0, abs=1e-12)


def test_several_targets_have_a_fit_each():
    random = np.random.default_rng(1)
    x, y = random.normal(size=(12, 2)), random.normal(size=(12, 2))
    (best,) = references(Dataset(x, y), LOSSES["mse"])
    alone = [references(Dataset(x, y[:, at : at + 1]), LOSSES["mse"])[0].loss for at in (0, 1)]
    assert best.loss == pytest.approx(np.mean(alone), rel=1e-12)


def test_they_are_worked_out_on_the_rows_to_train_on():
    whole = datasets.noisy("lesson", rows=40)
    data = datasets.split(whole, 0.25, seed=1)
    alone = Dataset(data.x, data.y, truth=data.truth)
    assert data.rows == 30
    assert references(data, LOSSES["mse"]) == references(alone, LOSSES["mse"])
    assert references(data, LOSSES["mse"]) != references(whole, LOSSES["mse"])


def test_a_fit_too_long_to_work_out_is_left_out_not_guessed():
    random = np.random.default_rng(0)
    data = Dataset(random.normal(size=(20_000, 1)), random.normal(size=(20_000, 1)))
    assert references(data, LOSSES["mae"]) == ()
    assert [each.label for each in references(data, LOSSES["mse"])] == ["best quadratic"]


LESSON = datasets.noisy("lesson")


def test_truth_and_best_fit_have_their_own_parameters():
    truth, best = references(LESSON, LOSSES["mae"])
    assert truth.coefficients == (3, 2, 1)
    assert np.round(best.coefficients, 3).tolist() == [2.614, 1.337, 0.564]


def test_in_scaled_units_they_are_those_that_are_trained():
    data = datasets.standardised(LESSON)
    for found in references(data, LOSSES["mse"]):
        a, b, c = found.coefficients
        off = a * data.x**2 + b * data.x + c - data.y
        assert float(np.square(off).mean()) == pytest.approx(found.loss, rel=1e-9)


def test_without_noise_the_truth_is_the_best_and_its_loss_is_nothing():
    (found,) = references(datasets.noisy("lesson", noise=(0, 0)), LOSSES["mse"])
    assert (found.label, found.loss) == ("truth, the best there is", 0.0)


@pytest.mark.parametrize("name", ["sine", "abs", "bumps", "step", "x-sin-x"])
def test_a_quadratic_is_no_measure_of_a_network_on_what_is_none(name):
    data = datasets.noisy(name)
    assert [each.kind for each in references(data, LOSSES["mse"], of_quadratic=False)] == ["truth"]
    both = references(data, LOSSES["mse"], of_quadratic=True)
    assert [each.label for each in both] == ["truth", "best quadratic"]
