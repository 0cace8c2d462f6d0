"""The canvas: which characters stand where, and in which role."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.plot.canvas import MARKERS, Canvas, one_cell_each
from nn_tui.plot.raster import line_dots

no_deadline = settings(deadline=None)  # how long it takes is not the question here
units = st.floats(-3, 3) | st.just(np.nan)


def text(canvas: Canvas) -> list[str]:
    return ["".join(run for run, _ in line) for line in canvas.lines()]


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def test_an_empty_canvas_is_spaces_in_one_run():
    assert Canvas(4, 2).lines() == [[("    ", "rule")]] * 2


@pytest.mark.parametrize(
    ("markers", "picture"),
    [("braille", [" ⢀⠎", "⡰⠁ "]), ("blocks", [" ▗▞", "▞▘ "]), ("ascii", [" .'", ".' "])],
)
def test_a_line_in_dots(markers, picture):
    canvas = Canvas(3, 2, markers)
    canvas.polyline(array(0, 1), array(0, 1), "model")
    assert text(canvas) == picture


def test_each_dot_has_its_place_in_the_character():
    for markers, (columns, rows, codes) in MARKERS.items():
        for row in range(rows):
            for column in range(columns):
                canvas = Canvas(1, 1, markers)
                x, y = (column + 0.5) / columns, 1 - (row + 0.5) / rows
                canvas.polyline(array(x), array(y), "model")
                assert text(canvas) == [chr(codes[1 << row * columns + column])]
    assert [chr(MARKERS["braille"].codes[1 << bit]) for bit in range(8)] == list("⠁⠈⠂⠐⠄⠠⡀⢀")


@no_deadline
@given(st.lists(st.tuples(units, units), min_size=2, max_size=12), st.integers(1, 60))
def test_a_line_has_no_gaps_and_stays_inside(points, size):
    x, y = np.array([(x, y) for x, y in points if not np.isnan(x + y)] or [(0, 0)]).T
    inside = ((x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)).all()
    columns, rows = line_dots(x, y, 2 * size, size)
    assert ((columns >= 0) & (columns < 2 * size) & (rows >= 0) & (rows < size)).all()
    if inside:
        assert np.maximum(np.abs(np.diff(columns)), np.abs(np.diff(rows))).max(initial=0) <= 1
        assert columns.size > 0


def test_a_steep_line_reaches_every_row():
    canvas = Canvas(20, 10)
    x = np.linspace(0, 1, 50)
    canvas.polyline(x, 0.5 + 0.5 * np.tanh(200 * (x - 0.5)), "model")
    assert all(line.strip() for line in text(canvas))


def test_a_line_that_leaves_the_canvas_goes_to_its_edge_and_comes_back():
    canvas = Canvas(9, 3)
    canvas.polyline(array(0, 0.25, 0.75, 1), array(0.5, 1e6, 1e6, 0.5), "model")
    top, middle, bottom = text(canvas)
    assert top[0] != " "
    assert top[-1] != " "
    assert not top[2:-2].strip()
    assert not bottom.strip()
    assert middle[0] != " "


def test_a_line_is_one_dot_thin():
    columns, rows = line_dots(np.linspace(0, 1, 999), np.linspace(0, 1, 999), 40, 40)
    assert columns.tolist() == list(range(40))
    assert rows.tolist() == list(range(39, -1, -1))


def test_nan_breaks_a_line_and_a_lone_point_is_a_dot():
    canvas = Canvas(5, 1)
    canvas.polyline(array(0, 0.2, np.nan, 0.5, 0.7, 1), array(0, 0, 0, 0, np.nan, 0), "model")
    assert text(canvas) == ["⣀⡀⢀ ⢀"]


def test_every_third_dot():
    canvas = Canvas(6, 1)
    canvas.polyline(array(0, 1), array(0, 0), "truth", every=3)
    assert text(canvas) == ["⡀⢀ ⡀⢀ "]


def test_an_envelope_fills_each_column_from_its_least_to_its_greatest_value():
    canvas = Canvas(4, 1)
    x = np.repeat(np.arange(8) / 8 + 0.01, 2)
    low, high = np.zeros(16), np.tile(array(0.2, 0.9), 8)
    canvas.envelope(x, low, high, "model")
    assert text(canvas) == ["⣿⣿⣿⣿"]


def test_an_envelope_is_connected_over_jumps_and_holes():
    canvas = Canvas(10, 5)
    x = array(0, 0.1, 0.9, 1)
    y = array(1, 1, 0, 0)
    canvas.envelope(x, y, y, "model")
    assert all(line.strip() for line in text(canvas))
    assert text(canvas)[0].startswith("⠉")
    assert text(canvas)[-1].endswith("⣀")


@pytest.mark.parametrize("y", [(1, 0), (0, 1), (0, 1, 0), (1, 0, 1)])
def test_neighbouring_columns_of_an_envelope_meet(y):
    canvas = Canvas(2, 5)
    x = np.arange(len(y)) / 4 + 0.1
    canvas.envelope(x, array(*y), array(*y), "model")
    assert all(line.strip() for line in text(canvas))


def test_a_band_does_not_grow_where_its_neighbour_is_higher():
    canvas = Canvas(1, 5)
    canvas.envelope(array(0.1, 0.9), array(0, 0), array(1, 0.1), "model")
    assert text(canvas) == ["⡇", "⡇", "⡇", "⡇", "⣧"]


def test_a_glyph_stands_in_the_cell_of_its_point_and_none_outside():
    canvas = Canvas(5, 3)
    x = array(0, 0.5, 1, 1.01, -0.01, np.nan)
    canvas.glyphs(x, array(0, 0.5, 1, 0.5, 0.5, 0.5), "●", "data")
    assert text(canvas) == ["    ●", "  ●  ", "●    "]


def test_a_value_on_the_border_of_two_rows_always_goes_to_the_lower():
    rows = []
    for tenths in range(1, 10):
        canvas = Canvas(1, 10)
        canvas.glyphs(array(0), array(tenths / 10), "●", "data")
        rows.append(text(canvas).index("●"))
    assert rows == [9, 8, 7, 6, 5, 4, 3, 2, 1]


def test_bars_reach_from_cell_to_cell_and_out_of_the_canvas():
    canvas = Canvas(3, 4)
    canvas.bars(array(0, 0.5, 1), array(0.9, 0.6, 0.3), array(0.4, 7, np.nan), "data")
    assert text(canvas) == ["╎╎ ", "╎╎ ", "╎  ", "   "]


def test_later_layers_win_their_cells_and_only_those():
    canvas = Canvas(4, 1)
    canvas.rule(0.7, "truth")
    canvas.polyline(array(0, 0.4), array(0, 0), "model")
    canvas.glyphs(array(0.9), array(0), "●", "data")
    assert canvas.lines() == [[("⣀⣀", "model"), ("⠂", "truth"), ("●", "data")]]


def test_a_reference_line_stands_at_its_own_height_in_its_cell():
    for markers, picture in (("braille", "⠁⠂⠄⡀"), ("blocks", "▘▘▖▖"), ("ascii", "'-..")):
        seen = ""
        for height in (0.99, 0.65, 0.3, 0.1):
            canvas = Canvas(3, 1, markers)
            canvas.rule(height, "truth")
            seen += text(canvas)[0][0]
        assert seen == picture


def test_two_reference_lines_in_one_row_are_both_to_be_seen():
    canvas = Canvas(2, 1)
    canvas.rule(0.99, "truth")
    canvas.rule(0.01, "truth")
    assert text(canvas) == ["⡁⡁"]
    assert canvas.free_cells().all()


def test_blanks_belong_to_the_run_before_them():
    canvas = Canvas(7, 1)
    canvas.glyphs(array(0.3, 0.6), array(0, 0), "●", "data")
    assert canvas.lines() == [[("  ", "rule"), ("● ●  ", "data")]]


def test_text_is_cut_at_the_edge_and_fills_one_cell_for_each_character():
    canvas = Canvas(6, 1)
    canvas.text(2, 0, "数\x1b[2J", "text")
    assert text(canvas) == ["  ??[2"]
    assert one_cell_each("naïve − 3·x² ’") == "naïve − 3·x² ’"


def test_free_is_what_holds_nothing_but_a_reference_line():
    canvas = Canvas(6, 2)
    canvas.rule(0.9, "truth")
    canvas.glyphs(array(0.5), array(0), "●", "data")
    assert canvas.free_cells().tolist() == [[True] * 6, [True] * 3 + [False] + [True] * 2]


def test_a_blank_on_a_ground_is_not_of_the_role_to_its_left() -> None:
    """What is wrong is drawn on paper; the blanks after it are of the class that is told there."""
    canvas = Canvas(4, 1)
    canvas.ground(np.zeros((1, 4), np.intp), ["class 0 depth 3"])
    canvas.text(1, 0, "✗", "alarm")
    [line] = canvas.lines()
    assert [(text, role.partition("@")[0] == "alarm") for text, role in line] == [
        (" ", False), ("✗", True), ("  ", False),
    ]  # fmt: skip
