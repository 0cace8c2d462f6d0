"""The widget: what it shows, which rows it repaints, and what it leaves unimported."""

import subprocess
import sys

import numpy as np
import pytest
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region

from nn_tui.plot.plot import Curve, Plot, Points
from nn_tui.plot.scale import Axis
from nn_tui.plot.widget import PlotWidget, align

COLOURS = {"data": "red", "model": "blue"}


class Plots(App[None]):
    """A plot and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.colours = dict(COLOURS)

    def compose(self) -> ComposeResult:
        yield PlotWidget(lambda role: Style(color=self.colours.get(role)))


def points(*y: float) -> Plot:
    return Plot((Points(np.arange(len(y)), y),), x=Axis(0, 3), y=Axis(0, 10))


def lines(widget: PlotWidget) -> list[str]:
    return [widget.render_line(y).text for y in range(widget.size.height)]


@pytest.fixture
def painted(monkeypatch):
    """Return the regions that plots ask to have repainted."""
    regions: list[tuple[Region, ...]] = []
    refresh = PlotWidget.refresh

    def spy(self, *asked, **options):
        regions.append(asked)
        return refresh(self, *asked, **options)

    monkeypatch.setattr(PlotWidget, "refresh", spy)
    return regions


async def test_only_rows_that_changed_are_painted_again(painted):
    app = Plots()
    async with app.run_test(size=(30, 12)):
        widget = app.query_one(PlotWidget)
        widget.show_plot(points(1, 1, 1))
        before = lines(widget)
        strips = [widget.render_line(y) for y in range(12)]
        painted.clear()
        widget.show_plot(points(1, 9, 1))
        changed = [y for y, line in enumerate(lines(widget)) if line != before[y]]
        assert changed == [1, 9]
        assert painted == [tuple(Region(0, y, 30, 1) for y in changed)]
        assert [y for y in range(12) if widget.render_line(y) is not strips[y]] == changed
        painted.clear()
        widget.show_plot(points(1, 9, 1))
        assert painted == []


async def test_a_plot_shown_before_there_is_room_appears_with_it():
    app = Plots()
    async with app.run_test(size=(30, 12)) as pilot:
        widget = PlotWidget(lambda role: Style())
        widget.show_plot(points(1, 5, 9))
        await app.mount(widget)
        await pilot.pause()
        assert sum(line.count("●") for line in lines(widget)) == 3


async def test_a_resize_draws_the_plot_anew():
    app = Plots()
    async with app.run_test(size=(30, 12)) as pilot:
        widget = app.query_one(PlotWidget)
        widget.show_plot(points(1, 5, 9))
        for size in ((50, 20), (12, 5), (1, 1), (40, 9)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert [len(line) for line in lines(widget)] == [size[0]] * size[1]
        assert sum(line.count("●") for line in lines(widget)) == 3


async def test_roles_are_styled_and_styled_anew_with_the_theme():
    app = Plots()
    async with app.run_test(size=(30, 12)) as pilot:
        widget = app.query_one(PlotWidget)
        widget.show_plot(points(1))

        def colour_of_points() -> str:
            segments = [segment for y in range(12) for segment in widget.render_line(y)]
            (style,) = [segment.style for segment in segments if "●" in segment.text]
            return style.color.name

        assert colour_of_points() == "red"
        app.colours["data"] = "green"
        app.theme = "textual-light"
        await pilot.pause()
        assert colour_of_points() == "green"


async def test_automatic_limits_stay_while_they_serve():
    app = Plots()
    async with app.run_test(size=(30, 12)):
        widget = app.query_one(PlotWidget)
        shown = []
        for top in (2.4, 1.4, 1.1):
            widget.show_plot(Plot((Curve([0, 1], [0, top]),)))
            shown.append([line[:5].strip(" │┤") for line in lines(widget) if line[:4].strip()])
        assert shown[0][0] == shown[1][0] == "2.5"
        assert float(shown[2][0]) < 2


async def test_plots_over_one_another_have_their_canvases_in_the_same_columns():
    """The same step stood columns apart, since one's numbers were longer than the other's."""
    app = Plots()
    async with app.run_test(size=(30, 24)) as pilot:
        upper, lower = app.query_one(PlotWidget), PlotWidget(lambda role: Style())
        await app.mount(lower)
        upper.styles.height = lower.styles.height = 12
        await pilot.pause()
        for tops in ((9, 1e-7), (1e-7, 9), (9, 7)):
            for widget, top in zip((upper, lower), tops, strict=True):
                widget.show_plot(Plot((Curve([0, 3], [0, top]),), x=Axis(0, 3)))
            align(upper, lower)
            found = [lines(widget) for widget in (upper, lower)]
            assert {len(line) for rows in found for line in rows} == {30}
            edges = [{row.index(edge) for row in rows for edge in "│┤" if edge in row}
                     for rows in found]  # fmt: skip
            assert len(edges[0]) == 1
            assert edges[0] == edges[1]
            assert found[0][-1] == found[1][-1]


async def test_without_a_plot_there_are_blanks():
    app = Plots()
    async with app.run_test(size=(30, 12)):
        assert lines(app.query_one(PlotWidget)) == [" " * 30] * 12


def test_importing_the_widget_imports_neither_numpy_nor_plotext():
    code = (
        "import sys, nn_tui.plot.widget, nn_tui.plot.plot;"
        "print(sorted({'numpy', 'plotext'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
