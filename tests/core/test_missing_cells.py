"""Cells that are missing, and other things about CSV files that a person brings."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.csv_file import read_table
from nn_core.errors import RequestError

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


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
        (b"x,y\n1,2\nNA,3\n", "row 3, column 'x': 'NA' is not a number"),
        (b"x,y\n1,1_000\n", "row 2, column 'y': '1_000' is not a number"),
        (b"x,y\n1,2\n\xff,3\n", "not a text file in UTF-8"),
    ],
)
def test_what_is_no_number_is_refused(table, content, fault):
    with pytest.raises(RequestError, match=fault):
        table(content)


def test_missing_cells_are_nan_where_they_are_allowed(table):
    found = table(b'x,y\n1,2\n,3\nNA, n/a \n4,""\n"null",NaN\n', allow_missing=True)
    none = np.nan
    np.testing.assert_array_equal(
        found.values, [[1, 2], [none, 3], [none, none], [4, none], [none, none]]
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"x,y\n,1\n2,inf\n", "row 3, column 'y': inf is not a finite number"),
        (b"x,y\n,1\n2,many\n", "row 3, column 'y': 'many' is not a number"),
        (b"x,y\n,1\n2\n", "row 3 has 1 cells; the header has 2"),
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
