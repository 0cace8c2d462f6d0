"""How a contest with gradient descent ended, in a sentence."""

import numpy as np

from nn_core.formatting import fixed, times
from nn_core.run.contest import Score


def who_won(score: Score, title: str) -> str:
    """Who won, by which losses; `title` is what the loss is called."""
    if not score.moves:
        return "The contest is over before the first move: nobody won."
    rival, moves = float(score.theirs[-1]), times(score.moves, "move")
    yours = f"your {title} {fixed(float(score.yours[-1]))}"
    if not np.isfinite(rival):
        return f"You won after {moves}: {yours}; gradient descent ran away."
    if score.lead > 0:
        return f"You won after {moves}: {yours} against gradient descent’s {fixed(rival)}."
    if score.lead < 0:
        return f"Gradient descent won after {moves}: its {fixed(rival)} against {yours}."
    return f"A draw after {moves}: {yours}, as gradient descent’s."
