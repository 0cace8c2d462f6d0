"""Whatever finite numbers a run is made of, every view has something to show, and words for it."""

import numpy as np
import pytest
from extremes import LOSSES_OF_NUMBERS, extreme_runs, in_every_view
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Config, Dataset, Timeline, Trainer
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.explain.words import describe
from nn_core.training.start import build_model


@given(timeline=extreme_runs(), chosen=st.integers(0, 20), opened=st.booleans())
def test_every_view_takes_all_finite_numbers(timeline, chosen, opened):
    for snapshot in in_every_view(timeline, chosen, opened):
        describe(snapshot)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_network_starts_on_data_as_large_as_they_may_be(dtype):
    data = Dataset(np.array([[1e149], [-1e150]]), np.zeros((2, 1)))
    config = Config(experiment="mlp", model="mlp", hidden=(2,), dtype=dtype)
    timeline = Timeline(Trainer(build_model(config, data), data, config))
    timeline.advance(1)
    assert describe(capture_snapshot(timeline, make_scene(timeline), ViewRequest()))


@pytest.mark.parametrize("loss", LOSSES_OF_NUMBERS)
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
