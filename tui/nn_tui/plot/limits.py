"""The axes a plot gets where it names none: limits from the data of its layers."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.plot.plot import (
    Contours,
    Curve,
    Envelope,
    Label,
    Layer,
    Plot,
    Points,
    Reference,
    Residuals,
)
from nn_tui.plot.scale import Axis, FloatArray, stepped, tight


def axes(plot: Plot, before: Axis | None = None) -> tuple[Axis, Axis]:
    """Return the axes on which a plot is drawn.

    An automatic y-axis keeps the limits it had `before` as long as they serve.
    """
    x, y = plot.x, plot.y
    if x is None:
        x = tight(_all_of(_x_values(layer) for layer in plot.layers))
    if y is None:
        y = stepped(_all_of(_y_values(layer) for layer in plot.layers), plot.log_y, before)
    return x, y


def _x_values(layer: Layer) -> tuple[ArrayLike, ...]:
    return () if isinstance(layer, Reference | Label) else (layer.x,)


def _y_values(layer: Layer) -> tuple[ArrayLike, ...]:
    match layer:
        case Curve() | Points() | Contours():
            return (layer.y,)
        case Envelope():
            return layer.low, layer.high
        case Residuals():
            return layer.start, layer.end
        case Reference() if layer.include:
            return (layer.y,)
        case _:
            return ()


def _all_of(groups: Iterator[tuple[ArrayLike, ...]]) -> FloatArray:
    values = [np.ravel(np.asarray(value, dtype=np.float64)) for group in groups for value in group]
    return np.concatenate(values) if values else np.zeros(0)
