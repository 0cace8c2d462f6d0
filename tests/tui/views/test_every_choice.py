"""Every view draws whatever can be chosen by its name, within its frame."""

import pytest
from rich.cells import cell_len

from nn_core import Timeline, Trainer
from nn_core.config import ACTIVATIONS, CLASS_LOSSES, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_tui.views import VIEWS, Frame

NAMES = {
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "init": INITIALIZERS,
    "loss": LOSSES,
    "activation": ACTIVATIONS,
}
CHOICES = [(setting, name) for setting, names in NAMES.items() for name in names]


@pytest.mark.parametrize(("setting", "name"), CHOICES)
@pytest.mark.parametrize("experiment", ["quadratic", "relu-net"])
def test_every_view_draws_it_in_every_phase(setting: str, name: str, experiment: str) -> None:
    config = EXPERIMENTS[experiment].config.replace(**{setting: name})
    if name in CLASS_LOSSES:  # which want classes: below and above 0
        config = config.replace(data="step", noise=(0.0, 0.0))
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(3)
    scene = make_scene(timeline)
    for _ in range(6):
        for view in VIEWS[1:]:  # the first is panels, not rows
            request = ViewRequest(view=view.name, by_unit=view.by_unit)
            lines = view.draw(capture_snapshot(timeline, scene, request), Frame(80, 18, "braille"))
            assert lines
            assert all(sum(cell_len(text) for text, _ in line) <= 80 for line in lines)
        timeline.phase()
