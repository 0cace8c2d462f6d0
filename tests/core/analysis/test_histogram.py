"""Histograms: nothing is lost, and the limits are round."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.analysis.histogram import BINS, histogram, round_limit


@given(st.lists(st.floats(), max_size=50))
def test_every_number_is_counted_once(values):
    found = histogram(np.array(values))
    assert found.counts.sum() + found.zeros + found.not_finite == len(values)
    assert found.zeros == sum(value == 0 for value in values)
    assert found.not_finite == sum(not np.isfinite(value) for value in values)


@given(st.lists(st.floats(-1e9, 1e9).filter(lambda v: abs(v) > 1e-9), min_size=1, max_size=50))
def test_a_number_lies_in_the_bin_that_holds_it(values):
    found = histogram(np.array(values))
    borders = np.linspace(-found.limit, found.limit, BINS + 1)
    expected, _ = np.histogram(values, borders)
    assert np.abs(np.cumsum(found.counts - expected)).max() <= sum(
        np.isclose(values, border, rtol=1e-9, atol=0).sum() for border in borders
    )
    below = sum(value < 0 for value in values)
    assert found.counts[: BINS // 2].sum() == below


@pytest.mark.parametrize(
    ("largest", "limit"),
    [(0, 1), (1, 1), (1.01, 2), (2, 2), (4.9, 5), (5.1, 10), (0.03, 0.05), (1e-5, 1e-5),
     (7e300, 1e300), (3e-320, 1e-300)],
)  # fmt: skip
def test_limits_are_one_two_or_five_times_a_power_of_ten(largest, limit):
    assert round_limit(largest) == limit


def test_a_little_more_or_less_leaves_the_limits_where_they_are():
    limits = {histogram(np.array([-1.3, scale])).limit for scale in np.linspace(1.05, 1.95, 20)}
    assert limits == {2.0}
