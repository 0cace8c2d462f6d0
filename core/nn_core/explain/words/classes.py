"""Words about classes that are told apart."""

from collections.abc import Iterator

import numpy as np

from nn_core.explain.classes import ClassPicture
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import LINE_WIDTH


def told_right(snapshot: Snapshot) -> Iterator[str]:
    """How many rows are told right: of those held back first, for they tell what it is worth."""
    picture = snapshot.classes
    if picture is None or not snapshot.step:
        return
    trained, held_back = picture.measures, picture.validation
    if held_back is not None:
        yield (
            f"Right on {held_back.right} of {held_back.rows} rows held back "
            f"({_percent(held_back.accuracy)}), on {_percent(trained.accuracy)} of {trained.rows} "
            "trained on."
        )
    elif trained.right == trained.rows:
        yield _all_right(snapshot, trained.rows)
    else:
        yield (
            f"Right on {trained.right} of {trained.rows} rows trained on "
            f"({_percent(trained.accuracy)}); always answering {trained.commonest}: "
            f"{_percent(trained.baseline)}."
        )
    if snapshot.scene.pixels is not None:  # else the matrix shows it
        yield from _confused(picture)


def _all_right(snapshot: Snapshot, rows: int) -> str:
    """That all rows are told right, and since when, as far as the run was looked at."""
    curve = snapshot.accuracy
    wrong = np.flatnonzero(curve.shares < 1)
    first = curve.steps[wrong[-1] + 1 if len(wrong) else 0]
    by = -(-int(first) // snapshot.steps_per_epoch)
    return f"Right on all {rows} rows trained on, since epoch {by} at the latest."


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _confused(picture: ClassPicture) -> Iterator[str]:
    """The pairs of classes that are confused most, of more than two."""
    measures = picture.validation or picture.measures
    # In one of two lines, so that more than pairs of classes has room there.
    where = "Held back, " if picture.validation is not None else ""
    how = measures.how_often
    begin = f"{where}{how}" if where else how.capitalize()
    told = measures.confusions(LINE_WIDTH - len(f"{begin} ."))
    if len(picture.names) > 2 and told:
        yield f"{begin} {told}."
