"""The NumPy script prints the losses of the run."""

import subprocess
import sys

import numpy as np
import pytest
from printed import assert_prints_its_losses, printed_by
from timelines import of_config

from nn_core import MLP, Dataset, Quadratic, Timeline, Trainer, datasets
from nn_core.config import ACTIVATIONS, CLASS_LOSSES, LOSSES, OPTIMIZERS, SCHEDULES
from nn_core.config.experiments import EXPERIMENTS
from nn_core.storage.export import write
from nn_core.storage.scripts.numpy_script import numpy_script
from nn_core.storage.scripts.torch_script import torch_script


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_script_of_each_experiment_prints_its_losses(name):
    timeline = of_config(EXPERIMENTS[name].config)
    timeline.advance(200)
    assert_prints_its_losses(timeline)


@pytest.mark.parametrize("model", ["quadratic", "relu", "mlp"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("batch_size", [0, 1, 7])
@pytest.mark.parametrize("zero_gradients", [True, False])
def test_each_model_loss_and_way_of_batching(model, loss, batch_size, zero_gradients):
    data = {"data": "step", "noise": (0.0, 0.0)} if loss in CLASS_LOSSES else {}
    timeline = of_config(
        model=model, hidden=(4, 3), loss=loss, batch_size=batch_size,
        zero_gradients=zero_gradients, learning_rate=1e-3, **data,
    )  # fmt: skip
    timeline.advance(200)
    assert_prints_its_losses(timeline)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_optimizer_and_activation(optimizer, activation):
    timeline = of_config(
        model="mlp", hidden=(5,), loss="mse", optimizer=optimizer, activation=activation,
        learning_rate=2e-3,
    )  # fmt: skip
    timeline.advance(400)
    assert_prints_its_losses(timeline)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("batch_size", [0, 6])
def test_each_schedule_past_its_end(schedule, batch_size):
    timeline = of_config(schedule=schedule, batch_size=batch_size, epochs=40, learning_rate=0.1)
    timeline.advance(250)
    assert_prints_its_losses(timeline)


def test_single_precision_agrees_to_its_own():
    timeline = of_config(model="mlp", hidden=(4,), dtype="float32", loss="mse", optimizer="adam")
    timeline.advance(100)
    assert_prints_its_losses(timeline, within=1e-5)
    assert "torch.set_default_dtype(torch.float32)" in torch_script(timeline)


def test_several_columns_scaled_and_from_python(tmp_path):
    random = np.random.default_rng(2)
    path = tmp_path / "mine.csv"
    rows = [",".join(map(repr, row)) for row in random.normal(3, 20, (15, 3)).tolist()]
    path.write_text("\n".join(["u,v,w", *rows]))
    timeline = of_config(data=str(path), scale=True, model="mlp", hidden=(3,), batch_size=4)
    timeline.advance(50)
    assert_prints_its_losses(timeline)
    data = Dataset(random.normal(size=(9, 2)), random.normal(size=(9, 1)))
    timeline = Timeline(Trainer(MLP((2, 4, 1), "tanh", seed=8), data, loss="mse"))
    timeline.advance(50)
    assert_prints_its_losses(timeline)


def test_it_runs_on_its_own_and_prints_what_plain_prints(tmp_path):
    timeline = of_config(EXPERIMENTS["quadratic"].config)
    timeline.advance(11)
    write(timeline, tmp_path / "run.py")
    run = [sys.executable, "-I", str(tmp_path / "run.py")]
    done = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60)
    losses = [2.42, 2.40, 2.38, 2.36, 2.34, 2.32, 2.30, 2.28, 2.26, 2.23, 2.21]
    lines = [f"step={i}; loss={x:.2f}" for i, x in enumerate(losses)]
    assert done.stdout.splitlines() == [*lines, "steps=11; loss=2.19"]
    done = subprocess.run([*run, "17"], capture_output=True, text=True, check=True, timeout=60)
    printed = [float(line.partition("loss=")[2]) for line in done.stdout.splitlines()]
    losses = [*timeline.history.losses.values, timeline.trainer.loss()]
    np.testing.assert_allclose(printed, losses, rtol=1e-12, atol=0)


def test_a_run_that_has_not_begun_goes_to_its_target():
    timeline = of_config(epochs=7, batch_size=10)
    printed, _ = printed_by(numpy_script(timeline))
    timeline.advance(14)
    np.testing.assert_allclose(printed, timeline.history.losses.values, rtol=1e-12, atol=0)


def test_from_the_past_the_whole_branch_is_written():
    timeline = of_config()
    timeline.advance(30)
    timeline.do("set", name="learning_rate", value=0.1)
    timeline.advance(10)
    timeline.seek(5)
    assert_prints_its_losses(timeline)
    assert "STEPS = 40" in numpy_script(timeline)


def test_the_script_has_only_what_the_run_uses():
    timeline = of_config()
    timeline.advance(5)
    script = numpy_script(timeline)
    assert len(script.splitlines()) < 95
    for unused in ("Adam", "schedule", "order", "activate", "zero_gradients", "ROWS", "math.cos"):
        assert unused not in script
    assert max(len(line) for line in script.splitlines()) <= 100


def test_a_trainer_that_was_trained_before_begins_with_what_it_remembers():
    data = datasets.noisy_quadratic()
    trainer = Trainer(Quadratic(), data, optimizer="adam", zero_gradients=False)
    trainer.run(3)
    timeline = Timeline(trainer)
    timeline.advance(20)
    assert_prints_its_losses(timeline)


@pytest.mark.parametrize("batch_size", [0, 50])
@pytest.mark.parametrize(("data", "rows"), [("penguins", 20), ("above-sine", 60)])
def test_the_script_weighs_classes(data, rows, batch_size):
    timeline = of_config(
        model="mlp", hidden=(3,), data=data, rows=rows, loss="cross-entropy",
        class_weight="balanced", scale=data == "penguins", batch_size=batch_size,
    )  # fmt: skip
    timeline.advance(60)
    assert_prints_its_losses(timeline)
