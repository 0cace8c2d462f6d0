"""What is true of a model that tells classes apart."""

import re

import numpy as np

from claims import says
from claims.words.claim import claim


@claim(r"Right on (\d+) of (\d+) rows \(<N> %\); always answering (.+?) is right on <N> %\.")
def right(snapshot, count, rows, percent, commonest, baseline):
    taken, labels = snapshot.classes.taken, snapshot.scene.labels
    if len(labels) == snapshot.scene.rows:
        assert int(count) == (taken == labels).sum()
    assert int(rows) == snapshot.scene.rows
    assert says(percent, 100 * int(count) / int(rows))
    counts = np.bincount(labels)
    assert commonest == snapshot.scene.classes[int(counts.argmax())]
    assert says(baseline, 100 * counts.max() / len(labels))


@claim(r"Of the (\d+) rows held back, right on (\d+) \(<N> %\)\.")
def right_on_rows_held_back(snapshot, rows, count, percent):
    assert int(rows) == snapshot.scene.validation_rows
    assert says(percent, 100 * int(count) / int(rows))


@claim(r"Most often (\S+) is taken for (\S+) \((\d+) rows?\)(, .*)?\.")
def confused(snapshot, is_, taken, count, more):
    confusion = snapshot.classes.measures.confusion.copy()
    np.fill_diagonal(confusion, 0)
    names = snapshot.scene.classes
    said = [(is_, taken, count), *re.findall(r", (\S+) for (\S+) \((\d+)\)", more or "")]
    counts = [confusion[names.index(one), names.index(other)] for one, other, _ in said]
    assert counts == [int(number) for *_, number in said]
    assert counts == sorted(confusion.ravel(), reverse=True)[: len(counts)]
