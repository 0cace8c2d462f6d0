"""Draws the slope view: the slice of the loss with its tangent, and the map beside it."""

import math
from collections.abc import Iterator

import numpy as np

from nn_core.arrays import Array
from nn_core.config.key_names import key_name
from nn_core.explain.insights.slope import Map, ParameterRange, Slice, SlopeInsight
from nn_core.explain.rows import NumberRow
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed, short
from nn_core.models.losses import LOSSES
from nn_tui.plot.plot import AxisGlyphs, Contours, Curve, Label, Mark, Plot, Points
from nn_tui.plot.render import render
from nn_tui.plot.scale import Axis
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line, Run, width_of
from nn_tui.views import Frame

MAP_FROM = 60  # columns: with fewer there is the slice alone
LEAST_PLOT_ROWS = 4
LEGEND_FROM = 10  # rows: with fewer the plots need them all
BESIDE = 9  # columns of a plot that its axis takes, at most
HIGHEST = 2.0  # times the loss: what is higher is cut off, so that the bottom has its room
TANGENT = 0.15  # of the range, to each side
HEIGHTS = (0.5, 0.3, 0.7, 0.4, 0.6, 0.2, 0.8)  # of a map, at which a line may have its number
MOST_LEVELS = 7
ALIKE = 4.0  # times the least loss: up to there the levels are evenly spaced
APART = 2  # blanks at least before the key of the map
FEW = 2  # parameters that are held, to be named
FLAT = 1e-9  # of the largest loss: differences below are rounding
LEVELS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)  # times powers of ten


def draw(snapshot: Snapshot, frame: Frame) -> list[Line]:
    """The slice on the left, the map on the right, and under them what the step leads to."""
    found: SlopeInsight = snapshot.insight
    if snapshot.guessed:
        return [[(" Where the step leads is hidden until you have guessed.", "quiet")]]
    if snapshot.hides_gradient:
        hint = key_name("hint")
        hidden = f" In a contest the slope is hidden: {hint} shows it until the next move."
        return [[(hidden, "quiet")]]
    below = [_foot(snapshot, found, frame.width)]
    if frame.height >= LEGEND_FROM:
        below.insert(0, _legend(snapshot, found, frame.width))
    height = frame.height - len(below)
    if height < LEAST_PLOT_ROWS or found.slice is None or found.map is None:
        return _in_words(snapshot, found, frame)
    left = frame.width // 2 if frame.width >= MAP_FROM else frame.width
    right = frame.width - left
    with np.errstate(all="ignore"):  # of 1e300 differences and products overflow
        slope = _slice_plot(snapshot, found, found.slice, left, frame.markers)
        chart = _map_plot(found, found.map, right, height, frame.markers)
    rows: list[Line] = render(slope, left - 1, height)
    if right:
        beside = render(chart, right - 1, height)
        rows = [[*one, (" ", "text"), *other] for one, other in zip(rows, beside, strict=True)]
    return [*([(" ", "text"), *row] for row in rows), *below]


# --- the slice ---------------------------------------------------------------------------------


def _slice_plot(
    snapshot: Snapshot, found: SlopeInsight, shown: Slice, width: int, markers: str
) -> Plot:
    chosen = found.chosen
    cell = _cell(chosen, width)
    marks: list[Mark] = [Curve(shown.values, shown.losses), *_past(found, found.past_steps.losses)]
    here = (chosen.value, found.loss)
    if math.isfinite(found.slope) and math.isfinite(found.loss):
        reach = TANGENT * (chosen.high - chosen.low)
        ends = np.array([chosen.value - reach, chosen.value + reach])
        heights = found.loss + found.slope * (ends - chosen.value)
        marks.append(Curve(ends, heights, role="push", every=2))
    if found.known and not found.frozen:
        marks += _arrow(here, (chosen.next, found.landing), cell)
    marks.append(Label(shown.bottom, shown.least, "✦", role="truth"))
    marks.append(Label(*here, "◆", role="model"))
    if len(shown.kinks):
        own = shown.rows_of_kinks == snapshot.point.index
        marks.append(AxisGlyphs(shown.kinks[~own], "┴" * int((~own).sum()), role="data"))
        marks.append(AxisGlyphs(shown.kinks[own], "◉" * int(own.sum()), role="data"))
    elif LOSSES[snapshot.config.loss].has_sign_slope:
        marks.append(AxisGlyphs(np.empty(0), ""))
    slope = (f"  slope {fixed(found.slope):>7}", "push")
    rest = [slope] if math.isfinite(found.loss) else []
    title = _title([f"loss over {chosen.label}", chosen.label], rest, width)
    return Plot(
        tuple(marks),
        title,
        x=Axis(chosen.low, chosen.high),
        reach=_heights(found, shown),
        markers=markers,
    )


def _past(found: SlopeInsight, up: Array) -> list[Mark]:
    """The last steps, each of which a click goes back to."""
    across = found.past_steps.values[:, 0]
    return [
        Points(across[at : at + 1], up[at : at + 1], meaning("kept", "step", step), glyph="∙")
        for at, step in enumerate(found.past_steps.steps.tolist())
    ]


def _title(names: list[str], rest: list[tuple[str, str]], width: int) -> tuple[Run, ...]:
    """The first name that leaves room for the rest, or the last; a rule stands around it."""
    room = width - len("── ") - len(" ─ ") - width_of(rest)
    name = next((name for name in names if len(name) <= room), names[-1])
    return ((name, "strong"), *rest)


def _heights(found: SlopeInsight, shown: Slice) -> tuple[float, float]:
    """Up to the highest to be drawn, but no further than twice what the loss is and will be.

    From 0 up, unless all of it lies in the upper half.
    """
    needed = [loss for loss in (found.loss, found.landing) if math.isfinite(loss)]
    others = np.concatenate([shown.losses, found.past_steps.losses])
    drawn = needed + others[np.isfinite(others)].tolist()
    top, least = max(drawn, default=1.0), min(drawn, default=0.0)
    if needed and max(needed) > 0:
        top = min(top, HIGHEST * max(needed))
    return (least if 2 * least > top else 0.0, top)


def _cell(parameter: ParameterRange, width: int) -> float:
    """About how much of a parameter's range a column is, rather more."""
    return (parameter.high / 2 - parameter.low / 2) * 2 / max(4, width - BESIDE - 1)


def _arrow(
    start: tuple[float, float], end: tuple[float, float], cell: float, row: float = 0.0
) -> list[Mark]:
    """A line from a place to another with a tip, which stands beside it at the least."""
    if not np.isfinite([*start, *end]).all() or start == end:
        return []
    across, up = (end[0] - start[0]) / cell, (end[1] - start[1]) / row if row else 0.0
    line = Curve(np.array([start[0], end[0]]), np.array([start[1], end[1]]), role="push")
    if abs(across) >= abs(up):
        tip = "▸" if across > 0 else "◂"
        end = (start[0] + math.copysign(max(abs(across), 1.0), across) * cell, end[1])
    else:
        tip = "▴" if up > 0 else "▾"
        end = (end[0], start[1] + math.copysign(max(abs(up), 1.0), up) * row)
    return [line, Label(*end, tip, role="push")]


# --- the map -----------------------------------------------------------------------------------


def _map_plot(found: SlopeInsight, shown: Map, width: int, height: int, markers: str) -> Plot:
    chosen, partner = found.chosen, found.partner
    cell = _cell(chosen, width)
    row = (partner.high / 2 - partner.low / 2) * 2 / max(2, height - 2)
    here, there = (chosen.value, partner.value), (chosen.next, partner.next)
    levels = contour_levels(shown.losses)
    marks: list[Mark] = [
        Contours(shown.across, shown.up, shown.losses, levels),
        *_names(shown, levels, here, cell, row),
        *_past(found, found.past_steps.values[:, 1]),
    ]
    if found.known:
        marks += _arrow(here, there, cell, row)
    if math.isfinite(shown.least):
        marks.append(Label(*shown.bottom, "✦", role="truth"))
    marks.append(Label(*here, "◆", role="model"))
    rest = []
    if math.isfinite(shown.least):
        rest.append((f"  ✦ least {fixed(shown.least):>6}", "truth"))
    if shown.rows < found.rows:
        rest.append((f"  lines of {shown.rows} rows", "quiet"))
    names = [f"{partner.label} over {chosen.label}", f"{partner.label} ↑"]
    return Plot(
        tuple(marks),
        _title(names, rest, width),
        x=Axis(chosen.low, chosen.high),
        y=Axis(partner.low, partner.high),
        markers=markers,
    )


def contour_levels(losses: Array) -> tuple[float, ...]:
    """Round losses to draw a line at: as many as can be told apart, the same for long."""
    finite = losses[np.isfinite(losses)]
    if not len(finite):
        return ()
    low, high = float(finite.min()), float(finite.max())
    if high - low <= FLAT * high:
        return ()
    if high < ALIKE * low:
        ticks = Axis(low, high).ticks(1 / MOST_LEVELS)
        return tuple(tick.value for tick in ticks if low < tick.value < high)
    low = max(low, high * 1e-6)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    rounds = [float(f"{level}e{decade}") for decade in decades for level in LEVELS]
    between = [level for level in rounds if low < level < high]
    return tuple(between[:: -(-len(between) // MOST_LEVELS)])


def _names(
    shown: Map, levels: tuple[float, ...], here: tuple[float, float], cell: float, row: float
) -> list[Mark]:
    """Each level's number on its line, the rows of all apart, where there is room."""
    top, bottom = float(shown.up[-1]) / 2, float(shown.up[0]) / 2
    last = round((top - bottom) / row * 2) - 1  # row of cells, which holds the lower edge too

    def row_of(y: float) -> int:
        return min(last, math.floor((top - y / 2) / row * 2))

    taken = {row_of(shown.bottom[1]), row_of(here[1])}
    marks: list[Mark] = []
    for level in levels:
        places = ((x, y) for x, y in _on_line(shown, level) if row_of(y) not in taken)
        if place := next(places, None):
            taken |= {row_of(place[1])}
            name = short(level)
            marks.append(Label(place[0] - cell * (len(name) // 2), place[1], name, role="quiet"))
    return marks


def _on_line(shown: Map, level: float) -> Iterator[tuple[float, float]]:
    """Places on a level's line: over and under the lowest place, then across at other heights."""
    above = shown.losses > level
    column = int(np.argmin(np.abs(shown.across - shown.bottom[0])))
    low = int(np.argmin(np.abs(shown.up - shown.bottom[1])))
    for side in (np.arange(low, len(above)), np.arange(low, -1, -1)):
        for at in np.flatnonzero(above[side, column])[:1]:
            yield float(shown.across[column]), float(shown.up[side[at]])
    for part in HEIGHTS:
        height = int(part * (len(above) - 1))
        for at in np.flatnonzero(above[height, 1:] != above[height, :-1])[:1]:
            yield float(shown.across[at]), float(shown.up[height])


# --- the last line -----------------------------------------------------------------------------


def _legend(snapshot: Snapshot, found: SlopeInsight, width: int) -> Line:
    """What the marks are, and what of the run is held where the plots are lowest."""
    marks: list[tuple[str, str]] = [("◆ here", "model"), ("∙ before", "kept")]
    if found.known and not found.frozen:
        marks.append(("▸ next step", "push"))
    striped = width >= MAP_FROM and found.map is not None and found.map.is_striped
    if striped:  # it looks like a mistake, where a range has grown far
        marks.append((f"│ equal loss: {found.partner.label} hardly counts", "quiet"))
    if LOSSES[snapshot.config.loss].has_sign_slope and found.slice and len(found.slice.kinks):
        marks.append(("┴ a point crossed, ◉ chosen", "data"))
    numbers = [row.label for row in snapshot.rows if isinstance(row, NumberRow)]
    others = [name for name in numbers if name not in (found.chosen.label, found.partner.label)]
    few = not snapshot.scene.is_listed_by_layer and 0 < len(others) <= FEW
    marks.append((f"✦ least, {' and '.join(others) if few else 'others'} held", "truth"))
    if width >= MAP_FROM and not striped:
        marks.append(("lines: equal loss", "quiet"))
    line: Line = []
    for mark, role in marks:
        if width_of(line) + len(mark) + 2 <= width:
            line += [(" " if not line else "  ", "text"), (mark, role)]
    return line


def _foot(snapshot: Snapshot, found: SlopeInsight, width: int) -> Line:
    """What the step leads to: along the slice alone, and with all parameters moving."""
    line, *pieces = _pieces(snapshot, found)
    key: Line = [("p", "strong"), (" another map ", "text")]
    room = width - (width_of(key) + APART) * (width >= MAP_FROM)
    for piece in pieces:
        if width_of(line) + width_of(piece) <= room:
            line += piece
    if room < width:
        line += [(" " * (room + APART - width_of(line)), "text"), *key]
    return line


def _in_words(snapshot: Snapshot, found: SlopeInsight, frame: Frame) -> list[Line]:
    """The slope, and what the step leads to, line by line where there is no room for plots."""
    chosen = found.chosen
    lines: list[Line] = [
        [(f" {chosen.label} = {fixed(chosen.value)}", "strong"),
         (f"   slope {fixed(found.slope)}", "push")],
    ]  # fmt: skip
    for piece in _pieces(snapshot, found):
        if len(lines) > 1 and width_of(lines[-1]) + width_of(piece) <= frame.width:
            lines[-1] += piece
        else:
            lines.append(piece)
    return lines[: frame.height] if frame.height > 1 else lines[1:2]


def _pieces(snapshot: Snapshot, found: SlopeInsight) -> list[Line]:
    """What there is to say of the step, piece by piece, the most important first."""
    pieces: list[Line] = [[(" here ", "text"), (f"{fixed(found.loss):>7}", "model")]]
    if found.penalised:
        pieces.append([(" with penalty", "quiet")])
    if found.slice is not None and found.slice.rows < found.rows:
        # Beside the loss in the status line, which is that of all rows.
        of_all = "" if found.penalised else f" (all {fixed(snapshot.loss)})"
        pieces.append([(f" on {found.slice.rows} of {found.rows} rows{of_all}", "quiet")])
    elif snapshot.steps_per_epoch > 1:
        pieces.append([(f" on all {found.rows} rows", "quiet")])
    if found.known and not found.frozen:
        name = f"{found.chosen.label} " if found.chosen.kind == "number" else ""
        pieces.append([(f"   {name}alone ▸ ", "text"), (f"{fixed(found.landing):>7}", "push")])
        pieces.append([("   all move ▸ ", "text"), (f"{fixed(found.next_loss):>7}", "strong")])
    if found.known and not math.isclose(found.used, found.slope, rel_tol=1e-6, abs_tol=1e-12):
        what = "batch’s slope" if snapshot.steps_per_epoch > 1 else "gradient used"
        what = "Σ gradient used" if snapshot.sums_gradients else what
        pieces.append([(f"   {what} ", "text"), (f"{fixed(found.used):>7}", "push")])
    if snapshot.scene.scaled:
        pieces.append([("   scaled units", "quiet")])
    return pieces
