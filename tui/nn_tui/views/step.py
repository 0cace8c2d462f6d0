"""Draws the step view: which phases are done, and what each worked out."""

from nn_core.insights.step import StepInsight
from nn_core.snapshot import Snapshot
from nn_core.state import PHASES
from nn_tui.roles import Line, width_of
from nn_tui.views import Frame


def draw(snapshot: Snapshot, frame: Frame) -> list[Line]:
    """The row of phases."""
    insight: StepInsight = snapshot.insight
    phases = _phases(insight, "───")
    return [phases if width_of(phases) <= frame.width else _phases(insight, "")]


def _phases(insight: StepInsight, between: str) -> Line:
    """✓ zero ─── ✓ forward ─── ✓ loss ───▶ BACKWARD ─── update."""
    line: Line = [(" ", "text")]
    for at, phase in enumerate(PHASES, 1):
        if at == insight.done:
            line += [(f" {between}▶ " if at > 1 else "▶ ", "model"), (phase.upper(), "strong")]
            continue
        done = at < insight.done
        line.append((f" {between} " if at > 1 and between else " " * (at > 1), "rule"))
        line.append((f"✓{' ' * bool(between)}{phase}", "text") if done else (phase, "quiet"))
    return line
