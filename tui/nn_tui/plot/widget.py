"""The widget that shows a plot, and repaints only the rows that changed."""

from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

if TYPE_CHECKING:  # NumPy and plotext take longer to import than the first screen to paint
    from textual.events import Resize

    from nn_tui.plot.plot import Plot
    from nn_tui.plot.scale import Axis


class PlotWidget(Rows):
    """Shows the plot given last, in the widget's size."""

    _plot: "Plot | None" = None
    _y_axis: "Axis | None" = None

    def show_rows(self, rows: "list[Line]") -> None:
        """Show rows of text in place of a plot."""
        self._plot = None
        self.show(rows)

    def show_plot(self, plot: "Plot") -> None:
        """Show a plot in place of the one before."""
        self._plot = plot
        self._render_plot()

    def on_resize(self, event: "Resize") -> None:
        """Draw the plot anew in its new size."""
        self._render_plot()

    def _render_plot(self) -> None:
        if self._plot is None:
            return
        from nn_tui.plot.limits import axes
        from nn_tui.plot.render import render

        x_axis, self._y_axis = axes(self._plot, self._y_axis)
        self.show(render(replace(self._plot, x=x_axis, y=self._y_axis), *self.size))
