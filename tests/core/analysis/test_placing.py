"""Where one unit more mends most: found rightly, and never to the loss's harm."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import MLP, Config, Dataset, Quadratic, RectifiedLines, Timeline, Trainer, datasets
from nn_core.analysis.placing import SHARE, find
from nn_core.errors import RequestError
from nn_core.models.activations import activate

ACTIVATIONS = ("relu", "leaky-relu", "tanh", "sigmoid")


def network(seed=0, activation="relu", data=None, hidden=(6,), **rest) -> Timeline:
    data = data or datasets.noisy_quadratic()
    model = MLP((data.x.shape[1], *hidden, 1), activation, seed=seed, over=data.x)
    return Timeline(Trainer(model, data, **{"loss": "mse", **rest}))


def place(timeline: Timeline):
    found = find(timeline.trainer)
    timeline.do("place_unit", weight=found.weight, bias=found.bias, outgoing=found.outgoing)
    return found


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 1000), steps=st.integers(0, 60),
    loss=st.sampled_from(["mae", "mse", "huber"]),
    activation=st.sampled_from(ACTIVATIONS), dtype=st.sampled_from(["float64", "float32"]),
    more=st.integers(1, 5),
)  # fmt: skip
def test_the_loss_never_rises_by_adding(seed, steps, loss, activation, dtype, more):
    timeline = network(seed, activation, loss=loss, dtype=dtype)
    timeline.advance(steps)
    tolerance = 1e-12 if dtype == "float64" else 1e-6
    for _ in range(more):
        before = timeline.trainer.loss()
        found = place(timeline)
        assert timeline.trainer.loss() <= before * (1 + tolerance)
        assert found.kink in timeline.trainer.data.x
    assert timeline.config.hidden == (6 + more,)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("seed", range(5))
def test_no_other_kink_at_a_point_would_mend_more(activation, seed):
    """Every candidate's least squares, one by one, by NumPy's own solver."""
    timeline = network(seed, activation)
    timeline.advance(30)
    trainer = timeline.trainer
    x, residual = (
        trainer.data.x[:, 0],
        (trainer.data.y - trainer.model.predict(trainer.data.x))[:, 0],
    )
    tried = {}
    for kink in x:
        for side in (1.0, -1.0):
            unit = activate(activation, side * (x - kink))
            push, left, *_ = np.linalg.lstsq(unit[:, None], residual, rcond=None)
            if unit.any():
                tried[kink, side] = float(left[0]), float(push[0])
    found = find(trainer)
    left, push = tried[found.kink, found.weight]
    assert left == pytest.approx(min(each for each, _ in tried.values()))
    assert found.outgoing == pytest.approx(SHARE * push)
    assert found.bias == -found.weight * found.kink
    at = list(x).index(found.worst)
    assert found.gap == pytest.approx(-residual[at])


def test_the_kink_lies_where_the_curve_is_furthest_off():
    """A flat curve under points that rise from x = 1 on."""
    x = np.linspace(-2, 2, 41)[:, None]
    timeline = network(data=Dataset(x, np.maximum(x - 1, 0)), hidden=(1,))
    timeline.state.parameters[:] = 0
    found = place(timeline)
    assert (found.kink, found.weight) == (pytest.approx(1.0), 1.0)
    assert found.outgoing == pytest.approx(SHARE)
    assert (found.worst, found.gap) == (2.0, pytest.approx(-1.0))
    timeline.do("assign", index=timeline.state.parameters.size - 2, value=1.0)
    assert timeline.trainer.loss() == pytest.approx(0, abs=1e-24)


def test_with_a_push_of_0_the_outputs_stay_and_the_unit_learns():
    timeline = network(optimizer="adam")
    timeline.advance(20)
    x = timeline.trainer.data.x
    before, old = timeline.trainer.model.predict(x), timeline.state.copy()
    timeline.do("place_unit", weight=1.0, bias=-0.5, outgoing=0.0)
    np.testing.assert_allclose(timeline.trainer.model.predict(x), before, rtol=1e-12, atol=1e-12)
    for vector, was in (
        (timeline.state.parameters, old.parameters),
        (timeline.state.slots["mean"], old.slots["mean"]),
    ):
        new, views = timeline.state.layout.views(vector), old.layout.views(was)
        np.testing.assert_array_equal(new["0.weight"][:-1], views["0.weight"])
        np.testing.assert_array_equal(new["0.bias"][:-1], views["0.bias"])
        np.testing.assert_array_equal(new["2.weight"][:, :-1], views["2.weight"])
        np.testing.assert_array_equal(new["2.bias"], views["2.bias"])
    timeline.advance(1)
    assert timeline.trainer.model.parameters["2.weight"][0, -1] != 0


def test_training_goes_on_and_going_back_over_it_is_the_same_to_the_bit():
    timeline = network(optimizer="momentum", batch_size=6)
    seen = {}
    for step in range(40):
        if step in (0, 7, 8, 30):
            place(timeline)
        seen[step] = timeline.state.parameters.copy()
        timeline.advance(1)
    assert timeline.config.hidden == (10,)
    for step in (31, 8, 1, 39, 30, 0):
        timeline.seek(step)
        np.testing.assert_array_equal(timeline.state.parameters, seen[step])
    timeline.seek(7)
    timeline.back()
    assert timeline.config.hidden == (7,)  # the unit of step 7 is undone
    assert timeline.history.losses.at(39) < timeline.history.losses.at(0)


@pytest.mark.parametrize(
    ("trainer", "about"),
    [
        (lambda data: Trainer(Quadratic(), data), "a quadratic has no ReLUs"),
        (lambda data: Trainer(RectifiedLines(), data), r"all count \+1, so their sum can’t bend"),
        (lambda data: network(hidden=(4, 4)).trainer, "one hidden layer"),
    ],
)
def test_other_models_are_told_why_not(trainer, about):
    made = trainer(datasets.noisy_quadratic())
    with pytest.raises(RequestError, match=about):
        find(made)
    with pytest.raises(RequestError, match=about):
        Timeline(made).do("place_unit", weight=1.0, bias=0.0, outgoing=0.0)


def test_where_there_is_nothing_to_find_it_says_so():
    several = Dataset(np.ones((5, 2)), np.ones((5, 1)))
    with pytest.raises(RequestError, match="one x"):
        find(network(data=several).trainer)
    with pytest.raises(RequestError, match="no kink between"):
        find(network(data=Dataset(np.ones((3, 1)), np.ones((3, 1)))).trainer)
    x = np.linspace(0, 1, 5)[:, None]
    perfect = network(data=Dataset(x, np.zeros_like(x)))
    perfect.state.parameters[:] = 0
    with pytest.raises(RequestError, match="no kink between"):
        find(perfect.trainer)
    broken = network()
    broken.do("assign", index=0, value=1e300)
    broken.do("assign", index=12, value=1e300)
    with pytest.raises(RequestError, match="overflows"):
        find(broken.trainer)


def test_of_many_rows_some_are_tried_and_all_are_heeded():
    config = Config(
        experiment="relu-net", model="mlp", hidden=(4,), data="sine", rows=50_000, loss="mae"
    )
    timeline = Timeline(Trainer.from_config(config))
    before = timeline.trainer.loss()
    found = place(timeline)
    assert found.outgoing
    assert timeline.trainer.loss() < before
