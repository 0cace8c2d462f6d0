"""The landscape: every loss on it is the one that the model has with these parameters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import MLP, Quadratic, RectifiedLines, Trainer, datasets
from nn_core.analysis.landscape import LossSurface
from nn_core.models.losses import LOSSES

DATA = datasets.noisy_quadratic(seed=42)
PLANE = np.random.default_rng(0).normal(size=(11, 3))
MODELS = {
    "quadratic": lambda: Quadratic(),
    "relu": lambda: RectifiedLines((-1.5, 1.5, 0.4), (-1.5, 1.5, 0.2)),
    "1-6-1": lambda: MLP((1, 6, 1), seed=1),
    "1-4-3-5-1 tanh": lambda: MLP((1, 4, 3, 5, 1), ("tanh", "relu", "sigmoid"), seed=2),
    "3-4-3-2": lambda: MLP((3, 4, 3, 2), "leaky-relu", seed=3),
}


def rows_for(model):
    if getattr(model, "sizes", (1,))[0] == 1:
        return DATA.x, DATA.y
    return PLANE, PLANE[:, :2] ** 2


def alone(model, x, y, loss, indices, values):
    """The loss where the model itself takes these values."""
    before = model.flat.copy()
    model.flat[list(indices)] = values
    found = LOSSES[loss].evaluate(model.predict(x), y)
    model.flat[:] = before
    return found


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", MODELS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_grid_holds_what_the_model_says_at_each_setting(name, loss, data):
    model = MODELS[name]()
    x, y = rows_for(model)
    pair = data.draw(
        st.lists(st.integers(0, model.flat.size - 1), min_size=1, max_size=2, unique=True)
    )
    axes = [(index, np.linspace(-2, 3, 4 + at)) for at, index in enumerate(pair)]
    found = LossSurface(model, x, y, LOSSES[loss]).over(*axes)
    for place in np.ndindex(*found.shape):
        values = [axis[1][at] for axis, at in zip(axes, place, strict=True)]
        expected = alone(model, x, y, loss, pair, values)
        assert found[place] == pytest.approx(expected, rel=1e-11, abs=1e-13)


def test_it_is_worked_out_in_pieces_without_a_seam():
    model = MLP((1, 64, 64, 1), seed=0)
    surface = LossSurface(model, DATA.x, DATA.y, LOSSES["mse"])
    values = np.linspace(-2, 2, 500)
    whole = surface.over((0, values))
    parts = [surface.over((0, part)) for part in np.split(values, 20)]
    np.testing.assert_allclose(whole, np.concatenate(parts), rtol=1e-13)


@pytest.mark.parametrize("index", [0, 2])
def test_penalties_belong_to_the_loss_where_there_are_some(index):
    model = Quadratic(0.5, -2.0, 3.0)
    plain = LossSurface(model, DATA.x, DATA.y, LOSSES["mae"])
    penalised = LossSurface(model, DATA.x, DATA.y, LOSSES["mae"], l1=0.3, l2=0.2)
    values = np.array([-1.0, 0.5, 2.0])
    added = penalised.over((index, values)) - plain.over((index, values))
    a = values if index == 0 else np.full(3, 0.5)  # c is free
    np.testing.assert_allclose(added, 0.3 * (abs(a) + 2) + 0.2 * (a**2 + 4))
    assert penalised.here() - plain.here() == pytest.approx(0.3 * 2.5 + 0.2 * 4.25)


def test_the_gradient_is_the_slope_of_the_very_slice():
    model, step = MLP((1, 5, 4, 1), "tanh", seed=4), 1e-6
    surface = LossSurface(model, DATA.x, DATA.y, LOSSES["mse"], l1=0.01, l2=0.02)
    gradient = surface.gradient()
    for index in range(model.flat.size):
        ends = model.flat[index] + np.array([-step, step])
        low, high = surface.over((index, ends))
        assert gradient[index] == pytest.approx((high - low) / (2 * step), rel=1e-5, abs=1e-7)


def test_here_is_the_trainers_loss_to_the_bit():
    for name in ("quadratic", "relu", "1-6-1"):
        model = MODELS[name]()
        trainer = Trainer(model, DATA, loss="mae")
        assert LossSurface(model, DATA.x, DATA.y, LOSSES["mae"]).here() == trainer.loss()


@pytest.mark.parametrize("name", ["quadratic", "relu", "1-6-1"])
def test_what_overflows_is_not_finite_and_the_rest_is_there(name):
    model = MODELS[name]()
    found = LossSurface(model, DATA.x, DATA.y, LOSSES["mse"]).over(
        (0, np.array([-1e300, 1.0, 1e300]))
    )
    assert np.isfinite(found).tolist() in ([False, True, False], [True, True, False])


def test_single_precision_stays_near_double():
    values = np.linspace(-1, 3, 9)
    double = LossSurface(Quadratic(), DATA.x, DATA.y, LOSSES["mae"]).over((0, values))
    single = LossSurface(
        Quadratic(dtype="float32"), DATA.x.astype("f4"), DATA.y.astype("f4"), LOSSES["mae"]
    ).over((0, values))
    np.testing.assert_allclose(single, double, rtol=1e-5)
