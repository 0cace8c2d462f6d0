"""Hidden units without a single x, in the view of the ReLUs: small maps, or pictures of weights."""

import numpy as np

from nn_core.arrays import Array
from nn_core.explain.insights.relus import ReluInsight
from nn_core.explain.insights.unit_maps import UnitMaps
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import plain, signed
from nn_tui.panels import classes
from nn_tui.plot import pixels
from nn_tui.plot.canvas import Canvas
from nn_tui.plot.class_field import draw_field
from nn_tui.plot.plot import ClassField, Plot
from nn_tui.plot.render import render
from nn_tui.plot.scale import Axis
from nn_tui.text.cells import cut, filled, rule
from nn_tui.text.roles import Line, width_of
from nn_tui.views import Frame

TILE_WIDTH, LEAST_TILE, HIGHEST_TILE = 16, 5, 9
NAME = 8  # letters of a class beside its bar
LEAST_BARS = 24  # cells of all that stands beside a picture


def tiles(
    snapshot: Snapshot, insight: ReluInsight, maps: UnitMaps, frame: Frame, room: int
) -> list[Line]:
    """A map for each unit around the chosen one, and last what they add up to."""
    unit = insight.unit
    assert unit is not None
    across = max(2, frame.width // TILE_WIDTH)
    most = max(1, (room - 1) // LEAST_TILE)
    down = min(most, -(-(len(maps.units) + 1) // across))
    high = min(HIGHEST_TILE, (room - 1) // down)
    if high < 3:
        return []
    width, count = frame.width // across, across * down - 1
    at = maps.units.index(unit.unit)
    first = max(0, min(at - count // 2, len(maps.units) - count))
    shown = range(first, min(first + count, len(maps.units)))
    parts = [_tile(snapshot, insight, maps, one, frame, (width, high)) for one in shown]
    parts.append(_sum(snapshot, maps, frame, (width, high)))
    lines: list[Line] = [_legend(snapshot, maps, frame.width)]
    for start in range(0, len(parts), across):
        row = parts[start : start + across]
        lines += [[run for line in some for run in line] for some in zip(*row, strict=True)]
    return [cut(line, frame.width) for line in lines[:room]]


def _legend(snapshot: Snapshot, maps: UnitMaps, width: int) -> Line:
    first, second = (name[:NAME] for name in snapshot.scene.classes[:2])
    if maps.adds:
        said = "what each adds to the logit"
        roles = [(f"below 0: for {first}", "data"), ("  ", "rule")]
        return rule([(said, "strong"), ("  ", "rule"), *roles,
                     (f"above: for {second}", "model")], width)  # fmt: skip
    return rule([("what each puts out", "strong"), ("  below 0", "data"),
                 ("  above 0", "model")], width)  # fmt: skip


def _shares(values: Array, largest: float, falling: bool) -> Array:
    """Numbers as shares of two, so that the border between these is where the number is 0."""
    share = 0.5 + 0.5 * np.clip(values / largest, -1, 1)
    if falling:  # a unit that is silent on one side, and counts against on the other
        share = np.where(values == 0, 0.5 + 1e-9, share)
    return np.stack([1 - share, share], axis=-1)


def _field(insight: ReluInsight, maps: UnitMaps, at: int, colour: bool) -> ClassField:
    values = np.nan_to_num(maps.values[at])
    sizes = np.abs(np.nan_to_num(maps.values))
    largest = float(sizes.max()) if maps.adds else float(sizes[at].max())
    falling = bool(values.max(initial=0.0) <= 0)
    return ClassField(maps.x1, maps.x2, _shares(values, largest or 1.0, falling), colour)


def _tile(
    snapshot: Snapshot, insight: ReluInsight, maps: UnitMaps, at: int, frame: Frame,
    size: tuple[int, int],
) -> list[Line]:  # fmt: skip
    unit, layer = insight.unit, insight.layer
    assert unit is not None
    assert layer is not None
    own = maps.units[at]
    is_chosen, off = own == unit.unit, own in insight.off
    name = f"{unit.label.split(' ')[-1].rpartition('.')[0]}.{own}".lstrip(".")
    told = [row.outgoing for row in layer.units if row.unit == own]
    more = f" · {signed(told[0], 2)}" if maps.adds and told else ""
    title: Line = [
        (f"{'▸' if is_chosen else ' '}{name}", "strong" if is_chosen else "text"),
        (" × off" if off else more, "alarm" if off else "quiet"),
    ]
    return _framed(title, _field(insight, maps, at, frame.colour), snapshot, frame, size)


def _sum(snapshot: Snapshot, maps: UnitMaps, frame: Frame, size: tuple[int, int]) -> list[Line]:
    """The map of the classes, which the units add up to."""
    title: Line = [(" Σ + bias" if maps.adds else " the network", "strong")]
    picture = snapshot.classes
    assert picture is not None
    if picture.map is None:
        return [[(" " * size[0], "text")]] * size[1]
    found = picture.map
    field = ClassField(found.x1, found.x2, found.shares, frame.colour)
    return _framed(title, field, snapshot, frame, size)


def _framed(
    title: Line, field: ClassField, snapshot: Snapshot, frame: Frame, size: tuple[int, int]
) -> list[Line]:
    """A tile: its title over its map, with a blank column to the right."""
    width, high = size
    assert snapshot.scene.plane is not None
    across, up = snapshot.scene.plane.limits
    canvas = Canvas(width - 1, high - 1, frame.markers)
    draw_field(canvas, field, Axis(*across), Axis(*up))
    return [filled(title, width), *([*line, (" ", "text")] for line in canvas.lines())]


# --- in place of curves over x ----------------------------------------------------------------


def instead_of_curves(
    snapshot: Snapshot, insight: ReluInsight, frame: Frame, width: int, height: int
) -> list[Line] | None:
    """What is drawn of the chosen unit where it is no curve over x; None where it is one."""
    unit, layer, outside = insight.unit, insight.layer, insight.outside
    assert unit is not None
    assert layer is not None
    if insight.maps is not None:
        return _map(snapshot, insight, insight.maps, frame, width, height)
    if len(layer.places):
        return None
    lines: list[Line]
    if outside.picture is not None:
        lines = _picture(snapshot, outside.picture, outside.reaches, frame, width, height)
    elif outside.reaches:
        lines = _counts_for(snapshot, outside.reaches, width - 1)
    else:
        said = f" {layer.inputs} inputs: no single x"
        lines = [[(said, "quiet")], [(" to draw over", "quiet")]]
    return [*lines[:height], *([] for _ in range(height - len(lines)))]


def _picture(
    snapshot: Snapshot, picture: Array, reaches: tuple[float, ...], frame: Frame, width: int,
    height: int,
) -> list[Line]:  # fmt: skip
    """The unit's weights as a picture, and what it counts for beside it, or below."""
    shares = bool(reaches) and width >= 2 * LEAST_BARS
    small, scale = pixels.fitted(picture, width - 2 - LEAST_BARS * shares, height - 1)
    drawn = pixels.drawn(pixels.signed(small), pixels.SIGNED, scale, frame.colour)
    more, less = ("sky", "amber") if frame.colour else ("▓", "X")
    title: Line = [("weights", "strong"), (f"  > 0 {more}", "model"), (f"  < 0 {less}", "data")]
    lines: list[Line] = [[(" ", "text"), *line] for line in drawn]
    beside = max(map(width_of, lines), default=0) + 2
    if reaches and width - beside >= LEAST_BARS:
        bars = _counts_for(snapshot, reaches, width - beside - 1)
        lines = [rule(title, beside - 1), *lines]
        count = max(len(lines), len(bars))
        lines, bars = (some + [[]] * (count - len(some)) for some in (lines, bars))
        return [[*filled(line, beside), *bar] for line, bar in zip(lines, bars, strict=True)]
    lines = [rule(title, width - 1), *lines]
    if reaches and len(lines) + len(reaches) < height:
        lines += _counts_for(snapshot, reaches, width - 1)
    return lines


def _counts_for(snapshot: Snapshot, reaches: tuple[float, ...], width: int) -> list[Line]:
    """The weights with which a unit enters each class."""
    names = [name[:NAME] for name in snapshot.scene.classes]
    title = rule([("what it counts for", "strong")], width)
    return [title, *_signed_bars(names, reaches, width)]


def _map(
    snapshot: Snapshot, insight: ReluInsight, maps: UnitMaps, frame: Frame, width: int, height: int
) -> list[Line]:
    """The chosen unit's map under the points."""
    scene, picture, unit = snapshot.scene, snapshot.classes, insight.unit
    assert unit is not None
    assert scene.plane is not None
    assert picture is not None
    (left, right), (low, high) = scene.plane.limits
    x, y = scene.plane.points.T
    marks = classes.points(scene, picture, x, y, snapshot.point.index)
    field = _field(insight, maps, maps.units.index(unit.unit), frame.colour)
    said = "adds to the logit" if maps.adds else "puts out"
    plot = Plot(
        (field, *marks), ((f"what {unit.label} {said}", "strong"),),
        x=Axis(left, right), y=Axis(low, high), markers=frame.markers,
    )  # fmt: skip
    return render(plot, width, height)


def _signed_bars(names: list[str], values: tuple[float, ...], width: int) -> list[Line]:
    """A bar for each number, to the right of 0 or to its left."""
    own = max(len(name) for name in names)
    half = max(1, (width - own - 12) // 2)
    largest = max(abs(value) for value in values) or 1.0
    lines: list[Line] = []
    for name, value in zip(names, values, strict=True):
        full = round(abs(value) / largest * half) if np.isfinite(value) else 0
        bar = "━" * full
        left, right = (bar, "") if value < 0 else ("", bar)
        lines.append([
            (f" {name:>{own}} ", "text"), (f"{left:>{half}}", "data"), ("┊", "rule"),
            (f"{right:<{half}}", "model"), (f" {plain(f'{value:+.2f}'):>6}", "quiet"),
        ])  # fmt: skip
    return lines
