"""Large data sets: numbers worked out part by part, and training that isn't held up by pictures."""

import numpy as np
import pytest

from nn_core import MLP, Config, Quadratic, Runner, Timeline, Trainer
from nn_core.config.limits import NO_LIMITS
from nn_core.data.datasets import load, noisy
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.live.live_run import LiveRun
from nn_core.live.requests import Look, RunOrPause, StartRunning


def test_a_million_rows_are_trained_on_and_drawn_by_a_sample():
    config = Config(
        rows=1_000_000, model="mlp", hidden=(4,), loss="mse", batch_size=1000, validation=0.2
    )
    timeline = Timeline(Trainer.from_config(config))
    before = timeline.trainer.loss()
    timeline.advance(50)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(point=799_999))
    assert shown.loss < before
    assert (shown.scene.rows, shown.scene.validation_rows) == (800_000, 200_000)
    assert len(shown.scene.x) == len(shown.scene.held_back[0]) == 2000
    assert shown.point.x == (2.0,)


def test_losses_and_gradients_in_parts_are_those_of_all_rows_together():
    data = noisy("sine", 40_000)
    trainer = Trainer(MLP((1, 4, 1), over=data.x), data, loss="mse")
    predicted = trainer.model.predict(data.x)
    assert trainer.loss() == pytest.approx(np.mean((predicted - data.y) ** 2), rel=1e-12)
    trainer.run(1)
    used = trainer.state.gradient.copy()
    again = Trainer(MLP((1, 4, 1), over=data.x), data, loss="mse")
    np.testing.assert_allclose(again.gradient(), used, rtol=1e-9, atol=1e-12)


def test_a_slow_picture_leaves_training_as_much_time_as_it_takes(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("nn_core.live.runner.time.monotonic", lambda: clock[0])

    def slow(*arguments):
        clock[0] += 10.0
        return capture_snapshot(*arguments)

    monkeypatch.setattr("nn_core.live.runner.capture_snapshot", slow)
    runner = Runner(lambda: Trainer(Quadratic(), load(Config()), epochs=10**6, pace=1e6), list)
    runner._run = LiveRun(Timeline(runner._build()), NO_LIMITS, runner._autosave, lambda: True)
    runner._scene = make_scene(runner._run.timeline)
    runner.ask(StartRunning())
    runner._serve()
    first = runner.snapshot
    for _ in range(5):
        runner.ask(Look())
        runner._serve()
        clock[0] += 1.0
    assert runner.snapshot is first  # five seconds of ten
    clock[0] += 6.0
    runner.ask(Look())
    runner._serve()
    assert runner.snapshot is not first
    assert runner.snapshot.step > 0
    second = runner.snapshot
    runner.ask(RunOrPause())  # a key is answered at once
    runner._serve()
    assert runner.snapshot is not second
