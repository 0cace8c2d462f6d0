"""A plot's marks on a canvas: what lies over what, and where the names of references go."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.plot import raster
from nn_tui.plot.canvas import Canvas
from nn_tui.plot.plot import (
    Contours,
    Curve,
    Envelope,
    Label,
    Mark,
    Points,
    ReferenceLine,
    Residuals,
)
from nn_tui.plot.scale import Axis, FloatArray

DEPTHS: dict[type[Mark], int] = {
    Contours: 0,
    ReferenceLine: 0,
    Residuals: 1,
    Curve: 2,
    Envelope: 2,
    Points: 3,
    Label: 4,
}
LEAST_OF_LINE = 3  # columns of a reference's line, and the blank after it, left of its name


def together(*arrays: ArrayLike) -> list[FloatArray]:
    """Return the arrays as flat floats, cut to the length of the shortest."""
    flat = [np.ravel(np.asarray(array, dtype=np.float64)) for array in arrays]
    length = min(array.size for array in flat)
    return [array[:length] for array in flat]


def draw(canvas: Canvas, marks: tuple[Mark, ...], x_axis: Axis, y_axis: Axis) -> None:
    """Draw all marks that have a place on the canvas, lowest first."""
    placed = [mark for mark in marks if type(mark) in DEPTHS]
    for mark in sorted(placed, key=lambda mark: DEPTHS[type(mark)]):
        _draw_mark(canvas, mark, x_axis, y_axis)
    _name_lines(canvas, [mark for mark in marks if isinstance(mark, ReferenceLine)], y_axis)


def _draw_mark(canvas: Canvas, mark: Mark, x_axis: Axis, y_axis: Axis) -> None:
    match mark:
        case ReferenceLine():
            for row in _rows_of_line(canvas, mark, y_axis):
                canvas.rule(row, mark.role)
        case Residuals():
            x, start, end = together(mark.x, mark.start, mark.end)
            at, one, other = x_axis.to_unit(x), y_axis.to_unit(start), y_axis.to_unit(end)
            canvas.bars(at, one, other, mark.role)
        case Curve():
            canvas.dots(*_dots_of(mark, x_axis, y_axis, *canvas.size_in_dots), mark.role)
        case Envelope():
            x, low, high = together(mark.x, mark.low, mark.high)
            at, one, other = x_axis.to_unit(x), y_axis.to_unit(low), y_axis.to_unit(high)
            canvas.envelope(at, one, other, mark.role)
        case Contours():
            x, y = np.ravel(np.asarray(mark.x)), np.ravel(np.asarray(mark.y))
            canvas.contours(x_axis.to_unit(x), y_axis.to_unit(y), mark.z, mark.levels, mark.role)
        case Points():
            x, y = together(mark.x, mark.y)
            across, up = x_axis.to_unit(x), y_axis.to_unit(y)
            canvas.glyphs(across, up, mark.glyph, mark.role)
            if mark.chosen is not None:
                chosen = slice(mark.chosen, mark.chosen + 1)
                canvas.glyphs(across[chosen], up[chosen], mark.chosen_glyph, mark.role)
        case Label():
            _draw_label(canvas, mark, x_axis, y_axis)


@lru_cache(maxsize=8)
def _dots_of(
    curve: Curve, x_axis: Axis, y_axis: Axis, columns: int, rows: int
) -> tuple[raster.IntArray, raster.IntArray]:
    """Return the dots of a curve, which of one that stays from frame to frame are known."""
    x, y = together(curve.x, curve.y)
    return raster.line_dots(x_axis.to_unit(x), y_axis.to_unit(y), columns, rows, curve.every)


def _draw_label(canvas: Canvas, label: Label, x_axis: Axis, y_axis: Axis) -> None:
    x, y = x_axis.to_unit([label.x]), y_axis.to_unit([label.y])
    if raster.inside(x).all() and raster.inside(y).all():
        column = int(raster.column_of(x, canvas.width)[0])
        row = int(raster.row_of(y, canvas.height)[0])
        canvas.text(
            max(0, min(column, canvas.width - len(label.text))), row, label.text, label.role
        )


def _rows_of_line(canvas: Canvas, reference: ReferenceLine, y_axis: Axis) -> list[int]:
    """Return the row of a reference; none if it lies outside."""
    y = y_axis.to_unit([reference.y])
    return [int(row) for row in raster.row_of(y[raster.inside(y)], canvas.height)]


def _name_lines(canvas: Canvas, references: list[ReferenceLine], y_axis: Axis) -> None:
    """Write each reference's name at the right end of its line, the lowest first.

    Where a name or a curve is there already, the name goes just over or under the line; where it
    can't, it covers the curve, but never another name.
    """
    lines = [
        (row, reference)
        for reference in sorted(references, key=lambda reference: reference.y)
        for row in _rows_of_line(canvas, reference, y_axis)
    ]
    taken = {row for row, _ in lines}  # a name beside another line would be read as that line's
    named: set[int] = set()
    for row, reference in lines:
        name = _shortened(reference.label, canvas.width - LEAST_OF_LINE)
        if not name:
            continue
        start = canvas.width - len(name) - 1
        near = {row - 1, row + 1, row - 2, row + 2} & set(range(canvas.height)) - taken
        places = [row, *sorted(near, key=lambda place: abs(place - row))]
        places = [place for place in places if place not in named]
        free = [place for place in places if canvas.is_free(place, start)]
        for place in (free or places)[:1]:
            canvas.text(start, place, f" {name}", reference.role)
            named.add(place)


def _shortened(name: str, room: int) -> str:
    """Leave out leading words until a name fits (its number stands last); `` if none does."""
    words = name.split()
    for first in range(len(words)):
        shorter = ("…" if first else "") + " ".join(words[first:])
        if len(shorter) <= room:
            return shorter
    return ""
