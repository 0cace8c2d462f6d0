"""The map of classes: its grounds, its border, and what stands on it."""

import numpy as np

from nn_tui.plot.class_field import ground_name, sample
from nn_tui.plot.plot import ClassField, Plot, Points
from nn_tui.plot.render import render
from nn_tui.plot.scale import Axis

PLACES = np.linspace(-1, 1, 41)


def field(share, colour=True):
    """Two classes, the second of which has this share of x and y."""
    x, y = np.meshgrid(PLACES, PLACES)
    second = share(x, y)
    return ClassField(PLACES, PLACES, np.stack([1 - second, second], axis=-1), colour)


def rows_of(mark, *others, width=30, height=12):
    """The cells of the plot, (text, role) each."""
    plot = Plot((mark, *others), x=Axis(-1, 1), y=Axis(-1, 1))
    return [
        [(letter, role) for text, role in row for letter in text]
        for row in render(plot, width, height)
    ]


def test_each_side_of_the_border_is_on_the_ground_of_its_class():
    rows = rows_of(field(lambda x, y: np.where(x > 0, 0.99, 0.01)))
    middle = rows[4]
    grounds = [role.partition("@")[2] for _, role in middle if "@" in role]
    assert grounds[0] == ground_name(0, 3)
    assert grounds[-1] == ground_name(1, 3)
    assert grounds == sorted(grounds)


def test_the_ground_is_deeper_where_the_model_is_surer():
    rows = rows_of(field(lambda x, y: (x + 1) / 2))
    depths = [role[-1] for _, role in rows[4] if "@class 1" in role]
    assert depths == sorted(depths)
    assert {"0", "1", "2"} <= set(depths)


def test_the_border_is_drawn_and_a_point_stands_on_its_ground():
    mark = field(lambda x, y: np.where(x > 0, 0.99, 0.01))
    bare = "".join(text for row in rows_of(mark) for text, _ in row)
    assert any(0x2800 < ord(letter) <= 0x28FF for letter in bare)
    rows = rows_of(mark, Points([0.5], [0.0], "strong", glyph="▲"))
    [role] = [role for row in rows for text, role in row if text == "▲"]
    assert role == f"strong@{ground_name(1, 3)}"


def test_without_colour_glyphs_tell_the_classes_apart():
    rows = rows_of(field(lambda x, y: np.where(x > 0, 0.99, 0.01), colour=False))
    assert not any("@" in role for row in rows for _, role in row)
    texts = "".join(text for text, _ in rows[4])
    assert "░" in texts
    assert texts.index("░") > len(texts) // 2


def test_a_legend_has_the_ground_of_a_class_or_its_sign_without_colours() -> None:
    """A sky ground was named by a cyan glyph where a terminal has sixteen colours."""
    assert sample(1, "○", colour=True) == ("○", f"strong@{ground_name(1, 3)}")
    assert sample(0, "", colour=True) == (" ", f"strong@{ground_name(0, 3)}")
    assert [sample(label, "x", colour=False)[0] for label in range(3)] == ["x", "░x", "▒x"]
