"""A note beside a save: read together they lead to the bits of the run as it stood, or to the save.

The large save follows when there is time; what was done by hand is noted at once.
"""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timelines import state_bits

from nn_core import Config, Timeline, Trainer
from nn_core.storage import autosave, kept_runs
from nn_core.storage.autosave import EVERY, SOON, Autosave
from nn_core.storage.session import compose, open_session, read, replay
from nn_core.storage.session_note import note

CONFIG = Config(
    experiment="mlp", model="mlp", hidden=(4,), loss="mse", optimizer="adam", batch_size=7
)


def everything(timeline):
    done = [*timeline.events]
    return state_bits(timeline.state), done, timeline.config, len(timeline.history)


DEEDS = st.one_of(
    st.tuples(st.just("advance"), st.integers(1, 40)),
    st.tuples(st.just("seek"), st.integers(0, 100)),
    st.tuples(st.just("nudge"), st.floats(-0.1, 0.1)),
    st.tuples(st.just("rate"), st.floats(1e-4, 1e-2)),
    st.tuples(st.just("epochs"), st.integers(1, 1000)),
    st.tuples(st.just("unit"), st.just(0)),
    st.tuples(st.just("phase"), st.just(0)),
)


def carry_out(timeline, what, value):
    match what:
        case "advance":
            timeline.advance(value)
        case "seek":
            timeline.seek(timeline.tip * value // 100)
        case "nudge":
            timeline.do("nudge", index=1, amount=value)
        case "rate":
            timeline.do("set", name="learning_rate", value=value)
        case "epochs":
            timeline.do("set", name="epochs", value=value)
        case "unit":
            timeline.do("add_unit", layer=0)
        case "phase":
            timeline.phase()


@given(before=st.lists(DEEDS, max_size=8), after=st.lists(DEEDS, max_size=8))
def test_save_and_note_lead_to_the_run_as_it_stood(tmp_path_factory, before, after):
    folder = tmp_path_factory.mktemp("run")
    timeline = Timeline(Trainer.from_config(CONFIG))
    for deed in before:
        carry_out(timeline, *deed)
    text, base = compose(timeline, resumable=True)
    (folder / "save.json").write_text(text)
    for deed in after:
        carry_out(timeline, *deed)
    (folder / kept_runs.NOTE).write_bytes(note(base, timeline))
    opened = replay(read(folder / "save.json"))
    assert everything(opened) == everything(timeline)
    middle = timeline.tip // 2
    timeline.seek(middle)
    opened.seek(middle)
    assert opened.state.parameters.tobytes() == timeline.state.parameters.tobytes()


def test_a_note_that_is_damaged_or_of_another_save_is_left_out(tmp_path):
    timeline = Timeline(Trainer.from_config(CONFIG))
    timeline.advance(30)
    text, base = compose(timeline, resumable=True)
    saved = everything(timeline)
    (tmp_path / "save.json").write_text(text)
    timeline.do("nudge", index=0, amount=1.0)
    whole = note(base, timeline)
    other = note(compose(Timeline(Trainer.from_config(CONFIG)), resumable=True)[1], timeline)
    assert other is None, "another run needs another save"
    said = {**json.loads(whole), "save": "another"}
    places = random.Random(1)
    for damaged in (
        b"", b"[]", b"{}", whole[:-1], json.dumps(said).encode(),
        *(whole[:at] + b"7" + whole[at + 1 :] for at in places.sample(range(len(whole)), 30)),
    ):  # fmt: skip
        (tmp_path / kept_runs.NOTE).write_bytes(damaged)
        opened = replay(read(tmp_path / "save.json"))
        assert damaged == whole or everything(opened) == saved


@pytest.fixture
def clock(monkeypatch):
    """A clock of the autosave's own that only moves when it is told to."""

    class Clock:
        now = 0.0

        def monotonic(self):
            return self.now

        def thread_time(self):
            return self.now

    made = Clock()
    monkeypatch.setattr(autosave, "time", made)
    return made


def test_what_is_done_is_on_the_disk_soon_however_long_a_save_takes(tmp_path, clock, monkeypatch):
    """A network of 450,450 takes a third of a second to save: it rests for most of a minute."""

    def slowly(timeline, resumable):
        clock.now += 0.3
        return compose(timeline, resumable)

    monkeypatch.setattr(autosave, "compose", slowly)
    keeper, timeline = Autosave(lambda: tmp_path), Timeline(Trainer.from_config(CONFIG))
    for done in range(5):
        timeline.advance(10)
        timeline.do("nudge", index=done, amount=0.5)
        keeper.done()
        clock.now += SOON
        keeper.tend(timeline)
        keeper._wait()
        there = everything(timeline)
        timeline.advance(3)
        keeper.touch(EVERY)
        clock.now += EVERY
        keeper.tend(timeline)
        opened = replay(read_newest(tmp_path))
        opened.seek(timeline.state.step - 3)
        assert everything(opened)[:-1] == there[:-1]
    assert clock.now < 45 + 0.3, "only the first of the saves was a large one"
    clock.now = 1e6
    keeper.tend(timeline)
    keeper._wait()
    assert everything(replay(read_newest(tmp_path))) == everything(timeline)
    keeper.close(None)


def read_newest(state):
    folder = kept_runs.folders(state)[0]
    return read(kept_runs.saves(folder)[0])


def test_of_training_at_most_a_second_is_lost_to_whoever_kills_it(tmp_path, clock):
    """At ten steps a second up to thirty were, between two saves."""
    keeper, timeline = Autosave(lambda: tmp_path), Timeline(Trainer.from_config(CONFIG))
    lost = 0
    for tenth in range(100):
        timeline.advance(1)
        keeper.trained()
        clock.now += 0.1
        keeper.tend(timeline, trains=True)
        keeper._wait()
        if tenth > 10 * EVERY:  # or there is nothing yet to make a note to
            lost = max(lost, len(timeline.history) - read_newest(tmp_path).steps)
    assert lost <= 10 * autosave.NOTED
    assert everything(replay(read_newest(tmp_path)))[3] >= 90
    keeper.close(timeline)


def test_a_note_costs_no_more_for_what_was_done_before_its_save():
    timeline = Timeline(Trainer.from_config(CONFIG))
    timeline.advance(1)
    for index in range(40):
        timeline.do("nudge", index=index % 4, amount=0.01)
    _, base = compose(timeline, resumable=True)
    few = len(note(base, timeline))
    timeline.advance(10)
    assert len(note(base, timeline)) < few + 10
    assert few < 600


def test_a_run_that_is_opened_by_its_file_has_what_was_done_last(tmp_path, clock):
    """The last move was in the note alone, which only going on with the last run looked at."""
    keeper, timeline = Autosave(lambda: tmp_path), Timeline(Trainer.from_config(CONFIG))
    timeline.advance(10)
    keeper.done()
    clock.now += SOON
    keeper.tend(timeline)
    keeper._wait()
    keeper._rests_until = clock.now + 100
    timeline.do("assign", index=2, value=0.5)
    keeper.done()
    clock.now += SOON
    keeper.tend(timeline)
    keeper._wait()
    [path] = kept_runs.saves(kept_runs.folders(tmp_path)[0])
    assert everything(open_session(path)) == everything(timeline)
    elsewhere = tmp_path / "copied.json"
    elsewhere.write_bytes(path.read_bytes())
    assert len(open_session(elsewhere).events) == 0
    keeper.close(None)
