"""Runs with units, and what the ReLUs view shows of them."""

from nn_core import Config, Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest

LOOK = ViewRequest(view="ReLUs", by_unit=True, count=16)
RUNS = {
    "relu": Config(experiment="relu", model="relu"),
    "1-16-1": EXPERIMENTS["relu-net"].config,
    "leaky": EXPERIMENTS["relu-net"].config.replace(activation=("leaky-relu",)),
    "tanh": EXPERIMENTS["relu-net"].config.replace(activation=("tanh",), hidden=(5,)),
    "sigmoid": EXPERIMENTS["relu-net"].config.replace(activation=("sigmoid",), hidden=(5,)),
    "identity": EXPERIMENTS["relu-net"].config.replace(activation=("identity",), hidden=(5,)),
    "silu": EXPERIMENTS["relu-net"].config.replace(activation=("silu",), hidden=(5,)),
    "gelu": EXPERIMENTS["relu-net"].config.replace(activation=("gelu",), hidden=(5, 3)),
    "float32": EXPERIMENTS["relu-net"].config.replace(dtype="float32"),
    "scaled": EXPERIMENTS["stopping-distance"].config.replace(model="mlp", hidden=(8,)),
    "batches": EXPERIMENTS["relu-net"].config.replace(batch_size=6, validation=0.2),
    "deep": EXPERIMENTS["relu-net"].config.replace(hidden=(6, 5, 4)),
    "adam": EXPERIMENTS["relu-net"].config.replace(optimizer="adam", learning_rate=0.1, l2=0.01),
}


def look(timeline: Timeline, request: ViewRequest = LOOK):
    return capture_snapshot(timeline, make_scene(timeline), request)


def run(name: str, steps: int = 20, seed: int = 0) -> Timeline:
    timeline = Timeline(Trainer.from_config(RUNS[name].replace(seed=seed)))
    timeline.advance(steps)
    return timeline
