"""The backward phase's table: each gradient, what it is the mean of, and what a nudge says."""

import math
from collections.abc import Sequence

from nn_core.explain.insights.step_insight import NUDGE, Nudged
from nn_core.explain.rows import NumberRow
from nn_core.formatting import fixed
from nn_tui.panels.table import NOTHING, row_label
from nn_tui.text.cells import merged, shortened
from nn_tui.text.roles import Line

LABEL, VALUE, NUMERIC, SAME = 13, 11, 19, 6
GAP = "    "
LEAST_MEAN = 10
_ROLES = {"✓": "model", "–": "quiet", "kink": "quiet"}


def verdict(checked: Nudged) -> str:
    """Whether the two agree; beside a kink they rightly don't."""
    found = checked.check
    if found is None or not math.isfinite(found.numeric):
        return "–"
    if found.agrees:
        return "✓"
    return "kink" if found.kink else "≠"


def checks(rows: Sequence[Nudged], chosen: NumberRow | None, width: int) -> list[Line]:
    """A title and a row for each parameter; on a narrow screen without what they are means of."""
    label = max(LABEL, *(len(row.label) + 8 for row in rows))
    mean = width - 3 - label - VALUE - len(GAP) - NUMERIC - SAME - 1
    with_mean = mean >= LEAST_MEAN
    says = f" nudge ±{fixed(NUDGE)} says "
    titles = f" ── {'gradient ':─<{label - 1}}{' value ':─>{VALUE}}"
    titles += f"{'─' * (len(GAP) - 1)}{' mean of ':─<{mean + 1}}" if with_mean else ""
    lines = [_title(f"{titles}{says:─>{NUMERIC}}{' same ':─>{SAME}}")]
    for row in rows:
        is_chosen = chosen is not None and row.index == chosen.index
        numeric = "–" if row.check is None else fixed(row.check.numeric)
        same = verdict(row)
        line: Line = [
            row_label("∂loss/∂" + row.label, is_chosen, label, str(row.index)),
            (f"{NOTHING if row.cancels else fixed(row.gradient):>{VALUE}}", "push"),
        ]
        if with_mean:
            line.append((f"{GAP}{shortened(row.mean_of, mean):<{mean}}", "text"))
        line += [
            (f"{numeric:>{NUMERIC - 1}}", "push"),
            (f"{same:>{SAME - 2 if len(same) == 1 else SAME}}", _ROLES.get(same, "alarm")),
        ]
        lines.append(line)
    return lines


def _title(text: str) -> Line:
    """A rule with its words quiet."""
    return merged((character, "rule" if character == "─" else "quiet") for character in text)
