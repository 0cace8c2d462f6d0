"""Whatever is done, the Timeline stands to the bit where a copy of everything stands.

Held against `Copies`, which keeps a copy at every phase: wasteful, and too simple to be wrong.
"""

from contextlib import ExitStack
from unittest import mock

import numpy as np
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
from timelines import state_bits

from nn_core import MLP, Dataset, Quadratic, RectifiedLines, Timeline, Trainer
from nn_core.config import OPTIMIZERS
from nn_core.data.schema import Column, Schema
from nn_core.optim.schedules import SCHEDULES
from nn_core.run import keyframes, replayed_run
from nn_core.run.kept import MOST_KEPT
from nn_core.training.state import PHASES


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
            self.kept = [*self.kept, (self.losses, step)][-MOST_KEPT:]
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
            self.kept = [*self.kept, (self.losses, 0)][-MOST_KEPT:]
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
        assert state_bits(timeline.state) == state_bits(copies.trainer.state)
        assert timeline.config == copies.trainer.config
        assert timeline.history.losses.values.tolist() == copies.losses
        assert timeline.history.gradient_norms.values.tolist() == copies.norms
        assert [(kept.losses.values.tolist(), kept.start) for kept in timeline.kept] == copies.kept
        assert timeline.tip == max(step for step, _ in copies.moments)
        assert timeline.divergence is None


def test_any_sequence_gives_the_same_bits_as_copying_everything():
    run_state_machine_as_test(AnySequence, settings=settings(max_examples=120))
