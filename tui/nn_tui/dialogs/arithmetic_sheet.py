"""The sheet of arithmetic: each line of the view in full, however long it is."""

import textwrap
from collections.abc import Callable, Iterator
from typing import NamedTuple

from nn_core.config.key_names import with_keys
from nn_core.explain.insights.layer import LayerInsight
from nn_core.explain.insights.step_insight import StepInsight
from nn_core.explain.snapshot import Snapshot
from nn_core.expressions import Folded
from nn_core.formatting import number
from nn_tui.dialogs.sheet import Sheet
from nn_tui.text.cells import wrapped
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows
from nn_tui.views.layer import neuron_terms


class ArithmeticSheet(Sheet):
    """What the view works out, uncut; ↑↓ scroll.

    `reads` is what stands in the view, `at` the line of it that the sheet opens at.
    """

    def __init__(
        self, make_rows: Callable[..., Rows], shown: Snapshot, reads: str, at: int = 0
    ) -> None:
        super().__init__(make_rows)
        self._shown, self._opens_at = shown, at
        self._adds = any(line.folded or line.text not in reads for line in _lines(shown.insight))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the newest numbers."""
        self._shown = snapshot
        self.draw()

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """A paragraph for each line of arithmetic, and under it all that is one number there."""
        paragraphs = [_paragraph(line, width) for line in _lines(self._shown.insight)]
        self._first += sum(map(len, paragraphs[: self._opens_at]))
        self._opens_at = 0
        rows = [row for paragraph in paragraphs for row in paragraph]
        if not self._adds:
            said = "Nothing is cut in the view: it shows these lines in full."
            rows[:0] = [[(f" {text}", "strong")] for text in wrapped(said, width - 1)]
        said = "≈ stands where the digits shown don’t come to the last one."
        rows += [[(f" {text}", "quiet")] for text in wrapped(said, width - 1)]
        return "worked out in full", rows, with_keys("{key.up+down} scroll   esc out")


class _Whole(NamedTuple):
    """A line of arithmetic: its name, all of it, its result, and the terms folded in it."""

    name: str
    text: str
    result: str
    folded: tuple[Folded, ...]


def _lines(insight: object) -> Iterator[_Whole]:
    if isinstance(insight, StepInsight):
        for formula in insight.lines:
            shown = "" if formula.result is None else f" {formula.sign} {number(formula.result)}"
            yield _Whole(formula.label, formula.text, shown, formula.folded)
    elif isinstance(insight, LayerInsight):
        whole = next(neuron_terms(insight))
        result = f" {whole.sign} {whole.result}"
        yield _Whole(insight.unit_name, whole.text, result, whole.folded)


def _paragraph(line: _Whole, width: int) -> list[Line]:
    rows: list[Line] = [[(f" {line.name}", "strong")]]
    rows += [[(f"   {text}", "text")] for text in wrapped(line.text + line.result, width - 5)]
    for folded in line.folded:
        rows += _opened(folded, width)
    return rows


def _opened(folded: Folded, width: int) -> list[Line]:
    """The terms that are one number in the line above, one by one, and what they add up to."""
    terms, added = folded.opened()
    rows = [(name, each.text, each.sign, each.result, so_far) for name, each, so_far in terms]
    rows.append(("added up", "", added.sign, added.result, ""))
    name, text, result, sums = (max(len(row[at]) for row in rows) for at in (0, 1, 3, 4))
    said = f"the {folded.title}, one by one, and their sum so far"
    lines: list[Line] = [[(f"     {text}", "quiet")] for text in wrapped(said, width - 5)]
    room = width - 7 - name - 3
    for called, term, sign, value, so_far in rows:
        told: Line = [(f"{sign} {value:>{result}}", "text"), (f"   {so_far:>{sums}}", "quiet")]
        if text + 1 + sum(len(part) for part, _ in told) < room:
            parts = [(f"{term:<{text}} ", "text"), *told]
            lines.append([(f"       {called:<{name}}   ", "quiet"), *parts])
            continue
        # Too wide for a line of its own: what comes of a term stands under it, to the right.
        for at, part in enumerate(_factors(term, max(20, room - 1)) or [""]):
            first = called if at == 0 else ""
            lines.append([(f"       {first:<{name}}   ", "quiet"), (part, "text")])
        blank = width - sum(len(part) for part, _ in told) - 1
        lines.append([(" " * max(3, blank), "text"), *told])
    return lines


def _factors(text: str, width: int) -> list[str]:
    """The text in lines so wide, broken before a sign between its numbers."""
    return [
        line.replace(" ·", "·")
        for line in textwrap.wrap(text.replace("·", " ·"), width, break_on_hyphens=False)
    ]
