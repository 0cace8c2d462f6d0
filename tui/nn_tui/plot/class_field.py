"""The ground of a plot where classes are told apart: coloured by class, deeper where surer."""

import numpy as np

from nn_tui.plot import raster
from nn_tui.plot.canvas import Canvas, Run
from nn_tui.plot.plot import ClassField
from nn_tui.plot.scale import Axis, FloatArray
from nn_tui.text.roles import ground_name

# From these shares on the ground is of the next depth; the shares are of a class against the next.
DEPTHS = (0.65, 0.8, 0.95)
COLOURS = 6  # classes that have a colour of their own
GLYPHS = (" ", "░", "▒", "▓")  # of grounds without colours; further classes have letters


GROUNDS = tuple(ground_name(label, depth) for label in range(COLOURS) for depth in range(4))


def sample(label: int, glyph: str, colour: bool) -> Run:
    """A glyph on the ground of a class, as its legend has it; without colours beside its sign."""
    if colour:
        return glyph or " ", f"strong@{ground_name(label % COLOURS, 3)}"
    return f"{_sign(label).strip()}{glyph}", "strong"


def draw_field(canvas: Canvas, mark: ClassField, x_axis: Axis, y_axis: Axis) -> None:
    """Give each cell its ground, and draw the border between the classes."""
    x, y = (np.ravel(np.asarray(places, np.float64)) for places in (mark.x, mark.y))
    shares = np.asarray(mark.shares, np.float64)
    across, up = x_axis.to_unit(x), y_axis.to_unit(y)
    cells = _in_the_middle_of(shares, across, up, canvas.width, canvas.height)
    first = cells.argmax(axis=0)
    highest, second = np.sort(cells, axis=0)[[-1, -2]]
    against = highest / np.maximum(highest + second, 1e-300)  # 0.5 on the border
    depth = np.searchsorted(DEPTHS, against, side="right")
    if mark.colour:
        canvas.ground((first % COLOURS) * 4 + depth, GROUNDS)
    else:
        _fill_with_glyphs(canvas, first, depth)
    dots = _in_the_middle_of(shares, across, up, *canvas.size_in_dots).argmax(axis=0)
    border = np.zeros(dots.shape, bool)
    border[:, 1:] = dots[:, 1:] != dots[:, :-1]
    border[1:] |= dots[1:] != dots[:-1]
    rows, columns = np.nonzero(border)
    canvas.dots(columns, rows, mark.role)


def _in_the_middle_of(
    shares: FloatArray, across: FloatArray, up: FloatArray, columns: int, rows: int
) -> FloatArray:
    """The shares (classes, rows, columns) in the middle of each cell."""
    return np.stack(
        [raster.heights(across, up, share, columns, rows) for share in np.moveaxis(shares, -1, 0)]
    )


def _fill_with_glyphs(canvas: Canvas, first: raster.IntArray, depth: raster.IntArray) -> None:
    sure = depth > 0
    for label in range(1, int(first.max()) + 1):
        canvas.fill((first == label) & sure, _sign(label), "quiet")


def _sign(label: int) -> str:
    return GLYPHS[label] if label < len(GLYPHS) else chr(ord("a") + label)
