"""The names on a plot stand beside what they name: on no curve, and not on each other."""

import re
from dataclasses import replace
from unittest import mock

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from nn_tui.plot.canvas import Canvas
from nn_tui.plot.draw import draw
from nn_tui.plot.names import piece_of
from nn_tui.plot.plot import Curve, Envelope, Points, ReferenceLine
from nn_tui.plot.scale import Axis

UNIT = Axis(0, 1)
COVERED = ", (?:mostly )?covered"  # behind a name
curves = st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=12), min_size=1, max_size=5)


def drawn(width, height, *marks):
    canvas = Canvas(width, height)
    draw(canvas, marks, UNIT, UNIT)
    return canvas


def cells(width, height, *marks):
    canvas = drawn(width, height, *marks)
    return ["".join(text for text, _ in row) for row in canvas.lines()]


def marks_of(lines, levels, length, named):
    """Curves of `lines` over the unit square, and references, each with a letter for its name."""
    letters = iter("ABCDEFGHIJKLM")
    found = []
    for heights in lines:
        x, label = np.linspace(0, 1, len(heights)), next(letters) * length if named else ""
        found.append(Envelope(x, np.array(heights), np.array(heights) + 0.02, "kept", label))
    for level in levels:
        found.append(ReferenceLine(level, next(letters) * length if named else ""))
    return (*found, Points([0.5], [0.5]))


@given(
    curves,
    st.lists(st.floats(0, 1), max_size=3),
    st.integers(1, 16),
    st.integers(4, 60),
    st.integers(2, 20),
)
def test_no_name_lies_on_a_curve_or_on_another_name(lines, levels, length, width, height):
    marks = marks_of(lines, levels, length, named=True)
    with mock.patch("nn_tui.plot.draw.write_names"):
        bare, free = cells(width, height, *marks), drawn(width, height, *marks).free_cells()
    named = cells(width, height, *marks)
    for before, after, is_free in zip(bare, named, free, strict=True):
        for old, new, may_change in zip(before, after, is_free, strict=True):
            assert may_change or new == old
    text = re.sub(COVERED, "", "\n".join(named))
    for letter in "ABCDEFGH":
        count = text.count(letter)
        assert count in (0, length)
        assert count == 0 or letter * length in text


def test_names_are_kept_apart_where_curves_end_together():
    x = np.linspace(0, 1, 50)
    rows = cells(
        40,
        12,
        *(
            Curve(x, 0.5 + off * (1 - x), "kept", label=label)
            for off, label in ((0.4, "zeroed"), (-0.4, "lr 0.1"), (0.1, "Adam"))
        ),
    )
    text = "\n".join(rows)
    assert all(name in text for name in ("zeroed", "lr 0.1", "Adam"))


def test_a_curve_that_another_lies_over_is_not_named_at_that_one():
    """At the steep beginning that two runs share, the older one’s name stood by the newer one."""
    x = np.linspace(0, 1, 60)
    for rows in (8, 12):
        lower = np.where(x < 0.5, 0.9 - x, 0.4)
        upper = np.where(x < 0.6, 0.9 - x, 0.31)
        canvas = cells(
            40, rows, Curve(x, lower, "kept", label="old"), Curve(x, upper, label="mine")
        )
        at = next(row.index("old") for row in canvas if "old" in row)
        assert at >= 0.5 * 40  # from where it runs alone
    same = cells(40, 8, Curve(x, x, "kept", label="old"), Curve(x, x, label="mine"))
    assert any("[⣀⣀⣀⣀ old, covered]" in row for row in same)


def test_of_two_curves_in_the_same_cells_both_are_seen_and_it_is_said() -> None:
    """SGD lay under Adam, and its name stood apart, as of a curve that was not to be found."""
    x = np.linspace(0, 1, 80)
    upper = Envelope(x, 0.8 - 0.6 * x, 0.8 - 0.6 * x, "model", "Adam")
    heights = np.where(x < 0.7, 0.8 - 0.6 * x, 0.8 - 0.6 * x + (x - 0.7) * 0.8)
    lower = Envelope(x, heights, heights, "kept", "SGD", (4, 2))
    canvas = drawn(34, 10, lower, upper)
    text = "\n".join("".join(run for run, _ in row) for row in canvas.lines())
    assert "SGD, mostly covered" in text
    alone = drawn(34, 10, upper)
    shared = [
        {role for at in range(20) for role in [_role_at(row, at)] if _text_at(row, at) != " "}
        for row in canvas.lines()
    ]
    assert any({"kept", "model"} <= roles for roles in shared)
    assert "Adam" in "".join(run for row in alone.lines() for run, _ in row)
    for far in (0.3, -0.3):
        apart = Envelope(x, heights + far, heights + far, "kept", "SGD", (4, 2))
        rows = cells(34, 10, apart, upper)
        assert any("SGD" in row for row in rows)
        assert not any("covered" in row for row in rows)
    narrow = cells(14, 10, lower, upper)
    assert any("SGD" in row for row in narrow)
    assert not any("covered" in row for row in narrow)


def _role_at(row, column):
    return next(role for end, role in _ends(row) if column < end)


def _text_at(row, column):
    return "".join(text for text, _ in row)[column]


def _ends(row):
    end = 0
    for text, role in row:
        end += len(text)
        yield end, role


def test_a_short_curve_is_named_behind_its_end():
    (row,) = [row for row in cells(30, 5, Curve([0, 0.3], [0.5, 0.5], label="SGD")) if "SGD" in row]
    assert row.rstrip().endswith("SGD")
    assert row.index("SGD") == 11


def test_the_run_on_show_is_named_before_any_other():
    for name, other in (("old", "mine"), ("mine", "old")):
        marks = [Curve([0, 1], [0.3, 0.3], label=name), Curve([0, 1], [0.4, 0.4], label=other)]
        text = "".join(cells(7, 2, *marks))
        assert other in text
        assert name not in text


def row_with(rows, text):
    return next((at for at, row in enumerate(rows) if text in row), None)


@example([[0.0]], [0.0, 0.0, 0.0], 11, 4)
@given(
    curves,
    st.lists(st.floats(0, 1), min_size=1, max_size=3),
    st.integers(4, 60),
    st.integers(2, 20),
)
def test_a_name_is_beside_its_own_line_and_on_no_other(lines, levels, width, height):
    marks = marks_of(lines, levels, 4, named=True)
    rows = cells(width, height, *marks)
    references = [mark for mark in marks if isinstance(mark, ReferenceLine)]
    own = {mark.label: min(int((1 - mark.y) * height), height - 1) for mark in references}
    ruled = set(own.values())
    for mark in marks[:-1]:
        at = row_with(rows, mark.label)
        if at is None:
            continue
        is_apart = f"[⠄⠄⠄⠄ {mark.label}]" in rows[at]
        if mark.label in own and not is_apart:
            assert abs(at - own[mark.label]) <= 1
            assert at == own[mark.label] or at not in ruled
        else:
            assert at not in ruled


def test_a_reference_has_one_name_on_its_line_however_much_of_it_is_hidden():
    """And over it where there is no room at all, never a shorter one."""
    name = "best quadratic 1.4767"
    for hidden, row in ((0.1, 4), (0.2, 4), (0.6, 3)):
        rows = cells(30, 10, Curve([0, hidden], [0.55, 0.55]), ReferenceLine(0.55, name))
        assert row_with(rows, name) == row


def test_a_reference_s_name_does_not_stand_over_another_s_line():
    """The lower line and the row under it are taken, over it there is the other line."""
    curves = [Curve([0, 1], [y, y]) for y in (0.35, 0.45)]
    references = ReferenceLine(0.45, "best 2.1"), ReferenceLine(0.55, "truth 4.4")
    rows = cells(30, 10, *curves, *references)
    assert row_with(rows, "⠄ truth 4.4") == 4
    assert row_with(rows, "2.1") == row_with(rows, "[⠄⠄⠄⠄ best 2.1]") == 0


def drawn_cells(width, height, mark):
    """The cells of a curve alone, without its name."""
    rows = cells(width, height, replace(mark, label=""))
    return np.array([[cell != " " for cell in row] for row in rows])


@given(curves, st.integers(1, 12), st.integers(10, 60), st.integers(4, 20))
def test_a_name_at_a_curve_can_be_no_other_s(lines, length, width, height):
    """Else it stands after a piece of its curve."""
    marks = [mark for mark in marks_of(lines, (), length, named=True) if isinstance(mark, Envelope)]
    marks = [replace(mark, dash=(2, at + 1)) for at, mark in enumerate(marks)]
    rows = cells(width, height, *marks)
    own_names = [re.sub(COVERED, lambda found: " " * len(found[0]), row) for row in rows]
    alone = [drawn_cells(width, height, mark) for mark in marks]
    for at, mark in enumerate(marks):
        row = row_with(own_names, mark.label)
        if row is None:
            continue
        start = own_names[row].index(mark.label)
        length = len(re.match(f"{mark.label}(?:{COVERED})?", rows[row][start:])[0])
        piece = piece_of(mark.dash, "braille")
        if rows[row][:start].endswith(f"{piece} "):
            continue
        near = slice(max(0, row - 1), row + 2), slice(max(0, start - 2), start + length + 2)
        dashes_left_out = drawn_cells(width, height, replace(mark, dash=(1, 0)))
        assert dashes_left_out[near].any()
        others = [each for other, each in enumerate(alone) if other != at]
        assert not any((each & ~dashes_left_out)[near].any() for each in others)


def test_a_steep_curve_is_named_at_its_end_and_not_over_another():
    """As where gradients are no longer zeroed: the run falls away below its twin."""
    x = np.linspace(0, 1, 60)
    twin = Envelope(x, 0.95 - 0.3 * x, 0.95 - 0.3 * x, "kept", "zeroed", (4, 2))
    own = 0.95 - 0.9 * x**2
    rows = cells(36, 11, twin, Envelope(x, own, own, "model", "not zeroed"))
    assert row_with(rows, "not zeroed") >= 5


def test_where_no_place_is_a_curve_s_alone_its_name_stands_after_a_piece_of_it():
    x = np.linspace(0, 1, 60)
    near = [Envelope(x, y + 0 * x, y + 0 * x, "kept", label, dash)
            for y, label, dash in ((0.55, "Adam", (4, 2)), (0.45, "lr 0.1", (2, 2)))]  # fmt: skip
    walls = [Envelope(x, y + 0 * x, y + 0 * x) for y in (0.35, 0.65)]
    text = "\n".join(cells(40, 20, *near, *walls))
    assert "[⣀⣀ ⣀ Adam]" in text  # without the brackets the piece looks like a curve of its own
    assert "[⣀ ⣀  lr 0.1]" in text


def test_a_name_is_whole_or_left_out_and_its_number_never_cut():
    reference = ReferenceLine(0.5, "best quadratic 2.1058")
    seen = set()
    for width in range(1, 60):
        text = (
            "".join(cells(width, 3, reference))
            .translate({ord(dots): " " for dots in "⠁⠂⠄⡀"})
            .strip()
        )
        assert text in ("", "2.1058", "quadratic 2.1058", "best quadratic 2.1058")
        seen.add(text)
    assert len(seen) == 4


def test_a_name_in_brief_keeps_what_its_number_is_of_and_enough_to_tell_which():
    """“fit, train 0.2499” might have been any."""
    reference = ReferenceLine(0.5, "best linear fit, training rows 0.2499", of="train")
    seen = set()
    for width in range(12, 60):
        text = "".join(cells(width, 3, reference)).translate({ord(dots): " " for dots in "⠁⠂⠄⡀"})
        seen.add(text.strip())
    assert seen == {
        "best linear fit, training rows 0.2499",
        "best linear fit, train 0.2499",
        "linear fit, train 0.2499",
        "0.2499",
    }


def test_of_two_references_in_one_row_the_higher_is_never_named_under_the_lower():
    for hidden in (0.2, 0.6, 1.0):
        for start in (0.0, 0.4):
            rows = cells(
                30,
                7,
                Curve([start, hidden], [0.5, 0.5]),
                ReferenceLine(0.52, "truth 3.4882"),
                ReferenceLine(0.48, "best 1.6924"),
            )
            truth, best = row_with(rows, "truth 3.4882"), row_with(rows, "best 1.6924")
            assert truth is None or best is None or truth < best
            assert truth is not None or best is not None


def test_a_name_does_not_lead_to_another_curve_s_tail_in_its_row():
    """“Adam  ⠈⠉ ⠉”: what ended in the row of the name was SGD."""
    x = np.linspace(0, 1, 80)
    adam = 2.5 - 1.3 * (1 - np.exp(-3 * x))
    for off in np.linspace(0.02, 0.3, 15):
        sgd = adam - off * np.clip(x - 0.7, 0, 1) / 0.3
        y_axis = Axis(1, 2.5)
        lower = Envelope(x, sgd, sgd, "kept", "SGD", (4, 2), "1.2122")
        upper = Envelope(x, adam, adam, "model", "Adam", end="1.2841")
        canvas = Canvas(34, 10)
        draw(canvas, (lower, upper), UNIT, y_axis)
        rows = ["".join(text for text, _ in row) for row in canvas.lines()]
        text = "\n".join(rows)
        assert "SGD: 1.2122" in text  # which of them is lower is to be read
        assert "Adam: 1.2841" in text
        row = row_with(rows, "Adam")
        alone = drawn_in(34, 10, y_axis, lower)[row] != drawn_in(34, 10, y_axis, upper)[row]
        end = rows[row].index("Adam") + len("Adam: 1.2841")
        assert not (alone & drawn_in(34, 10, y_axis, lower)[row])[end : end + 8].any()


def drawn_in(width, height, y_axis, mark):
    canvas = Canvas(width, height)
    draw(canvas, (replace(mark, label="", dash=(1, 0)),), UNIT, y_axis)
    rows = ["".join(text for text, _ in row) for row in canvas.lines()]
    return np.array([[cell != " " for cell in row] for row in rows])


def test_a_curve_is_seen_up_to_its_end_in_the_cells_of_one_that_lies_over_it():
    """It ended in the middle of the plot, as if its run had stopped there."""
    x = np.linspace(0, 1, 80)
    lower = Envelope(x, 0.52 + 0 * x, 0.52 + 0 * x, "kept", "old", (4, 1))
    upper = Envelope(x, 0.58 + 0.4 * (1 - x) ** 8, 0.58 + 0.4 * (1 - x) ** 8, label="mine")
    for marks in ((lower, upper), (upper, lower)):
        canvas = drawn(30, 5, *marks)
        row = canvas.lines()[2]
        text = "".join(run for run, _ in row)
        for dots in (_text_at(cells_row(lower), 29), _text_at(cells_row(upper), 29)):
            bits = ord(dots) - 0x2800
            assert (ord(text[29]) - 0x2800) & bits == bits
        assert _role_at(row, 29) == marks[0].role
        assert {_role_at(row, at) for at in range(20, 30)} == {"kept", "model"}


def cells_row(mark):
    return drawn(30, 5, replace(mark, label="")).lines()[2]


def test_a_reference_without_a_place_at_its_line_is_named_apart():
    """The best quadratic’s line ran under a network’s curves without a name."""
    walls = [Curve([0, 1], [y, y]) for y in (0.35, 0.45, 0.55)]
    rows = cells(30, 10, *walls, ReferenceLine(0.45, "best 1.6924"))
    assert row_with(rows, "[⠄⠄⠄⠄ best 1.6924]") == 0
