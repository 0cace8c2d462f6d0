"""From positions to dots: lines and spans on a grid, as arrays.

Positions are fractions of the grid, x rightwards and y upwards, as `Axis.to_unit` gives them:
what lies outside 0 … 1, or is NaN, is off the grid. Rows of dots count from the top.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nn_tui.plot.scale import FloatArray

IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

BORDER = 1e-9  # of a dot: a value on the border of two goes to the lower right one


def inside(unit: FloatArray) -> BoolArray:
    """Tell which positions lie on the grid."""
    return (unit >= 0) & (unit <= 1)


def column_of(x: FloatArray, columns: int) -> IntArray:
    """Return the column of each x, all of which lie on the grid."""
    return np.minimum(x * columns + BORDER, columns - 1).astype(np.intp)


def row_of(y: FloatArray, rows: int) -> IntArray:
    """Return the row of each finite y: −1 for those above the grid, `rows` for those below."""
    row = np.floor((1 - y) * rows + BORDER)
    row[(y >= 0) & (row == rows)] = rows - 1
    return np.clip(row, -1, rows).astype(np.intp)


def spans(top: IntArray, bottom: IntArray, rows: int) -> BoolArray:
    """Return a mask (rows, n) in which column i is filled from `top[i]` to `bottom[i]`."""
    row = np.arange(rows)[:, np.newaxis]
    return (row >= top) & (row <= bottom)


def line_dots(
    x: FloatArray, y: FloatArray, columns: int, rows: int, every: int = 1
) -> tuple[IntArray, IntArray]:
    """Return the columns and rows of a line's dots, in order: each `every`-th of them.

    The line connects the points in their order; NaN breaks it.
    """
    start, end = _clipped(*_segments(x, y))
    size = np.array(((columns,), (rows,)))
    first = np.minimum(start * size + BORDER, size - 1).astype(np.intp)
    last = np.minimum(end * size + BORDER, size - 1).astype(np.intp)
    way = last - first
    length = np.abs(way).max(axis=0)
    counts = length + 1
    segment = np.repeat(np.arange(length.size), counts)
    along = np.arange(segment.size) - (np.cumsum(counts) - counts)[segment]
    part = along / np.maximum(length, 1)[segment]
    dots = first[:, segment] + np.rint(way[:, segment] * part).astype(np.intp)
    thin = _thinned(dots)[:, ::every]
    return thin[0], thin[1]


def envelope_spans(
    x: FloatArray, low: FloatArray, high: FloatArray, columns: int, rows: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Return columns of dots, and the top and bottom row to which each is to be filled.

    A column reaches from the least `low` to the greatest `high` that fall in it; columns
    between in which nothing falls are bridged, and neighbours touch.
    """
    placed = inside(x) & np.isfinite(low) & np.isfinite(high)
    column = column_of(x[placed], columns)
    top = np.full(columns, rows)
    bottom = np.full(columns, -1)
    np.minimum.at(top, column, row_of(high[placed], rows))
    np.maximum.at(bottom, column, row_of(low[placed], rows))
    given = np.unique(column)
    if not given.size:
        return given, given, given
    reached = np.arange(given[0], given[-1] + 1)
    top = np.rint(np.interp(reached, given, top[given])).astype(np.intp)
    bottom = np.rint(np.interp(reached, given, bottom[given])).astype(np.intp)
    return reached, *_touching(top, bottom)


def heights(x: FloatArray, y: FloatArray, z: FloatArray, columns: int, rows: int) -> FloatArray:
    """Return the height at the middle of each dot, between those (y, x) that are known.

    Both places and dots are taken from left to right and upwards; rows come out from the top.
    What isn't finite is infinitely high.
    """
    z = np.where(np.isfinite(z), z, np.inf)
    across = np.interp((np.arange(columns) + 0.5) / columns, x, np.arange(x.size))
    up = np.interp(1 - (np.arange(rows) + 0.5) / rows, y, np.arange(y.size))
    return _between(_between(z, up).T, across).T


def _between(z: FloatArray, places: FloatArray) -> FloatArray:
    """Return rows of z at places that may lie between two of them."""
    low = np.minimum(places.astype(np.intp), max(0, len(z) - 2))
    high, part = np.minimum(low + 1, len(z) - 1), places - low
    weight = part[:, np.newaxis]
    with np.errstate(invalid="ignore"):  # nothing of what is infinite
        between = z[low] * (1 - weight) + z[high] * weight
    return np.where(np.isnan(between), np.inf, between)


def level_lines(heights: FloatArray, levels: Sequence[float]) -> BoolArray:
    """Return a mask of the dots next to which, to the right or below, a level is passed."""
    step = np.searchsorted(np.asarray(levels, np.float64), heights)
    mask = np.zeros(heights.shape, dtype=np.bool_)
    mask[:, :-1] |= step[:, :-1] != step[:, 1:]
    mask[:-1] |= step[:-1] != step[1:]
    return mask


def _segments(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the starts and ends (2, n) of a segment for each finite point.

    It ends at the next point, or where it starts if the next point is missing.
    """
    placed = np.isfinite(x) & np.isfinite(y)
    following = np.arange(x.size)
    following[:-1] += placed[1:]
    points = np.stack((x, 1 - y))
    return points[:, placed], points[:, following[placed]]


def _clipped(start: FloatArray, end: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Cut segments to the unit square, and leave out those that don't touch it."""
    if inside(start).all() and inside(end).all():
        return start, end
    way = end - start
    with np.errstate(all="ignore"):  # a segment along an axis divides by zero: see below
        # How far along it a segment crosses the two lines that bound each axis.
        one, other = -start / way, (1 - start) / way
    still = way == 0
    within = inside(start)
    enter = np.where(still, np.where(within, -np.inf, np.inf), np.minimum(one, other))
    leave = np.where(still, np.inf, np.maximum(one, other))
    first, last = np.maximum(enter.max(axis=0), 0), np.minimum(leave.min(axis=0), 1)
    touches = first <= last
    start, way = start[:, touches], way[:, touches]
    return (np.clip(start + way * first[touches], 0, 1), np.clip(start + way * last[touches], 0, 1))


def _thinned(dots: IntArray) -> IntArray:
    """Leave out of a line's dots (2, n) repetitions, and corners that its diagonals make up for."""
    moved = np.ones(dots.shape[1], dtype=np.bool_)
    moved[1:] = (dots[:, 1:] != dots[:, :-1]).any(axis=0)
    dots = dots[:, moved]
    corner = np.zeros(dots.shape[1], dtype=np.bool_)
    corner[1:-1] = (np.abs(dots[:, 2:] - dots[:, :-2]) == 1).all(axis=0)
    # Of corners in a row, as on a staircase, only every other can go.
    index = np.arange(corner.size)
    straight = np.maximum.accumulate(np.where(corner, 0, index))
    return dots[:, ~corner | ((index - straight) % 2 == 0)]


def _touching(top: IntArray, bottom: IntArray) -> tuple[IntArray, IntArray]:
    """Lengthen neighbouring spans towards each other where rows are missing between them."""
    # Rows missing at each border between columns; there are none at the two outer ones.
    falls, rises = np.zeros((2, top.size + 1), dtype=np.intp)
    falls[1:-1] = np.maximum(top[1:] - bottom[:-1] - 1, 0)
    rises[1:-1] = np.maximum(top[:-1] - bottom[1:] - 1, 0)
    upwards = np.maximum(falls[:-1], rises[1:])
    downwards = np.maximum(falls[1:], rises[:-1])
    return top - (upwards + 1) // 2, bottom + downwards // 2
