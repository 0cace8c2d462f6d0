"""A table in memory: columns with names, as numbers, and the texts that some numbers stand for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nn_core.arrays import Array
from nn_core.data.cells import LONGEST_NAME, Kind, finer, name_of
from nn_core.errors import RequestError


@dataclass(frozen=True, eq=False)
class Table:
    """Columns with names: values (rows, columns), and where they came from.

    NaN is a missing cell.  A column of texts holds for each the place that it has in `levels`,
    which are in alphabetical order.  `kinds` says what columns hold that aren't plain numbers.
    `lines` are the lines of the file (rows,) that the rows stand at, where they are known.
    """

    names: tuple[str, ...]
    values: Array
    source: str
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    lines: Array | None = None

    def kind(self, name: str) -> Kind:
        """What a column holds."""
        return self.kinds.get(name, "number")

    def column(self, name: str) -> Array:
        """The values of one column."""
        column: Array = self.values[:, self.names.index(name)]
        return column

    def rows(self, chosen: Array) -> "Table":
        """The same with some of its rows: a mask, or their numbers."""
        lines = None if self.lines is None else self.lines[chosen]
        return replace(self, values=self.values[chosen], lines=lines)

    def place(self, row: int) -> str:
        """Where a row stands: at a line of the file, or by its number from 1."""
        return f"row {row + 1}" if self.lines is None else f"line {self.lines[row]}"


def sorted_levels(found: Sequence[str], codes: Array) -> tuple[tuple[str, ...], Array]:
    """Texts by alphabet, and codes for their places in `found` turned into those in this order."""
    order = sorted(range(len(found)), key=lambda at: found[at])
    places = np.empty(len(found) + 1)
    places[order] = np.arange(len(found))
    places[-1] = np.nan
    missing = np.isnan(codes)
    return tuple(found[at] for at in order), places[np.where(missing, -1, codes).astype(int)]


def table_of(columns: Any, source: str = "columns from Python") -> Table:
    """The table that a mapping from names to columns holds, or a frame of pandas or polars.

    A column is a sequence of numbers, of truth values or of texts; None and NaN are missing.
    `RequestError` where the columns aren't of one length or hold something else.
    """
    names = [str(name) for name in (columns if isinstance(columns, Mapping) else columns.columns)]
    if len(set(names)) < len(names):
        raise RequestError("every column needs a name of its own")
    if not names:
        raise RequestError(f"{source}: there is no column")
    values, levels, kinds = [], {}, {}
    for name, key in zip(names, columns if isinstance(columns, Mapping) else names, strict=True):
        column = columns[key]
        cells = column.to_numpy() if hasattr(column, "to_numpy") else column
        kind, numbers, found = _column(name, np.asarray(cells, _plain_type(cells)))
        kind = finer(kind, name, numbers[~np.isnan(numbers)].tolist())
        values.append(numbers)
        if kind != "number":
            kinds[name] = kind
        if found:
            levels[name] = found
    lengths = {len(column) for column in values}
    if len(lengths) > 1:
        raise RequestError(
            f"columns have {', '.join(map(str, sorted(lengths)))} rows; they need as many each"
        )
    return Table(tuple(map(name_of, names)), np.column_stack(values), source, levels, kinds)


def _plain_type(cells: Any) -> Any:
    """Arrays keep their type; what is in a list is looked at cell by cell, texts and None too."""
    return None if isinstance(cells, np.ndarray) else object


def _column(name: str, cells: Array) -> tuple[Kind, Array, tuple[str, ...]]:
    if cells.ndim != 1:
        raise RequestError(f"column {name!r} has the shape {cells.shape}; one value a row is right")
    if cells.dtype.kind == "b":
        return "truth", cells.astype(np.float64), ()
    if cells.dtype.kind in "iuf":
        return "number", _finite(name, cells.astype(np.float64)), ()
    if cells.dtype.kind == "M":
        return "date", np.full(len(cells), np.nan), ()
    present = [cell for cell in cells.tolist() if not _is_none(cell)]
    if present and all(isinstance(cell, str) for cell in present):
        codes: dict[str, int] = {}
        for cell in present:
            codes.setdefault(name_of(cell)[:LONGEST_NAME], len(codes))
        numbers = [
            np.nan if _is_none(cell) else codes[name_of(cell)[:LONGEST_NAME]] for cell in cells
        ]
        levels, places = sorted_levels(list(codes), np.array(numbers, float))
        return "text", places, levels
    kind: Kind = (
        "truth"
        if present and all(isinstance(cell, bool | np.bool_) for cell in present)
        else "number"
    )
    try:
        numbers = [np.nan if _is_none(cell) else float(cell) for cell in cells]
    except (TypeError, ValueError):
        raise RequestError(
            f"column {name!r} holds neither numbers nor texts alone; make it one of them"
        ) from None
    return kind, _finite(name, np.array(numbers, float)), ()


def _is_none(cell: Any) -> bool:
    # NaN and pandas' NaT differ from themselves; its NA can't even be asked.
    return cell is None or type(cell).__name__ == "NAType" or cell != cell


def _finite(name: str, values: Array) -> Array:
    if np.isinf(values).any():
        row = int(np.isinf(values).argmax())
        raise RequestError(f"row {row + 1}, column {name!r}: {values[row]} is not a finite number")
    return values
