"""The optimizers: against PyTorch's of that name, and across what can be done to a run."""

import json
from pathlib import Path

import numpy as np
import pytest

from nn_core import MLP, Dataset, Quadratic, Timeline, Trainer, datasets
from nn_core.config import CONSTANTS
from nn_core.optim.optimizers import OPTIMIZERS, in_force

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "optimizers.json").read_text())


def trainer_of_the_reference(name: str) -> Trainer:
    optimizer, _, others = name.partition(" with ")
    pairs = (pair.split("=") for pair in others.split(",") if pair)
    constants = {constant: float(value) for constant, value in pairs}
    model = MLP((2, 8, 1), activation="tanh")
    for parameter, values in REFERENCE["runs"][name]["start"].items():
        model.parameters[parameter][...] = values
    data = Dataset(np.array(REFERENCE["x"]), np.array(REFERENCE["y"]))
    rate = REFERENCE["learning_rate"]
    settings = {"loss": "mse", "optimizer": optimizer, "learning_rate": rate}
    return Trainer(model, data, **settings, **constants)


def test_every_optimizer_has_a_reference_and_every_constant_one_that_is_not_usual():
    names = " ".join(REFERENCE["runs"])
    assert set(OPTIMIZERS) <= REFERENCE["runs"].keys()
    assert all(f"{constant}=" in names for constant in CONSTANTS)


@pytest.mark.parametrize("name", REFERENCE["runs"])
def test_200_steps_are_those_of_pytorch(name):
    trainer = trainer_of_the_reference(name)
    run = REFERENCE["runs"][name]
    losses = trainer.run(len(run["losses"])).losses
    np.testing.assert_allclose(losses, run["losses"], rtol=1e-9, atol=0)
    for parameter, end in run["end"].items():
        np.testing.assert_allclose(trainer.model.parameters[parameter], end, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("optimizer", "name", "value"),
    [
        ("momentum", "momentum", 0.3),
        ("nesterov", "momentum", 0.0),
        ("rmsprop", "alpha", 0.9),
        ("adam", "beta1", 0.5),
        ("adam", "epsilon", 0.1),
        ("adamw", "weight_decay", 0.3),
        ("lion", "beta2", 0.5),
    ],
)
def test_a_constant_changed_on_the_way_rules_from_there_and_forgets_nothing(optimizer, name, value):
    """As the learning rate: going back undoes it, what the optimizer remembers stays."""
    timeline = Timeline(Trainer(Quadratic(), datasets.noisy_quadratic(), optimizer=optimizer))
    timeline.advance(10)
    here, remembered = timeline.state.parameters.copy(), timeline.state.copy().slots
    tuned = OPTIMIZERS[optimizer].tuned(**{name: value})
    wanted, slots = here.copy(), {slot: values.copy() for slot, values in remembered.items()}
    tuned.compile(wanted, slots, np.array(0.01))(timeline.trainer.preview().gradient)
    timeline.do("set", name=name, value=value)
    for slot, values in remembered.items():
        np.testing.assert_array_equal(timeline.state.slots[slot], values)
    timeline.advance(1)
    np.testing.assert_array_equal(timeline.state.parameters, wanted)
    timeline.seek(5)
    assert in_force(timeline.config, name) == OPTIMIZERS[optimizer].constants[name]
    timeline.seek(11)
    np.testing.assert_array_equal(timeline.state.parameters, wanted)
    assert in_force(timeline.config, name) == value
    timeline.do("set", name=name, value=None)
    assert in_force(timeline.config, name) == OPTIMIZERS[optimizer].constants[name]


def test_momentum_of_1_is_the_zeroing_that_was_forgotten():
    """Heavy-ball momentum with all of its speed kept adds up all gradients so far."""
    data = datasets.noisy_quadratic()
    forgotten = Trainer(Quadratic(), data, zero_gradients=False)
    rolling = Trainer(Quadratic(), data, optimizer="momentum", momentum=1.0)
    np.testing.assert_allclose(rolling.run(300).losses, forgotten.run(300).losses, rtol=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_going_back_restores_what_the_optimizer_remembers(optimizer):
    trainer = Trainer(Quadratic(), datasets.noisy_quadratic(), optimizer=optimizer)
    timeline = Timeline(trainer)
    timeline.advance(300)
    there = timeline.state.copy()
    timeline.advance(50)
    timeline.seek(300)
    np.testing.assert_array_equal(timeline.state.parameters, there.parameters)
    for name, slot in there.slots.items():
        np.testing.assert_array_equal(timeline.state.slots[name], slot)


def test_an_optimizer_chosen_on_the_way_starts_with_nothing_remembered():
    timeline = Timeline(Trainer(Quadratic(), datasets.noisy_quadratic()))
    timeline.advance(10)
    fresh = Trainer(Quadratic(*timeline.state.parameters), timeline.trainer.data, optimizer="adam")
    timeline.do("set", name="optimizer", value="adam")
    timeline.advance(20)
    fresh.run(20)
    np.testing.assert_array_equal(timeline.state.parameters, fresh.state.parameters)
    timeline.seek(5)
    assert timeline.config.optimizer == "sgd"
    timeline.seek(30)
    np.testing.assert_array_equal(timeline.state.parameters, fresh.state.parameters)


def test_restarting_under_another_optimizer_starts_with_nothing_remembered():
    timeline = Timeline(Trainer(Quadratic(), datasets.noisy_quadratic()))
    timeline.advance(10)
    timeline.restart(timeline.config.replace(optimizer="momentum"))
    timeline.advance(3)
    fresh = Trainer(Quadratic(), timeline.trainer.data, optimizer="momentum")
    fresh.run(3)
    np.testing.assert_array_equal(timeline.state.parameters, fresh.state.parameters)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_looking_at_the_next_step_changes_nothing_that_is_remembered(optimizer):
    looked = Trainer(Quadratic(), datasets.noisy_quadratic(), optimizer=optimizer)
    blind = Trainer(Quadratic(), datasets.noisy_quadratic(), optimizer=optimizer)
    for _ in range(5):
        promised = looked.state.parameters + looked.preview().update
        looked.run(1)
        blind.run(1)
        np.testing.assert_allclose(looked.state.parameters, promised, rtol=0, atol=1e-15)
    np.testing.assert_array_equal(looked.state.parameters, blind.state.parameters)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_adam_remembers_of_a_silent_unit_fades_to_nothing(dtype):
    """Left alone it would end among the subnormal numbers, with which every step is slow."""
    parameters = np.zeros(2, dtype)
    optimizer = OPTIMIZERS["adam"]
    slots = optimizer.new_slots(parameters)
    update = optimizer.compile(parameters, slots, np.array(0.01, dtype))
    update(np.array([1.0, 1.0], dtype))
    for _ in range(10_000):
        update(np.array([1.0, 0.0], dtype))
        fading = slots["mean"][1]
        assert fading == 0 or fading >= np.finfo(dtype).tiny
    assert slots["mean"].tolist() == [pytest.approx(1.0), 0.0]
