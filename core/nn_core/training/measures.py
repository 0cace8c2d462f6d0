"""Measures of a model: accuracy and the confusion of classes, or variance explained and RMSE.

Each stands beside what the simplest baseline has: the most frequent class, or the mean, of the rows
that were trained on.
"""

import math
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array
from nn_core.data.dataset import Dataset
from nn_core.formatting import about, fixed, times
from nn_core.models.losses.cross_entropy import probabilities

NAMED = 3  # pairs of classes that are confused, at most


@dataclass(frozen=True, eq=False)
class ClassMeasures:
    """How well classes are told apart.

    `confusion[i, j]` counts the rows of class i that were taken for class j.  `baseline` is the
    accuracy of always answering `commonest`.
    """

    classes: tuple[str, ...]
    confusion: Array
    commonest: str
    baseline: float

    @property
    def by_target(self) -> "dict[str, ClassMeasures]":
        """The measures of each target by its name, "" of the only one."""
        return {"": self}

    @property
    def rows(self) -> int:
        """How many rows were looked at."""
        return int(self.confusion.sum())

    @property
    def right(self) -> int:
        """How many of them were told right."""
        return int(np.trace(self.confusion))

    @property
    def accuracy(self) -> float:
        """The part of the rows that were told right."""
        return self.right / self.rows

    @property
    def precision(self) -> Array:
        """Of the rows taken for each class, the part that are of it; NaN where there are none."""
        return _shares(np.diag(self.confusion), self.confusion.sum(axis=0))

    @property
    def recall(self) -> Array:
        """Of the rows of each class, the part that were taken for it; NaN where there are none."""
        return _shares(np.diag(self.confusion), self.confusion.sum(axis=1))

    def confused(self, most: int) -> tuple[tuple[int, int, int], ...]:
        """The pairs that are confused most: what rows are, what they are taken for, how many."""
        wrong = np.where(np.eye(len(self.classes), dtype=bool), 0, self.confusion)
        order = np.argsort(-wrong, axis=None, kind="stable")[:most]
        pairs = (divmod(int(at), len(self.classes)) for at in order)
        found = ((is_, taken, int(wrong[is_, taken])) for is_, taken in pairs)
        return tuple(pair for pair in found if pair[2])

    @property
    def how_often(self) -> str:
        """What those pairs are that are confused most: several that occur once each are not."""
        wrong = [count for *_, count in self.confused(self.confusion.size)]
        return "once each" if len(wrong) > 1 and wrong[0] == 1 else "most often"

    def confusions(self, room: float = math.inf) -> str:
        """These pairs in words, as many of three as fit so many characters; "" without any.

        How many are left out that are confused as often as the last is said too.
        """
        said, pairs = "", self.confused(self.confusion.size)
        for most in range(min(NAMED, len(pairs)), 0, -1):
            told = [
                f"{self.classes[is_]} {'for' if at else 'is taken for'} {self.classes[taken]} "
                f"({count if at else times(count, 'row')})"
                for at, (is_, taken, count) in enumerate(pairs[:most])
            ]
            more = sum(count == pairs[most - 1][2] for *_, count in pairs[most:])
            said = ", ".join(told) + (f" and {more} more as often" if more else "")
            if len(said) <= room:
                break
        return said

    @property
    def sentence(self) -> str:
        """What they amount to, in words."""
        rows = self.confusion.sum(axis=1)
        is_so_here = rows[self.classes.index(self.commonest)] == rows.max()
        why = "" if is_so_here else ", most frequent in training,"
        return (
            f"right on {self.right} of {self.rows} rows ({100 * self.accuracy:.1f} %); always "
            f"answering {self.commonest}{why} is right on {100 * self.baseline:.1f} %"
        )


@dataclass(frozen=True)
class NumberMeasures:
    """How well the numbers of one target are predicted, in the units of the file.

    `explained` is R², the part of the variance of these rows, around their own mean, that the model
    explains: below 0 their mean would be better, and NaN where they don't vary.  `baseline` is the
    RMSE of the mean of the rows trained on; `rows` is how many were looked at.
    """

    explained: float
    rmse: float
    baseline: float
    rows: int

    @property
    def by_target(self) -> "dict[str, NumberMeasures]":
        """The measures of each target by its name, "" of the only one."""
        return {"": self}

    @property
    def sentence(self) -> str:
        """What they amount to, in words."""
        off = f"off by {about(self.rmse)} (RMSE), the mean by {about(self.baseline)}"
        if math.isnan(self.explained):
            return off
        return f"explains {fixed(self.explained, 2)} of the variance; {off}"


@dataclass(frozen=True)
class TargetsMeasures:
    """How well several targets are predicted: each by itself, for each has units of its own."""

    by_target: dict[str, NumberMeasures]

    @property
    def rows(self) -> int:
        """How many rows were looked at."""
        return next(iter(self.by_target.values())).rows

    @property
    def sentence(self) -> str:
        """What they amount to, in words."""
        return "; ".join(f"{name} {each.sentence}" for name, each in self.by_target.items())


Measures = ClassMeasures | NumberMeasures | TargetsMeasures


def measure(predictions: Array, data: Dataset, training: Dataset) -> Measures:
    """Measure predictions (rows, outputs) of some data, logits of classes; against `training`."""
    if data.classes:
        count = len(data.classes)
        taken, labels = probabilities(predictions).argmax(axis=1), data.labels
        confusion = np.bincount(labels * count + taken, minlength=count * count)
        commonest = int(np.bincount(training.labels, minlength=count).argmax())
        return ClassMeasures(
            data.classes,
            confusion.reshape(count, count),
            data.classes[commonest],
            float((labels == commonest).mean()),
        )
    found = data.y_scaling.undo(predictions) if data.y_scaling else predictions
    y = data.raw_y
    with np.errstate(all="ignore"):
        squares = ((found - y) ** 2).mean(axis=0)
        baselines = np.sqrt(((y - training.raw_y.mean(axis=0)) ** 2).mean(axis=0))
        # Of equal numbers the mean may be rounded, and a variance be left that is none.
        variances = np.where((y == y[0]).all(axis=0), math.nan, y.var(axis=0))
        parts = 1 - squares / variances
    numbers = (parts.tolist(), np.sqrt(squares).tolist(), baselines.tolist())
    each = [NumberMeasures(*of, data.rows) for of in zip(*numbers, strict=True)]
    names = data.schema.targets
    return TargetsMeasures(dict(zip(names, each, strict=True))) if len(each) > 1 else each[0]


def _shares(parts: Array, wholes: Array) -> Array:
    with np.errstate(all="ignore"):
        shares: Array = parts / wholes
    return shares
