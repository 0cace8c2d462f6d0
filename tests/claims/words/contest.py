"""What is true in a contest, and at its end."""

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


@claim(
    r"Contest over: you won in (\d+) moves?, (\S+) <N>"
    r"(?: against <N>|; gradient descent ran away)\."
)
def contest_won(snapshot, moves, title, yours, theirs):
    score = snapshot.activity.settled
    assert snapshot.contest is None
    assert (int(moves), title) == (score.moves, LOSSES[score.loss].title)
    assert says(yours, score.yours[-1])
    assert says(theirs, score.theirs[-1]) if theirs else not np.isfinite(score.theirs[-1])
    assert score.yours[-1] < score.theirs[-1] or not theirs


@claim(r"Contest over: gradient descent won in (\d+) moves?, (\S+) <N> against <N>\.")
def contest_lost(snapshot, moves, title, theirs, yours):
    score = snapshot.activity.settled
    assert (int(moves), title) == (score.moves, LOSSES[score.loss].title)
    assert says(yours, score.yours[-1])
    assert says(theirs, score.theirs[-1])
    assert score.theirs[-1] < score.yours[-1]


@claim(r"Contest over: a draw in (\d+) moves?, (\S+) <N> both\.")
def contest_drawn(snapshot, moves, title, yours):
    score = snapshot.activity.settled
    assert (int(moves), title) == (score.moves, LOSSES[score.loss].title)
    assert says(yours, score.yours[-1])
    assert score.theirs[-1] == score.yours[-1]


@claim(r"The contest is over before the first move: nobody won\.")
def contest_without_moves(snapshot):
    assert snapshot.activity.settled.moves == 0
