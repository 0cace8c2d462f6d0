"""Cells: what is written into them never needs more room than there is, nor takes less."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.text.cells import cut, filled, merged, number, shortened
from nn_tui.text.roles import width_of

LINES = st.lists(st.tuples(st.text("ab─ ", max_size=5), st.sampled_from(["text", "rule"])))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.5, "  0.5000"), (-123.456, " −123.46"), (123456.7, "  123457"), (-1e300, "  −1e300"),
        (math.inf, "     inf"),
    ],
)  # fmt: skip
def test_a_number_has_as_many_decimals_as_leave_a_space_before_it(value, written):
    assert number(value, 8) == written


@given(LINES, st.integers(0, 30))
def test_a_line_is_cut_or_filled_to_just_its_width(line, width):
    text = "".join(part for part, _ in line)
    assert "".join(part for part, _ in cut(line, width)) == text[:width]
    assert all(part for part, _ in cut(line, width))
    assert width_of(filled(line, width)) == width


@given(LINES)
def test_merging_changes_no_character_and_no_role(line):
    def cells(runs):
        return [(character, role) for text, role in runs for character in text]

    assert cells(merged(line)) == cells(line)
    roles = [role for _, role in merged(line)]
    assert all(one != other for one, other in pairwise(roles))


@pytest.mark.parametrize(("width", "text"), [(4, "long"), (3, "lo…"), (1, "…")])
def test_a_text_is_shortened_with_an_ellipsis(width, text):
    assert shortened("long", width) == text
