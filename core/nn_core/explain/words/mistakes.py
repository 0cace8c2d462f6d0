"""Words about the row that was gone to because the model is wrong there."""

from collections.abc import Iterator

import numpy as np

from nn_core.config.key_names import with_keys
from nn_core.explain.classes import ClassPicture
from nn_core.explain.mistakes import held_back_mistakes, mistakes
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import LINE_WIDTH, fixed, short

_NAME = 12  # letters of a class
_LETTERS = (None, 12, 8, 6)  # of an input


def sought(snapshot: Snapshot) -> Iterator[str]:
    """Which of the mistakes it is, and how many there are where."""
    request = snapshot.request
    if request.held_back >= 0 and request.view != "fit":
        yield (
            f"This is point {snapshot.point.index + 1}, trained on: "
            f"row {request.held_back + 1} held back is in no batch."
        )
        return
    if not request.sought:
        return
    trained, held_back = mistakes(snapshot), held_back_mistakes(snapshot)
    is_held_back = request.held_back >= 0
    row = request.held_back if is_held_back else snapshot.point.index
    order = held_back if is_held_back else trained
    at = np.flatnonzero(order == row)
    following = "{key.next_mistake} goes to the next"
    if snapshot.classes is None:
        if len(at):
            off = fixed(snapshot.point.off)
            yield with_keys(
                f"Off by {off}: error {at[0] + 1} of {len(order)} by size; {following}."
            )
        return
    where = "held back" if is_held_back else "trained on"
    if not len(at):
        yield with_keys(f"This row, {where}, is told right by now; {following} mistake.")
        return
    others = ""
    if snapshot.scene.validation_rows and request.view == "fit":
        others = f"{len(trained)} trained on" if is_held_back else f"{len(held_back)} held back"
        others = f", beside {others}"
    yield with_keys(f"Mistake {at[0] + 1} of {len(order)} {where}{others}; {following}.")
    yield _told(snapshot, snapshot.classes)


def _told(snapshot: Snapshot, classes: ClassPicture) -> str:
    """Where the row stands, how sure the model is, and as many of its inputs as have room."""
    row, names = classes.looked_at, classes.names
    begin = "Its row: " if row.line is None else f"Line {row.line} of the file: "
    sure = ", ".join(
        f"p({names[at][:_NAME]}) {row.shares[at]:.2f}" for at in (row.taken, row.label)
    )
    inputs = () if snapshot.scene.pixels else tuple(zip(snapshot.scene.inputs, row.x, strict=True))
    for letters in _LETTERS:  # names are cut only where that leaves all of the inputs room
        told = ", ".join(f"{name[:letters]} {short(value)}" for name, value in inputs)
        if told and len(said := f"{begin}{told}; {sure}.") <= LINE_WIDTH:
            return said
    parts = [f"{name} {short(value)}" for name, value in inputs]
    for count in range(len(parts) - 1, 0, -1):
        said = f"{begin}{', '.join(parts[:count])}, …; {sure}."
        if len(said) <= LINE_WIDTH:
            return said
    return f"{begin}{sure}."
