"""The mouse: a click chooses, does what a printed key does, and a drag moves a slider."""

from dataclasses import replace
from typing import Any

import pytest
from textual.events import Click, MouseDown, MouseEvent, MouseScrollDown

from nn_core.config.limits import KIOSK
from nn_tui.cli.command_line import parse
from nn_tui.cli.screen import with_lesson
from nn_tui.dialogs.options_sheet import Options
from nn_tui.dialogs.palette import Palette
from nn_tui.dialogs.prompt import Prompt
from nn_tui.dialogs.sheet import Sheet


async def test_a_click_chooses_the_parameter_and_another_types_it(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.click("c  ", "table")
        await person.until(lambda: person.app.selection.cursor.row == 2)
        await person.until(lambda: person.row("c").startswith(" ▸ c"))
        await person.click("c  ", "table")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        assert person.typed() == "1.1"


async def test_a_click_on_a_printed_key_presses_it(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.click(" s step", "keys", into=1)
        await person.until(lambda: person.shown.step == 1)
        await person.click("step", "keys")
        await person.until(lambda: person.shown.step == 2)
        await person.click("+−", "keys", into=1)
        await person.until(lambda: person.shown.learning_rate == 0.005)
        await person.click("+−", "keys")
        await person.until(lambda: person.shown.learning_rate == 0.01)
        await person.click("b back", "keys")
        await person.until(lambda: person.shown.step == 1)


async def test_a_dimmed_key_says_why_it_does_nothing(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.click("b back", "keys")
        await person.sees("Not done", part="words")


async def test_a_click_on_a_view_shows_it(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.click("health", "keys")
        await person.until(lambda: person.app.selection.view.name == "health")
        await person.sees("b1", part="view")
        await person.click("b1", "view")
        await person.until(lambda: person.app.selection.cursor.row == 1)
        await person.click("ReLUs", "keys")
        await person.sees(" unit 1.1 ", part="view")
        await person.click(" 1.5 ▲", "view")
        await person.sees(" unit 1.5 ", part="view")


async def test_the_wheel_goes_through_the_list_and_stops_at_its_ends(opened: Any) -> None:
    async with opened("quadratic") as person:
        table = person.app.main.table
        for way, row in ((1, 1), (1, 2), (1, 2), (-1, 1), (-1, 0), (-1, 0)):
            await person.wheel(table, way)
            await person.until(lambda row=row: person.app.selection.cursor.row == row)


async def test_a_drag_moves_the_slider(opened: Any) -> None:
    async with opened("quadratic") as person:
        x, y = person.at("◆", "table", before=" b ")
        await person.drag((x, y), x + 5)
        await person.until(lambda: person.shown.rows[1].value > 1.5)
        await person.until(lambda: person.at("◆", "table", before=" b ")[0] == x + 5)
        assert person.app.selection.cursor.row == 1
        assert not isinstance(person.app.screen, Prompt)
        await person.drag((x + 5, y), 0)
        await person.until(lambda: person.shown.rows[1].value == -1.1)


async def test_in_a_contest_a_drag_is_one_move(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("g", until=lambda shown: shown.contest is not None)
        x, y = person.at("◆", "table", before=" a ")
        await person.drag((x, y), x + 4)
        await person.until(lambda: person.shown.rows[0].value > 1.5)
        assert person.shown.contest.moves == 1


async def test_options_are_chosen_turned_and_typed(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("o")
        await person.until(lambda: isinstance(person.app.screen, Options))
        await person.click("optimizer", "sheet")
        await person.sees("▸ optimizer", part="sheet")
        await person.click("▸ ", "sheet", before="optimizer", into=0)
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        await person.press("escape")
        _, y = person.at(" ▸ ", "sheet", before="◂ sgd")
        row = person.rows("sheet")[y]
        await person.pilot.click(offset=(row.index("▸", row.index("◂")), y))
        await person.until(lambda: person.shown.config.optimizer == "momentum")
        await person.wheel(person.app.screen.query_one("#sheet"), -1)
        await person.sees("▸ batch size", part="sheet")
        await person.click("esc out", "sheet")
        await person.until(lambda: not isinstance(person.app.screen, Sheet))


async def test_a_sheet_scrolls_by_the_wheel(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("question_mark")
        await person.sees("↓ more", part="sheet")
        first = person.rows("sheet")[4]
        await person.wheel(person.app.screen.query_one("#sheet"), 1)
        await person.until(lambda: person.rows("sheet")[1] == first)


async def test_in_the_palette_a_click_chooses_and_another_does_it(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("colon", *"momentum")
        await person.sees("optimizer = momentum", part="sheet")
        if "▸" not in person.rows("sheet")[person.at("optimizer = momentum", "sheet")[1] - 2]:
            await person.click("optimizer = momentum", "sheet")
        await person.sees("▸ ", part="sheet")
        await person.click("optimizer = momentum", "sheet")
        await person.until(lambda: not isinstance(person.app.screen, Palette))
        await person.until(lambda: person.shown.config.optimizer == "momentum")


async def test_what_is_typed_goes_on_after_a_click_beside_the_line(opened: Any) -> None:
    async with opened("quadratic") as person:
        await person.press("enter")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        await person.pilot.click(offset=(10, 5))
        await person.press("2")
        await person.until(lambda: person.typed() == "2")
        await person.click("enter sets", "asked")
        await person.until(lambda: person.shown.rows[0].value == 2.0)


async def test_a_lesson_is_answered_by_clicks(opened: Any) -> None:
    launch = with_lesson(parse(["--lesson", "forgotten-zero"]))
    async with opened(lesson=launch.lesson, config=launch.config) as person:
        await person.sees("hint", part="keys")
        await person.click("hint", "keys")
        await person.until(lambda: person.app.lesson.playing.hints == 1)


async def test_in_a_kiosk_a_click_may_do_what_a_key_may(opened: Any) -> None:
    async with opened("quadratic", limits=KIOSK, size=(200, 60)) as person:
        await person.click("w save", "keys")
        await person.sees("kiosk", part="words")
        assert not isinstance(person.app.screen, Prompt)


def test_nothing_is_painted_where_the_mouse_merely_passes() -> None:
    """The terminal is asked for clicks and drags only."""
    from nn_tui.terminal.driver import _MOUSE

    assert "1003" not in _MOUSE


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
        await person.click("step 0", "status")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        await person.press("7", "enter", until=lambda shown: shown.step == 7)
        await person.click("epoch 7/100", "status")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        assert person.typed() == "100"


async def test_a_key_in_the_help_leaves_it_and_is_pressed(opened: Any) -> None:
    async with opened("quadratic", size=(120, 40)) as person:
        await person.press("question_mark", "pagedown")
        await person.sees("Take one step", part="sheet")
        await person.click("Take one step", "sheet")
        await person.until(lambda: person.shown.step == 1)
        assert person.app.screen is person.app.screen_stack[0]


async def test_a_lesson_keeps_from_the_mouse_what_it_keeps_from_the_keys(opened: Any) -> None:
    launch = with_lesson(parse(["--lesson", "curve"]))
    async with opened(lesson=launch.lesson, config=launch.config) as person:
        await person.sees("hint", part="keys")
        lesson = person.app.lesson.playing.lesson
        person.app.lesson.playing.lesson = replace(lesson, hide=("raise", "jump"))
        x, y = person.at("◆", "table", before=" b ")
        value = person.shown.rows[1].value
        await person.drag((x, y), x + 5)
        assert person.app.mouse._held is None
        assert person.shown.rows[1].value == value
