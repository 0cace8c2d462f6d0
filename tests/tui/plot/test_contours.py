"""Contour lines: between dots of which the one is below a level and the other above."""

import re

import numpy as np
import pytest

from nn_tui.plot import raster
from nn_tui.plot.limits import axes
from nn_tui.plot.plot import Contours, Plot
from nn_tui.plot.render import render
from nn_tui.plot.scale import Axis

EDGE = np.linspace(-1, 1, 21)


def text(plot: Plot, width: int, height: int) -> list[str]:
    return ["".join(run for run, _ in row) for row in render(plot, width, height)]


def test_a_slope_has_upright_lines_at_its_levels() -> None:
    slope = Contours(EDGE, EDGE, np.tile(EDGE, (21, 1)), (-0.5, 0.5))
    drawn = text(Plot((slope,), x=Axis(-1, 1), y=Axis(-1, 1)), 46, 7)
    lines = [re.split("[│┤]", row)[1] for row in drawn[:-1]]
    assert len({row.rstrip() for row in lines}) == 1
    width = len(lines[0])
    crossed = [at for at, glyph in enumerate(lines[0]) if glyph != " "]
    assert crossed == pytest.approx([width / 4, 3 * width / 4], abs=1)


def test_a_hollow_has_rings_which_are_as_far_as_their_level() -> None:
    x, y = np.meshgrid(EDGE, EDGE)
    heights = raster.heights((EDGE + 1) / 2, (EDGE + 1) / 2, np.hypot(x, y), 80, 80)
    ring = np.argwhere(raster.level_lines(heights, (0.6,)))
    away = np.hypot(*((ring.T + 0.5) / 40 - 1))
    assert len(ring) > 100
    assert away == pytest.approx(0.6, abs=0.05)


def test_heights_are_met_where_they_are_known_and_rows_come_from_the_top() -> None:
    places = np.array([0.0, 0.25, 1.0])
    z = np.array([[0.0, 1.0, 4.0], [2.0, 3.0, 6.0], [8.0, 9.0, 12.0]])  # z = 8y + 4x
    found = raster.heights(places, places, z, 8, 10)
    across, down = (np.arange(8) + 0.5) / 8, (np.arange(10) + 0.5) / 10
    np.testing.assert_allclose(found, 8 * (1 - down)[:, None] + 4 * across)


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_holes_are_high_up_and_harm_nothing(hole: float) -> None:
    z = np.full((5, 5), 1.0)
    z[2, 2] = hole
    heights = raster.heights(np.linspace(0, 1, 5), np.linspace(0, 1, 5), z, 30, 30)
    assert not np.isnan(heights).any()
    assert heights[15, 15] == np.inf
    assert raster.level_lines(heights, (2.0,)).any()
    assert not raster.level_lines(heights, ()).any()


def test_limits_are_found_where_none_are_given() -> None:
    x, y = np.meshgrid(EDGE, 3 * EDGE)
    across, up = axes(Plot((Contours(EDGE, 3 * EDGE, x * y, (0.0,)),)), 13)
    assert (across.low, across.high, up.low, up.high) == (-1, 1, -3.25, 3.25)
