"""What a person sees in a plot: its points, curves, axes, names and title, as text."""

import subprocess
import sys

import numpy as np
import pytest

from nn_tui.plot.plot import (
    AxisGlyphs,
    Curve,
    Envelope,
    Label,
    Plot,
    Points,
    ReferenceLine,
    Residuals,
    Shares,
)
from nn_tui.plot.render import render
from nn_tui.plot.scale import Axis

ACROSS = np.linspace(-2, 2, 401)
FIT = Axis(-3, 17)
TITLE = (
    ("fit", "text"),
    (" ─ ", "rule"),
    ("● data", "data"),
    ("  ", "rule"),
    ("⣀⣀ model", "model"),
)


def text(plot: Plot, width: int = 39, height: int = 11) -> list[str]:
    return ["".join(run for run, _ in row) for row in render(plot, width, height)]


def lesson(a: float = 1.1, **kwargs) -> Plot:
    """Return the lesson's data with a quadratic."""
    numbers = np.random.RandomState(42)
    x = np.linspace(-2, 2, 20)
    truth = 3 * x**2 + 2 * x + 1
    y = truth * (1 + numbers.normal(0, 0.15, 20)) + numbers.normal(0, 1.5, 20)
    model = a * x**2 + 1.1 * x + 1.1
    marks = (
        Points(x, y, chosen=0),
        Residuals(x[0], y[0], model[0]),
        Curve(ACROSS, 3 * ACROSS**2 + 2 * ACROSS + 1, "truth", every=3),
        Curve(ACROSS, a * ACROSS**2 + 1.1 * ACROSS + 1.1),
    )
    return Plot(marks, y=FIT, **kwargs)


def test_the_fit_at_its_start():
    assert text(lesson(title=TITLE), 39, 12) == [
        "── fit ─ ● data  ⣀⣀ model ─────────────",
        " 16 ┤                                 ⡈",
        "    │                                ⠄●",
        " 12 ┤◉                              ⠂  ",
        "    │╎                           ⢀⠈● ● ",
        "  8 ┤⠁⢀                         ⠄●   ⢀⡠",
        "    │╎● ●                    ⡀●   ⣀⠤⠒⠁ ",
        "  4 ┤⡀   ⠐ ⡀            ●  ⠠ ⢀⣀●⠒⠉     ",
        "    │⠈⠉⠒⠢⠤●⣀●●⠄⢀ ●   ⣀⣀⣀⠤⠤●⠒●⠁         ",
        "  0 ┤         ⠉●⠉⠉⠉●⠉●●                ",
        "    │                                  ",
        "     −2      −1       0       1       2",
    ]


def test_all_of_the_chrome():
    assert text(Plot(x=Axis(-2, 2), y=FIT), 39, 11) == [
        " 16 ┤                                  ",
        "    │                                  ",
        " 12 ┤                                  ",
        "    │                                  ",
        "  8 ┤                                  ",
        "    │                                  ",
        "  4 ┤                                  ",
        "    │                                  ",
        "  0 ┤                                  ",
        "    │                                  ",
        "     −2      −1       0       1       2",
    ]


@pytest.mark.parametrize("width", [39, 47, 60, 100])
@pytest.mark.parametrize(
    "axis", [Axis(0.985901, 0.985903), Axis(-1e5, 1e5), Axis(1e5, 3e5), Axis(0, 3e5), Axis(-2, 2)]
)
def test_labels_of_the_x_axis_keep_apart_and_none_is_missing(axis, width):
    row = text(Plot(x=axis, y=FIT), width)[-1]
    labels = row.split()
    values = [float(label.replace("−", "-")) for label in labels]
    assert np.diff(values) == pytest.approx(values[1] - values[0])
    assert values[0] - axis.low < values[1] - values[0] > axis.high - values[-1]
    assert 2 <= len(labels) <= 9


def test_labels_and_axis_have_their_roles():
    rows = render(Plot(x=Axis(-2, 2), y=FIT), 39, 11)
    assert rows[0] == [(" 16 ", "text"), ("┤" + " " * 34, "rule")]
    assert rows[1] == [("    │" + " " * 34, "rule")]
    assert rows[-1][0][1] == "text"


def test_points_stand_in_their_cells_and_the_chosen_one_is_marked():
    plot = Plot((Points([-2, 0, 2], [0, 8, 16], chosen=1),), x=Axis(-2, 2), y=FIT)
    rows = text(plot)
    assert rows[8] == "  0 ┤●" + " " * 33
    assert rows[4] == "  8 ┤" + " " * 17 + "◉" + " " * 16
    assert rows[0] == " 16 ┤" + " " * 33 + "●"


def test_points_lie_over_curves_whatever_the_order():
    curve, points = Curve(ACROSS, 0 * ACROSS + 8), Points([0], [8])
    for marks in ((curve, points), (points, curve)):
        rows = render(Plot(marks, x=Axis(-2, 2), y=FIT), 39, 11)
        assert rows[4][2:] == [("⠤" * 17, "model"), ("●", "data"), ("⠤" * 16, "model")]


def test_a_residual_reaches_from_its_point_to_the_curve():
    marks = (Points([0], [12]), Residuals([0], [12], [4]), Curve([-2, 2], [4, 4]))
    column = "".join(row[22] for row in text(Plot(marks, x=Axis(-2, 2), y=FIT))[:10])
    assert column == "  ●╎╎╎⠤   "


def test_a_residual_of_a_curve_out_of_sight_goes_to_the_edge():
    residual = Residuals([0], [12], [-1e9])
    column = "".join(row[22] for row in text(Plot((residual,), x=Axis(-2, 2), y=FIT))[:10])
    assert column == "  ╎╎╎╎╎╎╎╎"


def test_a_diverging_curve_leaves_through_the_top_and_the_bottom_without_gaps():
    plot = Plot((Curve(ACROSS, 1e9 * ACROSS),), x=Axis(-2, 2), y=FIT)
    assert [row[5:].strip() for row in text(plot)[:10]] == ["⡇"] * 9 + ["⢰⠁"]


def test_a_loss_of_a_few_steps_is_one_line_from_edge_to_edge():
    steps = np.arange(11)
    loss = 2.42 - 0.02 * steps
    rows = text(Plot((Envelope(steps, loss, loss),), y=Axis(0.5, 2.5)))
    cells = zip(rows[0][6:], rows[1][6:], strict=True)
    assert all((top + low).strip() for top, low in cells)


def test_a_reference_carries_its_name_at_the_right():
    reference = ReferenceLine(1.4767, "the truth itself 1.4767")
    rows = text(Plot((reference,), x=Axis(0, 10), y=Axis(0.5, 2.5)))
    assert rows[5] == "     │⠁⠁⠁⠁⠁⠁⠁⠁⠁ the truth itself 1.4767"


@pytest.mark.parametrize(
    ("width", "row"),
    [
        (32, "     │⠁⠁ the truth itself 1.4767"),
        (31, "     │⠁⠁⠁⠁⠁ truth itself 1.4767"),
        (20, "     │⠁⠁⠁⠁⠁⠁⠁ 1.4767"),
        (14, "     │⠁⠁⠁⠁⠁⠁⠁⠁"),
    ],
)
def test_a_name_too_long_keeps_its_number_or_goes(width, row):
    reference = ReferenceLine(1.4767, "the truth itself 1.4767")
    rows = text(Plot((reference,), x=Axis(0, 10), y=Axis(0.5, 2.5)), width)
    assert rows[5] == row


def test_two_names_in_one_row_do_not_overwrite_one_another():
    references = (
        ReferenceLine(1.47, "the truth itself 1.4700"),
        ReferenceLine(1.43, "best 1.4300"),
    )
    rows = text(Plot(references, x=Axis(0, 10), y=Axis(0.5, 2.5)))
    assert rows[5].endswith("⠃ best 1.4300")
    assert rows[4].endswith("  the truth itself 1.4700")


def test_a_name_gives_way_to_a_curve():
    steps, loss = np.arange(100), np.full(100, 1.5)
    reference = ReferenceLine(1.45, "the truth itself 1.4500")
    rows = text(Plot((Envelope(steps, loss, loss), reference), y=Axis(0.5, 2.5)))
    assert rows[4:6] == [" 1.6 ┤          the truth itself 1.4500", "     │" + "⠉" * 33]


def test_a_name_goes_further_left_where_a_curve_is_and_else_is_left_out():
    reference = ReferenceLine(1.47, "best 1.4700")
    for start, shown in ((6, True), (0, False)):
        band = Envelope([start, 10], [0, 0], [3, 3])
        rows = text(Plot((band, reference), x=Axis(0, 10), y=Axis(0.5, 2.5)))
        assert ("best 1.4700 ⢸⣿" in "".join(rows)) == shown
        assert ("best" in "".join(rows)) == shown


def test_a_name_does_not_move_to_the_line_of_another():
    steps, loss = np.arange(100), np.full(100, 1.5)
    references = (ReferenceLine(1.45, "truth 1.45"), ReferenceLine(1.65, "other 1.65"))
    rows = text(Plot((Envelope(steps, loss, loss), *references), y=Axis(0.5, 2.5)))
    assert rows[4].endswith("⠂ other 1.65")
    assert rows[6].endswith("  truth 1.45")


def test_references_widen_automatic_limits_only_if_asked():
    curve = Curve([0, 1], [2.0, 2.4])
    for include in (False, True):
        rows = text(Plot((curve, ReferenceLine(0.9859, "best 0.9859", include=include))))
        assert any("best 0.9859" in row for row in rows) == include


def test_a_logarithmic_axis():
    steps = np.arange(1000)
    loss = 40 * np.exp(-steps / 100) + 1
    assert text(Plot((Envelope(steps, loss, loss),), log_y=True), 39, 13) == [
        " 40 ┤⡄                                 ",
        "    │⠙⣄                                ",
        " 20 ┤ ⠘⣆                               ",
        "    │  ⠈⢧                              ",
        " 10 ┤   ⠈⢳⡀                            ",
        "    │     ⠳⡄                           ",
        "    │      ⠙⣆                          ",
        "  4 ┤       ⠈⢧⡀                        ",
        "    │         ⠙⣄                       ",
        "  2 ┤          ⠈⠳⣄                     ",
        "    │            ⠈⠓⢦⣀                  ",
        "  1 ┤               ⠈⠙⠒⠦⠤⢤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀",
        "     0               500               ",
    ]


def test_values_that_a_logarithmic_axis_cannot_show_are_holes():
    plot = Plot((Curve([0, 1, 2, 3], [10, 0, -1, 10]),), y=Axis(1, 100, log=True))
    drawn = "".join(row[6:] for row in text(plot)[:10])
    assert len(drawn.replace(" ", "")) == 2


def test_marks_stand_on_a_line_under_the_plot():
    plot = Plot((AxisGlyphs([-2, 0, 2, 3], "△▲▼▲"),), x=Axis(-2, 2), y=FIT)
    assert text(plot)[-2:] == [
        "    └△────────────────▲───────────────▼",
        "     −2      −1       0       1       2",
    ]


def test_two_marks_in_one_place_under_the_plot_show_as_two():
    plot = Plot((AxisGlyphs([-1, -1, 2, 2], "▲▼▲▼"),), x=Axis(-2, 2), y=FIT)
    row = text(plot)[-2]
    assert "▲▼─" in row
    assert row.endswith("▼▲")


def test_a_label_starts_at_its_point_or_fits_in_to_the_left():
    labels = (Label(0, 16, "here"), Label(2, 0, "kept at 0.1"), Label(9, 9, "outside"))
    rows = text(Plot(labels, x=Axis(-2, 2), y=FIT))
    assert rows[0] == " 16 ┤" + " " * 17 + "here" + " " * 13
    assert rows[8] == "  0 ┤" + " " * 23 + "kept at 0.1"
    assert "outside" not in "".join(rows)


def test_a_title_rule_fills_the_width():
    row, *_ = render(Plot(title=TITLE), 39, 11)
    assert "".join(run for run, _ in row) == "── fit ─ ● data  ⣀⣀ model ─────────────"
    assert row[3:5] == [("● data", "data"), ("  ", "rule")]


@pytest.mark.parametrize(
    ("width", "title"),
    [
        (27, "── fit ─ ● data  ⣀⣀ model ─"),
        (26, "── fit ─ ● data ──────────"),
        (17, "── fit ─ ● data ─"),
        (16, "── fit ─────────"),
        (7, "── f… ─"),
        (6, "──────"),
    ],
)
def test_a_title_is_cut_between_its_parts(width, title):
    assert text(Plot(title=TITLE), width)[0] == title


def test_a_foot_stands_under_the_axis_where_there_is_room_for_all_of_it():
    plot = lesson(x=Axis(-2, 2), foot=(("kinks: ", "quiet"), ("▲", "model"), (" up", "quiet")))
    assert text(plot)[-2:] == ["     −2      −1       0       1       2", f"{'kinks: ▲ up':<39}"]
    assert "kinks" not in "".join(text(plot, 10))
    assert "kinks" not in "".join(text(plot, 39, 6))


def test_no_room_no_axes():
    plot = lesson(title=TITLE)
    assert not set("".join(text(plot, 6, 3))) & set("┤│")
    assert [len(row) for row in text(plot, 6, 3)] == [6] * 3


def test_ascii_is_ascii():
    plot = lesson(title=TITLE, markers="ascii")
    marks = (*plot.marks, ReferenceLine(3, "truth 3"), AxisGlyphs([0], "△"))
    everything = "".join(text(Plot(marks, TITLE, y=Axis(-1e-9, 1e-9), markers="ascii"), 60, 18))
    assert everything.isascii()
    assert "-- fit - o data  -- model ---" in everything


def test_blocks_have_no_braille_anywhere():
    everything = "".join(text(lesson(title=TITLE, markers="blocks"), 60, 18))
    assert not any("⠀" <= character <= "⣿" for character in everything)
    assert "▄▄ model" in everything


def test_arrays_of_different_lengths_and_shapes_are_drawn_as_far_as_they_go():
    column = np.array([[-2.0], [0.0], [2.0]])
    plot = Plot((Points(column, [8.0, 8.0]),), x=Axis(-2, 2), y=FIT)
    assert "".join(text(plot)).count("●") == 2


def test_plotext_is_imported_without_its_help_texts_and_still_whole():
    """They take more than half of its import, which the first numbers wait for."""
    ask = (
        "import sys; from nn_tui.plot.chrome import import_plotext; plotext = import_plotext(); "
        "print([name for name in sys.modules if name.startswith('plotext._doc')]); "
        "plotext.figure.clear(); print(plotext.figure.build().string(colorless=True) != '')"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "True"]


def test_a_curve_over_points_is_in_front_of_them():
    for over in (True, False):
        marks = (
            Curve([0, 1], [0.85, 0.85], over_points=over),
            Points(np.linspace(0, 1, 99), [0.85] * 99),
        )
        rows = text(Plot(marks, x=Axis(0, 1), y=Axis(0, 1)))
        assert ("●" in "".join(rows)) != over


def test_shares_that_are_known_far_apart_are_not_joined():
    """A line from the first to the last would say that all between them was so."""
    ends = Shares(np.array([0.0, 90.0]), np.array([0.5, 1.0]))
    near = Shares(np.arange(0.0, 91.0), np.linspace(0.5, 1.0, 91))
    axes = {"x": Axis(0, 100), "y": Axis(0, 1)}
    drawn = ["".join(text(Plot((mark,), **axes))) for mark in (ends, near)]
    few, many = (sum(0x2800 < ord(character) <= 0x28FF for character in each) for each in drawn)
    assert few == 2
    assert many > 10
