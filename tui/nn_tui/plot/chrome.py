"""The axes around a plot, drawn by plotext: tick labels and axis lines, never the data.

plotext draws in a compiled kernel in which odd numbers end the whole process. It is therefore
asked in cells, small whole numbers that are known to be on the plot, never in values.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from nn_tui.importing import import_without
from nn_tui.plot.canvas import Run

Ticks = tuple[tuple[int, str], ...]  # cell along the axis, label; at most one for each cell


class Chrome(NamedTuple):
    """What surrounds a canvas.

    The runs to the `left` of each of its rows, the `corner` to the left of the line under it
    (empty without one), and the row of x `labels` beneath, in the whole plot's width.
    """

    left: tuple[list[Run], ...]
    corner: str
    labels: str


def left_width(y_ticks: Ticks) -> int:
    """Return the columns that the left axis takes: ` label ┤`."""
    return 1 + max((len(label) + 2 for _, label in y_ticks), default=0)


@lru_cache(maxsize=1)
def import_plotext() -> Any:
    """plotext, imported without the help texts that take most of its start (120 of 190 ms)."""
    return import_without("plotext", "plotext._doc.doc", docs=None)


@lru_cache(maxsize=64)
def chrome(
    left: int, columns: int, rows: int, x_ticks: Ticks, y_ticks: Ticks, baseline: bool
) -> Chrome:
    """Return the axes of a canvas of `columns` × `rows` cells, with `left` columns beside it.

    Ticks count cells from the left and from the top. `baseline` makes room for a line under the
    canvas, which the caller draws.
    """
    plotext = import_plotext()
    needed = left_width(y_ticks)
    plotext.terminal.limit(False, False)
    figure = plotext.figure.clear()
    figure.plot_size(needed + columns, rows + baseline + bool(x_ticks))
    figure.axes(False)
    figure.axes(True, axis="y", side="left")
    if baseline:
        figure.axes(True, axis="x", side="lower")
    for axis, length, ticks in (
        ("x", columns, x_ticks),
        ("y", rows, tuple((rows - 1 - row, f" {label} ") for row, label in y_ticks)),
    ):
        ruler = figure.ruler(axis)
        ruler.alignment(lim="edge")
        ruler.lim(0, length)
        ruler.ticks([cell + 0.5 for cell, _ in ticks], [label for _, label in ticks])
    indent = " " * (left - needed)
    lines = [indent + line for line in figure.build().string(colorless=True).split("\n")]
    ticked = {row for row, _ in y_ticks}
    beside = tuple(
        [(line[: left - 1], "text"), (line[left - 1 : left], "rule")]
        if row in ticked
        else [(line[:left], "rule")]
        for row, line in enumerate(lines[:rows])
    )
    labels = lines[rows + baseline] if x_ticks else " " * (left + columns)
    return Chrome(beside, lines[rows][:left] if baseline else "", labels)
