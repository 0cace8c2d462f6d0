"""Words about a loss that runs away."""

from collections.abc import Iterator

import numpy as np

from nn_core.config.key_names import with_keys
from nn_core.explain.scene import Scene
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed, short
from nn_core.run.replayed_run import Divergence

RUNAWAY = 100.0  # times the first loss
LARGE_INPUT = 10.0  # the sets in the plane reach 6 and are fitted well as they are
LARGE_TARGET = 50.0  # a network fits some to 30, and neither to 100; lines don't mind


def divergence_sentence(found: Divergence, kept: int) -> str:
    """Why training stopped by itself, and which step's state was kept."""
    if np.isfinite(found.value):
        what = f"drove {found.parameter} to {fixed(found.value)}"
    else:
        what = f"made {found.parameter} {'not a number' if np.isnan(found.value) else 'infinite'}"
    return f"Diverged: step {found.step} {what}; step {kept} is kept."


def reach(largest_input: float, largest_target: float) -> str:
    """Which numbers are so far from 1 that they had better be scaled; "" where none are."""
    if largest_input > LARGE_INPUT:
        return f"Inputs reach {short(largest_input)}"
    return f"Targets reach {short(largest_target)}" if largest_target > LARGE_TARGET else ""


def far_from_1(scene: Scene) -> str:
    """The same of a run's data; "" too where they are scaled."""
    return "" if scene.scaled else reach(scene.largest_input, scene.largest_target)


def diverged(snapshot: Snapshot) -> Iterator[str]:
    """That training stopped by itself, and what helps."""
    if snapshot.divergence is None:
        return
    if not np.isfinite(snapshot.loss):  # before any step: somebody put it there
        found = snapshot.divergence
        yield f"With {found.parameter} at {fixed(found.value)} the loss overflows."
        yield with_keys("No step can mend that: {key.step_back} goes back, {key.restart} restarts.")
        return
    yield divergence_sentence(snapshot.divergence, snapshot.step)
    yield _advice(snapshot)


def _advice(snapshot: Snapshot) -> str:
    """What helps where the loss runs away."""
    found = far_from_1(snapshot.scene)
    if found:
        return with_keys(f"{found}: {{key.scale}} scales the columns, {{key.rate_down}} lowers lr.")
    rate = short(snapshot.config.learning_rate)
    return with_keys(
        f"The learning rate {rate} is too large: {{key.rate_down}} lowers it, {{key.step_back}} "
        "goes back, {key.restart} restarts."
    )


def ran_away(snapshot: Snapshot) -> Iterator[str]:
    """That the loss is far above what it was at the start."""
    sentence = runaway_sentence(snapshot.observed.first_loss, snapshot.loss)
    if sentence is not None:
        yield sentence
        yield _advice(snapshot)


def runaway_sentence(first: float | None, loss: float) -> str | None:
    """That a loss is far above the first one; None where it isn't."""
    if first is None or not 0 < RUNAWAY * first < loss < np.inf:
        return None
    return f"The loss is {short(float(f'{loss / first:.1e}'))} times what it was at the start."
