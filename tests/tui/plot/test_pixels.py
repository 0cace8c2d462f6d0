"""Pictures of pixels in cells: with colours by halves, without by glyphs."""

import numpy as np
import pytest

from nn_tui.plot import pixels
from nn_tui.plot.pixels import INK, SIGNED, drawn, fitted, ink, signed
from nn_tui.text.roles import INKS, style, width_of
from nn_tui.text.spelling import to_ascii

RAMP = np.linspace(0, 1, 8)[:, None] * np.ones((1, 8))


def text(lines):
    return ["".join(part for part, _ in line) for line in lines]


def test_ink_goes_from_paper_to_full():
    tones = ink(RAMP, 0.0, 1.0)
    assert (tones[0].min(), tones[-1].max()) == (0, INKS - 1)
    assert (np.diff(tones[:, 0]) >= 0).all()
    assert ink(np.array([[0.01]]), 0.0, 1.0)[0, 0] > 0  # the least ink is to be seen
    assert (ink(np.zeros((2, 2)), 0.0, 0.0) == 0).all()


def test_signs_are_told_apart_with_colours_and_without():
    tones = signed(np.array([[-2.0, -0.1, 0.0, 0.1, 2.0]]))
    assert tones.tolist() == [[0, 3, 3, 3, 6]]
    assert len({SIGNED.roles[tone] for tone in (0, 3, 6)}) == 3
    assert text(drawn(tones, SIGNED, 2, colour=False)) == ["XX      ▓▓"]


@pytest.mark.parametrize("scale", [1, 2, 3, 4])
@pytest.mark.parametrize("colour", [True, False])
def test_each_pixel_is_as_high_as_it_is_wide(scale, colour):
    lines = drawn(ink(RAMP, 0, 1), INK, scale, colour)
    assert len(lines) == -(-8 * scale // 2)
    assert {width_of(line) for line in lines} == {8 * scale}


def test_two_pixels_share_a_cell_where_there_are_colours():
    [line] = drawn(np.array([[0], [7]]), INK, 1, colour=True)
    [(glyph, role)] = line
    shown = style(role, "dark", True)
    assert glyph == "▀"
    assert shown.color.name == style(f"text@{INK.roles[0]}", "dark", True).bgcolor.name
    assert shown.bgcolor.name == style(f"text@{INK.roles[7]}", "dark", True).bgcolor.name


def test_a_picture_takes_the_room_there_is_and_a_large_one_is_made_smaller():
    assert fitted(RAMP, 40, 8)[1] == 2
    assert fitted(RAMP, 40, 20)[1] == 5
    assert fitted(RAMP, 8, 4)[1] == 1
    small, scale = fitted(np.ones((28, 28)), 18, 8)
    assert scale == 1
    assert small.shape[0] <= 16
    assert small.shape[1] <= 18
    assert pixels.fitted(RAMP, 1, 1)[0].shape == (1, 1)


@pytest.mark.parametrize("width", [-9, -1, 0, 1])
@pytest.mark.parametrize("height", [-9, -1, 0, 1])
def test_where_there_is_no_room_it_is_one_pixel(width, height):
    small, scale = fitted(RAMP, width, height)
    assert scale == 1
    assert len(drawn(ink(small, 0, 1), INK, scale, colour=True)) == 1


def test_below_and_above_0_differ_in_plain_characters_too() -> None:
    below, above = to_ascii(SIGNED.glyphs[:3]), to_ascii(SIGNED.glyphs[4:])
    assert len({*below, *above, " "}) == 7


def test_a_picture_of_an_odd_height_ends_in_its_own_tone():
    """Not in that of the largest weight below 0, which is the first."""
    [line] = drawn(signed(np.array([[2.0]])), SIGNED, 1, colour=True)
    [(glyph, role)] = line
    assert (glyph, role) == (" ", f"text@{SIGNED.roles[6]}")
