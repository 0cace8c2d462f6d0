"""Values that people type: what can't be is refused where it was typed, and stays there."""

from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from nn_tui.dialogs.options_sheet import Options
from nn_tui.dialogs.palette import Palette


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("lr 0", "learning rate must be a number above 0; not 0"),
        ("hidden 0", "hidden must be whole numbers"),
        ("batch 2.5", "batch size must be a whole number"),
        ("load nothing.safetensors", "nothing.safetensors: there is no such file"),
        ("data nothing.csv", "nothing.csv: there is no such file"),
        ("weight decay 0.1", "belongs to the optimizers adamw, lion; this one is sgd"),
        ("momentum 0.9", "belongs to the optimizers momentum, nesterov; this one is sgd"),
    ],
)
async def test_a_value_that_cannot_be_stays_in_the_palette_with_the_reason(
    text: str, reason: str, opened: Any
) -> None:
    """It opened a prompt with the old value, or was taken and refused when all was gone."""
    async with opened() as person:
        before = person.shown.config
        await person.press("colon", *text, "enter")
        await person.until(lambda: isinstance(person.app.screen, Palette))
        await person.until(lambda: "Nothing done" in person.rows("sheet")[0])
        assert reason in " ".join(person.reads("sheet").split())
        person.rush("e")  # would be the epochs if it went to the run
        await person.until(lambda: person.typed() == f"{text}e")
        assert person.shown.config == before


async def test_digits_typed_in_the_options_begin_the_value(opened: Any) -> None:
    async with opened() as person:
        await person.press("o")
        await person.until(lambda: isinstance(person.app.screen, Options))
        person.rush("full_stop", "5", "enter")
        await person.until(lambda: person.shown.config.learning_rate == 0.5)
        await person.until(lambda: isinstance(person.app.screen, Options))


async def test_the_options_show_the_chosen_settings_text_whole_at_the_foot(opened: Any) -> None:
    async with opened("mlp", "--hidden", "4") as person:
        await person.press("colon", *"hidden 8,8,8", "enter")
        await person.until(lambda: person.shown.config.hidden == (8, 8, 8))
        await person.press("o")
        await person.until(lambda: isinstance(person.app.screen, Options))
        for _ in range(30):
            if " ▸ hidden" in person.reads("sheet"):
                break
            await person.press("down")
        await person.sees("hidden: default ", "units of each hidden layer, or none", part="sheet")


async def test_the_default_of_a_constant_is_the_optimizers_number(opened: Any) -> None:
    async with opened("--optimizer", "adamw", "--weight-decay", "0.5") as person:
        await person.press("o")
        await person.sees("default 0.01: ", part="sheet")
        assert "default default" not in person.reads("sheet")


async def test_open_session_offers_the_saved_runs_one_by_one_and_says_what_each_is(
    opened: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It listed bare paths, the run on the screen among them."""
    monkeypatch.chdir(tmp_path)
    async with opened("relu") as person:
        await person.press("s", "s", until=lambda shown: shown.step == 2)
    async with opened() as person:
        await person.press("s", "w", *["backspace"] * 40, *"one.json", "enter")
        await person.sees("Saved as one.json", part="words")
        await person.press("colon", *"open s", "enter")
        await person.sees("quadratic, step 1, just now   ↑↓ saved runs", part="asked")
        assert person.typed() == "one.json"
        await person.press("down")
        await person.until(lambda: person.typed().endswith("session.json"))
        await person.sees(
            "relu, step 2, loss ", " a step before, just now   ↑↓ saved runs", part="asked"
        )
        left = person.typed()
        await person.press("down")
        assert person.typed() == left
        await person.press("up")
        await person.until(lambda: person.typed() == "one.json")
        await person.press(*["backspace"] * 9, *"two.json")
        await person.sees("open the session", part="asked")
        await person.press("enter")
        await person.sees("two.json: there is no such file", part="asked")
        await person.press("up", "enter")
        await person.sees("Opened: one.json", part="words")


async def test_a_session_opened_at_the_start_says_which_file_it_is(
    opened: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened() as person:
        await person.press("s", "w", *["backspace"] * 40, *"one.json", "enter")
        await person.sees("Saved as one.json", part="words")
    async with opened("one.json") as person:
        await person.sees("Opened: one.json", part="words")


async def test_without_colour_it_is_seen_where_one_types_and_what_is_replaced(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both were shown by their colours alone."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened() as person:
        await person.press("enter")
        await person.sees("enter sets", part="asked")
        line = person.app.screen.query_one(Input)

        def told(attribute: str) -> str:
            styled = (each for each in line.render_line(0) if each.style is not None)
            return "".join(each.text for each in styled if getattr(each.style, attribute))

        await person.until(lambda: told("underline") == person.typed())
        await person.press("1", "2", "left")
        await person.until(lambda: told("reverse") == "2")
        assert not told("underline")
