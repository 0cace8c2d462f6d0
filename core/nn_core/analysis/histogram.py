"""Histograms: how many numbers lie where, between round limits around 0 that seldom move."""

import math
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array

BINS = 48  # even, so that 0 is a border
SMALLEST, LARGEST = 1e-300, 1e300


@dataclass(frozen=True, eq=False)
class Histogram:
    """The numbers of an array that are neither 0 nor infinite nor NaN, counted in equal bins.

    The bins reach from −`limit` to `limit`; those numbers that are left out are counted apart.
    """

    counts: Array
    limit: float
    zeros: int
    not_finite: int


def histogram(values: Array) -> Histogram:
    """Count the numbers of an array."""
    flat = np.asarray(values, np.float64).reshape(-1)
    finite = flat[np.isfinite(flat)]
    counted = finite[finite != 0]
    limit = round_limit(float(np.abs(counted).max(initial=0.0)))
    # Halved, so that the width of the largest limits is finite.
    places = ((counted / limit + 1) / 2 * BINS).astype(int).clip(0, BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    return Histogram(counts, limit, len(finite) - len(counted), len(flat) - len(finite))


def round_limit(largest: float) -> float:
    """The smallest of 1, 2, 5 · 10^k that isn't below a number; 1 for 0, 1e300 where none is."""
    if largest == 0:
        return 1.0
    largest = min(max(largest, SMALLEST), LARGEST)
    exponent = math.floor(math.log10(largest))
    rounds = (float(f"{digit}e{exponent}") for digit in (1, 2, 5, 10))
    return next((limit for limit in rounds if limit >= largest), LARGEST)
