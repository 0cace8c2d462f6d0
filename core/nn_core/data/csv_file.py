"""Reading the columns of a CSV file that are asked for, with errors that name row and column.

The first row names the columns.  What stands between the cells, whether decimals have commas and
what kind of value a column holds is told by the first rows.
"""

import csv
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from nn_core.arrays import LARGEST, Array
from nn_core.data.cells import (
    LONGEST_NAME,
    READ_AS,
    CellError,
    Kind,
    brief,
    has_decimal_comma,
    has_decimal_point,
    is_missing,
    is_number,
    kind_of,
    name_of,
    require_value,
    signs,
)
from nn_core.data.table import Table, sorted_levels
from nn_core.data.text_file import UTF_8, as_text, encoding_of, text_errors
from nn_core.disk import open_at_once
from nn_core.errors import RequestError
from nn_core.formatting import listed, times

SAMPLE = 1000  # rows that a column's kind is told by
CHUNK = 8192  # rows that are in memory as text at once
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAYS_SEPARATOR = "sep="  # as spreadsheets begin a file, before the separator
_Row = tuple[int, list[str]]  # the line that it begins on, from 1, and its cells


@dataclass(frozen=True, eq=False)
class CsvFile:
    """A CSV file whose header has been read: which columns there are, and what they hold.

    `signs` are what stands beside digits in columns of numbers and isn't read, `pointed` the
    columns of texts in which some numbers have decimal points though others have commas.  `piped`
    is all of it where it came through a pipe, which can't be read twice.
    """

    path: Path
    names: tuple[str, ...]
    kinds: dict[str, Kind]
    separator: str
    decimal_comma: bool
    header: int  # the line of the header row, from 1
    encoding: str = UTF_8
    signs: tuple[str, ...] = ()
    pointed: tuple[str, ...] = ()
    piped: bytes | None = field(default=None, repr=False)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is unusual about how the file is written."""
        found = [] if self.separator == "," else [f"{_SEPARATORS[self.separator]} between cells"]
        found += ["decimal commas"] if self.decimal_comma else []
        found += [f"numbers read without {listed(self.signs)}"] if self.signs else []
        found += [f"points beside decimal commas: text in {listed(self.pointed)}"] * bool(
            self.pointed
        )
        if self.encoding == "cp1252":
            found.append("not UTF-8: letters read as Windows writes them (1252)")
        return tuple(found)

    def read(
        self,
        names: Sequence[str],
        kinds: Mapping[str, Kind] | None = None,
        allow_missing: bool = True,
    ) -> Table:
        """These columns, each of the kind that it seems to be or is said to be.

        Raises `RequestError` where there is no such column, a cell is of another kind, or missing
        where that isn't allowed.
        """
        for name in names:
            if name not in self.names:
                raise RequestError(
                    f"{self.path}: there is no column {name!r}; there are {listed(self.names)}"
                )
        kinds = kinds or self.kinds
        kinds = {name: READ_AS.get(kinds[name], kinds[name]) for name in names}
        with text_errors(self.path):
            values = self._read_numbers(names) if set(kinds.values()) == {"number"} else None
            if values is None or not (allow_missing or np.isfinite(values).all()):
                return self._read_rows(names, kinds, allow_missing)
        return Table(tuple(names), values, str(self.path))

    def _read_numbers(self, names: Sequence[str]) -> Array | None:
        """Columns of finite numbers in rows of one length, read fast; None where they aren't."""
        if self.decimal_comma:
            return None
        wanted = [self.names.index(name) for name in names]
        # What isn't wanted is read as one byte, so that rows of another length are found.
        fields = [(f"f{at}", "f8" if at in set(wanted) else "S1") for at in range(len(self.names))]
        is_whole = len(wanted) == len(self.names)
        # NumPy reads in large pieces what it opens itself, and anything else by lines.
        opened = nullcontext(self.path) if self.piped is None else self._open()
        try:
            with opened as source:
                rows: Any = np.loadtxt(
                    source,
                    dtype=np.float64 if is_whole else np.dtype(fields),
                    delimiter=self.separator,
                    ndmin=2 if is_whole else 1,
                    comments=None,
                    quotechar='"',
                    skiprows=self.header,
                    encoding=self.encoding,
                )
        except UnicodeDecodeError:
            raise
        except ValueError:
            return None
        if is_whole:
            sound = len(rows) and rows.shape[1] == len(names)
            values: Array = rows if wanted == sorted(wanted) else rows[:, wanted]
        else:
            sound = len(rows)
            values = np.empty((len(rows), len(names)))
            for place, at in enumerate(wanted):
                values[:, place] = rows[f"f{at}"]
        return values if sound and _are_sound(values) else None

    def _read_rows(
        self, names: Sequence[str], kinds: Mapping[str, Kind], allow_missing: bool
    ) -> Table:
        """Read what isn't plain rows of numbers, some thousand rows at a time, or refuse it."""
        columns = [
            _Reader(name, self.names.index(name), kinds[name], self.decimal_comma, allow_missing)
            for name in names
        ]
        parts: list[Array] = []
        lines = array("q")
        with self._open() as file:
            rows = _rows(file, self.separator, self.path)
            while next(rows)[0] < self.header:
                pass
            while chunk := list(islice(rows, CHUNK)):
                lines.extend(line for line, _ in chunk)
                for line, cells in chunk:
                    if len(cells) != len(self.names) and not self._ends_blank(cells):
                        quotes = "; a cell that holds a separator stands in quotes"
                        raise RequestError(
                            f"{self.path}: line {line} has {times(len(cells), 'cell')}; "
                            f"the header has {len(self.names)}"
                            + quotes
                            * (len(cells) > len(self.names))
                        )
                try:
                    parts.append(np.column_stack([column.values(chunk) for column in columns]))
                except CellError as error:
                    raise error.of(self.path) from None
        values = np.concatenate(parts)
        levels: dict[str, tuple[str, ...]] = {}
        for column, codes in zip(columns, values.T, strict=True):
            if column.kind not in ("number", "truth"):
                levels[column.name], codes[:] = sorted_levels(list(column.codes), codes)
        return Table(tuple(names), values, str(self.path), levels, dict(kinds), np.array(lines))

    def _ends_blank(self, cells: list[str]) -> bool:
        """Whether what a row has more than the header is blank, as after a last separator."""
        more = cells[len(self.names) :]
        return bool(more) and not any(cell.strip() for cell in more)

    def _open(self) -> AbstractContextManager[TextIO]:
        opened = open_at_once(self.path) if self.piped is None else BytesIO(self.piped)
        return as_text(opened, self.path, self.encoding)


def _are_sound(values: Array) -> bool:
    """Whether all that isn't missing can be squared and added up."""
    return not (np.abs(values) > LARGEST).any()


class _Reader:
    """Turns the cells of one column into numbers: themselves, or a code for each text."""

    def __init__(
        self, name: str, place: int, kind: Kind, decimal_comma: bool, allow_missing: bool
    ) -> None:
        self.name = name
        self.kind = kind
        self.codes: dict[str, int] = {}
        self._place = place
        self._decimal_comma = decimal_comma
        self._allow_missing = allow_missing

    def values(self, rows: list[_Row]) -> Array:
        """What stands in these rows; NaN where it is missing."""
        place = self._place
        if self.kind == "number" and not self._decimal_comma:
            cells = [cells[place] for _, cells in rows]
            try:
                values = np.array(list(map(float, cells)))
            except ValueError:
                pass
            else:
                if (
                    not np.isnan(values).any()
                    and _are_sound(values)
                    and not any("_" in cell for cell in cells)
                ):
                    return values
        return np.array([self._value(line, cells[place]) for line, cells in rows])

    def _value(self, line: int, cell: str) -> float:
        if self._allow_missing and is_missing(cell):
            return np.nan
        where = f"line {line}, column {self.name!r}"
        if self.kind in ("number", "truth"):
            return require_value(cell, self.kind, self._decimal_comma, where, self.name)
        if is_missing(cell):
            raise CellError(self.name, f"{where}: a value is missing, {brief(cell)}")
        return self.codes.setdefault(name_of(cell)[:LONGEST_NAME], len(self.codes))


def open_csv(path: Path) -> CsvFile:
    """Read the header and the first rows; `RequestError` where that can't be done."""
    with text_errors(path):
        opened = open_at_once(path)
        piped = opened.getvalue() if isinstance(opened, BytesIO) else None
        encoding = encoding_of(opened, path)
        again = open_at_once(path) if piped is None else BytesIO(piped)
        with as_text(again, path, encoding) as file:
            separator = _separator(file)
            file.seek(0)
            rows = _rows(file, separator, path)
            line, cells = next(rows, (0, [""]))
            if _says_separator(cells):
                line, cells = next(rows, (0, [""]))
            sample = list(islice(rows, SAMPLE))
            names = _names(path, line, cells, sample)
        if not sample:
            raise RequestError(f"{path}: there is a header row, but no row of data below it")
        columns = {
            name: [cells[place] for _, cells in sample if len(cells) > place]
            for place, name in enumerate(names)
        }
        decimal_comma = separator != "," and any(
            has_decimal_comma(cell) for column in columns.values() for cell in column
        )
        kinds = {name: kind_of(column, decimal_comma, name) for name, column in columns.items()}
        numbers = (cells for name, cells in columns.items() if kinds[name] == "number")
        found = (signs(cell, decimal_comma) for cell in chain.from_iterable(numbers))
        beside = tuple(dict.fromkeys(chain.from_iterable(found)))
        pointed = tuple(
            name
            for name, cells in columns.items()
            if decimal_comma
            and kinds[name] in ("text", "names")
            and any(map(has_decimal_point, cells))
        )
        return CsvFile(
            path, names, kinds, separator, decimal_comma, line, encoding, beside, pointed, piped
        )


def read_table(path: Path, allow_missing: bool = False) -> Table:
    """All named columns of a CSV file; see `CsvFile.read`."""
    file = open_csv(path)
    return file.read([name for name in file.names if name], allow_missing=allow_missing)


def _rows(file: TextIO, separator: str, path: Path) -> Iterator[_Row]:
    """The rows that aren't blank, each with the line that it begins on, as an editor counts."""
    reader = csv.reader(file, delimiter=separator)
    begins = 1
    try:
        for cells in reader:
            if len(cells) > 1 or (cells and cells[0].strip()):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise RequestError(f"{path}: line {begins} can’t be read: {error}") from None


def _says_separator(cells: list[str]) -> bool:
    return len(cells) in (1, 2) and cells[0].strip().lower().startswith(_SAYS_SEPARATOR)


def _separator(file: TextIO) -> str:
    """What stands between cells: what cuts header and first row alike, and most often.

    Or what the first line says does.
    """
    lines = list(islice((line for line in file if line.strip()), 2))
    said = lines[0].strip()[len(_SAYS_SEPARATOR) :] if lines else ""
    if said in _SEPARATORS and lines[0].lower().startswith(_SAYS_SEPARATOR):
        return said
    counts: dict[str, tuple[bool, int]] = {}
    for separator in _SEPARATORS:
        try:
            cut = [len(row) for row in csv.reader(lines, delimiter=separator)]
        except csv.Error:
            cut = []
        first = cut[0] if cut else 0
        counts[separator] = (first > 1 and len(set(cut)) == 1, first)
    return max(counts, key=lambda separator: counts[separator])


def _names(path: Path, line: int, cells: list[str], rows: Sequence[_Row]) -> tuple[str, ...]:
    """The names in a header; "" of the first column, or of one in which these rows hold nothing."""
    names = tuple(map(name_of, cells))
    if not any(names):
        raise RequestError(f"{path}: the file is empty; a header row and rows of data are needed")
    longer = next((at for at, row in rows if len(row) > 1), 0) if len(names) == 1 else 0
    if longer:
        raise RequestError(
            f"{path}: line {line} is {brief(cells[0])}, line {longer} has several cells; "
            "the first row should name the columns"
        )
    if max(map(len, names)) > LONGEST_NAME:
        raise RequestError(f"{path}: a column’s name has more than {LONGEST_NAME} characters")
    for at, name in enumerate(names[1:], 1):
        if not name and any(row[at].strip() for _, row in rows if len(row) > at):
            raise RequestError(f"{path}: column {at + 1} holds values, but has no name")
    for at, name in enumerate(names):
        if name and name in names[:at]:
            raise RequestError(
                f"{path}: columns {names.index(name) + 1} and {at + 1} are both called {name!r}; "
                "every column needs a name of its own"
            )
    if all(_is_as_below(name, at, rows) for at, name in enumerate(names)):
        raise RequestError(
            f"{path}: the first row holds {'numbers' if all(map(is_number, names)) else 'values'}; "
            "it should name the columns, such as x,y"
        )
    return names


def _is_as_below(name: str, at: int, rows: Sequence[_Row]) -> bool:
    """Whether what should be a name is a number, or a value of its column."""
    return is_number(name) or (
        bool(name) and any(row[at].strip() == name for _, row in rows if len(row) > at)
    )
