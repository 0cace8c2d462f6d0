"""Ranges: the stretch of values in which a parameter is shown, which seldom moves."""

import math
import sys
from collections.abc import Iterable

RANGES = {"quadratic": (-1.1, 3.3), "relu": (-3.3, 3.3)}  # the lesson's, and one around 0
ELSE = (-2.0, 2.0)
FURTHEST = sys.float_info.max
PARTS = (1, 4 / 3, 5 / 3)  # to which an end grows before it doubles: a small jump of what it holds


def slider_range(kind: str, values: Iterable[float]) -> tuple[float, float]:
    """The ends of a model's sliders: the lesson's, or in steps of a third as far as values need."""
    low, high = RANGES.get(kind, ELSE)
    finite = [value for value in values if math.isfinite(value)]
    return -_end(-low, -min(finite, default=0.0)), _end(high, max(finite, default=0.0))


def grown(range_: tuple[float, float], before: tuple[float, float] | None) -> tuple[float, float]:
    """The range that holds this one and one before it: a slider that shrank would move its mark."""
    if before is None:
        return range_
    return min(range_[0], before[0]), max(range_[1], before[1])


def _end(end: float, most: float) -> float:
    """Return the first end that holds the most."""
    for _ in range(1100):  # doubling covers every float
        found = next((end * part for part in PARTS if end * part >= most), None)
        if found is not None:
            return min(found, FURTHEST)
        end *= 2
    return FURTHEST
