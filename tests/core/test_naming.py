"""Layers, units and parameters: by one scheme for people, by PyTorch's names in files."""

import json

import pytest

from nn_core import Config, Timeline, Trainer
from nn_core.errors import RequestError
from nn_core.formatting import meant, said_of, shown
from nn_core.models import MLP, RectifiedLines
from nn_core.storage import session

NETWORK = Config(experiment="mlp", model="mlp", hidden=(4, 3), activation=("tanh",), loss="mse")


@pytest.mark.parametrize(
    ("pytorch", "person"),
    [
        ("0.weight", "W1"),
        ("2.bias", "b2"),
        ("2.weight[2, 0]", "W2[3,1]"),
        ("18.bias[11]", "b10[12]"),
        ("a", "a"),
    ],
)  # fmt: skip
def test_a_name_is_shown_and_meant_back(pytorch, person):
    assert shown(pytorch) == person
    assert meant(person) == meant(pytorch) == pytorch


def test_what_a_number_is_stands_in_words():
    assert said_of("2.weight[2, 0]") == "the weight of unit 3 of layer 2 for its input 1"
    assert said_of("0.bias") == "the biases of layer 1"
    assert said_of("b1") == ""


def test_what_is_typed_is_looked_for_in_the_model_itself():
    names = [
        place.name
        for typed in ("W1", "layer 2", "4.bias")
        for place in MLP((1, 2, 2, 1)).layout.named(typed)
    ]
    assert names == ["0.weight", "2.weight", "2.bias", "4.bias"]
    assert [place.name for place in RectifiedLines().layout.named("b1")] == ["b1"]
    assert MLP((1, 2, 1)).layout.named("W9") == ()


def test_what_is_frozen_is_kept_by_pytorchs_names_and_a_session_too():
    timeline = Timeline(Trainer.from_config(NETWORK.replace(freeze=("layer 1", "b2"))))
    assert timeline.config.freeze == ("0.weight", "0.bias", "2.bias")
    timeline.do("set", name="freeze", value=("W3",))
    assert timeline.config.freeze == ("4.weight",)
    text = session.dumps(timeline)
    assert json.loads(text)["config"]["freeze"] == ["0.weight", "0.bias", "2.bias"]
    assert session.replay(session.loads(text)).config.freeze == ("4.weight",)
    with pytest.raises(RequestError, match=r"there are W1, b1, W2, b2, W3, b3; or layer 1, …"):
        timeline.do("set", name="freeze", value=("0.wait",))
