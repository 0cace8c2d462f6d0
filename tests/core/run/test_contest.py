"""Moving by hand against gradient descent: whose loss is whose, and what ends a contest."""

import numpy as np
import pytest

from nn_core import Config, Trainer
from nn_core.run.contest import Contest
from nn_core.run.timeline import Timeline

ZEROED = [2.4219, 2.4010, 2.3802, 2.3594, 2.3386, 2.3178]  # FACTS: the table, zeroed every step


def test_the_rival_takes_the_lessons_step_for_each_move():
    run = Timeline(Trainer.from_config(Config()))
    contest, yours = Contest(run.trainer), [run.trainer.loss()]
    for _ in range(5):
        run.do("nudge", index=0, amount=0.1)
        contest.move(run.trainer)
        yours.append(run.trainer.loss())
    assert [round(loss, 4) for loss in contest.score.theirs] == ZEROED
    assert contest.score.yours.tolist() == yours
    assert contest.score.moves == 5
    assert contest.score.lead == pytest.approx(ZEROED[-1] - yours[-1], abs=1e-4)


def test_the_rival_leaves_the_run_alone():
    run = Timeline(Trainer.from_config(Config()))
    contest = Contest(run.trainer)
    before = run.state.copy()
    contest.move(run.trainer)
    assert np.array_equal(run.state.parameters, before.parameters)
    assert np.array_equal(run.state.gradient, before.gradient)
    assert run.state.step == 0


def test_the_rival_goes_by_the_rate_in_force_at_each_move():
    run = Timeline(Trainer.from_config(Config()))
    contest = Contest(run.trainer)
    run.do("set", name="learning_rate", value=0.1)
    contest.move(run.trainer)
    other = Trainer.from_config(Config(learning_rate=0.1))
    other.run(1)
    assert contest.score.theirs[-1] == other.loss()


def test_a_hint_lasts_until_the_next_move():
    run = Timeline(Trainer.from_config(Config()))
    contest = Contest(run.trainer)
    contest.hint = True
    assert contest.score.hint
    contest.move(run.trainer)
    assert not contest.score.hint


def test_a_rival_that_runs_away_stops_nobody():
    run = Timeline(Trainer.from_config(Config(loss="mse", learning_rate=1e200)))
    contest = Contest(run.trainer)
    for _ in range(4):
        contest.move(run.trainer)
    assert not np.isfinite(contest.score.theirs[-1])
    assert np.isfinite(contest.score.yours).all()
