"""Data sets: rows of inputs and targets, where they come from, and how they are scaled."""

from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import numpy as np

from nn_core.arrays import LARGEST, Array
from nn_core.config import Config
from nn_core.data.csv_file import Table, read_table
from nn_core.data.functions import TARGETS, Function
from nn_core.disk import exists, shown
from nn_core.errors import RequestError
from nn_core.formatting import listed, times


@dataclass(frozen=True)
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


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs x (rows, inputs) and targets y (rows, outputs), as the training sees them.

    `truth` is the function that the data was made from, where it was made.  `x_scaling` and
    `y_scaling` lead back to the units of the file, where the columns were standardised.
    `dropped` counts the rows that were left out because a cell was missing.  `validation` are the
    rows that were held back from training, scaled as those are.
    """

    x: Array
    y: Array
    x_names: tuple[str, ...] = ("x",)
    y_name: str = "y"
    truth: Function | None = None
    x_scaling: Scaling | None = None
    y_scaling: Scaling | None = None
    source: str = ""
    dropped: int = 0
    validation: "Dataset | None" = None

    def __post_init__(self) -> None:
        if self.x.ndim != 2 or self.y.ndim != 2 or len(self.x) != len(self.y):
            raise RequestError(
                "x and y are tables with as many rows as each other, rows first; "
                f"not {self.x.shape} and {self.y.shape}"
            )
        for numbers, names in ((self.x, self.x_names), (self.y, (self.y_name,))):
            if numbers.size and not float(np.abs(numbers).max()) <= LARGEST:  # NaN isn't either
                row, column = np.argwhere(~(np.abs(numbers).astype(float) <= LARGEST))[0]
                name = names[column] if column < len(names) else f"number {column + 1}"
                raise RequestError(
                    f"row {row + 1}, column {name!r}: {numbers[row, column]:g} is not between "
                    f"-{LARGEST:g} and {LARGEST:g}"
                )

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.x)

    def row(self, index: int) -> "Dataset":
        """One row alone."""
        one = slice(index, index + 1)
        return replace(self, x=self.x[one], y=self.y[one])

    @property
    def raw_x(self) -> Array:
        """The inputs in the units of the file."""
        return self.x_scaling.undo(self.x) if self.x_scaling else self.x

    @property
    def raw_y(self) -> Array:
        """The targets in the units of the file."""
        return self.y_scaling.undo(self.y) if self.y_scaling else self.y

    def with_point(self, x: float, y: float) -> "Dataset":
        """The same with one row more at the end, given in the units of the file."""
        self._require_one_input("added")
        if not np.isfinite([x, y]).all():
            raise RequestError(f"a point is two finite numbers; not {x}, {y}")
        new_x, new_y = np.array([[x]]), np.array([[y]])
        if self.x_scaling and self.y_scaling:
            new_x, new_y = self.x_scaling.apply(new_x), self.y_scaling.apply(new_y)
        return replace(self, x=np.vstack([self.x, new_x]), y=np.vstack([self.y, new_y]))

    def without_point(self, row: int) -> "Dataset":
        """The same without one row."""
        self._require_one_input("removed")
        if self.rows == 1:
            raise RequestError("the last point can't be removed")
        if not 0 <= row < self.rows:
            raise RequestError(f"there is no point {row + 1}; there are {self.rows}")
        return replace(self, x=np.delete(self.x, row, axis=0), y=np.delete(self.y, row, axis=0))

    def _require_one_input(self, done: str) -> None:
        if self.x.shape[1] != 1:
            raise RequestError(f"points are {done} by key where there is one input column")


def noisy(
    name: str = "lesson", rows: int = 20, seed: int = 42, noise: tuple[float, float] | None = None
) -> Dataset:
    """Points of a named function f: y = f(x) · (1 + N(0, noise[0])) + N(0, noise[1]).

    `noise` is the function's own unless given.  The inputs are evenly spaced, made in float32 and
    widened, and the noise comes from NumPy's legacy generator, multiplicative first: only so are
    20 rows of "lesson" the very numbers that the lesson prints.
    """
    target = TARGETS[name]
    x = np.linspace(target.low, target.high, rows, dtype=np.float32)[:, None].astype(np.float64)
    random = np.random.RandomState(seed)
    multiplicative, additive = target.noise if noise is None else noise
    y = target.function(x) * (1 + random.normal(0, multiplicative, x.shape))
    y = y + random.normal(0, additive, x.shape)
    source = f"{times(rows, 'noisy point')} of {target.formula}"
    if (name, rows) == ("lesson", 20):
        source = "the lesson's noisy quadratic"
    return Dataset(x, y, truth=target.function, source=source)


def noisy_quadratic(seed: int = 42, noise: tuple[float, float] = (0.15, 1.5)) -> Dataset:
    """The lesson's 20 points of 3x² + 2x + 1."""
    return noisy("lesson", seed=seed, noise=noise)


def from_table(table: Table, x: tuple[str, ...] = (), y: str = "") -> Dataset:
    """Inputs and target by their column names; default all but the last, and the last.

    Rows in which one of these columns is missing are dropped, and counted.
    """
    if len(table.names) < 2:
        raise RequestError(f"{table.source}: one column is not enough; inputs and a target are")
    target = y or table.names[-1]
    inputs = x or tuple(name for name in table.names if name != target)
    places = {name: place for place, name in enumerate(table.names)}
    for name in (*inputs, target):
        if name not in places:
            raise RequestError(
                f"{table.source}: there is no column {name!r}; there are {listed(table.names)}"
            )
    if target in inputs:
        raise RequestError(f"{table.source}: {target!r} can't be an input and the target")
    names = (*inputs, target)
    values = table.values[:, [places[name] for name in names]]
    missing = np.isnan(values)
    source, dropped = table.source, 0
    if missing.any():
        complete = ~missing.any(axis=1)
        dropped = len(values) - int(complete.sum())
        values = values[complete]
        source += f", {times(dropped, 'row')} with missing cells dropped"
    if len(values) < 2:
        left = "one row of data is" if len(values) else "0 rows of data are"
        raise RequestError(f"{source}: {left} not enough; at least 2 are needed")
    for name, column in zip(names, values.T, strict=True):
        if column.min() == column.max():
            raise RequestError(
                f"{table.source}: column {name!r} is {column[0]:g} in every row; "
                "nothing can be learnt from a constant column"
            )
    return Dataset(values[:, :-1], values[:, -1:], inputs, target, source=source, dropped=dropped)


def split(data: Dataset, fraction: float, seed: int) -> Dataset:
    """The same data with a part of its rows, drawn by the seed, held back as `validation`.

    The rows of both keep their order.
    """
    held_back = int(fraction * data.rows + 0.5)
    if not 1 <= held_back < data.rows:
        raise RequestError(
            f"validation {fraction:g} of {times(data.rows, 'row')} is {times(held_back, 'row')}; "
            "at least one is needed to validate on, and one to train on"
        )
    drawn = np.zeros(data.rows, bool)
    drawn[np.random.default_rng(seed).permutation(data.rows)[:held_back]] = True
    return replace(
        data,
        x=data.x[~drawn],
        y=data.y[~drawn],
        validation=replace(data, x=data.x[drawn], y=data.y[drawn]),
    )


def standardised(data: Dataset) -> Dataset:
    """The same data with every column at mean 0 and standard deviation 1.

    Mean and deviation are those of the training rows; validation rows are scaled by them too.
    """
    for name, column in zip((*data.x_names, data.y_name), (*data.x.T, *data.y.T), strict=True):
        if column.min() == column.max():
            raise RequestError(
                f"column {name!r} is {column[0]:g} in every row to train on; "
                "it can't be scaled to a deviation of 1"
            )
    x_scaling, y_scaling = _scaling(data.x, data.x_names), _scaling(data.y, (data.y_name,))
    truth = data.truth
    scaled_truth: Function | None = None
    if truth is not None:

        def scaled_truth(x: Array) -> Array:
            return y_scaling.apply(truth(x_scaling.undo(x)))

    def scaled(part: Dataset) -> Dataset:
        return replace(
            part,
            x=x_scaling.apply(part.x),
            y=y_scaling.apply(part.y),
            truth=scaled_truth,
            x_scaling=x_scaling,
            y_scaling=y_scaling,
            validation=part.validation and scaled(part.validation),
        )

    return scaled(data)


def _scaling(columns: Array, names: tuple[str, ...]) -> Scaling:
    """Mean and deviation of the columns; `RequestError` where they lie too close together."""
    mean = columns.mean(axis=0)
    # The squares of very small numbers are 0; those of numbers about 1 lose no digit.
    off = columns - mean
    unit = np.ldexp(1.0, np.maximum(np.frexp(np.abs(off).max(axis=0))[1], -1021))
    deviation = np.sqrt(((off / unit) ** 2).mean(axis=0)) * unit
    for name, each in zip(names, deviation, strict=True):
        if not each >= 1 / LARGEST:
            raise RequestError(
                f"column {name!r} varies by {each:g} only; it can't be scaled to a deviation of 1"
            )
    return Scaling(mean, deviation)


def stopping_distance() -> Dataset:
    """Speed (mph) and stopping distance (ft) of 50 cars of the 1920s.

    Ezekiel, Methods of Correlation Analysis, 1930; known as R's `cars`.
    """
    with resources.as_file(resources.files("nn_core.data") / "stopping-distance.csv") as path:
        table = read_table(path)
    return from_table(Table(table.names, table.values, "50 cars of the 1920s (Ezekiel, 1930)"))


def load(config: Config) -> Dataset:
    """The data set that a Config asks for; `RequestError` where it can't be had."""
    if config.data in TARGETS:
        data = noisy(config.data, config.rows, config.data_seed, config.noise)
    elif config.data == "stopping-distance":
        data = stopping_distance()
    else:
        data = from_table(_read_own(config), config.x, config.y)
    if config.validation:
        data = split(data, config.validation, config.data_seed)
    return standardised(data) if config.scale else data


def _read_own(config: Config) -> Table:
    path = Path(config.data)
    if not exists(path) and not path.suffix:
        known = ", ".join(TARGETS)
        raise RequestError(
            f"{shown(path)}: there is no such file, and no function of that name; there are {known}"
        )
    return read_table(path, allow_missing=config.missing == "drop")
