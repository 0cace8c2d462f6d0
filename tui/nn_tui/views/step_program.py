"""Where the step stands: the rail of its phases, and the training program around them."""

from nn_core.explain.insights.step_insight import StepInsight
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import times
from nn_core.training.state import PHASES
from nn_tui.text.cells import shortened
from nn_tui.text.roles import Line, width_of

RULES = 38  # the column, right of the program, where it is said what a line works out
RULES_FROM = 60  # columns in all


def rail(insight: StepInsight, width: int) -> Line:
    """✓zero ─ ✓forward ─ ✓loss ─▶ BACKWARD ── update, and the phase's line in PyTorch.

    Nothing in it moves from phase to phase.
    """
    code = insight.code[insight.done - 1] if insight.done else ""
    longest = max(len(line) for line in insight.code)
    rails = [_wide(insight), _close(insight), _closest(insight)]
    found = next((line for line in rails if width_of(line) + longest + 2 <= width), None)
    if found is None:
        found, code = next((line for line in rails if width_of(line) <= width), rails[-1]), ""
    gap = max(0, width - width_of(found) - len(code) - 1)
    return [*found, (" " * gap, "text"), (code, "model")]


def _wide(insight: StepInsight) -> Line:
    return _rail(insight, (" ─── ✓ ", " ✓ "), (" ────▶ ", " ▶ "), (" ───── ", "   "))


def _close(insight: StepInsight) -> Line:
    return _rail(insight, (" ─ ✓", " ✓"), (" ─▶ ", " ▶"), (" ── ", "  "))


def _closest(insight: StepInsight) -> Line:
    return _rail(insight, ("✓", "✓"), ("▶", "▶"), (" ", " "))


def _rail(
    insight: StepInsight, done: tuple[str, str], last: tuple[str, str], to_come: tuple[str, str]
) -> Line:
    """What stands before each phase, and before the first: all as wide as each other."""
    line: Line = []
    for at, phase in enumerate(PHASES, 1):
        first = at == 1
        if at == insight.done:
            line += [(last[first], "model"), (phase.upper(), "strong")]
        elif at < insight.done:
            line += [(done[first][:-2], "rule"), (done[first][-2:], "model"), (phase, "text")]
        else:
            line += [(to_come[first], "rule"), (phase, "quiet")]
    return line


def _beyond(snapshot: Snapshot, epoch: int) -> str:
    """The epoch of the step to come, beyond those that were asked for."""
    done = epoch == snapshot.config.epochs + 1 and not snapshot.position and not snapshot.phase
    return f"all done; a step begins epoch {epoch}" if done else f"epoch {epoch}, beyond these"


def program(snapshot: Snapshot, insight: StepInsight, width: int) -> list[Line]:
    """The two nested loops as PyTorch has them, and what each line works out."""
    epoch, epochs = insight.epoch + 1, snapshot.config.epochs
    everything = "all " if insight.batches == 1 < insight.rows else ""
    said = (
        f"epoch {epoch} of {epochs}" if epoch <= epochs else _beyond(snapshot, epoch),
        f"batch {insight.batch} of {insight.batches}: {everything}{times(insight.rows, 'row')}",
        *(rule.rpartition(";  ")[2] for rule in insight.rules),
    )
    code = (
        f"for epoch in range({epochs}):",
        "  for x, y in batches:",
        *(f"    {line}" for line in insight.code),
    )
    lines: list[Line] = []
    for phase, (line, rule) in enumerate(zip(code, said, strict=True), -1):
        mark, role = " ", "text"  # the loops are −1 and 0; before a step the inner one is next
        if phase == insight.done:
            mark, role = "▶", "strong"
        elif 0 < phase < insight.done:
            mark, role = "✓", "quiet"
        lines.append([(f" {mark} ", "model"), (f"{line:<{RULES - 3}} ", role)])
        if width >= RULES_FROM:
            lines[-1].append((shortened(rule, width - width_of(lines[-1]) - 1), "quiet"))
    return lines
