"""Tables as spreadsheets write them: encodings, signs beside numbers, lines above a header."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Config, Dataset
from nn_core.data.cells import is_number, number
from nn_core.data.datasets import load
from nn_core.errors import RequestError

MISSING = "mend the cell, or empty it: NA, NaN, ?, - or . is empty too"

ROWS = range(30)
Mine = Callable[..., Dataset]


@pytest.fixture
def mine(tmp_path: Path) -> Mine:
    """Load the data of a text as a file in an encoding."""

    def load_text(
        text: str, encoding: str = "utf-8", name: str = "mine.csv", **settings: Any
    ) -> Dataset:
        content = text.encode(encoding)
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return load(Config(data=str(path), **settings))

    return load_text


# --- numbers as people write them ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "commas", "value"),
    [
        ("1,234", False, 1234), ("12,345,678.9", False, 12345678.9), ("1 234", False, 1234),
        ("-1'234.5", False, -1234.5), ("1’234", False, 1234), ("1\u202f234", False, 1234),
        ("3%", False, 3), ("3.5 %", False, 3.5), ("$ 400", False, 400), ("-$4", False, -4),
        ("$1,400.50", False, 1400.5), ("CHF 12.50", False, 12.5), ("12 EUR", False, 12),
        ("−7", False, -7), ("1.234,5", True, 1234.5), ("1.234.567", True, 1234567),
        ("19.686", True, 19686),
        ("1 234,5", True, 1234.5), ("3,5 %", True, 3.5), ("€ 1.400,00", True, 1400),
    ],
)  # fmt: skip
def test_signs_beside_a_number_are_passed_over(cell: str, commas: bool, value: float) -> None:
    assert number(cell, commas) == value


@pytest.mark.parametrize(
    ("cell", "commas"),
    [
        ("1,23", False), ("1,2345", False), ("0,123", False), ("079 123", False), ("30 m2", False),
        ("1,234 567", False), ("%", False), ("$", False), ("", False), ("1_000", False),
        ("1.23", True), ("0.234", True),
        ("A 1", False), ("1-2", False), ("1 2", False), ("CHFx 5", False),
    ],
)  # fmt: skip
def test_what_could_be_something_else_is_no_number(cell: str, commas: bool) -> None:
    assert not is_number(cell, commas)


@given(value=st.integers(-(10**12), 10**12), mark=st.sampled_from(",' ’\xa0"))
def test_any_whole_number_with_separators_is_itself(value: int, mark: str) -> None:
    assert number(f"{value:,}".replace(",", mark)) == value


@pytest.mark.parametrize(
    ("write", "notes"),
    [
        (lambda at: f"{at} %", ("numbers read without %",)),
        (lambda at: f"CHF {at}", ("numbers read without CHF",)),
        (lambda at: f"−{at}", ()),
    ],
)
def test_a_column_of_them_is_numbers_and_that_is_said(
    mine: Mine, write: Callable[[int], str], notes: tuple[str, ...]
) -> None:
    data = mine("size,price\n" + "".join(f"{at},{write(at + 1)}\n" for at in ROWS))
    assert not data.classes
    assert abs(data.y[:, 0]).tolist() == [at + 1 for at in ROWS]
    assert data.notes == notes


def test_prices_with_thousands_separators_are_a_target_of_numbers(mine: Mine) -> None:
    data = mine("size;price\n" + "".join(f"{at};€ 1.{400 + at},50\n" for at in ROWS))
    assert data.y[:, 0].tolist() == [1400.5 + at for at in ROWS]
    assert "decimal commas" in data.notes
    assert data.notes[-1] == "numbers read without €, thousands separators"


def test_a_dash_is_a_missing_cell(mine: Mine) -> None:
    data = mine("size,price\n1,2\n-,3\n2,4\n3,–\n")
    assert (data.rows, data.dropped) == (2, 2)


def test_an_id_of_another_number_in_each_row_is_no_input(mine: Mine) -> None:
    rows = [(1000 + at * 37 % 101, at, at * 2) for at in ROWS]
    text = "".join(f"{a},{b},{c}\n" for a, b, c in rows)
    for name in ("customer_id", "id", "orderID", "PassengerId"):
        assert mine(f"{name},size,rent\n{text}").notes == (
            f"left out: {name} (it numbers the rows)",
        )
    for name in ("acid", "humid", "size2"):
        assert mine(f"{name},size,rent\n{text}").x_names == (name, "size")
    again = "".join(f"{a // 9},{b},{c}\n" for a, b, c in rows)
    assert mine("customer_id,size,rent\n" + again).x_names == ("customer_id", "size")


# --- what a file is written in ------------------------------------------------------------------

STREETS = "größe,ort,rent\n" + "".join(f"{30 + at},Zürich {at % 3},{400 + at}\n" for at in ROWS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("name", ["mine.csv", "mine.csv.gz"])
def test_what_spreadsheets_write_is_read(mine: Mine, encoding: str, name: str) -> None:
    text = "\ufeff" * (encoding == "utf-16-le") + STREETS
    data = mine(text, encoding, name, x=("größe", "ort"))
    assert data.x_names == ("größe", "ort=Zürich 0", "ort=Zürich 1", "ort=Zürich 2")
    assert data.x[:, 0].tolist() == [30 + at for at in ROWS]
    assert any("1252" in note for note in data.notes) == (encoding == "cp1252")
    numbers = mine(text, encoding, name)
    assert (numbers.x_names, numbers.rows) == (("größe",), 30)


def test_a_letter_that_is_not_utf_8_far_below_is_read_too(mine: Mine) -> None:
    rows = "".join(f"{at},{'é' if at == 2500 else 'e'},{at}\n" for at in range(3000))
    data = mine("a,b,c\n" + rows, "cp1252", x=("b",))
    assert data.x_names == ("b=e", "b=é")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"PK\x03\x04" + b"\0" * 99, "this is a spreadsheet or an archive; saved as CSV it"),
        (b"\x89PNG\r\n\0\0", "this is not a text file in UTF-8; saved as one it is read"),
        ("x,y\n1,2\n".encode("utf-16-le"), "this is not a text file in UTF-8"),
        (b"\xff\xfex", "this is not a text file in UTF-8"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_said(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    with pytest.raises(RequestError, match=fault):
        load(Config(data=str(path)))


# --- what stands above and beside the rows ------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["sep=;\nx;y\n1.5;2\n2.5;3\n", "sep=,\nx,y\n1.5,2\n2.5,3\n", "x|y\n1.5|2\n2.5|3\n",
     "x,y\n1.5,2,\n2.5,3,\n"],
)  # fmt: skip
def test_ways_to_separate_cells(mine: Mine, text: str) -> None:
    data = mine(text)
    assert (data.x.tolist(), data.y.tolist()) == ([[1.5], [2.5]], [[2], [3]])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("My flats\n\nx,y\n1,2\n2,3\n",
         "line 1 is 'My flats', line 3 has several cells; the first row should name the columns"),
        ("x y\n1 2\n2 3\n", "inputs and a target are needed, with commas, semicolons, tabs or |"),
        ("1.5,2,yes\n2.5,3,no\n3,4,yes\n", "the first row holds values; it should name the col"),
        ("x,z,x\n1,2,3\n", "columns 1 and 3 are both called 'x'"),
        ("x,y\n1,2\n2,3,4\n", "line 3 has 3 cells; the header has 2; a cell that holds a sep"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_and_what_would_be_right(
    mine: Mine, text: str, fault: str
) -> None:
    with pytest.raises(RequestError) as caught:
        mine(text)
    assert fault in str(caught.value)


def test_years_may_be_names_of_columns(mine: Mine) -> None:
    assert mine("2023,2024,land\n1,2,a\n2,3,b\n").x_names == ("2023", "2024")


def test_texts_with_units_are_neither_inputs_nor_classes_in_silence(mine: Mine) -> None:
    with pytest.raises(RequestError, match="in size nearly every text is another; numbers have no"):
        mine("size,rent\n" + "".join(f"{at} m2,{at}\n" for at in ROWS))
    rows = "".join(f"{at},{at} m2\n" for at in ROWS)
    with pytest.raises(RequestError, match="'size', the last column, holds neither numbers nor cl"):
        mine("rent,size\n" + rows)
    assert len(mine("rent,size\n" + rows, y=("size",)).classes) == 30


@pytest.mark.parametrize(
    ("text", "settings", "remedy"),
    [
        ("big size,y\n1,2\nabc,3\n4,5\n", {},
         f"; {MISSING}; --drop 'big size' leaves the column out"),
        ("x,y\n1,2\n2,abc\n4,5\n", {}, f"; {MISSING}"),
        ("x,y\n1,2\nn/a?,3\n4,5\n", {"missing": "mean"},
         f"; {MISSING}; --drop x leaves the column out"),
        ("x,y\n1,2\nabc,3\n4,5\n", {"missing": "refuse"}, "; --drop x leaves the column out"),
        ("x;y\n1,5;2\n2.5;3\n3,5;4\n", {}, "; decimals have commas here"),
    ],
)  # fmt: skip
def test_of_a_cell_that_is_no_number_it_is_said_what_helps(
    mine: Mine, text: str, settings: dict[str, Any], remedy: str
) -> None:
    with pytest.raises(RequestError) as caught:
        mine(text, **settings)
    [line] = str(caught.value).splitlines()
    assert "line 3, column" in line
    assert line.endswith("is not a number" + remedy)
