"""What was done by hand is done by the scripts at the same step, or refused."""

import contextlib
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from printed import assert_prints_its_losses, printed_by
from starts import WITH_CLASSES
from timelines import of_config

from nn_core import Dataset, Quadratic, Timeline, Trainer
from nn_core.config import CONSTANTS, OPTIMIZERS, SCHEDULES
from nn_core.config import settings as all_settings
from nn_core.errors import RequestError
from nn_core.models.weights import as_tuples
from nn_core.run.events import KINDS
from nn_core.storage.export import write
from nn_core.storage.scripts.numpy_script import numpy_script
from nn_core.storage.scripts.recipe import BEGINNINGS, FOLLOWED, MOST_NUMBERS, MOVES, STOOD_FOR
from nn_core.storage.scripts.torch_script import torch_script

SETTINGS = st.one_of(
    st.tuples(st.just("learning_rate"), st.sampled_from([0.001, 0.01, 0.03])),
    st.tuples(st.just("schedule"), st.sampled_from(SCHEDULES)),
    st.tuples(st.just("optimizer"), st.sampled_from(OPTIMIZERS)),
    st.tuples(st.sampled_from(CONSTANTS), st.sampled_from([None, 0.25, 0.99])),
    st.tuples(st.just("zero_gradients"), st.booleans()),
    st.tuples(st.just("batch_size"), st.sampled_from([0, 3, 7, 20])),
    st.tuples(st.just("shuffle"), st.booleans()),
    st.tuples(st.just("epochs"), st.sampled_from([1, 10, 60])),
    st.tuples(st.just("clip"), st.sampled_from([0.0, 0.3, 2.0])),
    st.tuples(st.just("l1"), st.sampled_from([0.0, 0.05])),
    st.tuples(st.just("l2"), st.sampled_from([0.0, 0.02])),
    st.tuples(st.just("freeze"), st.integers(0, 5)),
)
MOVE = st.tuples(st.integers(0, 2), st.floats(-1, 1).map(lambda value: round(value, 3)))
DEEDS = st.one_of(
    st.tuples(st.just("advance"), st.integers(1, 25)),
    st.tuples(st.just("phase"), st.integers(1, 4)),
    st.tuples(st.just("set"), SETTINGS),
    st.tuples(st.just("nudge"), MOVE),
    st.tuples(st.just("assign"), MOVE),
    st.tuples(st.just("beginning"), st.tuples(st.sampled_from([*BEGINNINGS]), MOVE)),
)
STARTS = st.sampled_from(
    [
        {"validation": 0.2, "loss": "huber"},
        {"model": "relu", "batch_size": 6},
        {"model": "mlp", "hidden": (3,), "activation": "tanh", "schedule": "plateau"},
        {
            "model": "mlp",
            "hidden": (3, 4),
            "activation": ("sigmoid", "leaky-relu"),
            "loss": "huber",
            "optimizer": "adam",
            "batch_size": 8,
            "l1": 0.01,
            "freeze": ("2",),
        },
        *WITH_CLASSES,
    ]
)


def begin_anew(timeline, kind, how):
    """Do what a script begins after, with numbers from this index and this value."""
    index, value = how
    place = timeline.state.layout.places[index]
    arguments = {
        "load": {"values": as_tuples({place.name: np.full(place.shape, value)})},
        "place_unit": {"weight": value, "bias": -value, "outgoing": 0.1},
        "add_unit": {"layer": 0}, "remove_unit": {"layer": 0}, "add_layer": {}, "remove_layer": {},
        "add_point": {"x": value, "y": value}, "remove_point": {"row": index},
    }  # fmt: skip
    with contextlib.suppress(RequestError):  # the quadratic has no layers, say
        timeline.do(kind, **arguments[kind])


def test_every_setting_and_every_kind_of_event_is_followed_or_stood_for():
    """One that is new has to be thought about before a script can leave it out."""
    assert {each.name for each in all_settings()} == FOLLOWED | STOOD_FOR
    assert not FOLLOWED & STOOD_FOR
    assert {"set"} | MOVES | BEGINNINGS.keys() == KINDS.keys()
    now = {each.name for each in all_settings() if each.effect == "now"}
    assert now | {"epochs"} == FOLLOWED, "what can change within a run"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(STARTS, st.lists(DEEDS, max_size=10))
def test_what_was_done_by_hand_is_done_at_the_same_step(start, outcomes):
    timeline = of_config(**start)
    for outcome, how in outcomes:
        if outcome == "advance":
            timeline.advance(how)
        elif outcome == "phase":
            for _ in range(how):
                timeline.phase()
        elif outcome == "set":
            name, value = how
            if name == "freeze":
                places = timeline.state.layout.places
                value = (places[value % len(places)].name,) if value else ()
            # Between backward and update no script can change the batch.
            if timeline.state.phase < 4 or name not in ("batch_size", "shuffle"):
                timeline.do("set", name=name, value=value)
        elif outcome == "beginning":
            begin_anew(timeline, *how)
        else:
            number = {"nudge": "amount", "assign": "value"}[outcome]
            timeline.do(outcome, index=how[0], **{number: how[1]})
    timeline.advance(10)
    if timeline.divergence is None and len(timeline.history):
        began = [event.step for event in timeline.events if event.kind in BEGINNINGS]
        # A residual of almost 0 has a sign by its rounding alone: from there on two programs that
        # round alike may still part, if the rate comes from another cosine.
        first = began[-1] if began else 0
        assert_prints_its_losses(timeline, within=1e-9, first=first, torch_may_refuse=True)


def test_a_script_begins_after_a_change_of_shape_with_all_that_is_remembered():
    timeline = of_config(
        model="mlp", hidden=(3,), loss="mse", optimizer="adam", batch_size=7, schedule="plateau",
        zero_gradients=False, learning_rate=1e-3,
    )  # fmt: skip
    timeline.advance(32)
    timeline.do("add_unit", layer=0)
    timeline.do("nudge", index=0, amount=0.1)
    script = numpy_script(timeline)
    assert "It begins at step 32, after a unit was added." in script
    assert "1 → 4 ReLU → 1" in script
    to_the_target = timeline.trainer.steps_left(timeline.config.epochs)
    assert f"STEPS = {32 + to_the_target}\n" in script, "nothing has been done since: to the target"
    timeline.advance(40)
    here = timeline.state.copy()
    assert_prints_its_losses(timeline, first=32)
    assert timeline.state.parameters.tobytes() == here.parameters.tobytes(), "where it was"
    assert timeline.state.step == 72


def test_a_setting_changed_there_and_back_leaves_no_trace_but_what_is_forgotten():
    timeline = of_config(optimizer="momentum")
    timeline.advance(5)
    for name, value in (
        ("schedule", "cosine"), ("schedule", "constant"), ("zero_gradients", False),
        ("zero_gradients", True), ("optimizer", "sgd"), ("optimizer", "momentum"),
    ):  # fmt: skip
        timeline.do("set", name=name, value=value)
    timeline.advance(5)
    assert_prints_its_losses(timeline)
    assert (
        "    if step == 5:  # by hand\n        optimizer = Momentum(momentum=0.9)\n    gradient"
        in (numpy_script(timeline))
    )


@pytest.mark.parametrize("name", ["batch_size", "shuffle"])
def test_a_batch_changed_after_its_backward_phase_is_refused(name):
    timeline = of_config(batch_size=5)
    for _ in range(4):
        timeline.phase()
    timeline.do("set", name=name, value=3 if name == "batch_size" else False)
    timeline.advance(1)
    for script in (numpy_script, torch_script):
        with pytest.raises(RequestError, match="between its backward phase and its update"):
            script(timeline)


def test_what_a_script_can_not_say_is_refused(tmp_path):
    timeline = of_config()
    timeline.advance(3)
    with mock.patch("nn_core.storage.scripts.recipe.MOVES", {"assign"}):
        numpy_script(timeline)
        timeline.do("nudge", index=0, amount=0.1)
        with pytest.raises(RequestError, match="can’t say what was done at step 3: nudge"):
            write(timeline, tmp_path / "run.py")
    assert not list(tmp_path.iterdir())
    large = Dataset(np.zeros((MOST_NUMBERS, 1)), np.ones((MOST_NUMBERS, 1)))
    with pytest.raises(RequestError, match="a script lists at most 200,000"):
        numpy_script(Timeline(Trainer(Quadratic(), large)))
    timeline = of_config(optimizer="adam")
    timeline.do("set", name="freeze", value=("a",))
    timeline.advance(2)
    timeline.do("set", name="freeze", value=())
    timeline.advance(2)
    with pytest.raises(RequestError, match="counts the updates of each parameter by itself"):
        torch_script(timeline)
    assert "frozen" in numpy_script(timeline)


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov"])
def test_momentum_raised_from_0_is_said_by_numpy_and_refused_for_pytorch(optimizer):
    """There a momentum of 0 keeps no velocity, so that the next step would begin with none."""
    timeline = of_config(optimizer=optimizer, momentum=0.0)
    timeline.advance(5)
    assert "nesterov=True" not in torch_script(timeline)  # which PyTorch refuses at 0
    timeline.do("set", name="momentum", value=0.5)
    timeline.advance(5)
    losses = timeline.history.losses.values
    np.testing.assert_allclose(printed_by(numpy_script(timeline))[0], losses, rtol=1e-12, atol=0)
    with pytest.raises(RequestError, match="momentum was raised from 0"):
        torch_script(timeline)
