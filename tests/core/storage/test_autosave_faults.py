"""Disks that fail: full, read-only, short of breath; at each call in turn, and for good.

The save before stands, whatever fails; what is wrong is said once, training goes on, and so does
saving once the disk does.
"""

import errno
import math
import os
import time

import pytest

from nn_core import Config, Runner, Timeline, Trainer
from nn_core.live.edit_requests import Set
from nn_core.live.requests import Look, RunOrPause, StartRunning
from nn_core.storage import autosave, kept_runs
from nn_core.storage.autosave import Autosave
from nn_core.storage.session import open_session, replay

PATIENCE = 30.0
CALLS = ("open", "write", "fsync", "replace", "mkdir")  # all by which anything comes to a disk
FAULTS = {"disk full": errno.ENOSPC, "read-only": errno.EROFS, "broken": errno.EIO}


class Disk:
    """Counts the calls that change what is on the disk, and lets one fail, or all from it on."""

    def __init__(self, monkeypatch):
        self.calls = 0
        self.fails_at, self.code, self.for_good = math.inf, 0, False
        self.longest = math.inf  # bytes taken by one write
        for name in CALLS:
            monkeypatch.setattr(os, name, self._failing(getattr(os, name)))

    def fail(self, at, code, for_good=False):
        self.calls, self.fails_at, self.code, self.for_good = 0, at, code, for_good

    def heal(self):
        self.fails_at = math.inf

    def _failing(self, call):
        def counted(*arguments, **keywords):
            if call.__name__ == "open" and not arguments[1] & os.O_CREAT:
                return call(*arguments, **keywords)
            self.calls += 1
            if self.calls == self.fails_at or (self.for_good and self.calls > self.fails_at):
                raise OSError(self.code, os.strerror(self.code))
            if call.__name__ == "write" and len(arguments[1]) > self.longest:
                return call(arguments[0], arguments[1][: self.longest])
            return call(*arguments, **keywords)

        return counted


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


def at(step):
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(step)
    return timeline


def save(keeper, timeline):
    keeper.touch(-math.inf)
    keeper.save(timeline)
    keeper._wait()


def keeper_of(state):
    keeper, said = Autosave(lambda: state), []
    keeper.complain = said.append
    return keeper, said


def calls_of_a_save(tmp_path, disk, first):
    """How many calls a save takes: the first, which begins the folder, or the third."""
    keeper, _ = keeper_of(tmp_path / "counted")
    for step in (1, 2, 3):
        disk.calls = 0
        save(keeper, at(step))
        if first:
            break
    count = disk.calls
    keeper.close(None)
    return count


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("first", [True, False])
def test_whichever_call_fails_the_save_before_stands(tmp_path, disk, first, fault, for_good):
    count = calls_of_a_save(tmp_path, disk, first)
    assert count >= (6 if first else 5)
    for call in range(1, count + 1):
        state = tmp_path / str(call)
        keeper, said = keeper_of(state)
        disk.heal()
        acknowledged = [1, 2][2 * first :]
        for step in acknowledged:
            save(keeper, at(step))
        disk.fail(call, FAULTS[fault], for_good)
        for step in (3, 4)[: 1 + for_good]:
            save(keeper, at(step))
            if not said:
                acknowledged.append(step)
        disk.heal()
        assert len(said) <= 1, "it is said once"
        assert all(os.strerror(FAULTS[fault]) in line for line in said)
        keeper._put(None)  # as if it had been killed here
        keeper._wait()
        steps = [replay(each).state.step for each in reads(state)]
        assert steps == acknowledged[-1:]
        assert not list(state.rglob("*.tmp"))
        keeper, said = keeper_of(state)
        if steps:
            keeper.resume()
        save(keeper, at(5))
        keeper.close(None)
        assert said == []
        assert replay(reads(state)[0]).state.step == 5


def reads(state):
    """What `--resume` would go on with: one run, or none."""
    keeper = Autosave(lambda: state)
    try:
        last = keeper.last_run()
    except ValueError:
        return []
    assert not last.outcome.mended, "no save is ever damaged"
    last.kept.release()
    return [last.session]


@pytest.mark.parametrize("longest", [1, 7, 1000])
def test_writes_that_fall_short_are_gone_on_with(tmp_path, disk, longest):
    disk.longest = longest
    keeper, said = keeper_of(tmp_path)
    save(keeper, at(3))
    keeper.close(None)
    assert said == []
    assert replay(reads(tmp_path)[0]).state.step == 3


@pytest.mark.parametrize("call", [3, 10, 40])
def test_a_disk_that_is_full_after_some_bytes_keeps_the_save_before(tmp_path, disk, call):
    keeper, said = keeper_of(tmp_path)
    save(keeper, at(1))
    disk.longest = 20
    disk.fail(call, errno.ENOSPC, for_good=True)
    save(keeper, at(2))
    disk.heal()
    keeper.close(None)
    [line] = said
    assert line.startswith("autosave: No space left on device (")
    assert replay(reads(tmp_path)[0]).state.step == 1
    assert not list(tmp_path.rglob("*.tmp"))


def test_training_goes_on_and_so_does_saving_once_it_can(tmp_path, disk, monkeypatch):
    """Said once, in the words, and gone with the next thing done; made good by itself."""
    monkeypatch.setattr("nn_core.storage.autosave.EVERY", 0.01)
    monkeypatch.setattr("nn_core.storage.autosave.SOON", 0.01)
    monkeypatch.setattr(autosave, "EVERY", 0.01)
    monkeypatch.setattr("nn_core.storage.autosave.RESTS", 0)
    disk.fail(1, errno.ENOSPC, for_good=True)
    complaints = []

    def note():
        if runner.snapshot.complaint:
            complaints.append(runner.snapshot.step)

    runner = Runner(
        lambda: Trainer.from_config(Config(pace=math.inf, epochs=10**9)), note,
        Autosave(lambda: tmp_path),
    )  # fmt: skip
    runner.start()
    runner.ask(StartRunning())
    until(lambda: complaints)
    runner.ask(Look())
    tried = disk.calls
    until(lambda: disk.calls > tried + 5)
    runner.ask(Set("learning_rate", "0.02"))
    until(lambda: runner.snapshot.config.learning_rate == 0.02)
    assert not runner.snapshot.complaint
    assert runner.snapshot.running
    runner.ask(RunOrPause())  # nothing changes any more, and yet it is saved in the end
    disk.heal()
    until(lambda: list(tmp_path.glob("*/session.json")))
    runner.stop()
    [path] = tmp_path.glob("*/session.json")
    assert open_session(path).state.step == runner._run.timeline.state.step


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "what was waited for hasn’t come"
        time.sleep(0.002)


def test_a_state_folder_that_can_not_be_read_is_no_hindrance(tmp_path):
    (tmp_path / "state").write_text("a file in its place")
    keeper, said = keeper_of(tmp_path / "state")
    assert keeper.greeting() is None
    save(keeper, at(1))
    save(keeper, at(2))
    keeper.close(at(3))
    assert len(said) == 1
    assert kept_runs.folders(tmp_path / "state") == []
