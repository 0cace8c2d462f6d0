"""A canvas of character cells, drawn on in dots and in glyphs, each cell in one role.

Positions are fractions of the canvas, x rightwards and y upwards, as `Axis.to_unit` gives them;
what lies outside 0 … 1, or is NaN, is not drawn. What is drawn later wins its cells.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.cells import cell_len

from nn_tui.plot import raster
from nn_tui.plot.raster import BoolArray, IntArray
from nn_tui.plot.scale import FloatArray

Run = tuple[str, str]  # text, role

BLANK_ROLE = "rule"  # of blanks with nothing to their left, so that they join the axis there
REFERENCE_DASH = 2  # columns of dots, of which a reference line has one
RESIDUAL_GLYPH = "╎"
SHARED = 2  # columns of cells, after which of two curves in the same cells the other is seen
STEEP = 3  # dots, from which on a column of a dashed line is never left out


class Markers(NamedTuple):
    """How dots become characters.

    A cell is `columns` × `rows` dots; the dot (row, column) is bit row·columns + column of the
    index into `codes`, the characters' code points.
    """

    columns: int
    rows: int
    codes: NDArray[np.uint32]


def _codes(characters: str) -> NDArray[np.uint32]:
    return np.array([ord(character) for character in characters], dtype=np.uint32)


def _braille() -> str:
    bits = (0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80)
    patterns = (sum(bit for i, bit in enumerate(bits) if dots >> i & 1) for dots in range(1, 256))
    return " " + "".join(chr(0x2800 + pattern) for pattern in patterns)


MARKERS = {
    "braille": Markers(2, 4, _codes(_braille())),
    "blocks": Markers(2, 2, _codes(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")),
    "ascii": Markers(1, 3, _codes(" '-'.:.|")),
}


def one_cell_each(text: str) -> str:
    """Replace what doesn't fill exactly one cell (controls, wide characters) by `?`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() and cell_len(c) == 1 else "?" for c in text)


class Canvas:
    """`width` × `height` cells, at least one each way; `markers` is a name in MARKERS."""

    def __init__(self, width: int, height: int, markers: str = "braille") -> None:
        self.width = width
        self.height = height
        self.markers = markers
        self._markers = MARKERS[markers]
        self.size_in_dots = (width * self._markers.columns, height * self._markers.rows)
        self._codes = np.full((height, width), ord(" "), dtype=np.uint32)
        self._roles = np.zeros((height, width), dtype=np.uint16)
        self._role_numbers = {BLANK_ROLE: 0}
        self._joined = np.zeros((height, width), dtype=np.uint8)  # dots that others don't hide
        self._rules = self._blank_mask()  # the dots of reference lines
        self._as_ruled = np.zeros((2, height, width), dtype=np.uint32)  # the cells with them
        self._grounds: IntArray | None = None  # of the roles of the cells' grounds, if any
        self._ground_names: list[str] = []

    def columns_of(self, x: FloatArray) -> IntArray:
        """The column of cells of each x on the canvas: that of its dot."""
        return raster.column_of(x, self.size_in_dots[0]) // self._markers.columns

    def rows_of(self, y: FloatArray) -> IntArray:
        """The row of cells of each finite y: that of its dot; −1, `height` are off the canvas."""
        return raster.row_of(y, self.size_in_dots[1]) // self._markers.rows

    def polyline(self, x: FloatArray, y: FloatArray, role: str, every: int = 1) -> None:
        """Connect the points in their order; NaN breaks the line; draw each `every`-th dot."""
        self.dots(*raster.line_dots(x, y, *self.size_in_dots, every), role)

    def dots(self, columns: IntArray, rows: IntArray, role: str, joins: bool = False) -> None:
        """Draw single dots, by their columns and rows of dots."""
        mask = self._blank_mask()
        mask[rows, columns] = True
        self._stamp(mask, role, joins)

    def envelope(
        self,
        x: FloatArray,
        low: FloatArray,
        high: FloatArray,
        role: str,
        dash: tuple[int, int] = (1, 0),
        joins: bool = False,
    ) -> None:
        """Fill each dot column from the least `low` to the greatest `high` that fall in it.

        Neighbouring columns are connected, columns that nothing falls in are bridged.  `dash` is
        how many columns are drawn, and how many then left out where the line isn't steep.  What
        `joins` is seen in its cells together with what joined there before.
        """
        mask = self._blank_mask()
        columns, top, bottom = raster.envelope_spans(x, low, high, *self.size_in_dots)
        drawn = (columns % sum(dash) < dash[0]) | (bottom - top >= STEEP)
        mask[:, columns[drawn]] = raster.spans(top, bottom, len(mask))[:, drawn]
        self._stamp(mask, role, joins)

    def cells_of_envelope(self, x: FloatArray, low: FloatArray, high: FloatArray) -> BoolArray:
        """The cells (rows, columns) that an envelope runs through, whatever lies over it there."""
        columns, top, bottom = raster.envelope_spans(x, low, high, *self.size_in_dots)
        down = self._markers.rows
        cells = np.zeros((self.height, self.size_in_dots[0]), dtype=np.bool_)
        cells[:, columns] = raster.spans(top // down, bottom // down, self.height)
        dots = cells.reshape(self.height, self.width, -1)
        found: BoolArray = np.logical_or.reduce(dots, axis=2)
        return found

    def contours(
        self, x: FloatArray, y: FloatArray, z: ArrayLike, levels: Sequence[float], role: str
    ) -> None:
        """Draw where heights z (places of y, places of x) pass each level; holes are high up."""
        columns, rows = self.size_in_dots
        heights = raster.heights(x, y, np.asarray(z, np.float64), columns, rows)
        self._stamp(raster.level_lines(heights, levels), role)

    def glyphs(self, x: FloatArray, y: FloatArray, glyph: str, role: str) -> None:
        """Put one glyph into the cell of each point."""
        shown = raster.inside(x) & raster.inside(y)
        columns, rows = self.columns_of(x[shown]), self.rows_of(y[shown])
        self._codes[rows, columns] = ord(glyph)
        self._roles[rows, columns] = self._number(role)

    def bars(self, x: FloatArray, start: FloatArray, end: FloatArray, role: str) -> None:
        """Draw a thin vertical bar at each x, from `start` to `end`, both cells included."""
        shown = raster.inside(x) & np.isfinite(start) & np.isfinite(end)
        columns = self.columns_of(x[shown])
        ends = self.rows_of(np.stack((start[shown], end[shown])))
        rows, bars = np.nonzero(raster.spans(ends.min(axis=0), ends.max(axis=0), self.height))
        self._codes[rows, columns[bars]] = ord(RESIDUAL_GLYPH)
        self._roles[rows, columns[bars]] = self._number(role)

    def ground(self, cells: IntArray, names: Sequence[str]) -> None:
        """Give each cell (rows, columns) a ground: the place of its name among `names`.

        What is drawn in the cell, whenever, stands on it: its role is then "role@name".
        """
        self._grounds, self._ground_names = cells, list(names)

    def fill(self, cells: BoolArray, glyph: str, role: str) -> None:
        """Put a glyph into the cells (rows, columns) of a mask."""
        self._codes[cells] = ord(glyph)
        self._roles[cells] = self._number(role)

    def share(self, cells: BoolArray, role: str) -> None:
        """Give every other stretch of what is drawn in these cells (rows, columns) a role as well.

        So that in colour both of two curves are seen that run there; the last stretch is among
        them, since that is where a curve is looked for.
        """
        last = np.flatnonzero(cells.any(axis=0))[-1:].sum()
        stretch = (last - np.arange(self.width)) // SHARED % 2 == 0
        self._roles[cells & stretch] = self._number(role)

    def rule(self, y: float, role: str) -> None:
        """Draw a dotted line all along a height on the canvas, with others in its row of cells."""
        (row,) = raster.row_of(np.array([y]), self.size_in_dots[1]).tolist()
        self._rules[row, ::REFERENCE_DASH] = True
        cells = row // self._markers.rows
        mask = self._blank_mask()
        own = slice(cells * self._markers.rows, (cells + 1) * self._markers.rows)
        mask[own] = self._rules[own]
        self._stamp(mask, role)
        self._as_ruled[:, cells] = self._codes[cells], self._roles[cells]

    def text(self, column: int, row: int, text: str, role: str) -> None:
        """Write a text from a cell rightwards; what doesn't fit is cut off."""
        codes = _codes(one_cell_each(text))[: self.width - column]
        self._codes[row, column : column + codes.size] = codes
        self._roles[row, column : column + codes.size] = self._number(role)

    def free_cells(self) -> BoolArray:
        """The cells (rows, columns) in which there is nothing, or a reference line at most."""
        free: BoolArray = (self._codes == ord(" ")) | self.ruled_cells()
        return free

    def ruled_cells(self) -> BoolArray:
        """The cells (rows, columns) in which a reference line is to be seen."""
        codes, roles = self._as_ruled
        ruled: BoolArray = (codes == self._codes) & (roles == self._roles)
        return ruled

    def lines(self) -> list[list[Run]]:
        """Return each row as runs of one role; blanks belong to the run on their left."""
        source = np.where(self._codes != ord(" "), np.arange(self.width), 0)
        np.maximum.accumulate(source, axis=1, out=source)
        roles = np.take_along_axis(self._roles, source, axis=1).astype(np.intp)
        names = list(self._role_numbers)
        if self._grounds is not None:  # a blank has its own ground, whatever is to its left
            roles[self._codes == ord(" ")] = 0
            names = [f"{name}@{ground}" for name in names for ground in self._ground_names]
            roles = roles * len(self._ground_names) + self._grounds
        starts = [[0] for _ in range(self.height)]
        for row, column in np.argwhere(roles[:, 1:] != roles[:, :-1]).tolist():
            starts[row].append(column + 1)
        texts = self._codes.view(f"U{self.width}").ravel().tolist()
        return [
            [
                (text[start:end], names[roles[row, start]])
                for start, end in zip(starts[row], [*starts[row][1:], self.width], strict=True)
            ]
            for row, text in enumerate(texts)
        ]

    def _number(self, role: str) -> int:
        return self._role_numbers.setdefault(role, len(self._role_numbers))

    def _blank_mask(self) -> BoolArray:
        """Return a mask of all dots (dot rows, dot columns), none of them drawn."""
        columns, rows = self.size_in_dots
        return np.zeros((rows, columns), dtype=np.bool_)

    def _stamp(self, mask: BoolArray, role: str, joins: bool = False) -> None:
        """Draw the dots of a mask."""
        columns, rows, codes = self._markers
        bits = np.zeros((self.height, self.width), dtype=np.uint8)
        for bit in range(rows * columns):
            row, column = divmod(bit, columns)
            bits |= mask[row::rows, column::columns].view(np.uint8) << bit
        inked = bits != 0
        if joins:
            self._joined |= bits
            bits = self._joined
        self._codes[inked] = codes[bits[inked]]
        self._roles[inked] = self._number(role)
