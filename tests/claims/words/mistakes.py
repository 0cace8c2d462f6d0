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


@claim(
    r"(?:Line (\d+) of the file|Its row): (?:([^;]+?)(, …)?; )?"
    r"p\((.+?)\) (\d\.\d\d), p\((.+?)\) (\d\.\d\d)\."
)
def how_sure(snapshot, line, inputs, rest, taken, taken_share, own, own_share):
    found, row = snapshot.classes, snapshot.classes.looked_at
    assert (int(line) if line else None) == row.line
    for name, label, share in ((taken, row.taken, taken_share), (own, row.label, own_share)):
        assert found.names[label].startswith(name)
        assert float(share) == round(row.shares[label], 2)
    named = [each.rpartition(" ") for each in inputs.split(", ")] if inputs else []
    if not snapshot.scene.pixels and inputs:
        assert bool(rest) == (len(named) < len(row.x))
    for (name, _, value), expected, known in zip(named, row.x, snapshot.scene.inputs, strict=False):
        assert known == name or (not rest and known.startswith(name))
        assert says(value, expected)


@claim(r"This is point (\d+), trained on: row (\d+) held back is in no batch\.")
def of_a_point_instead(snapshot, point, held_back):
    assert int(point) == snapshot.point.index + 1
    assert int(held_back) == snapshot.request.held_back + 1
    assert snapshot.request.view != "fit"


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
