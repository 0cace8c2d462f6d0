"""What is asked of a trainer: refused where it contradicts, else as on the command line."""

import numpy as np
import pytest
from trainers import random_data

from nn_core import MLP, Config, Dataset, Quadratic, RectifiedLines, Trainer, datasets
from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import RequestError


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
