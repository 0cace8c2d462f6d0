"""How the room on the screen is shared out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Size

from nn_tui.panels import layout

KINDS = {"quadratic": 3, "relu": 4, "mlp": 6}


@pytest.mark.parametrize(
    ("size", "too_small"),
    [((40, 12), False), ((39, 12), True), ((40, 11), True), ((1, 1), True), ((200, 60), False)],
)
def test_what_is_too_small(size: tuple[int, int], too_small: bool) -> None:
    assert layout.is_too_small(Size(*size)) == too_small


@given(st.sampled_from(sorted(KINDS)), st.integers(1, 100_000), st.integers(12, 200))
def test_the_table_leaves_room_for_all_else(kind: str, count: int, height: int) -> None:
    rows = layout.table_rows(kind, count if kind == "mlp" else KINDS[kind], height)
    assert rows >= 1
    fixed = 1 + 1 + 2 + 1 + 2 + layout.has_point_line(kind, height)  # header, title, words, …
    assert fixed + rows + 1 <= height


@pytest.mark.parametrize(("height", "rows"), [(24, 6), (40, 10), (60, 15)])
def test_a_network_lists_a_quarter_of_the_screen(height: int, rows: int) -> None:
    assert layout.table_rows("mlp", 1000, height) == rows


def test_the_lessons_parameters_are_all_listed_from_24_lines_on() -> None:
    assert layout.table_rows("quadratic", 3, 24) == 4  # and a row for the formula in other units
    assert layout.table_rows("relu", 4, 24) == 4


def test_a_network_has_its_point_line_where_there_is_room() -> None:
    assert not layout.has_point_line("mlp", 23)
    assert layout.has_point_line("mlp", 24)
    assert layout.has_point_line("quadratic", 24)


@pytest.mark.parametrize(
    ("kind", "count", "size", "view", "said"),
    [
        ("quadratic", 3, (80, 24), "fit", ""),
        ("quadratic", 3, (40, 12), "fit", "loss, 2 of 3 rows"),
        ("quadratic", 3, (60, 18), "fit", ""),
        ("relu", 4, (80, 14), "fit", "2 of 4 rows"),
        ("mlp", 4, (59, 24), "fit", "loss"),
        ("mlp", 4, (79, 24), "slope", "some of this view"),
    ],
)
def test_a_small_screen_says_what_is_hidden(
    kind: str, count: int, size: tuple[int, int], view: str, said: str
) -> None:
    assert layout.hidden(kind, count, Size(*size), view) == said
