"""Where the names on a plot go: beside what they name, never on a curve, never on another name.

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
STEEPEST = 1  # rows that a curve may climb under its name, if there is another place

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

    def is_ruled(self, row: int) -> bool:
        """Whether a reference's line runs along a row, so that a name there would be its name."""
        return bool(self._ruled[row].any())

    def shows_line(self, row: int, place: Place, length: int) -> bool:
        """Whether a name is on the line along a row, or at it where little hides the line."""
        beside = self._ruled[row, place[1] : place[1] + length]
        return place[0] == row or bool(beside.sum() * 2 > length)

    def is_clear(self, place: Place, length: int, away: int, own: raster.BoolArray) -> bool:
        """Whether nothing but its own curve, on the one side, tells what a name is the name of.

        `own` are the curve's cells, `away` is the way to the other side, in rows.  A reference's
        line would be misread too.
        """
        row, start = place
        span = slice(start, start + length)
        if not (0 < row < self.canvas.height - 1) or self.is_ruled(row):
            return False
        touches = own[row - away, span].sum() * 2 > length
        return bool(touches and not self._drawn[row + away, span].any())

    def write(self, place: Place, text: str, role: str) -> None:
        """Write a name, with a blank on either side."""
        row, start = place
        before = start > 0
        self.canvas.text(start - before, row, f"{' ' * before}{text} ", role)
        self.free[row, max(0, start - 1) : start + len(text) + 1] = False


# --- curves -----------------------------------------------------------------------------------


def _name_curve(room: _Room, mark: Curve | Envelope, x_axis: Axis, y_axis: Axis) -> None:
    """Write a curve's name behind its end, or above or below it as far to the right as can be."""
    width, height = room.canvas.width, room.canvas.height
    low, high = (mark.low, mark.high) if isinstance(mark, Envelope) else (mark.y, mark.y)
    x = x_axis.to_unit(np.ravel(np.asarray(mark.x, np.float64)))
    lows, highs = (y_axis.to_unit(np.ravel(np.asarray(y, np.float64))) for y in (low, high))
    columns, top, bottom = raster.envelope_spans(x, lows, highs, width, height)
    text = one_cell_each(mark.label)
    if not columns.size:
        return
    own = room.canvas.role_cells(mark.role)
    for place in _places(room, own, len(text), columns, top, bottom):
        if room.fits(place, len(text)) and not room.is_ruled(place[0]):
            room.write(place, text, mark.role)
            return


def _places(
    room: _Room,
    own: raster.BoolArray,
    length: int,
    columns: raster.IntArray,
    top: raster.IntArray,
    bottom: raster.IntArray,
) -> Iterator[Place]:
    """The places for a name of so many cells, the best first."""
    first, end = int(columns[0]), int(columns[-1])
    row = int(top[-1] + bottom[-1]) // 2
    yield from ((row + off, end + 2) for off in (0, -1, 1))
    if first == end:
        yield row, end - 1 - length
    beside: list[tuple[Place, int, int]] = []
    for start in range(min(end, room.canvas.width - length), max(-1, first - length), -1):
        under = slice(max(0, start - first), start + length - first)
        above, below = int(top[under].min()), int(bottom[under].max())
        climb = below - above
        beside += [((above - 1, start), -1, climb), ((below + 1, start), 1, climb)]
    gentle = [(place, away) for place, away, climb in beside if climb <= STEEPEST]
    yield from (place for place, away in gentle if room.is_clear(place, length, away, own))
    yield from (place for place, _ in gentle)
    yield from (place for place, _, _ in beside)


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
        shorter = ("…" if first else "") + " ".join(words[first:])
        if len(shorter) <= room:
            yield shorter
