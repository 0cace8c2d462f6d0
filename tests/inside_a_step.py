"""Runs inside a step, at whose phases the step view is looked at."""

from hypothesis import strategies as st

from nn_core import Timeline, Trainer
from nn_core.config import Config
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.outcomes import Updated
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Activity
from nn_core.explain.view_request import ViewRequest
from nn_core.models.losses import LOSSES
from nn_core.optim.optimizers import OPTIMIZERS
from nn_core.training.state import PHASES


class Step:
    """A run inside a step, at each of whose phases the view can be looked at."""

    def __init__(self, config=None, steps=3, **changes):
        self.timeline = Timeline(Trainer.from_config((config or Config()).replace(**changes)))
        self.timeline.advance(steps)
        self.scene = make_scene(self.timeline)
        self.outcome = None

    def next_phase(self):
        """Go on by a phase, as the runner does."""
        self.outcome = None
        if self.timeline.state.phase == len(PHASES) - 1:
            self.outcome = Updated("a", 0.0, 0.0, 0.0, 0.0, self.timeline.state.copy())
        self.timeline.phase()
        return self

    def at(self, phase):
        """Go on until after this phase."""
        self.next_phase()
        while self.timeline.state.phase != (PHASES.index(phase) + 1) % len(PHASES):
            self.next_phase()
        return self

    def look(self, **request):
        """What the view shows."""
        request = ViewRequest(**{"view": "step", "count": 10, **request})
        return capture_snapshot(
            self.timeline, self.scene, request, Activity(outcome=self.outcome)
        ).insight


# The losses that any data has; the others tell classes apart.
DIFFERENCES = sorted(name for name, loss in LOSSES.items() if loss.is_of_difference)

MODELS = st.sampled_from(
    [
        {"model": "quadratic"},
        {"model": "relu"},
        {"model": "mlp", "hidden": (3,), "activation": "relu"},
        {"model": "mlp", "hidden": (4, 3), "activation": "tanh"},
        {"model": "mlp", "hidden": (3, 2, 2), "activation": "leaky-relu"},
        {"model": "mlp", "hidden": (2, 3), "activation": "sigmoid"},
        {"model": "mlp", "hidden": (3,), "activation": "identity"},
        {"model": "mlp", "hidden": (3, 2), "activation": "silu"},
        {"model": "mlp", "hidden": (2, 3), "activation": "gelu"},
    ]
)
RUNS = st.fixed_dictionaries(
    {
        "loss": st.sampled_from(DIFFERENCES),
        "optimizer": st.sampled_from(sorted(OPTIMIZERS)),
        "batch_size": st.sampled_from([0, 1, 6]),
        "zero_gradients": st.booleans(),
        "clip": st.sampled_from([0.0, 0.5]),
        "l1": st.sampled_from([0.0, 0.01]),
        "l2": st.sampled_from([0.0, 0.02]),
        "dtype": st.sampled_from(["float64", "float32"]),
        "seed": st.integers(0, 5),
        "schedule": st.sampled_from(["constant", "cosine"]),
    }
)


def texts(found):
    return {line.label: (line.text, line.result) for line in found.lines}
