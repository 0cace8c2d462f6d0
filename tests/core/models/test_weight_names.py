"""Weights from elsewhere: layers under other names, biases that are not there, and pickles."""

import pickle

import numpy as np
import pytest
from safetensors.numpy import save_file

from nn_core import MLP, Quadratic
from nn_core.errors import RequestError
from nn_core.models import weights

MODEL = MLP((2, 8, 4, 1), seed=1)


def layers(*names, biases=True, shapes=((8, 2), (4, 8), (1, 4))):
    """Arrays as a file of PyTorch has them, under these layers' names."""
    random, arrays = np.random.default_rng(0), {}
    for name, shape in zip(names, shapes, strict=True):
        arrays[f"{name}.weight"] = random.normal(size=shape)
        if biases:
            arrays[f"{name}.bias"] = random.normal(size=shape[0])
    return arrays


def load(tmp_path, arrays, model=MODEL, partial=False):
    path = tmp_path / "theirs.safetensors"
    save_file(arrays, path)
    return weights.load(path, model.layout, model.flat.dtype, partial)


@pytest.mark.parametrize(
    "names",
    [
        ("net.0", "net.2", "net.4"),
        ("0", "3", "6"),  # past dropout
        ("fc1", "fc2", "fc3"),
        ("layers.8.linear", "layers.9.linear", "layers.10.linear"),  # by number, not by alphabet
        ("encoder", "middle", "a_head"),  # by shape: each fits one place alone
    ],
)
def test_layers_are_matched_by_order_and_shape_and_said_name_by_name(names, tmp_path):
    theirs = layers(*names)
    arrays, fit = load(tmp_path, theirs)
    for name, ours in zip(names, ("0", "2", "4"), strict=True):
        for part in ("weight", "bias"):
            np.testing.assert_array_equal(arrays[f"{ours}.{part}"], theirs[f"{name}.{part}"])
    assert not fit.faults
    (said,) = fit.remarks
    assert f"{names[1]}.weight as 2.weight" in said
    assert fit.loaded == tuple(place.name for place in MODEL.layout.places)


def test_missing_biases_are_zero_and_said(tmp_path):
    arrays, fit = load(tmp_path, layers("0", "2", "4", biases=False))
    assert not any(arrays[f"{layer}.bias"].any() for layer in (0, 2, 4))
    assert fit.remarks == ("No bias in the file: 0.bias, 2.bias, 4.bias set to 0.",)


def test_a_network_without_a_hidden_layer_is_matched(tmp_path):
    theirs = layers("linear", shapes=((3, 2),))
    arrays, _ = load(tmp_path, theirs, MLP((2, 3)))
    np.testing.assert_array_equal(arrays["0.weight"], theirs["linear.weight"])


def test_the_same_names_are_taken_without_a_word(tmp_path):
    _, fit = load(tmp_path, layers("0", "2", "4"))
    assert fit.remarks == ()


SQUARE = MLP((2, 3, 3, 3, 1), seed=1)


def test_layers_of_one_shape_are_told_apart_by_numbers_alone(tmp_path):
    shapes = ((3, 2), (3, 3), (3, 3), (1, 3))
    arrays, _ = load(tmp_path, layers("a.1", "a.5", "a.7", "a.9", shapes=shapes), SQUARE)
    assert arrays["2.weight"].shape == (3, 3)
    with pytest.raises(RequestError, match=r"none of its parameters fit; missing: 0\.weight"):
        load(tmp_path, layers("first", "left", "right", "last", shapes=shapes), SQUARE)


@pytest.mark.parametrize(
    "theirs",
    [
        layers("net.4", "net.2", "net.0"),  # numbers and shapes contradict each other
        layers("net.0", "net.2", "net.4") | {"norm.weight": np.ones(8)},
        layers("net.0", "net.2", "net.4") | {"net.0.running_mean": np.ones(8)},
        layers("net.0", "net.2", shapes=((8, 2), (1, 8))),
    ],
)
def test_what_is_not_plain_is_refused_by_names(theirs, tmp_path):
    with pytest.raises(RequestError, match="none of its parameters fit"):
        load(tmp_path, theirs)


def test_another_shape_is_said_as_the_layers_of_the_file(tmp_path):
    with pytest.raises(RequestError, match="its layers are 2 → 5 → 1"):
        load(tmp_path, layers("fc1", "fc2", shapes=((5, 2), (1, 5))))


def test_single_numbers_are_never_matched_by_order(tmp_path):
    with pytest.raises(RequestError, match="missing: a, b, c"):
        load(tmp_path, layers("fc", shapes=((1, 1),)), Quadratic())


@pytest.mark.parametrize("content", [pickle.dumps({"a": 1}), b"PK\x03\x04 and the rest of a zip"])
@pytest.mark.parametrize("name", ["net.pt", "net.pth", "net.pkl"])
def test_a_pickle_is_not_read_but_how_to_convert_it_is_said(name, content, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RequestError) as refused:
        weights.load(tmp_path / name, MODEL.layout, MODEL.flat.dtype)
    said = str(refused.value)
    assert f"save_file(torch.load('{name}'), 'net.safetensors')" in said
    assert "\n" not in said
