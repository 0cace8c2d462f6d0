"""What the cells of a table say: numbers, True or False, texts, dates, or that one is missing."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from nn_core.arrays import LARGEST
from nn_core.errors import RequestError
from nn_core.formatting import printable

# "empty": a column without any value; "index": numbers that only count the rows; "names": texts of
# which nearly every one is another.
Kind = Literal["number", "truth", "text", "date", "empty", "index", "names"]
READ_AS: Mapping[Kind, Kind] = {"index": "number", "names": "text"}

# What stands in a cell, in small letters, where a value is missing: all that pandas takes for it
# unless told otherwise, and what statistics offices and other programs write.
MISSING = frozenset(
    {"", "na", "n/a", "n.a.", "#n/a", "#na", "#n/a n/a", "<na>", "nan", "-nan", "null", "none"}
    | {"1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan"}
    | {"?", ".", "..", "-", "--", "–", "\N{EM DASH}"}
)
MISSING_IN_WORDS = "NA, NaN, ?, - or . is empty too"
TRUTHS = {"false": 0.0, "true": 1.0}
LONGEST_NAME = 100  # characters
LONGEST_CELL = 40  # characters of one that are repeated in a message
SPOILED = 0.05  # the part of a column's cells that may be no numbers in a column of numbers
FEWEST_NAMES = 20  # texts that nearly all differ
_INDEX = re.compile(r"unnamed: \d+|index|row|.*id", re.IGNORECASE)
_ID = re.compile(r"(.*[ _-])?(id|ID|Id)|.*[a-z](Id|ID)")
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?"
    r"|\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
)
_SIGNS = r"$\N{EURO SIGN}\N{POUND SIGN}\N{YEN SIGN}"
_CURRENCY = rf"[{_SIGNS}]|(?:CHF|EUR|USD|GBP)\b"
_BESIDE = re.compile(
    rf"(?P<sign>[+-]?)\s*(?P<before>{_CURRENCY})?\s*(?P<number>[+-]?[\d.,].*?)"
    rf"\s*(?P<after>%|[{_SIGNS}]|CHF|EUR|USD|GBP)?"
)
# 1,234,567.8 and 1.234.567,8; beside decimal commas 1.234 is 1234, as 1.5 then stops the reading.
_SPACES = " '’\xa0\u202f\u2009"
_THOUSANDS = re.compile(
    rf"[+-]?[1-9]\d{{0,2}}(?P<mark>[,{_SPACES}])\d{{3}}(?:(?P=mark)\d{{3}})*(?:\.\d+)?"
)
_THOUSANDS_AND_COMMA = re.compile(
    rf"[+-]?[1-9]\d{{0,2}}(?:(?P<mark>[{_SPACES}])\d{{3}}(?:(?P=mark)\d{{3}})*(?:,\d+)?"
    r"|(?:\.\d{3})+(?:,\d+)?)"
)
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.IGNORECASE)

_DECIMAL_POINT = re.compile(r"[+-]?\d*\.\d+")


class CellError(RequestError):
    """A cell of a column that can't be read, as is `said`; `remedy`, if any, ends the message."""

    def __init__(self, column: str, message: str, remedy: str = "") -> None:
        super().__init__(message + remedy)
        self.column, self.said, self.remedy = column, message, remedy

    def of(self, path: object) -> "CellError":
        """The same of a file."""
        return CellError(self.column, f"{path}: {self.said}", self.remedy)


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return cell.strip().lower() in MISSING


def number(cell: str, decimal_comma: bool = False) -> float:
    """The number in a cell; `ValueError` where it is none.

    Thousands separators, %, and signs of currencies beside it are passed over.
    """
    if not ("_" in cell or (decimal_comma and "." in cell)):
        # Python alone takes 1_000 for a number, and beside decimal commas 1.234 is 1234.
        try:
            return float(cell.replace(",", ".") if decimal_comma else cell)
        except ValueError:
            pass
    digits, _ = _taken_apart(cell, decimal_comma)
    return float(digits)


def signs(cell: str, decimal_comma: bool = False) -> tuple[str, ...]:
    """What stands beside the digits of a number that isn't read, as it is called in a sentence."""
    try:
        return _taken_apart(cell, decimal_comma)[1]
    except ValueError:
        return ()


def _taken_apart(cell: str, decimal_comma: bool) -> tuple[str, tuple[str, ...]]:
    """A number as Python writes it, and what was beside its digits; `ValueError` for no number."""
    parts = _BESIDE.fullmatch(cell.strip().replace("−", "-"))
    if parts is None or "_" in cell:
        raise ValueError(cell)
    beside = tuple(mark for mark in (parts["before"], parts["after"]) if mark)
    digits = parts["sign"] + parts["number"]
    of_thousands = (_THOUSANDS_AND_COMMA if decimal_comma else _THOUSANDS).fullmatch(digits)
    if of_thousands:
        mark = of_thousands["mark"] or "."
        digits, beside = digits.replace(mark, ""), (*beside, "thousands separators")
    elif decimal_comma and "." in digits:
        raise ValueError(cell)
    return digits.replace(",", ".") if decimal_comma else digits, beside


def is_number(cell: str, decimal_comma: bool = False) -> bool:
    """Whether there is a number in a cell."""
    try:
        number(cell, decimal_comma)
    except ValueError:
        return False
    return True


def has_decimal_comma(cell: str) -> bool:
    """Whether a cell holds a number such as 1,5 or 1.234,5."""
    parts = _BESIDE.fullmatch(cell.strip()) if "," in cell else None
    if parts is None:
        return False
    return any(each.fullmatch(parts["number"]) for each in (_DECIMAL_COMMA, _THOUSANDS_AND_COMMA))


def has_decimal_point(cell: str) -> bool:
    """Whether a cell holds a number such as 1.5, which none is beside decimal commas."""
    return bool(_DECIMAL_POINT.fullmatch(cell.strip())) and not is_number(cell, decimal_comma=True)


def kind_of(cells: Sequence[str], decimal_comma: bool = False, name: str = "") -> Kind:
    """What a column holds, by some of its cells and its name.

    One cell that is no number, or a twentieth of them, leaves a column of numbers what it is, with
    a fault in it that is worth a message.
    """
    present = [cell.strip() for cell in cells if not is_missing(cell)]
    if not present:
        return "empty"
    if all(cell.lower() in TRUTHS for cell in present):
        return "truth"
    others = sum(not is_number(cell, decimal_comma) for cell in present)
    if others < len(present) and others <= max(1, SPOILED * len(present)):
        return finer("number", name, present)
    if all(_DATE.fullmatch(cell) for cell in present):
        return "date"
    return finer("text", name, present)


def finer(kind: Kind, name: str, values: Sequence[str] | Sequence[float]) -> Kind:
    """The kind of a column, of what isn't missing in it, where its name and values say more.

    An index by its name whose numbers go up by 1 from 0 or 1, an id that is another whole number in
    each row, or texts of which more than half are different ones, tell nothing of other rows.
    """
    if kind == "number" and _INDEX.fullmatch(name) and len(values) > 1:
        found = [number(str(value)) if is_number(str(value)) else -1.0 for value in values]
        if found[0] in (0, 1) and found == [found[0] + at for at in range(len(values))]:
            return "index"
        if _ID.fullmatch(name) and len(set(found)) == len(found) and all(map(_is_whole, found)):
            return "index"
    different = len(set(values)) if kind == "text" else 0
    return "names" if different > max(FEWEST_NAMES, len(values) / 2) else kind


def _is_whole(value: float) -> bool:
    return abs(value) <= LARGEST and value == int(value)


def value(cell: str, kind: Kind, decimal_comma: bool = False) -> float:
    """A cell of a column of numbers, or of True and False, as a number; `ValueError` elsewhere."""
    if kind == "truth":
        known = TRUTHS.get(cell.strip().lower())
        if known is None:
            raise ValueError(cell)
        return known
    return number(cell, decimal_comma)


def require_value(
    cell: str, kind: Kind, decimal_comma: bool, where: str, column: str = ""
) -> float:
    """The same; `CellError`, which says where, for what is no finite number."""
    if not cell.strip():
        raise CellError(column, f"{where} is empty; a {_WANTED[kind]} is needed")
    try:
        found = value(cell, kind, decimal_comma)
    except ValueError:
        remedy = ""
        if kind == "number" and (decimal_comma or _DECIMAL_COMMA.fullmatch(cell.strip())):
            remedy = f"; decimals have {'commas' if decimal_comma else 'points'} here"
        wanted = "not True or False" if kind == "truth" else "not a number"
        raise CellError(column, f"{where}: {brief(cell)} is {wanted}", remedy) from None
    if not abs(found) < float("inf"):
        raise CellError(column, f"{where}: {brief(cell)[1:-1]} is not a finite number")
    if abs(found) > LARGEST:
        raise CellError(
            column, f"{where}: {brief(cell)[1:-1]} is not between -{LARGEST:g} and {LARGEST:g}"
        )
    return found


_WANTED = {"number": "number", "truth": "True or False", "text": "text"}


def name_of(cell: str) -> str:
    """A cell as a name that can be shown."""
    return printable(cell.replace("\xa0", " ").strip())


def brief(cell: str) -> str:
    """A cell as it is repeated in a message, in quotes."""
    text = cell.strip()
    return repr(text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…")
