"""The bytes that turn one picture into another, for any pieces and any pens."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from two_terminals import Terminal

from nn_tui.terminal.cells import CLEAR, PLAIN, blank, change, difference, paint, pen_of

ATTRIBUTES = ["bold", "dim", "italic", "underline", "blink", "blink2", "reverse", "conceal"]
ATTRIBUTES += ["strike", "underline2", "frame", "encircle", "overline"]
colours = st.sampled_from([None, "default", "red", "color(9)", "color(214)", "#010203"])
styles = st.builds(
    lambda color, bgcolor, on: Style(color=color, bgcolor=bgcolor, **dict.fromkeys(on, True)),
    colours,
    colours,
    st.sets(st.sampled_from(ATTRIBUTES), max_size=3),
)
texts = st.lists(st.sampled_from(["a", " ", "e\u0301", "層", "入"]), min_size=1, max_size=5)
segments = st.builds(lambda *parts: Segment(*parts), texts.map("".join), st.none() | styles)
pieces = st.tuples(st.integers(0, 1), st.integers(0, 4), st.lists(segments, min_size=1, max_size=2))


@settings(deadline=None, derandomize=True)
@given(st.lists(st.lists(pieces, min_size=1, max_size=3), min_size=2, max_size=5))
def test_painting_any_pieces_shows_what_writing_them_shows(frames) -> None:
    stock, sparing = Terminal(5, 2), Terminal(5, 2)
    stock.stream.feed(CLEAR)
    sparing.stream.feed(CLEAR)
    shown = blank(5, 2)
    for frame in frames:
        wanted = {y: shown[y].copy() for y, *_ in frame}
        for y, x, contents in frame:
            stock.stream.feed(f"\x1b[{y + 1};{x + 1}H")
            for text, style, _ in Strip(contents).crop(0, 5 - x):
                stock.stream.feed(Strip.render_style(style or Style(), text, ColorSystem.EIGHT_BIT))
            paint(wanted[y], x, Strip(contents).crop(0, 5 - x), ColorSystem.EIGHT_BIT)
        sparing.stream.feed(difference(shown, wanted))
        for y, row in wanted.items():
            shown[y] = row
        assert sparing.seen() == stock.seen()


@settings(deadline=None, derandomize=True)
@given(styles, styles)
def test_a_pen_is_changed_into_any_other(old: Style, new: Style) -> None:
    terminal = Terminal(2, 1)
    pens = [PLAIN, pen_of(old, ColorSystem.TRUECOLOR), pen_of(new, ColorSystem.TRUECOLOR)]
    for before, after in pairwise(pens):
        terminal.stream.feed(change(before, after))
    changed = terminal.cursor.attrs
    terminal.stream.feed(
        "\x1b[m" + Strip.render_ansi(new, ColorSystem.TRUECOLOR).join(["\x1b[", "m"])
    )
    assert changed == terminal.cursor.attrs
