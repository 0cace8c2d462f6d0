"""Words about the row that was gone to because the model is wrong there."""

from collections.abc import Iterator

import numpy as np

from nn_core.config.key_names import with_keys
from nn_core.explain.mistakes import held_back_mistakes, mistakes
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed


def sought(snapshot: Snapshot) -> Iterator[str]:
    """Which of the mistakes it is, and how many there are where."""
    request = snapshot.request
    if not request.sought or (request.held_back >= 0 and request.view != "fit"):
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
