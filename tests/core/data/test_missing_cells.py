"""Cells that are missing, and other things about CSV files that a person brings."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Config
from nn_core.data.csv_file import Table, read_table
from nn_core.data.datasets import from_table, load
from nn_core.errors import RequestError

NONE = np.nan
NUMBERS = st.floats(-1e150, 1e150)


@pytest.fixture
def table(tmp_path):
    def read(content: bytes, **options):
        path = tmp_path / "table.csv"
        path.write_bytes(content)
        return read_table(path, **options)

    return read


@given(rows=st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=20))
def test_every_number_comes_back_to_the_bit(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "numbers.csv"
    path.write_text("a,b,c\n" + "\n".join(",".join(map(repr, row)) for row in rows))
    np.testing.assert_array_equal(read_table(path).values, rows)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"x,y\n1,2\nNA,3\n", "line 3, column 'x': 'NA' is not a number"),
        (b"x,y\n1,1_000\n2,3\n", "line 2, column 'y': '1_000' is not a number"),
        (b"x,y\n1,2\n\0,3\n", "not a text file in UTF-8"),
    ],
)
def test_what_is_no_number_is_refused(table, content, fault):
    with pytest.raises(RequestError, match=fault):
        table(content)


def test_missing_cells_are_nan_where_they_are_allowed(table):
    found = table(b'x,y\n1,2\n,3\nNA, n/a \n4,""\n"null",NaN\n', allow_missing=True)
    np.testing.assert_array_equal(
        found.values, [[1, 2], [NONE, 3], [NONE, NONE], [4, NONE], [NONE, NONE]]
    )


# What `pandas.read_csv` takes for missing unless told otherwise.
PANDAS = [
    *(" ", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN"),
    *("<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"),
]


@pytest.mark.parametrize("cell", [*PANDAS, "?", ".", "..", "-", "--", "–", "—", "n.a."])
def test_what_other_programs_write_for_missing_is_missing(table, cell):
    found = table(f"x,y\n1,2\n{cell},3\n".encode(), allow_missing=True)
    np.testing.assert_array_equal(found.values, [[1, 2], [NONE, 3]])


@pytest.mark.parametrize("cell", ["n/a?", "#DIV/0!", "missing"])
def test_what_only_looks_like_missing_is_refused(table, cell):
    """A mistake in a sheet had better be seen."""
    with pytest.raises(RequestError, match=r"line 3, column 'x': .* is not a number"):
        table(f"x,y\n1,2\n{cell},3\n".encode(), allow_missing=True)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"x,y\n,1\n2,inf\n", "line 3, column 'y': inf is not a finite number"),
        (b"x,y\n,1\n2,many\n", "line 3, column 'y': 'many' is not a number"),
        (b"x,y\n,1\n2\n", "line 3 has 1 cell; the header has 2"),
    ],
)
def test_other_faults_are_refused_even_where_missing_cells_are_allowed(table, content, fault):
    with pytest.raises(RequestError, match=fault):
        table(content, allow_missing=True)


@pytest.mark.parametrize(("body", "fault"), [(b"1,2\n3,4\n", None), (b"1,2\n3,\n", "column 'y'")])
def test_a_pipe_is_read_though_it_comes_only_once(body, fault):
    reading, writing = os.pipe()
    try:
        with open(writing, "wb") as pipe:  # noqa: PTH123 - a descriptor has no path
            pipe.write(b"x,y\n" + body)
        path = Path(f"/dev/fd/{reading}")
        if fault is None:
            np.testing.assert_array_equal(read_table(path).values, [[1, 2], [3, 4]])
        else:
            with pytest.raises(RequestError, match=fault):
                read_table(path)
    finally:
        os.close(reading)


# --- dropping rows -------------------------------------------------------------------------------


def made(values: list[list[float]]) -> Table:
    return Table(("a", "b", "c"), np.array(values, float), "mine.csv")


def test_rows_with_a_missing_cell_are_dropped_and_counted():
    data = from_table(made([[1, 2, 3], [NONE, 5, 6], [7, 9, 8], [9, 1, NONE]]))
    np.testing.assert_array_equal(data.x, [[1, 2], [7, 9]])
    np.testing.assert_array_equal(data.y, [[3], [8]])
    assert data.dropped == 2
    assert data.source == "mine.csv"
    assert data.notes == ("2 rows with missing cells dropped (rows 2, 4)",)


def test_a_row_is_kept_where_what_is_missing_is_not_used():
    data = from_table(made([[1, NONE, 3], [4, NONE, 6], [NONE, 8, 9]]), ("a",), "c")
    np.testing.assert_array_equal(data.x, [[1], [4]])
    assert data.dropped == 1


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        (
            [[1, 2, NONE], [4, 5, NONE]],
            r"2 rows with missing cells dropped \(rows 1, 2\): 0 rows of data are",
        ),
        (
            [[1, 2, 3], [4, 5, NONE]],
            r"1 row with missing cells dropped \(row 2\): one row of data is not",
        ),
        ([[1, 1, 3], [1, 1, 6], [2, 3, NONE]], "column 'a' is 1 in every row, 'b' is 1"),
    ],
)
def test_what_is_left_after_dropping_must_be_enough_to_learn_from(values, fault):
    with pytest.raises(RequestError, match=fault):
        from_table(made(values))


def test_the_config_says_whether_missing_cells_are_refused(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("x,y\n1,2\n,3\n4,5\n")
    with pytest.raises(RequestError, match="line 3, column 'x' is empty"):
        load(Config(data=str(path), missing="refuse"))
    data = load(Config(data=str(path)))
    assert (data.rows, data.dropped) == (2, 1)
