"""The sheet of arithmetic: each line of the view in full, however long it is."""

import textwrap
from collections.abc import Callable, Iterator

from nn_core.config.key_names import with_keys
from nn_core.explain.insights.layer import LayerInsight
from nn_core.explain.insights.step_insight import StepInsight
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import number
from nn_tui.dialogs.sheet import Sheet
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows
from nn_tui.views.layer import neuron_terms


class ArithmeticSheet(Sheet):
    """What the view works out, uncut; ↑↓ scroll."""

    def __init__(self, make_rows: Callable[..., Rows], shown: Snapshot) -> None:
        super().__init__(make_rows)
        self._shown = shown

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the newest numbers."""
        self._shown = snapshot
        self.draw()

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """A paragraph for each line of arithmetic."""
        rows: list[Line] = []
        for name, text in _lines(self._shown.insight):
            rows.append([(f" {name}", "strong")])
            wrapped = textwrap.wrap(text, max(20, width - 5), break_on_hyphens=False)
            rows += [[(f"   {line}", "text")] for line in wrapped]
        rows.append([(" ≈ stands where the digits shown don’t come to the last one.", "quiet")])
        return "worked out in full", rows, with_keys("{key.up+down} scroll   esc leave")


def _lines(insight: object) -> Iterator[tuple[str, str]]:
    """What each line is called, and the whole of it."""
    if isinstance(insight, StepInsight):
        for formula in insight.lines:
            shown = "" if formula.result is None else f" {formula.sign} {number(formula.result)}"
            yield formula.label, formula.text + shown
    elif isinstance(insight, LayerInsight):
        whole = next(neuron_terms(insight))
        yield insight.unit_name, f"{whole.text} {whole.sign} {whole.result}"
