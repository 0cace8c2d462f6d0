"""What is true of a model that tells classes apart."""

import re

import numpy as np

from claims import says
from claims.words.claim import claim

ALWAYS = r"always answering (.+?): <N> %\."


@claim(r"Right on (\d+) of (\d+) rows trained on \(<N> %\); " + ALWAYS)
def right(snapshot, count, rows, percent, commonest, baseline):
    taken, labels = snapshot.classes.taken, snapshot.scene.labels
    if len(labels) == snapshot.scene.rows:
        assert int(count) == (taken == labels).sum()
    assert int(rows) == snapshot.scene.rows
    assert says(percent, 100 * int(count) / int(rows))
    counts = np.bincount(labels)
    assert commonest == snapshot.scene.classes[int(counts.argmax())]
    assert says(baseline, 100 * counts.max() / len(labels))


@claim(r"Right on all (\d+) rows trained on, since epoch (\d+) at the latest\.")
def all_right(snapshot, rows, epoch):
    assert (snapshot.classes.taken == snapshot.scene.labels).all()
    assert int(rows) == snapshot.scene.rows
    curve = snapshot.accuracy
    seen = curve.steps >= int(epoch) * snapshot.steps_per_epoch
    assert (curve.shares[seen] == 1).all()
    assert seen.any()


@claim(r"Right on (\d+) of (\d+) rows held back \(<N> %\), on <N> % of (\d+) trained on\.")
def right_on_rows_held_back(snapshot, count, rows, percent, of_trained, trained):
    assert int(rows) == snapshot.scene.validation_rows
    assert says(percent, 100 * int(count) / int(rows))
    assert int(trained) == snapshot.scene.rows
    labels = snapshot.scene.labels
    assert says(of_trained, 100 * (snapshot.classes.taken == labels).mean())


@claim(
    r"(Held back, |)([Mm]ost often|[Oo]nce each) (\S+) is taken for (\S+) \((\d+) rows?\)(, .*?)?"
    r"( and \d+ more as often)?\."
)
def confused(snapshot, begin, often, is_, taken, count, more, left):
    found = snapshot.classes
    measures = found.measures if not begin else found.validation
    assert (found.validation is None) == (not begin)
    assert often[0].isupper() == (not begin)
    confusion = measures.confusion.copy()
    np.fill_diagonal(confusion, 0)
    names = snapshot.scene.classes
    said = [(is_, taken, count), *re.findall(r", (\S+) for (\S+) \((\d+)\)", more or "")]
    counts = [confusion[names.index(one), names.index(other)] for one, other, _ in said]
    assert counts == [int(number) for *_, number in said]
    ordered = sorted(confusion.ravel(), reverse=True)
    assert counts == ordered[: len(counts)]
    assert (often.lower() == "once each") == (ordered[0] == 1 == ordered[1])
    others = ordered[len(counts) :].count(counts[-1])
    assert (left or "") == (f" and {others} more as often" if others else "")
