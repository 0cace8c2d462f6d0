"""Reading a CSV file of numbers, with errors that name the row and the column."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nn_core.arrays import Array
from nn_core.errors import RequestError


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of numbers with names: values (rows, columns), and where they came from."""

    names: tuple[str, ...]
    values: Array
    source: str


def read_table(path: Path) -> Table:
    """Read a CSV file whose first row names its columns.

    Raises `RequestError` where the file can't be read, is empty, or a cell isn't a finite number.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise RequestError(f"{path}: there is no such file") from None
    except UnicodeDecodeError:
        raise RequestError(f"{path}: this is not a text file in UTF-8") from None
    except OSError as error:
        raise RequestError(f"{path}: can't be read: {error.strerror or error}") from None
    lines = text.splitlines()
    header = next((at for at, line in enumerate(lines) if line.strip()), None)
    if header is None:
        raise RequestError(
            f"{path}: the file is empty; a header row and rows of numbers are needed"
        )
    try:
        names = tuple(name.strip() for name in next(csv.reader([lines[header]])))
    except csv.Error as error:
        raise RequestError(f"{path}: the header row can't be read: {error}") from None
    if len(set(names)) < len(names) or "" in names:
        raise RequestError(
            f"{path}: every column needs a name of its own; found {', '.join(names)}"
        )
    if all(_is_number(name) for name in names):
        raise RequestError(
            f"{path}: the first row holds numbers; it should name the columns, such as x,y"
        )
    return Table(names, _read_values(path, names, lines, header + 1), str(path))


def _read_values(path: Path, names: tuple[str, ...], lines: list[str], first: int) -> Array:
    body = [line for line in lines[first:] if line.strip()]
    if not body:
        raise RequestError(f"{path}: there is a header row, but no row of numbers below it")
    try:
        values: Array = np.loadtxt(body, delimiter=",", ndmin=2, comments=None, quotechar='"')
    except ValueError:
        values = np.empty((0, 0))
    if values.shape[1] == len(names) and np.isfinite(values).all():
        return values
    raise RequestError(f"{path}: {_first_fault(names, lines, first)}")


def _first_fault(names: tuple[str, ...], lines: list[str], first: int) -> str:
    """Say where the first cell lies that isn't a finite number; the slow way, once it is known."""
    for number, line in enumerate(lines[first:], start=first + 1):
        if not line.strip():
            continue
        try:
            cells = next(csv.reader([line]))
        except csv.Error as error:
            return f"row {number} can't be read: {error}"
        if len(cells) != len(names):
            return f"row {number} has {len(cells)} cells; the header has {len(names)}"
        for name, cell in zip(names, cells, strict=True):
            if not cell.strip():
                return f"row {number}, column {name!r} is empty; a number is needed"
            if not _is_number(cell):
                return f"row {number}, column {name!r}: {cell.strip()!r} is not a number"
            if not np.isfinite(float(cell)):
                return f"row {number}, column {name!r}: {cell.strip()} is not a finite number"
    return "it can't be read as rows of numbers"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
