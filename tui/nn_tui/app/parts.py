"""The parts of the main screen: each shows what it is about of a snapshot and a selection."""

import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nn_tui import views
from nn_tui.keys import footer
from nn_tui.panels import layout
from nn_tui.panels.standing_words import StandingWords
from nn_tui.plot.widget import PlotWidget
from nn_tui.selection import Selection
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

if TYPE_CHECKING:  # what draws needs NumPy, which takes longer to import than the first paint
    from nn_core.config import Config
    from nn_core.explain.snapshot import Snapshot


class Header(Rows):
    """The first line: what is trained."""

    def show_snapshot(self, snapshot: "Snapshot", selection: Selection) -> None:
        """Show the model, the loss, the optimizer and the data."""
        from nn_tui.panels import lines

        self.show([lines.header(snapshot, self.app.size)])


class ViewPart(Rows):
    """The view, where it isn't the fit."""

    markers = "braille"
    beside_fit = False  # whether the plots stand beside it
    has_colour = True

    def show_snapshot(self, snapshot: "Snapshot", selection: Selection) -> None:
        """Show the view, once the snapshot is of it."""
        if self.display and snapshot.request.view == selection.view.name:
            width, height = self.size
            width -= self.beside_fit  # a blank column before the plots
            frame = views.Frame(width, height, self.markers, self.beside_fit, self.has_colour)
            self.show(selection.view.draw(snapshot, frame))


class FitPlot(PlotWidget):
    """The data and the model's curve, or the classes and how the model tells them apart."""

    markers = "braille"
    has_colour = True
    has_shades = True  # of grey, two in a cell

    def show_snapshot(self, snapshot: "Snapshot", selection: Selection) -> None:
        """Show the plot."""
        from nn_tui.panels import plots

        if snapshot.classes is not None:
            self._show_classes(snapshot)
            return
        all_residuals = self.app.size.width >= layout.RESIDUALS_FROM
        self.show_plot(plots.fit(snapshot, self.markers, all_residuals))

    def _show_classes(self, snapshot: "Snapshot") -> None:
        from nn_tui.panels import classes, picture

        if snapshot.scene.pixels is not None:
            self.show_rows(picture.fit(snapshot, *self.size, self.has_shades))
            return
        plot = classes.fit(snapshot, self.markers, self.has_colour, self.size.width)
        if plot is not None:
            self.show_plot(plot)
        else:
            self.show_rows(classes.confusion(snapshot, *self.size))


class LossPlot(PlotWidget):
    """The loss by step."""

    markers = "braille"

    def show_snapshot(self, snapshot: "Snapshot", selection: Selection) -> None:
        """Show the plot."""
        from nn_tui.panels import plots

        self.show_plot(plots.loss(snapshot, self.markers))


class GradientPlot(PlotWidget):
    """The gradient's length by step."""

    markers = "braille"

    def show_snapshot(self, snapshot: "Snapshot", selection: Selection) -> None:
        """Show the plot, where there is room for it."""
        from nn_tui.panels import plots

        if self.display:
            self.show_plot(plots.gradient(snapshot, self.markers))


class PointLine(Rows):
    """The chosen data point."""

    def show_snapshot(self, snapshot: "Snapshot", selection: Selection) -> None:
        """Show the point and what the model says of it."""
        from nn_tui.panels import lines

        self.show([lines.point(snapshot, self.app.size.width)])


class Table(Rows):
    """The parameters one by one, or the layers."""

    def show_snapshot(self, snapshot: "Snapshot", selection: Selection) -> None:
        """Show the rows in sight, the chosen one marked."""
        from nn_tui.panels import lines
        from nn_tui.panels.table import table

        cursor, width = selection.cursor, self.app.size.width
        row = -1 if cursor.at_step else cursor.row
        rows = table(snapshot, row, cursor.first, self.size.height or 5, width)
        self.show(rows + lines.under_the_table(snapshot))


class Words(Rows):
    """What is true just now, in sentences; while it runs they change seldom, to be readable."""

    offer = ""  # said above them until something is done

    def __init__(self, *arguments: Any, **names: Any) -> None:
        super().__init__(*arguments, **names)
        self._standing = StandingWords()
        self._begun_with: Config | None = None  # the first run on show

    def show_snapshot(self, snapshot: "Snapshot", selection: Selection) -> None:
        """Show the sentences of this snapshot, as far as they may change."""
        from nn_tui.panels import lines

        said = lines.words(snapshot, self.app.size.width, self._standing)
        self._begun_with = self._begun_with or snapshot.begun
        another = snapshot.begun != self._begun_with
        signs = (snapshot.tip, snapshot.phase, snapshot.outcome, snapshot.complaint, another)
        activity = snapshot.activity
        begun = (
            any(signs)
            or bool(snapshot.kept_runs)
            or activity.contest is not None
            or activity.settled is not None
        )
        if self.offer and not begun:
            wrapped = textwrap.wrap(self.offer, max(20, self.app.size.width - 2))
            said = [*([(f" {text}", "strong")] for text in wrapped), *said][:2]
        self.show(said)


class Status(Rows):
    """How far it is, the loss, the rate; and a note, where something is counted beside them."""

    note = ""

    def show_snapshot(self, snapshot: "Snapshot", selection: Selection) -> None:
        """Show the line."""
        from nn_tui.panels import lines

        width, at_step = self.app.size.width - len(self.note), selection.cursor.at_step
        line = lines.status(snapshot, width, at_step)
        self.show([[*line, (self.note, "strong")] if self.note else line])


class KeyLines(Rows):
    """The keys that apply; `applies` says of a key by its name whether it does just now."""

    applies: Callable[[str], bool] = staticmethod(lambda name: True)
    of_network = False  # before the first snapshot tells
    lesson_keys: Callable[[], Line] | None = None  # those that an open lesson has of its own

    def show_snapshot(self, snapshot: "Snapshot | None", selection: Selection) -> None:
        """Show the keys, also before the first snapshot."""
        network = self.of_network if snapshot is None else snapshot.scene.is_listed_by_layer
        own, width = self.lesson_keys and self.lesson_keys(), self.app.size.width
        self.show(footer.keys(snapshot, selection, network, self.applies, width, own))
