"""Axes: limits that enclose the data and seldom move, round ticks, values to fractions."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.plot.scale import LARGEST, Axis, stepped, tight

no_deadline = settings(deadline=None)  # how long it takes is not the question here
any_float = st.floats(width=64)
any_floats = st.lists(any_float, max_size=20)
sizes = st.floats(min_value=1e-12, max_value=1e12)
rows = st.integers(1, 60)
gaps = st.sampled_from((0.02, 0.1, 0.125, 0.2, 0.5, 1.0))


def number(label: str) -> float:
    return float(label.replace("−", "-"))


@no_deadline
@given(any_float, any_float, st.booleans())
def test_an_axis_is_sound_whatever_its_limits(low, high, log):
    axis = Axis(low, high, log)
    assert math.isfinite(axis.low)
    assert math.isfinite(axis.high)
    assert axis.low < axis.high
    assert axis.low > 0 or not log


@no_deadline
@given(any_floats, rows, st.booleans())
def test_limits_enclose_the_finite_values(values, rows, log):
    axis = stepped(values, rows, log)
    shown = [v for v in values if abs(v) <= LARGEST and (v > 1e-290 or not log)]
    assert all(axis.low <= value <= axis.high for value in shown)


@no_deadline
@given(st.lists(any_floats, max_size=6), rows, st.booleans())
def test_limits_that_have_moved_before_still_enclose_and_are_left_alone_by_the_same_values(
    history, rows, log
):
    axis = None
    for values in history:
        axis = stepped(values, rows, log, axis)
        shown = [v for v in values if abs(v) <= LARGEST and (v > 1e-290 or not log)]
        assert all(axis.low <= value <= axis.high for value in shown)
        assert stepped(values, rows, log, axis) == axis


@no_deadline
@given(st.lists(st.floats(-1e12, 1e12), min_size=2), st.integers(6, 60))
def test_values_fill_most_rows_of_their_limits(values, rows):
    low, high = min(values), max(values)
    if high - low > 1e-5 * max(abs(low), abs(high)) + 1e-290:
        axis = stepped(values, rows)
        first, last = np.floor(axis.to_unit([low, high]) * rows * (1 - 1e-9))
        assert last - first + 1 >= math.floor(0.7 * rows)


def test_limits_are_such_that_ticks_stand_in_the_middle_of_rows():
    every_third = stepped([0, 30], 10)
    assert (every_third.low, every_third.high) == pytest.approx((-10 / 6, 30 + 10 / 6))
    every_other = stepped([0.9, 2.4], 10)
    assert (every_other.low, every_other.high) == pytest.approx((0.75, 2.5 - 1 / 12))


def test_limits_grow_at_once_and_shrink_only_when_half_would_be_empty():
    axis = stepped([0, 2.4], 10)
    assert stepped([0, 1.8], 10, before=axis) == axis
    assert stepped([0, 1.2], 10, before=axis) == stepped([0, 1.2], 10) != axis
    assert stepped([0, 3.3], 10, before=axis) == stepped([0, 3.3], 10) != axis


def test_limits_do_not_jitter_with_data_at_their_border():
    axis, shown = None, []
    for top in (3.0, 3.3) * 10:
        axis = stepped([0, top], 10, before=axis)
        shown.append(axis)
    assert len(set(shown)) == 2
    assert len(set(shown[1:])) == 1


def test_a_kept_axis_of_another_scale_or_size_is_not_kept():
    assert stepped([1, 9], 10, log=True, before=Axis(0, 10, rows=10)) == Axis(1, 10, log=True)
    assert stepped([1, 9], 10, before=Axis(1, 10, log=True)) == stepped([1, 9], 10)
    assert stepped([1, 9], 12, before=stepped([1, 9], 10)) == stepped([1, 9], 12)


def test_without_values_the_axis_before_stays():
    before = Axis(3, 4, rows=10)
    assert stepped([], 10, before=before) == before
    assert stepped([np.nan, np.inf], 10) == stepped([0, 1], 10)
    assert stepped([-1.0, 0.0], 10, log=True) == Axis(1, 10, log=True)
    assert tight([]) == Axis(0, 1)


def test_constant_values_lie_inside_their_limits():
    for value in (2.42, 0.0, -7.0):
        axis = stepped([value], 10)
        assert 0.2 < axis.to_unit([value])[0] < 0.8
    assert tight([7.0]) == Axis(3.5, 10.5)


@no_deadline
@given(any_float, any_float, st.booleans(), gaps)
def test_ticks_are_distinct_values_within_the_limits(low, high, log, gap):
    axis = Axis(low, high, log)
    ticks = axis.ticks(gap)
    values = [tick.value for tick in ticks]
    assert all(axis.low <= value <= axis.high for value in values)
    assert all(a < b for a, b in pairwise(values))
    assert len({tick.label for tick in ticks}) == len(ticks)


@no_deadline
@given(st.floats(-1e6, 1e6), sizes, gaps)
def test_ticks_are_evenly_apart_by_a_round_step_that_leaves_the_gap(low, size, gap):
    axis = Axis(low, low + size)
    values = [tick.value for tick in axis.ticks(gap)]
    for before, after in pairwise(values):
        step = float(f"{after - before:.4g}")
        assert f"{step:e}"[0] in "125"
        assert f"{step:e}"[1:].startswith(".000000e")
        assert (after - before) / (axis.high - axis.low) >= gap * 0.999


@no_deadline
@given(any_float, any_float, st.booleans(), gaps)
def test_labels_say_the_values(low, high, log, gap):
    for value, label in Axis(low, high, log).ticks(gap):
        assert number(label) == pytest.approx(value, rel=1e-9, abs=1e-303)
        assert "-" not in label


@pytest.mark.parametrize(
    ("axis", "labels"),
    [
        (Axis(-2, 2), ["−2", "−1", "0", "1", "2"]),
        (Axis(0.5, 2.5), ["0.5", "1.0", "1.5", "2.0", "2.5"]),
        (Axis(0, 3e-5), ["0", "1e−5", "2e−5", "3e−5"]),
        (Axis(-2e-5, 0), ["−2e−5", "−1.5e−5", "−1e−5", "−5e−6", "0"]),
        (Axis(0, 100_000), ["0", "20000", "40000", "60000", "80000", "100000"]),
        (Axis(0, 5e12), ["0", "1e12", "2e12", "3e12", "4e12", "5e12"]),
        (Axis(0.985901, 0.985903), ["0.9859010", "0.9859015", "0.9859020", "0.9859025"]),
    ],
)
def test_labels_of_linear_axes(axis, labels):
    assert [tick.label for tick in axis.ticks(0.18)][: len(labels)] == labels


@pytest.mark.parametrize(
    ("axis", "gap", "labels"),
    [
        (Axis(0.5, 50, log=True), 0.1, ["1", "2", "4", "10", "20", "40"]),
        (Axis(0.5, 50, log=True), 0.2, ["1", "3", "10", "30"]),
        (Axis(0.001, 1, log=True), 0.3, ["0.001", "0.01", "0.1", "1"]),
        (Axis(1e-9, 1e3, log=True), 0.2, ["1e−9", "1e−6", "0.001", "1", "1000"]),
        (Axis(5, 10, log=True), 0.2, ["5", "6", "7", "8", "9", "10"]),
    ],
)
def test_labels_of_logarithmic_axes(axis, gap, labels):
    assert [tick.label for tick in axis.ticks(gap)] == labels


def test_values_as_fractions_of_the_axis():
    assert Axis(-3, 17).to_unit([-3, 7, 17, 27]).tolist() == [0, 0.5, 1, 1.5]
    assert Axis(1, 100, log=True).to_unit([1, 10, 100, 0.1]) == pytest.approx([0, 0.5, 1, -0.5])
    assert np.isnan(Axis(0, 1).to_unit([np.nan, np.inf, -np.inf])).all()
    assert np.isnan(Axis(1, 10, log=True).to_unit([0.0, -1.0, np.inf])).all()


@no_deadline
@given(any_float, any_float, st.booleans(), any_floats)
def test_fractions_are_finite_or_nan_and_in_the_values_order(low, high, log, values):
    unit = Axis(low, high, log).to_unit(np.sort(values))
    assert not np.isinf(unit).any()
    assert (np.diff(unit[~np.isnan(unit)]) >= 0).all()
