"""What is done in the past: it branches, and the future that was there is kept as a curve."""

import pytest
from timelines import place_and_record, quadratic

from nn_core.errors import RequestError


def test_doing_something_in_the_past_keeps_the_future_as_a_curve():
    timeline = quadratic()
    timeline.advance(10)
    old = timeline.history.losses.values.tolist()
    timeline.seek(4)
    timeline.do("nudge", index=0, amount=0.1)
    assert timeline.tip == 4
    (kept,) = timeline.kept
    assert kept.start == 4
    timeline.advance(10)
    assert kept.losses.values.tolist() == old
    assert timeline.history.losses.values[:4].tolist() == old[:4]


def test_a_setting_in_the_past_rules_the_new_branch_only():
    timeline = quadratic()
    timeline.advance(10)
    timeline.seek(4)
    timeline.do("set", name="learning_rate", value=0.1)
    timeline.advance(6)
    assert timeline.config.learning_rate == 0.1
    timeline.seek(3)
    assert timeline.config.learning_rate == 0.01


def test_a_kept_curve_goes_by_the_settings_that_its_own_steps_were_trained_with():
    timeline = quadratic()
    timeline.advance(5)
    timeline.do("set", name="learning_rate", value=0.1)
    timeline.advance(5)
    timeline.do("set", name="learning_rate", value=0.9)  # under which no step was taken
    timeline.seek(2)
    timeline.do("set", name="learning_rate", value=0.5)
    (kept,) = timeline.kept
    assert [config.learning_rate for config in kept.trained] == [0.01, 0.1]


def test_at_most_eight_runs_are_kept_and_the_oldest_goes():
    timeline = quadratic()
    for start in range(9, 0, -1):
        timeline.advance(10)
        timeline.seek(start)
        timeline.do("nudge", index=0, amount=0.1)
    assert [kept.start for kept in timeline.kept] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert timeline.kept.pushed_out == (1,)


def test_a_run_that_was_kept_is_not_kept_once_more_when_it_is_begun_again():
    timeline = quadratic()
    timeline.advance(10)
    timeline.keep()
    timeline.do("set", name="optimizer", value="adam")
    timeline.restart()
    assert [kept.steps for kept in timeline.kept] == [10]
    timeline.advance(10)
    timeline.restart()
    assert [kept.trained[0].optimizer for kept in timeline.kept] == ["sgd", "adam"]


def test_an_event_that_moves_a_parameter_discards_the_step_at_hand():
    timeline, plain = quadratic(), quadratic()
    for _ in range(4):
        timeline.phase()
    timeline.do("nudge", index=0, amount=0.1)
    plain.do("nudge", index=0, amount=0.1)
    assert place_and_record(timeline) == place_and_record(plain)


def test_a_setting_changed_inside_a_step_outlives_its_discarding():
    timeline = quadratic()
    timeline.phase()
    timeline.do("set", name="learning_rate", value=0.5)
    timeline.phase()
    timeline.do("nudge", index=0, amount=0.1)
    assert timeline.state.phase == 0
    assert timeline.config.learning_rate == 0.5
    timeline.advance(2)
    there = place_and_record(timeline)
    timeline.seek(0)
    timeline.advance(2)
    assert place_and_record(timeline) == there


def test_a_setting_changed_inside_a_step_rules_its_update():
    timeline, other = quadratic(), quadratic(learning_rate=0.5)
    for _ in range(4):
        timeline.phase()
    timeline.do("set", name="learning_rate", value=0.5)
    timeline.advance(1)
    other.advance(1)
    assert timeline.state.parameters.tolist() == other.state.parameters.tolist()


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("set", {"name": "learning_rate", "value": -1.0}),
        ("set", {"name": "epochs", "value": -1}),
        ("set", {"name": "loss", "value": "mse"}),
    ],
)
def test_what_cannot_be_done_changes_nothing(kind, arguments):
    timeline = quadratic()
    timeline.advance(5)
    timeline.seek(3)
    before = place_and_record(timeline)
    with pytest.raises(RequestError):
        timeline.do(kind, **arguments)
    assert place_and_record(timeline) == before
    assert timeline.tip == 5
