"""Draws a layer as a product of matrices, W·X + b, then the activation; the chosen ones are marked.

It is laid out as one multiplies by hand: W on the left, X above, and where a row of W meets a
column of X stands their product.  For the chosen point it shows the layer's three acts, multiply,
add, replace; beyond a rule, for the other points of the batch, what comes out.
"""

from nn_core.arrays import Array
from nn_core.explain.insights.layer import LayerInsight, around
from nn_core.formatting import signed
from nn_core.models.activations import ACTIVATIONS
from nn_tui.text.cells import cut, number
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line, Run
from nn_tui.views.layer_graph import choosing

LABEL = 13  # cells of a row's name
CELL = 7  # of a number
DECIMALS = 2  # at most: many columns say more here than many digits
ACT = 8  # of a number in one of the acts
MORE = 2  # of the arrow that says that there are more points
RULE = " │"  # else the first of the other points’ numbers is read as the chosen one's
POINTS_SHARE = 3  # at least a third of the columns are other points than the chosen one
CUT_OFF = "✗"  # a negative sum that became 0


def matrix(insight: LayerInsight, width: int, height: int) -> list[Line]:
    """The product in so many rows and columns, scrolled so that the chosen weight is in it."""
    part = insight.matrix
    units, inputs, _ = insight.shape
    acts = 3 + (not ACTIVATIONS[insight.activation].is_identity)
    room = (width - LABEL - acts * ACT - len(RULE) - MORE) // CELL
    rows = max((height - 2) // 2, height - 2 - units)  # as many for inputs as for units
    columns = min(inputs, len(part.inputs), room - room // POINTS_SHARE, rows)
    columns = max(1, columns)
    shown_inputs = around(insight.input or 0, inputs, columns)
    shown_units = around(insight.unit, units, min(len(part.units), height - 2 - columns))
    others = min(max(0, room - columns), len(part.points) - 1)
    points = slice(1, 1 + others)
    left = LABEL + columns * CELL
    lines = [_points_line(insight, left, acts, points)]
    for at in shown_inputs - part.inputs[0]:
        lines.append(_input_line(insight, int(at), left, acts, points))
    lines.append(_titles(insight, shown_inputs.tolist(), acts, points))
    for at in (shown_units - part.units[0]).tolist():
        more = " "
        if at == shown_units[0] - part.units[0] and shown_units[0] > 0:
            more = "↑"
        elif at == shown_units[-1] - part.units[0] and shown_units[-1] < units - 1:
            more = "↓"
        line = _unit_line(insight, at, shown_inputs, acts, points)
        lines.append([(more, "quiet"), *line])
    return [cut(line, width) for line in lines[:height]]


def _points_line(insight: LayerInsight, left: int, acts: int, points: slice) -> Line:
    """Which column is which point."""
    part = insight.matrix
    numbers = part.points[points] + 1
    more = insight.shape[2] > insight.in_batch + len(numbers)
    chosen = f"point {part.points[0] + 1}"
    if not insight.in_batch:
        chosen += " (not in this batch)"
        if len(chosen) + 2 > acts * ACT:
            chosen = chosen.removeprefix("point ")
    return [
        (f"{' X[in,point]':<{left}}", "quiet"),
        (f"{'▾ ' + chosen:<{acts * ACT}}", "data"),
        _rule(points),
        ("".join(f"{at:>{CELL}}" for at in numbers), _of_points("quiet", insight, points)),
        (" →" if more else "", "quiet"),
    ]


def _input_line(insight: LayerInsight, at: int, left: int, acts: int, points: slice) -> Line:
    """A row of X: one input at each point."""
    part = insight.matrix
    here = at == insight.column
    name = insight.input_names[at][: left - 10]
    label = f"{'▸' if here else ' '} in {part.inputs[at] + 1} {name}"
    role = "data" if insight.layer == 0 else "model"
    choose = choosing("strong" if here else "text", insight, *_weight(insight, insight.row, at))
    return [
        (f"{label[: left - 1]:>{left}}", choose),
        (number(part.x[at, 0], ACT, DECIMALS), role),
        (" " * (acts - 1) * ACT, "text"),
        _rule(points),
        (
            "".join(number(value, CELL, DECIMALS) for value in part.x[at, points]),
            _of_points("quiet", insight, points),
        ),
    ]


def _rule(points: slice) -> Run:
    """What parts the chosen point from the others, if there are some."""
    return RULE if points.stop > points.start else "", "quiet"


def _weight(insight: LayerInsight, row: int, column: int | None) -> tuple[int, int, int | None]:
    """Where in the network the weight in a row and a column of those held is; or a bias."""
    part = insight.matrix
    return (
        insight.layer,
        int(part.units[row]),
        None if column is None else int(part.inputs[column]),
    )


def _of_points(role: str, insight: LayerInsight, points: slice) -> str:
    """The role of cells that choose a point each, of those held."""
    return meaning(role, "points", CELL, *insight.matrix.points[points])


def _titles(insight: LayerInsight, inputs: list[int], acts: int, points: slice) -> Line:
    """What the columns below are."""
    before = " ←" if inputs[0] > 0 else ""
    after = " →" if inputs[-1] < insight.shape[1] - 1 else ""
    cells: Line = [(f"{' W[out,in]' + before:<{LABEL}}", "quiet")]
    for at in inputs:
        cells.append((f"{f'in {at + 1}':>{CELL}}", "strong" if at == insight.input else "quiet"))
    bias = f"+ {insight.bias_name}"
    names = ["W·x", bias, "= sum", ACTIVATIONS[insight.activation].title][:acts]
    titles = "".join(f"{name:>{ACT}}" for name in names)
    out = f"{'out':>{CELL}}" * (points.stop - points.start)
    return [*cells, (after + titles[len(after) :], "quiet"), _rule(points), (out, "quiet")]


def _unit_line(insight: LayerInsight, at: int, inputs: Array, acts: int, points: slice) -> Line:
    """A row of W, what it makes of the chosen point, act by act, and what of the others."""
    part = insight.matrix
    here = at == insight.row
    role = "strong" if here else "text"
    name = insight.unit_names[at]
    name = name if len(name) <= LABEL - 4 else name.split(" ")[-1]
    own = choosing(role, insight, *_weight(insight, at, insight.column))
    line: Line = [(f"{'▸' if here else ' '} {name:<{LABEL - 3}}", own)]
    for weight in (inputs - part.inputs[0]).tolist():
        cell = number(part.weight[at, weight], CELL, DECIMALS, write=signed)
        text = _marked(cell) if here and weight == insight.column else cell
        line.append((text, choosing(role, insight, *_weight(insight, at, weight))))
    bias = number(part.bias[at], ACT, DECIMALS, write=signed)
    line += [
        (number(part.products[at, 0], ACT, DECIMALS), role),
        (
            _marked(bias) if here and insight.column is None else bias,
            choosing(role, insight, *_weight(insight, at, None)),
        ),
        (number(part.sums[at, 0], ACT, DECIMALS), role),
    ]
    if acts == 4:
        line.append(_output(insight, at, 0, ACT))
    line.append(_rule(points))
    for point in range(points.start, points.stop):
        text, role = _output(insight, at, point, CELL)
        line.append((text, meaning(role, "point", insight.matrix.points[point])))
    return line


def _marked(cell: str) -> str:
    """The cell with ▸ before its number."""
    text = cell.strip()
    return f"{cell[: -len(text) - 1]}▸{text}"


def _output(insight: LayerInsight, at: int, point: int, width: int) -> Run:
    """What comes out: a negative sum that became 0 is marked."""
    part = insight.matrix
    value = float(part.outputs[at, point])
    if ACTIVATIONS[insight.activation].silences and part.sums[at, point] <= 0:
        return f"{CUT_OFF + ' 0':>{width}}", "quiet"
    return number(value, width, DECIMALS), "model" if point == 0 or at == insight.row else "text"
