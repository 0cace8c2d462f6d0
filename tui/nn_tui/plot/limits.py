"""The axes a plot gets where it names none: limits from the data of its marks."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.plot.plot import (
    Contours,
    Curve,
    Envelope,
    Label,
    Mark,
    Plot,
    Points,
    ReferenceLine,
    Residuals,
)
from nn_tui.plot.scale import Axis, FloatArray, stepped, tight


def axes(plot: Plot, rows: int, before: Axis | None = None) -> tuple[Axis, Axis]:
    """Return the axes on which a plot is drawn in so many rows of cells.

    An automatic y-axis keeps the limits it had `before` as long as they serve.
    """
    x, y = plot.x, plot.y
    if x is None:
        x = tight(_all_of(_x_values(mark) for mark in plot.marks))
    if y is None:
        reached = plot.reach
        if reached is None:
            reached = _all_of(_y_values(mark) for mark in plot.marks)
        y = stepped(reached, rows, plot.log_y, before)
    return x, y


def _x_values(mark: Mark) -> tuple[ArrayLike, ...]:
    return () if isinstance(mark, ReferenceLine | Label) else (mark.x,)


def _y_values(mark: Mark) -> tuple[ArrayLike, ...]:
    match mark:
        case Curve() | Points() | Contours():
            return (mark.y,)
        case Envelope():
            return mark.low, mark.high
        case Residuals():
            return mark.start, mark.end
        case ReferenceLine() if mark.include:
            return (mark.y,)
        case _:
            return ()


def _all_of(groups: Iterator[tuple[ArrayLike, ...]]) -> FloatArray:
    values = [np.ravel(np.asarray(value, dtype=np.float64)) for group in groups for value in group]
    return np.concatenate(values) if values else np.zeros(0)
