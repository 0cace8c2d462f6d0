"""The main screen: its parts, the room that each has, and what it needs to know of a run."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Size

from nn_tui.app import parts
from nn_tui.app.appearance import Appearance
from nn_tui.panels import layout
from nn_tui.plot.widget import align
from nn_tui.selection import Selection
from nn_tui.text.rows import Rows

if TYPE_CHECKING:  # NumPy takes longer to import than the first screen to paint
    from nn_core.explain.snapshot import Snapshot
    from nn_core.explain.view_request import ViewRequest

DOTS = 2  # of a braille cell, side by side
LEAST_PLACES = 16  # at which a curve is wanted, however narrow its plot

# Rows listed before the first snapshot tells: a, b, c; m1, b1, m2, b2.
_SCALARS = {"quadratic": ("quadratic", 3), "relu": ("relu", 4)}


class MainScreen:
    """The parts of the main screen, from top to bottom, with what stands side by side.

    `model` is the kind that is trained first; `applies` says of a key by its name whether it does
    something just now.
    """

    def __init__(self, appearance: Appearance, model: str, applies: Callable[[str], bool]) -> None:
        make = appearance.part
        self.header = make("header", parts.Header)
        self.view = make("view", parts.ViewPart)
        self.fit = make("fit", parts.FitPlot)
        self.loss = make("loss", parts.LossPlot)
        self.gradient = make("gradient", parts.GradientPlot)
        self.point = make("point", parts.PointLine)
        self.table = make("table", parts.Table)
        self.words = make("words", parts.Words)
        self.lesson = make("lesson", Rows)  # in place of the words, while one is open
        self.has_lesson = False
        self.status = make("status", parts.Status)
        self.keys = make("keys", parts.KeyLines)
        self.curves = Vertical(self.loss, self.gradient, id="curves")
        self.plots = Horizontal(self.fit, self.curves, id="plots")
        self.body = Horizontal(self.view, self.plots, id="body")
        for part in (self.view, self.fit, self.loss, self.gradient):
            part.markers = appearance.markers
        self.fit.has_colour = self.view.has_colour = appearance.has_colour
        self.fit.has_shades = appearance.has_shades
        self.keys.applies, self.keys.of_network = applies, model not in _SCALARS
        self._model = model

    def compose(self) -> ComposeResult:
        """The parts, from top to bottom."""
        yield self.header
        yield self.body
        yield self.point
        yield self.table
        yield self.lesson
        yield self.words
        yield self.status
        yield self.keys

    def arrange(self, size: Size, snapshot: "Snapshot | None", selection: Selection) -> None:
        """Set the heights: what is fixed stays, the table takes what it needs, plots the rest."""
        width, height = size
        kind, count = _SCALARS.get(self._model, ("mlp", 4))
        if snapshot is not None:
            kind, count = snapshot.scene.kind, snapshot.row_count
        room, view = not layout.is_too_small(size), selection.view
        for part in (self.body, self.status, self.keys):
            part.display = room
        self.words.display = room and not self.has_lesson
        self.lesson.display = room and self.has_lesson
        self.lesson.styles.height = layout.lesson_rows(size)
        alone = view.name == "fit"
        self.table.display = room and not view.own_rows
        self.table.styles.height = 1 + layout.table_rows(kind, count, height)
        self.point.display = room and alone and layout.has_point_line(kind, height)
        self.view.display = not alone
        side = layout.side_width(width)
        self.plots.display = self.view.beside_fit = bool(alone or side)
        self.plots.styles.width = "1fr" if alone else side
        self.plots.styles.layout = "horizontal" if alone else "vertical"
        self.curves.display = not alone or width >= layout.TWO_PLOTS_FROM
        self.gradient.display = alone and height >= layout.THIRD_PLOT_FROM

    def visible_rows(self, size: Size, selection: Selection) -> int:
        """How many rows of the list are in sight."""
        view = selection.view
        if view.own_rows:
            if selection.is_opened and view.opened_rows:
                return layout.own_rows(view.opened_rows, size.height)
            return layout.own_rows(view.own_rows, size.height, alone=view.by_unit)
        return max(1, self.table.size.height - 1)

    def view_request(self, size: Size, selection: Selection) -> "ViewRequest":
        """What a snapshot has to hold for what is on the screen."""
        fit = self.fit if self.plots.display else self.view  # a view may have the curve in it
        return selection.request(
            self.visible_rows(size, selection),
            max(LEAST_PLACES, self.loss.size.width * DOTS),
            max(LEAST_PLACES, fit.size.width * DOTS),
            (fit.size.width, fit.size.height * DOTS),
        )

    def show(self, snapshot: "Snapshot", selection: Selection) -> None:
        """Have each part show the snapshot."""
        for part in (self.header, self.point, self.table, self.status, self.words, self.view):
            part.show_snapshot(snapshot, selection)
        if self.plots.display:
            self.fit.show_snapshot(snapshot, selection)
            self.loss.show_snapshot(snapshot, selection)
        self.gradient.show_snapshot(snapshot, selection)
        align(*(part for part in (self.loss, self.gradient) if part.display))
        self.keys.show_snapshot(snapshot, selection)

    def show_keys(self, snapshot: "Snapshot | None", selection: Selection) -> None:
        """Show the keys that apply now."""
        self.keys.show_snapshot(snapshot, selection)

    def reads(self) -> str:
        """All that stands on it, as text."""
        parts = (self.header, self.view, self.fit, self.loss, self.gradient, self.point, self.table)
        shown = [*parts, self.words, self.status]
        return "\n".join(part.text for part in shown if part.display)

    def show_frame(self, selection: Selection) -> None:
        """Show what stands there before the first snapshot: titles and keys, in their places."""
        self.header.show([[(" nn-tui   ", "strong"), ("starting …", "quiet")]])
        for part, title in ((self.fit, "fit"), (self.loss, "loss by step"), (self.table, "")):
            rule = "─" * max(0, part.size.width - len(title) - 4)
            part.show([[("── ", "rule"), (title, "strong"), (f" {rule}", "rule")]])
        self.keys.show_snapshot(None, selection)
