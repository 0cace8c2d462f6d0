"""Questions about the step to come, outside of lessons: what will it do? Asked in turn."""

from nn_core.explain.rows import UnitRow
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed, signed
from nn_core.lessons.goals import read_comparison
from nn_core.lessons.lesson import Question, Task

MOST_NAMES = 4  # of parameters to choose from
_STEPPED = (read_comparison("step > before.step"),)


def foretell(shown: Snapshot, turn: int) -> Task:
    """A question about the next step: the loss, the largest move, its way, or its size."""
    chosen = shown.chosen
    rows = [row for row in shown.rows if not isinstance(row, UnitRow)][:MOST_NAMES]
    kind = turn % 4 if chosen.update and len(rows) > 1 else 0
    if kind == 1:
        sizes = [abs(row.update) for row in rows]
        most = sizes.index(max(sizes))
        moves = ", ".join(f"{row.label} {fixed(row.update)}" for row in rows)
        names = tuple(row.label for row in rows)
        return _task("Which of these will the step move most?", names, most, f"{moves}.")
    said = f"{chosen.label} moves by {signed(chosen.update)}."
    if kind == 2:
        asked = f"Which way will {chosen.label} move? Its gradient is {fixed(chosen.gradient)}."
        return _task(asked, ("up", "down"), int(chosen.update < 0), said)
    if kind == 3:
        right = shown.step % 3
        sizes = [abs(chosen.update) * 10.0 ** (at - right) for at in range(3)]
        choices = tuple(fixed(size) for size in sizes)
        return _task(f"How far will {chosen.label} move, roughly?", choices, right, said)
    choices = ("up", "down", "it stays")
    after = "The loss went from {before.loss} to {loss}."
    return _task("Which way will the loss go?", choices, "direction.loss", after)


def _task(ask: str, choices: tuple[str, ...], right: int | str, after: str) -> Task:
    return Task("", Question(ask, choices, right), _STEPPED, (), after, ("s",), None)
