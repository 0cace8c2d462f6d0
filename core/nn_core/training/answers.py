"""From raw rows to what a model says of them, in the units and the classes of the file."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn_core.arrays import Array
from nn_core.data.preparing import columns_of
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
    known = [str(name) for name in (rows if isinstance(rows, Mapping) else rows.columns)]
    missing = [name for name in names if name not in known]
    if missing:
        raise RequestError(f"there is no column {missing[0]!r}; there are {listed(known)}")
    table = table_of({name: rows[name] for name in names}, "these rows")
    for column in schema.columns:
        _require_kind(table, column.name, column.levels)
    return columns_of(table, schema)


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
