"""What is said of what was just done."""

from dataclasses import replace

import pytest
from claims.words import LOOK, assert_true

from nn_core.analysis.batch_cost import Measured
from nn_core.config import Config
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.snapshot import Activity
from nn_core.explain.words import describe
from nn_core.live.edit_requests import AddPoint, Assign, Nudge, Set, Turn
from nn_core.live.file_requests import Load, OpenSession, Save
from nn_core.live.requests import Advance, Forget, KeepCurve, Look, Restart, Seek, TakeUp
from nn_core.live.search_requests import MeasureBatches
from nn_core.run.kept import MOST_KEPT


def test_a_nudge_is_held_against_what_the_gradient_foretold(laboratory):
    with laboratory() as lab:
        assert describe(lab.ask(Nudge(0, 0.1))) == (
            "You raised a by 0.1: the loss changed by −0.1353.",
            "The gradient foretold −1.3529 × 0.1 = −0.1353: so it was.",
        )
        second = describe(lab.ask(Nudge(0, 3.0)))[1]
        assert second.endswith("; it holds for small moves.")


def test_a_typed_value_is_a_move_too(laboratory):
    with laboratory() as lab:
        assert describe(lab.ask(Assign(2, 1.0)))[0] == (
            "You lowered c by 0.1: the loss changed by +0.0500."
        )


@pytest.mark.parametrize(
    ("request_", "where"),
    [
        (Set("activation", "tanh"), "only of a network"),
        (Set("init", "he"), "only of a network"),
        (Set("missing", "mean"), "only of a file"),
        (Set("shuffle", "off"), "only of batches"),
    ],
)
def test_of_a_setting_that_this_run_does_not_use_it_is_said(laboratory, request_, where):
    """All that was said on the quadratic was "Activation: tanh.", which changes nothing there."""
    with laboratory() as lab:
        shown = lab.ask(request_)
        said = f"It does nothing in this run ({where}), but stays set."
        assert said in describe(shown)
        assert "does_nothing" in assert_true(shown)
    with laboratory(EXPERIMENTS["penguins"].config.replace(batch_size=5)) as lab:
        assert not any("does nothing" in line for line in describe(lab.ask(request_)))


@pytest.mark.parametrize(
    "request_",
    [Turn("learning_rate", -1), Nudge(0, 0.1), AddPoint("1, 2"), Set("optimizer", "adam")],
)
@pytest.mark.parametrize("step", [0, 8])
def test_a_future_that_is_given_up_is_said_to_be_kept_once(laboratory, request_, step):
    with laboratory() as lab:
        lab.ask(Advance(10))
        lab.ask(Seek(step))
        shown = lab.ask(request_)
        assert describe(shown)[1] == (
            "How it went on from here before is kept as run 1: K lists it."
        )
        assert_true(shown)
        assert "branched" not in assert_true(lab.ask(Turn("learning_rate", -1)))
        assert "branched" not in assert_true(lab.ask(Advance(2)))
        assert "branched" not in assert_true(lab.ask(Restart()))


@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize(
    ("request_", "what"),
    [
        (Set("hidden", "4"), "hidden 2, 10 steps"),
        (Turn("seed", 1), "seed 0, 10 steps"),
        (Restart(), "10 steps"),
    ],
)
def test_a_run_that_was_kept_because_another_began_is_named_until_the_next_request(
    laboratory, request_, what, by_hand
):
    """Nothing said so, and every run was kept by hand first."""
    with laboratory(Config(model="mlp", hidden=(2,), loss="mse", epochs=1000)) as lab:
        lab.ask(Advance(10))
        if by_hand:
            lab.ask(KeepCurve())
        shown = lab.ask(request_)
        assert f"The run before ({what}) is kept as run 1: K compares." in describe(shown)
        assert_true(shown)
        assert "begun_from" in assert_true(lab.ask(Look(LOOK)))
        assert "begun_from" not in assert_true(lab.ask(Advance(1)))


def test_a_long_name_of_the_run_before_gives_way_to_where_it_is_kept(laboratory):
    with laboratory() as lab:
        lab.ask(Advance(1))
        for rate in (0.02, 0.03, 0.04):
            lab.ask(Set("learning_rate", str(rate)))
            lab.ask(Advance(1))
        lab.ask(Set("optimizer", "adam"))
        lab.ask(Set("schedule", "cosine"))
        lab.ask(Advance(1))
        lab.ask(Set("l2", "0.01"))
        lab.ask(Set("schedule", "constant"))
        said = describe(lab.ask(Restart()))
        assert "The run before (5 steps) is kept as run 1: K compares." in said


@pytest.mark.parametrize(
    ("name", "value"), [("optimizer", "adam"), ("schedule", "cosine"), ("batch_size", "5")]
)
def test_what_is_changed_on_the_way_is_said_to_make_no_run_to_compare(laboratory, name, value):
    """Three optimizers tried so stood at 300, 600 and 1200 steps, each on the others’ shoulders."""
    with laboratory() as lab:
        assert "not_from_the_start" not in assert_true(lab.ask(Set(name, value)))
    with laboratory() as lab:
        lab.ask(Advance(10))
        assert "not_from_the_start" in assert_true(lab.ask(Set(name, value)))
        shown = lab.ask(Restart())
        assert getattr(shown.begun, name) == getattr(shown.config, name)
        assert [each.steps for each in shown.kept_runs] == [10]


def test_what_a_batch_costs_is_told_by_size(laboratory):
    with laboratory() as lab:
        lab.ask(Look(LOOK))
        lab.runner.ask(MeasureBatches())
        while not lab.snapshot.outcome:
            lab.next()
        assert [size for size, _ in lab.snapshot.outcome.speeds] == [1, 4, 16, 20]
        assert assert_true(lab.snapshot)[0] == "measured_batches"
        assert lab.snapshot.step == 0


@pytest.mark.parametrize("name", ["w.safetensors", "losses.csv", "run.py"])
def test_what_was_saved_is_told(laboratory, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with laboratory() as lab:
        lab.ask(Advance(2))
        assert assert_true(lab.ask(Save(name)))[0] == "saved"


@pytest.mark.parametrize("by_hand", [0, 1, 2])
def test_a_session_that_is_opened_tells_what_was_done_in_it(
    laboratory, tmp_path, monkeypatch, by_hand
):
    monkeypatch.chdir(tmp_path)
    with laboratory() as lab:
        for index in range(by_hand):
            lab.ask(Nudge(index, 0.1))
        lab.ask(Advance(3))
        assert assert_true(lab.ask(Save("run.json")))[0] == "saved"
    with laboratory() as lab:
        assert assert_true(lab.ask(OpenSession("run.json")))[0] == "opened_session"


def test_what_was_loaded_is_told(laboratory, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with laboratory() as lab:
        lab.ask(Save("w.safetensors"))
        assert assert_true(lab.ask(Load("w.safetensors")))[0] == "loaded"


def test_a_restart_says_that_what_was_loaded_on_the_way_is_gone(laboratory, tmp_path, monkeypatch):
    """It threw the parameters away and said nothing."""
    monkeypatch.chdir(tmp_path)
    with laboratory() as lab:
        lab.ask(Advance(4))
        lab.ask(Save("w.safetensors"))
        lab.ask(Load("w.safetensors"))
        gone = "It starts without what was loaded at step 4; : load weights brings it back."
        restarted = lab.ask(Restart())
        assert describe(restarted)[0] == gone
        assert_true(restarted)
        lab.ask(Load("w.safetensors"))
        lab.ask(Advance(2))
        assert gone not in describe(lab.ask(Restart()))  # it is where the run starts
        said = describe(lab.ask(Set("dtype", "float32")))
        assert "It starts without what was loaded at step 0; : load weights brings it back." in said


@pytest.mark.parametrize("speeds", [((1, 5e6), (4, 1.25e7), (100_000, 9e8)), ((1, 7.3),)])
def test_any_speeds_are_told(laboratory, speeds):
    with laboratory() as lab:
        assert_true(replace(lab.snapshot, activity=Activity(outcome=Measured(speeds))))


def test_a_run_that_is_gone_on_with_stays_kept_and_as_a_copy_is_kept_under_no_other_number(
    laboratory,
):
    with laboratory() as lab:
        for request in (Advance(3), Restart(), Advance(5)):
            lab.ask(request)
        on_screen = "Run 1 is on the screen again, at its last step, 3."
        assert describe(lab.ask(TakeUp(1)))[:2] == (on_screen, "The run before is kept as run 2.")
        shown = lab.ask(TakeUp(1))
        assert on_screen in describe(shown)
        assert not any("The run before" in line for line in describe(shown))
        lab.ask(Set("optimizer", "adam"))
        shown = lab.ask(Advance(4))
        assert [(each.number, each.steps) for each in shown.kept] == [(1, 3), (2, 5)]


def test_of_a_run_that_is_gone_on_with_it_is_said_where_it_had_to_make_room(laboratory):
    with laboratory() as lab:
        for steps in range(1, MOST_KEPT + 1):
            lab.ask(Advance(steps))
            lab.ask(Restart())
        lab.ask(Advance(20))
        shown = lab.ask(TakeUp(5))
        said = "It made room for the run before, kept as run 9: k keeps it again."
        assert said in describe(shown)
        assert_true(shown)


def test_of_a_kept_run_that_is_removed_it_is_said_instead_of_how_it_was_kept(laboratory):
    """Below the list "The run before is kept as run 1" stood still when run 1 was no more."""
    with laboratory() as lab:
        for request in (Set("lr", "0.02"), Advance(3), Restart(), Set("lr", "0.03"), Advance(5)):
            lab.ask(request)
        lab.ask(Restart())
        shown = lab.ask(Forget(2))
        assert_true(shown)
        assert describe(shown)[0] == "Run 2 (lr 0.03, before) is removed."
        assert not any("is kept as run" in line for line in describe(shown))
    with laboratory() as lab:
        for request in (Advance(3), KeepCurve()):
            lab.ask(request)
        assert describe(lab.ask(Forget(1)))[0] == "Run 1 is removed."
