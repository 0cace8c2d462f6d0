"""The Trainer: its phases, looking ahead, precision, copies; and the example of its public use."""

import copy
import pickle

import numpy as np
import pytest
from trainers import models, random_data

from nn_core import MLP, Config, Dataset, Quadratic, RectifiedLines, Timeline, Trainer, datasets
from nn_core.errors import RequestError
from nn_core.training.state import PHASES


def test_the_public_example_runs_as_written():
    """What a person copies who reads how this is used from Python."""
    data = datasets.noisy_quadratic(seed=42)
    trainer = Trainer(
        Quadratic(1.1, 1.1, 1.1), data, loss="mae", optimizer="sgd", learning_rate=0.01,
        zero_gradients=False,
    )  # fmt: skip
    assert round(trainer.step().loss, 4) == 2.4219
    trainer = Trainer(
        MLP((1, 16, 1), activation="relu", seed=0), data, loss="mse", learning_rate=0.01,
        batch_size=0, shuffle=True, seed=0,
    )  # fmt: skip
    start = trainer.model.flat.copy()
    step = trainer.step()
    trainer.run(1000)
    assert (step.index, step.epoch, step.learning_rate) == (0, 0, 0.01)
    assert step.gradients.keys() == step.updates.keys() == trainer.model.parameters.keys()
    for name, gradient in step.gradients.items():
        np.testing.assert_allclose(step.updates[name], -0.01 * gradient, rtol=0, atol=1e-15)
    timeline = Timeline(trainer)
    timeline.advance(1000)
    timeline.seek(10)
    assert timeline.state.step == 10
    assert {name: view.shape for name, view in trainer.model.parameters.items()} == {
        "0.weight": (16, 1), "0.bias": (16,), "2.weight": (1, 16), "2.bias": (1,),
    }  # fmt: skip
    assert np.shares_memory(trainer.model.parameters["0.weight"], trainer.model.flat)
    assert trainer.model.flat.shape == start.shape == (49,)
    assert trainer.loss() < 1.3


def test_what_each_phase_changes():
    trainer = Trainer(Quadratic(), datasets.noisy_quadratic())
    trainer.run(1)
    old = trainer.state.gradient.tolist()
    assert any(old)
    parameters, gradients = [], []
    for name in PHASES:
        assert trainer.phase() == name
        parameters.append(trainer.state.parameters.tolist())
        gradients.append(trainer.state.gradient.tolist())
    zeroed, forward, loss, backward, update = gradients
    assert zeroed == forward == loss == [0, 0, 0]
    assert backward == update == old
    assert parameters[0] == parameters[3] != parameters[4]
    assert trainer.state.step == 2


def test_not_zeroed_the_gradient_adds_up():
    trainer = Trainer(Quadratic(), datasets.noisy_quadratic(), zero_gradients=False)
    once = trainer.gradient()
    trainer.run(2)
    np.testing.assert_allclose(trainer.state.gradient, 2 * once, rtol=1e-14)


def test_a_step_finishes_the_one_at_hand():
    trainer, whole = (Trainer(Quadratic(), datasets.noisy_quadratic()) for _ in range(2))
    for _ in range(3):
        trainer.phase()
    found, expected = trainer.step(), whole.step()
    assert (found.index, found.loss) == (expected.index, expected.loss)
    assert found.updates == expected.updates
    assert trainer.state.step == 1


def test_running_from_inside_a_step_is_refused():
    trainer = Trainer(Quadratic(), datasets.noisy_quadratic())
    trainer.phase()
    with pytest.raises(RuntimeError, match="half done"):
        trainer.run(1)


def test_a_block_records_each_steps_loss_and_gradient_length():
    together, single = (Trainer(Quadratic(), random_data(20), batch_size=8) for _ in range(2))
    block = together.run(7)
    for at in range(7):
        step = single.step()
        assert block.losses[at] == step.loss
        length = np.sqrt(sum(float(each) ** 2 for each in step.gradients.values()))
        assert block.gradient_norms[at] == pytest.approx(length, rel=1e-14)


@models
@pytest.mark.parametrize("zero_gradients", [True, False])
@pytest.mark.parametrize("batch_size", [0, 8])
def test_a_preview_is_the_step_to_come_and_changes_nothing(build, zero_gradients, batch_size):
    data = random_data(20)
    trainer = Trainer(build(), data, batch_size=batch_size, zero_gradients=zero_gradients)
    trainer.run(4)
    before = trainer.state.parameters.tobytes(), trainer.state.gradient.tobytes()
    preview = trainer.preview()
    assert (trainer.state.parameters.tobytes(), trainer.state.gradient.tobytes()) == before
    parameters = trainer.state.parameters.copy()
    block = trainer.run(1)
    assert preview.loss == block.losses[0]
    assert preview.gradient.tolist() == trainer.state.gradient.tolist()
    assert preview.update.tolist() == (trainer.state.parameters - parameters).tolist()


def test_a_preview_after_each_phase_leaves_the_step_as_it_was():
    watched, alone = (Trainer(Quadratic(), random_data(20), batch_size=8) for _ in range(2))
    for _ in range(3 * len(PHASES)):
        watched.preview()
        watched.loss()
        watched.gradient()
        watched.phase()
        alone.phase()
        assert watched.state.parameters.tobytes() == alone.state.parameters.tobytes()
        assert watched.state.gradient.tobytes() == alone.state.gradient.tobytes()


@models
def test_float32_is_float32_throughout_and_close_to_float64(build):
    data = random_data(20)
    single = Trainer(build(), data, dtype="float32", batch_size=8)
    double = Trainer(build(), data, batch_size=8)
    np.testing.assert_allclose(single.run(20).losses, double.run(20).losses, rtol=1e-5)
    assert single.model.flat.dtype == single.state.gradient.dtype == np.float32
    assert all(view.dtype == np.float32 for view in single.step().gradients.values())
    assert single.model.flat.tobytes() != double.model.flat.astype("float32").tobytes()


def test_the_model_that_is_given_is_the_one_that_is_trained():
    model = Quadratic()
    Trainer(model, datasets.noisy_quadratic()).run(1)
    assert float(model.parameters["a"]) != 1.1


def test_two_outputs_are_trained_together():
    """The mean is over rows and outputs, as PyTorch's is."""
    random = np.random.default_rng(0)
    data = Dataset(random.normal(size=(6, 3)), random.normal(size=(6, 2)))
    trainer = Trainer(MLP((3, 4, 2)), data, loss="mse")
    residual = trainer.model.predict(data.x) - data.y
    assert trainer.step().loss == pytest.approx(float((residual**2).mean()))


@pytest.mark.parametrize("model", [Quadratic(), RectifiedLines(), MLP((1, 2, 1))])
def test_a_model_says_how_many_columns_it_takes(model):
    with pytest.raises(RequestError, match="takes 1 input column; the data has 2"):
        Trainer(model, random_data(5, inputs=2))


def test_a_network_too_large_to_hold_is_refused_before_it_is_made():
    with pytest.raises(RequestError, match=r"1 → 100000 → 100000 → 1 has 10,000,400,001 param"):
        Trainer.from_config(Config(model="mlp", hidden=(100_000, 100_000)))


@pytest.mark.parametrize(("x", "y"), [((3,), (3,)), ((3, 1), (2, 1)), ((3, 1), (3,))])
def test_data_of_the_wrong_shape_is_refused(x, y):
    with pytest.raises(RequestError, match="rows first"):
        Dataset(np.zeros(x), np.zeros(y))


@pytest.mark.parametrize("take", [copy.deepcopy, lambda given: pickle.loads(pickle.dumps(given))])
@pytest.mark.parametrize(
    "model", [Quadratic(0.3, -1.0, 2.0), RectifiedLines(), MLP((1, 4, 1), "tanh", seed=3)]
)
def test_a_copy_of_a_trainer_or_a_model_learns_alone(take, model):
    data = Dataset(np.linspace(-2, 2, 9)[:, None], np.linspace(0, 4, 9)[:, None])
    trainer = Trainer(model.astype("float64"), data, loss="mse", optimizer="adam", batch_size=4)
    trainer.run(7)
    trainer.phase()
    taken, before = take(trainer), trainer.state.parameters.copy()
    alone = Trainer(take(trainer.model), data, loss="mse")
    for each in (taken, alone):
        each.step()
        assert (each.model.predict(data.x) != trainer.model.predict(data.x)).any()
    np.testing.assert_array_equal(trainer.state.parameters, before)
    trainer.step()
    np.testing.assert_array_equal(taken.model.flat, trainer.model.flat)


@pytest.mark.parametrize(
    "take", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))]
)
def test_copies_on_scaled_data_that_were_made_of_a_function_learn_alone(take):
    trainer = Trainer.from_config("mlp", hidden=4, scale=True, validation=0.2, batch_size=5)
    trainer.run(3)
    taken, before = take(trainer), trainer.model.flat.copy()
    taken.run(20)
    np.testing.assert_array_equal(trainer.model.flat, before)
    trainer.run(20)
    np.testing.assert_array_equal(trainer.model.flat, taken.model.flat)
    x = trainer.data.x
    np.testing.assert_array_equal(taken.data.truth(x), trainer.data.truth(x))


def test_trainers_steps_and_data_are_shown_in_a_line():
    trainer = Trainer(Quadratic(), datasets.noisy_quadratic())
    assert repr(trainer) == (
        "<Trainer of y = a·x² + b·x + c on 20 rows: mae, sgd, learning rate 0.01, step 0>"
    )
    assert repr(trainer.step()) == "<Step 0: epoch 0, loss 2.42185, learning rate 0.01>"
    assert repr(trainer.run(2)) == "<Block of 2 steps: losses 2.40104 to 2.38023>"
    assert repr(Timeline(trainer)).startswith("<Timeline at step 0 of 0: <Trainer of y = a")
    data = datasets.split(datasets.plane("xor"), 0.2)
    assert repr(data) == (
        "<Dataset of 160 rows and 40 held back: x1, x2 → yes of the classes no, yes, "
        "200 points, yes where x1 and x2 have the same sign>"
    )


@pytest.mark.parametrize("steps", [-1, 2.5])
def test_steps_are_counted_from_0(steps):
    with pytest.raises((ValueError, TypeError)):
        Trainer(Quadratic(), random_data(5)).run(steps)
