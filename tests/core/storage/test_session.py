"""The session file: opened, it is the same run to the bits."""

import contextlib
import gc
import json
import math
import weakref
from queue import SimpleQueue
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sessions import bits, csv, reopened, saved
from starts import WITH_CLASSES
from timelines import of_config

from nn_core import (
    MLP,
    Dataset,
    Quadratic,
    RectifiedLines,
    Runner,
    Timeline,
    Trainer,
    datasets,
    weights,
)
from nn_core.config import CONSTANTS, OPTIMIZERS, SCHEDULES
from nn_core.config.experiments import EXPERIMENTS
from nn_core.data.schema import Schema
from nn_core.errors import RequestError
from nn_core.live.file_requests import OpenSession
from nn_core.models.weights import as_tuples
from nn_core.run.events import KINDS
from nn_core.storage.export import write
from nn_core.storage.session import dumps, open_session, read, replay

NUMBERS = st.floats(-3, 3).map(lambda value: round(value, 3))
SETTINGS = st.one_of(
    st.tuples(st.just("learning_rate"), st.sampled_from([0.001, 0.01, 0.05])),
    st.tuples(st.just("schedule"), st.sampled_from(SCHEDULES)),
    st.tuples(st.just("optimizer"), st.sampled_from(OPTIMIZERS)),
    st.tuples(st.sampled_from(CONSTANTS), st.sampled_from([None, 0.25, 0.99])),
    st.tuples(st.just("zero_gradients"), st.booleans()),
    st.tuples(st.just("batch_size"), st.sampled_from([0, 1, 7, 20])),
    st.tuples(st.just("shuffle"), st.booleans()),
    st.tuples(st.just("epochs"), st.sampled_from([1, 30, 200])),
    st.tuples(st.just("pace"), st.sampled_from([1.0, math.inf])),
    st.tuples(st.just("clip"), st.sampled_from([0.0, 0.5])),
    st.tuples(st.just("l1"), st.sampled_from([0.0, 0.01])),
    st.tuples(st.just("l2"), st.sampled_from([0.0, 0.01])),
)
# Whatever can be done to a run, by the kind of its event.
DONE = {
    "set": SETTINGS.map(lambda pair: {"name": pair[0], "value": pair[1]}),
    "nudge": st.fixed_dictionaries({"index": st.integers(0, 2), "amount": NUMBERS}),
    "assign": st.fixed_dictionaries({"index": st.integers(0, 2), "value": NUMBERS}),
    "load": st.tuples(st.integers(0, 9), NUMBERS),
    "add_unit": st.fixed_dictionaries({"layer": st.integers(0, 1)}),
    "place_unit": st.fixed_dictionaries({"weight": NUMBERS, "bias": NUMBERS, "outgoing": NUMBERS}),
    "remove_unit": st.fixed_dictionaries({"layer": st.integers(0, 1)}),
    "add_layer": st.just({}),
    "remove_layer": st.just({}),
    "add_point": st.fixed_dictionaries({"x": NUMBERS, "y": NUMBERS}),
    "remove_point": st.fixed_dictionaries({"row": st.integers(0, 12)}),
}
ACTIONS = st.one_of(
    st.tuples(st.just("advance"), st.integers(1, 40)),
    st.tuples(st.just("phase"), st.integers(1, 7)),
    st.tuples(st.just("back"), st.integers(1, 3)),
    st.tuples(st.just("seek"), st.floats(0, 1)),
    st.tuples(st.just("freeze"), st.integers(0, 9)),
    *(st.tuples(st.just(kind), how) for kind, how in DONE.items()),
)
STARTS = st.sampled_from(
    [
        {},
        {"model": "relu", "schedule": "cosine", "zero_gradients": False},
        {"model": "mlp", "hidden": (3,), "loss": "mse", "optimizer": "adam", "batch_size": 6},
        {"model": "mlp", "hidden": (2, 2), "dtype": "float32", "schedule": "plateau"},
        {
            "model": "mlp",
            "hidden": (3, 2),
            "activation": ("tanh", "leaky-relu"),
            "validation": 0.3,
            "scale": True,
            "loss": "huber",
            "batch_size": 5,
            "freeze": ("0",),
        },
        *WITH_CLASSES,
    ]
)


def carry_out(timeline, outcome, how):
    if outcome == "advance":
        timeline.advance(how)
    elif outcome == "phase":
        for _ in range(how):
            timeline.phase()
    elif outcome == "back":
        for _ in range(how):
            timeline.back()
    elif outcome == "seek":
        timeline.seek(int(how * timeline.tip))
    else:
        places = timeline.state.layout.places
        if outcome == "freeze":
            outcome, how = "set", {"name": "freeze", "value": (places[how % len(places)].name,)}
        elif outcome == "load":
            place = places[how[0] % len(places)]
            how = {"values": as_tuples({place.name: np.full(place.shape, how[1])})}
        with contextlib.suppress(RequestError, IndexError):  # not every run has such a layer or row
            timeline.do(outcome, **how)


def test_whatever_can_be_done_to_a_run_is_tried():
    assert DONE.keys() == KINDS.keys()


@pytest.mark.parametrize("resumable", [False, True])
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(start=STARTS, actions=st.lists(ACTIONS, max_size=12), more=st.integers(1, 30))
def test_a_run_that_is_opened_is_the_run_that_was_saved(tmp_path, resumable, start, actions, more):
    with mock.patch("nn_core.run.keyframes.REPLAY_SECONDS", 6e-5):  # keyframes some ten steps apart
        timeline = of_config(**start)
        for outcome, how in actions:
            carry_out(timeline, outcome, how)
        opened = reopened(timeline, tmp_path, resumable)
        assert bits(opened) == bits(timeline)
        assert dumps(opened) == dumps(timeline)
        timeline.back()
        opened.back()
        assert bits(opened) == bits(timeline)
        opened.advance(more)
        timeline.advance(more)
        assert bits(opened) == bits(timeline)


def test_a_run_is_resumed_without_being_replayed(tmp_path):
    timeline = of_config(model="mlp", hidden=(8,), optimizer="adam", batch_size=3, validation=0.2)
    timeline.advance(30_000)
    timeline.do("add_unit", layer=0)
    timeline.advance(10_000)
    path = tmp_path / "run.json"
    path.write_text(dumps(timeline, resumable=True))
    taken = []
    run = Trainer.run

    def counted(trainer, steps):
        taken.append(steps)
        return run(trainer, steps)

    with mock.patch.object(Trainer, "run", counted):
        opened = open_session(path)
        for _ in range(3):
            opened.back()
    assert sum(taken) < 4 * 2000, "no more than lies between two keyframes, each time"
    for _ in range(3):
        timeline.back()
    same = ("state", "tip", "events", "config", "data")
    assert all(bits(opened)[name] == bits(timeline)[name] for name in same)
    losses, whole = opened.history.losses, timeline.history.losses
    assert len(losses) == len(whole) == 40_000
    assert losses.values.tolist() == whole.values[:: losses.every].tolist()
    opened.seek(17)
    timeline.seek(17)
    assert all(bits(opened)[name] == bits(timeline)[name] for name in same)
    opened.advance(50_000)
    timeline.advance(50_000)
    assert all(bits(opened)[name] == bits(timeline)[name] for name in same)


def test_a_run_that_an_older_program_measured_more_seldom_goes_on_and_its_lowest_is_so_called(
    tmp_path,
):
    config = EXPERIMENTS["mlp"].config.replace(validation=0.3)
    with mock.patch("nn_core.run.validation.DENSE", 256):
        before = of_config(config)
        before.advance(400)
        path = tmp_path / "old.json"
        path.write_text(dumps(before, resumable=True))
    opened, whole = open_session(path), of_config(config)
    assert opened.history.validation.gap(400) == 2
    opened.advance(100)
    whole.advance(500)
    assert opened.history.validation.gap(500) == 2
    assert opened.history.validation.at(499) == whole.history.validation.at(499)
    np.testing.assert_array_equal(opened.state.parameters, whole.state.parameters)


def test_a_text_costs_what_was_done_since_the_last(tmp_path):
    path = csv(tmp_path / "mine.csv", 5000)
    timeline = of_config(data=str(path))
    dumps(timeline)
    timeline.advance(10)
    with mock.patch.object(Dataset, "__init__") as reading:
        text = dumps(timeline, resumable=True)
    reading.assert_not_called()
    (tmp_path / "run.json").write_text(text)
    assert bits(open_session(tmp_path / "run.json")) == bits(timeline)


@pytest.mark.parametrize("hidden", [(4,), (200, 120)])
def test_a_start_from_a_file_survives_the_file(tmp_path, hidden):
    """Numbers that can be read in a small network, packed in a large one."""
    theirs = tmp_path / "theirs.safetensors"
    weights.save(theirs, MLP((1, *hidden, 1), seed=5).parameters)
    timeline = of_config(model="mlp", hidden=hidden, load=str(theirs), freeze=("loaded",))
    timeline.do("set", name="freeze", value=("0",))
    timeline.advance(5)
    theirs.unlink()
    assert bits(reopened(timeline, tmp_path)) == bits(timeline)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_can_be_saved_and_is_small(name, tmp_path):
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config))
    timeline.advance(700)
    timeline.seek(300)
    assert bits(reopened(timeline, tmp_path)) == bits(timeline)
    assert len(dumps(timeline)) < 2000


def test_settings_that_changed_on_the_way_are_not_the_start(tmp_path):
    timeline = of_config()
    timeline.advance(5)
    timeline.do("set", name="learning_rate", value=0.5)
    timeline.advance(5)
    opened = reopened(timeline, tmp_path)
    opened.seek(0)
    assert opened.config.learning_rate == 0.01
    timeline.restart()  # under what is in force now
    assert json.loads(dumps(timeline))["config"]["learning_rate"] == 0.5


def test_an_unlimited_pace_is_kept(tmp_path):
    timeline = of_config(pace=math.inf)
    timeline.do("set", name="epochs", value=7)
    assert reopened(timeline, tmp_path).config == timeline.config
    assert '"viewed": {"epochs": 7, "pace": "max", "patience": 0}' in dumps(timeline)


def test_a_trainer_made_in_python_is_stored_with_its_data_and_its_start(tmp_path):
    random = np.random.default_rng(3)
    data = Dataset(
        random.normal(size=(9, 2)),
        random.normal(size=(9, 1)),
        Schema.of_numbers(("u", "v"), ("w",)),
    )
    trainer = Trainer(MLP((2, 4, 1), "tanh", seed=8), data, loss="mse", optimizer="adam")
    trainer.run(30)  # so that its start has moments and a gradient
    timeline = Timeline(trainer)
    timeline.advance(20)
    opened = reopened(timeline, tmp_path)
    assert bits(opened) == bits(timeline)
    assert (opened.trainer.data.x_names, opened.trainer.data.y_name) == (("u", "v"), "w")
    opened.restart(opened.config.replace(loss="mae"))  # another run, on the same data
    np.testing.assert_array_equal(opened.trainer.data.x, data.x)


@pytest.mark.parametrize("kind", ["float32", "int64"])
def test_own_data_keep_their_type(kind, tmp_path):
    data = Dataset(np.arange(6).reshape(6, 1).astype(kind), np.arange(6).reshape(6, 1) / 3)
    timeline = Timeline(Trainer(Quadratic(), data, learning_rate=1e-4))
    timeline.advance(50)
    opened = reopened(timeline, tmp_path)
    assert bits(opened) == bits(timeline)
    assert opened.trainer.data.x.dtype == data.x.dtype


def test_a_model_that_no_settings_describe_is_not_stored():
    model = RectifiedLines((1.0, 2.0, 3.0), (0.0, 0.0, 0.0))
    timeline = Timeline(Trainer(model, datasets.noisy_quadratic()))
    with pytest.raises(RequestError, match="not one that its settings describe"):
        dumps(timeline)


def test_the_file_reads_well():
    timeline = of_config()
    timeline.advance(3)
    timeline.do("set", name="learning_rate", value=0.02)
    timeline.do("nudge", index=0, amount=0.1)
    lines = dumps(timeline).splitlines()
    assert lines[1:3] == ['  "format": "nn-tui session",', '  "version": 2,']
    assert '    "learning_rate": 0.01,' in lines
    where = lines.index('  "events": [')
    assert [json.loads(line.rstrip(",")) for line in lines[where + 1 : where + 3]] == [
        {
            "step": 3,
            "phase": 0,
            "kind": "set",
            "arguments": {"name": "learning_rate", "value": 0.02},
        },
        {"step": 3, "phase": 0, "kind": "nudge", "arguments": {"index": 0, "amount": 0.1}},
    ]
    assert '  "position": {"step": 3, "phase": 0},' in lines
    assert max(map(len, lines)) <= 120


def test_quitting_does_not_wait_for_a_long_replay(tmp_path):
    path = saved(tmp_path, of_config())
    content = json.loads(path.read_text())
    del content["checksum"]
    content["steps"] = 3_000_000
    path.write_text(json.dumps(content))
    shown = SimpleQueue()
    runner = Runner(lambda: of_config().trainer, lambda: shown.put(runner.snapshot))
    runner.start()
    shown.get(timeout=30)
    runner.ask(OpenSession(str(path)))
    runner.stop()
    assert len(runner._run.timeline.history) == 0


def test_replaying_can_be_left_off(tmp_path):
    timeline = of_config()
    timeline.advance(20_000)
    session = read(saved(tmp_path, timeline))
    asked = []

    def goes_on():
        asked.append(None)
        return len(asked) < 3

    with pytest.raises(RequestError, match="it was left off"):
        replay(session, goes_on)
    assert len(asked) == 3


def test_the_data_of_a_run_that_is_gone_is_let_go():
    timeline = of_config()
    dumps(timeline)
    data = weakref.ref(timeline.trainer.data)
    del timeline
    gc.collect()
    assert data() is None


FLATS = {
    "area": [50, 80, 61, 120, 95, 70],
    "city": ["Bern", "Basel", "Bern", "Zug", "Basel", "Zug"],
    "rent": [1000, 1500, 1250, 2900, 1800, 2100],
}
RANDOM = np.random.default_rng(0)
FROM_PYTHON = {
    "three columns": lambda: Trainer(
        MLP((3, 16, 1), seed=0),
        Dataset(RANDOM.normal(size=(12, 3)), RANDOM.normal(size=(12, 1))),
        loss="mse",
        learning_rate=0.01,
    ),
    "no hidden layer, two targets": lambda: Trainer(
        MLP((3, 2)), Dataset(RANDOM.normal(size=(12, 3)), RANDOM.normal(size=(12, 2)))
    ),
    "texts, scaled, held back": lambda: Trainer.from_config(
        "mlp", Dataset.from_columns(FLATS, x=("area", "city"), y="rent"),
        hidden=3, scale=True, validation=0.3,
    ),
    "classes": lambda: Trainer(MLP((2, 4, 1), "tanh", init="he"), datasets.plane("xor")),
}  # fmt: skip


@pytest.mark.parametrize("make", FROM_PYTHON.values(), ids=FROM_PYTHON)
def test_what_was_made_from_python_is_opened_again(make, tmp_path):
    """As the README shows it, under a path given as text."""
    timeline, path = Timeline(make()), str(tmp_path / "run.json")
    timeline.advance(20)
    timeline.seek(10)
    write(timeline, path)
    opened = open_session(path)
    for run in (timeline, opened):
        run.advance(15)
    np.testing.assert_array_equal(opened.trainer.model.flat, timeline.trainer.model.flat)
    assert opened.config == timeline.config
