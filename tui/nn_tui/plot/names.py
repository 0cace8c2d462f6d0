"""Where the names on a plot go: at what they name alone, never on a curve or on another name.

A name for which there is no such place is left out; those that matter most are placed first.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from nn_tui.plot import raster
from nn_tui.plot.canvas import Canvas, one_cell_each
from nn_tui.plot.plot import Curve, Envelope, Mark, ReferenceLine
from nn_tui.plot.scale import Axis

LEAST_OF_LINE = 3  # columns of a reference's line, and the blank after it, left of its name
AROUND = (-1, 1)  # rows from a reference's line at which its name may stand instead
PIECE = {"braille": 4, "blocks": 4, "ascii": 6}  # cells of a curve before a name apart from it

Place = tuple[int, int]  # row, first column


def write_names(canvas: Canvas, marks: Sequence[Mark], x_axis: Axis, y_axis: Axis) -> None:
    """Name what is drawn on a canvas already: the last curve first, then references, then others.

    Later curves lie over those before, and so are the ones that matter more.
    """
    room = _Room(canvas)
    curves = [mark for mark in marks if isinstance(mark, Curve | Envelope) and mark.label]
    for mark in curves[:-2:-1]:
        _name_curve(room, mark, x_axis, y_axis)
    _name_lines(room, [mark for mark in marks if isinstance(mark, ReferenceLine)], y_axis)
    for mark in curves[-2::-1]:
        _name_curve(room, mark, x_axis, y_axis)


class _Room:
    """The cells of a canvas that a name may still take."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.free = canvas.free_cells()
        self._drawn = ~self.free
        self._ruled = canvas.ruled_cells()

    def fits(self, place: Place, length: int) -> bool:
        """Whether so many cells from a place on are free, and one on either side of them."""
        row, start = place
        if not (0 <= row < self.canvas.height and 0 <= start <= self.canvas.width - length):
            return False
        return bool(self.free[row, max(0, start - 1) : start + length + 1].all())

    def shows_line(self, row: int, place: Place, length: int) -> bool:
        """Whether a name is on the line along a row, or at it where little hides the line."""
        beside = self._ruled[row, place[1] : place[1] + length]
        return place[0] == row or bool(beside.sum() * 2 > length)

    def all_that_tell(self, length: int, own: raster.BoolArray) -> raster.BoolArray:
        """The places (rows, first columns) at which a name can only be its own curve's.

        `own` are the curve's cells: it runs along the name or ends at it, and nothing else that is
        drawn comes as near.  On a reference's line, too, it would be misread.
        """
        beside = np.pad(own, ((0, 0), (2, 2)))
        along = np.pad(_counts(own, length, 0, 0) * 2 > length, ((1, 1), (0, 0)))
        others = _counts(self._drawn & ~own, length, 1, 2)
        touches = along[:-2] | along[2:]
        touches |= beside[:, : others.shape[1]] | beside[:, length + 3 :]
        found: raster.BoolArray = touches & (others == 0) & self._all_fitting(length)
        return found

    def all_apart(self, length: int) -> raster.BoolArray:
        """The places for a name with nothing drawn near it; if there are none, all with room."""
        fitting = self._all_fitting(length)
        alone: raster.BoolArray = fitting & (_counts(self._drawn, length, 1, 2) == 0)
        return alone if alone.any() else fitting

    def _all_fitting(self, length: int) -> raster.BoolArray:
        ruled = np.logical_or.reduce(self._ruled, axis=1, keepdims=True)
        fitting: raster.BoolArray = (_counts(~self.free, length, 0, 1) == 0) & ~ruled
        return fitting

    def write(self, place: Place, text: str, role: str) -> None:
        """Write a name, with a blank on either side."""
        row, start = place
        before = start > 0
        self.canvas.text(start - before, row, f"{' ' * before}{text} ", role)
        self.free[row, max(0, start - 1) : start + len(text) + 1] = False


def _counts(cells: raster.BoolArray, length: int, rows: int, columns: int) -> raster.IntArray:
    """How many cells are in a name's cells, and in so many rows and columns around, at each place.

    Places are (rows, first columns) of a name that is `length` cells long, at most the width.
    """
    high, wide = 2 * rows + 1, length + 2 * columns
    height, width = cells.shape
    around = np.zeros((height + high, width + 2 * columns + 1), dtype=np.intp)
    around[rows + 1 : rows + 1 + height, columns + 1 : columns + 1 + width] = cells
    sums = around.cumsum(axis=0).cumsum(axis=1)
    counts: raster.IntArray = (
        sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    )
    return counts


# --- curves -----------------------------------------------------------------------------------


def _name_curve(room: _Room, mark: Curve | Envelope, x_axis: Axis, y_axis: Axis) -> None:
    """Write a curve's name at it, the nearer to its end the better, where it can be no other's.

    Without such a place it stands apart, after a piece of the curve.
    """
    canvas = room.canvas
    low, high = (mark.low, mark.high) if isinstance(mark, Envelope) else (mark.y, mark.y)
    x = x_axis.to_unit(np.ravel(np.asarray(mark.x, np.float64)))
    lows, highs = (y_axis.to_unit(np.ravel(np.asarray(y, np.float64))) for y in (low, high))
    own = canvas.cells_of_envelope(x, lows, highs)
    if not own.any():
        return
    text = one_cell_each(mark.label)
    if len(text) <= canvas.width:
        tells = room.all_that_tell(len(text), own)
        for row, start in _places(own, len(text)) if tells.any() else ():
            if 0 <= row < canvas.height and 0 <= start < tells.shape[1] and tells[row, start]:
                room.write((row, start), text, mark.role)
                return
    text = f"{_piece(mark, canvas.markers)} {text}"
    if len(text) <= canvas.width and (apart := room.all_apart(len(text))).any():
        row = int(apart.any(axis=1).argmax())
        room.write((row, int(np.flatnonzero(apart[row])[-1])), text, mark.role)


def _places(own: raster.BoolArray, length: int) -> Iterator[Place]:
    """The places for a name of so many cells at a curve's own cells, the best first.

    They are behind its end, then over and under it, then beside it where it is steep.
    """
    columns = np.flatnonzero(own.any(axis=0))
    top, bottom = own.argmax(axis=0), len(own) - 1 - own[::-1].argmax(axis=0)
    first, end = int(columns[0]), int(columns[-1])
    row = int(top[end] + bottom[end]) // 2
    yield from ((row + off, end + 2) for off in (0, -1, 1))
    for start in range(min(end, own.shape[1] - length), max(-1, first - length), -1):
        under = slice(max(first, start), min(end + 1, start + length))
        yield int(top[under].min()) - 1, start
        yield int(bottom[under].max()) + 1, start
    for column in columns[::-1].tolist():
        for at in range(int(bottom[column]), int(top[column]) - 1, -1):
            yield at, column - 1 - length
            yield at, column + 2


def _piece(mark: Curve | Envelope, markers: str) -> str:
    """A piece of a curve, as it is drawn."""
    canvas = Canvas(PIECE[markers], 1, markers)
    x, y = np.array([0.0, 1.0]), np.zeros(2)
    if isinstance(mark, Envelope):
        canvas.envelope(x, y, y, mark.role, mark.dash)
    else:
        canvas.polyline(x, y, mark.role, mark.every)
    return "".join(text for text, _ in canvas.lines()[0])


# --- references -------------------------------------------------------------------------------


def _name_lines(room: _Room, references: list[ReferenceLine], y_axis: Axis) -> None:
    """Write each reference's name at the right end of its line, the lowest first.

    Where something is there already, the name goes just over or under the line, or further left,
    or is shorter: where a curve hides the line, only at last.  A name without a place is left out.
    """
    lines = [
        (row, reference)
        for reference in sorted(references, key=lambda reference: reference.y)
        for row in rows_of_line(room.canvas, reference, y_axis)
    ]
    for row, reference in lines:
        others = {other for other, _ in lines if other != row}  # whose name it would be read as
        beside = [
            row + off for off in AROUND if not others & {row + off - 1, row + off, row + off + 1}
        ]
        names = list(_names(reference, room.canvas.width - LEAST_OF_LINE))
        attempts = [(name, True) for name in names if name is names[0] or " " in name]
        for name, in_sight in [*attempts, *((name, False) for name in names)]:
            last = room.canvas.width - len(name)
            places = [(at, last) for at in (row, *beside)]
            places += [(at, start) for at in (row, *beside) for start in range(last - 1, -1, -1)]
            found = next(
                (
                    place
                    for place in places
                    if room.fits(place, len(name))
                    and (not in_sight or room.shows_line(row, place, len(name)))
                ),
                None,
            )
            if found is not None:
                room.write(found, name, reference.role)
                break


def rows_of_line(canvas: Canvas, reference: ReferenceLine, y_axis: Axis) -> list[int]:
    """The row of a reference; none if it lies outside."""
    y = y_axis.to_unit([reference.y])
    return [int(row) for row in raster.row_of(y[raster.inside(y)], canvas.height)]


def _names(reference: ReferenceLine, room: int) -> Iterator[str]:
    """The names of a line that have room, the longest first."""
    label, brief = one_cell_each(reference.label), one_cell_each(reference.brief)
    if brief and len(label) <= room:
        yield label
    yield from _shortened(brief or label, room)


def _shortened(name: str, room: int) -> Iterator[str]:
    """The name, and shorter and shorter ends of it (its number stands last), that have room."""
    words = name.split()
    for first in range(len(words)):
        shorter = " ".join(words[first:])
        if len(shorter) <= room:
            yield shorter
