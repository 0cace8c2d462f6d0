"""The palette's mark: enter takes what is marked; where nothing is, it says why."""

from typing import Any

import pytest

from nn_tui.dialogs.palette import Palette

MARK = " ▸ "


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("zero", "several fit: ↓ then enter takes one"), ("stop", "several fit: ↓ then enter"),
        ("conf", "no exact name: ↓ then enter takes one"), ("qqq", "nothing is found: try another"),
        ("", "type a word, or ↓ then enter"), ("neuron", "several fit: ↓ then enter"),
    ],
)  # fmt: skip
async def test_under_the_line_it_says_why_enter_would_do_nothing(
    text: str, why: str, opened: Any
) -> None:
    """It said so below the list, where nobody looks who is typing."""
    async with opened() as person:
        await person.press("colon", *text)
        await person.until(lambda: why in person.rows("sheet")[0])
        assert MARK not in person.reads("sheet")
        await person.press("enter")
        await person.until(lambda: person.rows("sheet")[0].startswith(f" Nothing done: {why}"))
        assert isinstance(person.app.screen, Palette)


@pytest.mark.parametrize("text", ["zero", "conf", "", "lear", "freeze a"])
async def test_where_nothing_is_marked_the_first_row_is_by_one_down(text: str, opened: Any) -> None:
    async with opened() as person:
        await person.press("colon", *text)
        await person.until(lambda: isinstance(person.app.screen, Palette))
        await person.until(lambda: person.typed() == text)
        if MARK not in person.reads("sheet"):
            await person.press("down")
        await person.until(lambda: person.rows("sheet")[1].startswith(MARK))
        await person.sees("enter does what is marked ▸", part="sheet")


async def test_at_40_columns_what_to_press_is_not_cut(opened: Any) -> None:
    async with opened(size=(40, 20)) as person:
        await person.press("colon")
        for text, said in (("", "type a word"), ("zero", "several"), ("conf", "no exact name")):
            await person.press("ctrl+u", *text, "enter")
            await person.until(lambda said=said: said in person.rows("sheet")[0])
            assert person.rows("sheet")[0].rstrip().endswith(("enter", "takes one", "esc out"))


async def take(person: Any, text: str, seen: str) -> None:
    await person.press("colon", *text)
    await person.sees(seen, part="sheet")
    await person.press("enter")


async def test_freezing_and_thawing_are_found_by_the_name_of_what_is_frozen(opened: Any) -> None:
    async with opened("quadratic") as person:
        await take(person, "freeze a", "▸        Freeze a ")
        await person.until(lambda: person.shown.config.freeze == ("a",))
        await take(person, "freeze b", "▸        Freeze b ")
        await person.until(lambda: person.shown.config.freeze == ("a", "b"))
        await take(person, "unfreeze a", "▸        Unfreeze a ")
        await person.until(lambda: person.shown.config.freeze == ("b",))
        await take(person, "unfreeze a", "not now: a isn’t frozen")
        await person.sees("Not done: a isn’t frozen.", part="words")
        await person.press("colon", *"thaw")
        await person.sees("Unfreeze b ", part="sheet")
        await person.press("down", "enter")
        await person.until(lambda: person.shown.config.freeze == ())


async def test_a_layer_is_frozen_by_its_name(opened: Any) -> None:
    async with opened("relu-net") as person:
        await take(person, "freeze layer 1", "▸        Freeze layer 1 ")
        await person.until(lambda: person.shown.config.freeze == ("0.weight", "0.bias"))
        await take(person, "unfreeze b1", "▸        Unfreeze b1 ")
        await person.until(lambda: person.shown.config.freeze == ("0.weight",))
        await take(person, "unfreeze layer 1", "▸        Unfreeze layer 1 ")
        await person.until(lambda: person.shown.config.freeze == ())


async def test_the_prompt_for_what_is_frozen_shows_what_to_type(opened: Any) -> None:
    async with opened("quadratic") as person:
        await take(person, "freeze", "freeze = …")
        await person.sees("freeze: not updated: as a, W1, layer 1, or loaded", part="asked")
