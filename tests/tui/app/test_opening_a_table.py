"""Opening a table of one's own on the screen: found, begun as by the command line, or refused."""

from typing import Any

import pytest

from nn_core import Config
from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import UnsuitedError
from nn_core.live.edit_requests import Set
from nn_core.live.settings import way_on, with_setting
from nn_tui.cli.command_line import parse
from nn_tui.dialogs.palette import Palette
from nn_tui.dialogs.prompt import Prompt

MLP = EXPERIMENTS["mlp"].config


@pytest.mark.parametrize("text", ["csv", "open file", "my data", "open table"])
async def test_words_for_a_table_of_ones_own_lead_to_opening_it(
    text: str, opened: Any, csv_file: Any
) -> None:
    """A search for csv once led to exports, and said that nothing is called so."""
    path = csv_file("a,b,y\n" + "1,2,3\n2,1,4\n3,5,6\n" * 3)
    async with opened() as person:
        await person.press("colon", *text)
        await person.sees(" ▸ ", "Open a table …", "type the path of a CSV file", part="sheet")
        await person.press("enter")
        await person.sees("the path of a CSV file", part="asked")
        person.app.screen.query_one("Input").value = path
        await person.press("enter")
        await person.until(lambda: person.shown.config.data == path)


@pytest.mark.parametrize("text", ["", "data = "])
async def test_a_table_begins_as_it_does_on_the_command_line(
    text: str, opened: Any, csv_file: Any
) -> None:
    """The quadratic takes one input column; it said so, and led nowhere."""
    path = csv_file("a,b,y\n" + "1,2,3\n2,1,4\n3,5,6\n" * 3)
    async with opened() as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await person.press("colon")
        await person.until(lambda: isinstance(person.app.screen, Palette))
        person.app.screen.query_one("Input").value = f"{text}{path}"
        await person.press("enter")
        await person.until(lambda: person.shown.config == parse(["--data", path]).config)
        await person.sees(
            "Data: mine.csv, with mlp. The run before is saved; : resume goes back to it.",
            part="words",
        )
        await person.press("colon", *"resume", "enter")
        await person.sees("Resumed: quadratic, at step 10", part="words")


async def test_a_session_that_is_a_table_is_opened_as_one(opened: Any, csv_file: Any) -> None:
    """It was called no session file, or a damaged one."""
    path = csv_file("a,b,y\n" + "1,2,3\n2,1,4\n3,5,6\n" * 3)
    async with opened() as person:
        await person.press("colon", *"open session", "enter")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        person.app.screen.query_one("Input").value = path
        await person.press("enter")
        await person.sees("Data: mine.csv, with mlp.", part="words")


async def test_a_bad_cell_is_told_whole_on_a_small_screen(opened: Any, csv_file: Any) -> None:
    rows = "1,2,3\n2,1,4\n" * 500
    path = csv_file("weight,bill_length_mm,y\n" + rows + "1,twelve,3\n" + rows)
    async with opened() as person:
        await person.press("colon")
        await person.until(lambda: isinstance(person.app.screen, Palette))
        person.app.screen.query_one("Input").value = path
        await person.press("enter")
        await person.until(lambda: person.shown.complaint)
        said = " ".join(row.strip() for row in person.rows("words")).strip()
        assert said == (
            "Not done: mine.csv: line 1002, column 'bill_length_mm': 'twelve' is not a number; "
            "mend the cell, or empty it: NA, NaN, ?, - or . is empty too."
        )


async def test_named_data_that_the_model_does_not_take_name_the_way_on(opened: Any) -> None:
    async with opened() as person:
        await person.press("colon", *"data xor", "enter")
        await person.sees(
            "Not done: the quadratic takes 1 input column; the data has 2; a network takes",
            "them: : mlp, then this again.",
            part="words",
        )
        await person.press("colon", *"mlp", "enter", "colon", *"data xor", "enter")
        await person.until(lambda: person.shown.config.data == "xor")


def test_a_network_is_never_told_to_become_one() -> None:
    error = UnsuitedError("the data has 2")
    assert way_on(error, MLP) == "the data has 2"
    assert "mlp" in way_on(error, Config())


def test_a_table_keeps_what_was_set_by_hand_and_nothing_of_the_data_before() -> None:
    before = EXPERIMENTS["xor"].config.replace(
        hidden=(5,), validation=0.2, patience=3, features=("x1", "x1^2"), class_weight="balanced"
    )
    expected = MLP.replace(data="mine.csv", hidden=(5,), validation=0.2, patience=3)
    assert with_setting(before, "data", "mine.csv") == expected
    # A table of texts has made it classes; numbers aren't.
    of_texts = MLP.replace(data="texts.csv", loss="cross-entropy")
    assert with_setting(of_texts, "data", "mine.csv") == MLP.replace(data="mine.csv")
    held_back = MLP.replace(data="old.csv", test="test.csv", patience=3)
    assert with_setting(held_back, "data", "mine.csv") == MLP.replace(data="mine.csv")


def test_a_home_folder_is_found_in_a_path_that_is_typed(monkeypatch: Any, tmp_path: Any) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert with_setting(MLP, "data", "~/mine.csv").data == str(tmp_path / "mine.csv")


async def test_scaling_is_offered_before_the_first_step_whatever_was_just_set(
    opened: Any, csv_file: Any
) -> None:
    """Where a run was left behind and rows held back, its two sentences left no line for it."""
    path = csv_file("size,rooms,price\n" + "50,1,100\n250,6,900\n120,3,400\n" * 5)
    offered = "Inputs reach 250, targets 900: press Z to scale them, or it may diverge."
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        person.app.link.ask(Set("data", path))
        await person.sees("The run before is saved", offered, part="words")
        await person.press("colon", *"validation 0.2", "enter")
        await person.sees("Validation: 0.2.", offered, part="words")
