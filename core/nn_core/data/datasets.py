"""Data sets by name, and a person's own file: what a Config asks for."""

import gzip
import shlex
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from nn_core.config import CLASS_LOSSES, LISTED_DATA, Config, setting
from nn_core.data.cells import MISSING_IN_WORDS, CellError
from nn_core.data.choosing import Choice, choose
from nn_core.data.csv_file import open_csv, read_table
from nn_core.data.dataset import (
    Dataset,
    draw_held,
    from_table,
    of_prepared,
    scaled,
    split,
    standardised,
)
from nn_core.data.functions import TARGETS
from nn_core.data.planes import CLASSES, PLANES, points_of
from nn_core.data.preparing import columns_of, prepare, targets_of
from nn_core.data.schema import Column, Scaling, Schema
from nn_core.data.table import Table
from nn_core.disk import exists, shown, stamp
from nn_core.errors import RequestError
from nn_core.formatting import listed, times

__all__ = [
    "Dataset",
    "digits",
    "finished",
    "from_table",
    "load",
    "noisy",
    "noisy_quadratic",
    "penguins",
    "plane",
    "split",
    "standardised",
    "stopping_distance",
    "suited",
]

BRIGHTEST = 16.0  # a pixel of the digits goes from 0 to this


def noisy(
    name: str = "lesson", rows: int = 20, seed: int = 42, noise: tuple[float, float] | None = None
) -> Dataset:
    """Points of a named function f: y = f(x) · (1 + N(0, noise[0])) + N(0, noise[1]).

    `noise` is the function's own unless given.  The inputs are evenly spaced, made in float32 and
    widened, and the noise comes from NumPy's legacy generator, multiplicative first: only so are
    20 rows of "lesson" the very numbers that the lesson prints.  `RequestError` for another name.
    """
    name, target = _known(name, TARGETS)
    setting("rows").validate(rows)
    noise = None if noise is None else setting("noise").taken(noise)
    x = np.linspace(target.low, target.high, rows, dtype=np.float32)[:, None].astype(np.float64)
    random = np.random.RandomState(seed)
    # NumPy takes a deviation of −0 for one below 0.
    multiplicative, additive = map(abs, target.noise if noise is None else noise)
    y = target.function(x) * (1 + random.normal(0, multiplicative, x.shape))
    y = y + random.normal(0, additive, x.shape)
    source = f"{times(rows, 'noisy point')} of {target.formula}"
    if not multiplicative and not additive:
        source = f"{times(rows, 'point')} of {target.formula}, without noise"
    elif (name, rows, seed, (multiplicative, additive)) == ("lesson", 20, 42, target.noise):
        source = "the lesson’s noisy quadratic"
    return Dataset(x, y, truth=target.function, source=source)


def noisy_quadratic(seed: int = 42, noise: tuple[float, float] = (0.15, 1.5)) -> Dataset:
    """The lesson's 20 points of 3x² + 2x + 1."""
    return noisy("lesson", seed=seed, noise=noise)


def plane(
    name: str = "circle",
    rows: int = 200,
    seed: int = 42,
    noise: float | None = None,
    features: tuple[str, ...] = (),
) -> Dataset:
    """Points in the plane of two classes, no and yes: circle, xor, gauss, spiral, moons, above.

    `noise` is the set's own unless given; `features` are computed of the coordinates x1 and x2.
    """
    name, found = _known(name, PLANES)
    setting("rows").validate(rows)
    points, labels = points_of(name, rows, found.noise if noise is None else noise, seed)
    schema = Schema((Column("x1"), Column("x2")), ("yes",), CLASSES, features)
    return Dataset(
        schema.featured(points),
        schema.one_hot(labels),
        schema,
        source=f"{times(rows, 'point')}, {found.about}",
        columns=points if features else None,
    )


_Kind = TypeVar("_Kind")


def _known(name: str, among: Mapping[str, _Kind]) -> tuple[str, _Kind]:
    spelled = name.lower().replace("_", "-")
    if spelled not in among:
        raise RequestError(f"there is no data {name!r}; there are {listed(among, 20)}")
    return spelled, among[spelled]


def _shipped(name: str, source: str) -> Table:
    with resources.as_file(resources.files("nn_core.data") / name) as path:
        table = read_table(path, allow_missing=True)
    return Table(table.names, table.values, source, table.levels, table.kinds)


def stopping_distance() -> Dataset:
    """Speed (mph) and stopping distance (ft) of 50 cars of the 1920s.

    Ezekiel, Methods of Correlation Analysis, 1930; known as R's `cars`.
    """
    return from_table(_stopping_distance())


def penguins(
    x: tuple[str, ...] = ("bill_length_mm", "bill_depth_mm"), y: str = "species"
) -> Dataset:
    """Measures of 344 penguins of three species on three islands of Antarctica, gaps left out.

    Horst, Hill and Gorman, palmerpenguins, 2020; CC0.
    """
    return from_table(_penguins(), x, y)


def digits() -> Dataset:
    """1797 handwritten digits, 8×8 pixels of 0…16 divided by 16, and which digit each is.

    Alpaydin and Kaynak, Optical recognition of handwritten digits (UCI machine learning repository,
    1998), its test set; CC BY 4.0.
    """
    return _brightness(from_table(_digits(), classes=True, constants=True))


def _stopping_distance() -> Table:
    return _shipped("stopping-distance.csv", "50 cars of the 1920s (Ezekiel, 1930)")


def _penguins() -> Table:
    return _shipped("penguins.csv", "penguins of three species (palmerpenguins)")


def _digits() -> Table:
    file = resources.files("nn_core.data") / "digits.csv.gz"
    values = np.loadtxt(gzip.decompress(file.read_bytes()).decode().splitlines(), delimiter=",")
    pixels = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))
    return Table((*pixels, "digit"), values, "1797 handwritten digits (Alpaydin and Kaynak, 1998)")


def _brightness(data: Dataset) -> Dataset:
    """Pixels of the digits from 0 to 1, other columns as they are."""
    size = np.array([BRIGHTEST if name.startswith("pixel") else 1.0 for name in data.x_names])
    return scaled(data, Scaling(np.zeros(len(size)), size), None)


# Tables that come with the program: how to get them, and which inputs and targets they have unless
# others are named.
_SHIPPED: dict[str, Any] = {
    "stopping-distance": (_stopping_distance, (), ()),
    "penguins": (_penguins, ("bill_length_mm", "bill_depth_mm"), ("species",)),
    "digits": (_digits, (), ()),
}


def suited(name: str) -> dict[str, Any]:
    """The settings that suit data made by this name: their rows and noise; none for a file."""
    if name in TARGETS:
        return {"noise": TARGETS[name].noise}
    if name in PLANES:
        return {"noise": (0.0, PLANES[name].noise), "rows": PLANES[name].rows}
    return {}


def load(config: Config | str | PathLike[str], **settings: Any) -> Dataset:
    """The data set that a Config asks for; `RequestError` where it can't be had.

    Or of this name, or of a CSV file: `load("mine.csv", y="price", scale=True)` takes the Config's
    fields as keywords, as the command line takes them.
    """
    if not isinstance(config, Config):
        name = str(config)
        config = Config(**suited(name), data=name)
    config = config.replace(**settings)
    if config.features and config.data in TARGETS:
        raise RequestError(f"features are made of two input columns; {config.data} has one")
    if config.data in TARGETS:
        data = noisy(config.data, config.rows, config.data_seed, config.noise)
    elif config.data in PLANES:
        noise = config.noise[1]
        data = plane(config.data, config.rows, config.data_seed, noise, config.features)
    elif config.data in _SHIPPED:
        data = _load_shipped(config)
    else:
        data = _load_own(config)
    if config.validation and data.validation is None:
        data = split(data, config.validation, config.data_seed)
    return standardised(data) if config.scale else data


def finished(data: Dataset, config: Config) -> Dataset:
    """Data from elsewhere, split and scaled as a Config says, unless they are already."""
    if config.validation and data.validation is None:
        data = split(data, config.validation, config.data_seed)
    return standardised(data) if config.scale and data.x_scaling is None else data


def _load_shipped(config: Config) -> Dataset:
    read, x, y = _SHIPPED[config.data]
    table = read()
    choice = choose(
        table.names,
        {name: table.kind(name) for name in table.names},
        table.source,
        config.x or x,
        config.y or y,
        config.drop,
        config.test_column,
    )
    data = _prepared(config, table, choice)
    return _brightness(data) if config.data == "digits" else data


def _load_own(config: Config) -> Dataset:
    path = Path(config.data)
    named = [each for each in (path, Path(config.test)) if each.name]
    files = [(each, found) for each in named if (found := stamp(each)) is not None]
    if not exists(path) and not path.suffix:
        known = listed(LISTED_DATA, 7)
        raise RequestError(f"{shown(path)}: there is no such file, nor data of that name: {known}")
    file = open_csv(path)
    choice = choose(
        file.names, file.kinds, str(path), config.x, config.y, config.drop, config.test_column
    )
    try:
        table = file.read(choice.columns, choice.kinds, config.missing != "refuse")
    except CellError as error:
        raise _with_remedy(error, config, choice) from None
    data = replace(_prepared(config, table, choice, file.notes), files=tuple(files))
    return _with_test_rows(data, Path(config.test), config, choice) if config.test else data


def _with_remedy(error: CellError, config: Config, choice: Choice) -> CellError:
    """The same with what may help: to mend the file, or an option of the command line."""
    if error.remedy:
        return CellError(error.column, f"{error.said}{error.remedy}")
    mend = "" if config.missing == "refuse" else f"; mend the cell, or empty it: {MISSING_IN_WORDS}"
    leave = f"; --drop {shlex.quote(error.column)} leaves the column out"
    is_input = error.column in choice.inputs
    return CellError(error.column, f"{error.said}{mend}", leave if is_input else "")


def _prepared(config: Config, table: Table, choice: Choice, notes: tuple[str, ...] = ()) -> Dataset:
    draw = partial(draw_held, fraction=config.validation, seed=config.data_seed)
    found = prepare(
        table,
        choice,
        config.missing,
        config.loss in CLASS_LOSSES,
        config.features,
        draw if config.validation else None,
        constants=config.data == "digits",
    )
    return of_prepared(replace(found, notes=(*notes, *found.notes)), table.source)


def _with_test_rows(data: Dataset, path: Path, config: Config, choice: Choice) -> Dataset:
    """The same data with the rows of another file held back; those that lack a cell are dropped."""
    schema = data.schema
    file = open_csv(path)
    names = (*(column.name for column in schema.columns), *schema.targets)
    table = file.read(names, choice.kinds, config.missing != "refuse")
    raw, y = columns_of(table, schema), targets_of(table, schema)
    complete = np.isfinite(raw).all(axis=1) & np.isfinite(y).all(axis=1)
    if not complete.any():
        raise RequestError(f"{path}: no row without a missing cell is there to validate on")
    raw, y = raw[complete], y[complete]
    columns = None if data.columns is None else raw
    held = replace(
        data, x=schema.featured(raw), y=y, columns=columns, lines=None, source=str(path), notes=()
    )
    return replace(data, validation=held)
