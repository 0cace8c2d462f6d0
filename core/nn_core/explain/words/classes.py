"""Words about classes that are told apart."""

from collections.abc import Iterator

from nn_core.explain.classes import ClassPicture
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import listed, times


def told_right(snapshot: Snapshot) -> Iterator[str]:
    """How many rows are told right, beside the simplest answer; then those held back."""
    if snapshot.classes is None or not snapshot.step:
        return
    yield f"{_begun(snapshot.classes.measures.sentence)}."
    if snapshot.scene.pixels is not None:  # else the matrix shows it
        yield from _confused(snapshot.classes)
    held_back = snapshot.classes.validation
    if held_back is not None:
        share = f"{100 * held_back.accuracy:.1f} %"
        yield f"Of the {held_back.rows} rows held back, right on {held_back.right} ({share})."


def _confused(picture: ClassPicture) -> Iterator[str]:
    """The pairs of classes that are confused most, of more than two."""
    pairs = picture.measures.confused(3)
    if len(picture.names) > 2 and pairs:
        told = [
            f"{picture.names[is_]} {'for' if at else 'is taken for'} {picture.names[taken]} "
            f"({count if at else times(count, 'row')})"
            for at, (is_, taken, count) in enumerate(pairs)
        ]
        yield f"Most often {listed(told)}."


def _begun(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
