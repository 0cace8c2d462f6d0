"""The last run goes on: by --resume, by its name in the palette, with a screen and without."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nn_core import Config, Timeline, Trainer
from nn_core.errors import RequestError
from nn_core.storage import kept_runs
from nn_core.storage.autosave import Autosave
from nn_core.storage.session import open_session
from nn_tui.__main__ import main
from nn_tui.app.app import Laboratory
from nn_tui.app.opening import autosave_for, open_run
from nn_tui.cli.command_line import parse

State = Callable[[], list[Path]]


@pytest.fixture
def kept(tmp_path: Path) -> State:
    """The newest saves of the runs in the state folder, the last one first."""

    def find() -> list[Path]:
        folders = kept_runs.folders(tmp_path / "state" / "nn-tui")
        return [kept_runs.saves(folder)[0] for folder in folders]

    return find


@pytest.fixture
def left_behind(tmp_path: Path) -> Callable[[int], Timeline]:
    """Leave a run of so many steps behind."""

    def leave(steps: int) -> Timeline:
        timeline = Timeline(Trainer.from_config(Config(epochs=20)))
        timeline.advance(steps)
        keeper = Autosave(lambda: tmp_path / "state" / "nn-tui")
        keeper.touch(0)
        keeper.close(timeline)
        return timeline

    return leave


async def test_what_was_done_on_the_screen_goes_on(
    opened: Any, kept: State, until: Any, tmp_path: Path
) -> None:
    async with opened("relu") as person:
        await person.press("s", "s", until=lambda shown: shown.step == 2)
        await person.press("right", until=lambda shown: shown.outcome is not None)
    [path] = kept()
    expected = open_session(path)
    assert (expected.state.step, len(expected.events)) == (2, 1)

    asked = parse(["--resume", "--pace", "50"])
    autosave = autosave_for(asked)
    asked, build = open_run(asked, autosave)
    app = Laboratory(asked, build, autosave)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.snapshot is not None)
        shown = app.snapshot
        assert shown is not None
        assert (shown.step, shown.scene.kind, shown.config.pace) == (2, "relu", 50)
        await pilot.press("s")
        await until(pilot, lambda: app.snapshot is not None and app.snapshot.step == 3)
    assert kept() == [path]
    expected.advance(1)
    assert open_session(path).state.parameters.tobytes() == expected.state.parameters.tobytes()


async def test_kept_curves_and_the_chosen_point_are_there_again(opened: Any) -> None:
    async with opened("--pace", "max", "--epochs", "30") as person:
        await person.press("space", until=lambda shown: shown.epoch == 30 and not shown.running)
        await person.press("+", "r", until=lambda shown: shown.kept and shown.step == 0)
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press(".", ".", until=lambda shown: shown.point.index == 2)
        before = [(kept.label, kept.envelope.high.tolist()) for kept in person.shown.kept]
    async with opened() as person:
        await person.press(":", *"last run", "enter", until=lambda shown: shown.step == 1)
        await person.until(lambda: person.shown.point.index == 2)
        assert person.reads("point").startswith(" point  3 of 20")
        assert person.shown.label == "lr 0.02"
        assert [(kept.label, kept.envelope.high.tolist()) for kept in person.shown.kept] == before


async def test_the_last_run_is_offered_and_found_by_name(
    opened: Any, left_behind: Callable[[int], Timeline]
) -> None:
    left_behind(1234)
    async with opened() as person:
        await person.sees("Last time: step 1234 of quadratic.", part="words")
        await person.press(":")
        await person.press(*"last", "space", *"run")
        await person.sees("Resume the last run")
        await person.press("enter", until=lambda shown: shown.step == 1234)
        await person.sees("Resumed: quadratic, at step 1234", part="words")
    async with opened("quadratic") as person:
        assert "Last time" not in person.reads("words")


async def test_one_key_goes_on_with_the_run_that_is_offered_and_does_nothing_later(
    opened: Any, left_behind: Callable[[int], Timeline]
) -> None:
    left_behind(1234)
    async with opened() as person:
        await person.sees("R goes on there", part="words")
        await person.press("R", until=lambda shown: shown.step == 1234)
        await person.press("s", until=lambda shown: shown.step == 1235)
        await person.press("R")
        await person.sees("there is no run to go on with", part="words")
        assert person.shown.step == 1235
    async with opened() as person:
        person.rush("s", "R")
        await person.until(lambda: person.shown.step == 1)
        await person.sees("no run is offered any more", part="words")
        assert person.shown.step == 1


async def test_a_run_without_a_step_is_none_to_go_on_with(opened: Any) -> None:
    """Its key named the palette's entry, which then said that there is none."""
    async with opened() as person:
        await person.press("4")
    async with opened() as person:
        await person.press("R")
        await person.sees("there is no run to go on with", part="words")
        await person.press(":", *"last", "space", *"run")
        await person.sees("Resume the last run", "not now: there is no run to go on with")
        assert "goes back to it" not in person.screen()


async def test_its_key_says_what_goes_back_to_a_run_that_is_offered_no_more(
    opened: Any, left_behind: Callable[[int], Timeline]
) -> None:
    left_behind(1234)
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("R")
        await person.sees("no run is offered any more: Resume the last run", part="words")


async def test_of_a_run_that_was_cut_off_as_it_trained_it_is_offered_what_was_saved(
    opened: Any, left_behind: Callable[[int], Timeline], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who had seen step 39 read "Last time: step 34", and no word of the steps in between."""
    left_behind(34)
    monkeypatch.setattr(kept_runs.KeptRun, "trained_on", True)
    async with opened() as person:
        await person.sees(
            "Last time: cut off, saved at step 34 of quadratic. R goes on there.", part="words"
        )


async def test_a_folder_that_can_not_be_written_is_said_once_and_training_goes_on(
    opened: Any, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("in the way")
    async with opened() as person:
        await person.press("s")
        await person.sees("Not done: autosave: Not a directory (/", part="words")
        await person.press("s", until=lambda shown: shown.step == 2 and not shown.complaint)
        await person.press("space", until=lambda shown: shown.step > 5)
        assert "autosave" not in person.reads("words")


def test_without_a_screen_the_last_run_goes_on_and_is_kept(
    left_behind: Callable[[int], Timeline], kept: State, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = left_behind(7)
    assert main(["--resume", "--json"]) == 0
    *steps, summary = map(json.loads, capsys.readouterr().out.splitlines())
    assert [step["step"] for step in steps] == list(range(7, 20))
    timeline.advance(13)
    assert summary["parameters"]["a"] == timeline.state.parameters[0]
    [path] = kept()
    assert open_session(path).state.parameters.tobytes() == timeline.state.parameters.tobytes()


def test_a_run_that_began_without_a_screen_is_not_kept(kept: State) -> None:
    assert main(["--plain", "--epochs", "3"]) == 0
    assert kept() == []


def test_nothing_to_resume_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--resume", "--plain"]) == 2
    said = capsys.readouterr()
    assert said.err == "nn-tui: there is no run to go on with\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--resume", "relu"], "--resume goes on with the last run; relu is another"),
        (["--resume", "--lr", "1"], "--learning-rate can’t be given with --resume"),
        (["--resume", "--data", "sine"], "--data can’t be given with --resume"),
    ],
)
def test_what_can_not_be_asked_beside_it_is_refused(arguments: list[str], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        parse(arguments)


def test_the_last_run_is_offered_where_none_is_asked_for() -> None:
    assert parse([]).offers
    assert parse(["--theme", "dark"]).offers
    assert not any(
        parse(each).offers for each in (["relu"], ["--lr", "1"], ["--hidden", "3"], ["--resume"])
    )
