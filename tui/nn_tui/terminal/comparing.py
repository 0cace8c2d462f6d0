"""An App that sends its terminal only the cells that differ from those shown.

Textual paints whole widgets, whether or not their cells have changed. This overrides a private
method of it and reads private updates, and so is only for the versions that `painting` knows.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple, cast

from rich.console import COLOR_SYSTEMS, Console, RenderableType
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import ReturnType
from textual.events import Resize
from textual.geometry import NULL_SIZE, Size
from textual.screen import Screen

from nn_tui.terminal.cells import CLEAR, Row, blank, difference, paint
from nn_tui.terminal.ending import EndingApp
from nn_tui.terminal.patient import PatientDriver


class _Shown(NamedTuple):
    size: Size
    rows: list[Row]


_UNKNOWN = _Shown(NULL_SIZE, [])


class CellComparingApp(EndingApp[ReturnType]):
    """A Textual App whose screen is the same, cell for cell, for a small part of the bytes.

    What is painted while the link has no room for it is kept, and sent as one frame when it has.
    """

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._shown = _UNKNOWN
        self._wanted: dict[int, Row] = {}  # rows that differ from those shown, by their number
        self._is_cleared = False  # whether the terminal is, as far as nothing else is shown

    @property
    def is_behind(self) -> bool:
        """Whether a picture waits for the link, so that the next one can wait too."""
        return isinstance(self._driver, PatientDriver) and self._driver.is_behind

    def on_resize(self, event: Resize) -> None:
        """Forget what the terminal shows, and see that all of it is painted again.

        Textual paints nothing when the size is the one it knows. That is so after a suspension,
        which ends with this event too, and where two changes of size cancel each other.
        """
        self._forget()
        if event.size == self.size:
            self.refresh()

    def action_redraw(self) -> None:
        """Send every cell again, for a terminal in which something else has written."""
        self._forget()
        self.refresh()

    def _forget(self) -> None:
        self._shown, self._wanted = _UNKNOWN, {}

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if self.is_headless or not isinstance(renderable, LayoutUpdate | ChopsUpdate):
            super()._display(screen, renderable)
            return
        self._paint(screen, renderable)
        self._send()

    def _paint(self, screen: Screen[Any], update: LayoutUpdate | ChopsUpdate) -> None:
        compositor = screen._compositor
        if self._shown.size != compositor.size:
            self._shown = _Shown(compositor.size, blank(*compositor.size))
            self._wanted, self._is_cleared = {}, False
            if isinstance(update, ChopsUpdate):
                update = compositor.render_full_update()
        colours = COLOR_SYSTEMS[self.console.color_system or "truecolor"]
        for y, x, segments in _painted(update):
            if y not in self._wanted:
                self._wanted[y] = self._shown.rows[y].copy()
            paint(self._wanted[y], x, segments, colours)

    def _send(self) -> None:
        """Send what differs, now or as soon as the link has room for it."""
        driver = self._driver
        if not self._wanted or not self._running:
            return
        if isinstance(driver, PatientDriver) and not driver.has_room(self._send):
            return
        changes = _ChangedCells(self, difference(self._shown.rows, self._wanted))
        if changes.sequence:
            super()._display(self.screen, cast(RenderableType, changes))
        else:
            self._sent()
            self.post_display_hook()

    def _sent(self) -> None:
        for y, row in self._wanted.items():
            self._shown.rows[y] = row
        self._wanted, self._is_cleared = {}, True


class _ChangedCells(CompositorUpdate):
    """The cells to send, in the form in which Textual writes what it paints."""

    def __init__(self, app: CellComparingApp[Any], changes: str) -> None:
        self._app = app
        self.sequence = changes if app._is_cleared else CLEAR + changes

    def render_segments(self, console: Console) -> str:
        # Textual asks for this when it does write: until then nothing new is shown.
        self._app._sent()
        return self.sequence


def _painted(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Iterable[Segment]]]:
    """Yield row, column and content of every piece that an update paints."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield y, update.region.x, chain.from_iterable(strips)
        return
    for y, left, right in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
            if strip is not None and x < right and end > left:
                yield y, x, strip.crop(0, min(end, right) - x)
