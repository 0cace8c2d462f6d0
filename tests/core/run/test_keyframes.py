"""Keyframes: however long a run gets, its memory and the replay between two of them stay small."""

import numpy as np
import pytest

from nn_core import Config, Quadratic, Timeline, Trainer, datasets
from nn_core.run import keyframes
from nn_core.run.keyframes import Keyframe, Keyframes
from nn_core.training.state import State

INTERVAL, LONGEST = 2000, 75_000  # steps in 8 ms and in 0.3 s of a quadratic's replay
DATA, CONFIG = datasets.noisy_quadratic(), Config()


def frame(step):
    model = Quadratic()
    return Keyframe(State(model.layout, model.flat, np.zeros(3), step=step), CONFIG, DATA, 0)


def test_a_hundred_million_steps_are_covered_within_the_budget_and_nowhere_is_the_way_long():
    found, budget = Keyframes(frame(0)), 15_000 * frame(0).bytes
    one = frame(0)
    for step in range(INTERVAL, 10**8, INTERVAL):
        found.add(Keyframe(State(one.state.layout, one.state.parameters, one.state.gradient,
                                 step=step), CONFIG, DATA, 0), LONGEST, budget)  # fmt: skip
    gaps = np.diff(found.steps)
    assert len(found) * one.bytes <= budget
    assert found.first.state.step == 0
    assert gaps.max() <= LONGEST
    assert (gaps[-100:] == INTERVAL).all(), "close to where the run is they stay dense"


def test_where_memory_leaves_no_other_way_they_lie_further_apart():
    found = Keyframes(frame(0))
    for step in range(10, 5000, 10):
        found.add(frame(step), 20, 30 * frame(0).bytes)
    assert 15 <= len(found) <= 30
    assert found.nearest(4999).state.step == 4990
    assert found.nearest(9).state.step == 0


def test_going_back_over_a_long_gap_leaves_keyframes_for_the_next_time(monkeypatch):
    """A run that was resumed has but a few of them."""
    timeline = Timeline(Trainer.from_config(CONFIG))
    with monkeypatch.context() as short_of_memory:
        short_of_memory.setattr(keyframes, "BUDGET", 1)
        timeline.advance(40_000)
        there = timeline.state.parameters.tolist()
        assert timeline._keyframes.steps == [0]
    timeline.seek(39_000)
    assert np.diff([*timeline._keyframes.steps, 39_000]).max() <= timeline.replayed_at_once
    timeline.advance(1000)
    assert timeline.state.parameters.tolist() == there


@pytest.mark.parametrize("phases", [0, 3])
def test_a_way_given_up_leads_back_to_where_it_began(monkeypatch, phases):
    monkeypatch.setattr(keyframes, "REPLAY_SECONDS", 50e-6)
    timeline, same = (Timeline(Trainer.from_config(CONFIG)) for _ in range(2))
    for each in (timeline, same):
        each.advance(300)
        each.do("set", name="optimizer", value="adam")
        each.do("nudge", index=1, amount=0.25)
        each.advance(300)
        for _ in range(phases):
            each.phase()
    monkeypatch.setattr(timeline, "_keyframes", Keyframes(timeline.first))
    way = timeline.seeking(450)
    assert 0 < next(way) < next(way) < 1
    assert timeline.state.step < 450
    way.close()
    assert (timeline.state.step, timeline.state.phase) == (600, phases)
    assert timeline.config == same.config
    for each in (timeline, same):
        each.advance(50)
    assert timeline.state.parameters.tolist() == same.state.parameters.tolist()
    timeline.seek(10)
    same.seek(10)
    assert timeline.state.parameters.tolist() == same.state.parameters.tolist()
