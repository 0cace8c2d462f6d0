"""The terms of the screen, explained one by one while a run is at its beginning."""

from collections.abc import Iterator

from nn_core.explain.glossary import term
from nn_core.explain.snapshot import Snapshot
from nn_core.models.losses import LOSSES
from nn_core.optim.optimizers import optimizer_of


def introduced(snapshot: Snapshot) -> Iterator[str]:
    """One term at each of the first steps, the first in sight first, and what it means."""
    if snapshot.running or snapshot.phase or snapshot.hides_gradient:
        return
    scene = snapshot.scene
    names = [LOSSES[snapshot.config.loss].title]
    if scene.classes:
        names.append("accuracy")
    names += ["gradient", "health" if scene.is_listed_by_layer else "update", "lr", "epoch"]
    names.append(optimizer_of(snapshot.config).title)
    if scene.truth is not None:
        names.append("truth")
    if scene.is_listed_by_layer:
        names += ["unit", "weight", "bias"]
    found = [each for each in map(term, names) if each is not None]
    if snapshot.step < len(found):
        now = found[snapshot.step]
        yield f"{now.name} – {now.meaning}."


def in_the_words(snapshot: Snapshot) -> Iterator[str]:
    """The same, where it has no line of its own: under a quadratic's table there is one."""
    if snapshot.scene.kind != "quadratic" or snapshot.scene.scaled:
        yield from introduced(snapshot)
