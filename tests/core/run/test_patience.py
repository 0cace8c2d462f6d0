"""Patience: where training ends by itself, and that it goes back to the best, to the bit."""

import io
import re
import sys
from contextlib import redirect_stdout
from unittest import mock

import numpy as np
import pytest

from nn_core import MLP, Config, Quadratic, Timeline, Trainer, datasets, words
from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import RequestError
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.outcomes import outcome_sentences
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.live.live_run import LiveRun
from nn_core.run.patience import Stop, TowardsTarget
from nn_core.storage import session
from nn_core.storage.autosave import Autosave
from nn_core.storage.scripts.numpy_script import numpy_script
from nn_core.storage.scripts.torch_script import torch_script

PENGUINS = EXPERIMENTS["penguins"].config.replace(validation=0.2, epochs=400)


def run(config=PENGUINS, **changes):
    return Timeline(Trainer.from_config(config.replace(**changes)))


def by_hand(patience, epochs=400, **changes):
    """What early stopping is, written with a Trainer alone: parameters, best epoch, last epoch."""
    trainer = Trainer.from_config(PENGUINS.replace(**changes))
    best, at, kept = trainer.validation_loss(), 0, trainer.state.parameters.copy()
    for epoch in range(1, epochs + 1):
        trainer.run(trainer.steps_per_epoch)
        loss = trainer.validation_loss()
        if loss < best:
            best, at, kept = loss, epoch, trainer.state.parameters.copy()
        elif epoch - at >= patience:
            break
    return kept, at, epoch


@pytest.mark.parametrize("changes", [{}, {"batch_size": 60, "data_seed": 3}])
def test_it_stops_after_so_many_epochs_and_goes_back_to_the_best_to_the_bit(changes):
    timeline = run(patience=5, **changes)
    timeline.train()
    parameters, best, last = by_hand(5, **changes)
    assert best < last < 400
    np.testing.assert_array_equal(timeline.state.parameters, parameters)
    assert timeline.state.epoch == best
    assert timeline.tip == last * timeline.trainer.steps_per_epoch


def test_beyond_256_epochs_it_looks_at_each_epoch_too():
    timeline = run(patience=40, learning_rate=0.003, epochs=2000)
    timeline.train()
    parameters, best, last = by_hand(40, 2000, learning_rate=0.003)
    assert 300 < best < last < 2000
    np.testing.assert_array_equal(timeline.state.parameters, parameters)


def test_the_target_is_the_upper_bound_and_the_best_before_it_is_gone_back_to():
    timeline = run(patience=300, epochs=250)
    timeline.train()
    parameters, best, last = by_hand(300, 250)
    assert best < last == 250
    np.testing.assert_array_equal(timeline.state.parameters, parameters)


def test_without_patience_it_trains_to_the_target_and_stays():
    timeline = run(epochs=30)
    timeline.train()
    assert timeline.state.epoch == 30


def test_how_a_run_is_cut_changes_nothing():
    whole, cut = run(patience=5), run(patience=5)
    whole.train()
    target = TowardsTarget(cut)
    while target.steps_left:
        target.advance(7)
    assert target.stop == Stop(
        whole.state.step, whole.state.epoch, whole.trainer.validation_loss(), whole.tip, 5
    )
    assert cut.tip == whole.tip


def test_one_that_is_out_of_patience_waits_as_long_again():
    timeline = run(patience=2, data_seed=3, batch_size=60)
    timeline.train()
    first, tip = timeline.state.epoch, timeline.epoch_of(timeline.tip)
    timeline.train()
    assert timeline.epoch_of(timeline.tip) >= tip + 2
    assert timeline.state.epoch >= first


def test_one_that_goes_on_in_between_stops_where_it_would_have():
    timeline, again = run(patience=5), run(patience=5)
    timeline.train()
    again.advance(timeline.state.step + 3)  # within its patience
    again.train()
    assert (again.state.step, again.tip) == (timeline.state.step, timeline.tip)


def test_a_session_holds_the_best_and_what_came_after(tmp_path):
    timeline = run(patience=5)
    timeline.train()
    path = tmp_path / "run.json"
    path.write_text(session.dumps(timeline))
    opened = session.open_session(path)
    assert opened.config.patience == 5
    assert (opened.state.step, opened.tip) == (timeline.state.step, timeline.tip)
    np.testing.assert_array_equal(opened.state.parameters, timeline.state.parameters)


def test_a_session_from_before_there_was_patience_opens(tmp_path):
    timeline = run()
    timeline.advance(3)
    text = session.dumps(timeline)
    path = tmp_path / "run.json"
    path.write_text(re.sub(r'("checksum": "\w+"|"patience": 0),\s|, "patience": 0', "", text))
    assert "patience" not in path.read_text()
    assert session.open_session(path).state.step == 3


def test_a_script_ends_with_the_best():
    timeline = run(patience=5)
    timeline.train()
    assert f"STEPS = {timeline.state.step}\n" in numpy_script(timeline)


def test_without_rows_held_back_it_is_refused():
    with pytest.raises(RequestError, match="patience watches the loss on rows held back"):
        Trainer.from_config(Config(patience=5))
    timeline = Timeline(Trainer(Quadratic(), datasets.noisy_quadratic()))
    with pytest.raises(RequestError, match="holds back a fifth"):
        timeline.do("set", name="patience", value=5)
    assert timeline.config.patience == 0


def test_a_run_that_diverges_stays_where_it_is():
    data = datasets.load(Config(validation=0.2))
    model = MLP((1, 4, 1), seed=1)
    timeline = Timeline(
        Trainer(model, data, loss="mse", learning_rate=50.0, patience=90, epochs=90)
    )
    timeline.train()
    assert timeline.divergence is not None


# --- scripts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "changes"),
    [
        (PENGUINS, {}),
        (PENGUINS, {"batch_size": 60, "data_seed": 3, "class_weight": "balanced"}),
        (
            EXPERIMENTS["xor"].config,
            {"validation": 0.3, "epochs": 400, "learning_rate": 0.1, "batch_size": 20},
        ),
        (EXPERIMENTS["stopping-distance"].config, {"validation": 0.2, "schedule": "plateau"}),
        (Config(model="relu"), {"validation": 0.3, "learning_rate": 0.3}),
    ],
)
def test_a_script_of_a_run_that_has_not_begun_stops_and_goes_back_as_the_run_does(
    config, changes, script_says
):
    timeline = run(config, patience=5, **changes)
    script = numpy_script(timeline)
    compile(torch_script(timeline), "run.torch.py", "exec")
    steps, theta = script_says(script)
    timeline.train()
    assert steps == timeline.tip
    assert timeline.state.step < timeline.tip
    np.testing.assert_allclose(theta, timeline.state.parameters, rtol=1e-9, atol=1e-12)
    ended, theta = script_says(numpy_script(timeline))
    assert ended == timeline.state.step
    np.testing.assert_allclose(theta, timeline.state.parameters, rtol=1e-9, atol=1e-12)


@pytest.fixture
def script_says():
    """Run a NumPy script: how many steps it takes, and the parameters that it ends with.

    The last line that it prints has their loss.
    """

    def says(script):
        out, names = io.StringIO(), {"__name__": "__main__"}
        with mock.patch.object(sys, "argv", ["run.py"]), redirect_stdout(out):
            exec(compile(script, "run.py", "exec"), names)
        *steps, end = out.getvalue().splitlines()
        assert end.endswith(f"; loss={names['shown'](names['loss'])}")
        return len(steps), names["theta"]

    return says


# --- live -----------------------------------------------------------------------------------------


def until_it_stops(live):
    while live.running:
        live.target.advance(10)
        if live.target.stop or not live.target.steps_left:
            live.end()
    while live.journey.is_on:
        live.journey.work()


def test_on_screen_it_goes_back_says_so_and_goes_on_from_there():
    timeline = run(patience=5)
    live = LiveRun(timeline, timeline.limits, Autosave(None), lambda: True)
    live.start()
    until_it_stops(live)
    parameters, best, last = by_hand(5)
    np.testing.assert_array_equal(timeline.state.parameters, parameters)
    assert isinstance(live.outcome, Stop)
    assert (live.outcome.epoch, live.outcome.trained, live.outcome.patience) == (best, last, 5)
    live.start()
    until_it_stops(live)
    assert timeline.tip >= last + 5


@pytest.mark.parametrize(
    ("patience", "epochs", "said", "gets_to"),
    [
        (5, 400, "epoch 201 at least", 201),
        (5, 196, "epoch 201 at least", 201),  # out of patience at the target
        (5, 198, "epoch 198", 198),  # the target leaves fewer than the patience
        (300, 250, "epoch 500 at most", 491),
    ],
)
def test_how_far_it_goes_on_is_said_of_where_it_gets_to(patience, epochs, said, gets_to):
    """Back at epoch 24 "50 epochs more" were to come; it went on to epoch 124."""
    timeline = run(patience=patience, epochs=epochs)
    live = LiveRun(timeline, timeline.limits, Autosave(None), lambda: True)
    live.start()
    until_it_stops(live)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    *_, last = outcome_sentences(live.outcome, shown)
    assert last == f"Validation loss 0.1127 was lowest here. space goes on to {said}."
    live.start()
    until_it_stops(live)
    assert timeline.epoch_of(timeline.tip) == gets_to


def test_from_the_target_it_trains_for_as_many_epochs_again():
    timeline = run(patience=300, epochs=250)
    live = LiveRun(timeline, timeline.limits, Autosave(None), lambda: True)
    live.start()
    until_it_stops(live)
    assert timeline.state.epoch < 250
    live.start()
    assert timeline.config.epochs == 500


def test_a_thread_stops_there_by_itself(laboratory):
    with laboratory(PENGUINS, patience=5, pace=float("inf")) as lab:
        lab.run()
        while lab.snapshot.activity.journey is not None:
            lab.next()
        assert lab.snapshot.step == by_hand(5)[1]
        assert "Out of patience" in " ".join(words.describe(lab.snapshot))
