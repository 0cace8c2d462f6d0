"""Numbers as people read them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.formatting import fixed, short, signed, significant, times

finite = st.floats(-1e300, 1e300)


def read(text):
    return float(text.replace("−", "-").replace("+", ""))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (fixed(-1.35289), "−1.3529"),
        (fixed(0.5, 2), "0.50"),
        (fixed(-0.0), "0.0000"),
        (fixed(4.4e-5), "4.4e−5"),
        (fixed(-1.23e7), "−1.2e7"),
        (fixed(math.inf), "inf"),
        (fixed(-math.inf), "−inf"),
        (fixed(math.nan), "nan"),
        (signed(0.0135), "+0.0135"),
        (signed(-0.0135), "−0.0135"),
        (signed(0.0), "0.0000"),
        (signed(-0.0), "0.0000"),
        (short(0.01), "0.01"),
        (short(1e-5), "1e−5"),
        (short(-2.50), "−2.5"),
        (short(123456), "1.235e5"),
        (short(math.inf), "inf"),
        (short(-math.inf), "−inf"),
        (significant(2.42194), "2.42"),
        (significant(0.00123456), "0.00123"),
        (significant(1234.5), "1234.50"),
        (significant(2.2137, 5), "2.2137"),
        (significant(1.5e-12), "1.50e−12"),
        (significant(1.5e300), "1.50e+300"),
        (significant(0.0), "0.00"),
        (significant(math.nan), "nan"),
        (times(1, "point"), "1 point"),
        (times(3, "point"), "3 points"),
        (times(2, "point lies", "points lie"), "2 points lie"),
    ],
)
def test_a_number_is_written_as(written, text):
    assert written == text


@given(finite)
def test_fixed_says_a_small_or_large_number_in_few_characters(value):
    text = fixed(value)
    assert len(text) <= 12
    assert read(text) == pytest.approx(value, rel=0.05, abs=0.5e-4)
    assert (read(text) != 0) == (value != 0)


@given(finite)
def test_signed_begins_with_a_sign_unless_it_is_0(value):
    assert signed(value)[0] == ("−" if value < 0 else "+" if value else "0")
    assert read(signed(value)) == read(fixed(value))


@given(finite)
def test_short_keeps_four_digits(value):
    assert read(short(value)) == pytest.approx(value, rel=0.5e-3)
    assert len(short(value)) <= 11


@given(finite)
def test_significant_keeps_its_digits_however_small_the_number(value):
    """A small loss must not print as 0.00."""
    assert read(significant(value)) == pytest.approx(value, rel=0.5e-2)
