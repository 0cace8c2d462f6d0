"""Keys typed in one burst, as a slow link delivers them: each does what it would do alone."""

from typing import Any

import pytest


async def test_a_number_typed_into_a_prompt_that_is_only_just_opening(opened: Any) -> None:
    async with opened() as person:
        person.rush("e", "1", "2", "enter", "s", "s")
        await person.until(lambda: person.shown.step == 2)
        assert person.shown.config.epochs == 12
        assert len(person.app.screen_stack) == 1


async def test_a_point_typed_in_one_burst(opened: Any) -> None:
    async with opened() as person:
        person.rush("a", "1", ",", "2", "enter", "s")
        await person.until(lambda: person.shown.step == 1)
        assert person.shown.scene.rows == 21


async def test_what_follows_a_refused_value_stays_in_the_prompt(opened: Any) -> None:
    async with opened() as person:
        person.rush("enter", "x", "enter", "s")
        await person.until(lambda: len(person.app.screen_stack) == 2)
        await person.sees("must be a finite number; not 'x'", part="asked")
        await person.until(lambda: person.typed() == "xs")
        assert person.shown.step == 0


async def test_a_refused_value_mended_and_taken_in_one_burst(opened: Any) -> None:
    async with opened() as person:
        person.rush("enter", "x", "enter", "backspace", "2", "enter", "s")
        await person.until(lambda: person.shown.step == 1)
        assert person.shown.rows[0].value == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("zeroing", lambda shown: not shown.config.zero_gradients),
        ("relu-net", lambda shown: shown.scene.kind == "mlp"),
    ],
)
async def test_a_name_typed_into_a_palette_that_is_only_just_opening(
    text: str, seen: Any, opened: Any
) -> None:
    async with opened() as person:
        person.rush("colon", *(key if key != "-" else "minus" for key in text), "enter", "s")
        await person.until(lambda: seen(person.shown) and person.shown.step == 1)


async def test_a_setting_by_name_and_its_value_in_one_burst(opened: Any) -> None:
    async with opened() as person:
        person.rush("colon", *"epochs", "enter", "7", "enter", "s")
        await person.until(lambda: person.shown.step == 1)
        assert person.shown.config.epochs == 7


async def test_ctrl_c_waits_for_nothing(opened: Any) -> None:
    async with opened() as person:
        person.rush("e", "1", "2", "ctrl+c")
        await person.until(lambda: person.app.return_code == 0)


async def test_after_a_screen_has_gone_the_keys_are_the_apps(opened: Any) -> None:
    async with opened() as person:
        person.rush("e", "escape", "s", "e", "escape", "s", "colon", "escape", "s", "o", "q", "s")
        await person.until(lambda: person.shown.step == 4)


@pytest.mark.parametrize("key", ["e", "a", "w", "enter", "colon", "o", "question_mark", "c"])
async def test_what_is_opened_resized_and_left_in_one_burst(key: str, opened: Any) -> None:
    async with opened() as person:
        for width in (7, 80, 30):
            person.rush(key)
            await person.pilot.resize_terminal(width, 9)
            person.rush("escape", "s")
        await person.until(lambda: person.shown.step == 3)
        assert len(person.app.screen_stack) == 1
