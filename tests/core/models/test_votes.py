"""What each row wants of a parameter, and costs: their mean is the gradient, and the loss."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import MLP, Quadratic, RectifiedLines
from nn_core.models.losses import LOSSES


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10_000), loss=st.sampled_from(sorted(LOSSES)), rows=st.integers(1, 40),
    kind=st.sampled_from(["quadratic", "relu", "mlp"]), inputs=st.integers(1, 3),
    outputs=st.integers(1, 2),
)  # fmt: skip
def test_the_mean_of_the_votes_is_the_gradient(seed, loss, rows, kind, inputs, outputs):
    random = np.random.default_rng(seed)
    if kind == "mlp":
        model = MLP((inputs, 4, 3, outputs), ("tanh", "leaky-relu"), seed=seed)
    else:
        inputs = outputs = 1
        model = Quadratic() if kind == "quadratic" else RectifiedLines()
    model.flat[:] = random.normal(size=model.flat.size)
    x, y = random.normal(size=(rows, inputs)), random.normal(size=(rows, outputs))
    gradient = np.zeros(model.flat.size)
    bound = model.compile(x, y, rows, LOSSES[loss], gradient)
    bound.forward()
    bound.loss()
    bound.backward()
    for index in range(model.flat.size):
        assert model.votes(x, y, LOSSES[loss], index).mean() == pytest.approx(
            gradient[index], rel=1e-12, abs=1e-12
        )


def test_the_votes_of_many_rows_are_taken_in_parts():
    model = MLP((1, 3, 1), seed=1)
    x = np.linspace(-2, 2, 40_000)[:, None]
    some = model.votes(x, x**2, LOSSES["mse"], 2)
    assert len(some) == 40_000
    assert np.array_equal(some[-10:], model.votes(x[-10:], x[-10:] ** 2, LOSSES["mse"], 2))


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_a_loss_is_the_mean_of_each_rows(loss):
    predictions, targets = np.random.default_rng(0).normal(scale=2, size=(2, 200, 3))
    each = LOSSES[loss].each(predictions.T.copy(), targets.T)
    assert each.shape == (200,)
    assert each.mean() == pytest.approx(LOSSES[loss].evaluate(predictions, targets), rel=1e-12)
