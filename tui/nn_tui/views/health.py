"""Draws the health view: a table of updates, the chosen one's arithmetic, histograms, a plot."""

from collections.abc import Callable
from dataclasses import replace

from rich.cells import cell_len

from nn_core.analysis.histogram import Histogram
from nn_core.config.key_names import with_keys
from nn_core.explain.insights.health import HealthInsight
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import short, times
from nn_core.optim.equations import Equation
from nn_core.optim.optimizers import optimizer_of
from nn_tui.panels import plots
from nn_tui.plot.plot import Points
from nn_tui.plot.render import render
from nn_tui.text.roles import Line
from nn_tui.text.spelling import to_ascii
from nn_tui.views import Frame
from nn_tui.views.health_table import table

GUESSED = " ? until you have guessed: the updates would give it away"
SECRET = " ? while you play: the gradient would give it away; {key.hint} shows it once"
BARS = "▁▂▃▄▅▆▇█"
LONGEST_SYMBOL, RESULT = 3, 13  # cells; the result's with its =
WIDEST = 96  # cells of an equation: its result is to stand near its work
LEAST_PLOT = 4  # rows
LEFT = 0.53  # of the width is for histograms beside the plot
NAME, NAME_ALONE = 13, 11
SIDE_BY_SIDE = 76  # cells from which on there are both
AIRY = 28  # rows from which on there is room between the parts


def draw(snapshot: Snapshot, frame: Frame) -> list[Line]:
    """The parts from top to bottom: the table first, then as many as there is room for."""
    insight: HealthInsight = snapshot.insight
    gap: list[Line] = [[]] if frame.height >= AIRY else []
    drawn = table(snapshot, insight, frame.width)[: frame.height]
    if snapshot.hides_update:
        said = GUESSED if snapshot.guessed else with_keys(SECRET)
        drawn += [[], [(said[: frame.width], "quiet")]]
        return drawn[: frame.height]
    drawn += gap
    drawn += _arithmetic(snapshot, insight, replace(frame, height=frame.height - len(drawn)))
    drawn += gap
    room = frame.height - len(drawn)
    if room >= LEAST_PLOT:
        drawn += _below(snapshot, insight, replace(frame, height=room))
    return drawn[: frame.height]


def rule(left: Line, right: Line, width: int) -> Line:
    """── left ──────── right ──: of the left the last parts go first, where there is no room."""
    while len(left) > 1 and _cells(left) + _cells(right) + 13 > width:
        left = left[:-1]
    if _cells(left) + 6 > width:
        left = [(left[0][0][: max(0, width - 6)], left[0][1])]
    line: Line = [(" ── ", "rule"), *left, (" ", "rule")]
    rest = width - 6 - _cells(left)  # with a space at the end
    if not right or rest < _cells(right) + 6:
        return [*line, ("─" * max(0, rest), "rule")]
    dashes = "─" * (rest - _cells(right) - 4)
    return [*line, (f"{dashes} ", "rule"), *right, (" ──", "rule")]


def _cells(line: Line) -> int:
    """How wide a line is where formulas are in it: the hat of m̂ takes no cell of its own."""
    return sum(cell_len(text) for text, _ in line)


# --- the update, line by line -----------------------------------------------------------------


def _arithmetic(snapshot: Snapshot, insight: HealthInsight, frame: Frame) -> list[Line]:
    """The lines that lead to the chosen parameter's next value; in little room the last ones."""
    if frame.height < 1:
        return []
    spell = to_ascii if frame.markers == "ascii" else str  # before it is known what fits
    found = optimizer_of(snapshot.config)
    title: Line = [
        (f"next update of {insight.label}", "strong"),
        (f"  {spell(f'{found.title}: {found.formula}')}", "quiet"),
    ]
    spelled = [(spell(_symbol(each)), each) for each in insight.equations]
    indent = max(cell_len(symbol) for symbol, _ in spelled) + 3
    lines = [_equation(symbol, each, indent, frame.width, spell) for symbol, each in spelled]
    if insight.early:  # as many lines as there will be
        wait: Line = [
            (" not yet: the backward phase works the gradient out"[: frame.width], "quiet")
        ]
        lines = [*[[]] * (len(lines) - 1), wait]
    if frame.height == 1:
        return lines[-1:]
    check: Line = [("c", "strong"), (" checks the gradient", "quiet")]
    return [rule(title, check, frame.width), *lines[max(0, len(lines) - frame.height + 1) :]]


def _symbol(equation: Equation) -> str:
    """A parameter's own name where it is short."""
    return equation.symbol if cell_len(equation.symbol) <= LONGEST_SYMBOL else "w"


def _equation(
    symbol: str, equation: Equation, indent: int, width: int, spell: Callable[[str], str]
) -> Line:
    """Symbol, work, what it is where there is room for that, = result."""
    found = equation.written()
    work, sign, result = (spell(text) for text in (found.text, found.sign, found.result))
    space = min(width - 1, WIDEST) - RESULT - indent - 2
    if len(work) > space:
        work = "…"
    line: Line = [(f" {symbol}".ljust(indent + len(symbol) - cell_len(symbol)), "strong")]
    note = equation.note if len(work) + len(equation.note) + 2 <= space else ""
    line += [(work, "text"), (f"{note.rjust(space - len(work))}  ", "quiet")]
    return [*line, (sign, "quiet"), (f"{result:>{RESULT - 1}}", "push")]


# --- histograms and plot ----------------------------------------------------------------------


def _below(snapshot: Snapshot, insight: HealthInsight, frame: Frame) -> list[Line]:
    """The chosen layer's histograms beside the gradient's length over the steps."""
    if not insight.histograms:
        return _plot(snapshot, frame)
    if frame.width < SIDE_BY_SIDE:
        return _histograms(insight, frame.width, frame.height)
    left = int(LEFT * frame.width)
    histograms = _histograms(insight, left, frame.height)
    plot = _plot(snapshot, replace(frame, width=frame.width - left - 1))
    histograms += [[]] * (frame.height - len(histograms))
    return [
        [*line, (" " * (left + 1 - _cells(line)), "text"), *beside]
        for line, beside in zip(histograms, plot, strict=True)
    ]


def _plot(snapshot: Snapshot, frame: Frame) -> list[Line]:
    plot = plots.gradient(snapshot, frame.markers)
    now = Points([snapshot.step], [snapshot.gradient_norm], role="push", chosen=0)
    rows = render(replace(plot, marks=(*plot.marks, now)), frame.width - 2, frame.height)
    return [[(" ", "text"), *row] for row in rows]


def _histograms(insight: HealthInsight, width: int, height: int) -> list[Line]:
    """Values, gradients and updates of the chosen layer: a line each, or higher where it fits."""
    title: Line = [(f"{insight.layer}", "strong"), (f", {times(insight.size, 'number')}", "quiet")]
    lines = [rule(title, [], width)]
    high = (height - 1) // len(insight.histograms)
    for name, found in insight.histograms:
        lines += _single(name, found, width) if high < 2 else _bars(name, found, width, high - 1)
    return lines[:height]


def _role(name: str) -> str:
    return "model" if name == "values" else "push"


def _apart(found: Histogram) -> str:
    """What isn't among the bars."""
    return f"{found.not_finite} lost" if found.not_finite else times(found.zeros, "zero")


def _single(name: str, found: Histogram, width: int) -> list[Line]:
    """One line: the bars, how far they reach, and the zeros."""
    bars = _rows(found, 12, 1)[0]
    end = f" ±{short(found.limit)}"
    line: Line = [
        (f" {name:<{NAME_ALONE - 1}}", "text"),
        (bars, _role(name)),
        (f"{end:<9}", "quiet"),
    ]
    zeros = _apart(found)
    if NAME_ALONE + 12 + 9 + len(zeros) <= width:
        line.append((zeros, "quiet"))
    return [line]


def _bars(name: str, found: Histogram, width: int, high: int) -> list[Line]:
    """Bars `high` rows high over a line with the limits and 0 between them."""
    cells = next((wide for wide in (48, 24, 12) if NAME + wide + 2 <= width), 12)
    low, end = short(-found.limit), short(found.limit)
    half = cells // 2
    limits = f"{low:<{half}}0{end:>{half - 1}}"
    rows = _rows(found, cells, high)
    lines: list[Line] = [[(" " * NAME, "text"), (row, _role(name))] for row in rows[:-1]]
    lines.append([(f" {name:<{NAME - 1}}", "text"), (rows[-1], _role(name))])
    lines.append([(f" {_apart(found):<{NAME - 1}}", "quiet"), (limits, "quiet")])
    return lines


def _rows(found: Histogram, cells: int, high: int) -> list[str]:
    """The bars as rows of block characters, the highest first; what isn't 0 is at least ▁."""
    counts = found.counts.reshape(cells, -1).sum(axis=1)
    most = max(int(counts.max()), 1)
    steps = -(-counts * (high * len(BARS)) // most)
    return [
        "".join(
            " " if step <= 0 else BARS[min(int(step), len(BARS)) - 1]
            for step in steps - row * len(BARS)
        )
        for row in reversed(range(high))
    ]
