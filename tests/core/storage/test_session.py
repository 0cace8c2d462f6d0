"""The session file: opened, it is the same run to the bits; damaged, it is one clear line."""

import contextlib
import gc
import json
import math
import re
import weakref
from pathlib import Path
from queue import SimpleQueue
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starts import WITH_CLASSES

from nn_core import (
    MLP,
    Config,
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
from nn_core.disk import write_atomically
from nn_core.errors import RequestError
from nn_core.live.file_requests import OpenSession
from nn_core.models.weights import as_tuples
from nn_core.run.events import KINDS
from nn_core.storage.export import write
from nn_core.storage.session import dumps, open_session, read, replay
from nn_core.storage.session_data import EMBEDDED


def of_config(**changes):
    return Timeline(Trainer.from_config(Config(**changes)))


def bits(timeline):
    """Everything that a run is, to the bit."""
    state, history = timeline.state, timeline.history
    return {
        "parameters": state.parameters.tobytes(), "gradient": state.gradient.tobytes(),
        "slots": {name: slot.tobytes() for name, slot in state.slots.items()},
        "counters": (state.step, state.epoch, state.position, state.phase),
        "tip": timeline.tip, "losses": history.losses.values.tobytes(),
        "norms": history.gradient_norms.values.tobytes(),
        "rates": history.learning_rates.values.tobytes(),
        "validation": [points.tobytes() for points in history.validation.points()],
        "events": timeline.events, "config": timeline.config,
        "data": (timeline.trainer.data.x.tobytes(), timeline.trainer.data.y.tobytes()),
    }  # fmt: skip


def reopened(timeline, folder, resumable=False):
    path = folder / "run.json"
    write_atomically(path, dumps(timeline, resumable).encode())
    return open_session(path)


# --- the same bits --------------------------------------------------------------------------------

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
    same = ("parameters", "gradient", "slots", "counters", "tip", "events", "config", "data")
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


# --- data -----------------------------------------------------------------------------------------


def csv(path, rows):
    random = np.random.default_rng(1)
    lines = [f"{x!r},{y!r}" for x, y in random.normal(size=(rows, 2)).tolist()]
    path.write_text("\n".join(["speed,distance", *lines]) + "\n")
    return path


@pytest.mark.parametrize("scale", [False, True])
def test_a_small_file_of_data_is_embedded(tmp_path, scale):
    path = csv(tmp_path / "mine.csv", 12)
    timeline = of_config(data=str(path), scale=scale)
    timeline.advance(20)
    text = dumps(timeline)
    path.unlink()
    (tmp_path / "run.json").write_text(text)
    opened = open_session(tmp_path / "run.json")
    assert bits(opened) == bits(timeline)
    np.testing.assert_array_equal(opened.trainer.data.raw_y, timeline.trainer.data.raw_y)
    assert opened.trainer.data.y_name == "distance"


def test_of_a_large_file_the_hash_is_stored_and_checked(tmp_path):
    path = csv(tmp_path / "large.csv", EMBEDDED // 2 + 1)
    timeline = of_config(data=str(path))
    timeline.advance(3)
    saved = tmp_path / "elsewhere" / "run.json"
    saved.parent.mkdir()
    saved.write_text(dumps(timeline))
    assert saved.stat().st_size < 2000
    assert bits(open_session(saved)) == bits(timeline)
    content = path.read_text()
    path.rename(saved.parent / "large.csv")  # they may have moved together
    assert bits(open_session(saved)) == bits(timeline)
    (saved.parent / "large.csv").write_text(content.replace("1", "2", 1))
    with pytest.raises(RequestError, match=r"large\.csv has changed since it was saved"):
        open_session(saved)
    (saved.parent / "large.csv").unlink()
    with pytest.raises(RequestError, match=r"large\.csv is not there, nor beside the file"):
        open_session(saved)


def test_a_large_file_that_has_changed_since_it_was_read_is_embedded(tmp_path):
    path = csv(tmp_path / "large.csv", EMBEDDED // 2 + 1)
    timeline = of_config(data=str(path))
    csv(path, 5)
    assert bits(reopened(timeline, tmp_path)) == bits(timeline)


# --- what it looks like ---------------------------------------------------------------------------


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


# --- what is refused ------------------------------------------------------------------------------


def saved(tmp_path, timeline=None, resumable=False):
    if timeline is None:
        timeline = of_config(data=str(csv(tmp_path / "mine.csv", 4)), batch_size=2)
        timeline.advance(4)
        timeline.do("set", name="learning_rate", value=0.02)
        timeline.do("nudge", index=0, amount=0.25)
        timeline.advance(2)
        timeline.seek(4, 2)
    path = tmp_path / "run.json"
    path.write_text(dumps(timeline, resumable))
    return path


def refusal(path):
    """The line that a file is refused with."""
    with pytest.raises(RequestError) as raised:
        open_session(path)
    message = str(raised.value)
    assert message.startswith(f"{path}: ")
    assert message.isprintable()
    return message.removeprefix(f"{path}: ")


def test_a_file_cut_short_is_refused(tmp_path):
    path = saved(tmp_path)
    content = path.read_bytes().rstrip()
    for size in range(len(content)):
        path.write_bytes(content[:size])
        assert "session file" in refusal(path)


def test_a_flipped_bit_is_refused_or_means_the_same(tmp_path):
    path = saved(tmp_path)
    content, whole = path.read_bytes(), open_session(path)
    random = np.random.default_rng(5)
    for place in random.integers(0, 8 * len(content), 1500).tolist():
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        path.write_bytes(flipped)
        try:
            opened = open_session(path)
        except RequestError:
            assert "session file" in refusal(path) or "the file is damaged" in refusal(path)
        else:  # an E for an e, say
            assert bits(opened) == bits(whole)


def test_another_version_is_refused(tmp_path):
    path = saved(tmp_path)
    for version in (1, 0, "1", True, None, 1.5):
        path.write_text(
            path.read_text().replace('"version": 2', f'"version": {json.dumps(version)}')
        )
        shown = json.dumps(version)
        assert refusal(path) == (
            f"this is a session file of version {shown}; this program reads version 2"
        )
        saved(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"x,y\n1,2\n", b"{}", b"[]", b"3", b"\xff\xfe", b"[" * 100_000, b'{"format": NaN}',
     b'{"a": ' * 50_000, b"1" * 5000],
)  # fmt: skip
def test_what_is_no_session_file_is_refused(tmp_path, content):
    path = tmp_path / "run.json"
    path.write_bytes(content)
    assert re.match("this is not a session file", refusal(path))


def test_what_is_not_there_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert refusal(Path("none.json")) == "there is no such file"
    assert refusal(Path()).startswith("can't be read: Is a directory")


CHANGES = [
    (("config", "learning_rate"), "fast", 'learning_rate can\'t be "fast"'),
    (("config", "learning_rate"), -1, "learning rate must be a number above 0"),
    (("config", "learning_rate"), 10**400, "learning_rate can't be 1000"),
    (("config", "epochs"), 2.5, "epochs can't be 2.5"),
    (("config", "scale"), "yes", "scale can't be"),
    (("config", "scale"), "max", "scale can't be"),
    (("config", "noise"), "ab", "noise can't be"),
    (("config", "noise"), [1], "noise can't be"),
    (("config", "x"), [1, 2], "x can't be"),
    (("config", "experiment"), "none", "there is no experiment"),
    (("config", "unheard_of"), 1, "there is no setting 'unheard_of'"),
    (("unheard_of",), 1, "the file has a field that there is not"),
    (("steps",), -1, "steps are from 0 to 1,000,000,000"),
    (("steps",), 10**18, "steps are from 0 to 1,000,000,000"),
    (("steps",), True, "steps can't be true"),
    (("position", "step"), 7, "the position"),
    (("position", "phase"), 5, "the position"),
    (("position",), [4, 2], "position can't be"),
    (("viewed", "learning_rate"), 0.1, "viewed should hold epochs, pace"),
    (("viewed", "pace"), 0, "pace must be a number above 0"),
    (("viewed",), {}, "viewed should hold"),
    (("events",), {"0": 1}, "events can't be"),
    (("events", 0), 5, "event 1 can't be 5"),
    (("events", 0, "kind"), "explode", "event 1 is of a kind that there is not"),
    (("events", 0, "step"), 5, "event 2 can't come at step 4"),
    (("events", 0, "step"), -1, "event 1 can't come at step -1"),
    (("events", 1, "step"), 10**30, "event 2 can't come at step 1000"),
    (("events", 0, "phase"), 5, "event 1 can't come"),
    (("events", 0, "arguments", "name"), "unheard_of", "event 1 sets what there is not"),
    (("events", 0, "arguments"), {"name": "seed", "value": 1}, "seed can't change within a run"),
    (("events", 0, "arguments", "name"), 3, "event 1 sets what there is not: 3"),
    (("events", 0, "arguments", "value"), "fast", "event 1: value can't be"),
    (("events", 0, "arguments", "more"), 1, "can't be replayed"),
    (("events", 1, "arguments"), {}, "can't be replayed"),
    (("events", 1, "arguments", "index"), 3, "can't be replayed"),
    (("events", 1, "arguments", "index"), 10**30, "can't be replayed"),
    (("events", 1, "arguments", "index"), 0.5, "event 2: index can't be 0.5"),
    (("events", 1, "arguments", "amount"), "a lot", 'event 2: amount can\'t be "a lot"'),
    (("events", 1, "arguments", "amount"), "inf", "training diverges at step 4 of 6"),
    (("events", 1, "arguments", "amount"), 10**400, "event 2: amount can't be 1000"),
    (("events", 1, "arguments", "amount"), "nan", "training diverges at step 4 of 6"),
    (("data", "rows", 0), [1], "rows should hold"),
    (("data", "rows", 0), [1, "a"], "rows can't hold"),
    (("data", "rows", 0, 1), 10**400, "rows can't hold 1000"),
    (("data", "rows", 0, 1), "inf", "row 1, column 'distance': inf is not"),
    (("data", "rows"), [], "rows should hold"),
    (("data", "rows"), {}, "rows can't be"),
    (("data", "types", 0), "object", "types can't be"),
    (("data", "schema", "columns"), [], "its parts don't fit each other"),
    (("data", "schema", "columns"), [{"name": "x"}], "its schema can't be read: 'levels'"),
    (("data", "schema", "classes"), ["a", "b", 3], "3 is not a name"),
    (("data", "schema", "features"), ["x3"], "there is no feature 'x3'"),
    (("data", "schema", "scaling", "x"), {"mean": [0.0]}, "its schema can't be read"),
    (("data", "schema", "scaling", "x"), {"mean": [0.0], "deviation": [1, 2]}, "don't fit each"),
    (("data", "schema", "scaling", "x"), {"mean": [0.0], "deviation": [0.0]}, "don't fit each"),
    (("start", "parameters"), {"d": 1}, 'parameters has no "d"'),
    (("start", "parameters"), {"a": [1]}, "a should be of shape"),
    (("start", "weights"), {}, "start has a field that there is not"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "message"), CHANGES)
def test_what_a_session_can_not_say_is_refused(tmp_path, place, value, message):
    path = saved(tmp_path)
    content = json.loads(path.read_text())
    del content["checksum"]
    inner = content
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    path.write_text(json.dumps(content))
    assert message in refusal(path)


PAST = [
    (("keyframes",), {}, "keyframes can't be"),
    (("keyframes", 0), 3, "a keyframe can't be 3"),
    (("keyframes", 0, "step"), 0, "a keyframe can't be at step 0"),
    (("keyframes", 0, "step"), 7, "a keyframe can't be at step 7"),
    (("keyframes", 0, "events"), 3, "a keyframe can't come after 3 events"),
    (("keyframes", 0, "position"), 4, "a keyframe is at no place of its data"),
    (("keyframes", 0, "parameters"), "AAAA", "parameters should hold 3 numbers"),
    (("keyframes", 0, "gradient"), "a", "gradient is not packed as numbers are"),
    (("keyframes", 0, "slots"), {"velocity": "AAAA"}, 'a keyframe remembers ["velocity"]'),
    (("record", "every"), 0, "every 0 steps nothing is recorded"),
    (("record", "every"), 2, "losses should hold 3 numbers"),
    (("record", "losses"), "", "losses should hold 6 numbers"),
    (("record", "validation", "steps"), [1, 0], "validation should hold 2 numbers"),
    (("record", "validation", "steps"), [-1], "validation steps can't be"),
]


@pytest.mark.parametrize(("place", "value", "message"), PAST)
def test_a_past_that_can_not_be_is_refused(tmp_path, place, value, message):
    with mock.patch("nn_core.run.keyframes.REPLAY_SECONDS", 1e-6):  # a keyframe at each step
        path = saved(tmp_path, resumable=True)
    content = json.loads(path.read_text())
    del content["checksum"]
    inner = content["past"]
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    path.write_text(json.dumps(content))
    assert message in refusal(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "mlp", "hidden": [10**7] * 3}, "parameters; at most"),
        ({"data": "a\0b"}, r"a\?b: there is no such file"),
        ({"data": "none.csv"}, "none.csv: there is no such file"),
    ],
)
def test_a_start_that_can_not_be_had_is_refused(tmp_path, changes, message):
    path = saved(tmp_path, of_config())
    content = json.loads(path.read_text())
    del content["checksum"]
    content["config"].update(changes)
    path.write_text(json.dumps(content))
    with pytest.raises(RequestError, match=message):
        open_session(path)


def test_what_would_steer_a_terminal_is_not_passed_on(tmp_path):
    path = saved(tmp_path)
    content = json.loads(path.read_text())
    del content["checksum"]
    content["data"]["schema"]["columns"][0]["name"] = "\x1b[31mspeed"
    content["data"]["source"] = "\udcff"
    path.write_text(json.dumps(content))
    data = open_session(path).trainer.data
    assert (data.x_names, data.source) == (("?[31mspeed",), "?")
    content["config"]["data"], content["data"] = "\x1b[2J.csv", None
    path.write_text(json.dumps(content))
    assert refusal(path).startswith("?[2J.csv: there is no such file")


def test_a_file_edited_on_purpose_is_opened_without_its_checksum(tmp_path):
    path = saved(tmp_path)
    path.write_text(path.read_text().replace('"learning_rate": 0.01', '"learning_rate": 0.03'))
    assert "take the checksum out" in refusal(path)
    path.write_text(re.sub(r' *"checksum": ".*",\n', "", path.read_text()))
    opened = open_session(path)
    opened.seek(0)
    assert opened.config.learning_rate == 0.03


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
    | st.sampled_from([10**400, -1, 10**18, "inf", "max"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)  # fmt: skip


@pytest.mark.parametrize("resumable", [False, True])
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_anything_in_any_place_is_opened_or_refused_in_one_line(tmp_path, resumable, data):
    with mock.patch("nn_core.run.keyframes.REPLAY_SECONDS", 1e-6):  # a keyframe at each step
        path = saved(tmp_path, resumable=resumable)
    content = json.loads(path.read_text())
    del content["checksum"]
    inner = content
    while True:
        keys = list(inner) if isinstance(inner, dict) else range(len(inner))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(inner[key], dict | list) or not inner[key] or data.draw(st.booleans()):
            break
        inner = inner[key]
    inner[key] = data.draw(ANYTHING)
    # Infinity is no JSON; a number that is too large for a float becomes it.
    path.write_text(json.dumps(content).replace("Infinity", "1e999"))
    try:
        open_session(path)
    except RequestError:
        refusal(path)


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
