"""A plot's marks on a canvas: what lies over what, and the names of it all at last."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.plot import raster
from nn_tui.plot.canvas import Canvas
from nn_tui.plot.class_field import draw_field
from nn_tui.plot.names import heights_of_line, write_names
from nn_tui.plot.plot import (
    ClassField,
    Contours,
    Curve,
    Envelope,
    Label,
    Mark,
    Points,
    ReferenceLine,
    Residuals,
    Shares,
)
from nn_tui.plot.scale import Axis, FloatArray

FAR = 0.1  # of the width, between two shares with nothing known between them
FULL = 0.999  # of the height, where a share is 1: the topmost dot
DEPTHS: dict[type[Mark], int] = {
    ClassField: 0,
    Contours: 0,
    ReferenceLine: 0,
    Residuals: 1,
    Shares: 1,
    Curve: 2,
    Envelope: 2,
    Points: 3,
    Label: 4,
}


def together(*arrays: ArrayLike) -> list[FloatArray]:
    """Return the arrays as flat floats, cut to the length of the shortest."""
    flat = [np.ravel(np.asarray(array, dtype=np.float64)) for array in arrays]
    length = min(array.size for array in flat)
    return [array[:length] for array in flat]


def draw(canvas: Canvas, marks: tuple[Mark, ...], x_axis: Axis, y_axis: Axis) -> None:
    """Draw all marks that have a place on the canvas, lowest first."""
    placed = [mark for mark in marks if type(mark) in DEPTHS]
    for mark in sorted(placed, key=_depth):
        _draw_mark(canvas, mark, x_axis, y_axis)
    write_names(canvas, marks, x_axis, y_axis)


def _depth(mark: Mark) -> float:
    over = isinstance(mark, Curve) and mark.over_points
    return DEPTHS[Points] + 0.5 if over else DEPTHS[type(mark)]


def _draw_mark(canvas: Canvas, mark: Mark, x_axis: Axis, y_axis: Axis) -> None:
    match mark:
        case ReferenceLine():
            for y in heights_of_line(mark, y_axis):
                canvas.rule(y, mark.role)
        case Residuals():
            x, start, end = together(mark.x, mark.start, mark.end)
            at, one, other = x_axis.to_unit(x), y_axis.to_unit(start), y_axis.to_unit(end)
            canvas.bars(at, one, other, mark.role)
        case Curve():
            canvas.dots(
                *_dots_of(mark, x_axis, y_axis, *canvas.size_in_dots), mark.role, bool(mark.label)
            )
        case Envelope():
            x, low, high = together(mark.x, mark.low, mark.high)
            at, one, other = x_axis.to_unit(x), y_axis.to_unit(low), y_axis.to_unit(high)
            canvas.envelope(at, one, other, mark.role, mark.dash, joins=bool(mark.label))
        case Shares():
            _draw_shares(canvas, mark, x_axis)
        case Contours():
            x, y = np.ravel(np.asarray(mark.x)), np.ravel(np.asarray(mark.y))
            canvas.contours(x_axis.to_unit(x), y_axis.to_unit(y), mark.z, mark.levels, mark.role)
        case ClassField():
            draw_field(canvas, mark, x_axis, y_axis)
        case Points():
            x, y = together(mark.x, mark.y)
            across, up = x_axis.to_unit(x), y_axis.to_unit(y)
            canvas.glyphs(across, up, mark.glyph, mark.role)
            if mark.chosen is not None:
                chosen = slice(mark.chosen, mark.chosen + 1)
                canvas.glyphs(across[chosen], up[chosen], mark.chosen_glyph, mark.role)
        case Label():
            _draw_label(canvas, mark, x_axis, y_axis)


def _draw_shares(canvas: Canvas, mark: Shares, x_axis: Axis) -> None:
    """Draw a line of shares; where two are known far from each other, nothing between them."""
    x, share = together(mark.x, mark.y)
    across, up = x_axis.to_unit(x), share * FULL
    ends = np.flatnonzero(np.diff(across) > FAR) + 1
    canvas.polyline(
        np.insert(across, ends, np.nan), np.insert(up, ends, np.nan), mark.role, mark.every
    )
    alone = np.unique(np.concatenate([ends - 1, ends]))  # not to be left out by `every`
    gaps = np.arange(1, len(alone))
    canvas.polyline(
        np.insert(across[alone], gaps, np.nan), np.insert(up[alone], gaps, np.nan), mark.role
    )


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
        column, row = int(canvas.columns_of(x)[0]), int(canvas.rows_of(y)[0])
        canvas.text(
            max(0, min(column, canvas.width - len(label.text))), row, label.text, label.role
        )
