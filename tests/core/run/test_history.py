"""The History: what a plot of any stretch reads is the very minimum and maximum of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.run.history import FACTOR, History, Series


def series_of(values, limit=10**9):
    series = Series(limit)
    series.extend(np.asarray(values, float))
    return series


def assert_is_the_envelope(series, values, bins):
    """Compare every bin with the minimum and the maximum of the values that it covers."""
    found = series.envelope(bins)
    kept = np.asarray(values, float)[:: series.every]
    assert found.every == series.every
    wide = found.width // found.every
    pieces = [kept[at : at + wide] for at in range(0, len(kept), wide)]
    assert found.step.tolist() == [at * found.width for at in range(len(pieces))]
    assert found.low.tolist() == [piece.min() for piece in pieces]
    assert found.high.tolist() == [piece.max() for piece in pieces]


@given(length=st.integers(0, 3000), bins=st.integers(1, 200), seed=st.integers(0, 1000))
def test_envelope_is_minimum_and_maximum_of_each_bin(length, bins, seed):
    values = np.random.default_rng(seed).normal(size=length)
    series = series_of(values)
    assert_is_the_envelope(series, values, bins)
    assert min(length, bins) <= len(series.envelope(bins).step) <= bins * FACTOR


@given(
    changes=st.lists(
        st.tuples(st.sampled_from(["extend", "truncate", "look"]), st.integers(0, 700)), max_size=12
    ),
    limit=st.sampled_from([100, 10**9]),
    seed=st.integers(0, 1000),
)
def test_envelope_after_any_growing_cutting_and_looking(changes, limit, seed):
    """Bins that were made before a cut must not outlive it; past the limit, every second is kept.

    Which steps were kept doesn't depend on the lengths in which they came.
    """
    random = np.random.default_rng(seed)
    series, values = Series(limit), np.empty(0)
    for change, number in changes:
        if change == "extend":
            more = random.normal(size=number)
            series.extend(more)
            values = np.append(values, more)
        elif change == "truncate":
            series.truncate(number)
            values = values[:number]
        else:
            assert_is_the_envelope(series, values, max(1, number // 100))
        assert len(series) == len(values)
        assert series.values.tolist() == values[:: series.every].tolist()
    for bins in (1, 3, 80):
        assert_is_the_envelope(series, values, bins)


def test_past_the_limit_it_says_how_many_steps_lie_between_two_kept_ones():
    series = series_of(np.arange(1000), limit=100)
    assert series.every == 16
    assert len(series.values) <= 100
    assert len(series) == 1000
    assert series.envelope(80).every == 16


def test_a_dropped_step_reads_as_the_nearest_kept_one_before_it():
    series = series_of(np.arange(1000), limit=100)
    assert [series.at(step) for step in (0, 15, 16, 31, 999)] == [0, 0, 16, 16, 992]


def test_every_step_is_kept_up_to_the_limit():
    series = series_of(np.arange(100), limit=100)
    assert series.every == 1
    assert [series.at(step) for step in range(100)] == list(range(100))


def test_an_envelope_owns_its_numbers():
    """Training on must not change what an old snapshot shows."""
    series = series_of(np.arange(64.0))
    fine, coarse = series.envelope(80), series.envelope(2)
    series.truncate(0)
    series.extend(np.full(64, -1.0))
    series.envelope(2)
    assert fine.low.tolist() == list(range(64))
    assert coarse.low.tolist() == list(range(0, 64, FACTOR))


def test_bins_made_before_a_cut_do_not_outlive_it():
    """What was lived on another branch must not show in the plot of this one."""
    series = series_of(np.full(640, 9.0))
    series.envelope(2)
    series.truncate(100)
    series.extend(np.ones(540))
    assert_is_the_envelope(series, [9] * 100 + [1] * 540, 2)
    assert_is_the_envelope(series, [9] * 100 + [1] * 540, 40)


def test_a_copy_goes_its_own_way():
    series = series_of(np.arange(20.0))
    copy = series.copy()
    series.truncate(5)
    copy.extend(np.array([99.0]))
    assert copy.values.tolist() == [*range(20), 99]
    assert series.values.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("bins", [1, 80])
def test_an_empty_record_has_an_empty_envelope(bins):
    assert len(Series().envelope(bins).step) == 0


def test_what_is_recorded_of_a_step_stays_in_step():
    history = History()
    history.extend(np.array([3.0, 2.0, 1.0]), np.array([0.3, 0.2, 0.1]), np.full(3, 0.01))
    history.truncate(2)
    assert len(history) == 2
    assert history.losses.values.tolist() == [3, 2]
    assert history.gradient_norms.values.tolist() == [0.3, 0.2]
    assert history.learning_rates.values.tolist() == [0.01, 0.01]


@given(
    values=st.lists(st.integers(0, 5), max_size=3000),
    threshold=st.integers(0, 6),
    part=st.floats(0, 1),
)
def test_the_last_value_from_a_threshold_on_is_found(values, threshold, part):
    series = Series()
    series.extend(np.array(values, float))
    end = round(part * len(values))
    above = [step for step in range(end) if values[step] >= threshold]
    assert series.last_from(threshold, end) == (above[-1] if above else -1)
