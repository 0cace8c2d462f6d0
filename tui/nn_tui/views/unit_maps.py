"""Hidden units without a single x, in the view of the ReLUs: small maps, or pictures of weights."""

from collections.abc import Sequence

import numpy as np

from nn_core.arrays import Array
from nn_core.explain.insights.relus import ReluInsight
from nn_core.explain.insights.unit_maps import UnitMaps, UnitOutside
from nn_core.explain.rows import UnitRow
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import plain, signed, unit_short
from nn_tui.panels import classes
from nn_tui.plot import pixels
from nn_tui.plot.canvas import Canvas
from nn_tui.plot.class_field import draw_field, sample
from nn_tui.plot.plot import ClassField, Plot
from nn_tui.plot.render import render
from nn_tui.plot.scale import Axis
from nn_tui.text.cells import cut, filled, rule, shortened
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line, width_of
from nn_tui.views import Frame

TILE_WIDTH, LEAST_TILE = 16, 5  # cells of a tile, at least
LEAST_PICTURE, LEAST_ROW = 4, 3  # rows of a picture of weights, or a row of them, with its name
LEAST_BARS = 22  # cells of all that stands beside a picture
NAME = 16  # letters of what a weight belongs to, beside its bar
SIDE = 8  # letters of a class in the legend


def tiles(
    snapshot: Snapshot, insight: ReluInsight, maps: UnitMaps, frame: Frame, room: int
) -> list[Line]:
    """A map for each unit around the chosen one, and last what they add up to."""
    unit = insight.unit
    assert unit is not None
    across, down = grid(len(maps.units) + 1, frame.width, room - 1)
    width, count = frame.width // across, across * down - 1
    high = min((room - 1) // down, width)
    if high < 3:
        return []
    at = maps.units.index(unit.unit)
    first = max(0, min(at - count // 2, len(maps.units) - count))
    shown = range(first, min(first + count, len(maps.units)))
    parts = [_tile(snapshot, insight, maps, one, frame, (width, high)) for one in shown]
    parts.append(_sum(snapshot, maps, frame, (width, high)))
    lines: list[Line] = [_legend(snapshot, maps, frame.width, frame.colour)]
    for start in range(0, len(parts), across):
        row = parts[start : start + across]
        lines += [[run for line in some for run in line] for some in zip(*row, strict=True)]
    return [cut(line, frame.width) for line in lines[:room]]


def grid(
    count: int, width: int, height: int, narrowest: int = TILE_WIDTH, lowest: int = LEAST_TILE
) -> tuple[int, int]:
    """How many tiles stand side by side and how many over each other: as many as fit, then large.

    A cell is twice as high as it is wide.
    """

    def seen(across: int, down: int) -> tuple[int, int, int]:
        smaller = min(width // across - 1, 2 * (height // down - 1))
        return min(count, across * down), smaller, -across * down

    widest, highest = max(2, width // narrowest), max(1, height // lowest)
    every = ((across, down) for across in range(2, widest + 1) for down in range(1, highest + 1))
    return max(every, key=lambda each: seen(*each))


def _legend(snapshot: Snapshot, maps: UnitMaps, width: int, colour: bool) -> Line:
    first, second = (name[:SIDE] for name in snapshot.scene.classes[:2])
    said = ("what each puts out", "below 0", "above 0")
    if maps.adds:
        said = ("what each adds to the logit", f"below 0: for {first}", f"above: for {second}")
    title, below, above = said
    signs = [sample(label, "", colour) for label in range(2)]
    if not colour:  # the ground of the first has no sign, and that of the second stood for it
        signs[0] = ("blank", "strong")
    line: Line = [
        (title, "strong"), ("  ", "rule"), signs[0], (f" {below}  ", "data"),
        signs[1], (f" {above}", "model"),
    ]  # fmt: skip
    assert snapshot.scene.plane is not None
    names = snapshot.scene.plane.names
    for letters in range(max(SIDE, *map(len, names)), SIDE - 1, -1):
        axes: Line = [("  ", "rule"), (classes.axes(names, letters), "quiet")]
        if width_of([*line, *axes]) + len("──  ─") < width:
            return rule([*line, *axes], width)
    return rule(line, width)


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
    name = unit_short(unit.layer, own).split(" ")[-1]
    told = [row.outgoing for row in layer.units if row.unit == own]
    more = f" · {signed(told[0], 2)}" if maps.adds and told else ""
    title: Line = [
        (f"{'▸' if is_chosen else ' '}{name}", "strong" if is_chosen else "text"),
        (" × off" if off else more, "alarm" if off else "quiet"),
    ]
    drawn = _framed(title, _field(insight, maps, at, frame.colour), snapshot, frame, size)
    place = snapshot.request.chosen + own - unit.unit  # in the list: those of a layer are in a row
    return [[(text, meaning(role, "unit", place)) for text, role in line] for line in drawn]


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
    if outside.picture is None:
        return _weights(outside, layer.summing, width, height)
    lines = _picture(outside, outside.picture, layer.summing, frame, width, height)
    return [*lines[:height], *([] for _ in range(height - len(lines)))]


def _in_colours(frame: Frame) -> bool:
    """Whether weights are shown by colours, two in a cell, of which ASCII has no half."""
    return frame.colour and frame.markers != "ascii"


def _picture(
    outside: UnitOutside, picture: Array, summing: bool, frame: Frame, width: int, height: int
) -> list[Line]:
    """The unit's weights as a picture, and what it counts for beside it, or below."""
    shares = width >= 2 * LEAST_BARS
    small, scale = pixels.fitted(picture, width - 2 - LEAST_BARS * shares, height - 1)
    drawn = pixels.drawn(pixels.signed(small), pixels.SIGNED, scale, _in_colours(frame))
    more, less = ("sky", "amber") if _in_colours(frame) else ("▓", "X")
    title: Line = [("weights", "strong"), (f"  > 0 {more}", "model"), (f"  < 0 {less}", "data")]
    lines: list[Line] = [[(" ", "text"), *line] for line in drawn]
    beside = max(map(width_of, lines), default=0) + 2
    if width - beside >= LEAST_BARS:
        lines = [rule(title, beside - 1), *lines]
        lines += [[] for _ in range(height - len(lines))]
        bars = _weights(outside, summing, width - beside, height)
        return [[*filled(line, beside), *bar] for line, bar in zip(lines, bars, strict=True)]
    lines = [rule(title, width - 1), *lines]
    if len(lines) + len(outside.reaches) < height:
        lines += _weights(outside, summing, width, height - len(lines))
    return lines


def pictures(insight: ReluInsight, units: Sequence[UnitRow], frame: Frame, room: int) -> list[Line]:
    """The weights of so many units, each as a picture under its name, as large as there is room."""
    found = insight.outside.pictures
    units = [unit for unit in units if found is not None and unit.unit < len(found)]
    if found is None or not units or room <= LEAST_PICTURE:
        return []
    least = LEAST_PICTURE if found.shape[1] > 1 else LEAST_ROW
    across, down = grid(len(units), frame.width, room - 1, found.shape[2] + 2, least)
    width, high = frame.width // across, (room - 1) // down
    _, scale = pixels.fitted(found[0], width - 2, high - 1)
    high = min(high, 2 - -found.shape[1] * scale // 2)  # its name, and a blank row under it
    title: Line = [("each by itself", "quiet")]
    if insight.outside.picture is None:
        more, less = ("sky", "amber") if _in_colours(frame) else ("▓", "X")
        title = [("the weights of each", "quiet"), (f"  > 0 {more}", "model")]
        title.append((f"  < 0 {less}", "data"))
    lines: list[Line] = [rule(title, frame.width)]
    at = [unit.unit for unit in units].index(insight.unit.unit) if insight.unit in units else 0
    first = max(0, at // across - down + 1) * across
    for start in range(first, min(len(units), first + across * down), across):
        row = [
            _small_picture(insight, unit, found[unit.unit], frame, (width, high))
            for unit in units[start : start + across]
        ]
        lines += [[run for line in some for run in line] for some in zip(*row, strict=True)]
    return lines[:room]


def _small_picture(
    insight: ReluInsight, unit: UnitRow, weights: Array, frame: Frame, size: tuple[int, int]
) -> list[Line]:
    width, high = size
    small, scale = pixels.fitted(weights, width - 2, high - 1)
    drawn = pixels.drawn(pixels.signed(small), pixels.SIGNED, scale, _in_colours(frame))
    role = "strong" if unit == insight.unit else "quiet"
    lines: list[Line] = [[(f" {unit.label.split(' ')[-1]}", role)]]
    lines += [[(" ", "text"), *line] for line in drawn]
    return [
        filled(line, width) for line in [*lines[:high], *([] for _ in range(high - len(lines)))]
    ]


def _weights(outside: UnitOutside, summing: bool, width: int, height: int) -> list[Line]:
    """What the chosen unit counts for and what it adds up, the largest where room is short."""
    counts = "it counts for" if summing else "where it goes"
    parts = [
        (title, weights)
        for title, weights in ((counts, outside.reaches), ("what it adds up", outside.takes))
        if weights
    ]
    lines: list[Line] = []
    spare = height - sum(len(weights) + 1 for _, weights in parts)
    for at, (title, weights) in enumerate(parts):
        left = height - len(lines)
        rest = sum(len(later) + 1 for _, later in parts[at + 1 :])
        room = max(left - rest, 2 * left // 3 if rest else 0) - 1
        order = sorted(range(len(weights)), key=lambda one: -abs(weights[one][1]))
        kept = [weights[one] for one in sorted(order[: max(1, room)])]
        if len(kept) < len(weights):
            title = f"{title}, the {len(kept)} largest of {len(weights)}"
        lines.append(rule([(title, "strong")], width - 1))
        is_airy = len(kept) <= spare
        spare -= len(kept) * is_airy
        for bar in _signed_bars(kept, width - 1):
            lines += [bar, []] if is_airy else [bar]
    return [*lines[:height], *([] for _ in range(height - len(lines)))]


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


def _signed_bars(weights: Sequence[tuple[str, float]], width: int) -> list[Line]:
    """A bar for each number, to the right of 0 or to its left."""
    own = min(NAME, max(len(name) for name, _ in weights))
    half = max(1, (width - own - 12) // 2)
    largest = max(abs(value) for _, value in weights) or 1.0
    lines: list[Line] = []
    for name, value in weights:
        full = round(abs(value) / largest * half) if np.isfinite(value) else 0
        bar = "━" * full
        left, right = (bar, "") if value < 0 else ("", bar)
        told = plain(f"{value:+.2f}")
        lines.append([
            (f" {shortened(name, own):>{own}} ", "text"), (f"{left:>{half}}", "data"),
            ("┊", "rule"), (f"{right:<{half}}", "model"), (f" {told:>6}", "quiet"),
        ])  # fmt: skip
    return lines
