"""Whichever way a run comes to the training thread, it is bound to the limits."""

from queue import SimpleQueue

import pytest

from nn_core import Config, Runner, Timeline, Trainer
from nn_core.config.limits import KIOSK, Limits
from nn_core.live.edit_requests import Set
from nn_core.live.file_requests import OpenSession, Resume
from nn_core.live.requests import Advance, Request
from nn_core.storage import export
from nn_core.storage.autosave import Autosave

PATIENCE = 30.0


def timeline(**changes):
    return Timeline(Trainer.from_config(Config(**changes)))


def saved_before(state, run):
    run.advance(1)  # one without a step isn't kept
    keeper = Autosave(lambda: state)
    keeper.touch(0)
    keeper.close(run)


class Kiosk:
    """A runner within limits, with a state folder; asks and gives the snapshot after."""

    def __init__(self, state, limits=KIOSK):
        self.shown = SimpleQueue()
        self.runner = Runner(
            timeline, lambda: self.shown.put(self.runner.snapshot), Autosave(lambda: state), limits
        )

    def __enter__(self):
        self.runner.start()
        self.shown.get(timeout=PATIENCE)
        return self

    def __exit__(self, *_):
        self.runner.stop()
        assert self.runner.failure is None

    def ask(self, request: Request):
        self.runner.ask(request)
        return self.shown.get(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("request_", "complaint"),
    [
        (Set("pace", "max"), "at most 1,000 steps a second here; not max"),
        (Set("rows", "1000000"), "at most 10,000 rows here; not 1,000,000"),
        (Set("hidden", "501"), "at most 500 hidden units here; not 501"),
        (Set("load", "w.safetensors"), "a kiosk reads no files; load stays as it is"),
    ],
)
def test_a_resumed_run_keeps_the_kiosks_limits(tmp_path, request_, complaint):
    before = timeline(data="sine")
    before.advance(4)
    saved_before(tmp_path, before)
    with Kiosk(tmp_path) as kiosk:
        assert kiosk.ask(Resume()).step == 5
        after = kiosk.ask(request_)
        assert (after.complaint, after.step) == (complaint, 5)
        assert after.config == before.config


def test_an_opened_session_keeps_the_limits(tmp_path):
    path = tmp_path / "run.json"
    export.write(timeline(), path)
    with Kiosk(tmp_path, Limits(steps=10)) as kiosk:
        assert not kiosk.ask(OpenSession(str(path))).complaint
        assert kiosk.ask(Advance(11)).complaint == "a run here ends at step 10; r begins another"


def test_a_last_run_beyond_the_limits_is_not_resumed_and_is_left_to_others(tmp_path):
    saved_before(tmp_path, timeline(pace=5000.0, data="sine", epochs=7))
    with Kiosk(tmp_path) as kiosk:
        for _ in range(2):
            after = kiosk.ask(Resume())
            assert after.complaint == "at most 1,000 steps a second here; not 5,000"
            assert after.config == Config()


def test_a_run_that_is_too_large_is_refused_before_it_is_built(tmp_path, monkeypatch):
    saved_before(tmp_path, timeline(data="sine", rows=10_001))

    def build(*_):
        raise AssertionError("it was built")

    with Kiosk(tmp_path) as kiosk:
        monkeypatch.setattr("nn_core.storage.session.build_model", build)
        assert kiosk.ask(Resume()).complaint == "at most 10,000 rows here; not 10,001"
        monkeypatch.undo()


def test_the_twin_of_a_run_keeps_its_limits(tmp_path):
    with Kiosk(tmp_path) as kiosk:
        kiosk.ask(Set("zero_gradients", "off"))
        assert kiosk.runner._twin._timeline.limits == KIOSK
