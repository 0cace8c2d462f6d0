"""Words about a run before its first step."""

from collections.abc import Iterator

from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.key_names import with_keys
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.words.divergence import LARGE_INPUT
from nn_core.formatting import short

# What an experiment's own description speaks of; with another, it would no longer be true.
_ABOUT = ("model", "activation", "data", "rows", "noise", "data_seed", "scale")


def far_from_1(snapshot: Snapshot) -> Iterator[str]:
    """That inputs are so far from 1 that they had better be scaled, before it fails."""
    if snapshot.step or snapshot.running or snapshot.phase:
        return
    if not snapshot.scene.scaled and snapshot.scene.largest_input > LARGE_INPUT:
        largest = short(snapshot.scene.largest_input)
        yield with_keys(
            f"Inputs reach {largest}, far from 1: scale them first ({{key.palette}} scale on), "
            "or it may diverge."
        )


def before_the_first_step(snapshot: Snapshot) -> Iterator[str]:
    """What the experiment is, and which keys begin."""
    if snapshot.step or snapshot.phase or snapshot.running:
        return
    known, config = EXPERIMENTS.get(snapshot.config.experiment), snapshot.config
    if known and any(getattr(config, name) != getattr(known.config, name) for name in _ABOUT):
        known = None
    if known:
        about = known.about[0].upper() + known.about[1:]
    else:  # a formula keeps its letters: Y is not y
        about = f"{snapshot.scene.formula}, on {snapshot.scene.source}"
    scaled = " Scaled: mean 0, deviation 1." if snapshot.scene.scaled else ""
    yield f"{about}.{'' if 'scaled' in about else scaled}"
    chosen = snapshot.chosen
    takes = "{key.step} takes one step down the gradient, {key.into} goes into it"
    if snapshot.scene.is_listed_by_layer or chosen is None:
        yield with_keys(f"{takes}; {{key.run_or_pause}} lets it run.")
    else:
        yield with_keys(f"{takes}; {{key.lower+raise}} moves {chosen.label} by hand.")
