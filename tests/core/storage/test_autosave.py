"""Autosave: what was done is on disk soon, two never share a run, and the last one goes on."""

import json
import math
import time
from contextlib import contextmanager
from queue import SimpleQueue

import pytest
from timelines import of_config, state_bits

from nn_core import Runner
from nn_core.errors import RequestError
from nn_core.explain.words import describe
from nn_core.live.edit_requests import Nudge, Set
from nn_core.live.file_requests import Resume
from nn_core.live.requests import Advance, Look, NextPhase, Seek, StartRunning
from nn_core.storage import autosave, kept_runs
from nn_core.storage.autosave import EVERY, RESTS, SOON, Autosave, Offered, Resumed
from nn_core.storage.session import dumps, open_session, replay

PATIENCE = 30.0


def bits(timeline):
    return state_bits(timeline.state), timeline.events, timeline.config


def until(condition):
    """Let other threads get on until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "what was waited for hasn’t come"
        time.sleep(0.002)


def saved(state, timeline, keeper=None):
    """Save a run at once; its keeper, which has it open."""
    keeper = keeper or Autosave(lambda: state)
    keeper.touch(-math.inf)
    keeper.save(timeline)
    keeper._wait()
    return keeper


def closed(state, timeline):
    """Save a run and leave it to others."""
    saved(state, timeline).close(None)


def at(step, **changes):
    timeline = of_config(**changes)
    timeline.advance(step)
    return timeline


@contextmanager
def running(state, build=None, offers=False, **changes):
    """A runner whose run is kept."""
    shown = SimpleQueue()
    keeper = Autosave(lambda: state, offers)
    build = build or (lambda: of_config(**changes))
    runner = Runner(build, lambda: shown.put(runner.snapshot), keeper)
    runner.shown = shown
    runner.start()
    shown.get(timeout=PATIENCE)
    try:
        yield runner
    finally:
        runner.stop()
        assert runner.failure is None


def newest(state):
    """The newest save of the run that was saved last."""
    return [path for folder in kept_runs.folders(state) for path in kept_runs.saves(folder)]


# --- saving ---------------------------------------------------------------------------------------


def test_what_is_done_is_on_disk_without_being_asked_for(tmp_path):
    assert SOON < 0.5
    with running(tmp_path) as runner:
        runner.ask(Advance(7))
        runner.ask(Nudge(1, 0.5))
        until(lambda: newest(tmp_path))
        expected = at(7)
        expected.do("nudge", index=1, amount=0.5)
        assert bits(open_session(newest(tmp_path)[0])) == bits(expected)


def test_training_is_saved_while_it_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(autosave, "EVERY", 0.01)
    monkeypatch.setattr(autosave, "RESTS", 0)
    with running(tmp_path, pace=math.inf, epochs=10**9) as runner:
        runner.ask(StartRunning())
        until(lambda: len(newest(tmp_path)) == 2)
        assert runner.snapshot.running
    now, before = (json.loads(path.read_text())["steps"] for path in newest(tmp_path))
    assert now > before > 0


def test_at_a_crawl_too_what_is_done_is_saved_at_once(tmp_path):
    with running(tmp_path, pace=1e-6) as runner:
        runner.ask(StartRunning())
        runner.ask(Set("learning_rate", "0.5"))
        until(lambda: newest(tmp_path))
        assert runner.snapshot.running


def test_nothing_is_kept_of_a_run_that_was_only_looked_at(tmp_path):
    with running(tmp_path) as runner:
        runner.ask(Look())
    assert newest(tmp_path) == []


def test_a_run_in_which_nothing_was_trained_takes_the_place_of_none(tmp_path):
    closed(tmp_path, at(31))
    looked_at = of_config()
    looked_at.do("set", name="learning_rate", value=0.5)
    closed(tmp_path, looked_at)
    assert Autosave(lambda: tmp_path, offers=True).greeting() == Offered("quadratic", 31)
    keeper = Autosave(lambda: tmp_path)
    assert keeper.resume().step == 31
    keeper.close(None)


@pytest.mark.parametrize("settings", [{}, {"learning_rate": 0.5}])
def test_a_run_without_a_step_that_an_older_program_saved_is_passed_over(tmp_path, settings):
    """One was offered as "Last time: step 0", and resumed in place of the run before it."""
    closed(tmp_path, at(31))
    looked_at = of_config()
    for name, value in settings.items():
        looked_at.do("set", name=name, value=value)
    kept = kept_runs.KeptRun.begin(tmp_path)
    kept.save(dumps(looked_at).encode())
    kept.release()
    assert Autosave(lambda: tmp_path, offers=True).greeting() == Offered("quadratic", 31)
    keeper = Autosave(lambda: tmp_path)
    assert keeper.resume().step == 31
    keeper.close(None)


def test_where_only_such_runs_were_saved_there_is_none_to_go_on_with(tmp_path):
    kept = kept_runs.KeptRun.begin(tmp_path)
    kept.save(dumps(of_config()).encode())
    kept.release()
    assert Autosave(lambda: tmp_path, offers=True).greeting() is None
    with pytest.raises(RequestError, match="there is no run to go on with"):
        Autosave(lambda: tmp_path).resume()


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [("nudge", {"index": 1, "amount": 0.5}), ("add_point", {"x": 0.5, "y": 0.5})],
)
def test_what_is_done_by_hand_before_the_first_step_is_kept(tmp_path, kind, arguments):
    closed(tmp_path, at(31))
    timeline = of_config()
    timeline.do(kind, **arguments)
    closed(tmp_path, timeline)
    assert bits(open_session(newest(tmp_path)[0])) == bits(timeline)


def test_a_run_begun_anew_is_kept_with_the_one_beside_it(tmp_path):
    timeline = at(31)
    timeline.restart()
    closed(tmp_path, timeline)
    [kept] = open_session(newest(tmp_path)[0]).kept
    assert kept.steps == 31


@pytest.mark.parametrize("asked", [NextPhase(), Seek(2), Set("optimizer", "adam")])
def test_ending_saves_what_was_done_last(tmp_path, asked):
    with running(tmp_path) as runner:
        runner.ask(Advance(4))
        until(lambda: runner.snapshot.step == 4)
        runner.ask(asked)
    assert bits(open_session(newest(tmp_path)[0])) == bits(runner._run.timeline)


def test_texts_are_made_for_less_than_a_hundredth_of_the_time(tmp_path):
    """However long one takes, there is none for as much longer; actions wait for one another."""
    keeper = Autosave(lambda: tmp_path)
    keeper.touch(EVERY)
    assert EVERY - 1 < keeper.pause <= EVERY
    keeper.touch(SOON)
    assert keeper.pause <= SOON
    keeper._rests_until = time.monotonic() + 100
    keeper.save(at(3))
    assert RESTS > 100
    keeper._wait()
    assert keeper.pause == math.inf
    keeper._rests_until = time.monotonic() + 100
    keeper.touch(SOON)
    assert keeper.pause > 90
    keeper.close(None)


def test_a_large_network_is_kept_without_its_numbers_and_replayed(tmp_path, monkeypatch):
    monkeypatch.setattr(autosave, "MOST_NUMBERS", 2)
    closed(tmp_path, at(5000))
    [path] = newest(tmp_path)
    assert path.stat().st_size < 2000
    assert bits(open_session(path)) == bits(at(5000))


def test_a_folder_that_was_removed_meanwhile_is_made_again(tmp_path):
    state = tmp_path / "state"
    keeper = saved(state, at(2))
    state.rename(tmp_path / "gone")
    saved(state, at(3), keeper).close(None)
    assert open_session(newest(state)[0]).state.step == 3


def test_switched_off_it_neither_writes_nor_reads(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    closed(tmp_path / "nn-tui", at(2))
    before = sorted(tmp_path.rglob("*"))
    off = Autosave(None, offers=True)
    off.touch(0)
    off.tend(at(3))
    off.close(at(3))
    assert off.greeting() is None
    with pytest.raises(RequestError, match="no runs are saved here"):
        off.resume()
    assert sorted(tmp_path.rglob("*")) == before


# --- going on -------------------------------------------------------------------------------------


def test_the_last_run_goes_on_to_the_same_bits(tmp_path):
    changes = {"model": "mlp", "hidden": (4,), "optimizer": "adam", "batch_size": 3}
    timeline = at(3000, **changes)
    timeline.do("add_unit", layer=0)
    timeline.advance(500)
    timeline.phase()
    closed(tmp_path, at(9))
    closed(tmp_path, timeline)
    keeper = Autosave(lambda: tmp_path)
    resumed = replay(keeper.resume())
    assert keeper.greeting() == Resumed("quadratic", 3500, False)
    assert bits(resumed) == bits(timeline)
    for each in (resumed, timeline):
        each.advance(700)
    assert bits(resumed) == bits(timeline)
    saved(tmp_path, resumed, keeper).close(None)
    assert len(kept_runs.folders(tmp_path)) == 2, "it goes on being kept where it was"
    assert open_session(newest(tmp_path)[0]).state.step == 4200


def test_two_never_have_the_same_run(tmp_path):
    first, second = saved(tmp_path, at(1)), saved(tmp_path, at(2))
    third = Autosave(lambda: tmp_path, offers=True)
    assert third.greeting() is None
    with pytest.raises(RequestError, match="another nn-tui has the last run open"):
        third.resume()
    assert sorted(open_session(path).state.step for path in newest(tmp_path)) == [1, 2]
    second.close(None)
    assert third.greeting() == Offered("quadratic", 2)
    assert third.resume().step == 2
    first.close(None)
    third.close(None)


def test_the_last_run_is_offered_in_words(tmp_path):
    closed(tmp_path, at(0))  # in which nothing was done
    with running(tmp_path, offers=True) as runner:
        assert runner.snapshot.outcome is None
    closed(tmp_path, at(1234))
    with running(tmp_path, offers=True) as runner:
        assert describe(runner.snapshot)[0] == (
            "Last time: step 1234 of quadratic. R goes on there; later : last run."
        )
    with running(tmp_path) as runner:
        assert runner.snapshot.outcome is None


def test_by_name_the_last_run_takes_the_place_of_this_one_and_gives_it_back(tmp_path):
    closed(tmp_path, at(50))
    with running(tmp_path) as runner:
        runner.ask(Advance(3))
        for step in (50, 3, 50):
            runner.ask(Resume())
            until(lambda step=step: runner.snapshot.outcome == Resumed("quadratic", step, False))
            assert runner.snapshot.step == step
            assert describe(runner.snapshot)[0] == (
                f"Resumed: quadratic, at step {step}, as it was saved."
            )
    assert len(kept_runs.folders(tmp_path)) == 2


def test_where_there_is_no_run_to_go_on_with_that_is_said(tmp_path):
    with running(tmp_path) as runner:
        runner.ask(Resume())
        until(lambda: runner.snapshot.complaint)
        assert describe(runner.snapshot)[0].startswith("Not done: there is no run to go on with.")


# --- damaged saves --------------------------------------------------------------------------------


def twice_saved(state):
    keeper = saved(state, at(5))
    saved(state, at(8), keeper).close(None)
    return newest(state)


DAMAGES = {
    "cut off": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "zeros": lambda data: bytes(len(data)),
    "a bit flipped": lambda data: data.replace(b'"steps": 8', b'"steps": 9'),
    "another version": lambda data: data.replace(b'"version": 2', b'"version": 3'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_in_place_of_a_damaged_save_the_one_before_is_taken(tmp_path, damage):
    now, before = twice_saved(tmp_path)
    now.write_bytes(DAMAGES[damage](now.read_bytes()))
    assert Autosave(lambda: tmp_path, offers=True).greeting() == Offered("quadratic", 5)
    keeper = Autosave(lambda: tmp_path)
    with running(tmp_path, build=lambda: replay(keeper.resume())) as runner:
        assert runner.snapshot.step == 5
    assert keeper.greeting() == Resumed("quadratic", 5, mended=True)
    aside = now.with_name("session.json.damaged")
    assert aside.exists() == (damage != "another version"), "a newer program may yet read it"
    keeper.close(None)
    assert before.exists()


def test_a_mended_run_says_so(tmp_path):
    now, _ = twice_saved(tmp_path)
    now.write_bytes(b"{")
    with running(tmp_path) as runner:
        runner.ask(Resume())
        until(lambda: isinstance(runner.snapshot.outcome, Resumed))
        assert describe(runner.snapshot) == (
            "Resumed: quadratic, at step 5, as it was saved.",
            "The newest save was damaged and is set aside; this is the one before.",
        )


def test_where_nothing_of_the_last_run_is_whole_the_run_before_is_taken(tmp_path):
    closed(tmp_path, at(3))
    for path in twice_saved(tmp_path)[:2]:
        path.write_bytes(path.read_bytes()[:-5])
    keeper = Autosave(lambda: tmp_path)
    assert keeper.resume().step == 3
    keeper.close(None)


def test_where_everything_is_damaged_it_says_where_that_is(tmp_path):
    for path in twice_saved(tmp_path):
        path.write_bytes(b"")
    with pytest.raises(RequestError, match=r"was set aside as .*session\.json\.damaged"):
        Autosave(lambda: tmp_path).resume()
    with pytest.raises(RequestError, match="there is no run to go on with"):
        Autosave(lambda: tmp_path).resume()


def test_what_a_whole_save_needs_is_missed_by_name(tmp_path):
    path = tmp_path / "large.csv"
    path.write_text("x,y\n" + "1,2\n2,3\n" * 6000)
    closed(tmp_path / "state", at(2, data=str(path)))
    path.unlink()
    for _ in range(2):  # the first leaves it where it is
        with pytest.raises(RequestError, match=r"its data .*large\.csv is not there"):
            Autosave(lambda: tmp_path / "state").resume()


# --- the state folder -----------------------------------------------------------------------------


def test_the_state_folder_is_the_persons_own(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    home = tmp_path / ".local" / "state" / "nn-tui"
    for named, expected in (("", home), ("not/absolute", home), ("/x/y", None)):
        monkeypatch.setenv("XDG_STATE_HOME", named)
        found = kept_runs.state_folder()
        assert found == (expected or kept_runs.Path("/x/y/nn-tui"))
    monkeypatch.delenv("XDG_STATE_HOME")
    keeper = Autosave(kept_runs.state_folder)
    saved(home, at(1), keeper).close(None)
    for folder in (home, *kept_runs.folders(home)):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_the_oldest_runs_go_but_none_that_is_open(tmp_path):
    opened = saved(tmp_path, at(100))
    for step in range(1, 14):
        closed(tmp_path, at(step))
    steps = [open_session(path).state.step for path in newest(tmp_path)]
    assert steps[0] == 13
    assert steps[-1] == 100
    assert len(steps) == kept_runs.MOST_KEPT + 1
    opened.close(None)
