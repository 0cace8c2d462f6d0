"""The slope view as it is drawn: its numbers are the insight's, and it fits any frame."""

import math
import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from claims import number
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Activity, Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_tui.plot import raster
from nn_tui.plot.scale import Axis
from nn_tui.text.roles import width_of
from nn_tui.text.spelling import to_ascii
from nn_tui.views import Frame
from nn_tui.views.slope import _names, contour_levels, draw

SIZES = [(40, 1), (40, 4), (59, 6), (60, 9), (80, 13), (80, 29), (120, 48), (200, 60)]


@cache
def snapshot(name: str = "quadratic", steps: int = 10, **changes: Any) -> Snapshot:
    value, phase = changes.pop("value", None), changes.pop("phase", 0)
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config.replace(**changes)))
    timeline.advance(steps)
    if value is not None:
        timeline.do("assign", index=0, value=value)
    for _ in range(phase):
        timeline.phase()
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest(view="slope"))


def rows(shown: Snapshot, width: int = 80, height: int = 13, markers: str = "braille") -> list[str]:
    lines = draw(shown, Frame(width, height, markers))
    return ["".join(text for text, _ in line) for line in lines]


def test_the_numbers_in_sight_are_the_insights() -> None:
    shown = snapshot()
    found, drawn = shown.insight, rows(shown)
    title, last = drawn[0], drawn[-1]
    slope = re.search(r"loss over a  slope ([−\d.]+) ", title)
    least = re.search(r"b over a  ✦ least ([\d.]+) ", title)
    foot = re.fullmatch(r" here +(\S+)   a alone ▸ +(\S+)   all move ▸ +(\S+) +p another .+", last)
    assert slope
    assert least
    assert foot
    assert number(slope[1]) == pytest.approx(found.slope, abs=0.5e-4)
    assert number(least[1]) == pytest.approx(found.map.losses.min(), abs=0.5e-4)
    expected = [found.loss, found.landing, found.next_loss]
    assert [number(text) for text in foot.groups()] == pytest.approx(expected, abs=0.5e-4)
    assert found.loss == pytest.approx(shown.loss)


def place_of(drawn: list[str], glyph: str, left: bool) -> tuple[int, int]:
    """Row and column of a glyph in the plot on the left or on the right."""
    half = slice(0, 40) if left else slice(40, 80)
    return next((y, row[half].index(glyph)) for y, row in enumerate(drawn) if glyph in row[half])


def test_here_and_the_bottom_stand_where_they_are() -> None:
    """On the slice ✦ is to the right of ◆ and lower; on the map to the right and higher."""
    shown = snapshot()
    drawn, found = rows(shown)[1:], shown.insight
    assert found.slice.bottom > found.chosen.value
    here, bottom = place_of(drawn[:-1], "◆", True), place_of(drawn[:-1], "✦", True)
    assert bottom[0] > here[0]
    assert bottom[1] > here[1]
    here, bottom = place_of(drawn[:-1], "◆", False), place_of(drawn[:-1], "✦", False)
    assert found.map.bottom[1] > found.partner.value
    assert bottom[0] <= here[0]
    assert bottom[1] > here[1]


@pytest.mark.parametrize(("value", "tip"), [(0.0, "▸"), (3.2, "◂")])
def test_the_arrow_points_where_the_step_goes(value: float, tip: str) -> None:
    drawn = rows(snapshot(steps=0, value=value))
    here, end = place_of(drawn[:-1], "◆", True), place_of(drawn[:-1], tip, True)
    assert end[1] == here[1] + (1 if tip == "▸" else -1)


def test_each_point_that_the_slice_passes_has_its_tick() -> None:
    shown = snapshot()
    line = next(row for row in rows(shown, 200, 30) if "┴" in row)
    kinks = shown.insight.slice.kinks
    assert line.count("◉") == 1
    assert len(kinks) / 2 < line.count("┴") <= len(kinks)
    assert "┴" not in "".join(rows(snapshot(loss="mse")))


def test_inside_a_step_there_is_no_arrow_until_backward() -> None:
    for phase in (1, 2, 3):
        drawn = rows(snapshot(phase=phase))
        assert "▸" not in "".join(drawn)
        assert "alone" not in drawn[-1]
    assert "▸" in "".join(rows(snapshot(phase=4)))


def test_what_it_is_of_is_said_where_that_is_not_plain() -> None:
    assert "on all 20 rows" in rows(snapshot(batch_size=4))[-1]
    many = snapshot(rows=100_000, data="lesson")
    assert f"on 2000 of 100000 rows (all {many.loss:.4f})" in rows(many)[-1]
    assert "(all " not in rows(snapshot(rows=100_000, data="lesson", l2=0.1))[-1]
    assert "batch’s slope" in rows(snapshot(batch_size=4), 120)[-1]
    assert "gradient used" in rows(snapshot(zero_gradients=False), 120)[-1]
    assert "scaled units" in rows(snapshot("stopping-distance"), 120)[-1]
    assert "with penalty" in rows(snapshot(l2=0.1))[-1]


def test_with_too_few_columns_the_slice_stands_alone() -> None:
    drawn = rows(snapshot(), 50, 12)
    assert "slope" in drawn[0]
    assert "least" not in drawn[0]
    assert "p other" not in drawn[-1]


AWKWARD = [
    {}, {"value": 1e300}, {"value": -1e308, "loss": "mse"}, {"value": 1e300, "name": "relu"},
    {"name": "relu-net", "value": 1e300}, {"name": "relu-net", "hidden": (64, 64), "steps": 2},
    {"rows": 1, "data": "line"}, {"dtype": "float32"}, {"freeze": ("a",)}, {"steps": 0},
    {"name": "relu-net", "batch_size": 5, "optimizer": "adam"},
]  # fmt: skip


@pytest.mark.parametrize("asked", AWKWARD, ids=str)
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("markers", ["braille", "blocks", "ascii"])
def test_it_fits_its_frame(asked: dict[str, Any], size: tuple[int, int], markers: str) -> None:
    lines = draw(snapshot(**asked), Frame(*size, markers))
    assert 1 <= len(lines) <= size[1]
    assert max(width_of(line) for line in lines) <= size[0]
    if markers == "ascii":
        assert "?" not in "".join(to_ascii(text) for line in lines for text, _ in line)


def test_a_contest_is_not_given_away() -> None:
    from nn_core.run.contest import Score

    score = Score(np.array([2.4]), np.array([2.4]), "mae", hint=False)
    drawn = rows(replace(snapshot(), activity=Activity(contest=score)))
    assert "slope" not in drawn[0] or "hidden" in drawn[0]
    assert not re.search(r"\d", "".join(drawn))
    hinted = replace(snapshot(), activity=Activity(contest=replace(score, hint=True)))
    assert "slope −1.3529" in rows(hinted)[0]


@settings(max_examples=200, deadline=None)
@given(
    st.floats(1e-12, 1e12), st.floats(1.0, 1e9), st.lists(st.floats(0, 1), min_size=2, max_size=9)
)
def test_levels_are_few_round_and_within(low: float, factor: float, parts: list[float]) -> None:
    losses = low + np.array([0.0, *parts, 1.0]) * low * (factor - 1)
    levels = contour_levels(losses)
    assert len(levels) <= 11
    assert list(levels) == sorted(set(levels))
    assert all(losses.min() < level < losses.max() for level in levels)
    for level in levels:
        assert float(f"{level:.4g}") == pytest.approx(level, rel=1e-3) or factor < 1.01
    if factor > 1.5:
        assert levels


def test_of_nothing_finite_and_of_a_plain_there_are_no_levels() -> None:
    assert contour_levels(np.full((3, 3), math.inf)) == ()
    assert contour_levels(np.full((3, 3), 2.0)) == ()
    assert contour_levels(np.zeros((3, 3))) == ()


# --- at the keyboard ---------------------------------------------------------------------------


async def test_a_step_a_choice_and_a_partner_show_at_once(opened: Any) -> None:
    async with opened() as person:
        await person.press("4", until=lambda shown: shown.insight is not None)
        await person.sees("loss over a", "b over a", part="view")
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.sees("here  2.4010", part="view")
        await person.press("p")
        await person.sees("c over a", part="view")
        await person.press("down")
        await person.sees("loss over b", part="view")
        await person.press("right")
        await person.until(lambda: person.shown.insight.chosen.value > 1.19)
        await person.press("b", until=lambda shown: shown.step == 0)
        await person.sees("here  2.4219", part="view")


async def test_a_single_weight_of_a_network_is_looked_at_once_it_is_opened(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("4", "enter", "down", "down")
        await person.until(
            lambda: person.shown.insight and person.shown.insight.chosen.label == "W1[3,1]"
        )
        assert person.shown.insight.partner.label == "b1[3]"


async def test_the_partner_key_belongs_to_the_slope_alone(opened: Any) -> None:
    async with opened() as person:
        assert not person.app.applies("partner")
        await person.press("4", until=lambda shown: shown.insight is not None)
        assert person.app.applies("partner")


async def test_at_full_pace_it_goes_on_and_stops_where_it_should(opened: Any) -> None:
    async with opened("quadratic", "--pace", "max", "--epochs", "20000") as person:
        await person.press("4", until=lambda shown: shown.insight is not None)
        await person.press("space", until=lambda shown: shown.step == 20000)
        assert person.shown.insight.past_steps.steps[-1] == 19999


def test_the_marks_have_a_legend_that_says_what_is_held() -> None:
    legend = rows(snapshot(), 100, 20)[-2]
    assert legend.split("  ") == [
        " ◆ here", "∙ before", "▸ next step", "┴ a point crossed, ◉ chosen", "✦ least, c held",
        "lines: equal loss",
    ]  # fmt: skip
    assert "✦ least, others held" in rows(snapshot("relu-net"), 80, 20)[-2]


def test_lines_beside_the_lowest_place_have_their_numbers_too() -> None:
    """Those that never pass over or under it, as of a weight that hardly counts, had none."""
    shown = snapshot("xor", steps=0)
    losses = np.tile(np.linspace(0.6, 0.7, 33), (33, 1))
    across = up = np.linspace(-2, 2, 33)
    plane = replace(shown.insight.map, across=across, up=up, losses=losses, bottom=(-2.0, 0.0))
    found = _names(plane, contour_levels(losses), (1.0, 1.0), 0.1, 0.4)
    assert len(found) >= 4
    assert len({round(mark.y / 0.4) for mark in found}) == len(found)


@pytest.mark.parametrize(("rate", "striped"), [(20.0, True), (0.01, False)])
def test_where_a_parameter_hardly_counts_over_its_range_the_stripes_are_explained(
    rate: float, striped: bool
) -> None:
    """At a rate of 20 a reaches to 37 while b stays near 1: lines stood upright, unexplained."""
    legend = rows(snapshot("quadratic", 0, learning_rate=rate), 80, 14)[-2]
    assert ("│ equal loss: b hardly counts" in legend) == striped
    assert "✦ least, c held" in legend


def test_a_wide_map_says_what_its_lines_are() -> None:
    assert "lines: equal loss" in rows(snapshot(), 120, 20)[-2]


@pytest.mark.parametrize("height", [2, 3, 4])
def test_where_the_plots_have_no_room_their_numbers_stand_in_words(height: int) -> None:
    shown = snapshot()
    first, *rest = rows(shown, 40, height)
    assert first.startswith(" a = ")
    assert number(first.split()[-1]) == pytest.approx(shown.insight.slope, abs=0.5e-4)
    told = " ".join(rest)
    assert "here" in told
    assert height == 2 or "all move ▸" in told


@pytest.mark.parametrize("width", range(60, 100))
def test_the_key_of_the_map_stands_apart(width: int) -> None:
    assert re.search(r"  p another map $", rows(snapshot("stopping-distance"), width)[-1])


@given(st.floats(-2, 2), st.floats(-2, 2), st.integers(4, 30))
def test_no_lines_number_stands_in_the_row_of_the_lowest_place(x: float, y: float, n: int) -> None:
    """The mark of the lowest place stood in it: 1✦5."""
    shown = snapshot("xor", steps=0)
    across = up = np.linspace(-2, 2, 33)
    losses = 1 + (across[None] - x) ** 2 + (up[:, None] - y) ** 2
    plane = replace(shown.insight.map, across=across, up=up, losses=losses, bottom=(x, y))
    found = _names(plane, contour_levels(losses), (1.0, 1.0), 0.1, 4 / n)
    heights = Axis(-2, 2).to_unit([y, 1.0, *(mark.y for mark in found)])
    bottom, here, *names = raster.row_of(heights, n).tolist()
    assert not {bottom, here} & set(names)
    assert len(set(names)) == len(names)
