"""A session file that is damaged, or says what can't be, is refused in one clear line."""

import json
import re
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sessions import bits, csv, saved
from timelines import of_config

from nn_core.errors import RequestError
from nn_core.storage.session import open_session


def a_run(folder):
    """A short one on a file in this folder, changed by hand and gone back in, inside a step."""
    timeline = of_config(data=str(csv(folder / "mine.csv", 4)), batch_size=2)
    timeline.advance(4)
    timeline.do("set", name="learning_rate", value=0.02)
    timeline.do("nudge", index=0, amount=0.25)
    timeline.advance(2)
    timeline.seek(4, 2)
    return timeline


def refusal(path):
    """The line that a file is refused with."""
    with pytest.raises(RequestError) as raised:
        open_session(path)
    message = str(raised.value)
    assert message.startswith(f"{path}: ")
    assert message.isprintable()
    return message.removeprefix(f"{path}: ")


def test_a_file_cut_short_is_refused(tmp_path):
    path = saved(tmp_path, a_run(tmp_path))
    content = path.read_bytes().rstrip()
    for size in range(len(content)):
        path.write_bytes(content[:size])
        assert "session file" in refusal(path)


def test_a_flipped_bit_is_refused_or_means_the_same(tmp_path):
    path = saved(tmp_path, a_run(tmp_path))
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
    path = saved(tmp_path, a_run(tmp_path))
    for version in (1, 0, "1", True, None, 1.5):
        path.write_text(
            path.read_text().replace('"version": 2', f'"version": {json.dumps(version)}')
        )
        shown = json.dumps(version)
        assert refusal(path) == (
            f"this is a session file of version {shown}; this program reads version 2"
        )
        saved(tmp_path, a_run(tmp_path))


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
    assert refusal(Path()).startswith("can’t be read: Is a directory")


CHANGES = [
    (("config", "learning_rate"), "fast", 'learning_rate can’t be "fast"'),
    (("config", "learning_rate"), -1, "learning rate must be a number above 0"),
    (("config", "learning_rate"), 10**400, "learning_rate can’t be 1000"),
    (("config", "epochs"), 2.5, "epochs can’t be 2.5"),
    (("config", "scale"), "yes", "scale can’t be"),
    (("config", "scale"), "max", "scale can’t be"),
    (("config", "noise"), "ab", "noise can’t be"),
    (("config", "noise"), [1], "noise can’t be"),
    (("config", "x"), [1, 2], "x can’t be"),
    (("config", "experiment"), "none", "there is no experiment"),
    (("config", "unheard_of"), 1, "there is no setting 'unheard_of'"),
    (("unheard_of",), 1, "the file has a field that there is not"),
    (("steps",), -1, "steps are from 0 to 1,000,000,000"),
    (("steps",), 10**18, "steps are from 0 to 1,000,000,000"),
    (("steps",), True, "steps can’t be true"),
    (("position", "step"), 7, "the position"),
    (("position", "phase"), 5, "the position"),
    (("position",), [4, 2], "position can’t be"),
    (("viewed", "learning_rate"), 0.1, "viewed should hold epochs, pace"),
    (("viewed", "pace"), 0, "pace must be a number above 0"),
    (("viewed",), {}, "viewed should hold"),
    (("events",), {"0": 1}, "events can’t be"),
    (("events", 0), 5, "event 1 can’t be 5"),
    (("events", 0, "kind"), "explode", "event 1 is of a kind that there is not"),
    (("events", 0, "step"), 5, "event 2 can’t come at step 4"),
    (("events", 0, "step"), -1, "event 1 can’t come at step -1"),
    (("events", 1, "step"), 10**30, "event 2 can’t come at step 1000"),
    (("events", 0, "phase"), 5, "event 1 can’t come"),
    (("events", 0, "arguments", "name"), "unheard_of", "event 1 sets what there is not"),
    (("events", 0, "arguments"), {"name": "seed", "value": 1}, "seed can’t change within a run"),
    (("events", 0, "arguments", "name"), 3, "event 1 sets what there is not: 3"),
    (("events", 0, "arguments", "value"), "fast", "event 1: value can’t be"),
    (("events", 0, "arguments", "more"), 1, "can’t be replayed"),
    (("events", 1, "arguments"), {}, "can’t be replayed"),
    (("events", 1, "arguments", "index"), 3, "can’t be replayed"),
    (("events", 1, "arguments", "index"), 10**30, "can’t be replayed"),
    (("events", 1, "arguments", "index"), 0.5, "event 2: index can’t be 0.5"),
    (("events", 1, "arguments", "amount"), "a lot", 'event 2: amount can’t be "a lot"'),
    (("events", 1, "arguments", "amount"), "inf", "training diverges at step 4 of 6"),
    (("events", 1, "arguments", "amount"), 10**400, "event 2: amount can’t be 1000"),
    (("events", 1, "arguments", "amount"), "nan", "training diverges at step 4 of 6"),
    (("data", "rows", 0), [1], "rows should hold"),
    (("data", "rows", 0), [1, "a"], "rows can’t hold"),
    (("data", "rows", 0, 1), 10**400, "rows can’t hold 1000"),
    (("data", "rows", 0, 1), "inf", "row 1, column 'distance': inf is not"),
    (("data", "rows"), [], "rows should hold"),
    (("data", "rows"), {}, "rows can’t be"),
    (("data", "types", 0), "object", "types can’t be"),
    (("data", "schema", "columns"), [], "its parts don’t fit each other"),
    (("data", "schema", "columns"), [{"name": "x"}], "its schema can’t be read: 'levels'"),
    (("data", "schema", "classes"), ["a", "b", 3], "3 is not a name"),
    (("data", "schema", "features"), ["x3"], "there is no feature 'x3'"),
    (("data", "schema", "scaling", "x"), {"mean": [0.0]}, "its schema can’t be read"),
    (("data", "schema", "scaling", "x"), {"mean": [0.0], "deviation": [1, 2]}, "don’t fit each"),
    (("data", "schema", "scaling", "x"), {"mean": [0.0], "deviation": [0.0]}, "don’t fit each"),
    (("start", "parameters"), {"d": 1}, 'parameters has no "d"'),
    (("start", "parameters"), {"a": [1]}, "a should be of shape"),
    (("start", "weights"), {}, "start has a field that there is not"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "message"), CHANGES)
def test_what_a_session_can_not_say_is_refused(tmp_path, place, value, message):
    path = saved(tmp_path, a_run(tmp_path))
    content = json.loads(path.read_text())
    del content["checksum"]
    inner = content
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    path.write_text(json.dumps(content))
    assert message in refusal(path)


PAST = [
    (("keyframes",), {}, "keyframes can’t be"),
    (("keyframes", 0), 3, "a keyframe can’t be 3"),
    (("keyframes", 0, "step"), 0, "a keyframe can’t be at step 0"),
    (("keyframes", 0, "step"), 7, "a keyframe can’t be at step 7"),
    (("keyframes", 0, "events"), 3, "a keyframe can’t come after 3 events"),
    (("keyframes", 0, "position"), 4, "a keyframe is at no place of its data"),
    (("keyframes", 0, "parameters"), "AAAA", "parameters should hold 3 numbers"),
    (("keyframes", 0, "gradient"), "a", "gradient is not packed as numbers are"),
    (("keyframes", 0, "slots"), {"velocity": "AAAA"}, 'a keyframe remembers ["velocity"]'),
    (("record", "every"), 0, "every 0 steps nothing is recorded"),
    (("record", "every"), 2, "losses should hold 3 numbers"),
    (("record", "losses"), "", "losses should hold 6 numbers"),
    (("record", "validation", "steps"), [1, 0], "validation should hold 2 numbers"),
    (("record", "validation", "steps"), [-1], "validation steps can’t be"),
]


@pytest.mark.parametrize(("place", "value", "message"), PAST)
def test_a_past_that_can_not_be_is_refused(tmp_path, place, value, message):
    with mock.patch("nn_core.run.keyframes.REPLAY_SECONDS", 1e-6):  # a keyframe at each step
        path = saved(tmp_path, a_run(tmp_path), resumable=True)
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
    path = saved(tmp_path, a_run(tmp_path))
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
    path = saved(tmp_path, a_run(tmp_path))
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
        path = saved(tmp_path, a_run(tmp_path), resumable=resumable)
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
