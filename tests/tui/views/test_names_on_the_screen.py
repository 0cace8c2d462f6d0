"""What layers, units and parameters are called in the views and in the words: one scheme."""

import re

from nn_core import Config, Timeline, Trainer
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.insights import INSIGHTS
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.explain.words import describe
from nn_tui.views import VIEWS, Frame

# What a person would take for another scheme: PyTorch's names, units without layer, inputs from 0.
OTHER = re.compile(
    r"\d+\.(?:weight|bias)|(?i:unit) (?:\d+(?!\.?\d)(?! of)|\d+\.0)|\bin ?0\b|[hδ]\d+(?!\.)"
)
NETWORK = Config(experiment="mlp", model="mlp", hidden=(4, 3), activation=("tanh",), loss="mse")


def test_no_view_and_no_sentence_speaks_by_another_scheme() -> None:
    """In every phase of a step, of layers, of an opened one, and of units."""
    timeline = Timeline(Trainer.from_config(NETWORK))
    scene = make_scene(timeline)
    for _ in range(5):
        timeline.phase()
        for view in VIEWS:
            for opened in (None, "2.weight"):
                request = ViewRequest(view=view.name, opened=opened, chosen=2, by_unit=view.by_unit)
                snapshot = capture_snapshot(timeline, scene, request)
                lines = [*describe(snapshot), *(row.label for row in snapshot.rows)]
                if view.name in INSIGHTS:
                    drawn = view.draw(snapshot, Frame(100, 30, "braille"))
                    lines += ["".join(text for text, _ in line) for line in drawn]
                assert [line for line in lines if OTHER.search(line)] == []


def test_the_view_of_the_relus_is_called_after_what_they_are() -> None:
    relus = next(view for view in VIEWS if view.name == "ReLUs")
    assert relus.title(NETWORK) == "units"
    assert relus.title(NETWORK.replace(activation=("relu",))) == relus.title(None) == "ReLUs"
