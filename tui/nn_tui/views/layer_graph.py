"""Draws the network as a graph: units with what they put out at the chosen point, and weights.

An edge is as thick as its weight is large beside the layer's largest, and carries its sign.  The
edges drawn are the relevant ones: into the chosen unit, out of it, and of a layer with one input or
one unit all.
"""

import math

import numpy as np

from nn_core.arrays import Array
from nn_core.explain.insights.layer import Edges, LayerInsight, Nodes, around
from nn_core.formatting import signed
from nn_tui.plot.canvas import Canvas
from nn_tui.text.cells import number as number_cell
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line

ON, OFF = "■", "□"
VALUE = 6  # cells of what a unit puts out, with the space before it
NODE = VALUE + 3  # with its mark, its glyph, and a blank after it
LEAST_GAP = 6
WIDEST_GAP = 24
CHOSEN = 2
THICK_FROM = 9  # rows: with fewer, thick edges would run into each other
THICK, THIN = 0.6, 0.2  # of the layer's largest weight: from here on an edge is so drawn


def graph(insight: LayerInsight, width: int, height: int, markers: str) -> list[Line]:
    """The columns around the chosen layer that there is room for."""
    canvas = Canvas(width, height, markers)
    fitting = max(2, (width - NODE) // (NODE + LEAST_GAP) + 1)
    shown = _columns(insight, min(fitting, len(insight.nodes)))
    gap = min(WIDEST_GAP, (width - len(shown) * NODE) // max(1, len(shown) - 1))
    windows = {at: _window(insight, at, height) for at in shown}
    starts = {at: index * (NODE + gap) for index, at in enumerate(shown)}
    for at in shown[:-1]:
        ends = (starts[at] + NODE, starts[at + 1])
        _draw_edges(canvas, insight, at, (windows[at], windows[at + 1]), ends)
    for at in shown:
        _draw_nodes(canvas, insight, at, windows[at], starts[at])
    return canvas.lines()


def _columns(insight: LayerInsight, count: int) -> list[int]:
    """The numbers of the columns shown: the chosen layer's, and those beside it."""
    return [int(at) for at in around(insight.layer + 1, len(insight.nodes), count)]


def _window(insight: LayerInsight, column: int, height: int) -> Array:
    """Which units of a column are shown."""
    nodes = insight.nodes[column]
    middle = {insight.layer: insight.input or 0, insight.layer + 1: insight.unit}.get(column, 0)
    return around(middle, nodes.total, min(height, len(nodes.numbers)))


def _rows(count: int, height: int) -> list[int]:
    """The rows of so many nodes, spread over the height."""
    return [math.floor((at + 0.5) * height / count) for at in range(count)]


def _draw_nodes(
    canvas: Canvas, insight: LayerInsight, column: int, window: Array, left: int
) -> None:
    nodes: Nodes = insight.nodes[column]
    for number, row in zip(window.tolist(), _rows(len(window), canvas.height), strict=True):
        value = float(nodes.values[number - nodes.numbers[0]])
        chosen = column == insight.layer + 1 and number == insight.unit
        role = "data" if column == 0 else "model" if value else "off"
        glyph = OFF if value == 0 else ON
        text = f"{'▸' if chosen else ' '}{glyph}{number_cell(value, VALUE, 2)} "
        role = "strong" if chosen else role
        canvas.text(left, row, text, choosing(role, insight, *_weight(insight, column, number)))


def _weight(insight: LayerInsight, column: int, number: int) -> tuple[int, int, int]:
    """The weight that a click on a unit chooses: into it; of an input of the model, out of it."""
    if column == 0:
        return 0, insight.unit if insight.layer == 0 else 0, number
    here = column - 1 == insight.layer
    return column - 1, number, (insight.input or 0) if here else 0


def choosing(role: str, insight: LayerInsight, layer: int, unit: int, input_: int | None) -> str:
    """The role of a piece that chooses a weight, or without an input a bias, where it is one."""
    found = insight.parameter(layer, unit, input_)
    return meaning(role, "number", *found) if found else role


def _draw_edges(
    canvas: Canvas,
    insight: LayerInsight,
    at: int,
    windows: tuple[Array, Array],
    ends: tuple[int, int],
) -> None:
    """The edges between two columns, from one cell to another, and their signs."""
    edges: Edges = insight.edges[at]
    before, after = windows
    first, second = insight.nodes[at].numbers[0], insight.nodes[at + 1].numbers[0]
    weights = edges.weight[np.ix_(after - second, before - first)]
    froms, tos = _rows(len(before), canvas.height), _rows(len(after), canvas.height)
    # Signs stand where the edges are apart: at the end that has more of them.
    along = 0.7 if len(after) > len(before) else 0.3
    signs = []
    lines: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for (row, column), weight in np.ndenumerate(weights):
        play = _in_play(insight, at, int(after[row]), int(before[column]), weights.shape)
        part = abs(weight) / edges.largest if edges.largest else 0.0
        if not (play and weight):
            continue
        start, end = froms[column], tos[row]
        role = "model" if weight > 0 else "minus"
        dots = lines.setdefault((role, 1 if part >= THIN else 3), [])
        for offset in (-0.5, 0.5) if part >= THICK and canvas.height >= THICK_FROM else (0.0,):
            dots += [(0.0, start + offset / 4), (1.0, end + offset / 4), (np.nan, np.nan)]
        sign = "+" if weight > 0 else "−"
        text = number_cell(float(weight), VALUE + 1, 2, signed).strip()
        signs.append((play, math.floor(start + along * (end - start) + 0.5), sign, text, role))
    for (role, every), dots in lines.items():
        x, y = np.array(dots).T
        across = (ends[0] + x * (ends[1] - ends[0] - 1e-3)) / canvas.width
        up = 1 - (y + 0.5) / canvas.height
        canvas.polyline(across, np.clip(up, 0, 1), role, every)
    for play, row, sign, number, role in sorted(signs):
        chosen = play == CHOSEN
        text = number if chosen else sign
        column = ends[0] + round(along * (ends[1] - ends[0] - 1)) - len(text) // 2
        column = max(ends[0], min(column, ends[1] - len(text)))
        canvas.text(column, min(row, canvas.height - 1), text, "strong" if chosen else role)


def _in_play(
    insight: LayerInsight, layer: int, unit: int, number: int, shape: tuple[int, ...]
) -> int:
    """CHOSEN for the chosen weight, 1 for an edge that is drawn, 0 for one that isn't."""
    if layer == insight.layer and unit == insight.unit:
        return CHOSEN if number == insight.input else 1
    if layer == insight.layer + 1 and number == insight.unit:
        return 1
    return int(1 in shape)
