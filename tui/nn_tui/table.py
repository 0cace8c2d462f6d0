"""The table under the plots: parameters one by one, or the layers of a network."""

import math
from collections.abc import Sequence

from nn_core.numbers import fixed, short, signed
from nn_core.snapshot import LayerRow, NumberRow, Snapshot
from nn_tui.roles import Line, Run

SLIDER = {"quadratic": (-1.1, 3.3), "relu": (-3.3, 3.3)}  # the lesson's range, and one around 0
RATIO_EXPONENTS = (-5, -1)  # the ends of the scale of update ÷ size
HEALTHY_EXPONENT = -3
NARROWEST_TRACK = 9
FROZEN = "frozen"  # in place of an update


def table(snapshot: Snapshot, chosen: int, first: int, height: int, width: int) -> list[Line]:
    """The header and the rows from `first` on, in so many lines; `chosen` counts all rows."""
    rows = snapshot.rows
    if rows and isinstance(rows[0], LayerRow):
        layers = [row for row in rows if isinstance(row, LayerRow)]
        lines = _layers(layers, chosen - first, width)
    else:
        numbers = [row for row in rows if isinstance(row, NumberRow)]
        lines = _numbers(snapshot, numbers, chosen - first, width)
    return lines[:height]


def _rule(columns: Sequence[tuple[int, str]], width: int) -> Line:
    """A rule with titles, each ending at (or, negative, beginning at) its column."""
    cells: list[tuple[str, str]] = [("─", "rule")] * (width - 2)
    for column, title in columns:
        start = -column if column < 0 else column - len(title)
        for at, character in enumerate(f" {title} ", start - 1):
            if 0 <= at < len(cells):
                cells[at] = (character, "quiet")
    return [(" ", "text"), *_merged(cells), (" ", "text")]


def _merged(cells: Sequence[Run]) -> Line:
    line: Line = []
    for text, role in cells:
        if line and line[-1][1] == role:
            line[-1] = (line[-1][0] + text, role)
        else:
            line.append((text, role))
    return line


# --- numbers ----------------------------------------------------------------------------------


def slider_range(kind: str, values: Sequence[float]) -> tuple[float, float]:
    """The ends of the sliders: the lesson's, or in doubled steps as far as the values need."""
    low, high = SLIDER.get(kind, (-2.0, 2.0))
    finite = [value for value in values if math.isfinite(value)]
    for _ in range(1100):  # doubling covers every float
        if not any(value < low or value > high for value in finite):
            break
        low = 2 * low if any(value < low for value in finite) else low
        high = 2 * high if any(value > high for value in finite) else high
    return low, high


def _numbers(snapshot: Snapshot, rows: list[NumberRow], chosen: int, width: int) -> list[Line]:
    label = max(12, *(len(row.label) for row in rows)) if rows else 12
    tail = 1 + 10 + 9 + 10  # gradient, update, next, each with the space before it
    track = width - 3 - label - 10 - 2 - tail - 1
    low, high = slider_range(snapshot.scene.kind, [row.value for row in rows])
    inside = snapshot.phase > 0
    at_value = 3 + label + 10
    at_track = at_value + 2
    title = "parameters" if snapshot.scene.kind != "mlp" else rows[0].label.split("[")[0]
    titles = [(-3, title), (at_value - 1, "value")]
    if track >= NARROWEST_TRACK:
        titles += [(-(at_track - 1), short(low)), (at_track + track - 1, short(high))]
    end = width - 2
    titles += [(end - 20, "gradient"), (end - 10, "update"), (end - 1, "next")]
    lines = [_rule(titles, width)]
    strongest = max((abs(row.gradient) for row in rows), default=0.0)
    for at, row in enumerate(rows):
        role = "strong" if at == chosen else "text"
        line: Line = [(f" {'▸' if at == chosen else ' '} {row.label:<{label}}", role)]
        line.append((f"{fixed(row.value):>10}  ", role))
        if track >= NARROWEST_TRACK:
            line += _track(row, low, high, track, strongest)
        elif track > 0:
            line.append((" " * track, "text"))
        line.append((f" {fixed(row.gradient):>10}", "push"))
        if row.frozen:
            line.append((f"{FROZEN:>9}", "quiet"))
        else:
            line.append((f"{signed(row.update):>9}", "push"))
        line.append((f"{fixed(row.next):>10} ", "text" if not inside else "quiet"))
        lines.append(line)
    return lines


def _track(row: NumberRow, low: float, high: float, width: int, strongest: float) -> Line:
    """Where the value started (┊), where it is (◆), and the push on it (━▸)."""
    cells: list[Run] = [("─", "rule")] * width
    cells[0], cells[-1] = ("├", "rule"), ("┤", "rule")

    def cell(value: float) -> int:
        part = (min(max(value, low), high) - low) / (high - low) if math.isfinite(value) else 0.0
        return 1 + round(part * (width - 3))

    here = cell(row.value)
    if low <= row.start <= high:
        cells[cell(row.start)] = ("┊", "quiet")
    if row.update and math.isfinite(row.update) and strongest and math.isfinite(strongest):
        way = 1 if row.update > 0 else -1
        length = 1 + round(3 * abs(row.gradient) / strongest)
        for at in range(1, length + 1):
            if 0 < here + way * at < width - 1:
                tip = at == length or not 0 < here + way * (at + 1) < width - 1
                glyph = ("▸" if way > 0 else "◂") if tip else "━"
                cells[here + way * at] = (glyph, "push")
    cells[here] = ("◆", "model")
    return _merged(cells)


# --- layers -----------------------------------------------------------------------------------


def _layers(rows: list[LayerRow], chosen: int, width: int) -> list[Line]:
    label, shape, ratio = max(10, *(len(row.label) for row in rows)), 8, 16
    track = min(width - 3 - label - shape - 10 - 11 - ratio - 3, 60)
    at_size = 3 + label + shape + 10
    titles = [
        (-3, "layers"), (-(3 + label - 1), "shape"), (at_size - 1, "size"),
        (at_size + 10, "gradient"), (at_size + 10 + ratio, "update ÷ size"),
    ]  # fmt: skip
    at_track = at_size + 11 + ratio + 2
    if track >= NARROWEST_TRACK:
        low, high = (short(10.0**exponent) for exponent in RATIO_EXPONENTS)
        titles += [(-(at_track - 1), low), (at_track + track - 1, high)]
    lines = [_rule(titles, width)]
    for at, row in enumerate(rows):
        role = "strong" if at == chosen else "text"
        name = f" {'▸' if at == chosen else ' '} {row.label:<{label}}"
        line: Line = [(name, role), (f"{'×'.join(map(str, row.shape)):<{shape}}", role)]
        line.append((f"{fixed(row.size):>10}", role))
        line.append((f"{fixed(row.gradient):>11}", "push"))
        if row.frozen:
            line.append((f"{FROZEN:>{ratio}}  ", "quiet"))
        else:
            line.append((f"{_scientific(row.ratio):>{ratio}}  ", "push"))
        if track >= NARROWEST_TRACK:
            line += _ratio_track(row.ratio, track)
        lines.append(line)
    return lines


def _scientific(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    return f"{value:.1e}".replace("e-0", "e−").replace("e+0", "e").replace("e-", "e−")


def _ratio_track(ratio: float, width: int) -> Line:
    """Where the ratio lies between 1e−5 and 0.1; ┊ marks the healthy 1e−3."""
    cells: list[Run] = [("─", "rule")] * width
    cells[0], cells[-1] = ("├", "rule"), ("┤", "rule")
    low, high = RATIO_EXPONENTS

    def cell(exponent: float) -> int:
        part = (min(max(exponent, low), high) - low) / (high - low)
        return 1 + round(part * (width - 3))

    cells[cell(HEALTHY_EXPONENT)] = ("┊", "quiet")
    if ratio > 0 and math.isfinite(ratio):
        cells[cell(math.log10(ratio))] = ("◆", "model")
    return _merged(cells)
