"""Where the names on a plot go: at what they name alone, never on a curve or on another name.

A name for which there is no such place is left out; those that matter most are placed first.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from nn_tui.plot import raster
from nn_tui.plot.canvas import Canvas, one_cell_each
from nn_tui.plot.plot import Curve, Envelope, Mark, ReferenceLine
from nn_tui.plot.scale import Axis, FloatArray

LEAST_OF_LINE = 3  # columns of a reference's line, and the blank after it, left of its name
AROUND = (-1, 1)  # rows from a reference's line at which its name may stand instead
LEAST_COVERED = 8  # cells of a curve: one that has only begun is not yet to be looked for
IN_LINE = 8  # columns on either side of a name in which another curve would be taken for its own
ALONG = 3  # cells of a curve over or under a name, more of which tell whose it is
PIECE = {"braille": 4, "blocks": 4, "ascii": 6}  # cells of a curve before a name apart from it

Place = tuple[int, int]  # row, first column
Written = tuple[Place, str, str]  # place, text, role


class _Curve(NamedTuple):
    """A curve to be named: the cells in which it is to be seen, its name, a piece of it, its role.

    Where another that has a name lies over it, its own name would be read as the other's; where
    that is most of it, a longer name says so.
    """

    own: bytes
    texts: tuple[str, ...]
    piece: str
    role: str


class _Line(NamedTuple):
    """A reference line to be named: its row of cells, name, piece, role, what its number is of."""

    row: int
    text: str
    piece: str
    role: str
    of: str


def write_names(canvas: Canvas, marks: Sequence[Mark], x_axis: Axis, y_axis: Axis) -> None:
    """Name what is drawn on a canvas already: the last curve first, then references, then others.

    Later curves lie over those before, and so are the ones that matter more.
    """
    curves = tuple(_curves(canvas, marks, x_axis, y_axis))
    lines = tuple(_lines(canvas, marks, y_axis))
    if not curves and not lines:
        return
    free, ruled = canvas.free_cells().tobytes(), canvas.ruled_cells().tobytes()
    for (row, start), text, role in _written(canvas.height, free, ruled, curves, lines):
        before = start > 0
        canvas.text(start - before, row, f"{' ' * before}{text} ", role)


@lru_cache(maxsize=8)
def _written(
    height: int, free: bytes, ruled: bytes, curves: tuple[_Curve, ...], lines: tuple[_Line, ...]
) -> list[Written]:
    """The names and where they go, which are the same until something moves by a cell."""
    room = _Room(*(_cells(found, height) for found in (free, ruled)))
    for curve in curves[:-2:-1]:
        _name_curve(room, curve)
    unnamed = _name_lines(room, lines)
    for curve in curves[-2::-1]:
        _name_curve(room, curve)
    for line in unnamed:
        texts = _shortened(line, room.width - len(_apart(line, "")))
        any(_is_named_apart(room, line, text) for text in texts)
    return room.written


def _cells(found: bytes, height: int) -> raster.BoolArray:
    return np.frombuffer(found, np.bool_).reshape(height, -1)


class _Room:
    """The cells of a canvas that a name may still take, and the names that have taken others."""

    def __init__(self, free: raster.BoolArray, ruled: raster.BoolArray) -> None:
        self.height, self.width = free.shape
        self.free = free.copy()
        self._drawn = ~free
        self._ruled = ruled
        self.written: list[Written] = []

    def fits(self, place: Place, length: int) -> bool:
        """Whether so many cells from a place on are free, and one on either side of them."""
        row, start = place
        if not (0 <= row < self.height and 0 <= start <= self.width - length):
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
        along = np.pad(_counts(own, length, 0, 0) > min(length / 2, ALONG), ((1, 1), (0, 0)))
        others = _counts(self._drawn & ~own, length, 1, 2)
        others += _counts(self._drawn & ~own & ~self._ruled, length, 0, IN_LINE)
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
        self.written.append((place, text, role))
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


def _curves(canvas: Canvas, marks: Sequence[Mark], x_axis: Axis, y_axis: Axis) -> list[_Curve]:
    """The curves that have a name and a place on the canvas, from below up."""
    found: list[_Curve] = []
    over = np.zeros((canvas.height, canvas.width), np.bool_)
    for mark in reversed(marks):
        if isinstance(mark, Curve | Envelope) and mark.label:
            own = _cells_of(canvas, mark, x_axis, y_axis)
            if own.any():
                dash = mark.dash if isinstance(mark, Envelope) else (1, mark.every - 1)
                piece, name = piece_of(dash, canvas.markers), one_cell_each(mark.label)
                canvas.share(own & over, mark.role)
                names = [f"{name}: {mark.end}", name] if mark.end else [name]
                if covered := _how_covered(own, over):
                    names.insert(0, f"{names[0]}, {covered}")
                found.append(_Curve((own & ~over).tobytes(), tuple(names), piece, mark.role))
                over |= own
    return found[::-1]


def _how_covered(own: raster.BoolArray, over: raster.BoolArray) -> str:
    """That a curve's cells are another's too, all or most of them; "" where that isn't so."""
    covered, cells = int((own & over).sum()), int(own.sum())
    if cells < LEAST_COVERED or 2 * covered <= cells:
        return ""
    return "covered" if covered == cells else "mostly covered"


def _cells_of(
    canvas: Canvas, mark: Curve | Envelope, x_axis: Axis, y_axis: Axis
) -> raster.BoolArray:
    """The cells that a curve runs through."""
    low, high = (mark.low, mark.high) if isinstance(mark, Envelope) else (mark.y, mark.y)
    x = x_axis.to_unit(np.ravel(np.asarray(mark.x, np.float64)))
    lows = y_axis.to_unit(np.ravel(np.asarray(low, np.float64)))
    highs = lows if high is low else y_axis.to_unit(np.ravel(np.asarray(high, np.float64)))
    return canvas.cells_of_envelope(x, lows, highs)


def _name_curve(room: _Room, curve: _Curve) -> None:
    """Write a curve's name at it, the nearer to its end the better, where it can be no other's.

    Without such a place it stands apart, in brackets after a piece of the curve.
    """
    own = _cells(curve.own, room.height)
    for text in curve.texts:
        if _is_named_at(room, curve, own, text) or _is_named_apart(room, curve, text):
            return


def _is_named_at(room: _Room, curve: _Curve, own: raster.BoolArray, text: str) -> bool:
    if len(text) <= room.width and own.any():
        tells = room.all_that_tell(len(text), own)
        for row, start in _places(own, len(text)) if tells.any() else ():
            if 0 <= row < room.height and 0 <= start < tells.shape[1] and tells[row, start]:
                room.write((row, start), text, curve.role)
                return True
    return False


def _apart(curve: _Curve | _Line, text: str) -> str:
    """In brackets, else the piece would pass for a curve there."""
    return f"[{curve.piece} {text}]"


def _is_named_apart(room: _Room, curve: _Curve | _Line, text: str) -> bool:
    text = _apart(curve, text)
    if len(text) <= room.width and (apart := room.all_apart(len(text))).any():
        row = int(apart.any(axis=1).argmax())
        room.write((row, int(np.flatnonzero(apart[row])[-1])), text, curve.role)
        return True
    return False


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


@lru_cache(maxsize=16)
def piece_of(dash: tuple[int, int], markers: str) -> str:
    """A piece of a curve, as it is drawn."""
    canvas = Canvas(PIECE[markers], 1, markers)
    canvas.envelope(np.array([0.0, 1.0]), np.zeros(2), np.zeros(2), "model", dash)
    return "".join(text for text, _ in canvas.lines()[0])


# --- references -------------------------------------------------------------------------------


def _lines(canvas: Canvas, marks: Sequence[Mark], y_axis: Axis) -> Iterator[_Line]:
    """The reference lines on the canvas, the lowest first."""
    found = [mark for mark in marks if isinstance(mark, ReferenceLine)]
    for mark in sorted(found, key=lambda mark: mark.y):
        for row in canvas.rows_of(heights_of_line(mark, y_axis)).tolist():
            piece = _piece_of_line(canvas.markers)
            yield _Line(row, one_cell_each(mark.label), piece, mark.role, mark.of)


def _name_lines(room: _Room, lines: Sequence[_Line]) -> list[_Line]:
    """Write each reference's name on its line, as far right as can be, the lowest first.

    Where the line is hidden all along, the name goes just over or under it.  It has as many of its
    last words (its number is one) as the canvas has columns for.  Return those without a place.
    """
    unnamed = []
    for at, line in enumerate(lines):
        others = {other.row for other in lines} - {line.row}  # whose name it would be read as
        # Of lines in one row of cells the name of the higher doesn't go under it.
        closed = {1} if line.row in {other.row for other in lines[:at]} else set()
        closed |= {-1} if line.row in {other.row for other in lines[at + 1 :]} else set()
        beside = [
            line.row + off
            for off in AROUND
            if off not in closed
            and not others & {line.row + off - 1, line.row + off, line.row + off + 1}
        ]
        for text in _shortened(line, room.width - LEAST_OF_LINE):
            places = [
                (row, start)
                for row in (line.row, *beside)
                for start in range(room.width - len(text), -1, -1)
                if room.fits((row, start), len(text))
            ]
            if places:
                seen = (place for place in places if room.shows_line(line.row, place, len(text)))
                room.write(next(seen, places[0]), text, line.role)
                break
        else:
            unnamed.append(line)
    return unnamed


@lru_cache(maxsize=4)
def _piece_of_line(markers: str) -> str:
    """A piece of a reference line, as it is drawn."""
    canvas = Canvas(PIECE[markers], 1, markers)
    canvas.rule(0.5, "truth")
    return "".join(text for text, _ in canvas.lines()[0])


def heights_of_line(reference: ReferenceLine, y_axis: Axis) -> FloatArray:
    """The height of a reference on a canvas; none if it lies outside."""
    y = y_axis.to_unit([reference.y])
    return y[raster.inside(y)]


def _shortened(line: _Line, room: int) -> list[str]:
    """The names of a line to try, the best first.

    The whole name, without what a comma adds, its last words: the longest that fits.  Where it is
    to say what its number is of, the next that says it too, and the number alone if none has room.
    """
    what, _, added = line.text.partition(", ")
    words = what.split() + added.split()[-1:]  # the number is the last
    if not line.of:
        names = [line.text, *(" ".join(words[at:]) for at in range(len(words)))]
        return [name for name in names if 0 < len(name) <= room][:1]
    *left, number = words
    named = (f"{' '.join(left[at:])}, {line.of} {number}" for at in range(min(2, len(left))))
    fitting = [name for name in (line.text, *named) if len(name) <= room]
    return fitting or [number] * (len(number) <= room)
