"""Words about a contest with gradient descent."""

from collections.abc import Iterator

import numpy as np

from nn_core.config.key_names import with_keys
from nn_core.explain.rows import NumberRow
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed, times
from nn_core.models.losses import LOSSES


def settled(snapshot: Snapshot) -> Iterator[str]:
    """Who won a contest that has just ended, by which losses."""
    score = snapshot.activity.settled
    if score is None:
        return
    if not score.moves:
        yield "The contest is over before the first move: nobody won."
        return
    moves, title = times(score.moves, "move"), LOSSES[score.loss].title
    yours, rival = fixed(float(score.yours[-1])), float(score.theirs[-1])
    if not np.isfinite(rival):
        won = f"you won in {moves}, {title} {yours}; gradient descent ran away"
    elif score.lead > 0:
        won = f"you won in {moves}, {title} {yours} against {fixed(rival)}"
    elif score.lead < 0:
        won = f"gradient descent won in {moves}, {title} {fixed(rival)} against {yours}"
    else:
        won = f"a draw in {moves}, {title} {yours} both"
    yield f"Contest over: {won}."


def contest(snapshot: Snapshot) -> Iterator[str]:
    """How the person stands against gradient descent, and where to go."""
    score = snapshot.contest
    if score is None:
        return
    if not score.moves:
        yield with_keys(  # what is needed to play fits on a narrow screen too
            "Beat gradient descent: {key.up+down} choose, {key.lower+raise} move; for a move it "
            "takes a step."
        )
        yield with_keys(
            "{key.enter} types a value, {key.rate_up} {key.rate_down} turn its rate, {key.hint} "
            "shows the gradient, {key.contest} ends it."
        )
        return
    title = LOSSES[score.loss].title
    begin = f"{times(score.moves, 'move')}: your {title} {fixed(snapshot.loss)}"
    rival = float(score.theirs[-1])
    if np.isfinite(rival):
        word = "leads" if score.lead > 0 else "trails" if score.lead < 0 else "equals"
        begin += f" {word} gradient descent’s {fixed(rival)}"
    else:
        begin += "; gradient descent ran away"
    best = snapshot.scene.reference("best")
    yield begin + (f"; best {fixed(best.loss)}." if best else ".")
    numbers = [row for row in snapshot.rows if isinstance(row, NumberRow)]
    if score.hint and numbers:
        strongest = max(numbers, key=lambda row: abs(row.gradient))
        way = "lower" if strongest.gradient > 0 else "raise"
        gradient = fixed(strongest.gradient)
        yield f"Hint: {way} {strongest.label}, whose gradient {gradient} is steepest."
