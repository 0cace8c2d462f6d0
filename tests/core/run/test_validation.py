"""Validation: when its loss is measured, that going back finds the same, and what is said of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trainers import models

from nn_core import Config, Quadratic, Timeline, Trainer, datasets, words
from nn_core.config.experiments import EXPERIMENTS
from nn_core.data.datasets import noisy, split
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.models.losses import LOSSES
from nn_core.run.validation import ValidationCurve, is_due, next_due
from nn_core.storage.session import dumps, loads, replay
from nn_core.training import questions
from nn_core.training.over_all_rows import compile_loss


def timeline(rows: int = 20, **changes) -> Timeline:
    data = split(noisy("lesson", rows), 0.25, 42)
    return Timeline(Trainer(Quadratic(), data, **changes))


def points(timeline: Timeline) -> tuple[list[float], list[float]]:
    steps, losses = timeline.history.validation.points()
    return steps.tolist(), losses.tolist()


def test_each_of_4096_epochs_is_measured_and_20_000_of_a_million():
    assert sum(map(is_due, range(6000))) == pytest.approx(5000, abs=60)
    assert sum(map(is_due, range(1_000_000))) == pytest.approx(20_000, abs=500)
    assert all(map(is_due, range(4097)))


def test_the_best_of_some_hundred_steps_is_the_least_of_all():
    """Step 255 was once called the best, the last before it was measured at each second one."""
    config = EXPERIMENTS["mlp"].config.replace(validation=0.3)
    run, by_hand = Timeline(Trainer.from_config(config)), Trainer.from_config(config)
    run.advance(400)
    losses = [by_hand.validation_loss()]
    for _ in range(400):
        by_hand.run(1)
        losses.append(by_hand.validation_loss())
    assert 256 < np.argmin(losses) < 400
    assert run.history.validation.least(400) == (np.argmin(losses), min(losses))
    assert run.history.validation.gap(400) == 1


@pytest.mark.parametrize(
    ("measured", "tip", "gap"),
    [([0], 0, 1), ([0, 1, 2], 2, 1), ([0, 1, 2], 3, 2), ([0, 1, 3, 5], 5, 2), ([0, 8, 16], 20, 8)],
)
def test_the_gap_tells_whether_each_step_was_measured(measured, tip, gap):
    curve = ValidationCurve()
    for step in measured:
        curve.add(step, 1.0)
    assert curve.gap(tip) == gap


@given(epoch=st.integers(0, 10**9))
def test_the_next_measured_epoch_is_the_first_that_is_due(epoch):
    following = next_due(epoch)
    assert following > epoch
    assert is_due(following)
    between = range(epoch + 1, min(following, epoch + 300))
    assert not any(map(is_due, between))


@pytest.mark.parametrize("batch_size", [0, 4, 15, 1])
def test_each_measurement_is_the_loss_of_the_parameters_of_that_moment(batch_size):
    run = timeline(batch_size=batch_size)
    per_epoch = run.trainer.steps_per_epoch
    held_back = run.trainer.data.validation
    expected = []
    for _ in range(6):
        model = run.trainer.model
        expected.append(LOSSES["mae"].evaluate(model.predict(held_back.x), held_back.y))
        run.advance(per_epoch)
    steps, losses = points(run)
    assert steps[:6] == [epoch * per_epoch for epoch in range(6)]
    assert losses[:6] == expected
    assert run.trainer.validation_loss() == losses[6]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("loss", ["mae", "mse", "huber", "log-cosh"])
@models
def test_the_loss_on_rows_held_back_is_bound_once_and_the_same_to_the_bit(
    build, loss, dtype, monkeypatch
):
    data = split(noisy("lesson", 30), 0.3, 42)
    trainer, bound = Trainer(build(), data, loss=loss, dtype=dtype), []
    held_back, evaluate = data.validation, LOSSES[loss].evaluate
    monkeypatch.setattr(
        questions, "compile_loss", lambda *of: bound.append(of) or compile_loss(*of)
    )
    for _ in range(20):
        expected = evaluate(trainer.model.predict(held_back.x), held_back.y)
        assert trainer.validation_loss() == expected
        trainer.run(1)
    assert len(bound) == 1
    other = "mse" if loss == "mae" else "mae"
    trainer.configure(trainer.config.replace(loss=other))
    predictions = trainer.model.predict(held_back.x)
    assert trainer.validation_loss() == LOSSES[other].evaluate(predictions, held_back.y)


def test_the_rows_held_back_train_nothing():
    run = timeline(batch_size=4)
    alone = datasets.Dataset(run.trainer.data.x, run.trainer.data.y)
    without = Trainer(Quadratic(), alone, batch_size=4)
    run.advance(200)
    without.run(200)
    np.testing.assert_array_equal(run.state.parameters, without.state.parameters)
    assert run.trainer.loss() == without.loss()


@settings(deadline=None, max_examples=20)
@given(chunks=st.lists(st.integers(1, 400), min_size=1, max_size=8), batch=st.sampled_from([0, 8]))
def test_the_same_epochs_are_measured_however_a_run_is_cut_and_gone_back_over(chunks, batch):
    cut, whole = timeline(batch_size=batch), timeline(batch_size=batch)
    for chunk in chunks:
        cut.advance(chunk)
        cut.seek(cut.state.step // 2)
        cut.seek(cut.tip)
    whole.advance(sum(chunks))
    assert points(cut) == points(whole)


def test_phases_and_whole_steps_measure_alike():
    phases, whole = timeline(batch_size=8), timeline(batch_size=8)
    for _ in range(5 * 30):
        phases.phase()
    whole.advance(30)
    assert points(phases) == points(whole)


def test_a_branch_forgets_what_was_measured_after_it():
    run = timeline()
    run.advance(50)
    before = points(run)
    run.seek(20)
    run.do("set", name="learning_rate", value=0.1)
    assert points(run) == (before[0][:21], before[1][:21])
    run.advance(30)
    steps, losses = points(run)
    assert steps == before[0]
    assert losses[:21] == before[1][:21]
    assert losses[21:] != before[1][21:]


@pytest.mark.parametrize("step", [0, 3])
def test_what_is_done_by_hand_is_measured_anew_there(step):
    """The loss of before a move stood beside the training loss of after it."""
    run = Timeline(Trainer.from_config(Config(validation=0.3)))
    run.advance(step)
    run.do("assign", index=0, value=9.0)
    assert run.history.validation.at(step) == run.trainer.validation_loss()
    run.advance(5)
    assert points(replay(loads(dumps(run)))) == points(run)


def test_another_batch_size_within_an_epoch_measures_no_step_twice():
    run = timeline(batch_size=4)
    run.advance(6)
    run.do("set", name="batch_size", value=5)
    run.advance(12)
    steps, _ = points(run)
    assert steps == [0, 4, 9, 12, 15, 18]


def test_where_training_diverges_no_measurement_is_left_beyond():
    run = timeline(loss="mse", learning_rate=5.0)
    run.advance(2000)
    assert run.divergence is not None
    steps, losses = points(run)
    assert steps[-1] <= run.state.step
    assert np.isfinite(losses).all()


def test_without_a_split_nothing_is_measured():
    run = Timeline(Trainer(Quadratic(), datasets.noisy_quadratic()))
    run.advance(20)
    assert len(run.history.validation) == 0
    assert run.trainer.validation_loss() is None
    assert capture_snapshot(run, make_scene(run), ViewRequest()).validation is None


def test_the_lowest_is_that_of_the_steps_up_to_here():
    curve = ValidationCurve()
    for step, loss in enumerate([3.0, 2.0, np.nan, 1.0]):
        curve.add(step, loss)
    assert curve.lowest(2) == (1, 2.0)
    assert curve.lowest(3) == (3, 1.0)
    curve.truncate(1)
    assert (len(curve), curve.last_step) == (2, 1)


def overfitting(batch_size: int) -> Timeline:
    """The rows to train on say 1, those held back say 0.3: on its way up the model passes them."""
    x = np.linspace(-1, 1, 12)[:, None]
    held_back = datasets.Dataset(x, np.full_like(x, 0.3))
    data = datasets.Dataset(x, np.full_like(x, 1.0), validation=held_back)
    run = Timeline(
        Trainer(Quadratic(0, 0, 0), data, loss="mse", learning_rate=0.02, batch_size=batch_size)
    )
    run.advance(100 * run.trainer.steps_per_epoch)
    return run


@pytest.mark.parametrize("batch_size", [0, 3])
def test_overfitting_is_said_with_its_numbers(batch_size):
    run = overfitting(batch_size)
    snapshot = capture_snapshot(run, make_scene(run), ViewRequest())
    assert snapshot.validation is not None
    found = snapshot.validation.overfit
    assert found is not None
    steps, losses = run.history.validation.points()
    assert found.since == steps[losses.argmin()]
    assert found.validation == (losses.min(), run.trainer.validation_loss())
    epoch, step = run.trainer.steps_per_epoch, run.state.step
    losses_of_steps = run.history.losses.values
    of_batches = losses_of_steps[found.since : found.since + epoch].mean()
    lately = losses_of_steps[step - epoch : step].mean()
    last = run.trainer.loss() if epoch == 1 else lately  # alike measured both times
    assert found.training == pytest.approx((of_batches, last), abs=1e-15)
    said = words.describe(snapshot)
    training = "Training" if epoch == 1 else "Batches’ mean"
    times = float(f"{found.validation[1] / losses.min():.2g}")
    assert said == (
        f"Overfitting: validation rose {times:g}-fold, "
        f"from {losses.min():.4f} at step {found.since} "
        f"to {found.validation[1]:.4f}.",
        f"{training} fell, {found.training[0]:.4f} to {found.training[1]:.4f}. "
        f"Stop at {found.since}: j {found.since} goes back there."
        if epoch == 1
        else f"{training} fell to {found.training[1]:.4f}. "
        f"Stop near {found.since}, the lowest measured: j {found.since}.",
    )
    run.seek(found.since)
    at_lowest = capture_snapshot(run, make_scene(run), ViewRequest()).validation
    assert at_lowest is not None
    assert at_lowest.overfit is None


def test_where_both_losses_fall_nothing_is_said_of_overfitting():
    run = timeline(rows=200)
    run.advance(100)
    validation = capture_snapshot(run, make_scene(run), ViewRequest()).validation
    assert validation is not None
    assert validation.overfit is None
