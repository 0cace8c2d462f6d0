"""What is true of the row that was gone to because the model is wrong there."""

import numpy as np

from claims import says
from claims.words.claim import claim


@claim(r"Mistake (\d+) of (\d+) (held back|trained on)(?:, beside (\d+) (held back|trained on))?; "
       r"m goes to the next\.")  # fmt: skip
def mistake(snapshot, number, count, where, others, elsewhere):
    found, row = snapshot.classes, snapshot.classes.looked_at
    assert row.is_held_back == (where == "held back")
    assert row.taken != row.label
    measures = {"trained on": found.measures, "held back": found.validation}
    assert int(count) == measures[where].rows - measures[where].right
    if others:
        assert int(others) == measures[elsewhere].rows - measures[elsewhere].right
    order = found.held_back_mistakes if row.is_held_back else found.mistakes
    assert order[int(number) - 1] == row.index


@claim(r"This row, (held back|trained on), is told right by now; m goes to the next mistake\.")
def right_by_now(snapshot, where):
    row = snapshot.classes.looked_at
    assert row.is_held_back == (where == "held back")
    assert row.taken == row.label


@claim(r"Off by <N>: error (\d+) of (\d+) by size; m goes to the next\.")
def error(snapshot, off, number, count):
    assert says(off, snapshot.point.off)
    sizes = np.abs(snapshot.predictions - snapshot.scene.y)
    assert int(count) == len(sizes)
    larger = int((sizes > abs(snapshot.point.off) * (1 + 1e-12)).sum())
    assert larger < int(number) <= (sizes >= abs(snapshot.point.off) * (1 - 1e-12)).sum()
