"""A terminal that is sent the cells that differ shows what one shows that is sent everything."""

import random
from pathlib import Path

import pytest
from textual import events
from textual.app import App
from textual.driver import Driver
from textual.widgets import Label
from two_terminals import Recorder, Sample, Terminal, TwoTerminals

from nn_tui.app import app as app_module
from nn_tui.app.app import Laboratory
from nn_tui.cli.command_line import parse
from nn_tui.keys import KEYS as LABORATORY_KEYS
from nn_tui.terminal import comparing

KEYS = ["tab", "shift+tab", "up", "down", "pagedown", "pageup", "home", "end", "left", "right"]
KEYS += ["space", "a", "輸", "backspace", "delete", "enter", "escape", "f2", "f3", "f4", "f5", "f5"]


@pytest.fixture(autouse=True)
def one_colour_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep to one, for a style remembers the sequence that it was first rendered to."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)


async def test_random_keys_and_resizes_show_the_same() -> None:
    app = Sample(seed=3)
    async with app.run_test(headless=False) as pilot:
        for step in range(60):
            if step % 8 == 7:
                app.resize(app.random.randrange(40, 100), app.random.randrange(15, 40))
            for key in app.random.choices(KEYS, k=4):
                app.post_message(events.Key(key, key if len(key) == 1 else None))
            await pilot.pause()
            assert app.sparing.seen() == app.stock.seen(), f"after step {step}"
    assert app.sparing.bytes < app.stock.bytes / 4


async def test_pictures_that_wait_for_the_link_become_one_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparing, "PatientDriver", Recorder)
    app = Sample(seed=5)
    async with app.run_test(headless=False) as pilot:
        for step in range(30):
            app._driver.room = False
            if step % 8 == 7:
                app.resize(app.random.randrange(40, 100), app.random.randrange(15, 40))
            for _ in range(3):
                key = app.random.choice(KEYS)
                app.post_message(events.Key(key, key if len(key) == 1 else None))
                await pilot.pause()
            app._driver.room = True
            with app._driver.into(app.sparing):
                app._send()
            assert app.sparing.seen() == app.stock.seen(), f"after step {step}"


class TwoLaboratories(Laboratory):
    """The program itself, on both terminals."""

    CSS_PATH = Path(app_module.__file__).with_name("app.tcss")

    def __init__(self, *arguments: str) -> None:
        super().__init__(parse(arguments))
        self.stock, self.sparing = Terminal(80, 24), Terminal(80, 24)

    def get_driver_class(self) -> type[Driver]:
        return Recorder

    def exit(self, *_, **keywords) -> None:
        """Stay: the command to quit is among the keys."""

    def _display(self, screen, renderable) -> None:
        with self._driver.into(self.stock):
            App._display(self, screen, renderable)
        with self._driver.into(self.sparing):
            super()._display(screen, renderable)


@pytest.mark.parametrize("steps", [40, pytest.param(2000, marks=pytest.mark.soak)])
async def test_random_keys_show_the_same_of_the_program(
    steps: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # one of the keys may save weights
    chance = random.Random(0)
    names = [name for key in LABORATORY_KEYS for name in key.keys.split(",")]
    app = TwoLaboratories("relu-net", "--epochs", "20")
    async with app.run_test(headless=False) as pilot:
        for step in range(steps):
            for name in chance.choices(names, k=3):
                app.post_message(events.Key(name, name if len(name) == 1 else None))
            await pilot.pause()
            assert app.sparing.seen() == app.stock.seen(), f"after step {step}"


async def test_nothing_is_sent_where_nothing_changes() -> None:
    app = TwoTerminals()
    async with app.run_test(headless=False) as pilot:
        await pilot.pause()
        stock, sparing = app.stock.bytes, app.sparing.bytes
        app.refresh()
        await pilot.pause()
        assert app.stock.bytes > stock
        assert app.sparing.bytes == sparing


async def test_everything_is_sent_again_after_a_suspension() -> None:
    app = TwoTerminals()
    async with app.run_test(headless=False) as pilot:
        await pilot.pause()
        with app.suspend():
            app.scribble()
        await pilot.pause()
        assert app.sparing.seen() == app.stock.seen()


async def test_everything_is_sent_again_when_a_size_comes_back_unseen() -> None:
    app = TwoTerminals()
    async with app.run_test(headless=False) as pilot:
        await pilot.pause()
        before = app.sparing.seen()
        app.resize(80, 24)
        await pilot.pause()
        assert app.sparing.seen() == before


async def test_redraw_mends_what_something_else_has_written() -> None:
    app = TwoTerminals()
    async with app.run_test(headless=False) as pilot:
        await pilot.pause()
        before = app.sparing.seen()
        app.scribble()
        app.action_redraw()
        await pilot.pause()
        assert app.sparing.seen() == before


async def test_the_first_part_painted_after_that_brings_the_whole() -> None:
    app = TwoTerminals()
    async with app.run_test(headless=False) as pilot:
        await pilot.pause()
        before = app.sparing.seen()
        app.scribble()
        app.action_redraw()
        part, compositor = app.query_one(Label).refresh(), app.screen._compositor
        compositor.update_widgets({part})
        app._display(app.screen, compositor.render_partial_update())
        assert app.sparing.seen() == before


async def test_a_frame_that_is_held_back_is_not_taken_for_shown() -> None:
    app = TwoTerminals()
    async with app.run_test(headless=False) as pilot:
        await pilot.pause()
        with app.batch_update():
            app.query_one(Label).content = "Held back"
            app._display(app.screen, app.screen._compositor.render_full_update())
        app.refresh()
        await pilot.pause()
        assert app.sparing.seen() == app.stock.seen()
        assert any("Held back" in line for line in app.sparing.display)
