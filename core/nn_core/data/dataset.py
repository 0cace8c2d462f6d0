"""The Dataset: rows of inputs and targets as the training sees them, and how they were made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nn_core.arrays import LARGEST, Array
from nn_core.data.choosing import choose
from nn_core.data.functions import Function
from nn_core.data.preparing import Draw, Prepared, prepare
from nn_core.data.schema import Scaling, Schema
from nn_core.data.table import Table, table_of
from nn_core.disk import stamp
from nn_core.errors import RequestError
from nn_core.formatting import listed, times


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Inputs x (rows, inputs) and targets y (rows, outputs), as the training sees them.

    `schema` says what they are called and leads back to the units of the file; of classes y is 0 or
    1 for the second of two, or a column for each.  `truth` is the function that the data was made
    from, where it was made.  `columns` are the raw columns (rows, columns) that inputs were
    computed from, where they aren't the inputs themselves.  `dropped` counts the rows that were
    left out because a cell was missing, `texts` are columns of them in the table that are neither
    inputs nor targets, `notes` say what else was done.  `lines` are the lines of a file at which
    the rows stand, where they are known.  `validation` are the rows that were held back from
    training, scaled as those are.  `files` are those that it was read from, each with its stamp
    as it was then.
    """

    x: Array
    y: Array
    schema: Schema = None  # type: ignore[assignment]  # by default names as x1, x2, y
    truth: Function | None = None
    source: str = ""
    dropped: int = 0
    texts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    columns: Array | None = None
    lines: Array | None = None
    validation: "Dataset | None" = None
    files: tuple[tuple[Path, tuple[int, int]], ...] = ()

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            object.__setattr__(self, name, _numbers(name, getattr(self, name)))
        if self.x.ndim != 2 or self.y.ndim != 2 or len(self.x) != len(self.y):
            raise RequestError(
                "x and y are tables with as many rows as each other, rows first; "
                f"not {self.x.shape} and {self.y.shape} (x[:, None] makes a table of a column)"
            )
        if self.schema is None:
            names = (
                _numbered(name, table.shape[1]) for name, table in (("x", self.x), ("y", self.y))
            )
            object.__setattr__(self, "schema", Schema.of_numbers(*names))
        shape = len(self.schema.inputs), self.schema.outputs
        if shape != (self.x.shape[1], self.y.shape[1]):
            raise RequestError(
                f"the names are of {times(shape[0], 'input')} and {times(shape[1], 'output')}; "
                f"the tables have {self.x.shape[1]} and {self.y.shape[1]} columns"
            )

        for numbers, names in ((self.x, self.x_names), (self.y, self.schema.outputs_named)):
            if numbers.size and not float(np.abs(numbers).max()) <= LARGEST:  # NaN isn't either
                row, column = np.argwhere(~(np.abs(numbers).astype(float) <= LARGEST))[0]
                raise RequestError(
                    f"row {row + 1}, column {names[column]!r}: {numbers[row, column]:g} is not "
                    f"between -{LARGEST:g} and {LARGEST:g}"
                )

    @classmethod
    def from_columns(
        cls,
        columns: Any,
        x: Sequence[str] = (),
        y: str | Sequence[str] = (),
        *,
        drop: Sequence[str] = (),
        missing: str = "drop",
        classes: bool = False,
        features: Sequence[str] = (),
    ) -> "Dataset":
        """The columns of a mapping or a frame (pandas, polars) by name, as `--data` takes a file's.

        `x` and `y` are names or wildcards; the last column is the target unless named, all other
        columns of numbers are inputs.  Texts in a target are classes; with `classes` its numbers
        are too.  `missing` is "drop", "mean" or "refuse".
        """
        return from_table(
            table_of(columns), x, y, drop=drop, missing=missing, classes=classes, features=features
        )

    def __repr__(self) -> str:
        held_back = f" and {self.validation.rows} held back" if self.validation else ""
        told = f" of the classes {listed(self.classes, 4)}" if self.classes else ""
        told += ", scaled" if self.x_scaling else ""
        source = f", {self.source}" if self.source else ""
        return (
            f"<Dataset of {times(self.rows, 'row')}{held_back}: "
            f"{listed(self.x_names, 4)} → {self.y_name}{told}{source}>"
        )

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.x)

    @property
    def extent(self) -> tuple[int, int, int]:
        """How many rows, inputs and outputs there are."""
        return (self.rows, self.x.shape[1], self.y.shape[1])

    @property
    def x_names(self) -> tuple[str, ...]:
        """What the inputs are called."""
        return self.schema.inputs

    @property
    def y_name(self) -> str:
        """What the targets are called."""
        return ", ".join(self.schema.targets)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes to tell apart; none where numbers are predicted."""
        return self.schema.classes

    @property
    def labels(self) -> Array:
        """The place of each row's class (rows,) among `classes`."""
        return self.schema.labels(self.y)

    @property
    def x_scaling(self) -> Scaling | None:
        """How the inputs were standardised."""
        return self.schema.x_scaling

    @property
    def y_scaling(self) -> Scaling | None:
        """How the targets were standardised."""
        return self.schema.y_scaling

    @property
    def is_as_on_disk(self) -> bool:
        """Whether it was read from files that are still as they were then."""
        return bool(self.files) and all(stamp(path) == was for path, was in self.files)

    @property
    def written_again(self) -> tuple[Path, ...]:
        """The files that were written again since it was read from them, and are there."""
        return tuple(path for path, was in self.files if stamp(path) not in (was, None))

    def row(self, index: int) -> "Dataset":
        """One row alone."""
        return self.some(slice(index, index + 1))

    def some(self, rows: Any) -> "Dataset":
        """The same with some of its rows: a slice, a mask, or their numbers."""
        columns = None if self.columns is None else self.columns[rows]
        lines = None if self.lines is None else self.lines[rows]
        return replace(self, x=self.x[rows], y=self.y[rows], columns=columns, lines=lines)

    @property
    def raw_x(self) -> Array:
        """The inputs in the units of the file."""
        return self.x_scaling.undo(self.x) if self.x_scaling else self.x

    @property
    def raw_y(self) -> Array:
        """The targets in the units of the file."""
        return self.y_scaling.undo(self.y) if self.y_scaling else self.y

    @property
    def raw_columns(self) -> Array:
        """The values (rows, columns) that `Schema.encoded` makes the inputs of."""
        return self.raw_x if self.columns is None else self.columns

    def with_point(self, x: float, y: float) -> "Dataset":
        """The same with one row more at the end, given in the units of the file."""
        self._require_one_input("added")
        if not np.isfinite([x, y]).all():
            raise RequestError(f"a point is two finite numbers; not {x}, {y}")
        new_x, new_y = np.array([[x]]), np.array([[y]])
        if self.classes and y not in (0, 1):
            raise RequestError(f"a point of these data has class 0 or 1; not {y:g}")
        if self.x_scaling:
            new_x = self.x_scaling.apply(new_x)
        if self.y_scaling:
            new_y = self.y_scaling.apply(new_y)
        x_rows, y_rows = np.vstack([self.x, new_x]), np.vstack([self.y, new_y])
        return replace(self, x=x_rows, y=y_rows, lines=None)

    def without_point(self, row: int) -> "Dataset":
        """The same without one row."""
        self._require_one_input("removed")
        if self.rows == 1:
            raise RequestError("the last point can’t be removed")
        if not 0 <= row < self.rows:
            raise RequestError(f"there is no point {row + 1}; there are {self.rows}")
        return self.some(np.delete(np.arange(self.rows), row))

    def _require_one_input(self, done: str) -> None:
        if self.x.shape[1] != 1 or self.y.shape[1] != 1 or self.columns is not None:
            raise RequestError(f"points are {done} by key where there is one input column")


def _numbers(name: str, given: Any) -> Array:
    """A table of numbers as floats; float32 stays what it is."""
    table = np.asarray(given)
    if table.dtype in (np.float64, np.float32):
        return table
    try:
        if table.dtype.kind == "c":
            raise ValueError
        return table.astype(np.float64)
    except (TypeError, ValueError):
        raise RequestError(
            f"{name} holds what is no number; Dataset.from_columns takes texts and missing values"
        ) from None


def _numbered(name: str, count: int) -> tuple[str, ...]:
    return (name,) if count == 1 else tuple(f"{name}{at}" for at in range(1, count + 1))


def from_table(
    table: Table,
    x: str | Sequence[str] = (),
    y: str | Sequence[str] = (),
    *,
    drop: Sequence[str] = (),
    missing: str = "drop",
    classes: bool = False,
    features: Sequence[str] = (),
    draw: Draw | None = None,
    constants: bool = False,
) -> Dataset:
    """Inputs and targets of a table by their columns' names; see `Dataset.from_columns`."""
    x, y, drop = (_names(names) for names in (x, y, drop))
    kinds = {name: table.kind(name) for name in table.names}
    choice = choose(table.names, kinds, table.source, x, y, drop)
    prepared = prepare(table, choice, missing, classes, tuple(features), draw, constants)
    return of_prepared(prepared, table.source)


def _names(names: str | Sequence[str]) -> Sequence[str]:
    if isinstance(names, str):
        return (names,) if names else ()
    return names


def of_prepared(prepared: Prepared, source: str) -> Dataset:
    """The data set of rows that are prepared, some of them held back where they are marked so."""
    schema = prepared.schema
    data = Dataset(
        prepared.x,
        prepared.y,
        schema,
        source=source,
        dropped=prepared.dropped,
        texts=prepared.texts,
        notes=prepared.notes,
        columns=None if schema.takes_columns else prepared.raw,
        lines=prepared.lines,
    )
    return data if prepared.held is None else held_back(data, prepared.held)


def held_back(data: Dataset, held: Array) -> Dataset:
    """The same data with the rows of a mask held back as `validation`; both keep their order."""
    return replace(data.some(~held), validation=data.some(held))


def draw_held(rows: int, fraction: float, seed: int) -> Array:
    """A mask of the part of so many rows that a seed draws to be held back."""
    count = int(fraction * rows + 0.5)
    if not 1 <= count < rows:
        raise RequestError(
            f"validation {fraction:g} of {times(rows, 'row')} is {times(count, 'row')}; "
            "at least one is needed to validate on, and one to train on"
        )
    drawn = np.zeros(rows, bool)
    drawn[np.random.default_rng(seed).permutation(rows)[:count]] = True
    return drawn


def split(data: Dataset, fraction: float, seed: int = 42) -> Dataset:
    """The same data with a part of its rows, drawn by the seed, held back as `validation`."""
    return held_back(data, draw_held(data.rows, fraction, seed))


def standardised(data: Dataset) -> Dataset:
    """The same data with every column at mean 0 and standard deviation 1; classes stay as they are.

    Mean and deviation are those of the training rows; validation rows are scaled by them too.  An
    input that is constant in the training rows is only shifted.
    """
    raw_x, raw_y = data.raw_x, data.raw_y
    for names, columns in (
        (data.x_names, raw_x),
        (() if data.classes else data.schema.targets, raw_y),
    ):
        constant = columns.min(axis=0) == columns.max(axis=0)
        if len(names) and constant[: len(names)].all():
            raise RequestError(
                f"column {names[0]!r} is {columns[0, 0]:g} in every row to train on; "
                "it can’t be scaled to a deviation of 1"
            )
    y_scaling = None if data.classes else Scaling.of(raw_y, data.schema.targets)
    return scaled(data, Scaling.of(raw_x, data.x_names), y_scaling)


@dataclass(frozen=True, eq=False)
class _ScaledTruth:
    """The function that data was made from, in scaled units."""

    function: Function
    x_scaling: Scaling
    y_scaling: Scaling

    def __call__(self, x: Array) -> Array:
        return self.y_scaling.apply(self.function(self.x_scaling.undo(x)))


def scaled(data: Dataset, x_scaling: Scaling | None, y_scaling: Scaling | None) -> Dataset:
    """The same data, its validation rows too, scaled so from the units of the file."""
    truth = data.truth
    if truth is not None and x_scaling is not None and y_scaling is not None:
        truth = _ScaledTruth(truth, x_scaling, y_scaling)
    schema = replace(data.schema, x_scaling=x_scaling, y_scaling=y_scaling)

    def part(some: Dataset) -> Dataset:
        return replace(
            some,
            x=x_scaling.apply(some.raw_x) if x_scaling else some.raw_x,
            y=y_scaling.apply(some.raw_y) if y_scaling else some.raw_y,
            truth=truth,
            schema=schema,
            validation=some.validation and part(some.validation),
        )

    return part(data)
