"""A key that stands for nothing is answered in one line, on the main screen and nowhere else."""

from typing import Any

import pytest
from textual.events import AppBlur, AppFocus, Paste

from nn_tui.cli.command_line import parse
from nn_tui.cli.screen import with_lesson

LISTS = "does nothing here; ? lists the keys"


@pytest.mark.parametrize(
    ("key", "shown"),
    [("y", "y"), ("H", "H"), ("7", "7"), ("exclamation_mark", "!"), ("f5", "f5"),
     ("ctrl+y", "ctrl+y"), ("shift+up", "shift+up")],
)  # fmt: skip
async def test_a_key_that_stands_for_nothing_says_so_until_the_next(
    key: str, shown: str, opened: Any
) -> None:
    """They were silent, where a key that does nothing just now said why."""
    async with opened() as person:
        await person.press(key)
        await person.sees(f"Not done: {shown} {LISTS}.", part="words")
        await person.press("down")
        await person.until(lambda: not person.shown.complaint)


async def test_another_such_key_is_named_in_place_of_the_first(opened: Any) -> None:
    async with opened() as person:
        await person.press("y", "y", "H")
        await person.sees(f"Not done: H {LISTS}.", part="words")
        assert "y does nothing" not in person.reads("words")


async def test_a_key_that_is_held_down_is_answered_once(opened: Any) -> None:
    async with opened() as person:
        await person.press("y")
        await person.sees(f"Not done: y {LISTS}.", part="words")
        asked = person.app.link._asked
        await person.press(*"yyyyyyyy")
        assert person.app.link._asked == asked


async def test_a_run_goes_on_under_it(opened: Any) -> None:
    async with opened("--epochs", "100000") as person:
        await person.press("space", until=lambda shown: shown.running)
        await person.press("y")
        await person.sees(f"Not done: y {LISTS}.", part="words")
        assert person.shown.running


async def test_what_a_terminal_sends_by_itself_and_what_is_pasted_are_no_keys(opened: Any) -> None:
    async with opened() as person:
        for event in (AppBlur(), AppFocus(), Paste("Hy 7")):
            person.app.post_message(event)
        await person.press("s", until=lambda shown: shown.step == 1)
        assert not person.shown.complaint


@pytest.mark.parametrize("over", ["colon", "j", "o", "question_mark", "t"])
async def test_over_the_main_screen_nothing_is_said(over: str, opened: Any) -> None:
    async with opened() as person:
        await person.press(over)
        await person.until(lambda: not person.on_main())
        await person.press("H", "f5", "escape")
        await person.until(person.on_main)
        await person.press("s", until=lambda shown: shown.step == 1)
        assert not person.shown.complaint


@pytest.mark.parametrize("asked", [(), ("--kiosk",)])
async def test_in_a_lesson_and_a_kiosk_too(asked: tuple[str, ...], opened: Any) -> None:
    launch = with_lesson(parse([*asked, "--lesson", "curve"]))
    async with opened(*asked, lesson=launch.lesson, config=launch.config) as person:
        await person.until(lambda: person.app.lesson is not None)
        await person.until(lambda: person.app.lesson.playing.stage == "doing")
        await person.press("H")
        await person.sees(f"Not done: H {LISTS}.", part="lesson")
