"""The Timeline: going on and going back, always to the same bits."""

from unittest import mock

import numpy as np
import pytest
from timelines import place_and_record, quadratic

from nn_core import MLP, Quadratic, Timeline, Trainer, datasets
from nn_core.errors import RequestError
from nn_core.run import keyframes
from nn_core.training.state import PHASES


def test_phases_make_the_same_bits_as_whole_steps():
    whole, parts = quadratic(), quadratic()
    whole.advance(5)
    for _ in range(5 * len(PHASES)):
        parts.phase()
    assert place_and_record(whole) == place_and_record(parts)


def test_back_goes_a_phase_inside_a_step_and_a_step_between_two():
    timeline = quadratic()
    timeline.advance(3)
    timeline.phase()
    timeline.phase()
    places = []
    for _ in range(5):
        timeline.back()
        places.append((timeline.state.step, timeline.state.phase))
    assert places == [(3, 1), (3, 0), (2, 0), (1, 0), (0, 0)]


def test_back_at_the_start_stays_there():
    timeline = quadratic()
    before = place_and_record(timeline)
    timeline.back()
    assert place_and_record(timeline) == before


def test_going_back_keeps_the_losses_that_were_lived():
    timeline = quadratic()
    timeline.advance(10)
    losses = timeline.history.losses.values.copy()
    timeline.seek(4)
    assert timeline.tip == 10
    assert timeline.history.losses.values.tolist() == losses.tolist()


@pytest.mark.parametrize("step", [-1, 11])
def test_seeking_where_the_run_never_was(step):
    timeline = quadratic()
    timeline.advance(10)
    with pytest.raises(ValueError, match="between 0 and 10"):
        timeline.seek(step)
    assert timeline.state.step == 10


def test_a_timeline_begins_where_the_trainer_stands():
    """Steps that the trainer took before it was given away are not part of its past."""
    trainer = Trainer(Quadratic(), datasets.noisy_quadratic(), batch_size=8)
    trainer.run(4)
    start = trainer.model.flat.tolist()
    timeline = Timeline(trainer)
    assert timeline.start.tolist() == start
    timeline.advance(600)
    there = place_and_record(timeline)
    timeline.seek(0)
    assert timeline.state.parameters.tolist() == start
    timeline.advance(600)
    assert len(timeline.history) == 600
    assert place_and_record(timeline) == there


def test_keyframes_stay_within_their_budget_and_old_ones_thin_first():
    """Close to where the run is they stay dense, so that going back a little stays quick."""
    with mock.patch.multiple(keyframes, REPLAY_SECONDS=0.0, BUDGET=20 * (48 + keyframes.OVERHEAD)):
        timeline = quadratic()
        timeline.advance(500)
        steps = timeline._keyframes.steps
        assert len(steps) <= 20
        assert steps[0] == 0
        assert steps[-3:] == [498, 499, 500]
        there = place_and_record(timeline)
        timeline.seek(123)
        timeline.advance(377)
        assert place_and_record(timeline) == there


def test_keyframes_lie_further_apart_once_the_network_is_smaller():
    timeline = Timeline(Trainer(MLP((1, 64, 64, 1)), datasets.noisy_quadratic(), loss="mse"))
    timeline.advance(1000)
    timeline.do("remove_layer")
    timeline.advance(9000)
    apart = np.diff(timeline._keyframes.steps)
    assert apart[-1] > 3 * apart[0]


def test_settings_of_the_view_hold_in_past_and_future_alike():
    timeline = quadratic()
    timeline.advance(5)
    timeline.do("set", name="epochs", value=7)
    timeline.seek(2)
    assert timeline.config.epochs == 7
    timeline.do("set", name="pace", value=50.0)
    assert timeline.tip == 5
    assert not timeline.kept
    timeline.advance(3)
    assert (timeline.config.epochs, timeline.config.pace) == (7, 50.0)


def test_an_event_that_there_is_not_is_refused_and_a_setting_may_have_its_short_name():
    timeline = Timeline(Trainer(Quadratic(), datasets.noisy_quadratic()))
    timeline.do("set", name="lr", value=0.5)
    assert timeline.config.learning_rate == 0.5
    assert timeline.events[0].named["name"] == "learning_rate"
    for kind, arguments, message in (
        ("turn", {}, "there is no event 'turn'; there are set, nudge"),
        ("set", {"nam": "lr"}, "the event set takes name, value; not nam"),
        ("nudge", {"index": 0}, "the event nudge takes index, amount; not index"),
        ("set", {"name": "lrx", "value": 1}, "there is no setting 'lrx'"),
    ):
        with pytest.raises(RequestError, match=message):
            timeline.do(kind, **arguments)
