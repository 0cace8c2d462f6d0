"""The Timeline: going on, going back, branching; always to the same bits.

The property test holds it against `Copies`, which does the same by copying everything at every
phase: wasteful, and too simple to be wrong.
"""

from contextlib import ExitStack
from unittest import mock

import numpy as np
import pytest
from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from nn_core import MLP, Config, Dataset, Quadratic, RectifiedLines, Timeline, Trainer, datasets
from nn_core.config import OPTIMIZERS
from nn_core.data.schema import Column, Schema
from nn_core.errors import RequestError
from nn_core.optim.schedules import SCHEDULES
from nn_core.run import keyframes, replayed_run
from nn_core.run.replayed_run import Divergence
from nn_core.training.state import PHASES


def quadratic(**settings):
    """A timeline of the lesson's quadratic."""
    return Timeline(Trainer(Quadratic(), datasets.noisy_quadratic(), **settings))


def bits(state):
    """All that a state is, to the last bit."""
    return (
        state.parameters.tobytes(),
        state.gradient.tobytes(),
        {name: slot.tobytes() for name, slot in state.slots.items()},
        (state.step, state.epoch, state.position, state.phase),
    )


def everything(timeline):
    """A timeline's place, settings and record, to the last bit."""
    history = timeline.history
    return (
        bits(timeline.state),
        timeline.config,
        history.losses.values.tobytes(),
        history.gradient_norms.values.tobytes(),
    )


# --- the property ------------------------------------------------------------------------------


class Copies:
    """A run that keeps a copy of everything at every phase; going back is looking it up."""

    @staticmethod
    def views(config):
        """What training doesn't look at; a schedule that ends looks at the planned epochs."""
        return ("pace",) if SCHEDULES[config.schedule].ends else ("epochs", "pace")

    def __init__(self, trainer):
        self.trainer = trainer
        self.kept = []
        self.begin()

    def begin(self):
        self.moments, self.losses, self.norms, self.settings = {}, [], [], []
        self.remember()

    @property
    def here(self):
        return self.trainer.state.step, self.trainer.state.phase

    def remember(self):
        self.moments[self.here] = self.trainer.state.copy(), self.trainer.config

    def go_to(self, moment):
        state, config = self.moments[moment]
        views = {name: getattr(self.trainer.config, name) for name in self.views(config)}
        self.trainer.configure(config.replace(**views))
        self.trainer.state.assign(state)

    def phase(self):
        step, phase = self.here
        coming = (step, phase + 1) if phase + 1 < len(PHASES) else (step + 1, 0)
        if coming in self.moments:
            self.go_to(coming)
            return
        if PHASES[phase] == "update":
            self.losses.append(self.trainer.preview().loss)
            self.norms.append(self.trainer.gradient_norm())
        self.trainer.phase()
        self.remember()

    def advance(self, steps):
        target = self.here[0] + steps
        while self.here[0] < target:
            self.phase()

    def seek(self, step, phase):
        self.go_to((step, 0))
        for _ in range(phase):
            self.phase()

    def back(self):
        step, phase = self.here
        if phase:
            self.go_to((step, phase - 1))
        elif step:
            self.go_to((step - 1, 0))

    def branch(self):
        """What was lived beyond here is over, and kept if it has a loss."""
        step = self.here[0]
        if len(self.losses) > step:
            self.kept = [*self.kept, (self.losses, step)][-3:]
        self.losses, self.norms = self.losses[:step], self.norms[:step]
        self.moments = {at: found for at, found in self.moments.items() if at <= self.here}
        self.settings = [found for found in self.settings if found[0] <= self.here]

    def set(self, name, value):
        if name in self.views(self.trainer.config):
            self.trainer.configure(self.trainer.config.replace(**{name: value}))
            return
        self.branch()
        self.settings.append((self.here, name, value))
        self.trainer.configure(self.trainer.config.replace(**{name: value}))
        self.remember()

    def move(self, index, change):
        """Change a parameter; a step begun is discarded, but not the settings changed in it."""
        step = self.here[0]
        self.branch()
        begun = [found for found in self.settings if found[0] > (step, 0)]
        self.go_to((step, 0))
        self.branch()
        for _, name, value in begun:
            self.set(name, value)
        parameters = self.trainer.state.parameters
        parameters[index] = change(parameters[index])
        self.remember()

    def restart(self):
        if self.losses:
            self.kept = [*self.kept, (self.losses, 0)][-3:]
        config = self.trainer.config
        first, settings_then = self.first
        self.trainer.configure(settings_then)
        self.trainer.state.assign(first)
        # What an optimizer or a schedule that came later remembers begins as it does at a start.
        self.trainer.configure(config)
        self.first = self.trainer.state.copy(), config
        self.begin()


def build(kind, **settings):
    """Twice the same trainer is twice the same run."""
    random = np.random.default_rng(5)
    x = random.uniform(-2, 2, (11, 1))
    data = Dataset(x, random.normal(0, 2, (11, 1)))
    if kind.endswith("classes"):
        names = ("no", "maybe", "yes")[: 2 if kind == "two classes" else 3]
        schema = Schema((Column("x"),), ("kind",), names)
        data = Dataset(x, schema.one_hot(np.arange(11) % len(names)), schema)
        settings |= {"loss": "cross-entropy", "class_weight": "balanced"}
    model = {
        "quadratic": lambda: Quadratic(0.3, -0.2, 0.1),
        "relu": lambda: RectifiedLines(),
        "network": lambda: MLP((1, 16, 1), seed=2),
        "deep network": lambda: MLP((1, 8, 8, 1), seed=2),
        "two classes": lambda: Quadratic(0.3, -0.2, 0.1),
        "three classes": lambda: MLP((1, 5, 3), "tanh", seed=2),
    }[kind]()
    return Trainer(model, data, seed=9, **settings)


small = st.floats(-0.5, 0.5, width=16)


SETTINGS = ("learning_rate", "zero_gradients", "batch_size", "shuffle", "optimizer", "schedule")


class AnySequence(RuleBasedStateMachine):
    """Whatever is done, the Timeline stands where the copies do."""

    @initialize(
        kind=st.sampled_from(
            ["quadratic", "relu", "network", "deep network", "two classes", "three classes"]
        ),
        dtype=st.sampled_from(["float64", "float32"]),
        loss=st.sampled_from(["mae", "mse"]),
        optimizer=st.sampled_from(OPTIMIZERS),
        batch_size=st.sampled_from([0, 1, 4, 11]),
        shuffle=st.booleans(),
        block=st.sampled_from([2, 512]),
        seconds=st.sampled_from([0.0, 20e-6, 8e-3]),
        budget=st.sampled_from([6300, 128_000_000]),
    )
    def begin(self, block, seconds, budget, **run):
        self.patches = ExitStack()
        self.patches.enter_context(mock.patch.object(replayed_run, "BLOCK", block))
        self.patches.enter_context(
            mock.patch.multiple(keyframes, REPLAY_SECONDS=seconds, BUDGET=budget)
        )
        self.timeline, self.copies = Timeline(build(**run)), Copies(build(**run))
        trainer = self.copies.trainer
        self.copies.first = trainer.state.copy(), trainer.config

    def teardown(self):
        if hasattr(self, "patches"):
            self.patches.close()

    @rule(steps=st.integers(0, 12))
    def advance(self, steps):
        self.timeline.advance(steps)
        self.copies.advance(steps)

    @rule(times=st.integers(1, 6))
    def phase(self, times):
        for _ in range(times):
            name = PHASES[self.copies.here[1]]
            assert self.timeline.phase() == name
            self.copies.phase()

    @rule(times=st.integers(1, 6))
    def back(self, times):
        for _ in range(times):
            self.timeline.back()
            self.copies.back()

    @rule(data=st.data(), phase=st.integers(0, len(PHASES) - 1))
    def seek(self, data, phase):
        step = data.draw(st.integers(0, self.timeline.tip), label="step")
        self.timeline.seek(step, phase)
        self.copies.seek(step, phase)

    @rule(name=st.sampled_from(SETTINGS))
    def set_one_that_branches(self, name):
        value = {
            "optimizer": lambda old: OPTIMIZERS[OPTIMIZERS.index(old) - 1],
            "schedule": lambda old: (*SCHEDULES, "constant")[[*SCHEDULES].index(old) + 1],
            "learning_rate": lambda old: 0.003 if old == 0.001 else 0.001,
            "zero_gradients": lambda old: not old,
            "batch_size": lambda old: {0: 4, 4: 1, 1: 11}.get(old, 0),
            "shuffle": lambda old: not old,
        }[name](getattr(self.timeline.config, name))
        self.timeline.do("set", name=name, value=value)
        self.copies.set(name, value)

    @rule(name=st.sampled_from(["epochs", "pace"]), value=st.integers(1, 50))
    def set_one_that_is_mostly_for_the_view(self, name, value):
        self.timeline.do("set", name=name, value=value)
        self.copies.set(name, value)

    @rule(index=st.integers(0, 2), amount=small)
    def nudge(self, index, amount):
        self.timeline.do("nudge", index=index, amount=amount)
        self.copies.move(index, lambda old: old + amount)

    @rule(index=st.integers(0, 2), value=small)
    def assign(self, index, value):
        self.timeline.do("assign", index=index, value=value)
        self.copies.move(index, lambda old: value)

    @precondition(lambda self: self.timeline.tip > 20)
    @rule()
    def restart(self):
        self.timeline.restart()
        self.copies.restart()

    @invariant()
    def same_bits(self):
        if not hasattr(self, "timeline"):
            return
        timeline, copies = self.timeline, self.copies
        assume(timeline.divergence is None)  # where the copies would go on all the same
        assert bits(timeline.state) == bits(copies.trainer.state)
        assert timeline.config == copies.trainer.config
        assert timeline.history.losses.values.tolist() == copies.losses
        assert timeline.history.gradient_norms.values.tolist() == copies.norms
        assert [(kept.losses.values.tolist(), kept.start) for kept in timeline.kept] == copies.kept
        assert timeline.tip == max(step for step, _ in copies.moments)
        assert timeline.divergence is None


def test_any_sequence_gives_the_same_bits_as_copying_everything():
    run_state_machine_as_test(AnySequence, settings=settings(max_examples=120))


# --- going on, going back ----------------------------------------------------------------------


def test_phases_make_the_same_bits_as_whole_steps():
    whole, parts = quadratic(), quadratic()
    whole.advance(5)
    for _ in range(5 * len(PHASES)):
        parts.phase()
    assert everything(whole) == everything(parts)


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
    before = everything(timeline)
    timeline.back()
    assert everything(timeline) == before


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
    there = everything(timeline)
    timeline.seek(0)
    assert timeline.state.parameters.tolist() == start
    timeline.advance(600)
    assert len(timeline.history) == 600
    assert everything(timeline) == there


def test_keyframes_stay_within_their_budget_and_old_ones_thin_first():
    """Close to where the run is they stay dense, so that going back a little stays quick."""
    with mock.patch.multiple(keyframes, REPLAY_SECONDS=0.0, BUDGET=20 * (48 + keyframes.OVERHEAD)):
        timeline = quadratic()
        timeline.advance(500)
        steps = timeline._keyframes.steps
        assert len(steps) <= 20
        assert steps[0] == 0
        assert steps[-3:] == [498, 499, 500]
        there = everything(timeline)
        timeline.seek(123)
        timeline.advance(377)
        assert everything(timeline) == there


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


# --- branches ----------------------------------------------------------------------------------


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


def test_at_most_three_curves_are_kept_and_the_oldest_goes():
    timeline = quadratic()
    for start in (8, 6, 4, 2):
        timeline.advance(10)
        timeline.seek(start)
        timeline.do("nudge", index=0, amount=0.1)
    assert [kept.start for kept in timeline.kept] == [6, 4, 2]


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
    assert everything(timeline) == everything(plain)


def test_a_setting_changed_inside_a_step_outlives_its_discarding():
    timeline = quadratic()
    timeline.phase()
    timeline.do("set", name="learning_rate", value=0.5)
    timeline.phase()
    timeline.do("nudge", index=0, amount=0.1)
    assert timeline.state.phase == 0
    assert timeline.config.learning_rate == 0.5
    timeline.advance(2)
    there = everything(timeline)
    timeline.seek(0)
    timeline.advance(2)
    assert everything(timeline) == there


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
    before = everything(timeline)
    with pytest.raises(RequestError):
        timeline.do(kind, **arguments)
    assert everything(timeline) == before
    assert timeline.tip == 5


# --- restarting --------------------------------------------------------------------------------


def test_restart_is_the_same_start_under_the_settings_now_in_force():
    timeline = quadratic()
    timeline.do("nudge", index=0, amount=0.3)
    timeline.advance(10)
    timeline.do("set", name="learning_rate", value=0.1)
    timeline.restart()
    fresh = quadratic(learning_rate=0.1)
    assert everything(timeline) == everything(fresh)
    timeline.advance(5)
    fresh.advance(5)
    assert everything(timeline) == everything(fresh)
    assert [len(kept.losses) for kept in timeline.kept] == [10]


def test_a_schedule_that_came_later_remembers_after_a_restart_what_it_does_at_first():
    whole = quadratic(schedule="plateau")
    restarted = quadratic()
    restarted.do("set", name="schedule", value="plateau")
    restarted.advance(30)
    restarted.restart()
    whole.advance(400)
    restarted.advance(400)
    assert everything(restarted) == everything(whole)


def test_restart_under_another_config_makes_another_run():
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(10)
    timeline.restart(Config(model="relu"))
    assert timeline.trainer.model.kind == "relu"
    assert timeline.state.step == 0
    assert [kept.trained[0].model for kept in timeline.kept] == ["quadratic"]


def test_another_run_is_on_the_same_data_where_no_setting_of_the_data_changes():
    """Data given from Python isn't in the Config, and must not be lost."""
    mine = Dataset(np.array([[0.0], [1.0], [2.0]]), np.array([[1.0], [3.0], [5.0]]))
    timeline = Timeline(Trainer(MLP((1, 4, 1)), mine, loss="mse"))
    timeline.do("add_point", x=3.0, y=7.0)
    timeline.restart(timeline.config.replace(seed=1))
    assert timeline.trainer.data is mine
    timeline.restart(timeline.config.replace(data="sine"))
    assert timeline.trainer.data.rows == 20


@pytest.mark.parametrize("change", [{"loss": "mse"}, {"noise": (0.0, 0.0)}, {"data_seed": 1}])
def test_no_curve_is_kept_beside_one_that_measures_something_else(change):
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(10)
    timeline.restart(Config(**change))
    assert not timeline.kept


def test_a_restart_that_cannot_be_made_changes_nothing():
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(10)
    before = everything(timeline)
    with pytest.raises(RequestError, match="no such file"):
        timeline.restart(Config(data="missing.csv"))
    assert everything(timeline) == before
    assert not timeline.kept


# --- divergence --------------------------------------------------------------------------------


def until_it_diverges(timeline, go_on):
    while timeline.divergence is None:
        go_on(timeline)
    return timeline


def first_step_that_breaks(learning_rate):
    """Gradient descent on MSE written out: the first step whose update makes the loss overflow."""
    data = datasets.noisy_quadratic()
    design = np.hstack([data.x**2, data.x, np.ones_like(data.x)])
    parameters = np.full(3, 1.1)
    step = 0
    with np.errstate(all="ignore"):
        while True:
            residual = design @ parameters - data.y[:, 0]
            if not np.isfinite(residual @ residual):
                return step - 1, "abc"[int(np.abs(parameters).argmax())]
            parameters = parameters - learning_rate * 2 / 20 * design.T @ residual
            step += 1


@pytest.mark.parametrize(
    "go_on",
    [
        lambda timeline: timeline.advance(1),
        lambda timeline: timeline.advance(7),
        lambda timeline: timeline.advance(10_000),
        lambda timeline: timeline.phase(),
    ],
    ids=["steps", "sevens", "at once", "phases"],
)
def test_divergence_names_step_and_parameter_however_it_was_reached(go_on):
    """It stops before the step whose update broke, and forgets the losses from there on."""
    timeline = until_it_diverges(quadratic(loss="mse", learning_rate=1.0), go_on)
    step, parameter = first_step_that_breaks(1.0)
    assert (timeline.divergence.step, timeline.divergence.parameter) == (step, parameter)
    assert abs(timeline.divergence.value) > 1e150
    assert (timeline.state.step, timeline.state.phase) == (step, 0)
    assert len(timeline.history) == step
    assert np.isfinite(timeline.trainer.loss())
    assert np.isfinite(timeline.history.losses.values).all()


def test_every_state_before_the_divergence_is_still_there():
    timeline = until_it_diverges(quadratic(loss="mse", learning_rate=1.0), lambda t: t.advance(512))
    same = quadratic(loss="mse", learning_rate=1.0)
    timeline.seek(100)
    same.advance(100)
    assert bits(timeline.state) == bits(same.state)


def test_going_on_at_a_lower_rate_leaves_the_divergence_behind():
    timeline = until_it_diverges(quadratic(loss="mse", learning_rate=1.0), lambda t: t.advance(512))
    timeline.seek(100)
    timeline.do("set", name="learning_rate", value=0.1)
    assert timeline.divergence is None
    timeline.advance(3000)
    assert timeline.divergence is None
    assert timeline.state.step == 3100
    assert timeline.trainer.loss() < 2


def test_going_on_unchanged_diverges_at_the_same_step_again():
    timeline = until_it_diverges(quadratic(loss="mse", learning_rate=1.0), lambda t: t.advance(512))
    first, before = timeline.divergence, everything(timeline)
    timeline.advance(1)
    assert timeline.divergence == first
    assert everything(timeline) == before


def test_an_update_that_overflows_a_parameter_at_step_0():
    """The gradient is 8 for a: 1.7e308 times that is beyond every float64."""
    data = Dataset(np.array([[2.0], [2.0]]), np.array([[-9.0], [-9.0]]))
    timeline = Timeline(Trainer(Quadratic(), data, learning_rate=1.7e308))
    timeline.advance(5)
    assert timeline.divergence == Divergence(0, "a", -np.inf)
    assert timeline.state.parameters.tolist() == [1.1, 1.1, 1.1]
    assert len(timeline.history) == 0


@pytest.mark.parametrize("go_on", [lambda t: t.advance(3), lambda t: [t.phase() for _ in range(5)]])
def test_a_typed_value_that_no_loss_can_hold(go_on):
    """It stays where it was typed, and `back` is the way out: the person's outcome isn't undone."""
    timeline = quadratic(loss="mse")
    timeline.advance(4)
    timeline.do("assign", index=1, value=1e300)
    go_on(timeline)
    assert timeline.divergence == Divergence(4, "b", 1e300)
    assert timeline.state.step == 4
    assert timeline.state.parameters[1] == 1e300
    timeline.back()
    assert timeline.divergence is None
    assert timeline.state.step == 3
    assert np.isfinite(timeline.trainer.loss())


def test_divergence_of_a_network_in_batches_names_a_weight():
    data = datasets.noisy_quadratic()
    model = MLP((1, 4, 1), over=data.x)
    timeline = Timeline(Trainer(model, data, loss="mse", learning_rate=5.0, batch_size=6))
    timeline.advance(1000)
    assert timeline.divergence.parameter in {
        model.layout.label(index) for index in range(model.flat.size)
    }
    assert timeline.state.step == len(timeline.history)
    assert np.isfinite(model.flat).all()
    assert np.isfinite(timeline.history.losses.values).all()


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
