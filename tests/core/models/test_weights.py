"""Weights in files: PyTorch's own, and what is told of those that don't fit or are damaged."""

import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load as read_bytes
from safetensors.numpy import save as to_bytes
from safetensors.numpy import save_file

from nn_core import MLP, Config, Dataset, Quadratic, RectifiedLines, Timeline, Trainer, weights
from nn_core.errors import RequestError

REFERENCE = Path(__file__).parents[1] / "reference"
PYTORCH = REFERENCE / "weights.safetensors"
NEXT = json.loads((REFERENCE / "weights.json").read_text())


def network(dtype: str = "float64") -> MLP:
    return MLP((2, 8, 4, 1), activation="tanh", dtype=dtype)


def loaded(path: Path, model, partial: bool = False) -> weights.Fit:
    """Load into a model, as a run's start does."""
    arrays, fit = weights.load(path, model.layout, model.flat.dtype, partial)
    for name, values in arrays.items():
        model.parameters[name][...] = values
    return fit


def test_a_file_of_pytorch_trains_on_to_the_losses_that_pytorch_came_to():
    model = network()
    fit = loaded(PYTORCH, model)
    assert fit.loaded == ("0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias")
    data = Dataset(np.array(NEXT["x"]), np.array(NEXT["y"]))
    trainer = Trainer(model, data, loss="mse", learning_rate=NEXT["learning_rate"])
    losses = trainer.run(len(NEXT["losses"])).losses
    np.testing.assert_allclose(losses, NEXT["losses"], rtol=0, atol=1e-9)


def test_a_file_loaded_and_saved_again_holds_the_same_arrays(tmp_path):
    model = network()
    loaded(PYTORCH, model)
    weights.save(tmp_path / "again.safetensors", model.parameters)
    again, before = (read_bytes(path.read_bytes()) for path in (tmp_path / "again.safetensors",
                                                                PYTORCH))  # fmt: skip
    assert again.keys() == before.keys()
    for name, values in before.items():
        np.testing.assert_array_equal(again[name], values)
        assert again[name].dtype == values.dtype


@pytest.mark.parametrize("model", [Quadratic(3, 2, 1), RectifiedLines((1, 2), (3, 4))])
def test_single_numbers_go_to_a_file_and_back_under_their_names(tmp_path, model):
    path = tmp_path / "numbers.safetensors"
    weights.save(path, model.parameters)
    assert {v.shape for v in read_bytes(path.read_bytes()).values()} == {()}
    other = type(model)()
    loaded(path, other)
    np.testing.assert_array_equal(other.flat, model.flat)


def test_a_single_number_may_come_as_an_array_of_one(tmp_path):
    save_file({name: np.array([value]) for name, value in zip("abc", (3.0, 2.0, 1.0), strict=True)},
              tmp_path / "ones.safetensors")  # fmt: skip
    model = Quadratic()
    loaded(tmp_path / "ones.safetensors", model)
    assert model.flat.tolist() == [3, 2, 1]


def file_of(code: str, data: bytes) -> bytes:
    """A file of a, b and c, each of one number in this type, written out by hand."""
    size = len(data)
    header = json.dumps(
        {
            name: {"dtype": code, "shape": [], "data_offsets": [at * size, (at + 1) * size]}
            for at, name in enumerate("abc")
        }
    ).encode()
    return struct.pack("<Q", len(header)) + header + data * 3


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("F64", struct.pack("<d", -2.5)),
        ("F32", struct.pack("<f", -2.5)),
        ("F16", struct.pack("<e", -2.5)),
        ("BF16", struct.pack("<f", -2.5)[2:]),
    ],
)
def test_any_float_type_becomes_the_run_s(tmp_path, code, data, dtype):
    path = tmp_path / "typed.safetensors"
    path.write_bytes(file_of(code, data))
    model = Quadratic(dtype=dtype)
    loaded(path, model)
    assert model.flat.tolist() == [-2.5, -2.5, -2.5]


@pytest.mark.parametrize(
    ("code", "data", "dtype", "complaint"),
    [
        ("F64", struct.pack("<d", np.nan), "float64", "a holds numbers that aren’t finite"),
        ("F32", struct.pack("<f", np.inf), "float64", "a holds numbers that aren’t finite"),
        ("F64", struct.pack("<d", 1e300), "float32", "a holds numbers that aren’t finite in float"),
        ("I64", struct.pack("<q", 3), "float64", "a is of type I64; F64, F32, F16, BF16 are read"),
    ],
)
def test_numbers_that_no_run_could_go_on_from_are_refused(tmp_path, code, data, dtype, complaint):
    path = tmp_path / "typed.safetensors"
    path.write_bytes(file_of(code, data))
    with pytest.raises(RequestError, match=complaint):
        loaded(path, Quadratic(dtype=dtype))


# --- what fits and what doesn't -------------------------------------------------------------------


def test_what_does_not_fit_is_told_name_by_name_with_shapes():
    with pytest.raises(RequestError) as complaint:
        loaded(PYTORCH, MLP((2, 8, 1)))
    assert str(complaint.value).endswith(
        "does not fit: 2.weight is (4, 8), not (1, 8), 2.bias is (4,), not (1,); "
        "unexpected: 4.bias (1,), 4.weight (1, 4). What fits: 0.weight, 0.bias"
    )
    with pytest.raises(RequestError, match=r"missing: 6\.weight \(1, 1\), 6\.bias \(1,\)\. What"):
        loaded(PYTORCH, MLP((2, 8, 4, 1, 1)))


def test_partial_loading_takes_what_fits_and_leaves_the_rest():
    model = MLP((2, 8, 1))
    before = {name: values.copy() for name, values in model.parameters.items()}
    fit = loaded(PYTORCH, model, partial=True)
    assert fit.loaded == ("0.weight", "0.bias")
    file = read_bytes(PYTORCH.read_bytes())
    for name in ("0.weight", "0.bias"):
        np.testing.assert_array_equal(model.parameters[name], file[name])
    for name in ("2.weight", "2.bias"):
        np.testing.assert_array_equal(model.parameters[name], before[name])


def test_partial_loading_wants_at_least_one_that_fits():
    with pytest.raises(RequestError, match=r"fit \(its layers are 2 → 8 → 4 → 1\); missing: a"):
        loaded(PYTORCH, Quadratic(), partial=True)


def test_a_single_number_is_called_so(tmp_path):
    path = tmp_path / "two.safetensors"
    save_file({"a": np.zeros(2), "b": np.zeros(())}, path)
    with pytest.raises(
        RequestError, match=r"a is \(2,\), not one number; missing: c\. What fits: b"
    ):
        loaded(path, Quadratic())


def test_names_of_a_file_are_shown_as_harmless_text_of_bounded_length(tmp_path):
    names = {f"\x1b[2J{at}" + "x" * 5000: np.zeros((1,) * 30) for at in range(40)}
    path = tmp_path / "hostile.safetensors"
    path.write_bytes(to_bytes(names))
    with pytest.raises(RequestError) as complaint:
        loaded(path, Quadratic())
    assert str(complaint.value).isprintable()
    assert len(str(complaint.value)) < 1500 + len(str(path))


# --- a run that starts from a file, or is given one on the way ------------------------------------


def config(**changes) -> Config:
    start = Config(model="mlp", hidden=(8, 4), activation="tanh", loss="mse")
    return start.replace(**changes)


def saved_network(tmp_path: Path, hidden: tuple[int, ...]) -> str:
    path = tmp_path / "start.safetensors"
    weights.save(path, MLP((1, *hidden, 1), seed=5).parameters)
    return str(path)


def test_a_run_starts_from_the_file_and_restarts_from_it_too(tmp_path):
    file = saved_network(tmp_path, (8, 4))
    timeline = Timeline(Trainer.from_config(config(load=file)))
    expected = MLP((1, 8, 4, 1), seed=5).flat
    np.testing.assert_array_equal(timeline.state.parameters, expected)
    timeline.advance(5)
    timeline.restart()
    np.testing.assert_array_equal(timeline.state.parameters, expected)
    timeline.restart(timeline.config.replace(loss="mae"))  # another run, from the same start
    np.testing.assert_array_equal(timeline.state.parameters, expected)


def test_what_was_loaded_in_part_can_be_frozen_by_the_word_loaded(tmp_path):
    file = saved_network(tmp_path, (8, 2))
    trainer = Trainer.from_config(config(load=file, load_partial=True, freeze=("loaded", "4.bias")))
    assert trainer.config.freeze == ("0.weight", "0.bias", "4.bias")
    fit = trainer.weights_loaded
    assert fit is not None
    assert fit.loaded == ("0.weight", "0.bias")
    assert fit.left == ("4.bias",), "it has the shape, but not the weights that go with it"


def test_loading_within_a_run_is_replayed_to_the_same_bits_without_the_file(tmp_path):
    file = Path(saved_network(tmp_path, (8, 4)))
    timeline = Timeline(Trainer.from_config(config(optimizer="adam")))
    timeline.advance(30)
    arrays, _ = weights.load(file, timeline.state.layout, timeline.state.parameters.dtype)
    timeline.do("load", values=weights.as_tuples(arrays))
    np.testing.assert_array_equal(timeline.state.parameters, MLP((1, 8, 4, 1), seed=5).flat)
    timeline.advance(30)
    there = timeline.state.parameters.copy()
    file.unlink()
    timeline.seek(10)
    timeline.seek(60)
    np.testing.assert_array_equal(timeline.state.parameters, there)
    assert hash(timeline.events[0]), "an event can’t be changed once it has happened"


def test_a_file_that_does_not_fit_changes_nothing_of_a_run():
    timeline = Timeline(Trainer.from_config(config()))
    timeline.advance(3)
    before = timeline.state.copy()
    for attempt in (
        lambda: timeline.restart(timeline.config.replace(load=str(PYTORCH))),
        lambda: timeline.restart(timeline.config.replace(freeze=("9",))),
        lambda: timeline.do("set", name="freeze", value=("9",)),
    ):
        with pytest.raises(RequestError):
            attempt()
    assert timeline.config == config()
    assert timeline.state.step == 3
    assert not timeline.events
    np.testing.assert_array_equal(timeline.state.parameters, before.parameters)


# --- damage ---------------------------------------------------------------------------------------


def outcome(content: bytes, path: Path) -> str | None:
    """Load these bytes into a network: the complaint, after which nothing may have changed."""
    path.write_bytes(content)
    model = network()
    before = model.flat.copy()
    try:
        loaded(path, model)
    except RequestError as complaint:
        np.testing.assert_array_equal(model.flat, before)
        return str(complaint)
    assert np.isfinite(model.flat).all()
    return None


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_in_one_line_or_loaded_whole(tmp_path_factory, data):
    content = bytearray(PYTORCH.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    cut = data.draw(st.none() | st.integers(0, len(content) - 1))
    complaint = outcome(bytes(content[:cut]), tmp_path_factory.getbasetemp() / "damaged")
    assert complaint is None or complaint.isprintable()
    assert cut is None or complaint is not None, "a part of a file is never taken for the whole"


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**64 - 1), st.binary(max_size=200))
def test_any_header_length_before_any_bytes_is_refused_in_one_line(tmp_path_factory, length, rest):
    content = struct.pack("<Q", length) + rest
    complaint = outcome(content, tmp_path_factory.getbasetemp() / "header")
    assert complaint is not None
    assert complaint.isprintable()


@pytest.mark.parametrize(
    "shape", [[2**40, 2**40], [2**62, 0], [1] * 100, [-1]], ids=["huge", "empty", "deep", "minus"]
)
def test_shapes_that_numpy_can_not_hold_are_refused(tmp_path, shape):
    offsets = [0, 8 if 0 not in shape else 0]
    header = json.dumps({"a": {"dtype": "F64", "shape": shape, "data_offsets": offsets}}).encode()
    content = struct.pack("<Q", len(header)) + header + bytes(offsets[1])
    assert outcome(content, tmp_path / "shape") is not None


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, said in (
        (tmp_path / "nothing", "there is no such file"),
        (Path("a\0b"), "there is no such file"),
        (tmp_path, "can’t be read: Is a directory"),
        (tmp_path / "pipe", "this is not an ordinary file"),
        (Path(os.devnull), "this is not an ordinary file"),
        (tmp_path / ("x" * 300), "can’t be read: File name too long"),
    ):
        with pytest.raises(RequestError, match=said):
            loaded(path, Quadratic())


def test_a_file_larger_than_any_network_is_refused_unread(tmp_path):
    with (tmp_path / "large").open("wb") as file:
        file.truncate(weights.LARGEST_FILE + 1)  # sparse: it takes no room
    with pytest.raises(RequestError, match="at most 500,000,000 are read"):
        loaded(tmp_path / "large", Quadratic())


# --- writing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("breaks", ["open", "write", "fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, breaks):
    path = tmp_path / "kept.safetensors"
    weights.save(path, Quadratic(3, 2, 1).parameters)

    def fails(*arguments, **keywords):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, breaks, fails)
    with pytest.raises(RequestError, match=r"kept\.safetensors: can’t be written: No space left"):
        weights.save(path, Quadratic().parameters)
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == [path]
    model = Quadratic()
    loaded(path, model)
    assert model.flat.tolist() == [3, 2, 1]


def test_content_is_on_the_disk_before_it_gets_its_name_and_the_name_after(tmp_path, monkeypatch):
    done = []
    sync, replace = os.fsync, Path.replace

    def note_sync(number):
        done.append("folder" if Path(f"/proc/self/fd/{number}").is_dir() else "file")
        sync(number)

    def note_replace(old, new):
        done.append("name")
        return replace(old, new)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    weights.save(tmp_path / "new.safetensors", Quadratic().parameters)
    assert done == ["file", "name", "folder"]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("net.txt", "a name that ends in .safetensors is needed"),
        ("no/net.safetensors", "there is no folder"),
        ("folder.safetensors", "this is a folder"),
        ("x" * 300 + ".safetensors", "can’t be written: File name too long"),
    ],
)
def test_a_target_that_can_not_be_is_refused(tmp_path, name, complaint):
    (tmp_path / "folder.safetensors").mkdir()
    with pytest.raises(RequestError, match=complaint):
        weights.save(tmp_path / name, Quadratic().parameters)
