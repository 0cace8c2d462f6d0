"""A terminal that is sent the cells that differ shows what one shows that is sent everything."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyte.screens import Char, wcwidth
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App
from textual.containers import Horizontal, VerticalScroll
from textual.driver import Driver
from textual.geometry import Region, Size
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Checkbox, DataTable, Footer, Input, Label, OptionList, Static, TextArea

from nn_tui.app import app as app_module
from nn_tui.app.app import Laboratory
from nn_tui.cli.command_line import parse
from nn_tui.keys import KEYS as LABORATORY_KEYS
from nn_tui.terminal import comparing
from nn_tui.terminal.cells import CLEAR, blank, difference, paint
from nn_tui.terminal.painting import PaintingApp
from nn_tui.terminal.pens import PLAIN, change, pen_of

WIDE = "輸入 層 ⣀⠒ 損失関数 가중치 ok"
KEYS = ["tab", "shift+tab", "up", "down", "pagedown", "pageup", "home", "end", "left", "right"]
KEYS += ["space", "a", "輸", "backspace", "delete", "enter", "escape", "f2", "f3", "f4", "f5", "f5"]


class Terminal(pyte.Screen):
    """A terminal that has every attribute, and blanks what is left of half a wide character."""

    default_char = Char(" ", "39", "49", frozenset())  # the attributes are kept in place of bold

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self.stream = pyte.Stream(self)
        self.bytes = 0
        self.scribble()

    def scribble(self) -> None:
        """Show something else than has been written by the app."""
        self.stream.feed("\x1b[?7l\x1b[0;7;35m")
        for line in range(self.lines):
            self.stream.feed(f"\x1b[{line + 1}H{'?' * self.columns}")
        self.stream.feed("\x1b[m")

    def select_graphic_rendition(self, *parameters: int) -> None:
        off = {22: {1, 2}, 23: {3}, 24: {4, 21}, 25: {5, 6}, 27: {7}, 28: {8}, 29: {9}}
        off |= {54: {51, 52}, 55: {53}}
        look, codes = self.cursor.attrs, iter(parameters or (0,))
        for code in codes:
            if code == 0:
                look = self.default_char
            elif code in (38, 48):
                count = {5: 1, 2: 3}[next(codes)]
                colour = ";".join(str(next(codes)) for _ in range(count))
                look = look._replace(**{"fg" if code == 38 else "bg": colour})
            elif 30 <= code < 50 or 90 <= code < 108:
                look = look._replace(**{"fg" if code // 10 in (3, 9) else "bg": f"{code}"})
            else:
                attributes = look.bold - off[code] if code in off else look.bold | {code}
                look = look._replace(bold=attributes)
        self.cursor.attrs = look

    def draw(self, data: str) -> None:
        for character in data:
            width = wcwidth(character)
            line, x = self.buffer[self.cursor.y], min(self.cursor.x, self.columns - width)
            for half, other in ((x, x - 1), (x + width, x + width)):
                if width and line[half].data == "":
                    line[other] = line[other]._replace(data=" ")
            super().draw(character)

    def seen(self) -> list[list[tuple[object, ...]]]:
        """Return what can be seen of every cell: of a space, not the colour of the ink."""

        def seen(cell: Char) -> tuple[object, ...]:
            inkless = cell.data == " " and not cell.bold & {4, 7, 9, 21, 51, 52, 53}
            return (" ", cell.bg) if inkless else tuple(cell)

        return [[seen(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]


class Recorder(Driver):
    """A driver that keeps what it is to write."""

    def __init__(self, *arguments: object, **keywords: object) -> None:
        super().__init__(*arguments, **keywords)
        self.written: list[str] = []
        self.room = True

    can_suspend = True
    is_behind = False

    def has_room(self, when_ready: Callable[[], object]) -> bool:
        return self.room

    def write(self, data: str) -> None:
        self.written.append(data)

    def start_application_mode(self) -> None:
        size = Size(*self._size)
        self.send_message(events.Resize(size, size))

    def disable_input(self) -> None:
        pass

    def stop_application_mode(self) -> None:
        pass

    @contextmanager
    def into(self, terminal: Terminal) -> Iterator[None]:
        """Show on a terminal what is written, and count its bytes."""
        self.written.clear()
        yield
        terminal.stream.feed("".join(self.written))
        terminal.bytes += len("".join(self.written).encode())


class TwoTerminals(PaintingApp[None]):
    """An app that paints on one terminal as Textual does, and on the other sparingly."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(driver_class=Recorder)
        self.animation_level = "none"
        self.random = random.Random(seed)
        self.stock, self.sparing = Terminal(80, 24), Terminal(80, 24)

    def _display(self, screen, renderable) -> None:
        with self._driver.into(self.stock):
            App._display(self, screen, renderable)
        with self._driver.into(self.sparing):
            super()._display(screen, renderable)

    def scribble(self) -> None:
        self.stock.scribble()
        self.sparing.scribble()

    def resize(self, width: int, height: int) -> None:
        for terminal in (self.stock, self.sparing):
            terminal.resize(height, width)
        self.scribble()
        self._driver._size = (width, height)
        self._driver.start_application_mode()

    def compose(self):
        yield Label("Hello")


class Dialogue(ModalScreen[None]):
    """A screen in the middle of another."""

    DEFAULT_CSS = "Dialogue { align: center middle; } Dialogue Label { border: round red; }"
    BINDINGS: ClassVar = [("escape", "dismiss", "Close")]

    def compose(self):
        yield Label(WIDE[3:])
        yield Input(WIDE)


class Patchy(Widget):
    """A widget that sends for only some of the cells that it would paint otherwise."""

    DEFAULT_CSS = "Patchy { width: 1fr; height: 1; }"
    count = 0

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(f"{self.count} " * self.size.width)]).crop(0, self.size.width)


class Sample(TwoTerminals):
    """Some of everything."""

    CSS = """
    Screen { layers: below above; } Horizontal { height: 8; } #patches { height: 1; }
    #floating { layer: above; width: 7; background: darkgreen; }
    DataTable, TextArea, VerticalScroll { width: 1fr; }
    """
    BINDINGS: ClassVar = [
        ("f2", "push_screen('dialogue')", "Open"),
        ("f3", "float", "Float"),
        ("f4", "theme", "Theme"),
        ("f5", "patch", "Patch"),
    ]
    SCREENS: ClassVar = {"dialogue": Dialogue}
    ENABLE_COMMAND_PALETTE = False

    def compose(self):
        with Horizontal():
            yield DataTable()
            with VerticalScroll():
                for number in range(12):
                    yield Static(
                        f"[bold]{number}[/] [u]under[/u] [reverse]{WIDE}[/] [dim]e\u0301a[/]"
                    )
        yield Static("", id="floating")
        with Horizontal(id="patches"):
            yield Patchy()
            yield Patchy()
        with Horizontal():
            yield TextArea("\n".join(f"{n} {WIDE}" for n in range(20)))
            yield OptionList(*(f"{WIDE[n:]} {n}" for n in range(15)))
        yield Input(WIDE)
        yield Checkbox("Shuffle")
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("層", "shape", "norm")
        table.add_rows([(f"{n}.重み", f"{n}×1", f"{n / 7:.4f}") for n in range(20)])

    def action_float(self) -> None:
        floating = self.screen.query("#floating").first()
        floating.offset = (self.random.randrange(70), self.random.randrange(20))
        floating.update(self.random.choice([WIDE, "narrow", "⣀⠒⠉"]))

    def action_patch(self) -> None:
        for patchy in (patches := self.screen.query(Patchy)):
            patchy.count += 1
        x, width = self.random.randrange(20), self.random.randrange(1, 20)
        self.random.choice(patches).refresh(Region(x, 0, width, 1))

    def action_theme(self) -> None:
        self.theme = self.random.choice(["textual-dark", "textual-light", "ansi-dark"])


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


ATTRIBUTES = ["bold", "dim", "italic", "underline", "blink", "blink2", "reverse", "conceal"]
ATTRIBUTES += ["strike", "underline2", "frame", "encircle", "overline"]
colours = st.sampled_from([None, "default", "red", "color(9)", "color(214)", "#010203"])
styles = st.builds(
    lambda color, bgcolor, on: Style(color=color, bgcolor=bgcolor, **dict.fromkeys(on, True)),
    colours,
    colours,
    st.sets(st.sampled_from(ATTRIBUTES), max_size=3),
)
texts = st.lists(st.sampled_from(["a", " ", "e\u0301", "層", "入"]), min_size=1, max_size=5)
segments = st.builds(lambda *parts: Segment(*parts), texts.map("".join), st.none() | styles)
pieces = st.tuples(st.integers(0, 1), st.integers(0, 4), st.lists(segments, min_size=1, max_size=2))


@settings(deadline=None, derandomize=True)
@given(st.lists(st.lists(pieces, min_size=1, max_size=3), min_size=2, max_size=5))
def test_painting_any_pieces_shows_what_writing_them_shows(frames) -> None:
    stock, sparing = Terminal(5, 2), Terminal(5, 2)
    stock.stream.feed(CLEAR)
    sparing.stream.feed(CLEAR)
    shown = blank(5, 2)
    for frame in frames:
        wanted = {y: shown[y].copy() for y, *_ in frame}
        for y, x, contents in frame:
            stock.stream.feed(f"\x1b[{y + 1};{x + 1}H")
            for text, style, _ in Strip(contents).crop(0, 5 - x):
                stock.stream.feed(Strip.render_style(style or Style(), text, ColorSystem.EIGHT_BIT))
            paint(wanted[y], x, Strip(contents).crop(0, 5 - x), ColorSystem.EIGHT_BIT)
        sparing.stream.feed(difference(shown, wanted))
        for y, row in wanted.items():
            shown[y] = row
        assert sparing.seen() == stock.seen()


@settings(deadline=None, derandomize=True)
@given(styles, styles)
def test_a_pen_is_changed_into_any_other(old: Style, new: Style) -> None:
    terminal = Terminal(2, 1)
    pens = [PLAIN, pen_of(old, ColorSystem.TRUECOLOR), pen_of(new, ColorSystem.TRUECOLOR)]
    for before, after in pairwise(pens):
        terminal.stream.feed(change(before, after))
    changed = terminal.cursor.attrs
    terminal.stream.feed(
        "\x1b[m" + Strip.render_ansi(new, ColorSystem.TRUECOLOR).join(["\x1b[", "m"])
    )
    assert changed == terminal.cursor.attrs
