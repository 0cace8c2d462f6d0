"""Data sets: rows of inputs and targets, where they come from, and how they are scaled."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import numpy as np

from nn_core.arrays import Array
from nn_core.config import Config
from nn_core.csv_file import Table, read_table
from nn_core.errors import RequestError

Function = Callable[[Array], Array]


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
    """

    x: Array
    y: Array
    x_names: tuple[str, ...] = ("x",)
    y_name: str = "y"
    truth: Function | None = None
    x_scaling: Scaling | None = None
    y_scaling: Scaling | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if self.x.ndim != 2 or self.y.ndim != 2 or len(self.x) != len(self.y):
            raise RequestError(
                "x and y are tables with as many rows as each other, rows first; "
                f"not {self.x.shape} and {self.y.shape}"
            )

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.x)

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
        return replace(self, x=np.delete(self.x, row, axis=0), y=np.delete(self.y, row, axis=0))

    def _require_one_input(self, done: str) -> None:
        if self.x.shape[1] != 1:
            raise RequestError(f"points are {done} by key where there is one input column")


def lesson_truth(x: Array) -> Array:
    """The lesson's function, 3x² + 2x + 1."""
    y: Array = 3 * x**2 + 2 * x + 1
    return y


def noisy_quadratic(seed: int = 42, noise: tuple[float, float] = (0.15, 1.5)) -> Dataset:
    """The lesson's 20 points: y = f(x) · (1 + N(0, noise[0])) + N(0, noise[1]).

    The inputs are made in float32 and widened, and the noise comes from NumPy's legacy generator,
    multiplicative first: only so are they the very numbers that the lesson prints.
    """
    x = np.linspace(-2, 2, 20, dtype=np.float32)[:, None].astype(np.float64)
    random = np.random.RandomState(seed)
    multiplicative, additive = noise
    y = lesson_truth(x) * (1 + random.normal(0, multiplicative, x.shape))
    y = y + random.normal(0, additive, x.shape)
    return Dataset(x, y, truth=lesson_truth, source="the lesson's noisy quadratic")


def from_table(table: Table, x: tuple[str, ...] = (), y: str = "") -> Dataset:
    """Inputs and target by their column names; default all but the last, and the last."""
    if len(table.names) < 2:
        raise RequestError(f"{table.source}: one column is not enough; inputs and a target are")
    target = y or table.names[-1]
    inputs = x or tuple(name for name in table.names if name != target)
    for name in (*inputs, target):
        if name not in table.names:
            raise RequestError(
                f"{table.source}: there is no column {name!r}; there are {', '.join(table.names)}"
            )
    if target in inputs:
        raise RequestError(f"{table.source}: {target!r} can't be an input and the target")
    if len(table.values) < 2:
        raise RequestError(f"{table.source}: one row of data is not enough; at least 2 are needed")
    chosen = [table.names.index(name) for name in inputs]
    for column in (*chosen, table.names.index(target)):
        values = table.values[:, column]
        if values.min() == values.max():
            raise RequestError(
                f"{table.source}: column {table.names[column]!r} is {values[0]:g} in every row; "
                "nothing can be learnt from a constant column"
            )
    values = table.values[:, [*chosen, table.names.index(target)]]
    return Dataset(values[:, :-1], values[:, -1:], inputs, target, source=table.source)


def standardised(data: Dataset) -> Dataset:
    """The same data with every column at mean 0 and standard deviation 1."""
    x_scaling = Scaling(data.x.mean(axis=0), data.x.std(axis=0))
    y_scaling = Scaling(data.y.mean(axis=0), data.y.std(axis=0))
    truth = data.truth
    scaled_truth: Function | None = None
    if truth is not None:

        def scaled_truth(x: Array) -> Array:
            return y_scaling.apply(truth(x_scaling.undo(x)))

    return Dataset(
        x_scaling.apply(data.x), y_scaling.apply(data.y), data.x_names, data.y_name,
        scaled_truth, x_scaling, y_scaling, data.source,
    )  # fmt: skip


def stopping_distance() -> Dataset:
    """Speed (mph) and stopping distance (ft) of 50 cars of the 1920s.

    Ezekiel, Methods of Correlation Analysis, 1930; known as R's `cars`.
    """
    with resources.as_file(resources.files("nn_core") / "data" / "stopping-distance.csv") as path:
        table = read_table(path)
    return from_table(Table(table.names, table.values, "50 cars of the 1920s (Ezekiel, 1930)"))


def load(config: Config) -> Dataset:
    """The data set that a Config asks for; `RequestError` where it can't be had."""
    if config.data == "lesson":
        data = noisy_quadratic(config.data_seed, config.noise)
    elif config.data == "stopping-distance":
        data = stopping_distance()
    else:
        data = from_table(read_table(Path(config.data)), config.x, config.y)
    return standardised(data) if config.scale else data
