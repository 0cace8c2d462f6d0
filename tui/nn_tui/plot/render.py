"""A plot as rows of text: each row a list of (text, role) runs, all rows of one width."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import numpy as np

from nn_tui.plot import raster
from nn_tui.plot.canvas import Canvas, Run, one_cell_each
from nn_tui.plot.chrome import Ticks, chrome, left_width
from nn_tui.plot.draw import draw, together
from nn_tui.plot.limits import axes
from nn_tui.plot.plot import AxisGlyphs, Plot
from nn_tui.plot.scale import MOST_TICKS, ROW_MANTISSAS, Axis, FloatArray, Tick

HEIGHT_OF_CELL = 2  # in its widths
LEAST_COLUMNS, LEAST_ROWS = 4, 2  # of a canvas: in less room there are no axes
LEAST_WITH_FOOT = 6  # rows: in less the plot has all of them
ROWS_FOR_TICK, COLUMNS_FOR_TICK = 2, 8
ASIDE = (0, 1, -1)  # cells that a glyph on the axis moves where another has its place
IN_OTHER_MARKERS = {  # glyphs, axes, and the samples of lines in titles
    "blocks": str.maketrans("⣀⡀⠂⠐", "▄▖▘▗"),
    "ascii": str.maketrans("●◉○▲▼△┄╎│┤└┼─−…⣀⡀⠂⠐■◆✗░▒▓", "o@+^v_=!|+++--~-...#*x:%&"),
}


class Area(NamedTuple):
    """Where in the room of a plot its canvas is, in cells."""

    left: int
    top: int
    columns: int
    rows: int
    has_axes: bool

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell of the plot's room is on the canvas."""
        return 0 <= x - self.left < self.columns and 0 <= y - self.top < self.rows

    def nearest(self, plot: Plot, points: tuple[FloatArray, FloatArray], x: int, y: int) -> int:
        """Which of the points on the plot lies nearest to a cell of its canvas."""
        x_axis, y_axis = axes(plot, self.rows)
        across = x_axis.to_unit(points[0]) * self.columns - (x - self.left + 0.5)
        down = (1 - y_axis.to_unit(points[1])) * self.rows - (y - self.top + 0.5)
        off = np.hypot(across, HEIGHT_OF_CELL * down)
        return int(np.argmin(np.nan_to_num(off, nan=np.inf)))


def area(plot: Plot, width: int, height: int) -> Area:
    """Where the canvas of a plot is in so much room."""
    title = bool(plot.title and height > 1)
    rows, has_axes = _canvas_rows(plot, width, height)
    y_ticks = _y_ticks(axes(plot, rows)[1], rows) if has_axes else ()
    columns = width - max(plot.left, left_width(y_ticks))
    if not has_axes or columns < LEAST_COLUMNS:
        foot = bool(_foot_rows(plot, width, height))
        return Area(0, int(title), width, height - title - foot, False)
    return Area(width - columns, int(title), columns, rows, True)


def on_its_axes(plot: Plot, width: int, height: int, before: Axis | None) -> Plot:
    """Return the plot with the axes that it has in so much room.

    An automatic y-axis keeps the limits it had `before` as long as they serve.
    """
    x, y = axes(plot, max(1, _canvas_rows(plot, width, height)[0]), before)
    return replace(plot, x=x, y=y)


def _canvas_rows(plot: Plot, width: int, height: int) -> tuple[int, bool]:
    """How many rows of cells there are for a canvas, and whether axes have room around it."""
    height -= bool(plot.title and height > 1) + len(_foot_rows(plot, width, height))
    rows = height - 1 - any(isinstance(mark, AxisGlyphs) for mark in plot.marks)
    return (rows, True) if rows >= LEAST_ROWS else (height, False)


def render(plot: Plot, width: int, height: int) -> list[list[Run]]:
    """Return `height` rows that are `width` cells wide."""
    if width < 1 or height < 1:
        return [[] for _ in range(height)]
    title = [_title(plot.title, width)] if plot.title and height > 1 else []
    foot = _foot_rows(plot, width, height)
    rows = title + _body(plot, area(plot, width, height)) + foot
    others = IN_OTHER_MARKERS.get(plot.markers)
    if others is None:
        return rows
    return [[(text.translate(others), role) for text, role in row] for row in rows]


def _body(plot: Plot, found: Area) -> list[list[Run]]:
    """Return the canvas between its axes, or alone where there is no room for them."""
    columns, rows = found.columns, found.rows
    x_axis, y_axis = axes(plot, rows)
    canvas = Canvas(columns, rows, plot.markers)
    draw(canvas, plot.marks, x_axis, y_axis)
    if not found.has_axes:
        return canvas.lines()
    y_ticks = _y_ticks(y_axis, rows)
    axis_glyphs = [mark for mark in plot.marks if isinstance(mark, AxisGlyphs)]
    x_ticks = _x_ticks(x_axis, columns)
    frame = chrome(found.left, columns, rows, x_ticks, y_ticks, bool(axis_glyphs))
    body = [_beside(left, line) for left, line in zip(frame.left, canvas.lines(), strict=True)]
    if axis_glyphs:
        body.append(
            _beside([(frame.corner, "rule")], _axis_glyphs_line(axis_glyphs, x_axis, columns))
        )
    return [*body, [(frame.labels, "text")]]


def _title(parts: Iterable[Run], width: int) -> list[Run]:
    """Return a rule that carries the title's parts, as many as fit from the first on."""
    lead, room = "── ", width - len("──  ─")
    kept: list[Run] = []
    for text, role in parts:
        text = one_cell_each(text)
        if len(text) > room:
            if not kept and room > 1:
                kept.append((f"{text[: room - 1]}…", role))
            break
        kept.append((text, role))
        room -= len(text)
    while kept and not kept[-1][0].strip(" ─"):
        kept.pop()
    if not kept:
        return [("─" * width, "rule")]
    rest = width - len(lead) - sum(len(text) for text, _ in kept) - 1
    return _joined([(lead, "rule"), *kept, (f" {'─' * rest}", "rule")])


def _foot_rows(plot: Plot, width: int, height: int) -> list[list[Run]]:
    """Return the line under the axis, if there is one and room for it."""
    for row in (plot.foot, plot.in_brief):
        rest = width - sum(len(text) for text, _ in row)
        if row and rest >= 0 and height > LEAST_WITH_FOOT:
            return [_joined([*row, (" " * rest, row[-1][1])])]
    return []


def _beside(left: list[Run], right: list[Run]) -> list[Run]:
    """Return one row of two, runs of one role that meet made one."""
    (last, role), (first, other) = left[-1], right[0]
    if role != other:
        return left + right
    return [*left[:-1], (last + first, role), *right[1:]]


@lru_cache(maxsize=64)
def _y_ticks(axis: Axis, rows: int) -> Ticks:
    ticks = axis.ticks(max(ROWS_FOR_TICK / rows, 1 / MOST_TICKS), ROW_MANTISSAS)
    return _in_cells(ticks, raster.row_of(_units(axis, ticks), rows))


@lru_cache(maxsize=64)
def _x_ticks(axis: Axis, columns: int) -> Ticks:
    ticks = axis.ticks(max(COLUMNS_FOR_TICK / columns, 1 / MOST_TICKS))
    longest = max((len(label) for _, label in ticks), default=0)
    needed = 1.5 * longest + 2  # labels at the ends are moved inwards by half their length
    if needed > COLUMNS_FOR_TICK:
        ticks = axis.ticks(max(needed / columns, 1 / MOST_TICKS))
    return _in_cells(ticks, raster.column_of(_units(axis, ticks), columns))


def _units(axis: Axis, ticks: tuple[Tick, ...]) -> FloatArray:
    return axis.to_unit([tick.value for tick in ticks])


def _in_cells(ticks: tuple[Tick, ...], cells: raster.IntArray) -> Ticks:
    """Return (cell, label) of the ticks, one for each cell."""
    labels = (tick.label for tick in ticks)
    return tuple(dict(zip(cells.tolist(), labels, strict=True)).items())


def _axis_glyphs_line(axis_glyphs: list[AxisGlyphs], axis: Axis, columns: int) -> list[Run]:
    """Return the line under a plot; of glyphs in one place the later ones move aside a little."""
    strip = Canvas(columns, 1)
    strip.fill(np.ones((1, columns), np.bool_), "─", "rule")
    taken: set[int] = set()
    for mark in axis_glyphs:
        x = axis.to_unit(together(mark.x)[0])
        shown = raster.inside(x)
        cells = np.zeros(len(x), dtype=np.intp)
        cells[shown] = raster.column_of(x[shown], columns)
        for cell, glyph, is_shown in zip(cells.tolist(), mark.glyphs, shown, strict=False):
            if not is_shown:
                continue
            near = (at for off in ASIDE if 0 <= (at := cell + off) < columns and at not in taken)
            at = next(near, cell)
            taken.add(at)
            strip.text(at, 0, one_cell_each(glyph), mark.role)
    return strip.lines()[0]


def _joined(row: Iterable[Run]) -> list[Run]:
    """Return the row with neighbouring runs of one role made one."""
    return [
        ("".join(text for text, _ in runs), role)
        for role, runs in groupby(row, key=lambda run: run[1])
    ]
