"""Sessions and exports as a person meets them: on the command line, and on the screen by name."""

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from safetensors.numpy import load_file
from textual.widgets import Input

from nn_core.config import Config
from nn_core.storage.export import write
from nn_core.storage.session import open_session
from nn_tui.__main__ import main
from nn_tui.app.app import Laboratory
from nn_tui.app.opening import autosave_for, open_run
from nn_tui.cli.command_line import parse
from nn_tui.keys.commands import COMMANDS
from nn_tui.text.rows import Rows

LONGEST_WAIT = 20.0  # seconds; only a test that fails takes so long


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own to be in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


# --- command line -----------------------------------------------------------------------------


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Run the program without a screen; its lines."""

    def run_program(*arguments: str) -> list[str]:
        assert main(arguments) == 0
        said = capsys.readouterr()
        assert said.err == ""
        return said.out.splitlines()

    return run_program


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run the program with what it can't carry out; its one line."""

    def run_program(*arguments: str) -> str:
        assert main(arguments) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        return said.err.removeprefix("nn-tui: ").strip()

    return run_program


def test_a_session_goes_on_where_it_stopped(run: Any) -> None:
    whole = run("--plain", "--epochs", "20", "--batch-size", "6", "--optimizer", "adam")
    run(
        "--plain", "--epochs", "8", "--batch-size", "6", "--optimizer", "adam",
        "--save", "run.json",
    )  # fmt: skip
    assert run("run.json", "--plain", "--epochs", "20") == whole[8 * 4 :]


def test_the_epochs_of_a_session_are_counted_through_its_changes(run: Any) -> None:
    run("--plain", "--epochs", "3", "--batch-size", "5", "--save", "run.json")
    timeline = open_session(Path("run.json"))
    timeline.do("set", name="batch_size", value=10)
    timeline.advance(1)
    write(timeline, Path("run.json"))
    *steps, summary = map(json.loads, run("run.json", "--json", "--epochs", "5"))
    assert [(step["step"], step["epoch"]) for step in steps] == [(13, 3), (14, 4), (15, 4)]
    assert (summary["steps"], summary["epochs"]) == (16, 5)


def test_from_the_past_a_session_lives_its_future_again(run: Any) -> None:
    run("--plain", "--epochs", "10", "--save", "run.json")
    timeline = open_session(Path("run.json"))
    timeline.seek(4)
    write(timeline, Path("run.json"))
    lines = run("run.json", "--plain")
    assert [line.split(";")[0] for line in lines] == [
        *(f"step={step}" for step in range(4, 10)), "steps=10",
    ]  # fmt: skip


def test_a_run_is_saved_at_its_end_in_whatever_forms_are_asked_for(run: Any, folder: Path) -> None:
    names = ("a.py", "b.torch.py", "c.csv", "d.json", "e.safetensors")
    save = [part for name in names for part in ("--save", name)]
    assert len(run("--plain", "--epochs", "5", "--every", "2", *save)) == 4
    assert "import numpy as np" in (folder / "a.py").read_text()
    assert "import torch" in (folder / "b.torch.py").read_text()
    rows = (folder / "c.csv").read_text().splitlines()
    assert rows[0] == "step,epoch,loss,gradient_norm,learning_rate"
    assert len(rows) == 1 + 5 + 1  # the last is of the step to come
    assert open_session(folder / "d.json").state.step == 5
    assert load_file(folder / "e.safetensors").keys() == {"a", "b", "c"}


def test_of_a_run_that_diverged_all_but_the_weights_is_saved(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    arguments = ["--plain", "--loss", "mse", "--lr", "1", "--epochs", "1000"]
    save = ["--save", "c.csv", "--save", "d.json", "--save", "e.safetensors"]
    assert main([*arguments, *save]) == 1
    assert len((folder / "c.csv").read_text().splitlines()) == 1 + 169 + 1
    assert open_session(folder / "d.json").state.step == 169
    assert not (folder / "e.safetensors").exists()
    assert "e.safetensors is not written" in capsys.readouterr().err


def test_an_existing_file_of_any_name_is_a_session(run: Any, refused: Any, folder: Path) -> None:
    run("--plain", "--epochs", "2", "--save", "mine.json")
    (folder / "mine.json").rename("mine")
    assert run("mine", "--plain", "--epochs", "3")[0] == "step=2; loss=2.38"
    assert refused("yours", "--plain").startswith("there is no experiment 'yours'")
    assert refused("yours.json", "--plain") == "yours.json: there is no such file"


@pytest.mark.parametrize(
    "option",
    [("--lr", "0.1"), ("--data", "x.csv"), ("--hidden", "3"), ("--accumulate-gradients",),
     ("--seed", "1"), ("--optimizer", "adam")],
)  # fmt: skip
def test_a_session_has_settings_of_its_own(option: tuple[str, ...], run: Any, refused: Any) -> None:
    run("--plain", "--epochs", "2", "--save", "run.json")
    said = refused("run.json", "--plain", *option)
    flag = {"--lr": "--learning-rate"}.get(option[0], option[0])
    assert said == f"{flag} can’t be given with run.json: a session file has settings of its own"


def test_what_the_view_alone_looks_at_can_be_given_with_a_session(run: Any) -> None:
    run("--plain", "--epochs", "2", "--save", "run.json")
    asked = parse(["run.json", "--pace", "max", "--epochs", "7", "--theme", "light", "--fps", "3"])
    assert asked.session == Path("run.json")
    asked, make = open_run(asked, autosave_for(asked))
    assert asked.config == Config(epochs=2)
    timeline = make()
    assert timeline.config == Config(epochs=7, pace=float("inf"))
    assert timeline.events == []


def test_what_can_not_be_saved_at_the_end_keeps_nothing_else_from_it(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    arguments = ["--plain", "--rows", "200000", "--batch-size", "200000", "--epochs", "1"]
    assert main([*arguments, "--save", "a.py", "--save", "b.json"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "a script lists at most 200,000" in said
    assert not (folder / "a.py").exists()
    assert open_session(folder / "b.json").state.step == 1


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("missing/c.csv", "missing/c.csv: there is no folder missing"),
        ("run.txt", "run.txt: must end in .json .safetensors .py"),
        ("run.svg", "--save run.svg: a picture of the screen is taken on it, by w"),
    ],
)
def test_what_can_not_be_saved_is_told_before_the_run(
    name: str, complaint: str, refused: Any
) -> None:
    assert refused("--plain", "--epochs", "1000000000", "--save", name).startswith(complaint)


def test_a_damaged_session_is_one_line_and_no_screen(run: Any, refused: Any, folder: Path) -> None:
    run("--plain", "--epochs", "2", "--save", "run.json")
    content = (folder / "run.json").read_text()
    (folder / "run.json").write_text(content.replace("0.01", "0.02"))
    assert refused("run.json", "--json").startswith("run.json: the file is damaged: its checksum")
    (folder / "run.json").write_text(content.replace('"version": 2', '"version": 9'))
    assert "of version 9; this program reads version 2" in refused("run.json", "--plain")


# --- screen -----------------------------------------------------------------------------------


class Screen:
    """The app, and what stands on it."""

    def __init__(self, app: Laboratory, pilot: Any) -> None:
        self.app, self.pilot = app, pilot

    async def until(self, condition: Callable[[], object]) -> None:
        """Let the app get on until the condition holds."""
        deadline = time.monotonic() + LONGEST_WAIT
        while not condition():
            assert time.monotonic() < deadline, self.words()
            await self.pilot.pause(0.002)

    def words(self) -> str:
        """The two lines of words."""
        widget = self.app.screen_stack[0].query_one("#words", Rows)
        return " ".join(widget.render_line(y).text.strip() for y in range(widget.size.height))

    @property
    def step(self) -> int:
        """The step on show."""
        assert self.app.snapshot is not None
        return self.app.snapshot.step

    async def advance(self, steps: int) -> None:
        """Press s so often."""
        target = self.step + steps
        await self.pilot.press(*"s" * steps)
        await self.until(lambda: self.step == target)

    async def command(self, title: str, name: str | None = None) -> str:
        """Choose an entry of the palette and answer its question; the name that was suggested."""
        command = next(found for found in COMMANDS if found.title == title)
        self.app.dialogs.carry_out(command)
        return await self.answer(name)

    async def answer(self, name: str | None = None) -> str:
        """Answer the question on the screen; the name that was suggested."""
        await self.until(lambda: len(self.app.screen_stack) == 2)
        await self.until(lambda: self.app.screen.query(Input))
        typed = self.app.screen.query_one(Input)
        suggested = typed.value
        if name is not None:
            typed.value = name
        await self.pilot.press("enter")
        await self.until(lambda: len(self.app.screen_stack) == 1)
        return suggested


@asynccontextmanager
async def screen(*arguments: str) -> AsyncIterator[Screen]:
    asked = parse(arguments)
    build = None
    if asked.session is not None:
        asked, build = open_run(asked, autosave_for(asked))
    app = Laboratory(asked, build)
    async with app.run_test(size=(80, 24)) as pilot:
        there = Screen(app, pilot)
        await there.until(lambda: app.snapshot is not None)
        yield there


async def test_a_session_is_saved_and_opened_by_name(folder: Path) -> None:
    async with screen() as there:
        await there.advance(3)
        await there.pilot.press("right")
        assert await there.command("Save session …") == "quadratic.json"
        await there.until(lambda: "Saved as quadratic.json: the session." in there.words())
        await there.advance(2)
        assert await there.command("Save session …") == "quadratic-2.json"
        await there.until(lambda: (folder / "quadratic-2.json").exists())
        await there.command("Open session …", "quadratic.json")
        await there.until(lambda: there.step == 3)
        assert "Opened: quadratic.json, a run of 3 steps, changed by hand 1 time." in there.words()
        shown = there.app.snapshot
        assert shown is not None
        assert shown.rows[0].value == open_session(folder / "quadratic.json").state.parameters[0]


async def test_another_kind_of_run_takes_the_place_of_this_one(run: Any) -> None:
    run("relu-net", "--plain", "--epochs", "5", "--save", "net.json")
    async with screen() as there:
        await there.pilot.press("space")
        assert await there.command("Open session …") == "net.json"
        await there.until(lambda: there.step == 5)
        shown = there.app.snapshot
        assert shown is not None
        assert (shown.scene.kind, shown.running) == ("mlp", False)
        await there.advance(2)


async def test_what_can_not_be_opened_is_said_and_the_run_stays(folder: Path) -> None:
    (folder / "odd.json").write_text("{}")
    async with screen() as there:
        await there.advance(2)
        await there.command("Open session …", "odd.json")
        await there.until(lambda: "odd.json: this is not a session file" in there.words())
        assert there.step == 2
        await there.advance(1)


async def test_a_session_file_is_opened_from_the_command_line(run: Any) -> None:
    run("relu", "--plain", "--epochs", "4", "--save", "run.json")
    async with screen("run.json") as there:
        assert there.step == 4
        await there.pilot.press("b")
        await there.until(lambda: there.step == 3)


@pytest.mark.parametrize(
    ("title", "name", "content"),
    [
        ("Export NumPy script …", "quadratic.py", "import numpy as np"),
        ("Export PyTorch script …", "quadratic.torch.py", "import torch"),
        ("Export losses …", "quadratic.csv", "step,epoch,loss"),
    ],
)
async def test_the_run_is_exported_by_name(
    title: str, name: str, content: str, folder: Path
) -> None:
    async with screen() as there:
        await there.advance(2)
        assert await there.command(title) == name
        await there.until(lambda: f"Saved as {name}: the " in there.words())
        assert content in (folder / name).read_text()


async def test_by_key_the_end_of_the_name_says_as_what_the_run_is_saved(folder: Path) -> None:
    def asked() -> str:
        return there.app.screen.query_one(Rows).render_line(0).text

    async with screen() as there:
        await there.advance(2)
        (folder / "quadratic.py").write_text("old")
        await there.pilot.press("w")
        await there.until(lambda: there.app.screen.query(Input))
        await there.until(lambda: " save the session " in asked())
        typed = there.app.screen.query_one(Input)
        for key, name, heading in (
            ("up", "quadratic.safetensors", "save the weights"),
            ("up", "quadratic.py", "replace the NumPy script"),
            ("up", "quadratic.torch.py", "save the PyTorch script"),
            ("down", "quadratic.py", "replace the NumPy script"),
        ):
            await there.pilot.press(key)
            await there.until(lambda name=name: typed.value == name)
            await there.until(lambda heading=heading: heading in asked())
        for name, complaint in (
            ("run.txt", "run.txt: must end in .json .safetensors .py .torch.py .model.py .csv"),
            ("missing/run.json", "missing/run.json: there is no folder missing"),
            ("", "the name of a file is needed"),
            ("missing/", "must end in .json"),
            ("missing/run", "missing/run.py: there is no folder missing"),
        ):
            typed.value = name
            await there.pilot.press("enter")
            await there.until(lambda complaint=complaint: complaint in asked())
        await there.answer("~/mine.csv")
        await there.until(lambda: "Saved as ~/mine.csv: the losses." in there.words())
        assert len((folder / "mine.csv").read_text().splitlines()) == 1 + 2 + 1


async def test_before_the_first_step_there_are_no_losses_to_export(folder: Path) -> None:
    async with screen() as there:
        await there.command("Export losses …")
        await there.until(lambda: "no step has been taken yet" in there.words())
        assert not [each for each in folder.iterdir() if each.is_file()]


async def test_the_picture_of_the_screen_is_the_screen_without_the_question(folder: Path) -> None:
    async with screen() as there:
        await there.advance(2)
        assert await there.command("Export picture …") == "quadratic.svg"
        await there.until(lambda: "Saved as quadratic.svg: the picture." in there.words())
        text = "".join(ElementTree.parse(folder / "quadratic.svg").getroot().itertext())
        text = text.replace("\N{NO-BREAK SPACE}", " ")
        assert "step 2" in text
        assert "enter sets" not in text


async def test_on_the_screen_a_run_is_saved_when_it_is_quit(folder: Path) -> None:
    async with screen("--save", "a.json", "--save", "b.csv") as there:
        await there.advance(3)
        await there.pilot.press("right", "q")
    for path in there.app.launch.save:
        there.app.save(path)
    assert open_session(folder / "a.json").state.step == 3
    assert len((folder / "b.csv").read_text().splitlines()) == 1 + 3 + 1


def test_what_the_palette_says_of_files_is_short() -> None:
    assert all(len(command.about) <= 40 for command in COMMANDS)
