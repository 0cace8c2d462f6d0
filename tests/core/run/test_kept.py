"""Kept runs: what their steps were trained with, and how one goes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Config, Timeline, Trainer
from nn_core.errors import RequestError
from nn_core.run import kept as kept_runs
from nn_core.training.state import PHASES

RATES, OPTIMIZERS = (0.001, 0.01, 0.02), ("sgd", "adam")

actions = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.integers(1, 5)),
        st.tuples(st.just("phase"), st.integers(1, 6)),
        st.tuples(st.just("back"), st.integers(1, 7)),
        st.tuples(st.just("learning_rate"), st.sampled_from(RATES)),
        st.tuples(st.just("optimizer"), st.sampled_from(OPTIMIZERS)),
        st.tuples(st.just("zero_gradients"), st.booleans()),
        st.tuples(st.just("nudge"), st.just(0)),
        st.tuples(st.just("keep"), st.just(0)),
        st.tuples(st.just("restart"), st.just(0)),
    ),
    max_size=25,
)


def told(config):
    return config.learning_rate, config.optimizer, config.zero_gradients


class Witness:
    """Writes down, phase by phase, what each step of a run was trained with."""

    def __init__(self, timeline):
        self.timeline = timeline
        self.steps, self.zeroed = {}, {}

    def phase(self):
        state, config = self.timeline.state, self.timeline.config
        step, phase = state.step, PHASES[state.phase]
        if phase == PHASES[0]:
            self.zeroed[step] = config.zero_gradients
        self.timeline.phase()
        if phase == "update":
            self.steps[step] = (*told(config)[:2], self.zeroed[step])

    def of(self, start, stop):
        return list(dict.fromkeys(self.steps[step] for step in range(start, stop)))


STARTS = st.sampled_from([Config(), Config(model="mlp", hidden=(2,), data="xor", rows=12)])


@given(STARTS, actions)
def test_a_run_is_known_by_the_settings_under_which_its_steps_were_taken(start, done):
    timeline = Timeline(Trainer.from_config(start))
    witness = Witness(timeline)
    for action, value in done:
        kept = [*timeline.kept]
        lived, tip = witness.of(0, len(timeline.history)), len(timeline.history)
        if action == "advance":
            goal = timeline.state.step + value
            while timeline.state.step < goal:
                witness.phase()
        elif action == "phase":
            for _ in range(value):
                witness.phase()
        elif action == "back":
            for _ in range(value):
                timeline.back()
        elif action == "nudge":
            timeline.do("nudge", index=0, amount=0.1)
        elif action == "keep":
            timeline.keep()
        elif action == "restart":
            timeline.restart()
        else:
            timeline.do("set", name=action, value=value)
        for each in timeline.kept:
            if not any(each is before for before in kept):
                expected = lived if each.start == 0 else witness_of(witness, each.start, tip, lived)
                assert [told(config) for config in each.trained] == expected
        steps = len(timeline.history)
        if steps:
            assert [told(config) for config in timeline.trained] == witness.of(0, steps)
        else:
            assert [told(config) for config in timeline.trained] == [told(timeline.config)]


def witness_of(witness, start, tip, lived):
    """What the steps from `start` on were trained with, before anything new was done."""
    found = witness.of(start, tip)
    assert set(found) <= set(lived)
    return found


# --- going on ----------------------------------------------------------------------------------


def everything(timeline):
    history, state = timeline.history, timeline.state
    return (
        state.parameters.tobytes(),
        {name: slot.tobytes() for name, slot in state.slots.items()},
        (state.step, state.epoch, state.position),
        history.losses.values.tobytes(),
        history.gradient_norms.values.tobytes(),
        timeline.trained,
    )


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"optimizer": "adam", "batch_size": 8},
        {"model": "mlp", "hidden": (4,), "loss": "mse"},
        {"model": "mlp", "hidden": (4,), "activation": ("tanh",), "validation": 0.2},
    ],
)
def test_a_kept_run_goes_on_to_the_bit(settings):
    kept, alone = (Timeline(Trainer.from_config(Config(**settings))) for _ in range(2))
    for timeline in (kept, alone):
        timeline.advance(7)
        timeline.do("set", name="learning_rate", value=0.002)
        timeline.do("nudge", index=0, amount=0.5)
        timeline.advance(600)
    kept.do("set", name="optimizer", value="lion")  # no step of it was taken so
    kept.restart(kept.config.replace(seed=3, activation=("relu",)))
    kept.advance(5)
    again = kept.give_way_to(1)
    assert everything(again) == everything(alone)
    for timeline in (again, alone):
        timeline.advance(30)
        timeline.seek(4)
        timeline.advance(40)
    assert everything(again) == everything(alone)


def test_the_run_that_gives_way_is_kept_and_so_stays_the_one_that_is_gone_on_with():
    """Going on with a kept run took it out of the kept ones, and nothing said so."""
    timeline = Timeline(Trainer.from_config(Config()))
    for steps in (3, 4, 5):
        timeline.advance(steps)
        timeline.restart()
    timeline.advance(6)
    again = timeline.give_way_to(2)
    assert again.tip == 4
    assert [(each.number, each.steps) for each in again.kept] == [(1, 3), (2, 4), (3, 5), (4, 6)]
    again.do("set", name="optimizer", value="adam")
    again.advance(50)
    assert [(each.number, each.steps) for each in again.kept] == [(1, 3), (2, 4), (3, 5), (4, 6)]


@pytest.mark.parametrize("branches", [False, True])
def test_going_from_one_kept_run_to_another_and_back_keeps_none_twice(branches):
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(10)
    timeline.seek(4) if branches else timeline.restart()
    timeline.do("set", name="learning_rate", value=0.02)
    timeline.advance(3)
    for number in (1, 2, 1, 1, 2):
        timeline = timeline.give_way_to(number)
        assert timeline.kept_as == number
        assert [each.number for each in timeline.kept] == [1, 2]


def test_of_a_run_that_is_gone_on_with_all_of_its_steps_are_its_own():
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(10)
    timeline.seek(4)
    timeline.do("set", name="learning_rate", value=0.02)
    timeline.advance(3)
    assert [each.start for each in timeline.kept] == [4]
    assert [each.start for each in timeline.give_way_to(1).kept] == [0, 0]


def test_where_there_is_no_room_for_both_it_is_the_one_on_the_screen_that_is_kept_no_longer():
    timeline = Timeline(Trainer.from_config(Config()))
    for steps in range(1, kept_runs.MOST_KEPT + 1):
        timeline.advance(steps)
        timeline.restart()
    timeline.advance(20)
    again = timeline.give_way_to(5)
    assert [each.number for each in again.kept] == [1, 2, 3, 4, 6, 7, 8, 9]
    assert again.kept.pushed_out == ()


def test_there_is_no_kept_run_of_another_number():
    timeline = Timeline(Trainer.from_config(Config()))
    with pytest.raises(RequestError, match="no kept run 4"):
        timeline.give_way_to(4)


def test_a_branch_that_was_left_can_be_gone_on_with():
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(10)
    there = timeline.state.parameters.tobytes()
    timeline.seek(4)
    timeline.do("set", name="learning_rate", value=0.1)
    timeline.advance(2)
    again = timeline.give_way_to(1)
    assert again.state.parameters.tobytes() == there
    assert again.config.learning_rate == 0.01


def test_of_twins_one_is_kept_and_what_differs_at_its_end_is_no_twin():
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.do("set", name="learning_rate", value=0.02)
    for _ in range(2):  # the second time the rate is that of the start
        timeline.advance(8)
        timeline.restart()
    assert len(timeline.kept) == 1
    timeline.advance(8)
    timeline.do("nudge", index=0, amount=1.0)  # which no loss of its steps tells of
    timeline.restart()
    assert len(timeline.kept) == 2
    timeline.do("set", name="clip", value=1e6)  # which changes no number
    timeline.advance(8)
    timeline.restart()
    assert len(timeline.kept) == 3


@pytest.mark.parametrize(("room", "left"), [(0, [5, 6, 7]), (10**9, [1, 2, 3, 4, 5, 6, 7])])
def test_of_large_runs_the_newest_three_are_kept_whatever_room_there_is(room, left, monkeypatch):
    monkeypatch.setattr(kept_runs, "ROOM_OF_ALL", room)
    timeline = Timeline(Trainer.from_config(Config()))
    for steps in range(1, 8):
        timeline.advance(steps)
        timeline.restart()
    assert [each.number for each in timeline.kept] == left
    assert [*timeline.kept.pushed_out, *left] == [1, 2, 3, 4, 5, 6, 7]


def test_the_run_that_gives_way_gets_a_number_that_none_had():
    timeline = Timeline(Trainer.from_config(Config()))
    for steps in (3, 4):
        timeline.advance(steps)
        timeline.restart()
    timeline.advance(6)
    again = timeline.give_way_to(2)
    assert [(each.number, each.steps) for each in again.kept] == [(1, 3), (2, 4), (3, 6)]
    assert timeline.kept_as == 3


def test_a_run_that_gives_way_before_its_first_step_is_not_kept():
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(3)
    timeline.restart()
    assert [each.number for each in timeline.give_way_to(1).kept] == [1]
    assert timeline.kept_as is None


def test_what_has_to_make_room_for_the_run_that_gives_way_is_known_to_the_one_in_its_place(
    monkeypatch,
):
    timeline = Timeline(Trainer.from_config(Config()))
    for steps in range(1, 5):
        timeline.advance(steps)
        timeline.restart()
    timeline.advance(400)
    monkeypatch.setattr(kept_runs, "ROOM_OF_ALL", sum(each.bytes for each in timeline.kept))
    again = timeline.give_way_to(2)
    assert [each.number for each in again.kept] == [3, 4, 5]
    assert again.kept.pushed_out == (1,)
