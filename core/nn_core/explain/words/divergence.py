"""Words about a loss that runs away."""

from collections.abc import Iterator

import numpy as np

from nn_core.config import MADE_DATA
from nn_core.config.experiments import default_of
from nn_core.config.key_names import key_name, with_keys
from nn_core.explain.scene import Scene
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import about, fixed, layer_said, short
from nn_core.run.replayed_run import Divergence

RUNAWAY = 100.0  # times the first loss
MANY = 10.0  # times the usual rate: so far − leads back only in many presses
LARGE_INPUT = 10.0  # the sets in the plane reach 6 and are fitted well as they are
LARGE_TARGET = 50.0  # a network fits some to 30, and neither to 100; lines don't mind
LARGE_TOGETHER = 140.0  # the one times the other: 6 and 20 are fitted, 6 and 30 are not
LARGEST_SCALED = 4.0  # how far columns of mean 0 and deviation 1 usually reach
SMALL_INPUT, SMALL_TARGET = 0.1, 0.2  # what reaches no further is hardly learned from, or at all


def divergence_sentence(found: Divergence, kept: int) -> str:
    """Why training stopped by itself, and which step's state was kept."""
    if np.isfinite(found.value):
        what = f"drive {found.parameter} to {fixed(found.value)}"
    else:
        what = f"make {found.parameter} {'not a number' if np.isnan(found.value) else 'infinite'}"
    # The update of the step that is at N leads to step N + 1.
    return f"Diverged: step {found.step + 1} would {what}; step {kept} is kept."


def reach(largest_input: float, largest_target: float) -> str:
    """Which numbers are so far from 1 that they had better be scaled; "" where none are."""
    named = (("inputs", largest_input, LARGE_INPUT), ("targets", largest_target, LARGE_TARGET))
    are_large = largest_input * largest_target > LARGE_TOGETHER
    are_large &= not any(largest > bound for _, largest, bound in named)
    found = [
        (which, about(largest)) for which, largest, bound in named if are_large or largest > bound
    ]
    if not found:
        return ""
    said = f"{found[0][0].capitalize()} reach {found[0][1]}"
    return said + "".join(f", {which} {largest}" for which, largest in found[1:])


def far_from_1(scene: Scene) -> str:
    """The same of a run's data; "" too where they are scaled."""
    return "" if scene.scaled else reach(scene.largest_input, scene.largest_target)


def near_0(snapshot: Snapshot) -> str:
    """Which numbers of a table are so small that they had better be scaled; "" where none are."""
    scene = snapshot.scene
    if scene.scaled or scene.pixels is not None or snapshot.config.data in MADE_DATA:
        return ""
    if scene.largest_input <= SMALL_INPUT:
        return f"Inputs reach only {about(scene.largest_input)}"
    if scene.smallest_input <= SMALL_INPUT:
        return f"Some inputs reach only {about(scene.smallest_input)}"
    if 0 < scene.largest_target <= SMALL_TARGET:
        return f"Targets reach only {about(scene.largest_target)}"
    return ""


def had_better_be_scaled(snapshot: Snapshot) -> str:
    """Which numbers are far from 1, or near 0; "" where none are, or they are scaled."""
    return far_from_1(snapshot.scene) or near_0(snapshot)


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
    found = scaling_advice(snapshot)
    if found:
        return found
    rate, usual = short(snapshot.config.learning_rate), usual_rate(snapshot)
    if raw := _raw_columns(snapshot):
        return raw
    if usual:
        return with_keys(
            f"Learning rate {rate} is far too large; type {usual}, {{key.enter}}, then "
            "{key.restart} to restart."
        )
    return with_keys(
        f"The learning rate {rate} is too large: {{key.rate_down}} lowers it, {{key.step_back}} "
        "goes back, {key.restart} restarts."
    )


def usual_rate(snapshot: Snapshot) -> str:
    """What to type for the experiment’s own rate, where a key leads there only in many presses."""
    config = snapshot.config
    usual = float(default_of(config, "learning_rate"))
    far = config.learning_rate > MANY * usual
    return f"{key_name('palette')}lr {short(usual)}" if far else ""


def _raw_columns(snapshot: Snapshot) -> str:
    """What helps a table that fails within those bounds, at no more than the usual rate."""
    scene = snapshot.scene
    reached = max(scene.largest_input, scene.largest_target)
    if scene.scaled or snapshot.config.data in MADE_DATA or reached <= LARGEST_SCALED:
        return ""
    if _is_raised(snapshot):
        return ""
    return with_keys(
        "Raw columns: type {key.palette}scale on, {key.enter}; it scales them and begins again."
    )


def _is_raised(snapshot: Snapshot) -> bool:
    """Whether the learning rate is above the experiment's own."""
    config = snapshot.config
    return config.learning_rate > float(default_of(config, "learning_rate"))


def scaling_advice(snapshot: Snapshot) -> str:
    """That columns far from 1 had better be scaled where it goes wrong; "" where none are."""
    found = far_from_1(snapshot.scene)
    # Of such columns a rate below the usual one makes no fit.
    others = ", {key.rate_down} lowers lr" if _is_raised(snapshot) else " and begins again"
    return found and with_keys(f"{found}: {{key.scale}} scales the columns{others}.")


def ran_away(snapshot: Snapshot) -> Iterator[str]:
    """That the loss is far above what it was at the start."""
    sentence = runaway_sentence(snapshot.observed.first_loss, snapshot.loss)
    if sentence is not None:
        yield sentence
        yield _advice(snapshot)


def only_a_constant(snapshot: Snapshot) -> Iterator[str]:
    """That a network says the same for every row, and what helps."""
    if not snapshot.observed.is_constant:
        return
    dead = snapshot.observed.dead_layer
    if dead is None:
        yield "The network is only a constant: it says the same for every row."
    else:
        count = len(snapshot.observed.silent[dead])
        which, are = (f"All {count} units", "are") if count > 1 else ("The one unit", "is")
        yield (
            f"{which} of {layer_said(dead)} {are} dead: the network says the same for every row."
        )
    lower = usual_rate(snapshot) or "{key.rate_down}"
    # A lower rate alone brings no dead unit back.
    yield (
        scaling_advice(snapshot)
        or _raw_columns(snapshot)
        or with_keys(
            f"Lower the rate ({lower}) and restart ({{key.restart}}), or take another seed or init "
            "({key.options})."
        )
    )


def unscaled(snapshot: Snapshot) -> Iterator[str]:
    """That columns far from 1, or near 0, keep it from even a line's loss."""
    found, best = had_better_be_scaled(snapshot), snapshot.scene.reference("best")
    if found and snapshot.step and best is not None and snapshot.loss > best.loss:
        yield with_keys(f"{found}: {{key.scale}} scales them, so that one rate suits all.")


def runaway_sentence(first: float | None, loss: float) -> str | None:
    """That a loss is far above the first one; None where it isn't."""
    if first is None or not 0 < RUNAWAY * first < loss < np.inf:
        return None
    return f"The loss is {short(float(f'{loss / first:.1e}'))} times what it was at the start."
