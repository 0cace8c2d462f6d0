"""Draws the view of the ReLUs: their sum against the data, a list of them, and each by itself."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nn_core.arrays import Array
from nn_core.explain.insights.relus import LayerCurves, ReluInsight
from nn_core.explain.rows import NumberRow, UnitRow
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed, layer_said, short
from nn_core.models.activations import ACTIVATIONS
from nn_tui.panels.plots import GLYPHS, MANY_POINTS
from nn_tui.panels.table import in_sight, table_around_chosen, with_more
from nn_tui.plot.canvas import Canvas
from nn_tui.plot.draw import draw as draw_marks
from nn_tui.plot.plot import AxisGlyphs, Curve, Mark, Plot, Points, ReferenceLine, Residuals
from nn_tui.plot.render import render
from nn_tui.plot.scale import Axis
from nn_tui.text.cells import cut, filled, number
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line, Run, width_of
from nn_tui.views import Frame, no_units, unit_maps

LEAST_PLOT = 24  # columns that the list leaves to the plot
WIDE_FROM = 110  # columns: from here on the list has each unit's parameters too
LEAST_MAIN = 17  # rows that the small plots leave to plot and list
TILE_WIDTH, LEAST_TILE, HIGHEST_TILE = 20, 3, 8
MOST_DRAWN = 20  # units in one plot
OVER = 1.0  # how far beyond the data a unit's curve is drawn, in heights of the data


def draw(snapshot: Snapshot, frame: Frame) -> list[Line]:
    """The chosen unit's formula, the plot beside the list or over the opened unit's numbers."""
    insight: ReluInsight = snapshot.insight
    unit, layer = insight.unit, insight.layer
    if unit is None or layer is None:
        return no_units.draw(snapshot, frame)
    head = _formula(unit, layer, insight, frame.width)
    room = frame.height - 1
    if insight.maps is not None and not snapshot.request.opened:
        body = unit_maps.tiles(snapshot, insight, insight.maps, frame, room)
        return [cut(line, frame.width) for line in [head, *body][: frame.height]]
    if snapshot.request.opened:
        foot = _numbers(snapshot, layer, frame.width, max(2, room - 6))
        body = _plot(snapshot, insight, frame, frame.width, room - len(foot))
    else:
        foot = _tiles(snapshot, insight, layer, unit, frame, room)
        body = _plot_and_list(snapshot, insight, frame, room - len(foot))
    return [cut(line, frame.width) for line in [head, *body, *foot][: frame.height]]


def _formula(unit: UnitRow, layer: LayerCurves, insight: ReluInsight, width: int) -> Line:
    """The chosen unit with its numbers on the left, where it bends, or is, on the right."""
    own = insight.outside.weights
    total = (
        f"w·{layer.inputs} inputs" if layer.number == 0 else f"w·({layer_said(layer.number - 1)})"
    )
    if layer.inputs == 1:
        total = f"{fixed(unit.weight)}·x"
    elif own:
        total = f"{fixed(own[0])}·x1 {'−' if own[1] < 0 else '+'} {fixed(abs(own[1]))}·x2"
    total += f" {'−' if unit.bias < 0 else '+'} {fixed(abs(unit.bias))}"
    formula = ACTIVATIONS[layer.activation].called(total)
    if layer.summing and layer.weighted and insight.outputs == 1:
        formula = f"{fixed(unit.outgoing)} · {formula}"
    name = f" {unit.label}   "
    end, role = "", "model"
    if unit.unit in insight.off:
        end, role = "× switched off", "alarm"
    elif unit.silent:
        end, role = f"△ dead: 0 at all {unit.points} points", "alarm"
    elif math.isfinite(unit.kink):
        end = f"{_glyph(unit)} {ACTIVATIONS[layer.activation].turn} at x = {fixed(unit.kink)}"
    elif layer.weighted:
        end, role = f"{layer_said(layer.number)} of {insight.layers}", "text"
    gap = width - len(name) - len(formula) - len(end) - 1
    if gap < 2:
        return [(name, "strong"), (formula, "push")]
    return [(name, "strong"), (formula, "push"), (" " * gap, "text"), (end, role)]


def _glyph(unit: UnitRow) -> str:
    return "△" if unit.silent else GLYPHS[unit.bend] if unit.bend else "·"


# --- the plot ---------------------------------------------------------------------------------


def _plot_and_list(
    snapshot: Snapshot, insight: ReluInsight, frame: Frame, height: int
) -> list[Line]:
    rows = [row for row in snapshot.rows if isinstance(row, UnitRow)]
    listed = _list(snapshot, insight, rows, frame.width - LEAST_PLOT, height)
    across = max(width_of(line) for line in listed)
    plot = _plot(snapshot, insight, frame, frame.width - across, height)
    listed += [[] for _ in range(height - len(listed))]
    return [[*left, *right] for left, right in zip(plot, listed, strict=False)]


def _plot(
    snapshot: Snapshot, insight: ReluInsight, frame: Frame, width: int, height: int
) -> list[Line]:
    unit, layer, markers = insight.unit, insight.layer, frame.markers
    if unit is None or layer is None or width < 1 or height < 1:
        return [[] for _ in range(max(0, height))]
    instead = unit_maps.instead_of_curves(snapshot, insight, frame, width, height)
    if instead is not None:
        return [filled(line, width) for line in instead]
    own = [row.unit for row in layer.units].index(unit.unit)
    many = layer.summing and len(snapshot.scene.x) > MANY_POINTS
    marks: list[Mark] = []
    if layer.summing and layer.offset is not None:
        marks.append(ReferenceLine(layer.offset, f"bias {fixed(layer.offset)}"))
    others = [at for at in _largest(layer.units) if at != own]
    marks += [Curve(layer.places, layer.curves[at], role="kept", every=3) for at in others]
    if layer.summing:
        marks.append(Curve(layer.places, layer.curve, role="model", over_points=many))
        if insight.x is not None and insight.y is not None:
            chosen = snapshot.scene.drawn_at(snapshot.point.index)
            marks.append(Points(insight.x[:, 0], insight.y, chosen=chosen))
    if math.isfinite(unit.kink):
        top = float(np.interp(unit.kink, layer.places, layer.curve)) if layer.summing else 0.0
        marks.append(Residuals([unit.kink], [0.0], [top], role="push"))
    every = 2 if layer.summing else 1  # else it would look like the sum but for its colour
    line = layer.curves[own]
    marks.append(Curve(layer.places, line, role="push", every=every, over_points=many))
    marks += _kink_glyphs(layer.units, unit)
    x = Axis(float(layer.places[0]), float(layer.places[-1]))
    plot = Plot(
        tuple(marks),
        _title(snapshot, insight, layer, unit),
        x=x,
        reach=_heights(insight, layer),
        markers=markers,
    )
    return render(plot, width, height)


def _largest(units: Sequence[UnitRow]) -> list[int]:
    """Which of the units are drawn beside the chosen one: all, or those with the largest shares."""
    shares = [unit.share if math.isfinite(unit.share) else 0.0 for unit in units]
    return sorted(range(len(units)), key=lambda at: -shares[at])[:MOST_DRAWN]


def _kink_glyphs(units: Sequence[UnitRow], chosen: UnitRow) -> list[Mark]:
    """Every kink under the plot, the chosen unit's last, so that it stands out."""
    kinked = [unit for unit in units if math.isfinite(unit.kink) and unit.unit != chosen.unit]
    found: list[Mark] = [
        AxisGlyphs(
            np.array([unit.kink for unit in kinked]), "".join(map(_glyph, kinked)), role="kept"
        )
    ]
    return [*found, AxisGlyphs(np.array([chosen.kink]), _glyph(chosen), role="push")]


def _title(
    snapshot: Snapshot, insight: ReluInsight, layer: LayerCurves, unit: UnitRow
) -> tuple[Run, ...]:
    title: list[Run] = []
    if layer.summing:
        name = unit.label.removeprefix("unit ")  # else the others have no room on a small screen
        title += [("● data", "data"), ("  ⣀⣀ sum", "model"), (f"  ⡀⡀ {name}", "push")]
    else:
        title += [(f"{layer_said(layer.number)} of {insight.layers} puts out", "strong")]
        title += [(f"  ⣀⣀ {unit.label}", "push")]
    others = {1: "", 2: "the other"}.get(layer.width, "others")
    if layer.width > MOST_DRAWN:
        others = f"{MOST_DRAWN} largest of {layer.width}"
    title += [(f"  ⠂⠐ {others}", "kept")] * (others != "")
    if insight.outputs > 1:
        title.append((f"  first of {insight.outputs} outputs", "quiet"))
    if snapshot.scene.scaled:
        title.append(("  scaled", "quiet"))
    return tuple(title)


def _heights(insight: ReluInsight, layer: LayerCurves) -> Array:
    """Heights around the data and, as far as they don't dwarf it, the units' curves."""
    # In double precision: beyond what float32 holds a limit around them can't be cast to it.
    curves = layer.curves[np.isfinite(layer.curves)].astype(np.float64)
    if not layer.summing or insight.y is None:
        return curves
    low, high = min(float(insight.y.min()), 0.0), max(float(insight.y.max()), 0.0)
    reach = OVER * (high - low) or 1.0
    return np.append(np.clip(curves, low - reach, high + reach), [low, high])


# --- the list ---------------------------------------------------------------------------------


def _list(
    snapshot: Snapshot, insight: ReluInsight, rows: list[UnitRow], most: int, height: int
) -> list[Line]:
    """The visible units, with as many columns as there is room for, and arrows where more are."""
    if insight.unit is None or insight.layer is None or not rows or height < 1:
        return [[]]
    at = [(row.layer, row.unit) for row in rows]
    here = (insight.unit.layer, insight.unit.unit)
    sight = in_sight(len(rows), at.index(here) if here in at else 0, height - 1)
    rows = rows[sight]
    names = [row.label.split(" ")[-1] for row in rows]
    label = max(len(name) for name in names)
    # What is smooth has no kink; what has a middle is never off, but up where its sum is above 0.
    turn = ACTIVATIONS[insight.layer.activation].turn
    on = f"{'up' if turn == 'middle' else 'on'}/{insight.unit.points}"
    columns = {turn: 9, "slope": 9, on: max(6, len(on) + 1), "share": 6}
    if most >= WIDE_FROM - LEAST_PLOT:
        columns = {turn: 9, "w": 9, "b": 9, "v": 9} | columns
    if insight.layer.inputs > 1:  # then there is no one kink
        columns = {name: columns[name] for name in columns if name not in (turn, "slope", "w")}
    while len(columns) > 1 and 5 + label + sum(columns.values()) > most:
        columns.popitem()
    lines = [_list_title(insight.unit.label.split(" ")[0], 5 + label, columns)]
    for row, name in zip(rows, names, strict=True):
        is_chosen = (row.layer, row.unit) == here
        role = "strong" if is_chosen else "text"
        named = meaning(role, "row", row.label)
        line: Line = [(f" {'▸' if is_chosen else ' '} {name:>{label}} ", named)]
        off = row.layer == here[0] and row.unit in insight.off
        role_of_glyph = "alarm" if row.silent or off else "push" if is_chosen else "model"
        line.append(("×" if off else _glyph(row), role_of_glyph))
        values = {
            turn: _cell(row.kink, 9),
            "slope": _cell(row.slope, 9),
            "w": _cell(row.weight, 9),
            "b": _cell(row.bias, 9),
            "v": _cell(row.outgoing, 9),
            on: str(row.on),
            "share": f"{short(round(100 * row.share))}%" if math.isfinite(row.share) else "–",
        }
        line.append(("".join(f"{values[name]:>{cells}}" for name, cells in columns.items()), role))
        lines.append(line)
    before = snapshot.request.first + sight.start
    return with_more(lines, before, snapshot.row_count - before - len(rows))


def _list_title(title: str, lead: int, columns: dict[str, int]) -> Line:
    """A rule with the columns' names, each over the end of its numbers."""
    line: Line = [(" ─ ", "rule"), (title, "quiet")]
    used, end = width_of(line), lead
    for name, cells in columns.items():
        end += cells
        gap = end - used - len(name)
        line += [(f" {'─' * (gap - 2)} " if gap > 1 else " ", "rule"), (name, "quiet")]
        used = end
    return line


def _cell(value: float, width: int) -> str:
    """A number in a column; a dash where there is none."""
    return "–" if math.isnan(value) else number(value, width)


# --- an opened unit, and each by itself -------------------------------------------------------


def _numbers(snapshot: Snapshot, layer: LayerCurves, width: int, most: int) -> list[Line]:
    """The parameters of the opened unit: w in, b, v out."""
    request = snapshot.request
    rows = []
    for at, row in enumerate(snapshot.rows, start=request.first):
        if isinstance(row, NumberRow):
            letter = "w" if at < layer.inputs else "b" if at == layer.inputs else "v"
            rows.append(replace(row, name=f"{letter}  {row.name}") if layer.weighted else row)
    return table_around_chosen(snapshot, tuple(rows), most, width)


def _tiles(
    snapshot: Snapshot, insight: ReluInsight, layer: LayerCurves, unit: UnitRow, frame: Frame,
    room: int,
) -> list[Line]:  # fmt: skip
    """A small plot of each unit on the list, all on one scale, where there is room for them."""
    listed = {
        row.unit for row in snapshot.rows if isinstance(row, UnitRow) and row.layer == layer.number
    }
    units = [(at, row) for at, row in enumerate(layer.units) if row.unit in listed]
    most = LEAST_MAIN + max(0, room - LEAST_MAIN) // 2  # rows of plot and list, if both have more
    if not len(layer.places) and insight.outside.picture is None:
        most = room  # the weights in a row are less than the rest of the list
    left = room - max(LEAST_MAIN, min(len(snapshot.rows) + 1, most)) - 1
    across = max(1, min(len(units), frame.width // TILE_WIDTH))
    wanted = -(-len(units) // across)
    if not len(layer.places):
        return unit_maps.pictures(insight, [row for _, row in units], frame, left + 1)
    if left < LEAST_TILE or not units:
        return []
    down = min(wanted, left // LEAST_TILE)
    high = min(HIGHEST_TILE, left // down)
    here = next((at for at, (_, row) in enumerate(units) if row.unit == unit.unit), 0)
    first = max(0, here // across - down + 1) * across
    curves = layer.curves[np.isfinite(layer.curves)]
    lowest, highest = curves.min(initial=0.0), curves.max(initial=0.0)
    axes = (
        Axis(float(layer.places[0]), float(layer.places[-1])),
        Axis(-_rounded_up(-lowest), _rounded_up(highest)),
    )
    title = " each by itself, on one scale "
    lines: list[Line] = [
        [(" ──", "rule"), (title, "quiet"), ("─" * (frame.width - len(title) - 4), "rule")]
    ]
    for row in range(down):
        some = units[first + row * across :][:across]
        tiles = [
            _tile(
                one,
                layer,
                at,
                one.unit == unit.unit,
                frame.width // across,
                high,
                axes,
                frame.markers,
            )
            for at, one in some
        ]
        lines += [[run for line in parts for run in line] for parts in zip(*tiles, strict=True)]
    return lines


def _rounded_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, … × 10^k, so that the scale seldom moves while it is trained."""
    if not 0 < value < np.inf:
        return 0.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next(unit * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10, 11) if unit * step >= value)


def _tile(
    unit: UnitRow,
    layer: LayerCurves,
    at: int,
    chosen: bool,
    width: int,
    height: int,
    axes: tuple[Axis, Axis],
    markers: str,
) -> list[Line]:
    canvas = Canvas(width - 2, height, markers)
    role = "push" if chosen else "quiet" if unit.silent else "model"
    draw_marks(canvas, (Curve(layer.places, layer.curves[at], role=role),), *axes)
    name = f"{unit.label.split(' ')[-1]} {_glyph(unit)}"
    canvas.text(0, 0, name, "strong" if chosen else "text")
    return [[(" ", "text"), *line, (" ", "text")] for line in canvas.lines()]
