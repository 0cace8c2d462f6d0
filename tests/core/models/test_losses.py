"""Huber loss, penalties and clipping: against PyTorch, and what a run records and shows of them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import MLP, Config, Dataset, Quadratic, RectifiedLines, Timeline, Trainer, datasets
from nn_core.analysis.gradient_check import check
from nn_core.analysis.landscape import LossSurface
from nn_core.errors import RequestError
from nn_core.explain.words import describe
from nn_core.live.edit_requests import Set
from nn_core.live.requests import Advance
from nn_core.models.losses import LOSSES, CompiledLoss

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "losses.json").read_text())


def trainer_of_the_reference(run, **changes):
    model = MLP((2, 8, 1), activation="tanh")
    for name, values in REFERENCE["runs"][run]["start"].items():
        model.parameters[name][...] = values
    data = Dataset(np.array(REFERENCE["x"]), np.array(REFERENCE["y"]))
    settings = REFERENCE["runs"][run]["settings"] | changes
    return Trainer(model, data, learning_rate=REFERENCE["learning_rate"], **settings)


@pytest.mark.parametrize("run", REFERENCE["runs"])
def test_200_steps_are_those_of_pytorch(run):
    """The norm recorded is that before clipping; the loss is that without penalties."""
    trainer, wanted = trainer_of_the_reference(run), REFERENCE["runs"][run]
    block = trainer.run(len(wanted["losses"]))
    np.testing.assert_allclose(block.losses, wanted["losses"], rtol=1e-9, atol=0)
    if "freeze" not in wanted["settings"]:  # the record has the whole gradient, frozen or not
        np.testing.assert_allclose(block.gradient_norms, wanted["gradient_norms"], rtol=1e-9)
    for name, end in wanted["end"].items():
        np.testing.assert_allclose(trainer.model.parameters[name], end, rtol=0, atol=1e-9)
    assert trainer.penalty() == pytest.approx(wanted["penalty"], rel=1e-9)


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("name", REFERENCE["single"])
def test_a_loss_and_its_derivative_are_those_of_pytorch(name, reduction):
    wanted, loss = REFERENCE["single"][name], LOSSES[name]
    residuals = np.array([REFERENCE["residuals"]])
    targets = np.ones_like(residuals)
    for compiled in (
        loss.compile(residuals, None, reduction),
        loss.compile(residuals + 1, targets, reduction),
    ):
        assert compiled.measure() == pytest.approx(sum(wanted["losses"]), rel=1e-14)
        scale = 1 if reduction == "sum" else compiled.mean
        np.testing.assert_allclose(
            compiled.slope[0], scale * np.array(wanted["slopes"]), rtol=1e-13, atol=1e-16
        )
    for residual, value in zip(residuals[0], wanted["losses"], strict=True):
        found = loss.evaluate(np.array([residual]), np.zeros(1))
        assert found == pytest.approx(value, rel=1e-14, abs=1e-16)


@pytest.mark.parametrize("run", ["clip, never zeroed", "all"])
def test_phase_by_phase_gives_the_same_bits_and_so_does_going_back(run):
    whole, phases = (Timeline(trainer_of_the_reference(run)) for _ in range(2))
    whole.advance(30)
    for _ in range(30 * 5):
        phases.phase()
    np.testing.assert_array_equal(phases.state.parameters, whole.state.parameters)
    np.testing.assert_array_equal(phases.state.gradient, whole.state.gradient)
    np.testing.assert_array_equal(
        phases.history.gradient_norms.values, whole.history.gradient_norms.values
    )
    whole.advance(20)
    whole.seek(30)
    np.testing.assert_array_equal(whole.state.parameters, phases.state.parameters)


def test_the_next_step_is_foretold_with_the_gradient_before_clipping():
    trainer = trainer_of_the_reference("all")
    unclipped = trainer_of_the_reference("all", clip=0.0)
    foretold = trainer.preview()
    np.testing.assert_array_equal(foretold.gradient, unclipped.preview().gradient)
    start = trainer.state.parameters.copy()
    trainer.run(1)
    np.testing.assert_array_equal(trainer.state.parameters, start + foretold.update)


@pytest.mark.parametrize(
    ("model", "weights"),
    [
        (Quadratic(2.0, -3.0, 5.0), (2.0, -3.0)),
        (RectifiedLines((1.0, -2.0), (7.0, 8.0)), (1.0, -2.0)),
    ],
)
def test_biases_are_free(model, weights):
    trainer = Trainer(model, datasets.noisy_quadratic(), l1=0.1, l2=0.01)
    wanted = 0.1 * sum(map(abs, weights)) + 0.01 * sum(weight**2 for weight in weights)
    assert trainer.penalty() == pytest.approx(wanted, rel=1e-15)
    with_penalty = trainer.preview().gradient
    pull = with_penalty - trainer.gradient()
    expected = [
        0.0 if place.is_bias else 0.1 * np.sign(value) + 2 * 0.01 * value
        for place, value in zip(model.layout.places, model.flat, strict=True)
    ]
    np.testing.assert_allclose(pull, expected, atol=1e-15)


def test_penalties_and_clipping_are_turned_on_and_off_within_a_run():
    timeline = Timeline(Trainer(Quadratic(), datasets.noisy_quadratic(), loss="huber"))
    timeline.advance(5)
    for name, value in (("l2", 0.5), ("clip", 0.1)):
        timeline.do("set", name=name, value=value)
    before = timeline.state.parameters.copy()
    timeline.advance(1)
    moved = np.linalg.norm(timeline.state.parameters - before)
    assert moved == pytest.approx(0.01 * 0.1, rel=1e-5)  # rate · longest gradient
    timeline.do("set", name="l2", value=0.0)
    timeline.do("set", name="clip", value=0.0)
    timeline.advance(5)
    there = timeline.state.parameters.copy()
    timeline.seek(0)
    timeline.seek(11)
    np.testing.assert_array_equal(timeline.state.parameters, there)
    assert timeline.trainer.penalty() == 0.0


@pytest.mark.parametrize("name", ["l1", "l2", "clip"])
@pytest.mark.parametrize("value", [-0.1, float("inf"), float("nan")])
def test_what_is_out_of_range_is_refused_with_the_range(name, value):
    with pytest.raises(RequestError, match=f"{name} must be a number from 0"):
        Config(**{name: value})


@pytest.mark.parametrize("loss", ["huber", "log-cosh"])
def test_the_best_fit_is_where_the_gradient_is_0(loss):
    """These losses are convex: where the gradient is 0, they are least."""
    data = datasets.noisy_quadratic()
    design = np.column_stack([data.x[:, 0] ** 2, data.x[:, 0], np.ones(data.rows)])
    best = LOSSES[loss].best_fit(design, data.y[:, 0])
    trainer = Trainer(Quadratic(*best), data, loss=loss)
    np.testing.assert_allclose(trainer.gradient(), 0, atol=1e-5)
    assert trainer.loss() < Trainer(Quadratic(*best + 1e-3), data, loss=loss).loss()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_huber_lies_below_both_halves_of_the_others(residuals):
    """½r² touches it from above inside, |r| outside, everywhere."""
    predictions, targets = np.array(residuals), np.zeros(len(residuals))
    found = LOSSES["huber"].evaluate(predictions, targets)
    assert found <= LOSSES["mse"].evaluate(predictions, targets) / 2 * (1 + 1e-12)
    assert found <= LOSSES["mae"].evaluate(predictions, targets) * (1 + 1e-12)


def test_what_is_shown_of_a_penalty_and_of_clipping(laboratory):
    with laboratory(l2=0.01, clip=0.5) as lab:
        shown = lab.ask(Advance(1))
        a, b, _ = (row.value for row in shown.rows)
        assert shown.penalty == pytest.approx(0.01 * (a**2 + b**2), rel=1e-12)
        assert shown.gradient_norm > 0.5
        assert any("Clipped: the gradient is 1." in line for line in describe(shown))
        bare = lab.ask(Set("l2", "0"))
        assert bare.penalty is None


# --- the contract -------------------------------------------------------------------------------


def cross_entropy_of_a_logit(predictions, targets, reduction):
    """Binary cross-entropy of logits z and targets in {0, 1}: softplus(z) − y·z, slope σ(z) − y."""
    slope, mean = np.empty_like(predictions), 1 / predictions.size

    def measure():
        slope[...] = (1 / (1 + np.exp(-predictions)) - targets) * (
            mean if reduction == "mean" else 1
        )
        return float((np.logaddexp(0, predictions) - targets * predictions).sum())

    return CompiledLoss(measure, slope, mean)


CROSS_ENTROPY = replace(
    LOSSES["mse"], name="cross-entropy", compile=cross_entropy_of_a_logit, is_of_difference=False,
    each=lambda z, y: (np.logaddexp(0, z) - y * z).mean(axis=-2),
)  # fmt: skip


@pytest.mark.parametrize(
    "model",
    [Quadratic(0.5, -1.0, 0.3), RectifiedLines((-1.0, 0.7), (0.3, 0.2)), MLP((1, 4, 2), "tanh")],
)
def test_a_loss_needs_not_be_of_the_difference(model):
    """Gradient, landscape and batches that are fetched, of a loss that asks for the targets."""
    random = np.random.default_rng(4)
    outputs = 2 if isinstance(model, MLP) else 1
    x, y = random.normal(size=(9, 1)), random.integers(0, 2, (9, outputs)).astype(float)
    assert all(each.agrees for each in check(model, Dataset(x, y), CROSS_ENTROPY))
    surface = LossSurface(model, x, y, CROSS_ENTROPY)
    value = float(model.flat[1])
    assert surface.over((1, np.array([value])))[0] == pytest.approx(surface.here(), rel=1e-12)
    index, gradient = 1, np.zeros_like(model.flat)
    bound = model.compile(x, y, 4, CROSS_ENTROPY, gradient)
    order = np.array([7, 2, 5, 1])
    bound.load(order)
    bound.forward()
    assert bound.loss() == pytest.approx(CROSS_ENTROPY.evaluate(model.predict(x[order]), y[order]))
    bound.backward()
    some = model.votes(x[order], y[order], CROSS_ENTROPY, index)
    assert some.mean() == pytest.approx(gradient[index], rel=1e-12)
