"""Words about classes that are told apart."""

from collections.abc import Iterator

from nn_core.explain.snapshot import Snapshot


def told_right(snapshot: Snapshot) -> Iterator[str]:
    """How many rows are told right, beside the simplest answer; then those held back."""
    if snapshot.classes is None or not snapshot.step:
        return
    yield f"{_begun(snapshot.classes.measures.sentence)}."
    held_back = snapshot.classes.validation
    if held_back is not None:
        share = f"{100 * held_back.accuracy:.1f} %"
        yield f"Of the {held_back.rows} rows held back, right on {held_back.right} ({share})."


def _begun(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
