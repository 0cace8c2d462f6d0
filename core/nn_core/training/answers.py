"""From raw rows to what a model says of them, in the units and the classes of the file."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn_core.arrays import Array
from nn_core.data.dataset import Dataset
from nn_core.data.preparing import columns_of, targets_of
from nn_core.data.schema import Schema
from nn_core.data.table import Table, table_of
from nn_core.errors import RequestError
from nn_core.formatting import listed, times
from nn_core.models import Model
from nn_core.models.losses.cross_entropy import probabilities


def predicted(model: Model, schema: Schema, rows: Any) -> Array:
    """Numbers (rows, targets), or names of classes (rows,); see `Trainer.predict`."""
    if not schema.classes:
        return answers_of(model, schema, raw_rows(schema, rows))
    found = chances(model, schema, rows)
    known = np.isfinite(found).all(axis=1)
    names = np.array([*schema.classes, ""])
    told: Array = names[np.where(known, found.argmax(axis=1), -1)]
    return told


def chances(model: Model, schema: Schema, rows: Any) -> Array:
    """The probabilities (rows, classes) of raw rows; `RequestError` where there are no classes."""
    if not schema.classes:
        raise RequestError("numbers are predicted here; only classes have probabilities")
    return answers_of(model, schema, raw_rows(schema, rows))


def answers_of(model: Model, schema: Schema, raw: Array) -> Array:
    """Numbers (rows, targets) or probabilities (rows, classes); NaN where a value is missing.

    `raw` are the columns' values (rows, columns), as `columns_of` gives them.
    """
    complete = np.asarray(np.isfinite(raw).all(axis=1))
    with np.errstate(all="ignore"):
        found = model.predict(schema.encoded(raw[complete]))
        if schema.classes:
            found = probabilities(found)
        elif schema.y_scaling:
            found = schema.y_scaling.undo(found)
    told = np.full((len(raw), found.shape[1]), np.nan)
    told[complete] = found
    return told


def raw_rows(schema: Schema, rows: Any) -> Array:
    """The columns' values (rows, columns) of a table, a mapping of columns, or a frame."""
    names = [column.name for column in schema.columns]
    if not isinstance(rows, Mapping) and not hasattr(rows, "columns"):
        rows = dict(zip(names, _columns(rows, names), strict=True))
    return columns_of(_table(schema, rows, names), schema)


def labelled(schema: Schema, rows: Any) -> Dataset:
    """Rows with their targets, encoded and scaled as a Schema says; see `Trainer.score`."""
    if isinstance(rows, Dataset):
        rows = _as_columns(rows)
    elif not isinstance(rows, Mapping) and not hasattr(rows, "columns"):
        raise RequestError("rows to score are a Dataset, a mapping of names to columns, or a frame")
    names = [column.name for column in schema.columns]
    table = _table(schema, rows, [*names, *schema.targets])
    raw, y = columns_of(table, schema), targets_of(table, schema)
    whole = np.isfinite(raw).all(axis=1) & np.isfinite(y).all(axis=1)
    if not whole.any():
        raise RequestError("no row without a missing value is there to score")
    y = schema.y_scaling.apply(y[whole]) if schema.y_scaling else y[whole]
    return Dataset(schema.encoded(raw[whole]), y, schema)


def _as_columns(data: Dataset) -> dict[str, Any]:
    """The columns and targets of a Dataset by name, with texts and classes as they are called."""

    def texts(values: Array, names: tuple[str, ...]) -> list[str | None]:
        return [None if np.isnan(at) else names[int(at)] for at in values]

    schema, found = data.schema, dict[str, Any]()
    for column, values in zip(schema.columns, data.raw_columns.T, strict=True):
        found[column.name] = texts(values, column.levels) if column.levels else values
    for name, values in zip(schema.targets, data.raw_y.T, strict=False):
        found[name] = texts(data.labels, schema.classes) if schema.classes else values
    return found


def _table(schema: Schema, rows: Any, names: list[str]) -> Table:
    """The columns of these names, checked against what the Schema's hold."""
    known = [str(name) for name in (rows if isinstance(rows, Mapping) else rows.columns)]
    missing = [name for name in names if name not in known]
    if missing:
        raise RequestError(f"there is no column {missing[0]!r}; there are {listed(known)}")
    table = table_of({name: rows[name] for name in names}, "these rows")
    for column in schema.columns:
        _require_kind(table, column.name, column.levels)
    return table


def _columns(rows: Any, names: list[str]) -> list[Any]:
    """The columns of a table of rows."""
    whole = np.asarray(rows, None if isinstance(rows, np.ndarray) else object)
    if whole.ndim != 2 or whole.shape[1] != len(names):
        raise RequestError(
            f"rows are a table of {times(len(names), 'column')} ({listed(names)}), "
            f"(rows, {len(names)}); these have the shape {whole.shape}"
        )
    return [column if whole.dtype != object else column.tolist() for column in whole.T]


def _require_kind(table: Table, name: str, levels: tuple[str, ...]) -> None:
    is_text, values = name in table.levels, table.column(name)
    if is_text != bool(levels) and np.isfinite(values).any():
        wanted = f"texts, as {levels[0]}," if levels else "numbers"
        raise RequestError(
            f"column {name!r} holds {'texts' if is_text else 'numbers'}; {wanted} are right"
        )
