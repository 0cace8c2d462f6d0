"""Where a goal was reached first, among steps of which nobody saw a snapshot."""

from dataclasses import replace

import pytest

from nn_core.explain.outcomes import Moved
from nn_core.lessons.goals import read_comparison
from nn_core.lessons.looking_back import first_reached, may_have_been_before


def first(run, before, *goal: str, **looked) -> int:
    now = replace(run.shown(), **looked) if looked else run.shown()
    return first_reached(run.timeline, tuple(map(read_comparison, goal)), before, now)


@pytest.mark.parametrize(
    ("goal", "step"),
    [
        (["loss < 1.05"], 33),
        (["loss < 0.5 * before.loss"], 10),
        (["step >= 20"], 20),
        (["epoch >= 25", "loss < 1.5"], 25),
        (["step == 60"], 60),
        (["value.a > 2"], 9),
    ],
)
def test_it_is_the_first_step_at_which_all_of_the_goal_held(run, goal, step) -> None:
    found = run(learning_rate=0.1)
    before = found.shown()
    found.timeline.advance(60)
    assert first(found, before, *goal) == step
    assert found.timeline.state.step == 60
    assert found.timeline.tip == 60


def test_steps_before_the_task_do_not_count_nor_those_of_another_setting(run) -> None:
    found = run(learning_rate=0.1)
    found.timeline.advance(40)
    before = found.shown()
    found.timeline.advance(5)
    found.timeline.do("set", name="learning_rate", value=0.05)
    found.timeline.advance(5)
    assert first(found, before, "loss < 1.05", "learning_rate == 0.05") == 45


def test_of_a_future_that_was_given_up_nothing_is_lived_again(run) -> None:
    found = run(learning_rate=0.1)
    before = found.shown()
    found.timeline.advance(60)
    now = found.shown()
    found.timeline.seek(10)
    found.timeline.do("nudge", index=0, amount=0.1)  # before it is looked for
    goal = (read_comparison("step >= 30"),)
    assert first_reached(found.timeline, goal, before, now) == 60
    assert found.timeline.tip == 10


def test_one_step_needs_no_looking_back(run) -> None:
    found = run()
    before = found.shown()
    assert not may_have_been_before(before, found.shown(1))
    assert may_have_been_before(before, found.shown(1))
    moved = Moved("a", 0.1, 2.0, 1.9, -1.0)  # by hand: then it is now that it was done
    assert not may_have_been_before(before, found.shown(outcome=moved))
    found.timeline.phase()
    assert not may_have_been_before(before, found.shown())
