"""Keys typed in one burst, as a slow link delivers them: each does what it would do alone."""

from typing import Any

import pytest


async def test_a_number_typed_into_a_prompt_that_is_only_just_opening(opened: Any) -> None:
    async with opened() as person:
        person.rush("e", "1", "2", "enter", "s", "s")
        await person.until(lambda: person.shown.step == 2)
        assert person.shown.config.epochs == 12


async def test_what_is_wrong_keeps_the_prompt_for_what_follows(opened: Any) -> None:
    async with opened() as person:
        person.rush("enter", "x", "enter", "backspace", "2", "enter", "s")
        await person.until(lambda: person.shown.step == 1)
        await person.until(lambda: len(person.app.screen_stack) == 1)


@pytest.mark.parametrize(
    ("text", "seen"),
    [("zeroing", lambda shown: not shown.config.zero_gradients), ("relu-net",
      lambda shown: shown.scene.kind == "mlp")],
)  # fmt: skip
async def test_a_name_typed_into_a_palette_that_is_only_just_opening(
    text: str, seen: Any, opened: Any
) -> None:
    async with opened() as person:
        person.rush("colon", *(key if key != "-" else "minus" for key in text), "enter")
        await person.until(lambda: seen(person.shown))


async def test_ctrl_c_waits_for_nothing(opened: Any) -> None:
    async with opened() as person:
        person.rush("e", "1", "2", "ctrl+c")
        await person.until(lambda: person.app.return_code == 0)


async def test_after_a_screen_has_gone_the_keys_are_the_apps(opened: Any) -> None:
    async with opened() as person:
        person.rush("e", "escape", "s", "e", "escape", "s", "colon", "escape", "s")
        await person.until(lambda: person.shown.step == 3)
