"""The table under the plots: columns, sliders, pushes, at any width and with any numbers."""

import math
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.ranges import slider_range
from nn_core.explain.rows import LayerRow, NumberRow
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer
from nn_tui.panels.slider import PUSH
from nn_tui.panels.table import table
from nn_tui.text.roles import width_of

AWKWARD = [0.0, -0.0, 1e300, -1e300, 1e-300, -1e-300, 5e-324, 999999.99996, -999999.99996, 1e6,
           -99999.0, 0.00005, math.nan, math.inf, -math.inf]  # fmt: skip
ANY = st.sampled_from(AWKWARD) | st.floats()
WIDTHS = st.integers(40, 200)


@cache
def snapshot(name: str, steps: int = 0, opened: str | None = None) -> Snapshot:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config))
    timeline.advance(steps)
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest(opened=opened))


def texts(shown: Snapshot, width: int = 80, chosen: int = 0, first: int = 0) -> list[str]:
    lines = table(shown, chosen, first, 20, width)
    return ["".join(text for text, _ in line) for line in lines]


def number_rows(*values: tuple[float, float, float, float]) -> tuple[NumberRow, ...]:
    return tuple(
        NumberRow(label, index, *row)
        for index, (label, row) in enumerate(zip("abcd", values, strict=False))
    )


# --- numbers ----------------------------------------------------------------------------------


def test_ten_steps_of_the_quadratic_at_80_columns() -> None:
    """The rows of LOOK's sketch "The quadratic after ten steps"."""
    header, a, b, c = texts(snapshot("quadratic", 10))
    for title in ("parameters", "value", "−1.1", "3.3", "gradient", "update", "next"):
        assert f" {title} " in header
    assert a.split()[:3] == ["▸", "a", "1.2353"]
    assert a.split()[-3:] == ["−1.3529", "+0.0135", "1.2488"]
    assert b.split()[-3:] == ["−0.0316", "+0.0003", "1.1035"]
    assert c.split()[-3:] == ["−0.5000", "+0.0050", "1.1550"]
    _, a, *_ = texts(snapshot("quadratic", 10), 120)
    assert a.index("┊") < a.index("◆") < a.index("▸", 3)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_numbers_are_aligned_on_the_decimal_point(width: int) -> None:
    rows = number_rows(
        (1.1, -1.2353, 0.5, -0.005), (1.1, 12.5, -1.3529, 0.0135), (1.1, -123.25, 100.125, -1.0)
    )
    lines = texts(replace(snapshot("quadratic"), rows=rows), width)[1:]
    points = [[at for at, letter in enumerate(line) if letter == "."] for line in lines]
    assert len(points[0]) == 4
    assert points[0] == points[1] == points[2]


def test_titles_end_where_their_numbers_do() -> None:
    header, row, *_ = texts(snapshot("quadratic", 10))
    for title in ("value", "gradient", "update", "next"):
        end = header.index(f" {title} ") + 1 + len(title)
        assert row[end - 1].isdigit()
        assert row[end : end + 1].strip() == ""


@given(WIDTHS, st.lists(st.tuples(ANY, ANY, ANY, ANY), min_size=1, max_size=4))
def test_any_numbers_fit_into_any_width(
    width: int, values: list[tuple[float, float, float, float]]
) -> None:
    shown = replace(snapshot("quadratic"), rows=number_rows(*values))
    for line in table(shown, 0, 0, 20, width):
        assert width_of(line) <= width
        assert "\n" not in "".join(text for text, _ in line)


@given(WIDTHS, st.integers(0, 99), st.integers(0, 999), ANY)
def test_long_labels_fit_into_any_width(width: int, layer: int, unit: int, value: float) -> None:
    row = NumberRow(f"{layer}.weight[{unit}, {unit}]", 0, value, value, value, value)
    shown = replace(snapshot("relu-net"), rows=(row,), row_count=1)
    for line in table(shown, 0, 0, 20, width):
        assert width_of(line) <= width


@pytest.mark.parametrize(("width", "columns"), [
    (40, ["value", "gradient", "update"]), (60, ["value", "gradient", "update", "next"]),
])  # fmt: skip
def test_a_narrow_screen_drops_whole_columns(width: int, columns: list[str]) -> None:
    header, a, *_ = texts(snapshot("quadratic", 10), width)
    shown = [name for name in ("value", "gradient", "update", "next") if f" {name} " in header]
    assert shown == columns
    assert len(a.split()) == 2 + len(columns)


@given(st.lists(st.sampled_from(AWKWARD) | st.floats(-1e308, 1e308), max_size=5))
def test_a_slider_holds_all_finite_values(values: list[float]) -> None:
    low, high = slider_range("quadratic", values)
    assert low <= -1.1
    assert high >= 3.3
    for value in values:
        assert not math.isfinite(value) or low <= value <= high


@given(st.floats(-1.1, 3.3))
def test_the_sliders_of_the_lesson_keep_their_ends(value: float) -> None:
    assume(math.isfinite(value))
    assert slider_range("quadratic", [value]) == (-1.1, 3.3)


@given(st.floats(3.3, 1e6), st.floats(1.0, 1.05))
def test_the_end_of_a_slider_grows_by_a_third_at_most(value: float, factor: float) -> None:
    """It doubled, so that ◆ jumped to the left while its value rose."""
    ends = [slider_range("quadratic", [each])[1] for each in (value, value * factor)]
    assert ends[0] <= ends[1] <= 4 / 3 * ends[0] * (1 + 1e-9)


@pytest.mark.parametrize("ends", [(-6.649e19, 8.117e19), (-2.503e150, 3.297e146), (-1e300, 2.0)])
@pytest.mark.parametrize("width", [70, 80, 90, 120])
def test_the_ends_of_a_slider_keep_their_exponents(ends: tuple[float, float], width: int) -> None:
    """“−6.649e 8.117e19” stood over it: the one end lay over the other's exponent."""
    title = texts(replace(snapshot("quadratic"), slider=ends), width)[0]
    between = title.split("value")[1].split("gradient")[0]
    for legend in PUSH:
        between = between.replace(legend, "")
    shown = [float(part.replace("−", "-")) for part in between.replace("─", " ").split()]
    assert shown == [] or shown == pytest.approx(ends, rel=0.5)


def test_the_chosen_row_is_marked_wherever_the_list_is_scrolled_to() -> None:
    shown = snapshot("relu-net", 0, "0.bias")
    lines = texts(replace(shown, rows=shown.rows[4:8]), chosen=6, first=4)
    assert [line[1] for line in lines[1:]] == [" ", " ", "▸", " "]
    assert " b1 " in lines[0]


def test_no_rows_are_no_trouble() -> None:
    for name in ("quadratic", "relu-net"):
        assert len(texts(replace(snapshot(name), rows=(), row_count=0))) == 1


# --- layers -----------------------------------------------------------------------------------


def layer(label: str, shape: tuple[int, ...], size: float, gradient: float, ratio: float
          ) -> LayerRow:  # fmt: skip
    return LayerRow(label, shape, size, gradient, ratio * size)


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(1e-3, "1.0e−3"), (2.1e-4, "2.1e−4"), (0.5, "5.0e−1"), (1e-12, "1.0e−12"), (20.0, "2.0e1")],
)
def test_the_ratio_of_a_layer_in_words_and_on_its_scale(ratio: float, text: str) -> None:
    rows = (layer("0.weight", (16, 1), 2.0, 1.0, ratio),)
    header, line = texts(replace(snapshot("relu-net"), rows=rows))
    assert text in line.split()
    assert "1e−5" in header
    track = line[line.index("├") : line.index("┤") + 1]
    if ratio == 1e-3:
        assert "┊" not in track  # ◆ stands on the mark of what is healthy
    else:
        assert (track.index("◆") > track.index("┊")) == (ratio > 1e-3)


@pytest.mark.parametrize("size", [0.0, math.nan, math.inf])
def test_a_layer_without_a_ratio_has_no_mark(size: float) -> None:
    rows = (LayerRow("0.weight", (16, 1), size, 0.0, math.nan),)
    _, line = texts(replace(snapshot("relu-net"), rows=rows))
    assert " – " in line
    assert "◆" not in line


@given(WIDTHS, ANY, ANY, ANY, st.sampled_from([(1,), (16, 1), (1024, 1024), (50000, 1000)]))
def test_layers_fit_into_any_width(
    width: int, size: float, gradient: float, update: float, shape: tuple[int, ...]
) -> None:
    row = LayerRow("12.weight", shape, abs(size), abs(gradient), abs(update))
    for line in table(replace(snapshot("relu-net"), rows=(row,)), 0, 0, 20, width):
        assert width_of(line) <= width


def test_layers_are_aligned_whatever_their_shapes() -> None:
    rows = (
        layer("0.weight", (1024, 1024), 5.5, 1.0, 1e-3), layer("0.bias", (1024,), 10.25, 0.5, 1e-2),
    )  # fmt: skip
    _, first, second = texts(replace(snapshot("relu-net"), rows=rows))
    assert first.index(".5000") == second.index(".2500")
    assert first.index("├") == second.index("├")


def test_rows_beyond_an_end_of_the_list_are_told_of_by_an_arrow() -> None:
    shown = replace(snapshot("quadratic"), row_count=4)
    arrows = [line[:1] for line in texts(replace(shown, rows=shown.rows[:2]))[1:]]
    assert arrows == [" ", "↓"]
    arrows = [line[:1] for line in texts(replace(shown, rows=shown.rows[1:]), first=2)[1:]]
    assert arrows == ["↑", " "]
    assert [line[:1] for line in texts(snapshot("quadratic"))[1:]] == [" "] * 3


def test_what_rounding_leaves_of_a_gradient_is_written_as_about_0() -> None:
    """The shown factors gave another result: 4.2e−17 × −2 = 0.0000."""
    row = NumberRow("b", 1, 1.1, 1.3526, 4.2e-17, 0.0, cancels=True)
    _, line = texts(replace(snapshot("quadratic"), rows=(row,)))
    assert " ≈ 0  " in line
    assert "e−17" not in line
