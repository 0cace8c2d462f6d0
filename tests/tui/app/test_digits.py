"""Digits on the screen: looked at, drawn by hand, and with units switched off."""

from dataclasses import replace
from typing import Any

import pytest

from nn_core import Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_tui.dialogs.drawing_sheet import DrawingSheet
from nn_tui.panels import picture
from nn_tui.text.roles import width_of

IN_RELUS = ("5", lambda shown: shown.request.view == "ReLUs")


@pytest.fixture(scope="module")
def trained() -> Timeline:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["digits"].config))
    timeline.advance(100)
    return timeline


@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize("size", [(40, 10), (30, 7), (60, 23), (110, 40), (21, 3)])
def test_it_fits_any_frame(trained: Timeline, size: tuple[int, int], colour: bool) -> None:
    shown = capture_snapshot(trained, make_scene(trained), ViewRequest(point=3))
    lines = picture.fit(shown, *size, colour)
    assert len(lines) <= size[1]
    assert max(width_of(line) for line in lines) <= size[0]


def test_the_picture_stands_beside_ten_probabilities(trained: Timeline) -> None:
    shown = capture_snapshot(trained, make_scene(trained), ViewRequest(point=3))
    rows = ["".join(text for text, _ in line) for line in picture.fit(shown, 40, 10, False)]
    assert "point 4" in rows[0]
    given = [float(row.split()[-1]) for row in rows]
    assert shown.classes is not None
    assert given == pytest.approx(shown.classes.point, abs=0.0051)
    is_ = shown.classes.point_class
    assert [row for row in rows if "●" in row] == [rows[is_]]
    assert "█" in "".join(row[:18] for row in rows[1:9])
    assert rows[9].startswith(f" a {is_}, ")


def test_a_high_frame_has_the_pairs_that_are_confused_most(trained: Timeline) -> None:
    shown = capture_snapshot(trained, make_scene(trained), ViewRequest())
    rows = ["".join(text for text, _ in line) for line in picture.fit(shown, 60, 23, True)]
    assert shown.classes is not None
    is_, taken, count = shown.classes.measures.confused(1)[0]
    assert any(f" {is_} taken for {taken}" in row and f"{count} row" in row for row in rows)
    assert any("most wrong" in row for row in rows)
    # Its pairs are other than those of the rows held back, which v tells of.
    assert any(row.startswith(" confused in training ") for row in rows)
    assert any(" most wrong in training" in row for row in rows)  # also beside a row held back
    wide = picture.fit(shown, 80, 23, True)
    told = " confused most of 1438 trained on"
    assert any(told in "".join(text for text, _ in line) for line in wide)


def test_where_nothing_is_wrong_there_are_no_headings_over_nothing(trained: Timeline) -> None:
    shown = capture_snapshot(trained, make_scene(trained), ViewRequest())
    assert shown.classes is not None
    right = replace(shown, classes=replace(shown.classes, worst=()))
    rows = ["".join(text for text, _ in line) for line in picture.fit(right, 60, 23, True)]
    assert not any("most" in row for row in rows)
    assert any("All rows trained on are right." in row for row in rows)


@pytest.mark.parametrize("size", [(40, 10), (60, 27), (60, 40)])
def test_what_the_picture_is_taken_for_stands_just_under_it(
    trained: Timeline, size: tuple[int, int]
) -> None:
    """It stood three rows below, over nothing."""
    shown = capture_snapshot(trained, make_scene(trained), ViewRequest())
    rows = ["".join(text for text, _ in line)[:18] for line in picture.fit(shown, *size, False)]
    said = next(at for at, row in enumerate(rows) if "taken for" in row)
    ink = [at for at, row in enumerate(rows) if set(row) & set("░▒▓█")]
    assert said - max(ink) <= 1


async def test_the_probabilities_change_at_each_stroke(opened: Any) -> None:
    async with opened("digits") as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await person.press("D", until=lambda shown: shown.classes.drawn)
        await person.until(lambda: isinstance(person.app.screen, DrawingSheet))
        empty = person.shown.classes.drawn
        await person.sees("Nothing is drawn yet", part="sheet")
        await person.press("space", until=lambda shown: shown.classes.drawn != empty)
        one = person.shown.classes.drawn
        await person.sees("ink 1", "It is taken for", part="sheet")
        await person.press("p", "down", until=lambda shown: shown.classes.drawn != one)
        two = person.shown.classes.drawn
        await person.press("p", "right", "down")  # the pen is up
        await person.sees("ink 0", part="sheet")
        assert person.shown.classes.drawn == two
        await person.press("escape", until=lambda shown: True)
        await person.press("D", until=lambda shown: shown.classes.drawn == two)  # kept
        await person.press("c", until=lambda shown: shown.classes.drawn == empty)


async def test_the_chosen_points_picture_can_be_drawn_on(opened: Any) -> None:
    async with opened("digits", "--pace", "max") as person:
        await person.press("full_stop", until=lambda shown: shown.point.index == 1)
        await person.press("D", until=lambda shown: shown.classes.drawn)
        expected = pytest.approx(person.shown.classes.point)
        await person.press("t", until=lambda shown: shown.classes.drawn == expected)


async def test_a_unit_is_switched_off_and_on_and_training_goes_on_with_it(opened: Any) -> None:
    async with opened("digits", "--hidden", "64,32") as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await person.press(IN_RELUS[0], until=IN_RELUS[1])
        await person.press("down", "X", until=lambda shown: shown.switched_off)
        assert person.shown.switched_off.units == ("unit 1.2",)
        await person.sees("Without unit 1.2: right on", part="words")
        await person.sees("▸  1.2 ×", part="view")
        await person.press("s", until=lambda shown: shown.step == 11)
        assert person.shown.switched_off is not None
        await person.press("X", until=lambda shown: shown.switched_off is None)


async def test_the_numbers_of_ten_outputs_can_all_be_reached(opened: Any) -> None:
    async with opened("digits") as person:
        await person.press("end", "up", until=lambda shown: shown.chosen.name[:8] == "2.weight")
        await person.until(lambda: person.app.selection.row(person.shown) is not None)
        await person.press("enter", until=lambda shown: shown.request.opened == "2.weight")
        await person.press("pagedown", until=lambda shown: shown.chosen.name == "2.weight[1, 0]")
        await person.press("end", until=lambda shown: shown.chosen.name == "2.weight[9, 31]")


async def test_a_unit_is_shown_with_what_it_counts_for_beside_its_picture(opened: Any) -> None:
    async with opened("digits") as person:
        await person.press("5")
        await person.sees("weights", "it counts for", part="view")
        weights = [each for _, each in person.shown.insight.outside.reaches]
        rows = [row for row in person.rows("view") if "┊" in row]
        shown = [float(row.split()[2].replace("−", "-")) for row in rows]
        assert shown == [round(each, 2) for each in weights]
        best = max(range(10), key=lambda digit: weights[digit])
        assert f"counts most for {best} (+{max(weights):.2f})" in person.reads("words")


@pytest.mark.parametrize(("term", "markers"), [("linux", "auto"), ("xterm-256color", "ascii")])
async def test_without_greys_ink_is_shaded_by_glyphs(
    term: str, markers: str, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a console ink was black or grey, and in ASCII a half of each cell was a quotation mark."""
    monkeypatch.setenv("TERM", term)
    async with opened("digits", "--markers", markers) as person:
        drawn = "".join(row[1:17] for row in person.rows("fit")[1:8])
        assert len(set(drawn) - set(" ")) >= 3
        assert not set(drawn) & set("▀\"'")


@pytest.mark.parametrize("width", range(20, 90))
def test_a_heading_is_cut_by_no_other(trained: Timeline, width: int) -> None:
    """At 120 columns "confused in traini" ran into "most wrong"."""
    shown = capture_snapshot(trained, make_scene(trained), ViewRequest(point=3))
    rows = ["".join(text for text, _ in line) for line in picture.fit(shown, width, 30, True)]
    heading = next(row for row in rows if "most wrong" in row or "most" in row.split())
    before = heading[: width // 2].split()
    assert not before or before[-1] in ("on", "training", "confused")


async def test_where_the_pen_is_keeps_apart_from_what_the_picture_is_taken_for(opened: Any) -> None:
    """At 80 × 24 it read "row 4, column 6, ink 1 It is taken for 7"."""
    async with opened("digits") as person:
        await person.press("D", "space")
        await person.sees("It is taken for", part="sheet")
        (row,) = [row for row in person.rows("sheet") if "column" in row]
        assert row.partition("It is")[0].endswith("  ")
