"""Ticks, marks, curves and reference lines agree on the row in which a value stands."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nn_tui.plot.canvas import MARKERS, Canvas
from nn_tui.plot.draw import draw
from nn_tui.plot.plot import Curve, Envelope, Plot, Points, ReferenceLine
from nn_tui.plot.render import render
from nn_tui.plot.scale import Axis, stepped

HEIGHTS = st.integers(6, 60)
VALUES = st.floats(-1e6, 1e6)
no_deadline = settings(deadline=None)  # how long it takes is not the question here


def ticked(plot: Plot, rows: int) -> dict[int, float]:
    """The rows of a plot's canvas that have a label, and its value."""
    lines = ["".join(text for text, _ in row) for row in render(plot, 60, rows + 1)[:rows]]
    labels = {at: line.split("┤")[0].strip() for at, line in enumerate(lines) if "┤" in line}
    return {at: float(label.replace("−", "-")) for at, label in labels.items()}


@no_deadline
@given(VALUES, VALUES, HEIGHTS)
def test_labels_stand_equally_many_rows_apart_by_equal_steps(
    one: float, other: float, rows: int
) -> None:
    assume(abs(one - other) > 1e-4 * max(abs(one), abs(other), 1e-9))
    found = ticked(Plot((Curve([0, 1], [one, other]),)), rows)
    assert len(found) >= 2
    assert len({below - above for above, below in pairwise(sorted(found))}) == 1
    steps = [found[above] - found[below] for above, below in pairwise(sorted(found))]
    assert steps == pytest.approx([steps[0]] * len(steps), rel=1e-6)


@no_deadline
@given(VALUES, VALUES, st.floats(0, 1), HEIGHTS)
def test_a_value_is_never_half_a_row_from_the_middle_of_its_row(
    one: float, other: float, part: float, rows: int
) -> None:
    """So that a mark level with a label is within half a row of it, and on its side of it."""
    assume(abs(one - other) > 1e-4 * max(abs(one), abs(other), 1e-9))
    axis = stepped([one, other], rows)
    value = min(one, other) + part * abs(one - other)
    row = int(Canvas(4, rows).rows_of(axis.to_unit([value]))[0])
    per_row = (axis.high - axis.low) / rows
    for at, tick in ticked(Plot(y=axis), rows).items():
        middle = axis.high - (at + 0.5) * per_row
        assert middle == pytest.approx(tick, abs=1e-3 * per_row)
        assert abs((tick - value) / per_row - (row - at)) <= 0.501


@no_deadline
@given(VALUES, st.floats(1e-3, 1e6), st.floats(0, 1), st.integers(1, 60),
       st.sampled_from(sorted(MARKERS)), st.booleans())  # fmt: skip
def test_marks_curves_and_references_of_a_value_are_in_one_row(
    low: float, size: float, part: float, rows: int, markers: str, on_rows: bool
) -> None:
    axis = stepped([low, low + size], rows) if on_rows else Axis(low, low + size)
    value = low + part * size
    assume(low <= value <= low + size)
    for mark in (
        Points([0.5], [value]),
        Curve([0, 1], [value, value]),
        Envelope([0, 1], [value, value], [value, value]),
        ReferenceLine(value),
    ):
        canvas = Canvas(4, rows, markers)
        draw(canvas, (mark,), Axis(0, 1), axis)
        drawn = [
            at for at, line in enumerate(canvas.lines()) if "".join(t for t, _ in line).strip()
        ]
        assert drawn == canvas.rows_of(axis.to_unit([value])).tolist()


def test_a_reference_is_not_level_with_a_label_that_reads_otherwise() -> None:
    """The best quadratic's 1.6924 stood on the row labelled 0 of an axis up to 30."""
    best = ReferenceLine(1.6924, "best quadratic 1.6924")
    rows = render(Plot((Curve([0, 1], [29.0, 2.0]), best), y=stepped([0, 30], 10)), 40, 11)
    (row,) = ["".join(text for text, _ in row) for row in rows if "best" in str(row)]
    assert "┤" not in row


def test_the_dots_of_a_reference_and_of_a_curve_through_it_are_level() -> None:
    for value in np.linspace(0.01, 0.99, 33):
        drawn = []
        for mark in (Curve([0, 1], [value, value], every=2), ReferenceLine(value)):
            canvas = Canvas(6, 5)
            draw(canvas, (mark,), Axis(0, 1), Axis(0, 1))
            drawn.append(["".join(text for text, _ in line) for line in canvas.lines()])
        assert drawn[0] == drawn[1]
