"""Draws the step view: which phases are done, and the arithmetic of the last one.

From top to bottom: the rail of phases with the line of PyTorch, the formulas, a picture of them
for every row of the batch, the parameters.
"""

from nn_core.config.key_names import with_keys
from nn_core.explain.arithmetic.written_out import Formula
from nn_core.explain.insights.step_insight import StepInsight, Votes
from nn_core.explain.rows import LayerRow
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed, number, short, times
from nn_core.training.state import PHASES
from nn_tui.panels import classes, plots
from nn_tui.panels.table import HIDDEN, in_sight, table_around_chosen, with_more
from nn_tui.plot.plot import Plot
from nn_tui.plot.render import render
from nn_tui.text.cells import cut, shortened
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import HAT, Line, width_of
from nn_tui.views import Frame, bars, step_program, step_table

LABEL = 10  # columns of a formula's name, at least
LEAST_PLOT = 5  # rows
LEAST_FORMULAS = 5  # rows that the table leaves to the formulas on a low screen
LISTED, LOW = 4, 18  # so many parameters are listed beside a phase in a view of so many rows
CLASS = 12  # letters of a class
MOST_INPUTS = 3  # of the chosen point, between two steps
ROLES = ("text", "text", "model", "model", "push", "push")  # of each phase's results
NOTE = "   "  # stands before what a rule says beside itself, which a narrow screen leaves out
QUESTIONS = (
    "the step to come: {key.into} goes into it, phase by phase",
    "forget the gradients of the step before",
    "what does the model say?",
    "how far off is it, as one number?",
    "",
    "a small step against the gradient",
)


def draw(snapshot: Snapshot, frame: Frame) -> list[Line]:
    """The rows of the view."""
    insight: StepInsight = snapshot.insight
    width, height = frame.width, frame.height
    most = LISTED + max(0, height - LOW) // 2
    parameters = _parameters(snapshot, insight, width, height, most)
    room = height - 1 - len(parameters)
    body = _body(snapshot, insight, frame, room)[: max(0, room)]
    if room > len(body):  # for those that are out of sight
        parameters = _parameters(snapshot, insight, width, height, most + room - len(body))
    lines = [step_program.rail(insight, width), *body]
    lines += [[] for _ in range(height - len(lines) - len(parameters))]
    return [cut(line, width) for line in (lines + parameters)[:height]]


# --- between the rail and the parameters ------------------------------------------------------


def _body(snapshot: Snapshot, insight: StepInsight, frame: Frame, room: int) -> list[Line]:
    width = frame.width
    phase = PHASES[insight.done - 1] if insight.done else ""
    lines = [_title(snapshot, insight, phase, width)]
    program = step_program.program(snapshot, insight, width)
    if not phase:
        return _between_steps(snapshot, insight, [*lines, *program], frame, room)
    formulas = _as_many_as_fit([*insight.lines, *_checked_weight(insight)], room - 1)
    label = max(LABEL, *(len(formula.label) for formula in formulas))
    numbers = {id(formula): at for at, formula in enumerate(insight.lines)}
    for formula in formulas:
        line, at = _formula(formula, insight.done, label, width), numbers.get(id(formula))
        opens = [(text, meaning(role, "formula", at)) for text, role in line]
        lines.append(line if at is None else opens)
    if insight.note:
        lines.append([(f" {insight.note}", "quiet")])
    if phase == "zero" or room - len(lines) >= len(program) + LEAST_PLOT + 7:
        lines += [[], *program]
    left = room - len(lines)
    if phase in ("loss", "backward") or frame.beside_fit:
        lines += _bars(insight, phase, width, left)
    elif phase in ("forward", "update"):
        lines += _fit(snapshot, frame, left)
    return lines


def _between_steps(
    snapshot: Snapshot, insight: StepInsight, program: list[Line], frame: Frame, room: int
) -> list[Line]:
    """The program, and what it will work out; with little room the five phases alone."""
    lines = program[-room:] if room < len(program) else program
    lines = [*lines, [], *_numbers(snapshot, insight, frame.width)]
    left = room - len(lines)
    if frame.beside_fit:
        return lines + _bars(insight, "", frame.width, left)
    return lines + _fit(snapshot, frame, left)


def _fit(snapshot: Snapshot, frame: Frame, height: int) -> list[Line]:
    """The data and the model's curve, where there is room for them and they don't stand beside."""
    if height < LEAST_PLOT or frame.beside_fit:
        return []
    plot: Plot | None = None
    if snapshot.classes is None:
        plot = plots.fit(snapshot, frame.markers, False)
    else:
        plot = classes.fit(snapshot, frame.markers, frame.colour, frame.width - 2)
    if plot is None:
        return []
    return [[(" ", "text"), *row] for row in render(plot, frame.width - 2, height)]


def _title(snapshot: Snapshot, insight: StepInsight, phase: str, width: int) -> Line:
    """The phase's question, and where the step stands in the epoch."""
    name, question = phase or "between two steps", with_keys(QUESTIONS[insight.done])
    if phase == "backward":
        name = f"∂loss/∂{insight.symbol}"
        question = f"if {insight.symbol} rises a little, how does the loss change?"
        if insight.symbol != insight.label:
            question = f"{insight.symbol} is {insight.label}: the chain rule back to it"
    elif phase and insight.symbol != insight.label:
        question = f"{insight.symbol} is {insight.label}"
    where = f"epoch {insight.epoch + 1}, batch {insight.batch} of {insight.batches}"
    where += ", scaled" if snapshot.scene.scaled else ""
    before: Line = [(" ── ", "rule"), (f"{name}  ", "strong")]
    question = shortened(question, width - width_of(before) - 3)
    left: Line = [*before, (question, "quiet"), (" ", "rule")]
    right: Line = [(f" {where} ", "quiet"), ("── ", "rule")]
    if width_of(left) + width_of(right) + 2 > width:
        right = [(" ", "rule")]
    rule = "─" * (width - width_of(left) - width_of(right))
    return [*left, (rule, "rule"), *right]


def _numbers(snapshot: Snapshot, insight: StepInsight, width: int) -> list[Line]:
    """What the step to come works out for the chosen point and parameter."""
    ways = ((count, named) for named in (True, False) for count in range(MOST_INPUTS, 0, -1))
    lines = (_point(snapshot, insight, count, named) for count, named in ways)
    point = min(lines, key=lambda line: max(0, width_of(line) - width))
    gradient = HIDDEN if snapshot.hides_gradient else fixed(insight.gradient)
    following = HIDDEN if snapshot.hides_update else fixed(insight.next)
    name = f"{'Σ ' * snapshot.sums_gradients}∂loss/∂{insight.symbol}"
    return [
        point,
        [
            (f" {'this step':<{LABEL}} ", "quiet"),
            (f"loss {fixed(insight.loss):>8}   ", "model"),
            (f"{name} {gradient:>8}   ", "push"),
            (f"{insight.symbol} {fixed(insight.value)} → {following}", "text"),
        ],
    ]


def _point(snapshot: Snapshot, insight: StepInsight, count: int, named: bool) -> Line:
    """The chosen point with so many of its inputs, and what the model says of it.

    Of a class y is 1 for the shown output or 0, which its number would not tell: `named` it is.
    """
    more = " …" * (len(insight.x) > count)
    inputs = "  ".join(fixed(value) for value in insight.x[:count]) + more
    point = f"point {snapshot.point.index + 1}"
    target = f": {short(insight.y)}" if insight.class_name else f" {fixed(insight.y):>8}"
    return [
        (f" {point:<{LABEL}} ", "data"),
        (f"x {inputs:>8}   ", "text"),
        (f"is {insight.class_name[:CLASS]}   " if insight.class_name and named else "", "data"),
        (f"{insight.target}{target}   ", "data"),
        (f"{insight.output} {fixed(insight.prediction):>8}", "model"),
        ("" if insight.in_batch else "  not in this batch", "quiet"),
    ]


# --- formulas ---------------------------------------------------------------------------------


def _formula(formula: Formula, done: int, label: int, width: int) -> Line:
    """Its name, its text, and its result at the right end."""
    name = formula.label.ljust(label + formula.label.count(HAT))
    line: Line = [(f" {name} ", "data" if formula.about == "point" else "quiet")]
    if formula.result is None:
        room = width - width_of(line)
        text = formula.text if len(formula.text) <= room else formula.text.partition(NOTE)[0]
        return [*line, (shortened(text, room), "text")]
    result = f"{formula.sign}  {number(formula.result):>8}"  # so that they stand under each other
    room = width - width_of(line) - len(result) - 1
    text = shortened(formula.text, room)
    role = "data" if formula.about == "data" else ROLES[done]
    gap = max(0, room - len(text))
    return [*line, (text + " " * gap, "text"), (result, role)]


def _as_many_as_fit(formulas: list[Formula], room: int) -> list[Formula]:
    """All, or where there is no room those with numbers, of them the last."""
    if len(formulas) <= room:
        return formulas
    with_numbers = [formula for formula in formulas if formula.result is not None]
    return with_numbers[-max(1, room) :] if with_numbers else formulas[: max(1, room)]


def _checked_weight(insight: StepInsight) -> list[Formula]:
    """Of a layer as a whole: what a nudge of the weight shown says, as a formula."""
    if not insight.checks or not isinstance(next(iter(insight.parameters), None), LayerRow):
        return []
    [checked] = insight.checks
    if checked.check is None:
        return []
    said = f"{step_table.verdict(checked)}  {insight.symbol} ± 0.0001: so the loss itself changes"
    return [Formula("nudge", said, checked.check.numeric)]


# --- bars -------------------------------------------------------------------------------------


def _bars(insight: StepInsight, phase: str, width: int, room: int) -> list[Line]:
    """For each row of the batch its loss, its prediction, or its vote on the parameter."""
    shown = insight.bars
    if shown is None or room < bars.LEAST_HEIGHT + 1 or not len(shown.values):
        return []
    backward = phase in ("backward", "update")
    mark = "the chosen point"
    if not insight.in_batch:
        mark = f"the chosen point isn’t in this batch: {_points(shown)}"
    drawn = bars.Bars(
        shown.values,
        shown.x,
        shown.numbers,
        shown.chosen,
        mark,
        "push" if backward else "model",
        averaged=phase != "forward",
    )
    mean = insight.slope if backward else insight.loss
    sums = bars.sum_column(shown.above, shown.below, len(shown.values), mean)
    if phase in ("", "zero", "loss"):
        sums = [(sums[3][0], "model"), *sums[4:]]
    elif phase == "forward":
        sums = []
    title = _bars_title(insight, shown, phase, bars.are_binned(drawn, width), width)
    return [title, *bars.draw(drawn, sums, width, room - 1)]


def _points(shown: Votes) -> str:
    """Which points are in the batch: points 2, 4, 11."""
    some = sorted((shown.numbers[:6] + 1).tolist())
    more = ", …" if len(shown.numbers) > len(some) else ""
    return f"point{'s' * (len(some) > 1)} {', '.join(map(str, some))}{more}"


def _bars_title(insight: StepInsight, shown: Votes, phase: str, binned: bool, width: int) -> Line:
    """What the bars are, and how many of them say what."""
    by = "summed in columns" if binned else "point by point"
    by = by if binned or shown.x is not None else "row by row"
    backward = phase in ("backward", "update")
    what = insight.vote if backward else insight.rules[PHASES.index("loss")].partition("of ")[2]
    if phase == "forward":
        what = insight.output
    line: Line = [(" ── ", "rule"), (what, "strong"), (f", {by} ", "quiet")]
    higher, lower = int((shown.values < 0).sum()), int((shown.values > 0).sum())
    symbol, right = insight.symbol, ""
    down, up = times(higher, "bar"), times(lower, "bar")
    for text in (
        f"── {down} down: raise {symbol} ── {up} up: lower {symbol} ",
        f"── {higher} down: raise ── {lower} up: lower ",
    ):
        if not right and backward and width_of(line) + len(text) < width:
            right = text
    gap = max(0, width - width_of(line) - len(right) - 1)
    return [*line, ("─" * gap, "rule"), (right, "push")]


# --- parameters -------------------------------------------------------------------------------


def _parameters(
    snapshot: Snapshot, insight: StepInsight, width: int, height: int, most: int
) -> list[Line]:
    """So many of the parameters; in the backward phase with what a nudge says of each gradient."""
    listed = insight.parameters
    room = min(len(listed), most, height - 2 - LEAST_FORMULAS)
    if room < 1:
        return []
    request = snapshot.request
    if insight.checks and not isinstance(listed[0], LayerRow):
        sight = in_sight(len(listed), request.chosen - request.first, room)
        checks, before = insight.checks[sight], request.first + sight.start
        lines = step_table.checks(checks, snapshot.chosen, width)
        return with_more(lines, before, snapshot.row_count - before - room)
    return table_around_chosen(snapshot, listed, 1 + room, width)
