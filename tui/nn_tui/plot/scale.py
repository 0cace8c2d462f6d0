"""Axes: limits that move in steps, round ticks with labels, and the way from values to dots."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

LARGEST = 1e300  # what lies beyond is plotted as if it were there: differences stay finite
SMALLEST_SPAN = 1e-300
SMALLEST_LOG = 1e-290
NARROWEST = 1e-6  # of the larger limit: tick labels that differ only later would fill the plot
FAR = 1e6  # in lengths of the axis: far enough to leave the plot in the right direction
LEAST_FILLED = 0.5
LEAST_TICKS, MOST_TICKS = 3, 8  # where there is room for them
ROW_MANTISSAS = (1, 2, 4, 5)  # rows are few: 4 between 2 and 5 often is one more label


class Tick(NamedTuple):
    """A value on an axis and the label that stands beside it."""

    value: float
    label: str


@dataclass(frozen=True)
class Axis:
    """The values shown, from `low` to `high`, evenly or (`log`) by powers of ten.

    Whatever limits are given, those kept are finite, in order, and far enough apart to divide;
    on a logarithmic axis they are positive.  Of an axis made for so many `rows` of cells, each
    tick is the value in the middle of its row, and the ticks are equally many rows apart.
    """

    low: float
    high: float
    log: bool = False
    rows: int = 0

    def __post_init__(self) -> None:
        low, high = _sound(self.low, self.high, self.log)
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    def to_unit(self, values: ArrayLike) -> FloatArray:
        """Where `values` lie: 0 at the low limit, 1 at the high one, beyond them outside.

        What has no place (NaN, infinities, on a logarithmic axis what is not positive) is NaN.
        """
        values = np.asarray(values, dtype=np.float64)
        with np.errstate(all="ignore"):  # NaN and overflow are expected, and dealt with below
            if self.log:
                low, high = np.log10((self.low, self.high))
                unit = (np.log10(values) - low) / (high - low)
                shown = np.isfinite(values) & (values > 0)
            else:
                unit = (values - self.low) / (self.high - self.low)
                shown = np.isfinite(values)
            return np.where(shown, np.clip(unit, -FAR, FAR), np.nan)

    def ticks(self, gap: float, mantissas: tuple[int, ...] = (1, 2, 5)) -> tuple[Tick, ...]:
        """Round values within the limits, at least `gap` (a fraction of the axis) apart.

        `mantissas` are the first digits that a linear step may have.
        """
        if self.log:
            ticks = _log_ticks(self, gap)
            if len(ticks) > 1:
                return ticks
        return _linear_ticks(self, gap, mantissas)


def tight(values: ArrayLike) -> Axis:
    """Return the linear axis from the least to the greatest finite value; 0 to 1 without any."""
    return Axis(*(_extent(values, log=False) or (0.0, 1.0)))


def stepped(values: ArrayLike, rows: int, log: bool = False, before: Axis | None = None) -> Axis:
    """Return an axis around the finite `values` on so many rows of cells that seldom moves.

    The axis shown `before` on as many rows is kept while the values lie on it and fill at least
    half of it; it grows at once.
    """
    if before is not None and (before.log != log or before.rows != (0 if log else rows)):
        before = None
    extent = _extent(values, log)
    if extent is None:
        return before or (Axis(1.0, 10.0, log=True) if log else on_rows(0.0, 1.0, rows))
    low, high = _sound(*extent, log)
    fresh = _log_rounded_outwards(low, high) if log else on_rows(low, high, rows)
    if before is None:
        return fresh
    if low < before.low or high > before.high:
        if not log:
            return fresh
        before = _log_rounded_outwards(min(low, before.low), max(high, before.high))
    first, last = before.to_unit((low, high))
    return before if last - first >= LEAST_FILLED else fresh


def on_rows(low: float, high: float, rows: int) -> Axis:
    """Return the closest linear axis around two limits whose ticks stand in the middle of rows.

    The lowest tick stands at the bottom where that takes no row from the values.
    """
    least = (high - low) / rows
    scale = 10.0 ** math.floor(math.log10(least))
    for part, stride in _heights_of_rows(rows):
        per_row = part * scale
        if per_row < least:
            continue
        bottom, top = math.floor(low / per_row + 0.5), math.ceil(high / per_row - 0.5)
        bottom -= (bottom - 0.5) * per_row > low
        top += (top + 0.5) * per_row < high
        spare = rows - (top - bottom + 1)
        if spare < 0:
            continue
        first = bottom - bottom % stride
        if bottom - first > spare:
            first = bottom - (min(spare // 2, bottom) if bottom >= 0 else spare // 2)
        shown = (first + rows - 1) // stride - -(-first // stride) + 1
        if shown >= min(LEAST_TICKS, (rows + 2) // 3):
            return Axis((first - 0.5) * per_row, (first + rows - 0.5) * per_row, rows=rows)
    return Axis(low, high)  # one or two rows, too few for what is asked of them


@lru_cache(maxsize=16)
def _heights_of_rows(rows: int) -> tuple[tuple[float, int], ...]:
    """How much of an axis a row can be, the least first, and at every which row a tick then is."""
    closest = max(2, math.ceil(rows / MOST_TICKS))
    return tuple(
        sorted(
            (float(f"{mantissa}e{exponent}") / stride, stride)
            for exponent in range(4)
            for mantissa in ROW_MANTISSAS
            for stride in range(closest, max(closest, rows // 2) + 1)
        )
    )


def _extent(values: ArrayLike, log: bool) -> tuple[float, float] | None:
    """Return the least and the greatest value that has a place on an axis."""
    values = np.asarray(values, dtype=np.float64)
    shown = values[np.isfinite(values) & (values > 0 if log else True)]
    if not shown.size:
        return None
    return float(shown.min()), float(shown.max())


def _sound(low: float, high: float, log: bool) -> tuple[float, float]:
    """Return limits that are finite, in order and apart, as close to those given as can be."""
    low, high = sorted(
        0.0 if math.isnan(limit) else min(max(float(limit), -LARGEST), LARGEST)
        for limit in (low, high)
    )
    if log:
        if high <= 0:
            return 1.0, 10.0
        high = max(high, SMALLEST_LOG)
        low = max(low, SMALLEST_LOG) if low > 0 else high / 1000
    if high - low >= max(NARROWEST * max(abs(low), abs(high)), SMALLEST_SPAN):
        return low, high
    centre = (low + high) / 2
    half = abs(centre) / 2 if abs(centre) > 10 * SMALLEST_SPAN else 1.0
    return centre - half, centre + half


class _Step(NamedTuple):
    """A round number, mantissa × 10^exponent, whose multiples are exact decimal numbers."""

    mantissa: int
    exponent: int

    def times(self, count: int) -> float:
        return float(f"{self.mantissa * count}e{self.exponent}")


def _step(least: float, mantissas: tuple[int, ...] = (1, 2, 5)) -> _Step:
    """Return the smallest round step of at least `least`, which is positive."""
    exponent = math.floor(math.log10(least))
    for mantissa in mantissas:
        if mantissa * 10.0**exponent >= least * (1 - 1e-9):
            return _Step(mantissa, exponent)
    return _Step(1, exponent + 1)


def _log_rounded_outwards(low: float, high: float) -> Axis:
    """Return the axis from the round value at or under `low` to that at or over `high`."""
    return Axis(_log_round(low, up=False), _log_round(high, up=True), log=True)


def _log_round(value: float, up: bool) -> float:
    """Return the next of 1, 2, 5 × 10^k at or over (`up`), or at or under, a positive value."""
    decade = math.floor(math.log10(value))
    rounds = [float(f"{m}e{k}") for k in range(decade - 1, decade + 3) for m in (1, 2, 5)]
    if up:
        return min(number for number in rounds if number >= value)
    return max(number for number in rounds if number <= value)


def _linear_ticks(axis: Axis, gap: float, mantissas: tuple[int, ...]) -> tuple[Tick, ...]:
    """Return the multiples of one round step, which on an axis made for rows is some of them."""
    span = axis.high - axis.low
    step = _step(span * gap, mantissas)
    per_row = span / (axis.rows or math.inf)
    while per_row and not _divides(per_row, step.times(1)) and step.times(1) < span:
        step = _step(step.times(1) * 1.01, mantissas)
    unit = step.times(1)
    counts = range(math.floor(axis.low / unit), math.ceil(axis.high / unit) + 1)
    shown = [count for count in counts if axis.low <= step.times(count) <= axis.high]
    plain = 1e-3 <= max((abs(step.times(count)) for count in shown), default=1.0) < 1e6
    label = _plain_label if plain else _short_label
    return tuple(Tick(step.times(n), label(n * step.mantissa, step.exponent)) for n in shown)


def _log_ticks(axis: Axis, gap: float) -> tuple[Tick, ...]:
    """Return powers of ten, with others between them or every so many, as the gap asks."""
    low, high = math.log10(axis.low), math.log10(axis.high)
    decades = (high - low) * gap
    stride = max(1, math.ceil(decades))
    if decades <= math.log10(2):
        mantissas: tuple[int, ...] = (1, 2, 4)
    elif decades <= math.log10(3):
        mantissas = (1, 3)
    else:
        mantissas = (1,)
    steps = (
        _Step(mantissa, exponent)
        for exponent in range(math.floor(low), math.ceil(high) + 1)
        if exponent % stride == 0
        for mantissa in mantissas
    )
    return tuple(
        Tick(step.times(1), _plain_label(*step) if -4 <= step.exponent < 6 else _short_label(*step))
        for step in steps
        if axis.low <= step.times(1) <= axis.high
    )


def _divides(part: float, whole: float) -> bool:
    return abs(whole / part - round(whole / part)) < 1e-6


def _plain_label(digits: int, exponent: int) -> str:
    """Write digits × 10^exponent as a decimal number."""
    return _minus(f"{float(f'{digits}e{exponent}'):.{max(0, -exponent)}f}")


def _short_label(digits: int, exponent: int) -> str:
    """Write digits × 10^exponent with a power of ten: 1e−5, 2.5e12."""
    if digits == 0:
        return "0"
    text = str(abs(digits))
    exponent += len(text) - 1
    text = text.rstrip("0")
    mantissa = f"{text[0]}.{text[1:]}" if len(text) > 1 else text
    return _minus(f"{'-' if digits < 0 else ''}{mantissa}e{exponent}")


def _minus(text: str) -> str:
    return text.replace("-", "−")
