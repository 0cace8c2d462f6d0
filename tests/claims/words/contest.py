"""What is true in a contest."""

import numpy as np

from claims import says
from claims.words.claim import claim, rows_of
from nn_core.models.losses import LOSSES


@claim(
    r"Beat gradient descent: ↑↓ choose, ←→ move; for a move it takes a step\.|"
    r"enter types a value, \+ − turn its rate, h shows the gradient, g ends it\."
)
def contest_begins(snapshot):
    assert snapshot.contest.moves == 0


@claim(
    r"(\d+) moves?: your (\S+) <N>(?: (leads|trails|equals) gradient descent’s <N>"
    r"|; gradient descent ran away)(?:; best <N>)?\."
)
def contest_stands(snapshot, moves, title, yours, word, theirs, best):
    score = snapshot.contest
    assert int(moves) == score.moves
    assert title == LOSSES[snapshot.config.loss].title
    assert says(yours, snapshot.loss)
    assert says(yours, score.yours[-1])
    if word is None:
        assert not np.isfinite(score.theirs[-1])
    else:
        assert says(theirs, score.theirs[-1])
        ahead = np.sign(score.theirs[-1] - snapshot.loss)
        assert word == {1: "leads", -1: "trails", 0: "equals"}[int(ahead)]
    if best is not None:
        assert any(says(best, each.loss) for each in snapshot.scene.references)


@claim(r"Hint: (raise|lower) (\S+), whose gradient <N> is steepest\.")
def hint(snapshot, way, label, gradient):
    assert snapshot.contest.hint
    row = rows_of(snapshot)[label]
    assert says(gradient, row.gradient)
    assert abs(row.gradient) == max(abs(each.gradient) for each in snapshot.rows)
    assert way == ("lower" if row.gradient > 0 else "raise")
