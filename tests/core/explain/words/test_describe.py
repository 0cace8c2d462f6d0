"""The words: after anything is done, each sentence is true of the snapshot, and fits its line."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from claims.words import LOOK, assert_true
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.words import describe, is_alarm
from nn_core.live.edit_requests import (
    AddLayer,
    AddPoint,
    AddUnit,
    Assign,
    Nudge,
    PlaceUnit,
    RemoveLayer,
    RemovePoint,
    RemoveUnit,
    Set,
    ShowHint,
    ToggleContest,
)
from nn_core.live.requests import Advance, Back, KeepCurve, Look, NextPhase, Restart, Seek, TakeUp
from nn_core.models.initializers import INITIALIZERS
from nn_core.optim.optimizers import OPTIMIZERS
from nn_core.optim.schedules import SCHEDULES

steps = st.sampled_from([1, 1, 2, 5, 40, 400])
amounts = st.sampled_from([0.1, -0.1, 1e-7, -3.0, 250.0])
outcomes = st.one_of(
    steps.map(Advance),
    st.sampled_from([NextPhase(), NextPhase(), NextPhase(), Back(), Restart(), KeepCurve()]),
    st.builds(TakeUp, st.integers(1, 4)),
    st.builds(Nudge, st.floats(0, 0.999), amounts),
    st.builds(Assign, st.floats(0, 0.999), st.sampled_from([0.0, -1.25, 1e9, 1e300])),
    st.builds(Set, st.just("learning_rate"), st.sampled_from(["0.01", "0.1", "1", "x"])),
    st.builds(Set, st.just("zero_gradients"), st.sampled_from(["on", "off"])),
    st.builds(Set, st.just("batch_size"), st.sampled_from(["0", "1", "7", "-1"])),
    st.builds(Set, st.just("epochs"), st.sampled_from(["1", "30", "100000000"])),
    st.builds(Set, st.just("loss"), st.sampled_from(["mae", "mse", "cross-entropy"])),
    st.builds(Set, st.just("class_weight"), st.sampled_from(["balanced", "none"])),
    st.builds(Set, st.just("validation"), st.sampled_from(["0.2", "0"])),
    st.builds(Set, st.just("scale"), st.sampled_from(["on", "off"])),
    st.builds(Set, st.just("data"), st.sampled_from(["moons", "penguins", "stopping-distance"])),
    st.builds(Set, st.just("optimizer"), st.sampled_from([*OPTIMIZERS])),
    st.builds(Set, st.just("schedule"), st.sampled_from([*SCHEDULES])),
    st.builds(Set, st.just("init"), st.sampled_from([*INITIALIZERS])),
    st.builds(Set, st.just("hidden"), st.sampled_from(["3", "12,12"])),
    st.builds(Set, st.just("data"), st.just("/a/long/way/to/my-data.csv" * 8)),
    st.sampled_from([AddUnit(0), RemoveUnit(0), RemovePoint(0)]),
    st.sampled_from([AddLayer(), RemoveLayer(), PlaceUnit(), ToggleContest(), ShowHint()]),
    st.sampled_from(["0.5, 3", "1, x"]).map(AddPoint),
    st.sampled_from([0, 1, 10, -1]).map(Seek),
)


@settings(max_examples=120)
@given(name=st.sampled_from(sorted(EXPERIMENTS)), done=st.lists(outcomes, max_size=25))
def test_whatever_is_done_each_sentence_is_true_and_fits(laboratory, name, done):
    with laboratory(EXPERIMENTS[name].config) as lab:
        assert_true(lab.ask(Look(LOOK)))
        for request in done:
            if isinstance(request, Nudge | Assign):  # a part of all parameters was drawn
                request = replace(request, index=int(request.index * lab.snapshot.scene.size))
            assert_true(lab.ask(request))


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("zero_gradients", [True, False])
def test_step_by_step_each_sentence_is_true(laboratory, name, zero_gradients):
    """Hundreds of steps on end, as a person who holds a key down sees them."""
    with laboratory(EXPERIMENTS[name].config, zero_gradients=zero_gradients) as lab:
        lab.ask(Look(LOOK))
        for _ in range(200):
            assert_true(lab.ask(Advance(1)))


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("zero_gradients", [True, False])
@pytest.mark.parametrize("batch_size", [0, 7])
def test_phase_by_phase_each_sentence_is_true(laboratory, name, zero_gradients, batch_size):
    config = EXPERIMENTS[name].config
    with laboratory(config, zero_gradients=zero_gradients, batch_size=batch_size) as lab:
        lab.ask(Look(LOOK))
        for _ in range(3):
            made = [assert_true(lab.ask(NextPhase()))[0] for _ in range(5)]
            phases = [claim.removesuffix("_to_classes") for claim in made[1:]]
            assert phases == ["forward", "loss", "backward", "updated"]


@pytest.mark.parametrize("scale", [True, False])
def test_columns_of_large_numbers_make_no_line_too_long(laboratory, tmp_path, monkeypatch, scale):
    monkeypatch.chdir(tmp_path)
    path = Path("mine.csv")
    random = np.random.default_rng(0)
    rows = random.uniform(-900_000, 900_000, (30, 4))
    text = "\n".join(",".join(map(repr, row)) for row in rows.tolist())
    path.write_text(f"mass,energy,momentum,charge\n{text}\n", encoding="utf-8")
    config = EXPERIMENTS["mlp"].config
    with laboratory(config, data="mine.csv", scale=scale, learning_rate=1e-9) as lab:
        assert_true(lab.ask(Look(LOOK)))
        for _ in range(10):
            assert_true(lab.ask(NextPhase()))
        assert_true(lab.ask(Nudge(300, 0.1)))


def test_a_complaint_comes_first_and_goes_with_the_next_thing_done(laboratory):
    with laboratory() as lab:
        lab.ask(Set("learning_rate", "-1"))
        words = describe(lab.snapshot)
        assert words[0] == "Not done: learning rate must be a number above 0; not -1."
        assert is_alarm(lab.snapshot)
        assert not is_alarm(lab.ask(Advance(1)))
