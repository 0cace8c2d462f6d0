"""The Trainer: batches, epochs, precision, looking ahead; and the example of its public use."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import MLP, Config, Dataset, Quadratic, RectifiedLines, Timeline, Trainer, datasets
from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import RequestError
from nn_core.training.state import PHASES


def random_data(rows, inputs=1, seed=0):
    random = np.random.default_rng(seed)
    return Dataset(random.uniform(-2, 2, (rows, inputs)), random.normal(0, 2, (rows, 1)))


MODELS = {
    "quadratic": Quadratic,
    "relu": lambda: RectifiedLines([-1.0, 0.7], [-0.4, 0.9]),
    "network": lambda: MLP((1, 5, 1), "tanh", seed=3),
}
models = pytest.mark.parametrize("build", MODELS.values(), ids=MODELS.keys())


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


# --- batches and epochs ------------------------------------------------------------------------


@models
def test_a_batch_counts_for_what_its_rows_alone_would(build):
    """The last has 4 rows of 20: its loss and gradient are means over 4, not over 8."""
    data = random_data(20)
    trainer = Trainer(build(), data, loss="mse", batch_size=8, shuffle=False)
    for rows in (slice(0, 8), slice(8, 16), slice(16, 20)):
        alone = Trainer(build(), Dataset(data.x[rows], data.y[rows]), loss="mse")
        alone.model.flat[:] = trainer.model.flat
        step = trainer.step()
        assert step.loss == pytest.approx(alone.loss(), rel=1e-13)
        found = np.concatenate([step.gradients[name].ravel() for name in step.gradients])
        views = alone.model.layout.views(alone.gradient())
        expected = np.concatenate([view.ravel() for view in views.values()])
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)


@models
def test_training_leaves_the_data_as_it_was(build):
    data = random_data(20)
    x, y = data.x.tobytes(), data.y.tobytes()
    trainer = Trainer(build(), data, batch_size=8)
    loss = trainer.loss()
    start = trainer.model.flat.copy()
    trainer.run(10)
    trainer.model.flat[:] = start
    assert trainer.loss() == loss
    assert (data.x.tobytes(), data.y.tobytes()) == (x, y)


@given(rows=st.integers(2, 40), batch_size=st.integers(1, 50), seed=st.integers(0, 99))
def test_every_row_comes_once_an_epoch(rows, batch_size, seed):
    trainer = Trainer(Quadratic(), random_data(rows), batch_size=batch_size, seed=seed)
    for epoch in range(3):
        seen = []
        while trainer.state.epoch == epoch:
            seen += trainer.batch_rows().tolist()
            trainer.run(1)
        assert sorted(seen) == list(range(rows))
        assert trainer.state.step == (epoch + 1) * trainer.steps_per_epoch


def rows_of_epochs(trainer, epochs):
    orders = [[] for _ in range(epochs)]
    while trainer.state.epoch < epochs:
        orders[trainer.state.epoch] += trainer.batch_rows().tolist()
        trainer.run(1)
    return orders


def test_shuffling_is_another_order_each_epoch_and_the_same_for_a_seed():
    def orders(**settings):
        return rows_of_epochs(Trainer(Quadratic(), random_data(20), batch_size=8, **settings), 3)

    first, second, third = orders(seed=1)
    assert first != second != third != first
    assert orders(seed=1) == [first, second, third]
    assert orders(seed=2)[0] != first
    assert orders(shuffle=False) == [list(range(20))] * 3


@models
def test_the_same_seed_trains_to_the_same_bits(build):
    ends = []
    for _ in range(2):
        trainer = Trainer(build(), random_data(20), batch_size=6, seed=4)
        trainer.run(50)
        ends.append(trainer.model.flat.tobytes())
    assert ends[0] == ends[1]


@models
def test_a_shuffled_batch_trains_on_the_rows_that_it_names(build):
    data = random_data(20)
    trainer = Trainer(build(), data, loss="mae", batch_size=6, learning_rate=0.001)
    for _ in range(10):
        rows = trainer.batch_rows()
        residual = trainer.model.predict(data.x[rows]) - data.y[rows]
        assert trainer.step().loss == pytest.approx(float(np.abs(residual).mean()), rel=1e-13)


def test_a_full_batch_is_the_rows_in_file_order():
    trainer = Trainer(Quadratic(), random_data(20), batch_size=50, shuffle=True)
    assert trainer.batch_rows().tolist() == list(range(20))
    assert trainer.steps_per_epoch == 1


@given(rows=st.integers(2, 30), batch_size=st.integers(0, 40), epochs=st.integers(1, 5))
def test_steps_left_lead_to_the_end_of_an_epoch(rows, batch_size, epochs):
    trainer = Trainer(Quadratic(), random_data(rows), batch_size=batch_size)
    trainer.run(1)
    trainer.run(trainer.steps_left(epochs))
    assert (trainer.state.epoch, trainer.state.position) == (epochs, 0)
    assert trainer.steps_left(epochs) == 0


def test_changing_the_batch_size_begins_the_epoch_again():
    """An epoch cut in another way can't go on in its middle: all rows come once from here."""
    trainer = Trainer(Quadratic(), random_data(20), batch_size=8, shuffle=False)
    trainer.run(4)
    trainer.configure(trainer.config.replace(batch_size=10))
    assert (trainer.state.epoch, trainer.state.position) == (1, 0)
    assert trainer.batch_rows().tolist() == list(range(10))
    trainer.run(2)
    assert trainer.state.epoch == 2


def test_changing_the_learning_rate_goes_on_within_the_epoch():
    trainer = Trainer(Quadratic(), random_data(20), batch_size=8, shuffle=False)
    trainer.run(1)
    trainer.configure(trainer.config.replace(learning_rate=0.5))
    assert trainer.batch_rows().tolist() == list(range(8, 16))
    step = trainer.step()
    assert step.learning_rate == 0.5
    assert float(step.updates["c"]) == pytest.approx(-0.5 * float(step.gradients["c"]))


# --- phases ------------------------------------------------------------------------------------


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


# --- looking ahead -----------------------------------------------------------------------------


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


# --- models, precision, data -------------------------------------------------------------------


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


# --- copies, and what doesn't go together ---------------------------------------------------------


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
    ("settings", "about"),
    [
        ({"scale": True}, "scale does nothing to a model and data that are made already"),
        ({"validation": 0.2}, "validation does nothing"),
        ({"load": "w.safetensors"}, "load does nothing"),
        ({"init": "he"}, r"Trainer.from_config\(Config\(init=…\)\) makes both"),
        ({"activation": "tanh"}, "activation tanh,tanh contradicts the model: it is relu,relu"),
        ({"hidden": (5,)}, "hidden 5 contradicts the model: it is 4,4"),
    ],
)
def test_a_setting_that_would_do_nothing_or_contradicts_the_model_is_refused(settings, about):
    data = Dataset(np.ones((3, 1)), np.ones((3, 1)))
    with pytest.raises(RequestError, match=about):
        Trainer(MLP((1, 4, 4, 1)), data, **settings)


@pytest.mark.parametrize(("outputs", "targets"), [(1, 2), (3, 1)])
def test_outputs_that_dont_match_the_targets_are_refused(outputs, targets):
    data = Dataset(np.ones((3, 1)), np.ones((3, targets)))
    with pytest.raises(RequestError, match=r"the model has .* output.*; the data has .* target"):
        Trainer(MLP((1, 4, outputs)), data)


@pytest.mark.parametrize(
    ("config", "about"),
    [
        ({}, "model quadratic contradicts the model: it is mlp"),
        ({"activation": "tanh"}, "activation tanh,tanh contradicts the model: it is relu,relu"),
        ({"scale": True}, "scale on was not done to what is given; datasets.standardised"),
        ({"validation": 0.2}, "validation 0.2 was not done to what is given; datasets.split"),
        ({"test": "rows.csv"}, "test rows.csv was not done"),
        ({"load": "w.safetensors"}, "load w.safetensors was not done"),
    ],
)
def test_a_whole_config_that_says_something_else_is_refused(config, about):
    shape = {"model": "mlp", "hidden": (4, 4)} if config else {}
    with pytest.raises(RequestError, match=about):
        Trainer(MLP((1, 4, 4, 1)), random_data(5), Config(**shape, **config))


def test_a_whole_config_that_is_true_of_model_and_data_rules():
    data = datasets.standardised(datasets.split(random_data(20), 0.25))
    config = Config(
        model="mlp", hidden=4, activation="tanh", scale=True, validation=0.25, lr=0.5,
        dtype="float32",
    )  # fmt: skip
    trainer = Trainer(MLP((1, 4, 1), "tanh"), data, config)
    assert trainer.config == config
    assert trainer.model.flat.dtype == np.float32


def test_what_isnt_given_is_as_on_the_command_line():
    data = random_data(9)
    for model, name in (
        (Quadratic(), "quadratic"), (RectifiedLines(), "relu"), (MLP((1, 16, 16, 1)), "mlp"),
    ):  # fmt: skip
        config = Trainer(model, data).config
        assert config.replace(activation="relu") == EXPERIMENTS[name].config
    assert Trainer(MLP((1, 4, 1)), data, lr=0.3).learning_rate == 0.3


def test_an_experiment_is_made_by_name_with_settings_of_ones_own():
    trainer = Trainer.from_config("mlp", hidden=4, data="xor", lr=0.5)
    assert (trainer.config.loss, trainer.data.rows) == ("cross-entropy", 200)
    assert trainer.model.sizes == (2, 4, 1)
    with pytest.raises(RequestError, match="there is no experiment 'cubic'; there are quadratic"):
        Trainer.from_config("cubic")
    with pytest.raises(RequestError, match="a Trainer is given a model and a Dataset"):
        Trainer(MLP((2, 1)), "xor")


def test_data_that_are_given_are_scaled_and_split_as_the_settings_say():
    data = random_data(20)
    trainer = Trainer.from_config("mlp", data, hidden=4, scale=True, validation=0.25)
    assert (trainer.data.rows, trainer.data.validation.rows) == (15, 5)
    assert abs(trainer.data.x.mean()) < 1e-12
    again = Trainer.from_config(trainer.config, trainer.data)
    assert again.data is trainer.data


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


def test_a_loss_of_numbers_is_refused_where_classes_are_told_apart():
    data = datasets.plane("xor")
    assert Trainer(MLP((2, 4, 1)), data).config.loss == "cross-entropy"
    with pytest.raises(
        RequestError, match="mse is for numbers; yes holds classes, told apart by cro"
    ):
        Trainer(MLP((2, 4, 1)), data, loss="mse")
    for config, settings in (
        ("mlp", {"data": "xor", "loss": "mse"}),
        (Config(model="mlp", data="xor"), {"loss": "mae"}),
        (Config(model="mlp", data="xor", loss="huber"), {}),
    ):
        with pytest.raises(RequestError, match="is for numbers; yes holds classes"):
            Trainer.from_config(config, **settings)
    assert Trainer.from_config("mlp", data="xor").config.loss == "cross-entropy"
    assert Trainer.from_config(Config(model="mlp", data="xor")).config.loss == "cross-entropy"
