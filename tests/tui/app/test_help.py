"""The help: every key, what is chosen, the parts of the screen and its terms."""

from typing import Any

import pytest

from nn_tui.cli.command_line import parse
from nn_tui.cli.screen import with_lesson
from nn_tui.dialogs.help_sheet import Help, Meaning
from nn_tui.keys import KEYS


async def test_help_lists_every_key_once(opened: Any) -> None:
    for size in ((110, 260), (240, 160)):  # in one column, and in two
        async with opened(size=size) as person:
            await person.press("question_mark")
            await person.sees("Time", "Values", "Look", part="sheet")
            assert "↓ more" not in person.reads("sheet")
            for found in KEYS:
                row = f"   {found.shown:<9} {found.about}"
                assert person.reads("sheet").count(row) == 1, row


async def test_help_says_of_no_sum_of_gradients_what_it_does_to_the_loss(opened: Any) -> None:
    async with opened(size=(80, 250)) as person:
        await person.press("z", "s", "s", until=lambda shown: shown.step == 2)
        await person.press("question_mark")
        await person.sees("the sum of those of all steps", part="sheet")
        said = " ".join(person.reads("sheet").split())
        assert "the view slope shows the slope of now" in said  # 4 stands on no tab
        assert "raised by" not in person.reads("sheet").split("Other terms")[0]


async def test_help_begins_with_what_is_chosen_and_has_the_terms_on_the_screen(opened: Any) -> None:
    async with opened(size=(80, 250)) as person:
        await person.press("down", until=lambda shown: shown.request.chosen == 1)
        await person.press("question_mark")
        await person.sees(" b ", "Its gradient, −0.0316, says", part="sheet")
        assert person.rows("sheet")[1].startswith(" b ")
        here, elsewhere = person.reads("sheet").split("Other terms")
        for name, meaning in (("MAE", "mean absolute"), ("SGD", "stochastic"), ("lr", "the lea")):
            assert f" {name:<15} {meaning}" in here
        assert f" {'Adam':<15} momentum" in elsewhere


async def test_help_speaks_of_a_guess_that_waits_before_all_else_and_does_not_give_it_away(
    opened: Any,
) -> None:
    async with opened(size=(200, 40)) as person:
        await person.press("P", "question_mark")
        await person.sees(" the question ", "Which way will the loss go?", part="sheet")
        assert person.rows("sheet")[1].startswith(" the question    Which way will the loss go? A")
        await person.press("escape", "2", until=lambda shown: shown.step == 1)
        await person.press("question_mark")
        await person.sees(" a ", "The next step changes it by +0.0135", part="sheet")
        assert person.rows("sheet")[1].startswith(" a ")
        await person.press("escape", "s")
        await person.sees("Which of these will the step move most?")
        await person.press("question_mark")
        await person.sees(" the question    Which of these will", "A digit answers", part="sheet")
        assert "+0.0135" not in person.reads("sheet")
        assert "The next step changes" not in person.reads("sheet")


async def test_help_speaks_of_a_lessons_question_first(opened: Any) -> None:
    launch = with_lesson(parse(["--lesson", "rates"]))
    async with opened(lesson=launch.lesson, config=launch.config, size=(200, 40)) as person:
        await person.until(
            lambda: person.app.lesson and person.app.lesson.playing.stage == "asking"
        )
        asked = person.app.lesson.playing.ask
        await person.press("question_mark")
        await person.sees(" the question ", part="sheet")
        assert asked[:40] in person.rows("sheet")[1]


LEFT_OUT = "island,bill,mass,y\na,30,4000,1\nb,31,,2\na,32,4200,3.5\nb,33,5000,4\n"


async def test_help_says_what_was_left_out_of_a_table(
    opened: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "left.csv").write_text(LEFT_OUT)
    async with opened("left.csv", size=(200, 40)) as person:
        person.rush("question_mark", "slash", *"left", "enter")
        await person.until(lambda: isinstance(person.app.screen, Meaning))
        await person.sees("Left out: island (text). 1 row with missing", part="sheet")
        await person.sees("Points are counted from 1", part="sheet")
        await person.press("enter", "question_mark")
        await person.sees(" data ", "y from bill, mass", part="sheet")
        await person.press("slash", *"data")
        await person.sees("data = …", "Data: what is used and what is left out")
    async with opened("quadratic") as person:
        await person.press("question_mark")
        await person.sees("first line", part="sheet")
        assert " data  " not in person.reads("sheet")


async def test_a_term_is_looked_up_from_the_help(opened: Any) -> None:
    async with opened() as person:
        person.rush("question_mark", "slash", *"what saturated", "enter")
        await person.until(lambda: isinstance(person.app.screen, Meaning))
        await person.sees("saturated", "flat there: it passes on no", part="sheet")
        await person.press("enter")
        await person.until(person.on_main)


async def test_a_word_that_is_looked_up_is_explained_and_nothing_is_done(opened: Any) -> None:
    """Enter on "zeroing", looked up from the help, switched it off."""
    async with opened() as person:
        person.rush("question_mark", "slash", *"zeroing", "enter")
        await person.until(lambda: isinstance(person.app.screen, Meaning))
        await person.sees("setting the gradients to 0 before each step", part="sheet")
        assert person.shown.config.zero_gradients


async def test_help_scrolls_to_its_end_and_leaves(opened: Any) -> None:
    async with opened() as person:
        await person.press("question_mark")
        await person.sees("↓ more", part="sheet")
        await person.press(*["pagedown"] * 30)
        await person.sees("by turns", part="sheet")
        assert "↓ more" not in person.reads("sheet")
        await person.press("pageup", "up", "down", "escape")
        await person.until(person.on_main)


@pytest.mark.parametrize("arguments", [(), ("relu-net",), ("stopping-distance",)])
async def test_help_names_the_parts_that_are_on_the_screen(
    arguments: tuple[str, ...], opened: Any
) -> None:
    network = arguments == ("relu-net",)
    async with opened(*arguments, size=(120, 60)) as person:
        await person.press("question_mark")
        await person.sees("fit", "loss", "words", "status", part="sheet")
        parts = {row.split()[0] for row in person.rows("sheet") if row[1:2].strip()}
        assert ("kinks" in parts, "layers" in parts) == (network, network)
        assert ("parameters" in parts) == (not network)


@pytest.mark.parametrize("leaves", ["escape", "q", "question_mark"])
async def test_help_is_left_by(leaves: str, opened: Any) -> None:
    async with opened() as person:
        await person.press("question_mark")
        await person.until(lambda: isinstance(person.app.screen, Help))
        await person.press(leaves)
        await person.until(person.on_main)
        assert person.app.return_code is None
