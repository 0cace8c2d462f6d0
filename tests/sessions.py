"""Session files, as tests write and read them."""

import numpy as np
from timelines import state_bits

from nn_core.disk import write_atomically
from nn_core.storage.session import dumps, open_session


def bits(timeline):
    """Everything that a run is, to the bit."""
    history = timeline.history
    return {
        "state": state_bits(timeline.state),
        "tip": timeline.tip, "losses": history.losses.values.tobytes(),
        "norms": history.gradient_norms.values.tobytes(),
        "rates": history.learning_rates.values.tobytes(),
        "validation": [points.tobytes() for points in history.validation.points()],
        "events": timeline.events, "config": timeline.config,
        "data": (timeline.trainer.data.x.tobytes(), timeline.trainer.data.y.tobytes()),
    }  # fmt: skip


def csv(path, rows):
    """A file of so many rows, each of a speed and a distance, under this path."""
    random = np.random.default_rng(1)
    lines = [f"{x!r},{y!r}" for x, y in random.normal(size=(rows, 2)).tolist()]
    path.write_text("\n".join(["speed,distance", *lines]) + "\n")
    return path


def saved(folder, timeline, resumable=False):
    """The path of a run's session file, in this folder."""
    path = folder / "run.json"
    write_atomically(path, dumps(timeline, resumable).encode())
    return path


def reopened(timeline, folder, resumable=False):
    """The run, saved and opened again."""
    return open_session(saved(folder, timeline, resumable))
