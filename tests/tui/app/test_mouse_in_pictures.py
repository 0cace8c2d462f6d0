"""The mouse in what is drawn: points, units, weights, cells of a matrix or a map, pixels."""

from typing import Any

import numpy as np
import pytest

from nn_tui.dialogs.drawing_sheet import DrawingSheet
from nn_tui.dialogs.prompt import Prompt


async def test_a_click_chooses_the_point(opened: Any) -> None:
    async with opened("quadratic") as person:
        plot = person.app.main.fit
        rows = person.rows("fit")
        y = next(y for y, row in enumerate(rows[1:], 1) if "●" in row)
        x = rows[y].index("●")
        await person.pilot.click(plot, offset=(x, y))
        await person.until(lambda: person.rows("fit")[y][x] == "◉")
        scene = person.shown.scene
        assert person.shown.point.y == scene.y[scene.shown == person.shown.point.index]


@pytest.mark.parametrize("data", ["circle", "penguins"])
async def test_a_click_chooses_the_point_where_classes_are_told_apart(
    opened: Any, data: str
) -> None:
    names = ("--x", "bill_length_mm") if data == "penguins" else ()
    async with opened("--data", data, *names, size=(120, 40)) as person:
        before = person.shown.point.index
        await person.pilot.click(person.app.main.fit, offset=(30, 12))
        await person.until(lambda: person.shown.point.index != before)
        assert person.app.selection.point == person.shown.point.index


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (44, 14)])
async def test_a_picture_is_drawn_by_clicks_and_strokes(size: Any, opened: Any) -> None:
    async with opened("digits", size=size) as person:
        await person.press("D", until=lambda shown: shown.classes.drawn)
        await person.until(lambda: isinstance(person.app.screen, DrawingSheet))
        await person.sees("Nothing is", part="sheet")
        sheet = person.app.screen
        place = sheet.query_one("#sheet").region
        cells = sheet._scale

        def cell(row: int, column: int) -> tuple[int, int]:
            return place.x + 1 + column * cells, place.y + 1 + row * cells // 2

        empty = person.shown.classes.drawn
        await person.pilot.click(offset=cell(2, 3))
        await person.until(lambda: person.shown.classes.drawn != empty)
        await person.sees("row 3, column 4, ink 1", part="sheet")
        x, y = cell(4, 1)
        await person.drag((x, y), x + 4 * cells)
        ink = np.zeros((8, 8))
        ink[2, 3] = ink[4, 1:6] = 1
        if cells == 1:  # two pixels in a cell
            ink[3, 3] = ink[5, 1:6] = 1
        np.testing.assert_array_equal(sheet._paper > 0, ink)
        await person.pilot.click(offset=cell(2, 3))  # once more takes it away
        await person.pilot.hover(offset=cell(6, 6))  # with no button held
        ink[2:4, 3] = 0
        np.testing.assert_array_equal(sheet._paper > 0, ink)


def test_the_nearest_point_is_by_what_the_eye_sees() -> None:
    from nn_tui.plot.plot import Plot, Points
    from nn_tui.plot.render import area, render
    from nn_tui.plot.scale import Axis

    x, y = np.array([0.0, 5.0, 10.0, np.nan]), np.array([0.0, 10.0, 5.0, 1.0])
    plot = Plot((Points(x, y),), (("fit", "text"),), x=Axis(0, 10), y=Axis(0, 10))
    found = area(plot, 40, 12)
    rows = ["".join(text for text, _ in row) for row in render(plot, 40, 12)]
    for at_y, row in enumerate(rows):
        for at_x, glyph in enumerate(row):
            if glyph == "●":
                assert found.holds(at_x, at_y)
                near = found.nearest(plot, (x, y), at_x, at_y)
                assert found.nearest(plot, (x, y), at_x + 1, at_y) == near
    assert found.nearest(plot, (x, y), found.left, found.top + found.rows - 1) == 0
    assert not found.holds(0, 3)


async def test_units_and_weights_of_the_network_are_chosen(opened: Any) -> None:
    async with opened("mlp", "--hidden", "4,3", size=(120, 40)) as person:
        await person.press("3")
        await person.sees("the network at point", part="view")
        where = person.meaning("view", "number", "2.weight 4")
        await person.pilot.click(offset=where)
        await person.until(lambda: person.app.selection.cursor.opened == "2.weight")
        await person.sees("▸ W2[2,1]", part="view")
        for about, name in (("2.weight 10", "W2[3,3]"), ("2.bias 2", "b2[3]")):
            await person.pilot.click(offset=person.meaning("view", "number", about))
            await person.sees(f"▸ {name}", part="view")
        await person.pilot.click(offset=person.meaning("view", "point", "1"))
        await person.until(lambda: person.shown.point.index == 1)
        await person.pilot.click(offset=person.meaning("view", "number", "2.bias 2"))
        await person.until(lambda: isinstance(person.app.screen, Prompt))


@pytest.mark.parametrize(("experiment", "about"), [("quadratic", "b 0"), ("relu", "m2 0")])
async def test_a_number_in_the_matrix_is_a_parameter(
    experiment: str, about: str, opened: Any
) -> None:
    async with opened(experiment, size=(120, 40)) as person:
        await person.press("3")
        await person.sees("W·X + ", part="view")
        before = person.app.selection.cursor.row
        await person.pilot.click(offset=person.meaning("view", "number", about))
        await person.until(lambda: person.app.selection.cursor.row != before)
        assert person.app.selection.row(person.shown).label == about.split()[0]


async def test_a_step_before_on_the_map_is_gone_back_to(opened: Any) -> None:
    async with opened("--lr", "0.5", size=(120, 40)) as person:
        await person.press("4", *"sssss", until=lambda shown: shown.step == 5)
        await person.sees("∙", part="view")
        await person.until(lambda: len(person.shown.insight.past_steps.steps) == 5)
        x, y = person.meaning("view", "step")
        view = person.app.main.view
        step = int(view.meant(x - view.region.x, y - view.region.y).about)
        await person.pilot.click(offset=(x, y))
        await person.until(lambda: person.shown.step == step)
        assert step < person.shown.tip == 5


async def test_a_bar_of_the_step_chooses_its_point(opened: Any) -> None:
    async with opened("quadratic", size=(120, 40)) as person:
        await person.press("2")
        await person.sees("point by point", part="view")
        x, y = person.meaning("view", "points")
        view = person.app.main.view
        width, *points = map(int, view.meant(x - view.region.x, y - view.region.y).about.split())
        assert points == [*range(20)]
        await person.pilot.click(offset=(x + 7 * width, y))
        await person.until(lambda: person.shown.point.index == 7)


async def test_a_unit_is_chosen_by_its_map(opened: Any) -> None:
    async with opened("spiral", size=(120, 40)) as person:
        await person.press("5")
        await person.sees("what each puts out", part="view")
        await person.pilot.click(offset=person.meaning("view", "unit", "3"))
        await person.until(lambda: person.app.selection.cursor.row == 3)
        await person.until(lambda: person.shown.insight.unit.unit == 3)


@pytest.mark.parametrize("sheet", [False, True])
async def test_a_cell_of_the_confusion_matrix_chooses_its_points_in_turn(
    sheet: bool, opened: Any
) -> None:
    columns = "bill_length_mm,bill_depth_mm,body_mass_g"
    async with opened("--data", "penguins", "--x", columns, size=(120, 40)) as person:
        found = person.shown.classes
        rows = [*np.flatnonzero((person.shown.scene.labels == 0) & (found.taken == 1))]
        label, taken = 0, 1
        if not rows:
            label, taken = 1, 1
            rows = [*np.flatnonzero((person.shown.scene.labels == 1) & (found.taken == 1))]
        for row in rows[:2]:
            if sheet:
                await person.press("v")
                await person.sees("precision", part="sheet")
            part = "sheet" if sheet else "fit"
            await person.pilot.click(offset=person.meaning(part, "taken", f"{label} {taken}"))
            await person.until(lambda row=row: person.shown.point.index == row)
            assert person.app.screen is person.app.screen_stack[0]


async def test_a_cell_of_the_map_of_two_settings_is_chosen_and_taken(opened: Any) -> None:
    async with opened("quadratic", size=(60, 20)) as person:
        await person.press("colon", *"map two", "enter")
        await person.sees("best:", " 0 ┤░", part="sheet")
        x, y = person.meaning("sheet", "cells", "2")
        await person.pilot.click(offset=(x + 7, y))
        sheet = person.app.screen
        await person.until(lambda: sheet._chosen == (3, 2))
        await person.pilot.click(offset=(x + 6, y))
        await person.until(lambda: person.app.screen is person.app.screen_stack[0])
        await person.until(lambda: person.shown.outcome is not None)
