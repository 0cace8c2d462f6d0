"""Whatever can be chosen by its name works everywhere: optimizers, losses, activations and more.

One that is registered, but forgotten in some place, would end the program there.
"""

import io
import sys
from contextlib import redirect_stdout
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from nn_core import Config, Timeline, Trainer, config, session
from nn_core.analysis import sweep
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.insights import INSIGHTS
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.explain.words import describe
from nn_core.models.activations import ACTIVATIONS
from nn_core.models.initializers import INITIALIZERS
from nn_core.models.losses import LOSSES
from nn_core.optim import optimizers
from nn_core.optim.optimizers import OPTIMIZERS
from nn_core.optim.schedules import SCHEDULES
from nn_core.storage.scripts.numpy_script import numpy_script
from nn_core.storage.scripts.torch_script import torch_script

REGISTERED = {
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "init": INITIALIZERS,
    "loss": LOSSES,
    "activation": ACTIVATIONS,
}
NOW = ("optimizer", "schedule")  # can be chosen within a run
CHOICES = [(setting, name) for setting, records in REGISTERED.items() for name in records]
CHOICES += [("hidden", ()), ("hidden", (3, 2))]


def timeline_with(setting: str, name: str, **others: object) -> Timeline:
    settings = {"model": "mlp", "hidden": (3,), "loss": "mse", "learning_rate": 1e-3, "epochs": 20}
    if name in config.CLASS_LOSSES:
        settings["data"] = "xor"
    return Timeline(Trainer.from_config(Config(**{**settings, **others, setting: name})))


def test_the_command_line_knows_the_names_that_are_registered():
    assert tuple(OPTIMIZERS) == config.OPTIMIZERS
    assert tuple(SCHEDULES) == config.SCHEDULES
    assert tuple(INITIALIZERS) == config.INITIALIZERS
    assert tuple(LOSSES) == config.LOSSES
    assert tuple(ACTIVATIONS) == config.ACTIVATIONS


def test_every_constant_of_an_optimizer_is_a_setting_and_every_such_setting_a_constant():
    constants = {name for found in OPTIMIZERS.values() for name in found.constants}
    assert constants == set(config.CONSTANTS)


def test_every_file_of_an_optimizer_is_registered():
    files = Path(optimizers.__file__).parent.glob("[a-z]*.py")
    assert sorted(file.stem for file in files) == sorted(OPTIMIZERS)


@pytest.mark.parametrize(("setting", "name"), CHOICES)
def test_every_view_has_words_and_numbers_in_every_phase(setting, name):
    timeline = timeline_with(setting, name, batch_size=8)
    timeline.advance(5)
    scene = make_scene(timeline)
    for _ in range(6):
        for view in ("fit", *INSIGHTS):
            request = ViewRequest(view=view, by_unit=view == "ReLUs")
            assert describe(capture_snapshot(timeline, scene, request))
        timeline.phase()


@pytest.mark.parametrize(("setting", "name"), CHOICES)
def test_both_scripts_say_it(setting, name):
    """The NumPy script is run; what PyTorch's printed is stored, see test_export.py."""
    timeline = timeline_with(setting, name, batch_size=8)
    timeline.advance(90)
    printed = io.StringIO()
    with mock.patch.object(sys, "argv", ["run.py", "17"]), redirect_stdout(printed):
        exec(compile(numpy_script(timeline), "run.py", "exec"), {"__name__": "__main__"})
    losses = [float(line.partition("loss=")[2]) for line in printed.getvalue().splitlines()]
    expected = [*timeline.history.losses.values, timeline.trainer.loss()]
    np.testing.assert_allclose(losses, expected, rtol=1e-12, atol=0)
    compile(torch_script(timeline), "run.torch.py", "exec")


@pytest.mark.parametrize(("setting", "name"), CHOICES)
def test_no_line_of_a_script_is_too_long(setting, name):
    """Also where it is chosen on the way, which stands further to the right."""
    timeline = timeline_with(setting, name)
    if setting in NOW:
        timeline = timeline_with("schedule", "constant")
        timeline.advance(2)
        timeline.do("set", name=setting, value=name)
    timeline.advance(2)
    for script in (numpy_script(timeline), torch_script(timeline)):
        assert max(map(len, script.splitlines())) <= 100


@pytest.mark.parametrize(("setting", "name"), CHOICES)
def test_a_session_file_opens_as_the_same_run(setting, name, tmp_path):
    timeline = timeline_with(setting, name)
    timeline.advance(30)
    path = tmp_path / "run.json"
    path.write_text(session.dumps(timeline, False), encoding="utf-8")
    opened = session.open_session(path)
    for run in (timeline, opened):
        run.advance(30)
    assert opened.state.parameters.tobytes() == timeline.state.parameters.tobytes()
    assert opened.history.losses.values.tobytes() == timeline.history.losses.values.tobytes()


@pytest.mark.parametrize(("setting", "name"), CHOICES)
def test_rates_are_swept_with_it(setting, name):
    trainer = timeline_with(setting, name).trainer
    assert np.isfinite(sweep.train(trainer, np.array([1e-4, 1e-3]), 20)).all()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_last_assignment_of_a_rule_is_that_of_the_parameter(name):
    """The step view shows it alone beside `optimizer.step()`."""
    assert OPTIMIZERS[name].rule.split(";  ")[-1].startswith("w ← w − lr·")


def test_constants_are_read_from_one_mapping():
    """A tuned optimizer computes, writes and says the same other number."""
    tuned = OPTIMIZERS["momentum"].tuned(momentum=0.5)
    parameters, gradient = np.array([1.0]), np.array([2.0])
    slots = tuned.new_slots(parameters)
    update = tuned.compile(parameters, slots, np.array(0.1))
    update(gradient)
    update(gradient)
    assert slots["velocity"] == pytest.approx(0.5 * 2 + 2)
    assert tuned.formula == "v = 0.5·v + g;  w − lr·v"
    assert tuned.new_in(tuned.numpy) == "Momentum(momentum=0.5)"
    assert "momentum=0.5" in tuned.new_in(tuned.torch)
    assert OPTIMIZERS["momentum"].formula == "v = 0.9·v + g;  w − lr·v"
    with pytest.raises(KeyError, match="SGD has no constant momentum"):
        OPTIMIZERS["sgd"].tuned(momentum=0.5)


def test_lion_with_weight_decay_pulls_every_parameter_to_0():
    lion = OPTIMIZERS["lion"].tuned(weight_decay=0.1)
    parameters = np.array([4.0, -2.0])
    update = lion.compile(parameters, lion.new_slots(parameters), np.array(0.5))
    update(np.array([3.0, 0.0]))
    np.testing.assert_allclose(parameters, [4 - 0.5 * (1 + 0.4), -2 - 0.5 * (0 - 0.2)])
    assert lion.formula == "w − lr·(sign(0.9·m + 0.1·g) + 0.1·w)"
    assert lion.rule.endswith("w ← w − lr·(sign(c) + 0.1·w)")
