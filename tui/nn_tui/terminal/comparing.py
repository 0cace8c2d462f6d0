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
from textual.app import App, ReturnType
from textual.events import Resize
from textual.geometry import NULL_SIZE, Size
from textual.screen import Screen

from nn_tui.terminal.cells import CLEAR, Row, blank, difference, paint


class _Shown(NamedTuple):
    size: Size
    rows: list[Row]


_UNKNOWN = _Shown(NULL_SIZE, [])


class CellComparingApp(App[ReturnType]):
    """A Textual App whose screen is the same, cell for cell, for a small part of the bytes."""

    _shown = _UNKNOWN

    def on_resize(self, event: Resize) -> None:
        """Forget what the terminal shows, and see that all of it is painted again.

        Textual paints nothing when the size is the one it knows. That is so after a suspension,
        which ends with this event too, and where two changes of size cancel each other.
        """
        self._shown = _UNKNOWN
        if event.size == self.size:
            self.refresh()

    def action_redraw(self) -> None:
        """Send every cell again, for a terminal in which something else has written."""
        self._shown = _UNKNOWN
        self.refresh()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if self.is_headless or not isinstance(renderable, LayoutUpdate | ChopsUpdate):
            super()._display(screen, renderable)
            return
        changes = self._compare(screen, renderable)
        if changes.sequence:
            super()._display(screen, cast(RenderableType, changes))
        else:
            self.post_display_hook()

    def _compare(self, screen: Screen[Any], update: LayoutUpdate | ChopsUpdate) -> "_ChangedCells":
        compositor = screen._compositor
        shown, start = self._shown, ""
        if shown.size != compositor.size:
            shown, start = _Shown(compositor.size, blank(*compositor.size)), CLEAR
            if isinstance(update, ChopsUpdate):
                update = compositor.render_full_update()
        colours = COLOR_SYSTEMS[self.console.color_system or "truecolor"]
        wanted: dict[int, Row] = {}
        for y, x, segments in _painted(update):
            if y not in wanted:
                wanted[y] = shown.rows[y].copy()
            paint(wanted[y], x, segments, colours)
        return _ChangedCells(self, shown, wanted, start + difference(shown.rows, wanted))


class _ChangedCells(CompositorUpdate):
    """The cells to send, in the form in which Textual writes what it paints."""

    def __init__(
        self, app: CellComparingApp[Any], shown: _Shown, wanted: dict[int, Row], sequence: str
    ) -> None:
        self.sequence = sequence
        self._app = app
        self._shown = shown
        self._wanted = wanted

    def render_segments(self, console: Console) -> str:
        # Textual asks for this when it does write: until then nothing new is shown.
        for y, row in self._wanted.items():
            self._shown.rows[y] = row
        self._app._shown = self._shown
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
