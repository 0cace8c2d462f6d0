"""The kinks: where the curve really bends, and which units are silent."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import MLP, Quadratic, RectifiedLines
from nn_core.analysis.kinks import kinks, silent_units

X = np.linspace(-2, 2, 20)[:, None]
LOW, HIGH = -2.0, 2.0


def random_network(hidden, seed):
    model = MLP((1, *hidden, 1))
    model.flat[:] = np.random.default_rng(seed).normal(0, 1, model.flat.size)
    return model


def bend_at(model, x, reach):
    """How much the slope changes within reach of x."""
    left, here, right = model.predict(np.array([[x - reach], [x], [x + reach]]))[:, 0]
    return (left - 2 * here + right) / reach


def assert_kinks_are_all_the_bends(model):
    """At each kink the slope changes, the way that is said; between two of them nowhere."""
    found = sorted((kink for kink in kinks(model, X, LOW, HIGH) if kink.bend), key=lambda k: k.x)
    places = np.array([LOW, *(kink.x for kink in found), HIGH])
    gaps = np.diff(places)
    for kink, left, right in zip(found, gaps[:-1], gaps[1:], strict=True):
        reach = min(left, right, 0.01) / 2
        if reach > 1e-6:  # else two lie too close to be told apart by differences
            assert np.sign(round(bend_at(model, kink.x, reach), 6)) in (kink.bend, 0)
    for left, width in zip(places[:-1], gaps, strict=True):
        if width > 1e-3:
            assert bend_at(model, left + width / 2, width * 0.499) == pytest.approx(0, abs=1e-6)


@given(seed=st.integers(0, 10_000), lines=st.integers(1, 5))
def test_kinks_of_rectified_lines(seed, lines):
    random = np.random.default_rng(seed)
    assert_kinks_are_all_the_bends(
        RectifiedLines(random.normal(0, 1, lines), random.normal(0, 1, lines))
    )


@given(seed=st.integers(0, 10_000), hidden=st.lists(st.integers(1, 6), min_size=1, max_size=3))
def test_kinks_of_networks_of_any_depth(seed, hidden):
    assert_kinks_are_all_the_bends(random_network(hidden, seed))


def test_a_kink_names_its_unit_and_which_way_it_bends():
    model = MLP((1, 2, 1))
    model.flat[:] = [1.0, -0.5, -2.0, -1.0, 3.0, -4.0, 0.0]
    first, second = kinks(model, X, LOW, HIGH)
    assert (first.x, first.bend, first.unit) == (0.5, 1, 0)
    assert (second.x, second.bend, second.unit) == (-0.5, -1, 1)


def test_the_lessons_two_lines_bend_at_one_place():
    assert [kink.x for kink in kinks(RectifiedLines(), X, LOW, HIGH)] == [-1, -1]


def test_a_silent_unit_is_named_at_the_border_beyond_which_it_bends():
    model = RectifiedLines([1.0, -1.0], [-5.0, 1.0])
    silent, active = kinks(model, X, LOW, HIGH)
    assert (silent.x, silent.bend, silent.unit) == (HIGH, 0, 0)
    assert (active.x, active.bend, active.unit) == (1, 1, 1)


def test_a_unit_whose_kink_lies_outside_but_which_is_active_is_not_marked():
    assert kinks(RectifiedLines([1.0], [5.0]), X, LOW, HIGH) == ()


def test_a_line_without_a_slope_has_no_kink():
    assert kinks(RectifiedLines([0.0], [1.0]), X, LOW, HIGH) == ()


def test_a_unit_of_no_weight_in_the_sum_bends_nothing():
    model = MLP((1, 1, 1))
    model.flat[:] = [1.0, 0.0, 0.0, 2.0]
    assert kinks(model, X, LOW, HIGH) == ()


@pytest.mark.parametrize("model", [Quadratic(), MLP((1, 4, 1), "tanh")])
def test_what_is_not_rectified_has_no_kinks_and_no_silent_units(model):
    assert kinks(model, X, LOW, HIGH) == ()
    assert silent_units(model, X) == ()


def test_several_inputs_have_no_kinks_to_mark():
    assert kinks(MLP((2, 3, 1)), np.zeros((4, 2)), LOW, HIGH) == ()


@given(seed=st.integers(0, 10_000), hidden=st.lists(st.integers(1, 6), min_size=1, max_size=3))
def test_a_silent_unit_is_one_that_changes_nothing(seed, hidden):
    """Exactly those units of a layer can be cut off from the next without changing a prediction."""
    model = random_network(hidden, seed)
    silent = silent_units(model, X)
    for layer, units in enumerate(silent):
        output = model.outputs(X)[layer]
        assert list(units) == [unit for unit in range(len(output)) if not output[unit].any()]
    before = model.predict(X)
    for layer, units in enumerate(silent):
        model.blocks[layer + 1][:, list(units)] = 1e6
    assert model.predict(X).tolist() == before.tolist()


def test_spread_lays_a_kink_of_every_unit_into_the_data():
    """Zero biases, as He's rule has them, put all of them at 0."""
    spread = kinks(MLP((1, 16, 1), init="spread", over=X), X, LOW, HIGH)
    assert len({round(kink.x, 6) for kink in spread}) == 16
    assert {kink.x for kink in kinks(MLP((1, 16, 1), init="he"), X, LOW, HIGH)} == {0}
