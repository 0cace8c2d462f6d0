"""The Runner: what is asked of its thread, and the snapshots that come of it."""

import math
import threading
from dataclasses import FrozenInstanceError, fields, is_dataclass

import numpy as np
import pytest

from nn_core import Config, Runner, Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import RequestError
from nn_core.explain.comparison import KeptLosses
from nn_core.explain.outcomes import Changed, Moved
from nn_core.explain.view_request import ViewRequest
from nn_core.live.edit_requests import Assign, Nudge, RemovePoint, Set, Turn
from nn_core.live.file_requests import BeginAnother
from nn_core.live.requests import (
    Advance,
    Back,
    BackSteps,
    KeepCurve,
    Look,
    NextEpoch,
    NextPhase,
    Restart,
    RunOrPause,
    Seek,
    SeekTyped,
    StartRunning,
)

PATIENCE = 30.0


def place(snapshot):
    return snapshot.step, snapshot.phase


def values(snapshot):
    return {row.label: row.value for row in snapshot.rows}


def test_it_begins_paused_at_the_start(laboratory):
    with laboratory() as lab:
        assert place(lab.snapshot) == (0, 0)
        assert not lab.snapshot.running
        assert values(lab.snapshot) == {"a": 1.1, "b": 1.1, "c": 1.1}


def test_it_takes_the_steps_that_a_timeline_takes(laboratory):
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(7)
    timeline.back()
    timeline.phase()
    with laboratory() as lab:
        lab.ask(Advance(7))
        lab.ask(Back())
        assert place(lab.ask(NextPhase())) == (6, 1)
        expected = dict(zip("abc", timeline.state.parameters.tolist(), strict=True))
        assert values(lab.snapshot) == expected


@pytest.mark.parametrize("back", [Back(), BackSteps(10)])
def test_going_back_at_the_start_is_refused_by_the_thread_too(laboratory, back):
    with laboratory() as lab:
        assert lab.ask(back).complaint == "this is the start of the run; ↑↓ choose a row"
        lab.ask(NextPhase())
        assert lab.ask(Back()).complaint == ""


def test_what_is_asked_is_done_in_order_before_it_is_shown(laboratory):
    with laboratory() as lab:
        for _ in range(50):
            lab.runner.ask(Advance(1))
        lab.runner.ask(Nudge(0, 0.5))
        while not isinstance(lab.next().outcome, Moved):
            pass
        assert lab.snapshot.step == 50


@pytest.mark.parametrize("pace", [math.inf, 1e4])
def test_running_stops_by_itself_at_the_epoch_target(laboratory, pace):
    with laboratory(epochs=137, pace=pace) as lab:
        stopped = lab.run()
        assert (stopped.step, stopped.epoch) == (137, 137)


def test_running_on_from_the_target_trains_for_as_many_epochs_again(laboratory):
    with laboratory(epochs=20, pace=math.inf) as lab:
        lab.run()
        assert lab.run().step == 40
        assert lab.snapshot.config.epochs == 40


def test_the_target_is_counted_in_epochs_not_steps(laboratory):
    with laboratory(epochs=3, batch_size=8, pace=math.inf) as lab:
        assert (lab.run().step, lab.snapshot.epoch) == (9, 3)


def test_running_from_inside_a_step_finishes_it_first(laboratory):
    with laboratory(epochs=5, pace=math.inf) as lab:
        lab.ask(NextPhase())
        lab.ask(NextPhase())
        assert place(lab.run()) == (5, 0)


def test_a_single_step_goes_beyond_the_target(laboratory):
    with laboratory(epochs=1) as lab:
        lab.ask(Advance(1))
        assert lab.ask(Advance(1)).step == 2


@pytest.mark.parametrize("pace", [1e-6, 5e-324])
def test_a_run_at_a_crawl_answers_at_once_and_is_paused_by_a_step(laboratory, pace):
    """A pace of one step in eleven days, or in ages: what is asked meanwhile must not wait."""
    with laboratory(pace=pace) as lab:
        lab.runner.ask(StartRunning())
        while lab.next().step < 1:
            lab.runner.ask(Look())
        assert lab.snapshot.running
        assert place(lab.ask(Advance(1))) == (2, 0)
        assert not lab.snapshot.running


def test_the_pace_can_be_changed_while_it_runs(laboratory):
    with laboratory(pace=1e-6, epochs=500) as lab:
        lab.ask(StartRunning())
        lab.runner.ask(Set("pace", "max"))
        while lab.next().running:
            pass
        assert lab.snapshot.step == 500


def test_toggle_runs_and_pauses(laboratory):
    with laboratory(pace=1e-6) as lab:
        assert lab.ask(RunOrPause()).running
        assert not lab.ask(RunOrPause()).running


def test_running_at_full_speed_makes_a_snapshot_only_for_who_looks(laboratory):
    with laboratory(epochs=20_000, pace=math.inf) as lab:
        lab.ask(StartRunning())
        shown = 1
        while lab.snapshot.running:
            lab.next()
            shown += 1
        assert shown == 2


def test_divergence_stops_the_run(laboratory):
    with laboratory(loss="mse", learning_rate=1.0, epochs=10_000, pace=math.inf) as lab:
        stopped = lab.run()
        assert stopped.divergence.parameter == "a"
        assert stopped.step == stopped.divergence.step
        assert math.isfinite(stopped.loss)


# --- complaints --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        (Set("learning_rate", "0"), "learning rate must be a number above 0; not 0"),
        (
            Set("epochs", "soon"),
            "epochs must be a whole number from 0 to 1000000000000; not 'soon'",
        ),
        (Set("validation", "1"), "validation must be from 0 to below 1, as 0.2; not 1"),
        (
            Set("data", "no"),
            "no: there is no such file, nor data of that name: "
            "lesson, line, abs, step, sine, x-sin-x, bumps and 9 more",
        ),
        (SeekTyped("9" * 5000), f"step must be a whole number, 0 or more; not '{'9' * 40}'"),
        (Seek(-1), "step must be 0 or more; not -1"),
        (Assign(0, math.nan), "a parameter is a finite number; not nan"),
        (Assign(0, math.inf), "a parameter is a finite number; not inf"),
        (Assign(3, 1.0), "there is no parameter 4; there are 3"),
        (Nudge(3, 0.1), "there is no parameter 4; there are 3"),
        (RemovePoint(20), "there is no point 21; there are 20"),
    ],
)
def test_what_cannot_be_done_is_a_complaint_and_changes_nothing(laboratory, asked, complaint):
    with laboratory() as lab:
        before = lab.ask(Advance(3))
        after = lab.ask(asked)
        assert after.complaint == complaint
        assert (place(after), values(after)) == (place(before), values(before))
        assert after.config == before.config
        assert lab.ask(Look()).complaint == complaint
        assert lab.ask(Advance(1)).complaint == ""


# --- what is done by hand ----------------------------------------------------------------------


def test_a_nudge_is_shown_with_what_it_did_and_what_was_foretold(laboratory):
    with laboratory() as lab:
        before = lab.snapshot
        after = lab.ask(Nudge(0, 0.1))
        assert values(after)["a"] == 1.1 + 0.1
        assert (after.outcome.label, after.outcome.amount) == ("a", 0.1)
        assert (after.outcome.before, after.outcome.after) == (before.loss, after.loss)
        assert after.outcome.gradient == before.rows[0].gradient


def test_a_typed_value_is_a_move_by_the_difference(laboratory):
    with laboratory() as lab:
        after = lab.ask(Assign(1, 3.5))
        assert values(after)["b"] == 3.5
        assert after.outcome.amount == pytest.approx(2.4)


def test_a_setting_takes_effect_and_is_said(laboratory):
    with laboratory() as lab:
        after = lab.ask(Set("learning_rate", "0.5"))
        assert after.config.learning_rate == 0.5
        assert after.outcome == Changed("learning_rate", 0.5)
        assert after.step == 0


def test_a_setting_that_makes_another_run_starts_it(laboratory):
    with laboratory() as lab:
        lab.ask(Advance(5))
        after = lab.ask(Set("hidden", "3,2"))
        assert (after.step, after.scene.kind) == (0, "mlp")
        assert after.scene.layers == (
            "0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias",
        )  # fmt: skip
        assert [kept.label for kept in after.kept] == ["model quadratic, hidden none"]


def test_a_setting_is_turned_to_the_value_beside_it(laboratory):
    with laboratory() as lab:
        assert lab.ask(Turn("learning_rate", 1)).config.learning_rate == 0.02
        assert lab.ask(Turn("learning_rate", -1)).config.learning_rate == 0.01
        assert lab.ask(Turn("zero_gradients", 1)).config.zero_gradients is False


def test_restart_begins_again_and_keeps_the_old_curve(laboratory):
    with laboratory() as lab:
        lab.ask(Advance(5))
        lab.ask(Set("learning_rate", "0.5"))
        after = lab.ask(Restart())
        assert (after.step, after.config.learning_rate) == (0, 0.5)
        assert [len(kept.envelope.step) for kept in after.kept] == [5]


def test_going_to_a_step_and_its_end_of_epoch(laboratory):
    with laboratory(batch_size=8) as lab:
        lab.ask(Advance(10))
        assert place(lab.ask(Seek(4))) == (4, 0)
        assert lab.snapshot.tip == 10
        assert place(lab.ask(NextEpoch())) == (6, 0)
        assert place(lab.ask(NextEpoch())) == (9, 0)


# --- snapshots ---------------------------------------------------------------------------------


def arrays_in(thing, path="snapshot"):
    """Every array in a snapshot, with where it was found."""
    if isinstance(thing, np.ndarray):
        yield path, thing
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from arrays_in(getattr(thing, field.name), f"{path}.{field.name}")
    elif isinstance(thing, tuple):
        for at, part in enumerate(thing):
            yield from arrays_in(part, f"{path}[{at}]")


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_training_on_changes_nothing_in_an_old_snapshot(laboratory, name):
    with laboratory(EXPERIMENTS[name].config) as lab:
        lab.ask(Advance(3))
        lab.ask(KeepCurve())
        old = lab.ask(Advance(3))
        before = {path: array.tobytes() for path, array in arrays_in(old)}
        assert len(before) > 5
        assert any(isinstance(kept, KeptLosses) for kept in old.kept)
        lab.ask(Advance(50))
        lab.ask(Seek(1))
        lab.ask(Nudge(0, 0.5))
        lab.ask(Advance(50))
        assert {path: array.tobytes() for path, array in arrays_in(old)} == before


def test_a_snapshot_is_frozen(laboratory):
    with laboratory() as lab, pytest.raises(FrozenInstanceError):
        lab.snapshot.step = 5


def test_a_request_says_what_the_next_snapshots_hold(laboratory):
    with laboratory(EXPERIMENTS["relu-net"].config) as lab:
        seen = lab.ask(Look(ViewRequest(grid=33, point=4, opened="0.bias", first=2, count=5)))
        assert len(seen.curve[0]) == len(seen.curve[1]) == 33
        assert seen.point.index == 4
        assert [row.name for row in seen.rows] == [f"0.bias[{unit}]" for unit in range(2, 7)]
        assert seen.row_count == 16
        assert len(lab.ask(Advance(1)).rows) == 5


# --- the thread --------------------------------------------------------------------------------


def test_stop_ends_the_thread_even_while_it_trains(laboratory):
    with laboratory(epochs=10**9, pace=math.inf) as lab:
        lab.ask(StartRunning())
        lab.runner.stop()
        assert not any(thread.name == "nn-tui training" for thread in threading.enumerate())
        lab.runner.stop()


def test_a_run_that_cannot_be_built_is_a_failure_that_is_notified():
    told = threading.Event()

    def build():
        raise RequestError("no such data")

    runner = Runner(build, told.set)
    runner.start()
    assert told.wait(PATIENCE)
    assert str(runner.failure) == "no such data"
    assert runner.snapshot is None
    runner.stop()


def test_a_layer_that_has_gone_is_no_longer_opened(laboratory):
    with laboratory(EXPERIMENTS["relu-net"].config) as lab:
        lab.ask(Look(ViewRequest(opened="2.weight", count=4)))
        shown = lab.ask(Restart(EXPERIMENTS["quadratic"].config))
        assert [row.label for row in shown.rows] == ["a", "b", "c"]
        assert shown.request.opened is None


def test_the_sliders_hold_what_was_gone_through_between_two_pictures(laboratory):
    """Whether a value beyond their ends was ever drawn hangs on how fast the keys came."""
    with laboratory() as lab:
        for value in (9.0, 1.0):
            lab.runner.ask(Assign(0, value))
        while lab.snapshot.rows[0].value != 1.0 or not lab.snapshot.by_hand:
            lab.next()
        assert lab.snapshot.slider[1] >= 9.0


@pytest.mark.parametrize("request_", [Set("data", "sine"), BeginAnother(EXPERIMENTS["xor"].config)])
def test_the_data_of_another_run_are_read_once(laboratory, monkeypatch, request_):
    """They were read to see whether they are there, and then once more."""
    with laboratory() as lab:
        lab.ask(Advance(1))
        begun, begin = [], Trainer.begun
        monkeypatch.setattr(Trainer, "begun", lambda *of: (begun.append(of), begin(*of))[1])
        assert lab.ask(request_).step == 0
        assert len(begun) == 1


@pytest.mark.parametrize("settings", [{}, {"model": "mlp", "hidden": (4,), "loss": "mse"}])
def test_where_a_branch_that_was_left_ended_is_known_at_once(laboratory, settings):
    """Beside "Adam: 1.2841" it stood on the plot without a value, until the table was opened."""
    with laboratory(Config(**settings)) as lab:
        loss = lab.ask(Advance(10)).loss
        lab.ask(Seek(4))
        (kept,) = lab.ask(Set("optimizer", "adam")).kept
        assert (kept.start, kept.steps) == (4, 10)
        assert kept.end is not None
        assert kept.end.loss == loss
