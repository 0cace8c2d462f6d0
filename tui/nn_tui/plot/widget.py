"""The widget that shows a plot, and repaints only the rows that changed."""

from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

if TYPE_CHECKING:  # NumPy and plotext take longer to import than the first screen to paint
    from textual.events import Resize

    from nn_tui.plot.plot import Plot
    from nn_tui.plot.scale import Axis, FloatArray


class PlotWidget(Rows):
    """Shows the plot given last, in the widget's size."""

    _plot: "Plot | None" = None
    _y_axis: "Axis | None" = None
    left = 0  # columns that the plot itself needs beside its canvas
    _left = 0  # those that it has, where plots over and under it need more

    def show_rows(self, rows: "list[Line]") -> None:
        """Show rows of text in place of a plot."""
        self._plot = None
        self.show(rows)

    def show_plot(self, plot: "Plot") -> None:
        """Show a plot in place of the one before."""
        self._plot = plot
        self._render_plot()

    def nearest(self, points: "tuple[FloatArray, FloatArray]", x: int, y: int) -> int | None:
        """Which of the points lies nearest to a cell of the widget, where a plot is shown there."""
        if self._plot is None or not len(points[0]):
            return None
        from nn_tui.plot.render import area

        plot = self._on_its_axes(self._plot)
        found = area(replace(plot, left=self._left), *self.size)
        return found.nearest(plot, points, x, y) if found.holds(x, y) else None

    def keep_left(self, columns: int) -> None:
        """Leave so many columns beside the canvas, from now on."""
        if columns != self._left:
            self._left = columns
            self._render_plot()

    def on_resize(self, event: "Resize") -> None:
        """Draw the plot anew in its new size."""
        self._render_plot()

    def _render_plot(self) -> None:
        if self._plot is None:
            return
        from nn_tui.plot.render import area, render

        plot = self._on_its_axes(self._plot)
        self.left = area(plot, *self.size).left
        self.show(render(replace(plot, left=self._left), *self.size))

    def _on_its_axes(self, plot: "Plot") -> "Plot":
        from nn_tui.plot.render import on_its_axes

        plot = on_its_axes(plot, *self.size, self._y_axis)
        self._y_axis = plot.y
        return plot


def align(*widgets: PlotWidget) -> None:
    """Give plots that stand over one another canvases in the same columns."""
    left = max(widget.left for widget in widgets)
    for widget in widgets:
        widget.keep_left(left)
