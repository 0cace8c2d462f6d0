"""A terminal in memory, and apps that paint on two: as Textual does, and sparingly."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

import pyte
from pyte.screens import Char, wcwidth
from rich.segment import Segment
from textual import events
from textual.app import App
from textual.containers import Horizontal, VerticalScroll
from textual.driver import Driver
from textual.geometry import Region, Size
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Checkbox, DataTable, Footer, Input, Label, OptionList, Static, TextArea

from nn_tui.terminal.painting import PaintingApp

WIDE = "輸入 層 ⣀⠒ 損失関数 가중치 ok"


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
