"""The cells that a terminal shows, how each looks, and what is sent to make others of them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rich.cells import split_graphemes
from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style

_ON_OFF = {
    "bold": ("1", "22"),
    "dim": ("2", "22"),
    "italic": ("3", "23"),
    "underline": ("4", "24"),
    "blink": ("5", "25"),
    "blink2": ("6", "25"),
    "reverse": ("7", "27"),
    "conceal": ("8", "28"),
    "strike": ("9", "29"),
    "underline2": ("21", "24"),
    "frame": ("51", "54"),
    "encircle": ("52", "54"),
    "overline": ("53", "55"),
}
_OFF = dict(_ON_OFF.values())
_SEEN_WITHOUT_INK = {
    _ON_OFF[name][0]
    for name in ("underline", "reverse", "strike", "underline2", "frame", "encircle", "overline")
}


class Pen(NamedTuple):
    """Everything about a cell but its character, as the parameters that select it."""

    attributes: frozenset[str] = frozenset()
    foreground: str = "39"
    background: str = "49"
    link: str = ";"


PLAIN = Pen()


@lru_cache(maxsize=4096)
def pen_of(style: Style | None, colours: ColorSystem) -> Pen:
    """Return the pen that draws in a style, with the colours that the terminal has."""
    if style is None:
        return PLAIN

    def parameters(colour: Color | None, foreground: bool) -> str:
        if colour is None:
            return PLAIN.foreground if foreground else PLAIN.background
        return ";".join(colour.downgrade(colours).get_ansi_codes(foreground))

    return Pen(
        frozenset(on for name, (on, _) in _ON_OFF.items() if getattr(style, name)),
        parameters(style.color, foreground=True),
        parameters(style.bgcolor, foreground=False),
        f"id={style.link_id};{style.link}" if style.link else PLAIN.link,
    )


@lru_cache(maxsize=4096)
def for_blanks(pen: Pen) -> Pen:
    """Return the pen that stands for all those with which a space looks as with this one."""
    if pen.attributes & _SEEN_WITHOUT_INK:
        return pen
    return PLAIN._replace(background=pen.background, link=pen.link)


@lru_cache(maxsize=4096)
def change(old: Pen, new: Pen) -> str:
    """Return the shortest control sequence that makes the new pen of the old one."""
    step_by_step = _difference(old, new)
    from_nothing = ["0", *_difference(PLAIN, new)] if new != PLAIN else [""]
    parameters = min(";".join(step_by_step), ";".join(from_nothing), key=len)
    link = "" if new.link == old.link else f"\x1b]8;{new.link}\x1b\\"
    return (f"\x1b[{parameters}m" if step_by_step else "") + link


def _difference(old: Pen, new: Pen) -> list[str]:
    # One code turns several attributes off (22: bold and dim), so that what stays on may need
    # to be turned on again.
    off = {_OFF[attribute] for attribute in old.attributes - new.attributes}
    still_on = {attribute for attribute in old.attributes if _OFF[attribute] not in off}
    colours = [now for before, now in zip(old[1:3], new[1:3], strict=True) if before != now]
    return [*sorted(off), *sorted(new.attributes - still_on), *colours]


Cell = tuple[str, Pen]
"""A character and its pen. A wide character is in its first cell; its second one holds "".

The pen of a space is one `for_blanks`, so that cells differ only where that can be seen.
"""

Row = list[Cell]

CLEAR = "\x1b[m\x1b[2J"
"""Makes every cell of the terminal that of `blank`, whatever it showed."""

LEAST_PENS = 6  # from which on it is tried whether going pen by pen is shorter

_BLANK: Cell = (" ", PLAIN)
_ONE_CELL_EACH = re.compile(r"[ -~\xa1-\xac\xae-\u02ff\u0370-\u0482\u2500-\u25fc\u2800-\u28ff]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def blank(width: int, height: int) -> list[Row]:
    """Return the rows of an empty screen."""
    return [[_BLANK] * width for _ in range(height)]


@lru_cache(maxsize=4096)
def characters(text: str) -> tuple[str, ...]:
    """Return what each cell holds when a text is written.

    What fills no cell is left out: control characters, and accents with nothing to be on.
    """
    if _ONE_CELL_EACH.fullmatch(text):
        return tuple(text)
    text = _CONTROL.sub("", text)
    return tuple(
        part
        for start, end, width in split_graphemes(text)[0]
        for part in (text[start:end], "")[:width]
    )


def paint(row: Row, x: int, segments: Iterable[Segment], colours: ColorSystem) -> None:
    """Put segments into a row from column x on, as far as there is room."""
    cells: Row = []
    for text, style, _ in segments:
        pen = pen_of(style, colours)
        space = (" ", for_blanks(pen))
        cells += [space if part == " " else (part, pen) for part in characters(text)]
    del cells[len(row) - x :]
    if not cells:
        return
    end = x + len(cells)
    # What remains of a wide character when its other half is painted over is a space.
    for half, other in ((x, x - 1), (end, end)):
        if half < len(row) and not row[half][0]:
            row[other] = (" ", for_blanks(row[other][1]))
    row[x:end] = cells


def difference(shown: list[Row], wanted: dict[int, Row]) -> str:
    """Return what makes a terminal that shows some rows show the wanted ones, by their number.

    It begins and ends with the plain pen, wherever the cursor is.  Where a map changes all over,
    the pen changes more often than it is worth to stay in the row: then it goes pen by pen.
    """
    changes = [
        (y, x)
        for y, row in sorted(wanted.items())
        if row != shown[y]
        for x, (cell, was) in enumerate(zip(row, shown[y], strict=True))
        if cell != was and cell[0]
    ]
    pens: dict[Pen, int] = {}
    for y, x in changes:
        pens.setdefault(wanted[y][x][1], len(pens))
    row_by_row = _written(changes, wanted)
    if not LEAST_PENS <= len(pens) <= len(changes) // 2:
        return row_by_row
    changes.sort(key=lambda place: pens[wanted[place[0]][place[1]][1]])
    return min(row_by_row, _written(changes, wanted), key=len)


def _written(changes: list[tuple[int, int]], wanted: dict[int, Row]) -> str:
    """Return what writes the wanted cells at these rows and columns, in this order."""
    output: list[str] = []
    pen = PLAIN
    cursor: tuple[int, int] | None = None
    for y, x in changes:
        row = wanted[y]
        cell = row[x]
        if cursor != (y, x):
            output.append(_move(row, x, y, cursor, pen))
        if not _draws(pen, cell):
            output.append(change(pen, cell[1]))
            pen = cell[1]
        output.append(cell[0])
        after = x + 1
        if after < len(row) and not row[after][0]:
            after += 1
        # Terminals differ in how wide they take a character to be that is made of several.
        cursor = (y, after) if len(cell[0]) == 1 else None
    output.append(change(pen, PLAIN))
    return "".join(output)


def _move(row: Row, x: int, y: int, cursor: tuple[int, int] | None, pen: Pen) -> str:
    """Return the shortest way to column x of row y, where going right can be writing again."""
    if cursor is None or cursor[0] != y or cursor[1] > x:
        return f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"
    gap = row[cursor[1] : x]
    forward = f"\x1b[{len(gap)}C" if len(gap) > 1 else "\x1b[C"
    again = "".join(character for character, _ in gap)
    if len(again.encode()) <= len(forward) and all(
        len(cell[0]) == 1 and _draws(pen, cell) for cell in gap
    ):
        return again
    return forward


def _draws(pen: Pen, cell: Cell) -> bool:
    """Tell whether writing a cell's character with a pen gives that cell."""
    character, wanted = cell
    return wanted == (for_blanks(pen) if character == " " else pen)
