"""Draws the step view: which phases are done, and what each worked out."""

from nn_core.insights.step import StepInsight
from nn_core.snapshot import Snapshot
from nn_core.state import PHASES
from nn_tui.roles import Line
from nn_tui.views import Frame


def draw(snapshot: Snapshot, frame: Frame) -> list[Line]:
    """The row of phases."""
    insight: StepInsight = snapshot.insight
    return [_phases(insight)]


def _phases(insight: StepInsight) -> Line:
    """✓ zero ─── ✓ forward ─── ✓ loss ───▶ BACKWARD ─── update."""
    line: Line = [(" ", "text")]
    for at, phase in enumerate(PHASES, 1):
        if at == insight.done:
            line += [("───▶ " if at > 1 else "▶ ", "model"), (phase.upper(), "strong")]
            continue
        before = " ─── " if at > 1 else ""
        done = at < insight.done
        line += [(before, "rule"), (f"✓ {phase}" if done else phase, "text" if done else "quiet")]
    return line
