"""Runs, and what the slope view shows of them."""

from nn_core import Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest


def run(name="quadratic", steps=0, **changes):
    """A timeline of an experiment, after some steps."""
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config.replace(**changes)))
    timeline.advance(steps)
    return timeline


def look(timeline, memory=None, **request):
    """The snapshot of a slope view."""
    asked = ViewRequest(view="slope", **request)
    return capture_snapshot(timeline, make_scene(timeline), asked, memory=memory)
