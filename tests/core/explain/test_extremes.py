"""Whatever finite numbers a run is made of, every view has something to show, and words for it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Config, Dataset, Timeline, Trainer
from nn_core.config import LOSSES, OPTIMIZERS
from nn_core.data.datasets import standardised
from nn_core.errors import RequestError
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.insights import INSIGHTS
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.explain.words import describe
from nn_core.training.start import build_model

NASTY = [0.0, -0.0, 5e-324, 1e-310, -1e-308, 1e-160, 1e-20, 1.0, -1.5, 1e20, 1e149, 1e150, -1e150]
DATA = st.sampled_from(NASTY) | st.floats(-1e150, 1e150)
PARAMETERS = st.sampled_from([*NASTY, 1e200, 1.7e308, -1.7e308]) | st.floats(
    allow_nan=False, allow_infinity=False
)
MODELS = st.sampled_from(
    [{"model": "quadratic"}, {"model": "relu"}, *(
        {"model": "mlp", "hidden": hidden, "activation": activation}
        for hidden in [(2,), (3, 2)] for activation in ["relu", "tanh", "sigmoid"]
    )]
)  # fmt: skip
SETTINGS = st.fixed_dictionaries(
    {
        "loss": st.sampled_from(LOSSES),
        "optimizer": st.sampled_from(OPTIMIZERS),
        "learning_rate": st.sampled_from([5e-324, 1e-300, 1e-9, 0.1, 1e9, 1e160, 1.7e308]),
        "zero_gradients": st.booleans(),
        "batch_size": st.sampled_from([0, 1]),
        "l1": st.sampled_from([0.0, 1e300]),
        "l2": st.sampled_from([0.0, 1e-300, 1e300]),
        "clip": st.sampled_from([0.0, 5e-324, 1e300]),
        "dtype": st.sampled_from(["float64", "float64", "float32"]),
    }
)


@given(
    model=MODELS,
    settings=SETTINGS,
    rows=st.lists(st.tuples(DATA, DATA), min_size=1, max_size=5),
    scale=st.booleans(),
    numbers=st.lists(PARAMETERS, min_size=1, max_size=8),
    steps=st.integers(0, 3),
    phases=st.integers(0, 4),
    chosen=st.integers(0, 20),
    opened=st.booleans(),
)
def test_every_view_takes_all_finite_numbers(
    model, settings, rows, scale, numbers, steps, phases, chosen, opened
):
    x, y = np.array(rows)[:, :1], np.array(rows)[:, 1:]
    data = Dataset(x, y)
    if scale:
        try:
            data = standardised(data)
        except RequestError:
            return
    config = Config(experiment=model["model"], **model, **settings)
    made = build_model(config, data)
    with np.errstate(over="ignore"):
        made.flat[:] = np.resize(numbers, made.flat.size)
    made.flat[~np.isfinite(made.flat)] = 1e30
    timeline = Timeline(Trainer(made, data, config))
    timeline.advance(steps)
    if not timeline.divergence:
        for _ in range(phases):
            timeline.phase()
    scene = make_scene(timeline)
    names = [place.name for place in made.layout.places]
    opens = opened and model["model"] == "mlp"
    for view in ("fit", *INSIGHTS):
        request = ViewRequest(
            view=view,
            chosen=chosen,
            opened=names[chosen % len(names)] if opens else None,
            by_unit=view == "ReLUs",
        )
        describe(capture_snapshot(timeline, scene, request))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_network_starts_on_data_as_large_as_they_may_be(dtype):
    data = Dataset(np.array([[1e149], [-1e150]]), np.zeros((2, 1)))
    config = Config(experiment="mlp", model="mlp", hidden=(2,), dtype=dtype)
    timeline = Timeline(Trainer(build_model(config, data), data, config))
    timeline.advance(1)
    assert describe(capture_snapshot(timeline, make_scene(timeline), ViewRequest()))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("size", [5e-324, 1e-310, 1e-200, 1.0, 1e100, 1e150])
def test_what_a_loss_is_held_against_is_the_same_at_any_size(loss, size):
    """References are worked out where they can be, and are absent where their numbers overflow."""
    x = np.linspace(-1, 1, 9)[:, None]
    y = np.array([1, 3, 2, 5, 4, 1, 2, 3, 1.0])[:, None] / 5
    here, usual = (
        make_scene(Timeline(Trainer(build_model(config, data), data, config))).references
        for data, config in [
            (Dataset(x * size, y), Config(loss=loss)), (Dataset(x, y), Config(loss=loss))
        ]
    )  # fmt: skip
    if size > 1e-300:
        assert here[-1].loss == pytest.approx(usual[-1].loss, rel=1e-9)
    else:
        assert all(np.isfinite(each.loss) for each in here)
