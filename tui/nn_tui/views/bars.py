"""Bars: a number for each row of a batch, up or down from 0, in the order of their inputs."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array
from nn_core.expressions import quotient, work_out
from nn_core.formatting import fixed, number, short
from nn_tui.plot.scale import Axis
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line, Run

LABELS = 8  # columns left of the bars, the axis among them
SUMS = 12  # columns right of them
SUMS_FROM = 60  # columns in all: from here on there is room for the sums
WIDEST_BAR = 8
LEAST_HEIGHT = 5  # rows: a bar up, the axis, a bar down, labels, the mark
TICK_GAP = 8  # columns that the label of an input takes
MOST_LABELS = 12  # of rows
_MANTISSAS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_UP = ((3 / 4, "█"), (1 / 4, "▄"), (0.0, "▁"))  # filled from below by more than so much
_DOWN = ((3 / 4, "█"), (1 / 4, "▀"), (0.0, "▔"))


@dataclass(frozen=True, eq=False)
class Bars:
    """What is drawn: a value for each row and its input, None where there are several inputs.

    `numbers` are what the rows are called then; `chosen` is the row that is marked, and `mark`
    what stands beside the mark, or in its place.  With `averaged` the chosen row's part of the
    rows' mean stands there too, where there is room.
    """

    values: Array
    x: Array | None
    numbers: Array
    chosen: int | None
    mark: str
    role: str
    averaged: bool = False


@dataclass(frozen=True)
class _Columns:
    """Bars side by side: their heights, how wide one is with its gap, and which is marked.

    `points` are the rows of the data that they are of, none where a bar is of several; `over_x`:
    in the order of their one input.
    """

    heights: Array
    pitch: int
    marked: int | None
    labels: dict[int, str]
    points: tuple[int, ...] = ()
    over_x: bool = False

    @property
    def width(self) -> int:
        """Of a bar without its gap."""
        return max(1, self.pitch - 1)


def room_for_bars(width: int) -> int:
    """How many columns the bars have."""
    return max(1, width - LABELS - (SUMS if width >= SUMS_FROM else 1))


def are_binned(bars: Bars, width: int) -> bool:
    """Whether there are more rows than columns, so that a bar is the sum of several."""
    return len(bars.values) > room_for_bars(width)


def draw(bars: Bars, sums: list[Run], width: int, height: int) -> list[Line]:
    """The bars in so many rows, with the inputs under them and `sums` at their right."""
    columns = _columns(bars, room_for_bars(width))
    unit, up, down = _scale(columns.heights, height - 3)
    if not down:  # what is left over lies where there is nothing to see
        up = height - 3
    every = -(-(height - 2) // MOST_LABELS)
    lines: list[Line] = []
    for row in range(height - 2):
        level = up - row  # 1 is the row above the axis, −1 the one below it
        reached = abs(level) <= _reach(columns, unit, level) and level % every == 0
        label = _signed(level * unit) if reached else ""
        label = "" if len(label) > LABELS - 2 else label
        line: Line = [(f"{label:>{LABELS - 2}}", "quiet"), (" ┼" if level == 0 else " ┤", "rule")]
        line += _row(columns, level, unit, bars.role, room_for_bars(width))
        if width >= SUMS_FROM and row < len(sums):
            text, role = sums[row]
            line.append((f"{text:>{SUMS}}", role))
        lines.append(line)
    lines.append([(" " * LABELS + _labels(columns, room_for_bars(width)), "quiet")])
    lines.append(_mark(columns, (bars.mark + _part(bars), bars.mark), width))
    return lines


def _part(bars: Bars) -> str:
    """What the chosen row adds to the mean."""
    count = len(bars.values)
    if not bars.averaged or bars.chosen is None or count < 2:
        return ""
    value = float(bars.values[bars.chosen])
    work = work_out(quotient(value, count), value / count)
    return f": {work.text} {work.sign} {work.result}"


# --- columns ----------------------------------------------------------------------------------


def _columns(bars: Bars, room: int) -> _Columns:
    values = np.where(np.isfinite(bars.values), bars.values, 0.0)
    count, x = len(values), bars.x
    if x is not None and not np.isfinite(x).all():
        x = None
    if count > room:
        return _binned(values, x, bars, room)
    pitch = max(1, min(room // count, WIDEST_BAR))
    order = np.arange(count) if x is None else np.argsort(x, kind="stable")
    points = tuple(bars.numbers[order].tolist())
    marked = None
    if bars.chosen is not None:
        marked = int(np.flatnonzero(order == bars.chosen)[0])
    if x is None:
        names = [str(number + 1) for number in bars.numbers]
    else:
        names = [_signed(value) for value in np.round(x[order], 2).tolist()]
        steps = np.diff(x[order])
        if count > 2 and np.allclose(steps, steps.mean(), 0, 0.02 * abs(steps.mean())):
            low, high = float(x.min()), float(x.max())
            middle, across = max(1, pitch - 1) / 2, (count - 1) * pitch
            labels = _tick_labels(
                Axis(low, high), count * pitch, lambda part: round(middle + part * across)
            )
            return _Columns(values[order], pitch, marked, labels, points, over_x=True)
    every = -(-TICK_GAP // pitch)
    labels = {at * pitch + (pitch - 1) // 2: names[at] for at in range(0, count, every)}
    return _Columns(values[order], pitch, marked, labels, points, over_x=x is not None)


def _binned(values: Array, x: Array | None, bars: Bars, room: int) -> _Columns:
    """Sums over equal stretches of the input, or of the rows' order."""
    places = np.arange(len(values)) if x is None else x
    low, high = float(places.min()), float(places.max())
    with np.errstate(all="ignore"):
        part = (places - low) / (high - low) if high > low else np.zeros(len(places))
    bins = np.minimum((part * room).astype(int), room - 1)
    heights = np.bincount(bins, weights=values, minlength=room)
    marked = None if bars.chosen is None else int(bins[bars.chosen])
    labels = _tick_labels(Axis(low, high), room, lambda part: min(room - 1, int(part * room)))
    if x is None:  # rows are counted
        labels = {at: label.lstrip("+") for at, label in labels.items()}
    return _Columns(heights, 1, marked, labels)


def _tick_labels(axis: Axis, room: int, column: Callable[[float], int]) -> dict[int, str]:
    """Round inputs, each at the column of its place between the axis's ends."""
    ticks = axis.ticks(TICK_GAP / room)
    return {column(float(axis.to_unit([tick.value])[0])): _signed(tick.value) for tick in ticks}


# --- rows -------------------------------------------------------------------------------------


def _scale(heights: Array, rows: int) -> tuple[float, int, int]:
    """What a row stands for, round, and how many rows the bars take above and below the axis."""
    high, low = max(0.0, float(heights.max())), max(0.0, -float(heights.min()))
    if not 0 < high + low < math.inf:
        return 1.0, 1, 0
    exponent = math.floor(math.log10(high / rows + low / rows)) - 1
    while True:
        for mantissa in _MANTISSAS:
            unit = mantissa * 10.0**exponent
            up, down = (math.ceil(extent / unit - 1e-9) for extent in (high, low))
            if up + down <= rows:
                return unit, up, down
        exponent += 1


def _reach(columns: _Columns, unit: float, level: int) -> int:
    """How many rows the bars reach, up or down."""
    extent = columns.heights.max() if level > 0 else -columns.heights.min()
    return max(0, math.ceil(float(extent) / unit - 1e-9))


def _row(columns: _Columns, level: int, unit: float, role: str, room: int) -> Line:
    if level == 0:
        return [(_numbered(columns, room), "rule")]
    glyph = _glyph_above if level > 0 else _glyph_below
    text = f"{_across(columns, lambda value: glyph(value / unit, abs(level))):<{room}}"
    chosen = "data"
    if columns.points:
        role, chosen = (
            meaning(each, "points", columns.pitch, *columns.points) for each in (role, chosen)
        )
    if columns.marked is None:
        return [(text, role)]
    start = columns.marked * columns.pitch
    end = start + columns.width
    return [(text[:start], role), (text[start:end], chosen), (text[end:], role)]


def _numbered(columns: _Columns, room: int) -> str:
    """The line of 0, with what each bar's point is called where there is room: over inputs alone.

    Where there are several inputs the labels below are those numbers.
    """
    names = [str(point + 1) for point in columns.points] if columns.over_x else []
    if not names or max(map(len, names)) >= columns.pitch:
        return "─" * room
    return "".join(f"{name:─^{columns.width}}─" for name in names).ljust(room, "─")[:room]


def _across(columns: _Columns, glyph: Callable[[float], str]) -> str:
    gap = " " * (columns.pitch - columns.width)
    return "".join(glyph(value) * columns.width + gap for value in columns.heights.tolist())


def _glyph_above(value: float, level: int) -> str:
    return _filled(value - (level - 1), _UP)


def _glyph_below(value: float, level: int) -> str:
    return _filled(-value - (level - 1), _DOWN)


def _filled(part: float, glyphs: tuple[tuple[float, str], ...]) -> str:
    return next((glyph for more_than, glyph in glyphs if part > more_than + 1e-9), " ")


def _labels(columns: _Columns, room: int) -> str:
    """The inputs' labels, each around its place, as many as don't touch."""
    text, end = "", 0
    for at, label in sorted(columns.labels.items()):
        start = max(0, at - len(label) // 2)
        if start >= end and start + len(label) <= room:
            text = f"{text:<{start}}{label}"
            end = start + len(label) + 1
    return f"{text:<{room}}"


def _mark(columns: _Columns, marks: Sequence[str], width: int) -> Line:
    """The mark, and beside it the first of what may be said of it for which there is room."""
    if columns.marked is None:
        return [(f" {marks[-1]}"[:width], "data")]
    before = LABELS + columns.marked * columns.pitch
    under = "▲" * columns.width
    line: Line = [(" " * before, "text"), (under, "data")]
    for mark in marks:
        if before + columns.width + 1 + len(mark) <= width:
            return [*line, (f" {mark}", "data")]
        if len(mark) + 1 <= before:
            return [(f"{mark:>{before - 1}} {under}", "data")]
    return line


def _signed(value: float) -> str:
    """+1, 0, −2.5."""
    value = float(f"{value:.6g}")
    return ("+" if value > 0 else "") + short(value)


def sum_column(above: float, below: float, count: int, mean: float) -> list[Run]:
    """The sums as one would write them under each other, down to the mean."""
    return [
        (f"+{_sum(above)}" if above > 0 else _sum(above), "push"),
        (_sum(below), "push"),
        ("─" * (SUMS - 1), "rule"),
        (_sum(above + below), "push"),
        (f"÷ {count}", "quiet"),
        (f"= {_mean(mean)}", "strong"),
    ]


def _mean(value: float) -> str:
    """As in the arithmetic above the bars: −0.03158, which a sum's decimals would cut short."""
    return number(value) if len(number(value)) < SUMS - 1 else _sum(value)


def _sum(value: float) -> str:
    """With as many decimals, at most four, as there is room for."""
    texts = (fixed(value, decimals) for decimals in range(4, -1, -1))
    return next((text for text in texts if len(text) < SUMS - 1), short(value))
