"""The slope view: its landscape alone, and all that it adds to a snapshot after a step."""

from collections.abc import Iterator

import numpy as np
from measure import Row, Run, at_most, interleave
from training import lesson_data

from nn_core.analysis.landscape import LossSurface
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.insights import ViewMemory
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.models import MLP, Model, Quadratic, RectifiedLines
from nn_core.models.losses import LOSSES
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer

CELLS, ROWS = 100, 20
MODELS: dict[str, Model] = {
    "quadratic": Quadratic(), "double ReLU": RectifiedLines(), "1-16-1": MLP((1, 16, 1)),
}  # fmt: skip


def landscape() -> Iterator[Row]:
    """A landscape of 100×100 settings over 20 points, in one pass."""
    data = lesson_data(ROWS)
    values = np.linspace(-2.0, 2.0, CELLS)

    def over(model: Model) -> Run:
        def run(count: int) -> None:
            for _ in range(count):
                LossSurface(model, data.x, data.y, LOSSES["mae"]).over((0, values), (1, values))

        return run

    timings = interleave({name: over(model) for name, model in MODELS.items()})
    for name in MODELS:
        what = f"landscape of {CELLS}×{CELLS}, {ROWS} points, {name}"
        yield Row(what, "", "s", timings[name], bar=at_most(10e-3))


def slope_view() -> Iterator[Row]:
    """A step and a snapshot of the slope view, beside the same of the fit."""

    def steps(model: Model, view: str) -> Run:
        trainer = Trainer(model.astype("float64"), lesson_data(ROWS), learning_rate=1e-4)
        timeline = Timeline(trainer)
        scene, request, memory = make_scene(timeline), ViewRequest(view=view), ViewMemory()

        def run(count: int) -> None:
            for _ in range(count):
                timeline.advance(1)
                capture_snapshot(timeline, scene, request, memory=memory)

        return run

    for name, model in MODELS.items():
        timings = interleave({view: steps(model, view) for view in ("slope", "fit")})
        for view in ("slope", "fit"):
            yield Row(
                f"a step and its snapshot with {view} in sight, {name}", "", "s", timings[view]
            )


BENCHMARKS = {"landscape": landscape, "slope-view": slope_view}
