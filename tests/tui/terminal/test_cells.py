"""Only what differs between two screens is sent, in the shortest way."""

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from nn_tui.terminal.cells import PLAIN, Pen, blank, change, characters, difference, paint, pen_of


def test_a_change_of_pen_names_only_what_changes() -> None:
    def pen(style: str) -> Pen:
        return pen_of(Style.parse(style), ColorSystem.EIGHT_BIT)

    bold = pen("bold color(81) on color(233)")
    assert change(pen("color(81) on color(233)"), bold) == "\x1b[1m"
    assert change(bold, pen("bold color(214) on color(233)")) == "\x1b[38;5;214m"
    assert change(pen("bold dim"), pen("dim")) == "\x1b[0;2m"
    assert change(bold, PLAIN) == "\x1b[m"
    assert change(bold, bold) == ""


def test_a_link_is_opened_and_closed() -> None:
    linked = pen_of(Style(link="https://example.org"), ColorSystem.EIGHT_BIT)
    assert change(PLAIN, linked).endswith(";https://example.org\x1b\\")
    assert change(linked, PLAIN) == "\x1b]8;;\x1b\\"


def test_control_characters_fill_no_cell() -> None:
    assert characters("a\x1b[2Jb\x9b層") == ("a", "[", "2", "J", "b", "層", "")


def test_a_row_stays_as_long_as_it_is() -> None:
    (row,) = blank(4, 1)
    paint(row, 2, [Segment("abc"), Segment("d")], ColorSystem.EIGHT_BIT)
    assert "".join(character for character, _ in row) == "  ab"


def test_nothing_painted_changes_nothing() -> None:
    (row,) = blank(4, 1)
    paint(row, 0, [Segment("層層")], ColorSystem.EIGHT_BIT)
    before = row.copy()
    paint(row, 1, [], ColorSystem.EIGHT_BIT)
    assert row == before


def sent(shown: str, wanted: str) -> str:
    rows = [[(part, PLAIN) for part in characters(text)] for text in (shown, wanted)]
    return difference(rows[:1], {0: rows[1]})


def test_the_cheapest_way_is_taken_from_one_change_to_the_next() -> None:
    assert sent("abcdefgh", "ABcdefgh") == "\x1b[1HAB"
    assert sent("abcdefgh", "AbcdEfgh") == "\x1b[1HAbcdE"
    assert sent("abcdefgh", "AbcdefGh") == "\x1b[1HA\x1b[5CG"
    assert sent("⣀⣀⣀⣀", "⣿⣀⣿⣀") == "\x1b[1H⣿⣀⣿"
    assert sent("⣀⣀⣀⣀", "⣿⣀⣀⣿") == "\x1b[1H⣿\x1b[2C⣿"


def test_the_cursor_is_placed_anew_after_what_terminals_measure_differently() -> None:
    assert sent("aaaa", "e\u0301baa") == "\x1b[1He\u0301\x1b[1;2Hb"
    assert sent("ae\u0301a", "be\u0301b") == "\x1b[1Hb\x1b[Cb"
