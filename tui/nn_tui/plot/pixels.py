"""Pictures of few pixels: two of them above each other in a cell where there are colours."""

from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array
from nn_tui.plot.raster import IntArray
from nn_tui.text.cells import merged
from nn_tui.text.roles import INKS, Line, ground_name

HALF = "▀"


@dataclass(frozen=True)
class Tones:
    """What pixels are drawn in: roles, and glyphs that stand for them where there are no colours.

    Of two pixels in one cell the glyph is of the one whose tone comes later in `order`.
    """

    roles: tuple[str, ...]
    glyphs: str
    order: tuple[int, ...]


INK = Tones(
    tuple(ground_name("ink", depth) for depth in range(INKS)), " ░░▒▒▓▓█", tuple(range(INKS))
)
# Weights: the ones below 0 in the colour of the first class, those above in the second's.
SIGNED = Tones(
    (
        *(ground_name(0, depth) for depth in (3, 2, 1)),
        ground_name("ink", 0),
        *(ground_name(1, depth) for depth in (1, 2, 3)),
    ),
    "Xx: ░▒▓",
    (5, 3, 1, 0, 2, 4, 6),
)


def ink(picture: Array, low: float, high: float) -> IntArray:
    """The tones of values from `low`, blank, to `high`."""
    share = (np.clip(picture, low, high) - low) / ((high - low) or 1.0)
    found: IntArray = np.ceil(share * (INKS - 1)).astype(np.intp)
    return found


def signed(picture: Array) -> IntArray:
    """The tones of numbers below and above 0, by thirds of the largest."""
    largest = float(np.abs(picture).max(initial=0.0)) or 1.0
    found: IntArray = 3 + np.rint(picture / largest * 3).astype(np.intp)
    return found


def fitted(picture: Array, width: int, height: int) -> tuple[Array, int]:
    """The picture as it fits so many cells, and how many cells wide each of its pixels is.

    One that is too large has the mean of neighbours in place of each.
    """
    rows, columns = picture.shape
    scale = max(0, min(width // columns, 2 * height // rows))
    if scale:
        return picture, scale
    by = max(-(-columns // max(1, width)), -(-rows // max(1, 2 * height)))
    padded = np.pad(picture, ((0, -rows % by), (0, -columns % by)))
    small = padded.reshape(len(padded) // by, by, -1, by).mean(axis=(1, 3))
    return small, 1


def drawn(tones: IntArray, kind: Tones, scale: int, colour: bool) -> list[Line]:
    """Pixels, each `scale` cells wide and half as high."""
    large = tones.repeat(scale, axis=0).repeat(scale, axis=1)
    if len(large) % 2:
        large = np.vstack([large, large[-1:]])
    order = np.array(kind.order)
    lines = []
    for top, bottom in zip(large[::2], large[1::2], strict=True):
        if colour:
            cells = [
                (" ", f"text@{kind.roles[above]}")
                if above == below
                else (HALF, f"{kind.roles[above]}@{kind.roles[below]}")
                for above, below in zip(top.tolist(), bottom.tolist(), strict=True)
            ]
        else:
            stronger = np.where(order[top] >= order[bottom], top, bottom)
            cells = [(kind.glyphs[tone], "text") for tone in stronger.tolist()]
        lines.append(merged(cells))
    return lines
