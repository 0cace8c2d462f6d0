"""Ranges: the stretch of values in which a parameter is shown, which seldom moves."""

import math
import sys
from collections.abc import Iterable

RANGES = {"quadratic": (-1.1, 3.3), "relu": (-3.3, 3.3)}  # the lesson's, and one around 0
ELSE = (-2.0, 2.0)
FURTHEST = sys.float_info.max


def slider_range(kind: str, values: Iterable[float]) -> tuple[float, float]:
    """The ends of a model's sliders: the lesson's, or in doubled steps as far as values need."""
    low, high = RANGES.get(kind, ELSE)
    finite = [value for value in values if math.isfinite(value)]
    least, most = min(finite, default=0.0), max(finite, default=0.0)
    for _ in range(1100):  # doubling covers every float
        if low <= least and most <= high:
            break
        low = max(2 * low, -FURTHEST) if least < low else low
        high = min(2 * high, FURTHEST) if most > high else high
    return low, high
