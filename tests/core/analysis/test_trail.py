"""The trail: where the parameters stood, to the bit, wherever the run was gone to."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timelines import quadratic

from nn_core import Timeline, Trainer
from nn_core.analysis.trail import LENGTH, Trail
from nn_core.config.experiments import EXPERIMENTS


def matches(past_steps, timeline, known):
    """Whether the trail says what was seen while the run went there."""
    end = timeline.state.step
    assert past_steps.steps.tolist() == list(range(max(0, end - LENGTH), end))
    for step, values, loss in zip(
        past_steps.steps, past_steps.values, past_steps.losses, strict=True
    ):
        assert (values.tolist(), loss) == known[step]


def test_it_is_the_last_steps_with_their_recorded_losses():
    timeline, known = quadratic(learning_rate=0.1), {}
    for _ in range(120):
        step, values = timeline.state.step, timeline.state.parameters[[0, 2]].tolist()
        timeline.advance(1)
        known[step] = values, timeline.history.losses.at(step)
        matches(Trail(timeline, (0, 2)).up_to(timeline), timeline, known)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["on", "far", "back", "seek", "nudge", "rate"]), max_size=12))
def test_followed_or_made_anew_it_says_the_same(outcomes):
    timeline = quadratic(learning_rate=0.05)
    outcome = {
        "on": partial(timeline.advance, 1), "far": partial(timeline.advance, 5000),
        "back": timeline.back, "seek": lambda: timeline.seek(timeline.tip // 2),
        "nudge": lambda: timeline.do("nudge", index=0, amount=0.1),
        "rate": lambda: timeline.do("set", name="learning_rate", value=0.02),
    }  # fmt: skip
    trail = Trail(timeline, (0, 1))
    for name in outcomes:
        outcome[name]()
        if not trail.leads_to(timeline, (0, 1)):
            trail = Trail(timeline, (0, 1))
        before = timeline.state.copy()
        followed, anew = trail.up_to(timeline), Trail(timeline, (0, 1)).up_to(timeline)
        assert followed.steps.tolist() == anew.steps.tolist()
        assert followed.values.tolist() == anew.values.tolist()
        assert followed.losses.tolist() == anew.losses.tolist()
        assert timeline.state.parameters.tolist() == before.parameters.tolist()
        assert (timeline.state.step, timeline.state.phase) == (before.step, before.phase)


def test_looking_back_leaves_the_run_as_it_was():
    watched, other = quadratic(learning_rate=0.1), quadratic(learning_rate=0.1)
    for _ in range(40):
        Trail(watched, (0, 1)).up_to(watched)
        watched.advance(7)
        other.advance(7)
    watched.phase()
    other.phase()
    Trail(watched, (0, 1)).up_to(watched)
    assert watched.state.parameters.tolist() == other.state.parameters.tolist()
    assert watched.history.losses.values.tolist() == other.history.losses.values.tolist()
    watched.advance(3)
    other.advance(3)
    assert watched.state.parameters.tolist() == other.state.parameters.tolist()


def test_it_begins_anew_where_a_unit_came():
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["relu-net"].config))
    timeline.advance(10)
    timeline.do("add_unit", layer=0)
    timeline.advance(4)
    past_steps = Trail(timeline, (0, 1)).up_to(timeline)
    assert past_steps.steps.tolist() == [10, 11, 12, 13]


@pytest.mark.parametrize("batch", [0, 3])
def test_penalties_are_part_of_its_losses(batch):
    timeline = quadratic(l2=0.5, batch_size=batch)
    timeline.advance(1)
    past_steps = Trail(timeline, (0, 1)).up_to(timeline)
    assert past_steps.losses[0] == pytest.approx(timeline.history.losses.at(0) + 0.5 * 2 * 1.1**2)


def test_where_steps_are_dear_there_are_few_of_them():
    config = EXPERIMENTS["relu-net"].config.replace(hidden=(256, 256), data="lesson", rows=2000)
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(2)
    assert len(Trail(timeline, (0, 1)).up_to(timeline).steps) == 0
    np.testing.assert_array_equal(Trail(timeline, (0, 1)).up_to(timeline).values.shape, (0, 2))
