"""What was looked at is there again with the run: the view, what was chosen, what was opened."""

import json
from pathlib import Path
from typing import Any

import pytest

from nn_core.run.chosen import Chosen
from nn_core.storage import kept_runs
from nn_tui.selection import Cursor
from nn_tui.views import view


def _state(tmp_path: Path) -> Path:
    return kept_runs.folders(tmp_path / "state" / "nn-tui")[0] / "session.json"


async def _goes_on(person: Any, how: str) -> None:
    """Go on with the last run: by its key, or by its name."""
    if how == "key":
        await person.press("R")
    else:
        await person.press("colon", *"resume", "enter")
    await person.sees("as it was saved", part="words")


@pytest.mark.parametrize("how", ["key", "name"])
async def test_the_chosen_parameter_is_chosen_again(opened: Any, how: str) -> None:
    """It was a, in the first view, whatever had been on the screen."""
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("4", "down", "down", ".", until=lambda shown: shown.point.index == 1)
    async with opened() as person:
        await _goes_on(person, how)
        await person.until(lambda: person.app.selection.view is view("slope"))
        await person.until(lambda: person.shown.chosen is not None)
        await person.until(lambda: person.shown.chosen.label == "c")
        assert person.shown.point.index == 1
        await person.sees("slope", part="view")


async def test_an_opened_matrix_is_open_again_at_its_number(opened: Any) -> None:
    async with opened("mlp", "--hidden", "4,3") as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("3", "down", "down", "enter", "pagedown", "right")
        await person.until(lambda: person.shown.request.opened == "2.weight")
        before = person.app.selection.cursor
        assert before.row
    async with opened() as person:
        await _goes_on(person, "key")
        await person.until(lambda: person.shown.request.opened == "2.weight")
        assert person.app.selection.view is view("layer")
        assert person.app.selection.cursor.row == before.row
        await person.press("escape")
        assert person.app.selection.cursor.row == 2


async def test_a_unit_is_chosen_again(opened: Any) -> None:
    async with opened("relu") as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("5", "down", until=lambda shown: shown.request.chosen == 1)
    async with opened() as person:
        await _goes_on(person, "key")
        await person.until(lambda: person.app.selection.view is view("ReLUs"))
        await person.until(lambda: person.shown.request.by_unit)
        assert person.app.selection.cursor.row == 1


async def test_the_map_has_the_same_partner_again(opened: Any) -> None:
    """It was another map than the one that was left, in a run that goes on “as it was saved”."""
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("4", "p", "down", until=lambda shown: shown.request.chosen == 1)
        await person.sees("a over b")
    async with opened() as person:
        await _goes_on(person, "key")
        await person.sees("a over b")


async def test_a_switched_off_unit_is_off_again(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("5", "down", until=lambda shown: shown.request.chosen == 1)
        await person.press("X", until=lambda shown: shown.request.off == {(0, 1)})
    async with opened() as person:
        await _goes_on(person, "key")
        await person.until(lambda: person.shown.request.off == {(0, 1)})


async def test_the_same_of_several_targets_is_drawn_again(opened: Any, tmp_path: Path) -> None:
    table = tmp_path / "two.csv"
    table.write_text("x,y,z\n0,1,2\n1,2,4\n2,3,7\n")
    async with opened("mlp", "--data", str(table), "--y", "y,z") as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("T")
        await person.sees("z (2/2)")
    async with opened() as person:
        await _goes_on(person, "key")
        await person.sees("z (2/2)")


async def test_a_session_file_opens_as_it_was_saved(opened: Any, tmp_path: Path) -> None:
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("6", "down", until=lambda shown: shown.request.chosen == 1)
    async with opened("relu") as person:
        await person.press("colon", *"open session", "enter")
        person.app.screen.query_one("Input").value = str(_state(tmp_path))
        await person.press("enter", until=lambda shown: shown.scene.kind == "quadratic")
        await person.until(lambda: person.app.selection.view is view("health"))
        assert person.app.selection.cursor.row == 1


@pytest.mark.parametrize(
    "chosen",
    [
        None,
        {"view": "another", "row": 1, "opened": None, "opened_at": 0},
        {"view": "slope", "row": 99, "opened": None, "opened_at": 0},
        {"view": "layer", "row": 0, "opened": "2.weight", "opened_at": 1},
        {"view": "ReLUs", "row": 0, "opened": "unit 7", "opened_at": 7},
        {"view": "ReLUs", "row": 0, "opened": "unit x", "opened_at": -3},
        {"view": ["fit"], "row": "1"},
        {"view": "slope", "row": 1, "opened": None, "opened_at": 0, "partner": "b"},
        {"view": "slope", "row": 1, "opened": None, "opened_at": 0, "off": [1]},
    ],
)
async def test_what_does_not_fit_is_left_out(opened: Any, tmp_path: Path, chosen: Any) -> None:
    """A save of before has none of it, one that was edited may have anything."""
    async with opened() as person:
        await person.press("s", "down", until=lambda shown: shown.request.chosen == 1)
    path = _state(tmp_path)
    said = json.loads(path.read_text())
    del said["checksum"]
    assert said.pop("chosen") == {"view": "fit", "row": 1, "opened": None, "opened_at": 0}
    path.write_text(json.dumps({**said, "chosen": chosen} if chosen else said))
    path.with_name("session.note.json").unlink(missing_ok=True)
    async with opened() as person:
        await _goes_on(person, "key")
        await person.until(lambda: person.shown.step == 1)
        assert person.app.selection.cursor == Cursor()
        assert person.app.selection.view is view("fit")


def test_it_is_read_as_it_was_written() -> None:
    chosen = Chosen("layer", 3, "2.weight", 1, partner=2, target=1, off=((0, 1), (1, 0)))
    assert Chosen.of(json.loads(json.dumps(chosen.to_dict()))) == chosen
