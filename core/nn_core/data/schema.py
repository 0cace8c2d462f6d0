"""The Schema: how the columns of a table become inputs and targets, and predictions an answer.

It is all that has to travel with a model for it to be used on raw rows: it is a value of plain
parts, held by the data set and written into session files, files of weights and scripts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from nn_core.arrays import LARGEST, Array
from nn_core.data.cells import LONGEST_NAME, Kind
from nn_core.errors import RequestError
from nn_core.formatting import listed, printable

# What two columns, here x1 and x2, can be turned into.
FEATURES = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1 * x1,
    "x2^2": lambda x1, x2: x2 * x2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin(x1)": lambda x1, x2: np.sin(x1),
    "sin(x2)": lambda x1, x2: np.sin(x2),
}


@dataclass(frozen=True, eq=False)
class Scaling:
    """How columns were standardised: scaled = (raw − mean) ÷ deviation."""

    mean: Array
    deviation: Array

    def apply(self, raw: Array) -> Array:
        """Raw values (rows, columns) to scaled ones."""
        scaled: Array = (raw - self.mean) / self.deviation
        return scaled

    def undo(self, scaled: Array) -> Array:
        """Scaled values (rows, columns) to raw ones."""
        raw: Array = scaled * self.deviation + self.mean
        return raw

    @classmethod
    def of(cls, columns: Array, names: Sequence[str]) -> "Scaling":
        """What makes mean 0 and deviation 1 of columns; one of a single value becomes 0.

        `RequestError` where other values lie too close together.
        """
        mean = columns.mean(axis=0)
        constant = columns.min(axis=0) == columns.max(axis=0)
        # The squares of very small numbers are 0; those of numbers about 1 lose no digit.
        off = columns - mean
        unit = np.ldexp(1.0, np.maximum(np.frexp(np.abs(off).max(axis=0))[1], -1021))
        deviation = np.where(constant, 1.0, np.sqrt(((off / unit) ** 2).mean(axis=0)) * unit)
        for name, each in zip(names, deviation, strict=True):
            if not each >= 1 / LARGEST:
                raise RequestError(
                    f"column {name!r} varies by {each:g} only; "
                    "it can’t be scaled to a deviation of 1"
                )
        return cls(mean, deviation)


@dataclass(frozen=True)
class Column:
    """A column that inputs are made of.

    One of texts makes an input for each of its `levels`, 1 where a row has it and else 0.  `fill`
    stands for a missing value: a number, or the place of a level; None where rows are dropped.
    """

    name: str
    levels: tuple[str, ...] = ()
    kind: Kind = "number"
    fill: float | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs that it makes."""
        return tuple(f"{self.name}={level}" for level in self.levels) or (self.name,)


@dataclass(frozen=True, eq=False)
class Schema:
    """Columns → features → scaled inputs; targets, scaled, or the classes they are one of.

    Without `features` the inputs are the columns' own; with them there are two columns of numbers.
    `classes` is empty where numbers are predicted.  Two classes are one output, the second's; more
    are an output each.
    """

    columns: tuple[Column, ...] = (Column("x"),)
    targets: tuple[str, ...] = ("y",)
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    x_scaling: Scaling | None = None
    y_scaling: Scaling | None = None

    @classmethod
    def of_numbers(cls, inputs: Sequence[str], targets: Sequence[str] = ("y",)) -> "Schema":
        """Columns of numbers taken as they are."""
        return cls(tuple(map(Column, inputs)), tuple(targets))

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the model's inputs."""
        return self.features or tuple(name for column in self.columns for name in column.inputs)

    @property
    def takes_columns(self) -> bool:
        """Whether the inputs are the columns as they are, nothing computed of them."""
        return not self.features and not any(column.levels for column in self.columns)

    @property
    def outputs(self) -> int:
        """How many outputs the model needs."""
        if not self.classes:
            return len(self.targets)
        return 1 if len(self.classes) == 2 else len(self.classes)

    @property
    def outputs_named(self) -> tuple[str, ...]:
        """What each output is of: a target, the second of two classes, or a class."""
        if not self.classes:
            return self.targets
        return self.classes[1:] if len(self.classes) == 2 else self.classes

    def featured(self, raw: Array) -> Array:
        """The inputs before scaling, (rows, inputs), of the columns' values (rows, columns).

        Where a column is of texts, its values are places in its levels.
        """
        if self.features:
            return np.column_stack([FEATURES[name](raw[:, 0], raw[:, 1]) for name in self.features])
        if self.takes_columns:
            return raw
        parts = [
            np.equal(values[:, None], np.arange(len(column.levels))).astype(np.float64)
            if column.levels
            else values[:, None]
            for column, values in zip(self.columns, raw.T, strict=True)
        ]
        return np.concatenate(parts, axis=1)

    def encoded(self, raw: Array) -> Array:
        """The model's inputs (rows, inputs) for the columns' values (rows, columns)."""
        inputs = self.featured(raw)
        return self.x_scaling.apply(inputs) if self.x_scaling else inputs

    def one_hot(self, labels: Array) -> Array:
        """Targets (rows, outputs) for the places of classes (rows,)."""
        if len(self.classes) == 2:
            return labels[:, None].astype(np.float64)
        return np.equal(labels[:, None], np.arange(len(self.classes))).astype(np.float64)

    def labels(self, y: Array) -> Array:
        """The places of classes (rows,) of targets (rows, outputs)."""
        found: Array = (y[:, 0] if y.shape[1] == 1 else y.argmax(axis=1)).astype(int)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "columns": [
                {
                    "name": column.name,
                    "kind": column.kind,
                    "levels": list(column.levels),
                    "fill": column.fill,
                }
                for column in self.columns
            ],
            "targets": list(self.targets),
            "classes": list(self.classes),
            "features": list(self.features),
            "scaling": {
                name: found and {"mean": found.mean.tolist(), "deviation": found.deviation.tolist()}
                for name, found in (("x", self.x_scaling), ("y", self.y_scaling))
            },
        }

    @classmethod
    def from_dict(cls, said: Any) -> "Schema":
        """The inverse of `to_dict`; `RequestError` where something is not as it writes it."""
        try:
            columns = tuple(
                Column(
                    _text(each["name"]),
                    _texts(each["levels"]),
                    _kind(each["kind"]),
                    None if each["fill"] is None else _number(each["fill"]),
                )
                for each in _list(said["columns"])
            )
            found = cls(
                columns,
                _texts(said["targets"]),
                _texts(said["classes"]),
                _texts(said["features"]),
                *(_scaling(said["scaling"][name]) for name in ("x", "y")),
            )
        except (KeyError, TypeError) as error:
            raise RequestError(f"its schema can’t be read: {printable(str(error))}") from None
        found._require_sound()
        return found

    def _require_sound(self) -> None:
        """Raise `RequestError` where the parts don't fit each other."""
        require_features(self.features, self.columns)
        sound = self.columns and self.targets and len(self.classes) != 1
        sound = sound and all(bool(each.levels) == (each.kind == "text") for each in self.columns)
        for scaling, size in (
            (self.x_scaling, len(self.inputs)),
            (self.y_scaling, len(self.targets)),
        ):
            if scaling is not None:
                sound = sound and len(scaling.mean) == len(scaling.deviation) == size
                sound = sound and bool((scaling.deviation > 0).all())
        if not sound:
            raise RequestError("its schema can’t be read: its parts don’t fit each other")


def require_features(features: Sequence[str], columns: Sequence[Column]) -> None:
    """Raise `RequestError` for features that there are not, or that these columns don't make."""
    for name in features:
        if name not in FEATURES:
            raise RequestError(f"there is no feature {name!r}; there are {', '.join(FEATURES)}")
    if features and (len(columns) != 2 or any(column.levels for column in columns)):
        raise RequestError(
            "features are made of two columns of numbers; the inputs are "
            + listed(column.name for column in columns)
        )


def _list(said: Any) -> list[Any]:
    if not isinstance(said, list):
        raise TypeError(f"{said!r:.40} is not a list")
    return said


def _text(said: Any) -> str:
    if not isinstance(said, str) or len(said) > LONGEST_NAME:
        raise TypeError(f"{said!r:.40} is not a name")
    return printable(said)


def _texts(said: Any) -> tuple[str, ...]:
    return tuple(map(_text, _list(said)))


def _kind(said: Any) -> Kind:
    if said not in ("number", "truth", "text"):
        raise TypeError(f"{said!r:.40} is not a kind of column")
    return cast(Kind, said)


def _number(said: Any) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not np.isfinite(said):
        raise TypeError(f"{said!r:.40} is not a number")
    return float(said)


def _scaling(said: Mapping[str, Any] | None) -> Scaling | None:
    if said is None:
        return None
    return Scaling(
        *(np.array(list(map(_number, _list(said[name])))) for name in ("mean", "deviation"))
    )
