"""Reading a CSV file of numbers, with errors that name the row and the column."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np

from nn_core.arrays import LARGEST, Array
from nn_core.disk import open_at_once, reading
from nn_core.errors import RequestError
from nn_core.formatting import listed, printable

# What stands in a cell, in small letters, where a value is missing.
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none"})
LONGEST_NAME = 100  # characters


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of numbers with names: values (rows, columns), and where they came from.

    NaN is a missing cell; there are some only where they were asked for.
    """

    names: tuple[str, ...]
    values: Array
    source: str


def read_table(path: Path, allow_missing: bool = False) -> Table:
    """Read a CSV file whose first row names its columns.

    Raises `RequestError` where the file can't be read, is empty, or a cell isn't a finite number;
    with `allow_missing`, a cell that is empty or says NA is NaN instead.
    """
    try:
        with reading(path), open(path, encoding="utf-8-sig", opener=open_at_once) as file:
            lines = file if file.seekable() else StringIO(file.read())  # a pipe comes only once
            header, names = _read_names(path, lines)
            values = np.empty((0, 0))
            if any(line.strip() for line in lines):
                lines.seek(0)
                # NumPy reads in large pieces what it opens itself, and anything else by lines.
                values = _parse(path if lines is file else lines, header)
            if not _are_sound(values, names, allow_missing):
                lines.seek(0)
                values = _read_carefully(path, names, lines.readlines(), header, allow_missing)
    except UnicodeDecodeError:
        raise RequestError(f"{path}: this is not a text file in UTF-8") from None
    return Table(names, values, str(path))


def _read_names(path: Path, lines: Iterable[str]) -> tuple[int, tuple[str, ...]]:
    """The number of the header row, from 1, and the columns' names in it."""
    number, line = next(
        ((number, line) for number, line in enumerate(lines, start=1) if line.strip()), (0, "")
    )
    if not line:
        raise RequestError(
            f"{path}: the file is empty; a header row and rows of numbers are needed"
        )
    try:
        cells = next(csv.reader([line]))
    except csv.Error as error:
        raise RequestError(f"{path}: the header row can't be read: {error}") from None
    names = tuple(printable(cell.replace("\xa0", " ").strip()) for cell in cells)
    if max(map(len, names)) > LONGEST_NAME:
        raise RequestError(f"{path}: a column's name has more than {LONGEST_NAME} characters")
    if len(set(names)) < len(names) or "" in names:
        raise RequestError(f"{path}: every column needs a name of its own; found {listed(names)}")
    if all(_is_number(name) for name in names):
        raise RequestError(
            f"{path}: the first row holds numbers; it should name the columns, such as x,y"
        )
    return number, names


def _parse(
    lines: Path | Iterable[str], skipped: int = 0, converter: Callable[[str], float] | None = None
) -> Array:
    """The numbers (rows, columns) in lines of text after the first few; none if not all are."""
    try:
        values: Array = np.loadtxt(
            lines,
            delimiter=",",
            ndmin=2,
            comments=None,
            quotechar='"',
            skiprows=skipped,
            converters=converter,
            encoding="utf-8-sig",
        )
    except UnicodeDecodeError:
        raise
    except ValueError:
        return np.empty((0, 0))
    return values


def _are_sound(values: Array, names: tuple[str, ...], allow_missing: bool) -> bool:
    if not len(values) or values.shape[1] != len(names):
        return False
    largest = np.abs(values)
    return bool((np.isnan(values) & allow_missing | (largest <= LARGEST)).all())


def _read_carefully(
    path: Path, names: tuple[str, ...], lines: list[str], header: int, allow_missing: bool
) -> Array:
    """Read what isn't plain rows of numbers, blank lines and missing cells included, or refuse."""
    body = [line for line in lines[header:] if line.strip()]
    if not body:
        raise RequestError(f"{path}: there is a header row, but no row of numbers below it")
    values = _parse(body, converter=_number_or_missing if allow_missing else None)
    if _are_sound(values, names, allow_missing):
        return values
    raise RequestError(f"{path}: {_first_fault(names, lines, header, allow_missing)}")


def _number_or_missing(cell: str) -> float:
    return np.nan if _is_missing(cell) else _number(cell)


def _first_fault(names: tuple[str, ...], lines: list[str], first: int, allow_missing: bool) -> str:
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
            if allow_missing and _is_missing(cell):
                continue
            if not cell.strip():
                return f"row {number}, column {name!r} is empty; a number is needed"
            if not _is_number(cell):
                return f"row {number}, column {name!r}: {_brief(cell)} is not a number"
            if not np.isfinite(float(cell)):
                return f"row {number}, column {name!r}: {_brief(cell)[1:-1]} is not a finite number"
            if abs(float(cell)) > LARGEST:
                shown = _brief(cell)[1:-1]
                return (
                    f"row {number}, column {name!r}: {shown} is not between "
                    f"-{LARGEST:g} and {LARGEST:g}"
                )
    return "it can't be read as rows of numbers"


def _brief(cell: str) -> str:
    """A cell as it is repeated in a message, in quotes."""
    text = cell.strip()
    return repr(text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…")


def _is_missing(cell: str) -> bool:
    return cell.strip().lower() in MISSING


def _number(text: str) -> float:
    if "_" in text:  # which only Python takes for a number
        raise ValueError(text)
    return float(text)


def _is_number(text: str) -> bool:
    try:
        _number(text)
    except ValueError:
        return False
    return True
