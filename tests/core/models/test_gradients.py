"""The hand-written gradients: against central differences, against PyTorch, and at the kinks."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nn_core import MLP, Dataset, Quadratic, RectifiedLines, Trainer
from nn_core.analysis.gradient_check import Check, check
from nn_core.models.activations import ACTIVATIONS
from nn_core.models.losses import LOSSES

MARGIN = 1e-4  # how far from a kink a sum or residual must be: 100 times what the check moves

losses = st.sampled_from(sorted(LOSSES))
seeds = st.integers(0, 2**32 - 1)


def random_data(random, rows, inputs=1, outputs=1):
    """Rows of inputs from −2 to 2 and of normal targets around 0."""
    return Dataset(random.uniform(-2, 2, (rows, inputs)), random.normal(0, 3, (rows, outputs)))


def is_away_from_kinks(model, data, loss):
    """Whether no rectified sum, and no absolute residual, is near 0."""
    distances = [np.ones(1)]
    if loss == "mae":
        distances.append(model.predict(data.x) - data.y)
    if isinstance(model, RectifiedLines):
        distances.append(data.x * model.lines[:, 0] + model.lines[:, 1])
    if isinstance(model, MLP) and any("relu" in name for name in model.activations):
        below = data.x.T
        for block, output in zip(model.blocks, model.outputs(data.x), strict=True):
            distances.append(block[:, :-1] @ below + block[:, -1:])
            below = output
        distances.pop()  # the last layer is not rectified
    return min(float(np.abs(each).min()) for each in distances) > MARGIN


def assert_agrees(model, data, loss):
    disagreeing = [each for each in check(model, data, LOSSES[loss]) if not each.agrees]
    assert disagreeing == []


# --- central differences -----------------------------------------------------------------------


@given(seed=seeds, rows=st.integers(1, 30), loss=losses)
def test_quadratic(seed, rows, loss):
    random = np.random.default_rng(seed)
    model, data = Quadratic(*random.normal(0, 2, 3)), random_data(random, rows)
    assume(is_away_from_kinks(model, data, loss))
    assert_agrees(model, data, loss)


@given(seed=seeds, rows=st.integers(1, 30), lines=st.integers(1, 5), loss=losses)
def test_rectified_lines(seed, rows, lines, loss):
    random = np.random.default_rng(seed)
    model = RectifiedLines(random.normal(0, 2, lines), random.normal(0, 2, lines))
    data = random_data(random, rows)
    assume(is_away_from_kinks(model, data, loss))
    assert_agrees(model, data, loss)


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@given(
    seed=seeds,
    rows=st.integers(1, 8),
    inputs=st.integers(1, 3),
    hidden=st.lists(st.integers(1, 5), max_size=3),
    outputs=st.integers(1, 2),
    loss=losses,
)
def test_network(activation, seed, rows, inputs, hidden, outputs, loss):
    random = np.random.default_rng(seed)
    model = MLP((inputs, *hidden, outputs), activation)
    model.flat[:] = random.normal(0, 0.8, model.flat.size)
    data = random_data(random, rows, inputs, outputs)
    assume(is_away_from_kinks(model, data, loss))
    assert_agrees(model, data, loss)


@pytest.mark.parametrize("depth", range(4))
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_every_loss_and_activation_at_every_depth(activation, depth):
    """Of numbers and of classes, with one output and with several."""
    for at, (loss, outputs) in enumerate(product(sorted(LOSSES), (1, 3))):
        random = np.random.default_rng(at)
        model, data = MLP((2, *(3,) * depth, outputs), activation), None
        while data is None or not is_away_from_kinks(model, data, loss):
            model.flat[:] = random.normal(0, 0.8, model.flat.size)
            data = random_data(random, 5, 2, outputs)
        if loss == "cross-entropy":
            labels = np.arange(5) % max(2, outputs)
            y = labels[:, None] if outputs == 1 else np.eye(outputs)[labels]
            data = Dataset(data.x, y.astype(float))
        assert_agrees(model, data, loss)


@pytest.mark.parametrize("loss", sorted(LOSSES))
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_network_of_a_layer_too_large_for_the_small_arrays_way(activation, loss):
    """More than 1000 activations in a layer take another way through the code."""
    random = np.random.default_rng(3)
    model = MLP((1, 12, 12, 1), activation)
    model.flat[:] = random.normal(0, 0.5, model.flat.size)
    data = random_data(random, 100)
    assert is_away_from_kinks(model, data, loss)
    assert_agrees(model, data, loss)


# --- the check itself --------------------------------------------------------------------------


def test_check_names_a_wrong_derivative(monkeypatch):
    """A derivative that is a thousandth off is found, and by its name."""
    data = random_data(np.random.default_rng(0), 10)
    model = Quadratic(0.5, -0.5, 0.25)
    compile_right = Quadratic.compile

    def compile_wrong(self, x, y, rows, loss, gradient):
        compiled = compile_right(self, x, y, rows, loss, gradient)

        def backward():
            compiled.backward()
            gradient[1] *= 1.001

        return replace(compiled, backward=backward)

    monkeypatch.setattr(Quadratic, "compile", compile_wrong)
    (wrong,) = [each for each in check(model, data, LOSSES["mse"]) if not each.agrees]
    assert wrong.label == "b"
    assert wrong.analytic / wrong.numeric == pytest.approx(1.001, rel=1e-6)


def test_check_leaves_the_model_as_it_is():
    model = MLP((1, 4, 1), dtype="float32")
    before = model.flat.tobytes()
    checks = check(model, random_data(np.random.default_rng(0), 5), LOSSES["mse"])
    assert model.flat.tobytes() == before
    assert model.flat.dtype == np.float32
    assert all(each.agrees for each in checks)


def test_check_labels_every_parameter():
    labels = [
        each.label
        for each in check(MLP((1, 2, 1)), Dataset(np.ones((1, 1)), np.ones((1, 1))), LOSSES["mse"])
    ]
    assert labels == [
        "W1[1,1]", "b1[1]", "W1[2,1]", "b1[2]",
        "W2[1,1]", "W2[1,2]", "b2[1]",
    ]  # fmt: skip


def test_two_zeros_do_not_differ():
    assert Check("a", 0.0, 0.0, 0.0).agrees


# --- derivatives at the kinks: 0, as PyTorch has them ------------------------------------------


def gradient_of(model, x, y, loss):
    """The gradient over one column of inputs and one of targets, by name."""
    data = Dataset(np.array(x, float)[:, None], np.array(y, float)[:, None])
    return model.layout.views(Trainer(model, data, loss=loss).gradient())


def test_a_point_on_the_curve_has_no_vote_under_mae():
    """Of three residuals, +1, 0 and 0, only the first counts: its slope is a third."""
    gradient = gradient_of(Quadratic(0, 0, 1), [2, 0, -2], [0, 1, 1], "mae")
    assert gradient["a"] == pytest.approx(4 / 3)
    assert gradient["c"] == pytest.approx(1 / 3)
    assert not np.any(
        Trainer(
            Quadratic(0, 0, 1), Dataset(np.ones((2, 1)), np.ones((2, 1))), loss="mae"
        ).gradient()
    )


def test_nothing_passes_a_rectified_line_whose_sum_is_zero():
    gradient = gradient_of(RectifiedLines([1.0, 1.0], [0.0, 1.0]), [0.0], [5.0], "mse")
    assert gradient["m1"] == gradient["b1"] == 0
    assert gradient["b2"] == -8


@pytest.mark.parametrize("rows", [2, 2000])
def test_nothing_passes_a_unit_whose_sum_is_zero(rows):
    """Either way of making the mask: for small arrays and for large ones."""
    model = MLP((1, 1, 1), "relu")
    model.flat[:] = [1.0, 0.0, 1.0, 0.0]
    gradient = gradient_of(model, [0.0] * rows, [1.0] * rows, "mse")
    assert gradient["0.weight"] == gradient["0.bias"] == 0
    assert gradient["2.bias"] == pytest.approx(-2)


# --- PyTorch -----------------------------------------------------------------------------------

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference" / "gradients.json").read_text("utf-8")
)
CASES = REFERENCE["cases"]


def name_of(case):
    sizes = "-".join(map(str, case["sizes"] or ()))
    return " ".join(filter(None, [case["model"], sizes, case["activation"], case["loss"]]))


def model_of(case):
    """Our model, with the parameters that PyTorch's started with."""
    if case["model"] == "mlp":
        model = MLP(case["sizes"], case["activation"])
    else:
        model = {"quadratic": Quadratic, "relu": RectifiedLines}[case["model"]]()
    for name, view in model.parameters.items():
        view[...] = case["parameters"][name]
    return model


def data_of(case):
    return Dataset(np.array(case["x"]), np.array(case["y"]))


def assert_all_close(ours, theirs):
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        np.testing.assert_allclose(ours[name], value, rtol=0, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_loss_and_gradient_are_pytorchs(case):
    trainer = Trainer(model_of(case), data_of(case), loss=case["loss"])
    expected = case["at_the_start"]
    assert trainer.loss() == pytest.approx(expected["loss"], rel=0, abs=1e-10)
    assert_all_close(trainer.model.layout.views(trainer.gradient()), expected["gradients"])


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_fifty_steps_are_pytorchs(case):
    """Full batch and batches of 8 of 20 rows (so the last has 4), zeroed and accumulated."""
    assert len(case["runs"]) == 4
    for run in case["runs"]:
        trainer = Trainer(
            model_of(case), data_of(case), loss=case["loss"], shuffle=False,
            learning_rate=run["learning_rate"], batch_size=run["batch_size"],
            zero_gradients=run["zero_gradients"],
        )  # fmt: skip
        block = trainer.run(len(run["losses"]))
        np.testing.assert_allclose(block.losses, run["losses"], rtol=0, atol=1e-10)
        assert_all_close(trainer.model.parameters, run["parameters"])


@pytest.mark.parametrize("loss", sorted(LOSSES))
@pytest.mark.parametrize("outputs", [1, 2])
def test_network_without_a_hidden_layer(outputs, loss):
    """One linear layer: x to outputs, as linear and logistic regression are."""
    random = np.random.default_rng(2)
    model, data = MLP((2, outputs), seed=1), random_data(random, 12, 2, outputs)
    assert model.describe() == f"2 → {outputs}"
    assert is_away_from_kinks(model, data, loss)
    assert_agrees(model, data, loss)
    gradient = np.zeros_like(model.flat)
    batch = model.compile(data.x, data.y, 12, LOSSES[loss], gradient)
    losses = []
    for _ in range(100):
        batch.forward()
        losses.append(batch.loss())
        batch.backward()
        model.flat -= 0.05 * gradient
    assert losses[-1] < losses[0]
