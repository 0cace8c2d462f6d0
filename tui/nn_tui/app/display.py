"""The main screen: its parts, the room that each has, and what a snapshot puts into them."""

import math
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from nn_core.live.requests import Look, Request
from nn_tui import views
from nn_tui.keys import footer as key_lines
from nn_tui.options import LaunchOptions
from nn_tui.panels import layout
from nn_tui.plot.widget import PlotWidget
from nn_tui.terminal import capabilities
from nn_tui.terminal.painting import PaintingApp
from nn_tui.text import roles, spelling
from nn_tui.text.rows import Rows

if TYPE_CHECKING:  # NumPy takes longer to import than the first screen to paint
    from nn_core.explain.snapshot import Snapshot
    from nn_core.live.runner import Runner

WidgetType = TypeVar("WidgetType", bound=Widget)

WORDS_SECONDS = 1.0  # words change no faster than this while it runs


class Display(PaintingApp[int]):
    """Lays out the screen, draws the newest snapshot, and asks the training thread for others."""

    def __init__(self, launch: LaunchOptions) -> None:
        super().__init__(ansi_color=True)
        self.launch = launch
        self._background: roles.Background = roles.background(launch.theme, os.environ)
        self._colour = capabilities.has_colour(os.environ)
        self._markers = (
            capabilities.markers(os.environ) if launch.markers == "auto" else launch.markers
        )
        self._runner: Runner | None = None
        self.snapshot: Snapshot | None = None
        self._awaiting = False  # whether something was asked for that isn't on show yet
        self._view = views.view("fit")
        self._chosen = 0  # in the list on show
        self._first = 0  # of it in sight
        self._opened: str | None = None
        self._opened_at = 0  # where the opened one stands in its list
        self._point = 0
        self._partner = 0  # turns to another partner of the chosen parameter
        self._words_changed = -math.inf

    def compose(self) -> ComposeResult:
        """The rows of the screen, from top to bottom."""
        yield self._rows("header")
        with Horizontal(id="body"):
            yield self._rows("view")
            with Horizontal(id="plots"):
                yield self._rows("fit", PlotWidget)
                with Vertical(id="curves"):
                    yield self._rows("loss", PlotWidget)
                    yield self._rows("gradient", PlotWidget)
        yield self._rows("point")
        yield self._rows("table")
        yield self._rows("words")
        yield self._rows("status")
        yield self._rows("keys")

    def _main(self, selector: str, kind: type[WidgetType]) -> WidgetType:
        """A part of the main screen, whatever lies over it."""
        return self.screen_stack[0].query_one(selector, kind)

    def _rows(self, name: str, kind: type[Rows] = Rows) -> Rows:
        spell: Callable[[str], str] = str
        if self._markers == "ascii":
            spell = spelling.to_ascii
        elif capabilities.is_console(os.environ):
            spell = spelling.to_console
        return kind(self._style, id=name, spell=spell)

    def _style(self, role: str) -> Style:
        return roles.style(role, self._background, self._colour)

    def on_resize(self, event: Resize) -> None:
        """Give each part its room in the new size."""
        self._arrange(event.size)

    def _laid_out(self, screen: Screen[Any]) -> None:
        """Draw into the parts of the screen once they have their new sizes."""
        if self.snapshot is not None and self.is_running:
            self._draw(self.snapshot, size_changed=True)
            self._look()

    def _arrange(self, size: Size) -> None:
        """Set the heights: what is fixed stays, the table takes what it needs, plots the rest."""
        width, height = size
        kind, count = _SCALARS.get(self.launch.config.model, ("mlp", 4))
        if self.snapshot is not None:
            kind, count = self.snapshot.scene.kind, self.snapshot.row_count
        for name in ("body", "words", "status", "keys"):
            self._main(f"#{name}", Widget).display = not layout.is_too_small(size)
        room, view = not layout.is_too_small(size), self._view
        alone = view.name == "fit"
        self._main("#table", Widget).display = room and not view.own_rows
        self._main("#table", Widget).styles.height = 1 + layout.table_rows(kind, count, height)
        self._main("#point", Widget).display = (
            room and alone and layout.has_point_line(kind, height)
        )
        self._main("#view", Widget).display = not alone
        side = layout.side_width(width)
        plots = self._main("#plots", Widget)
        plots.display = bool(alone or side)
        plots.styles.width = "1fr" if alone else side
        plots.styles.layout = "horizontal" if alone else "vertical"
        self._main("#curves", Widget).display = not alone or width >= layout.TWO_PLOTS_FROM
        self._main("#gradient", Widget).display = alone and height >= layout.THIRD_PLOT_FROM

    def _visible_rows(self) -> int:
        if self._view.own_rows:
            opened = self._opened is not None and self._view.opened_rows
            return layout.own_rows(opened or self._view.own_rows, self.size.height)
        return max(1, self._main("#table", Widget).size.height - 1)

    def _look(self) -> None:
        """Ask for a snapshot of what is on the screen now."""
        if self._runner is None or not self.is_running:
            return
        from nn_core.explain.view_request import ViewRequest

        # The chosen row in sight, however many this view lists.
        hidden = self._chosen - self._visible_rows() + 1
        self._first = max(min(self._first, self._chosen), hidden)
        dots = 2  # of a braille cell
        plots = self._main("#plots", Widget).display
        fit = self._main("#fit" if plots else "#view", Widget)  # a view may have the curve in it
        request = ViewRequest(
            bins=max(16, self._main("#loss", Widget).size.width * dots),
            grid=max(16, fit.size.width * dots),
            point=self._point,
            opened=self._opened,
            first=self._first,
            count=self._visible_rows(),
            chosen=self._chosen,
            view=self._view.name,
            by_unit=self._view.by_unit,
            opened_at=self._opened_at,
            partner=self._partner,
        )
        self._runner.ask(Look(request))

    def _draw(self, snapshot: "Snapshot", size_changed: bool = False) -> None:
        from nn_tui.panels import lines, plots
        from nn_tui.panels.table import table

        width = self.size.width
        show: dict[str, Any] = {
            "header": [lines.header(snapshot, self.size)],
            "point": [lines.point(snapshot, width)],
            "table": table(
                snapshot,
                self._chosen,
                self._first,
                self._main("#table", Widget).size.height or 5,
                width,
            )
            + lines.raw_formula(snapshot),
            "status": [lines.status(snapshot, width)],
        }
        for name, content in show.items():
            self._main(f"#{name}", Rows).show(content)
        now = time.monotonic()
        if not snapshot.running or now - self._words_changed >= WORDS_SECONDS or size_changed:
            self._main("#words", Rows).show(lines.words(snapshot, width))
            self._words_changed = now
        view = self._main("#view", Rows)
        if view.display and snapshot.request.view == self._view.name:
            frame = views.Frame(*view.size, self._markers, self._main("#plots", Widget).display)
            view.show(self._view.draw(snapshot, frame))
        if self._main("#plots", Widget).display:
            self._main("#fit", PlotWidget).show_plot(
                plots.fit(snapshot, self._markers, width >= layout.RESIDUALS_FROM)
            )
            self._main("#loss", PlotWidget).show_plot(plots.loss(snapshot, self._markers))
        if self._main("#gradient", Widget).display:
            self._main("#gradient", PlotWidget).show_plot(plots.gradient(snapshot, self._markers))
        self._show_keys()

    def _show_frame(self) -> None:
        """What stands on the screen before the first snapshot: titles and keys, in their places."""
        self._main("#header", Rows).show([[(" nn-tui   ", "strong"), ("starting …", "quiet")]])
        for name, title in (("fit", "fit"), ("loss", "loss by step"), ("table", "")):
            part = self._main(f"#{name}", Rows)
            rule = "─" * max(0, part.size.width - len(title) - 4)
            part.show([[("── ", "rule"), (title, "strong"), (f" {rule}", "rule")]])
        self._show_keys()

    def _show_keys(self) -> None:
        layers = self.launch.config.model == "mlp"
        if self.snapshot is not None:
            layers = self.snapshot.scene.kind == "mlp"
        self._main("#keys", Rows).show(
            key_lines.keys(
                self.snapshot,
                layers,
                self._opened is not None,
                self._view,
                lambda name: self.check_action(name, ()),
                self.size.width,
            )
        )

    def _ask(self, request: Request) -> None:
        if self._runner is not None:
            self._awaiting = True
            self._runner.ask(request)


# Rows listed before the first snapshot tells: a, b, c; m1, b1, m2, b2.
_SCALARS = {"quadratic": ("quadratic", 3), "relu": ("relu", 4)}
