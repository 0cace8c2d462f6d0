"""Words about a run before its first step."""

from collections.abc import Iterator

from nn_core.config import MADE_DATA
from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.key_names import with_keys
from nn_core.explain.scene import Scene
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.words import divergence
from nn_core.formatting import listed
from nn_core.training.batches import too_large

NAMED = 4  # most columns, or classes, that are named one by one

# What an experiment's own description speaks of; with another, it would no longer be true.
_ABOUT = ("model", "activation", "data", "rows", "noise", "data_seed", "scale")


def far_from_1(snapshot: Snapshot) -> Iterator[str]:
    """That columns are so far from 1 that they had better be scaled, before it fails."""
    if snapshot.step or snapshot.running or snapshot.phase:
        return
    found = divergence.far_from_1(snapshot.scene)
    if found:
        yield with_keys(f"{found}: press {{key.scale}} to scale them, or it may diverge.")


def _columns(scene: Scene) -> str:
    """What is told from what, of a table that has names for it."""
    target, inputs = scene.target, scene.inputs
    if scene.classes:
        many = len(scene.classes) > NAMED
        target += f" ({len(scene.classes)} classes)" if many else f" ({' or '.join(scene.classes)})"
    named = listed(inputs) if len(inputs) <= NAMED else f"{len(inputs)} inputs"
    return f"{target} from {named}, of {scene.source}"


def about_table(snapshot: Snapshot) -> str:
    """What a table's columns are for, what was left out of it, how its rows are counted.

    Empty where the data are made, by a formula or in the plane.
    """
    scene = snapshot.scene
    if snapshot.config.data in MADE_DATA:
        return ""
    notes = "".join(f" {each[0].upper()}{each[1:]}." for each in scene.notes)
    counted = "Points are counted from 1, after the header, without rows dropped or held back."
    return f"{_columns(scene)}.{notes} {counted}"


def before_the_first_step(snapshot: Snapshot) -> Iterator[str]:
    """What the experiment is, and which keys begin."""
    if snapshot.step or snapshot.phase or snapshot.running:
        return
    known, config = EXPERIMENTS.get(snapshot.config.experiment), snapshot.config
    scene = snapshot.scene
    if not config.zero_gradients:
        yield "Zeroing is off: a step adds its gradient to those before and uses the sum."
        yield with_keys(
            "Guess where that leads the loss, then {key.run_or_pause}; {key.zeroing} zeroes again."
        )
        return
    if known and any(getattr(config, name) != getattr(known.config, name) for name in _ABOUT):
        known = None
    if known:
        about = known.about[0].upper() + known.about[1:]
    elif config.data not in MADE_DATA:
        about = _columns(scene)
    else:  # a formula keeps its letters: Y is not y
        about = f"{scene.formula}, on {scene.source}"
    scaled = " Scaled: mean 0, deviation 1." if scene.scaled else ""
    told = [f"{about}.{'' if 'scaled' in about else scaled}"]
    if scene.notes:
        notes = "; ".join(scene.notes)
        # Of a table of one's own first what was left out: nothing else on the screen tells that.
        told.insert(1 if known else 0, f"{notes[0].upper()}{notes[1:]}.")
    if said := too_large(config.batch_size, scene.rows):
        yield f"{said.capitalize()}."
    yield from told
    chosen = snapshot.chosen
    takes = "{key.step} takes one step down the gradient, {key.into} goes into it"
    if scene.is_listed_by_layer or chosen is None:
        yield with_keys(f"{takes}; {{key.run_or_pause}} lets it run.")
    else:
        yield with_keys(f"{takes}; {{key.lower+raise}} moves {chosen.label} by hand.")
