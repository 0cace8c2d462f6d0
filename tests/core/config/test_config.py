"""The Config: what each field takes, what it says to what it doesn't, and its way to JSON."""

import inspect
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.config import (
    ACTIVATIONS,
    DTYPES,
    INITIALIZERS,
    LOSSES,
    Config,
    setting,
    settings,
    show,
)
from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import RequestError

REFUSED = {
    "hidden": (
        (16, 0),
        "hidden must be whole numbers from 1 to 50000000, as 16 or 64,64, or none; not 16,0",
    ),
    "data": ("", "data must be a data set’s name or the path of a CSV file; not "),
    "noise": ((0.1, -1.0), "noise must be two numbers from 0 to 1e100, as 0.15,1.5; not 0.1,-1"),
    "data_seed": (2**32, "data seed must be a whole number from 0 to 4294967295; not 4294967296"),
    "seed": (-1, "seed must be a whole number from 0 to 4294967295; not -1"),
    "learning_rate": (-0.1, "learning rate must be a number above 0; not -0.1"),
    "batch_size": (
        -1, "batch size must be a whole number from 0 to 1000000000 (0: all rows); not -1"
    ),
    "epochs": (-1, "epochs must be a whole number from 0 to 1000000000000; not -1"),
    "momentum": (1.5, "momentum must be from 0 to 1, or default; not 1.5"),
    "beta1": (1.0, "beta1 must be from 0 to below 1, or default; not 1"),
    "beta2": (-0.1, "beta2 must be from 0 to below 1, or default; not -0.1"),
    "alpha": (1.0, "alpha must be from 0 to below 1, or default; not 1"),
    "epsilon": (0.0, "epsilon must be a number from 1e-30, or default; not 0"),
    "weight_decay": (-1.0, "weight decay must be a number from 0, or default; not -1"),
    "pace": (0.0, "pace must be a number above 0, or max; not 0"),
}  # fmt: skip
NUMBERS = ("epochs", "rows", "seed", "data_seed", "batch_size", "hidden", "learning_rate", "clip",
           "l1", "l2", "noise", "validation", "pace", "momentum", "beta2", "epsilon",
           "weight_decay")  # fmt: skip


@pytest.mark.parametrize(("name", "value", "message"), [(n, *each) for n, each in REFUSED.items()])
def test_a_value_out_of_range_is_refused_in_one_clear_line(name, value, message):
    with pytest.raises(RequestError) as caught:
        Config(**{name: value})
    assert str(caught.value) == message


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_ordinary_number_is_refused(value):
    for change in ({"learning_rate": value}, {"noise": (0.1, value)}):
        with pytest.raises(RequestError):
            Config(**change)


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_too_large_to_count_with_is_refused_in_a_short_line(name):
    """Refused as a file holds it, and as it is typed."""
    huge = 10**400
    value = {"hidden": (huge,), "noise": (huge, 0)}.get(name, huge)
    with pytest.raises(RequestError) as from_file:
        Config.from_dict({name: value})
    with pytest.raises(RequestError) as typed:
        setting(name).read(show(value))
    for caught in from_file, typed:
        assert str(caught.value).startswith(f"{setting(name).title} must be ")
        assert len(str(caught.value)) < 200


@pytest.mark.parametrize("name", ["epochs", "rows", "seed", "data_seed", "batch_size", "pace"])
@pytest.mark.parametrize("way", [1, -1], ids=["up", "down"])
def test_a_number_turned_for_ever_stays_within_its_bounds(name, way):
    found, value = setting(name), setting(name).default
    for _ in range(1000):
        value = found.turn(value, way)
        found.validate(value)


def test_a_network_of_a_thousand_layers_is_one_and_of_more_is_refused():
    assert Config(model="mlp", hidden=(1,) * 1000)
    with pytest.raises(RequestError, match="at most 1000 hidden layers; not 1001"):
        Config(model="mlp", hidden=(1,) * 1001)


@pytest.mark.parametrize("name", [each.name for each in settings() if each.choices])
def test_a_choice_that_there_is_not_is_refused_with_those_that_there_are(name):
    with pytest.raises(RequestError) as caught:
        Config(**{name: "nonsense"})
    choices = ", ".join(setting(name).choices)
    assert str(caught.value) == f"{setting(name).title} is one of {choices}; not 'nonsense'"


def test_a_network_may_have_no_hidden_layer():
    assert setting("hidden").read("none") == Config(model="mlp").hidden == ()
    assert setting("hidden").show(()) == "none"


def test_replacing_validates_again_and_leaves_the_old_one():
    config = Config()
    with pytest.raises(RequestError):
        config.replace(epochs=-1)
    assert config.replace(epochs=5).epochs == 5
    assert config.epochs == 100


# --- what a person types -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("learning_rate", " 1e-3 ", 1e-3),
        ("epochs", "20", 20),
        ("hidden", "64, 32", (64, 32)),
        ("noise", "0,1.5", (0.0, 1.5)),
        ("x", "speed, weight", ("speed", "weight")),
        ("y", "distance", ("distance",)),
        ("x", '"price, net",area', ("price, net", "area")),
        ("noise", "0.5", (0.0, 0.5)),
        ("scale", "on", True),
        ("shuffle", "off", False),
        ("zero_gradients", "NO", False),
        ("momentum", "0.5", 0.5),
        ("epsilon", "default", None),
        ("pace", "max", math.inf),
        ("pace", "2.5", 2.5),
        ("loss", "mse", "mse"),
    ],
)
def test_typed_text_becomes_a_value(name, text, value):
    assert setting(name).read(text) == value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("learning_rate", "fast", "learning rate must be a number above 0; not 'fast'"),
        ("learning_rate", "-1", "learning rate must be a number above 0; not -1"),
        ("learning_rate", "inf", "learning rate must be a number above 0; not inf"),
        ("learning_rate", "nan", "learning rate must be a number above 0; not nan"),
        ("epochs", "1.5", "epochs must be a whole number from 0 to 1000000000000; not '1.5'"),
        ("epochs", "-1", "epochs must be a whole number from 0 to 1000000000000; not -1"),
        ("data_seed", "7.0", "data seed must be a whole number from 0 to 4294967295; not '7.0'"),
        ("noise", "1,2,3", "noise must be two numbers from 0 to 1e100, as 0.15,1.5; not '1,2,3'"),
        ("shuffle", "maybe", "shuffle must be on or off; not 'maybe'"),
        ("pace", "nan", "pace must be a number above 0, or max; not nan"),
    ],
)
def test_typed_text_that_is_no_value_is_refused_in_one_clear_line(name, text, message):
    with pytest.raises(RequestError) as caught:
        setting(name).read(text)
    assert str(caught.value) == message


# --- to JSON and back --------------------------------------------------------------------------

names = st.text(min_size=1, max_size=8)
positive = st.floats(min_value=0, exclude_min=True, allow_infinity=False)
noise = st.floats(0, 1e100)
configs = st.builds(
    Config,
    experiment=names,
    model=st.sampled_from(["quadratic", "relu"]),
    hidden=st.lists(st.integers(1, 10**6), max_size=4).map(tuple),
    activation=st.sampled_from(ACTIVATIONS),
    init=st.sampled_from(INITIALIZERS),
    data=names,
    x=st.lists(names, max_size=3).map(tuple),
    y=st.text(max_size=8),
    scale=st.booleans(),
    noise=st.tuples(noise, noise),
    data_seed=st.integers(0, 2**32 - 1),
    seed=st.integers(0, 2**32 - 1),
    dtype=st.sampled_from(DTYPES),
    loss=st.sampled_from(LOSSES),
    learning_rate=positive,
    momentum=st.none() | st.floats(0, 1),
    epsilon=st.none() | st.floats(1e-30, 1),
    batch_size=st.integers(0, 10**9),
    shuffle=st.booleans(),
    zero_gradients=st.booleans(),
    epochs=st.integers(1, 10**12),
    pace=st.one_of(positive, st.just(math.inf)),
)


@given(configs)
def test_a_config_survives_json(config):
    text = json.dumps(config.to_dict(), allow_nan=False)
    assert Config.from_dict(json.loads(text)) == config


def test_what_is_left_out_of_a_dict_takes_its_default():
    assert Config.from_dict({"epochs": 5}) == Config(epochs=5)


@pytest.mark.parametrize(
    "values", [{"learning_rte": 0.1}, {"learning_rate": "0.1"}, {"epochs": -1}]
)
def test_a_dict_that_is_no_config_is_refused(values):
    with pytest.raises(RequestError):
        Config.from_dict(values)


# --- what travels with a field -----------------------------------------------------------------


@given(configs)
def test_a_value_shown_is_read_back_as_itself(config):
    """What the options show can be typed as it stands (numbers to the six digits that it shows)."""
    for each in settings():
        value = getattr(config, each.name)
        if each.name in ("experiment", "x", "y", "data"):
            continue  # free text: trimmed when read
        read = each.read(each.show(value))
        assert read == value or read == pytest.approx(value, rel=1e-5)


def test_each_field_is_described():
    for each in settings():
        assert each.about
        assert getattr(Config(), each.name) == each.default


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_begins_as_a_config_of_its_name(name):
    assert EXPERIMENTS[name].config.experiment == name


# --- from Python ----------------------------------------------------------------------------------


def test_lists_paths_and_the_numbers_of_numpy_are_taken_as_what_they_say():
    made = Config(
        model="mlp", hidden=[4, np.int64(3)], activation="tanh", data=Path("own.csv"),
        learning_rate=np.float64(0.5), epochs=np.int32(7), scale=np.True_, y=["a", "b"],
    )  # fmt: skip
    assert made == Config(
        model="mlp", hidden=(4, 3), activation=("tanh",), data="own.csv",
        learning_rate=0.5, epochs=7, scale=True, y=("a", "b"),
    )  # fmt: skip
    assert [type(made.epochs), type(made.scale), type(made.data)] == [int, bool, str]


def test_short_names_are_taken_and_unknown_ones_answered_with_the_nearest():
    assert Config().replace(lr=0.5).learning_rate == 0.5
    with pytest.raises(RequestError, match="no setting 'Optimiser'; optimizer is one"):
        Config().replace(Optimiser="adam")
    with pytest.raises(RequestError, match=r"no setting 'zzz'$"):
        Config().replace(zzz=1)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"lr": 0.5}, {"learning_rate": 0.5}),
        ({"kind": "mlp", "neurons": 4}, {"model": "mlp", "hidden": (4,)}),
        ({"loss": "MSE", "optimizer": "Adam"}, {"loss": "mse", "optimizer": "adam"}),
        ({"loss": "cross_entropy"}, {"loss": "cross-entropy"}),
        ({"activation": ["TANH", "Leaky_ReLU"]}, {"activation": ("tanh", "leaky-relu")}),
        ({"epochs": 5.0}, {"epochs": 5}),
        ({"scale": "on", "shuffle": 0}, {"scale": True, "shuffle": False}),
        ({"pace": "max", "momentum": "default"}, {"pace": math.inf, "momentum": None}),
        ({"noise": 0.5}, {"noise": (0.0, 0.5)}),
        ({"dtype": np.float32}, {"dtype": "float32"}),
        ({"dtype": np.dtype("float32")}, {"dtype": "float32"}),
    ],
)
def test_what_is_clear_is_taken_as_it_is_meant(given, meant):
    assert Config(**given) == Config().replace(**given) == Config(**meant)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"lr": 0.1, "learning_rate": 0.2}, "learning_rate is given twice, by two names"),
        ({"learning_rte": 0.1}, "there is no setting 'learning_rte'; learning_rate is one"),
        ({"learning_rate": "0.1"}, "learning rate must be a number above 0; not '0.1'"),
        ({"scale": "maybe"}, "scale must be on or off; not 'maybe'"),
        ({"scale": 2}, "scale must be on or off; not 2"),
        ({"epochs": True}, "epochs must be a whole number from 0 to 1000000000000; not True"),
        ({"load": None}, "load must be text; not None"),
        ({"x": [1, 2]}, "x must be names; not 1,2"),
        ({"noise": ["a", 1]}, "noise must be two numbers from 0 to 1e100, as 0.15,1.5; not a,1"),
        ({"data": 5}, "data must be a data set’s name or the path of a CSV file; not 5"),
    ],
)
def test_what_is_not_clear_is_answered_with_what_would_be_right(given, message):
    with pytest.raises(RequestError) as caught:
        Config(**given)
    assert str(caught.value) == message


def test_a_config_is_shown_by_what_it_changes():
    assert repr(Config()) == "Config()"
    assert repr(Config(lr=0.5, hidden=[4], model="mlp")) == (
        "Config(model='mlp', hidden=(4,), learning_rate=0.5)"
    )


def test_help_explains_each_field_and_how_it_may_be_named():
    told = inspect.getdoc(Config)
    for each in settings():
        assert f"\n{each.name}" in told
        assert each.about in told
    assert "learning_rate (or lr) = 0.01" in told
    assert "learning_rate" in inspect.signature(Config).parameters
