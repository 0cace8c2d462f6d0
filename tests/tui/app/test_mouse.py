"""The mouse: a click chooses, does what a printed key does, and a drag moves a slider."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from textual.events import Click, MouseDown, MouseEvent, MouseScrollDown, MouseScrollUp

from nn_core.config.limits import KIOSK
from nn_tui.cli.command_line import parse
from nn_tui.cli.screen import with_lesson
from nn_tui.dialogs.drawing_sheet import DrawingSheet
from nn_tui.dialogs.options_sheet import Options
from nn_tui.dialogs.palette import Palette
from nn_tui.dialogs.prompt import Prompt
from nn_tui.dialogs.sheet import Sheet


async def click(person: Any, text: str, part: str, before: str = "", into: int = 0) -> None:
    """Click on a text in a part of the screen, in the first row in which `before` stands."""
    x, y = at(person, text, part, before)
    await person.pilot.click(offset=(x + into, y))


def at(person: Any, text: str, part: str, before: str = "") -> tuple[int, int]:
    rows = person.rows(part)
    y = next(y for y, row in enumerate(rows) if text in row and before in row)
    over = part in ("sheet", "asked")
    screen = person.app.screen if over else person.app.screen_stack[0]
    place = screen.query_one(f"#{part}").region
    return place.x + rows[y].index(text), place.y + y


async def drag(person: Any, begin: tuple[int, int], end: int) -> None:
    """Press the button there, and let go of it at another column of the row."""
    await person.pilot.mouse_down(offset=begin)
    way = 1 if end > begin[0] else -1
    for x in range(begin[0] + way, end + way, way):
        await person.pilot.hover(offset=(x, begin[1]))
    await person.pilot.mouse_up(offset=(end, begin[1]))


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


async def test_a_click_chooses_the_parameter_and_another_types_it(opened: Any) -> None:
    async with opened("quadratic") as person:
        await click(person, "c  ", "table")
        await person.until(lambda: person.app.selection.cursor.row == 2)
        await person.until(lambda: person.row("c").startswith(" ▸ c"))
        await click(person, "c  ", "table")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        assert person.typed() == "1.1"


async def test_a_click_on_a_printed_key_presses_it(opened: Any) -> None:
    async with opened("quadratic") as person:
        await click(person, " s step", "keys", into=1)
        await person.until(lambda: person.shown.step == 1)
        await click(person, "step", "keys")
        await person.until(lambda: person.shown.step == 2)
        await click(person, "+−", "keys", into=1)
        await person.until(lambda: person.shown.learning_rate == 0.005)
        await click(person, "+−", "keys")
        await person.until(lambda: person.shown.learning_rate == 0.01)
        await click(person, "b back", "keys")
        await person.until(lambda: person.shown.step == 1)


async def test_a_dimmed_key_says_why_it_does_nothing(opened: Any) -> None:
    async with opened("quadratic") as person:
        await click(person, "b back", "keys")
        await person.sees("Not done", part="words")


async def test_a_click_on_a_view_shows_it(opened: Any) -> None:
    async with opened("relu-net") as person:
        await click(person, "health", "keys")
        await person.until(lambda: person.app.selection.view.name == "health")
        await person.sees("b1", part="view")
        await click(person, "b1", "view")
        await person.until(lambda: person.app.selection.cursor.row == 1)
        await click(person, "ReLUs", "keys")
        await person.sees(" unit 1.1 ", part="view")
        await click(person, " 1.5 ▲", "view")
        await person.sees(" unit 1.5 ", part="view")


async def test_the_wheel_goes_through_the_list_and_stops_at_its_ends(opened: Any) -> None:
    async with opened("quadratic") as person:
        table = person.app.main.table
        for way, row in ((1, 1), (1, 2), (1, 2), (-1, 1), (-1, 0), (-1, 0)):
            await wheel(person, table, way)
            await person.until(lambda row=row: person.app.selection.cursor.row == row)


async def wheel(person: Any, widget: Any, way: int) -> None:
    kind = MouseScrollDown if way > 0 else MouseScrollUp
    await person.pilot._post_mouse_events([kind], widget=widget, button=0)


async def test_a_drag_moves_the_slider(opened: Any) -> None:
    async with opened("quadratic") as person:
        x, y = at(person, "◆", "table", before=" b ")
        await drag(person, (x, y), x + 5)
        await person.until(lambda: person.shown.rows[1].value > 1.5)
        await person.until(lambda: at(person, "◆", "table", before=" b ")[0] == x + 5)
        assert person.app.selection.cursor.row == 1
        assert not isinstance(person.app.screen, Prompt)
        await drag(person, (x + 5, y), 0)
        await person.until(lambda: person.shown.rows[1].value == -1.1)


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
        await drag(person, (x, y), x + 4 * cells)
        ink = np.zeros((8, 8))
        ink[2, 3] = ink[4, 1:6] = 1
        if cells == 1:  # two pixels in a cell
            ink[3, 3] = ink[5, 1:6] = 1
        np.testing.assert_array_equal(sheet._paper > 0, ink)
        await person.pilot.click(offset=cell(2, 3))  # once more takes it away
        await person.pilot.hover(offset=cell(6, 6))  # with no button held
        ink[2:4, 3] = 0
        np.testing.assert_array_equal(sheet._paper > 0, ink)


async def test_in_a_contest_a_drag_is_one_move(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("g", until=lambda shown: shown.contest is not None)
        x, y = at(person, "◆", "table", before=" a ")
        await drag(person, (x, y), x + 4)
        await person.until(lambda: person.shown.rows[0].value > 1.5)
        assert person.shown.contest.moves == 1


async def test_options_are_chosen_turned_and_typed(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("o")
        await person.until(lambda: isinstance(person.app.screen, Options))
        await click(person, "optimizer", "sheet")
        await person.sees("▸ optimizer", part="sheet")
        await click(person, "▸ ", "sheet", before="optimizer", into=0)
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        await person.press("escape")
        _, y = at(person, " ▸ ", "sheet", before="◂ sgd")
        row = person.rows("sheet")[y]
        await person.pilot.click(offset=(row.index("▸", row.index("◂")), y))
        await person.until(lambda: person.shown.config.optimizer == "momentum")
        await wheel(person, person.app.screen.query_one("#sheet"), -1)
        await person.sees("▸ batch size", part="sheet")
        await click(person, "esc out", "sheet")
        await person.until(lambda: not isinstance(person.app.screen, Sheet))


async def test_a_sheet_scrolls_by_the_wheel(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("question_mark")
        await person.sees("↓ more", part="sheet")
        first = person.rows("sheet")[4]
        await wheel(person, person.app.screen.query_one("#sheet"), 1)
        await person.until(lambda: person.rows("sheet")[1] == first)


async def test_in_the_palette_a_click_chooses_and_another_does_it(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("colon", *"momentum")
        await person.sees("optimizer = momentum", part="sheet")
        if "▸" not in person.rows("sheet")[at(person, "optimizer = momentum", "sheet")[1] - 2]:
            await click(person, "optimizer = momentum", "sheet")
        await person.sees("▸ ", part="sheet")
        await click(person, "optimizer = momentum", "sheet")
        await person.until(lambda: not isinstance(person.app.screen, Palette))
        await person.until(lambda: person.shown.config.optimizer == "momentum")


async def test_what_is_typed_goes_on_after_a_click_beside_the_line(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("enter")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        await person.pilot.click(offset=(10, 5))
        await person.press("2")
        await person.until(lambda: person.typed() == "2")
        await click(person, "enter sets", "asked")
        await person.until(lambda: person.shown.rows[0].value == 2.0)


async def test_a_lesson_is_answered_by_clicks(opened: Any) -> None:
    launch = with_lesson(parse(["--lesson", "forgotten-zero"]))
    async with opened(lesson=launch.lesson, config=launch.config) as person:
        await person.sees("hint", part="keys")
        await click(person, "hint", "keys")
        await person.until(lambda: person.app.lesson.playing.hints == 1)


async def test_in_a_kiosk_a_click_may_do_what_a_key_may(opened: Any) -> None:
    async with opened("quadratic", limits=KIOSK, size=(200, 60)) as person:
        await click(person, "w save", "keys")
        await person.sees("kiosk", part="words")
        assert not isinstance(person.app.screen, Prompt)


def test_nothing_is_painted_where_the_mouse_merely_passes() -> None:
    """The terminal is asked for clicks and drags only."""
    from nn_tui.terminal.driver import _MOUSE

    assert "1003" not in _MOUSE


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


@pytest.mark.parametrize("key", ["", "o", "question_mark"])
@pytest.mark.parametrize("kind", [Click, MouseDown, MouseScrollDown])
async def test_what_was_clicked_where_there_is_no_screen_any_more_is_nothing(
    key: str, kind: type[MouseEvent], opened: Any
) -> None:
    async with opened() as person:
        if key:
            await person.press(key)
        screen = person.app.screen
        screen.post_message(kind(screen, 90, 30, 0, 0, 1, False, False, False, 90, 30))
        await person.press("escape")
        await person.press("s", until=lambda shown: shown.step == 1)


async def test_a_click_on_the_steps_number_asks_for_another(opened: Any) -> None:
    async with opened("quadratic") as person:
        await click(person, "step 0", "status")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        await person.press("7", "enter", until=lambda shown: shown.step == 7)
        await click(person, "epoch 7/100", "status")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        assert person.typed() == "100"


# --- what lies deeper than rows -----------------------------------------------------------------


def cell_meaning(person: Any, part: str, kind: str, about: str = "") -> tuple[int, int]:
    """The first cell of a part of the screen in which a click means this."""
    over = part in ("sheet", "asked")
    screen = person.app.screen if over else person.app.screen_stack[0]
    widget = screen.query_one(f"#{part}")
    for y in range(widget.size.height):
        for x in range(widget.size.width):
            found = widget.meant(x, y)
            if found is not None and found.kind == kind and about in ("", found.about):
                return widget.region.x + x, widget.region.y + y
    raise AssertionError(f"nothing means {kind} {about} in:\n{person.reads(part)}")


async def test_units_and_weights_of_the_network_are_chosen(opened: Any) -> None:
    async with opened("mlp", "--hidden", "4,3", size=(120, 40)) as person:
        await person.press("3")
        await person.sees("the network at point", part="view")
        where = cell_meaning(person, "view", "number", "2.weight 4")
        await person.pilot.click(offset=where)
        await person.until(lambda: person.app.selection.cursor.opened == "2.weight")
        await person.sees("▸ W2[2,1]", part="view")
        for about, name in (("2.weight 10", "W2[3,3]"), ("2.bias 2", "b2[3]")):
            await person.pilot.click(offset=cell_meaning(person, "view", "number", about))
            await person.sees(f"▸ {name}", part="view")
        await person.pilot.click(offset=cell_meaning(person, "view", "point", "1"))
        await person.until(lambda: person.shown.point.index == 1)
        await person.pilot.click(offset=cell_meaning(person, "view", "number", "2.bias 2"))
        await person.until(lambda: isinstance(person.app.screen, Prompt))


@pytest.mark.parametrize(("experiment", "about"), [("quadratic", "b 0"), ("relu", "m2 0")])
async def test_a_number_in_the_matrix_is_a_parameter(
    experiment: str, about: str, opened: Any
) -> None:
    async with opened(experiment, size=(120, 40)) as person:
        await person.press("3")
        await person.sees("W·X + b", part="view")
        before = person.app.selection.cursor.row
        await person.pilot.click(offset=cell_meaning(person, "view", "number", about))
        await person.until(lambda: person.app.selection.cursor.row != before)
        assert person.app.selection.row(person.shown).label == about.split()[0]


async def test_a_step_before_on_the_map_is_gone_back_to(opened: Any) -> None:
    async with opened("--lr", "0.5", size=(120, 40)) as person:
        await person.press("4", *"sssss", until=lambda shown: shown.step == 5)
        await person.sees("∙", part="view")
        await person.until(lambda: len(person.shown.insight.past_steps.steps) == 5)
        x, y = cell_meaning(person, "view", "step")
        view = person.app.main.view
        step = int(view.meant(x - view.region.x, y - view.region.y).about)
        await person.pilot.click(offset=(x, y))
        await person.until(lambda: person.shown.step == step)
        assert step < person.shown.tip == 5


async def test_a_bar_of_the_step_chooses_its_point(opened: Any) -> None:
    async with opened("quadratic", size=(120, 40)) as person:
        await person.press("2")
        await person.sees("point by point", part="view")
        x, y = cell_meaning(person, "view", "points")
        view = person.app.main.view
        width, *points = map(int, view.meant(x - view.region.x, y - view.region.y).about.split())
        assert points == [*range(20)]
        await person.pilot.click(offset=(x + 7 * width, y))
        await person.until(lambda: person.shown.point.index == 7)


async def test_a_unit_is_chosen_by_its_map(opened: Any) -> None:
    async with opened("spiral", size=(120, 40)) as person:
        await person.press("5")
        await person.sees("what each puts out", part="view")
        await person.pilot.click(offset=cell_meaning(person, "view", "unit", "3"))
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
            await person.pilot.click(offset=cell_meaning(person, part, "taken", f"{label} {taken}"))
            await person.until(lambda row=row: person.shown.point.index == row)
            assert person.app.screen is person.app.screen_stack[0]


async def test_a_cell_of_the_map_of_two_settings_is_chosen_and_taken(opened: Any) -> None:
    async with opened("quadratic", size=(60, 20)) as person:
        await person.press("colon", *"map two", "enter")
        await person.sees("best:", " 0 ┤░", part="sheet")
        x, y = cell_meaning(person, "sheet", "cells", "2")
        await person.pilot.click(offset=(x + 7, y))
        sheet = person.app.screen
        await person.until(lambda: sheet._chosen == (3, 2))
        await person.pilot.click(offset=(x + 6, y))
        await person.until(lambda: person.app.screen is person.app.screen_stack[0])
        await person.until(lambda: person.shown.outcome is not None)


async def test_a_key_in_the_help_leaves_it_and_is_pressed(opened: Any) -> None:
    async with opened("quadratic", size=(120, 40)) as person:
        await person.press("question_mark", "pagedown")
        await person.sees("Take one step", part="sheet")
        await click(person, "Take one step", "sheet")
        await person.until(lambda: person.shown.step == 1)
        assert person.app.screen is person.app.screen_stack[0]


async def test_a_lesson_keeps_from_the_mouse_what_it_keeps_from_the_keys(opened: Any) -> None:
    launch = with_lesson(parse(["--lesson", "curve"]))
    async with opened(lesson=launch.lesson, config=launch.config) as person:
        await person.sees("hint", part="keys")
        lesson = person.app.lesson.playing.lesson
        person.app.lesson.playing.lesson = replace(lesson, hide=("raise", "jump"))
        x, y = at(person, "◆", "table", before=" b ")
        value = person.shown.rows[1].value
        await drag(person, (x, y), x + 5)
        assert person.app.mouse._held is None
        assert person.shown.rows[1].value == value
