"""Reading a person's CSV file: what is taken, and what is said about what can't be."""

import errno
import os
from pathlib import Path

import pytest

from nn_core.data.csv_file import read_table
from nn_core.data.datasets import from_table
from nn_core.errors import RequestError


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Write a text (or bytes) into the file mine.csv and read it as a table."""
    monkeypatch.chdir(tmp_path)

    def read(text):
        path = Path("mine.csv")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_table(path)

    return read


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n1,2\n3,4\n",
        "x,y\n1,2\n3,4",
        "x,y\r\n1,2\r\n3,4\r\n",
        "x,y\r1,2\r3,4\r",
        "\ufeffx,y\n1,2\n3,4\n",
        '"x","y"\n"1","2"\n"3","4"\n',
        " x , y \n 1 ,\t2\n3 , 4 \n",
        "x,y\n\n1,2\n   \n3,4\n\n",
        "\n\r\nx,y\n1,2\n3,4\n",
        "x,y\n1.0,2e0\n+3,.4e1\n",
    ],
    ids=[
        "plain", "no last line end", "CRLF", "CR", "byte order mark", "quoted", "spaces",
        "blank lines", "blank lines first", "ways to write numbers",
    ],
)  # fmt: skip
def test_what_is_taken(read, text):
    table = read(text)
    assert table.names == ("x", "y")
    assert table.values.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty; a header row and rows of data are needed"),
        (" \n\n", "the file is empty; a header row and rows of data are needed"),
        ("x,y\n", "there is a header row, but no row of data below it"),
        ("x,y\n\n \n", "there is a header row, but no row of data below it"),
        ("x,y\n1,2\n3,four\n", "line 3, column 'y': 'four' is not a number"),
        ("x,y\n1,2\n\n\n3,four\n", "line 5, column 'y': 'four' is not a number"),
        ("\n\nx,y\n1,two\n2,3\n", "line 4, column 'y': 'two' is not a number"),
        (
            'x,y\n"1,5",2\n3,4\n',
            "line 2, column 'x': '1,5' is not a number; decimals have points here",
        ),
        ("x,y\n1,2\nnan,4\n", "line 3, column 'x': nan is not a finite number"),
        ("x,y\n1,-inf\n", "line 2, column 'y': -inf is not a finite number"),
        ("x,y\n1,1e999\n", "line 2, column 'y': 1e999 is not a finite number"),
        ("x,y\n1,\n3,4\n", "line 2, column 'y' is empty; a number is needed"),
        ("x,y\n1,2\n3\n", "line 3 has 1 cell; the header has 2"),
        (
            "x,y\n1,2,3\n4,5,6\n",
            "line 2 has 3 cells; the header has 2; a cell that holds a separator stands in quotes",
        ),
        ("1,2\n3,4\n", "the first row holds numbers; it should name the columns, such as x,y"),
        ("x,x\n1,2\n", "columns 1 and 2 are both called 'x'; every column needs a name of its own"),
        ("x,\n1,2\n", "column 2 holds values, but has no name"),
        (b"x,y\n1,\0\n", "this is not a text file in UTF-8; saved as one it is read"),
    ],
)
def test_what_is_refused_and_why(read, text, message):
    with pytest.raises(RequestError) as caught:
        read(text)
    assert str(caught.value) == f"mine.csv: {message}"


def test_a_missing_file(tmp_path):
    with pytest.raises(RequestError, match=r"no\.csv: there is no such file$"):
        read_table(tmp_path / "no.csv")


def test_a_folder(tmp_path):
    with pytest.raises(RequestError, match="can’t be read: Is a directory"):
        read_table(tmp_path)


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    def refuse(*arguments, **settings):  # by hand, for root may read everything
        raise PermissionError(errno.EACCES, "Permission denied")

    path = tmp_path / "mine.csv"
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(RequestError, match="can’t be read: Permission denied"):
        read_table(path)


@pytest.mark.parametrize(
    "text", ["x" * 200_000, "x,y\n1," + "2" * 200_000 + "z\n"], ids=["header", "row"]
)
def test_a_cell_too_long_to_be_one(read, text):
    """A file of another kind, on one line: still a message, never a traceback."""
    with pytest.raises(RequestError, match=r"line [12] can’t be read: field larger"):
        read(text)


# --- choosing columns --------------------------------------------------------------------------


def test_by_default_the_last_column_is_the_target(read):
    data = from_table(read("a,b,c\n1,2,3\n4,6,5\n"))
    assert (data.x_names, data.y_name) == (("a", "b"), "c")
    assert data.x.tolist() == [[1, 2], [4, 6]]
    assert data.y.tolist() == [[3], [5]]


def test_columns_by_name_in_the_order_asked_for(read):
    data = from_table(read("a,b,c\n1,2,3\n4,6,5\n"), ("c", "a"), "b")
    assert data.x.tolist() == [[3, 1], [5, 4]]
    assert data.y.tolist() == [[2], [6]]


def test_a_target_alone_leaves_all_others_as_inputs(read):
    assert from_table(read("a,b,c\n1,2,3\n4,6,5\n"), y="b").x_names == ("a", "c")


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        ("a,b\n1,2\n3,4\n", (("z",), ""), "there is no column 'z'; there are a, b"),
        ("a,b\n1,2\n3,4\n", ((), "z"), "there is no column 'z'; there are a, b"),
        ("a,b\n1,2\n3,4\n", (("a",), "a"), "'a' can’t be an input and the target"),
        ("a\n1\n3\n", ((), ""), "one column is not enough; inputs and a target are needed"),
        ("a,b\n1,2\n", ((), ""), "one row of data is not enough; at least 2 are needed"),
        (
            "a,b\n1,7.5\n3,7.5\n",
            ((), ""),
            "column 'b' is 7.5 in every row; nothing can be learnt from a constant column",
        ),
    ],
)
def test_columns_that_cannot_be_used_and_why(read, tmp_path, text, columns, message):
    with pytest.raises(RequestError) as caught:
        from_table(read(text), *columns)
    assert str(caught.value) == f"mine.csv: {message}"


def test_a_constant_column_that_is_not_used_does_no_harm(read):
    assert from_table(read("a,b,c\n1,7,3\n4,7,5\n"), ("a",), "c").rows == 2
