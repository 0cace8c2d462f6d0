"""Bars: their heights and their room, for any numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.text.roles import width_of
from nn_tui.views import bars


@pytest.mark.parametrize(
    "values",
    [
        [0.0, 0.0], [1e-300, -1e-300], [1e300, -1e300], [np.nan, 1.0, np.inf], [1.0], [-3.0, -3.0],
        [1e308] * 40,
    ],
)  # fmt: skip
@pytest.mark.parametrize("height", [5, 6, 20, 60])
def test_bars_of_any_numbers_fit_their_room(values: list[float], height: int) -> None:
    x = np.linspace(-1, 1, len(values))
    for places in (x, None, np.zeros(len(values))):
        drawn = bars.Bars(np.array(values), places, np.arange(len(values)), 0, "here", "push")
        with np.errstate(all="ignore"):
            lines = bars.draw(drawn, [("1", "push")], 80, height)
        assert len(lines) == height
        assert all(width_of(line) <= 80 for line in lines)


def test_the_points_are_numbered_on_the_line_of_0_where_there_is_room() -> None:
    """Which point a bar was of only the arithmetic in full told."""
    x = np.array([0.0, 2.0, 1.0])
    drawn = bars.Bars(np.ones(3), x, np.array([4, 11, 7]), None, "", "push")
    said = ["".join(text for text, _ in line) for line in bars.draw(drawn, [], 80, 8)]
    [axis] = [row for row in said if "┼" in row]
    assert axis.replace("─", " ").split()[-3:] == ["5", "8", "12"]
    many = bars.Bars(np.ones(60), np.arange(60.0), np.arange(60), None, "", "push")
    rows = ["".join(text for text, _ in line) for line in bars.draw(many, [], 80, 8)]
    assert next(row for row in rows if "┼" in row).endswith("┼" + 60 * "─")


def test_the_mean_is_written_as_in_the_arithmetic_above_it() -> None:
    """Of one gradient it said −0.0316, and −0.03158 four lines above."""
    assert bars.sum_column(10.2105, -10.8421, 20, -0.03158)[-1][0] == "= −0.03158"


@given(st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=40), st.integers(8, 60))
def test_bars_take_most_of_their_height(values: list[float], height: int) -> None:
    drawn = bars.Bars(np.array(values), None, np.arange(len(values)), None, "", "push")
    lines = bars.draw(drawn, [], 80, height)
    tall = [line for line in lines if any(set(text) & set("█▄▁") for text, _ in line)]
    assert len(tall) > 2 / 3 * (height - 3) - 1
