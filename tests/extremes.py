"""Runs of any finite numbers, for tests of what is made of them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from nn_core import Config, Dataset, Timeline, Trainer
from nn_core.config import CLASS_LOSSES, LOSSES, OPTIMIZERS
from nn_core.data.datasets import standardised
from nn_core.errors import RequestError
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.insights import INSIGHTS
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.training.start import build_model

LOSSES_OF_NUMBERS = [name for name in LOSSES if name not in CLASS_LOSSES]
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
        "loss": st.sampled_from(LOSSES_OF_NUMBERS),
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


@st.composite
def extreme_runs(draw: Any) -> Timeline:
    """A run of any model on any data, some steps and phases on from any parameters."""
    model = draw(MODELS)
    rows = np.array(draw(st.lists(st.tuples(DATA, DATA), min_size=1, max_size=5)))
    data = Dataset(rows[:, :1], rows[:, 1:])
    if draw(st.booleans()):
        try:
            data = standardised(data)
        except RequestError:
            assume(False)
    config = Config(experiment=model["model"], **model, **draw(SETTINGS))
    made = build_model(config, data)
    numbers = draw(st.lists(PARAMETERS, min_size=1, max_size=8))
    with np.errstate(over="ignore"):
        made.flat[:] = np.resize(numbers, made.flat.size)
    made.flat[~np.isfinite(made.flat)] = 1e30
    timeline = Timeline(Trainer(made, data, config))
    timeline.advance(draw(st.integers(0, 3)))
    for _ in range(draw(st.integers(0, 4))):
        if not timeline.divergence:
            timeline.phase()
    return timeline


def in_every_view(timeline: Timeline, chosen: int, opened: bool) -> Iterator[Snapshot]:
    """A snapshot for each view, with this row chosen and, of a network, something opened."""
    scene = make_scene(timeline)
    names = [place.name for place in timeline.trainer.model.layout.places]
    opens = opened and timeline.config.is_network
    for view in ("fit", *INSIGHTS):
        request = ViewRequest(
            view=view,
            chosen=chosen,
            opened=names[chosen % len(names)] if opens else None,
            by_unit=view == "ReLUs",
        )
        yield capture_snapshot(timeline, scene, request)
