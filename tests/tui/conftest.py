"""A person at the screen, for the tests: presses keys, waits for what should come, reads it.

The environment is the same for every test, whatever it is where they run.
"""

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.app import ScreenStackError
from textual.css.query import NoMatches
from textual.events import Key, MouseScrollDown, MouseScrollUp
from textual.pilot import Pilot
from textual.widgets import Input

from nn_core.explain.snapshot import Snapshot
from nn_tui.app.app import Laboratory
from nn_tui.cli.command_line import parse
from nn_tui.cli.screen import laboratory
from nn_tui.plot.widget import PlotWidget
from nn_tui.text.rows import Rows

LONGEST_WAIT = 20.0  # seconds; only a test that fails takes so long
LETTING_GO = 0.002  # seconds in which other threads get on between two looks
HOPS = 6  # from a key to the widget that it opens: app, screen, back to the app, new screen, …


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A dark terminal with colours, in UTF-8, and a state folder of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in [*os.environ]:
        if name.startswith(("TEXTUAL_", "LC_")) and not name.startswith("TEXTUAL_SNAPSHOT_"):
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "COLORFGBG", "COLORTERM", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")


async def _until(
    pilot: Pilot[int], condition: Callable[[], object], seconds: float = LONGEST_WAIT
) -> None:
    """Let the app get on until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for hasn’t come"
        await pilot.pause(LETTING_GO)


@pytest.fixture
def until() -> Callable[..., Awaitable[None]]:
    """Let the app get on until a condition holds.

    To be used as `await until(pilot, condition)`.
    """
    return _until


class Person:
    """Somebody at the screen."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self.pilot = pilot
        app = pilot.app
        assert isinstance(app, Laboratory)
        self.app = app

    @property
    def shown(self) -> Snapshot:
        """The newest snapshot on show."""
        assert self.app.snapshot is not None
        return self.app.snapshot

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for something to be so."""
        try:
            await _until(self.pilot, condition)
        except AssertionError as error:
            raise AssertionError(f"{error}; on show:\n{self.screen()}") from None

    async def press(self, *keys: str, until: Callable[[Snapshot], object] | None = None) -> None:
        """Press keys, then wait for a snapshot that is as it should be."""
        await self.pilot.press(*keys)
        if until is not None:
            await self.until(lambda: until(self.shown))

    def rush(self, *keys: str) -> None:
        """Press keys faster than the app can follow, as they arrive over a slow link."""
        for key in keys:
            character = {"minus": "-"}.get(key, key)
            self.app.post_message(Key(key, character if len(character) == 1 else None))

    async def sees(self, *texts: str, part: str = "") -> None:
        """Wait until all these texts stand on the screen, or in one part of it."""

        def is_seen() -> bool:
            try:
                shown = self.reads(part)
            except NoMatches:  # of a dialog that has only just been opened
                return False
            return all(text in shown for text in texts)

        await self.until(is_seen)

    def reads(self, part: str = "") -> str:
        """What stands in a part of the screen, "words", "status" or another; "": in all of it."""
        return "\n".join(self.rows(part)) if part else self.screen()

    def rows(self, part: str) -> list[str]:
        """The lines of a part of the main screen, or of the sheet or prompt that lies over it."""
        widget = self.part(part)
        return [widget.render_line(y).text for y in range(widget.size.height)]

    def part(self, part: str) -> PlotWidget | Rows:
        """The widget itself."""
        over = part in ("sheet", "asked")
        screen = self.app.screen if over else self.app.screen_stack[0]
        return screen.query_one(f"#{part}", PlotWidget if part in _PLOTS else Rows)

    def row(self, label: str) -> str:
        """The table's row of this parameter or layer."""
        return next(row for row in self.rows("table") if row[3:].startswith(f"{label} "))

    def typed(self) -> str:
        """What stands in the prompt's or the palette's line."""
        return self.app.screen.query_one(Input).value

    def screen(self) -> str:
        """All that is to be seen, whatever lies over what."""
        return "\n".join(
            strip.text for strip in self.app.screen._compositor.render_strips(self.app.size)
        )

    def on_main(self) -> bool:
        """Whether nothing lies over the main screen."""
        return len(self.app.screen_stack) == 1

    # --- the mouse ---

    def at(self, text: str, part: str, before: str = "") -> tuple[int, int]:
        """Where a text stands in a part, in the first row in which `before` stands as well."""
        rows = self.rows(part)
        y = next(y for y, row in enumerate(rows) if text in row and before in row)
        place = self.part(part).region
        return place.x + rows[y].index(text), place.y + y

    def meaning(self, part: str, kind: str, about: str = "") -> tuple[int, int]:
        """The first cell of a part in which a click means this."""
        widget = self.part(part)
        for y in range(widget.size.height):
            for x in range(widget.size.width):
                found = widget.meant(x, y)
                if found is not None and found.kind == kind and about in ("", found.about):
                    return widget.region.x + x, widget.region.y + y
        raise AssertionError(f"nothing means {kind} {about} in:\n{self.reads(part)}")

    async def click(self, text: str, part: str, before: str = "", into: int = 0) -> None:
        """Click on a text in a part, so many columns behind its beginning."""
        x, y = self.at(text, part, before)
        await self.pilot.click(offset=(x + into, y))

    async def drag(self, begin: tuple[int, int], end: int) -> None:
        """Press the button there, and let go of it at another column of the row."""
        await self.pilot.mouse_down(offset=begin)
        way = 1 if end > begin[0] else -1
        for x in range(begin[0] + way, end + way, way):
            await self.pilot.hover(offset=(x, begin[1]))
        await self.pilot.mouse_up(offset=(end, begin[1]))

    async def wheel(self, widget: Any, way: int) -> None:
        """Turn the wheel over a widget by a notch, down or up."""
        kind = MouseScrollDown if way > 0 else MouseScrollUp
        await self.pilot._post_mouse_events([kind], widget=widget, button=0)

    async def count_paints(self) -> list[object]:
        """What is painted from here on, once nothing more is on its way."""
        await self.pilot.pause()
        painted: list[object] = []
        display = self.app._display

        def record(screen: Any, renderable: Any) -> None:
            painted.append(renderable)
            display(screen, renderable)

        self.app._display = record
        return painted

    def role_of(self, part: str, text: str) -> str | None:
        """The name of the colour in which a text is shown, None where it has none."""
        widget = self.app.screen_stack[0].query_one(f"#{part}", Rows)
        for y in range(widget.size.height):
            for segment in widget.render_line(y):
                if text in segment.text and segment.style is not None:
                    colour = segment.style.color
                    return None if colour is None else colour.name
        raise AssertionError(f"{text!r} isn’t shown in {self.rows(part)}")


async def _all_handled(pilot: Pilot[int], *_: float) -> None:
    try:
        for _hop in range(HOPS):
            await pilot.pause(0)
    except ScreenStackError:
        return  # the key was one that quits


_PLOTS = ("fit", "loss", "gradient")
Opened = Callable[..., AbstractAsyncContextManager[Person]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Open the app with a command line, and wait for a run to be on show.

    To be used as `async with opened("relu", "--lr", "0.1") as person`.
    """

    @asynccontextmanager
    async def open_app(
        *arguments: str, size: tuple[int, int] = (80, 24), **asked: Any
    ) -> AsyncIterator[Person]:
        app = laboratory(replace(parse(arguments), **asked))
        async with app.run_test(size=size) as pilot:
            # A pilot waits after each key until the processor has been idle for a while; here,
            # until every message that the key led to has been handled.
            monkeypatch.setattr("textual.app.wait_for_idle", partial(_all_handled, pilot))
            await _until(pilot, lambda: not app.is_beginning)
            yield Person(pilot)

    return open_app


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[[str], str]:
    """Write a CSV file; its path."""

    def write(text: str, name: str = "mine.csv") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def drawn_to_the_last_dot(app: Laboratory) -> bool:
    """Whether the newest snapshot was made for the sizes that the parts of the screen have now."""
    shown = app.snapshot
    if shown is None or shown.running:
        return False
    wide = app.screen_stack[0].query_one("#fit", PlotWidget).size.width
    rows = app.screen_stack[0].query_one("#table").size.height - 1
    if shown.request.view != app.selection.view.name:
        return False
    if not app.screen_stack[0].query_one("#plots").display:
        return True
    curve = shown.curve is None or len(shown.curve[0]) == max(16, 2 * wide)
    return curve and len(shown.rows) >= min(rows, shown.row_count)


@pytest.fixture
def pictured(snap_compare: Any, until: Any) -> Callable[..., bool]:
    """Whether the app, after some keys and once the run is as it should be, looks as it did."""

    def compare(
        *arguments: str, size: tuple[int, int], keys: str = "",
        reached: Callable[[Any], object] = lambda shown: True, then: str = "",
        over: type | None = None,
    ) -> bool:  # fmt: skip
        app = Laboratory(parse(arguments))

        async def act(pilot: Pilot[int]) -> None:
            await until(pilot, lambda: drawn_to_the_last_dot(app))
            await pilot.press(*keys.split())
            await until(pilot, lambda: reached(app.snapshot) and drawn_to_the_last_dot(app))
            if then:  # what opens tells of the run as it is on show at that moment
                await pilot.press(*then.split())
            if over is not None:
                await until(pilot, lambda: isinstance(app.screen, over))

        return bool(snap_compare(app, terminal_size=size, run_before=act))

    return compare
