"""Draws the layer view: matrices, the chosen neuron's arithmetic, the network, a unit's curve."""

from collections.abc import Iterator
from functools import partial
from itertools import product as product_of

import numpy as np

from nn_core import expressions
from nn_core.explain.insights.layer import MOST_NODES, LayerInsight, UnitSum
from nn_core.explain.snapshot import Snapshot
from nn_core.expressions import Expression, Operand, Worked, operand, others, product, work_out
from nn_core.formatting import fixed, layer_said, number, shown
from nn_core.models.activations import ACTIVATIONS
from nn_tui.panels.table import coming, gradient_title
from nn_tui.plot.plot import Curve, Mark, Plot, Points
from nn_tui.plot.render import render
from nn_tui.plot.scale import Axis
from nn_tui.text.cells import cut, filled, rule, shortened
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line, width_of
from nn_tui.views import Frame
from nn_tui.views.layer_graph import graph
from nn_tui.views.layer_matrix import matrix

FIXED_ROWS = 4  # title, parameters, the neuron's arithmetic, the chosen number's meaning
TOLD = 8  # cells of a number in the row of parameters: its words stay in their places
LEAST_MATRIX, LEAST_BELOW = 4, 5
BOTH_FROM = 64  # columns: from here on the graph and the unit's curve stand side by side


@np.errstate(all="ignore")  # what has overflowed is shown as it is
def draw(snapshot: Snapshot, frame: Frame) -> list[Line]:
    """All parts, as far as there is room for them."""
    insight: LayerInsight = snapshot.insight
    width, room = frame.width, frame.height - FIXED_ROWS
    below = room * 3 // 7 if room >= LEAST_MATRIX + LEAST_BELOW else 0
    product = matrix(insight, width, room - below) if room >= LEAST_MATRIX else []
    lines = [
        _title(snapshot, insight, width),
        _parameters(snapshot, insight, width),
        *product,
        _neuron(insight, width),
        _meaning(snapshot, insight, width),
    ]
    if below:  # and what a small layer leaves
        lines += _below(insight, Frame(width, frame.height - len(lines), frame.markers))
    return [cut(line, width) for line in lines[: frame.height]]


def _title(snapshot: Snapshot, insight: LayerInsight, width: int) -> Line:
    """Which layer, and the shapes of its arithmetic."""
    units, inputs, rows = insight.shape
    shapes = f"({units}×{inputs})·({inputs}×{rows}) + ({units}×1) → ({units}×{rows})"
    which = (
        f"{layer_said(insight.layer)} of {insight.layers}" if insight.layers > 1 else "one neuron"
    )
    product = f"   W·X + {insight.bias_name}: "
    parts: Line = [(which, "strong"), (product, "quiet"), (shapes, "text")]
    if snapshot.scene.scaled:
        parts.append(("   scaled", "quiet"))
    return rule(parts, width)


def _parameters(snapshot: Snapshot, insight: LayerInsight, width: int) -> Line:
    """The parameters in a row, the chosen one marked, and what the next step does to it."""
    chosen, request = snapshot.chosen, snapshot.request
    if chosen is None:
        return []
    marked = (
        request.opened or (insight.parameters[min(request.chosen, len(insight.parameters) - 1)][0])
    )
    titles = {"gradient": gradient_title(snapshot), "update": "update", "next": "next"}
    end: Line = []
    for name, title in titles.items():
        end += [(f"  {title}", "quiet"), coming(snapshot, chosen, name, TOLD)]
    end.append((" ", "text"))
    names = [name for name, _, _ in insight.parameters]
    shapes = ["×".join(map(str, shape)) for _, shape, _ in insight.parameters]
    values = ["" if value is None else fixed(value) for _, _, value in insight.parameters]
    at = names.index(marked)
    # What there is least need of goes first, then parameters far from the chosen one.
    fuller = [
        (_row_of(names, texts, at), end[first:])
        for texts in ([f"{a}{b}" for a, b in zip(shapes, values, strict=True)], values)
        for first in (0, 2)
    ]
    for row, rest in fuller:
        if width_of(row) + width_of(rest) <= width:
            return [*filled(row, width - width_of(rest)), *rest]
    near = slice(max(0, at - 1), at + 2)
    row = _row_of(names[near], values[near], at - near.start)
    row = [
        *[(" ↑", "quiet")] * (near.start > 0),
        *row,
        *[(" ↓", "quiet")] * (near.stop < len(names)),
    ]
    rest = end[2:] if width >= width_of(row) + width_of(end[2:]) else end[4:]
    return [*filled(row, max(0, width - width_of(rest))), *rest]


def _row_of(names: list[str], texts: list[str], marked: int) -> Line:
    line: Line = []
    for at, (name, text) in enumerate(zip(names, texts, strict=True)):
        here = at == marked
        role = meaning("strong" if here else "text", "item", name)
        line.append((f" {'▸' if here else ' '} {shown(name)}", role))
        line.append((f" {text}" if text else "", meaning("quiet", "item", name)))
    return line


def _neuron(insight: LayerInsight, width: int) -> Line:
    """+0.53·(−2) + 0.31 = −0.75, then max(…, 0) = 0: with as many terms as there is room for."""
    part, row = insight.matrix, insight.row
    total, output = float(part.sums[row, 0]), float(part.outputs[row, 0])
    result, out = number(total), number(output)
    activation = ACTIVATIONS[insight.activation]
    begin = f" {insight.unit_name}: "
    sums, rest, found = list(neuron_terms(insight)), "", None
    ends = (f"   {activation.called(result)} = {out}", f"   → {out}")
    for signs, end in product_of(("=", "=≈"), ends):  # what comes out exactly is worth a short end
        rest = "" if activation.is_identity else end
        room = width - len(f"{begin} = {result}{rest}")
        fitting = (each for each in sums if each.sign in signs and len(each.text) <= room)
        if found := next(fitting, None):
            break
    found = found or Worked("…", "=", result)
    return [
        (begin, meaning("strong", "formula", 0)),
        (f"{found.text} {found.sign} ", meaning("text", "formula", 0)),
        (result, meaning("strong", "formula", 0)),
        (rest, "model" if output else "quiet"),
    ]


def neuron_terms(insight: LayerInsight) -> Iterator[Worked]:
    """The chosen unit's sum, with fewer and fewer of its terms; the others are one number."""
    work, result = operand(0.0), 0.0
    part, row, whole = insight.matrix, insight.row, insight.unit_sum
    weights, x = whole.weight.tolist(), whole.x.tolist()
    held = part.inputs.tolist()
    chosen = held[insight.column or 0]  # always among them
    order = [chosen, *(at for at in held if at != chosen)]
    for count in range(len(order), 0, -1):
        shown = sorted(order[:count])
        terms: list[Operand] = [product(weights[at], x[at]) for at in shown]
        if count < len(x):
            rest = float(part.products[row, 0]) - sum(weights[at] * x[at] for at in shown)
            terms.append(others(len(x) - count, rest, partial(_products, whole, frozenset(shown))))
        work, result = expressions.total([*terms, part.bias[row].item()]), part.sums[row, 0].item()
        yield work_out(work, result)
    for digits in (3, 2):  # at the end with fewer digits than it takes
        yield work_out(work, result, digits=range(digits, digits + 1))


def _products(whole: UnitSum, shown: frozenset[int]) -> list[tuple[str, Expression]]:
    """The products of a unit's sum that aren't shown, each by the name of what comes in."""
    pairs = zip(whole.names, whole.weight.tolist(), whole.x.tolist(), strict=True)
    return [(name, product(w, x)) for at, (name, w, x) in enumerate(pairs) if at not in shown]


def _meaning(snapshot: Snapshot, insight: LayerInsight, width: int) -> Line:
    """What the chosen number is, and what it does to the sum."""
    chosen, part, unit = snapshot.chosen, insight.matrix, insight.unit_name
    if chosen is None:
        return []
    if insight.column is None:
        value = fixed(part.bias[insight.row])
        texts = [f"added to the sum of {unit}, whatever comes in", f"added to the sum of {unit}"]
    else:
        weight, x = part.weight[insight.row, insight.column], part.x[insight.column, 0]
        value, adds = fixed(weight), f"adds {fixed(weight * x)}"
        whole = f"from {insight.input_names[insight.column]} ({fixed(x)}) to {unit}: {adds}"
        texts = [f"{whole} to its sum", whole, f"{adds} to {unit}", adds]
    name = (f" ▸ {chosen.label} = {value} ", "strong")
    room = width - len(name[0]) - 1
    text = next((each for each in texts if len(each) <= room), "")
    return [name, (f" {text}", "text")]


def _below(insight: LayerInsight, frame: Frame) -> list[Line]:
    """The network and the unit's curve, side by side where both find room."""
    if frame.width < BOTH_FROM:
        return render(_curve(insight, frame.markers, frame.width), frame.width, frame.height)
    left = frame.width * 9 // 16
    title: Line = [
        (f"the network at point {insight.matrix.points[0] + 1}", "strong"),
        ("  dotted: small", "quiet"),
        (_how_many(insight, frame.height - 1), "quiet"),
    ]
    network = [rule(title, left - 1)]
    network += graph(insight, left - 1, frame.height - 1, frame.markers)
    curve = render(
        _curve(insight, frame.markers, frame.width - left), frame.width - left, frame.height
    )
    return [[*filled(one, left), *other] for one, other in zip(network, curve, strict=True)]


def _how_many(insight: LayerInsight, rows: int) -> str:
    units = insight.shape[0]
    return f"  {min(rows, MOST_NODES)} of {units} units" if units > rows else ""


def _curve(insight: LayerInsight, markers: str, width: int) -> Plot:
    """What the chosen unit puts out over an input of the model, and its sum where that differs.

    Its title is for so many columns.
    """
    response = insight.response
    marks: list[Mark] = []
    lines: Line = []
    if not ACTIVATIONS[insight.activation].is_identity:
        marks.append(Curve(response.places, response.sums, role="truth", every=3))
        lines = [("  ⣀⣀ out", "model"), ("  ⠂⠐ sum", "truth")]
    own, brief = insight.unit_name, insight.unit_name.split(" ")[-1]
    names = (
        *(f"{each} over {response.over[:16]}" for each in (own, brief)),
        *(f"{brief} over {shortened(response.over, letters)}" for letters in range(15, 4, -1)),
        f"over {shortened(response.over, 8)}",
        "",
    )
    room = width - len("──  ─") - width_of(lines)  # both lines are told apart at any rate
    name = next(each for each in names if len(each) <= room or not each)
    title: Line = [(name, "strong"), *lines] if name else lines
    if response.held:
        title.append(("  others as at the point", "quiet"))
    at = insight.matrix.outputs[insight.row, 0]
    marks += [
        Curve(response.places, response.outputs, role="model"),
        Points(np.array([response.x]), np.array([at]), chosen=0),
    ]
    ends = Axis(float(response.places[0]), float(response.places[-1]))
    return Plot(tuple(marks), tuple(title), x=ends, markers=markers)
