"""What a click on a piece of a line means: written behind the piece's role, as "strong#row 3".

`row NAME` is a row of a list, and so is all to the right of it; `item NAME` one that has others
beside it; `slide NAME` the slider of such a row; `press NAME …` keys by what they do, `type KEY …`
keys as they are printed, side by side; `keys` a text that names such, as "enter opens   esc out";
`turn` a value between two arrows; `point NUMBER` a row of the data; `formula NUMBER` a line of
arithmetic, which opens in full; `number LABEL PLACE` a number of a weight matrix or of biases;
`unit PLACE` a row of the list of units; `step NUMBER` a step of the run; `taken IS TAKEN` rows of
one class that are taken for another; `cells ROW` a row of cells; `points WIDTH NUMBER …` rows of
the data, side by side.
"""

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from nn_tui.text.roles import Line

_SIGN = "#"


class Meant(NamedTuple):
    """What was clicked: its kind, what is said of it, its text, and the cell in it."""

    kind: str
    about: str
    text: str
    at: int


def meaning(role: str, kind: str, *about: object) -> str:
    """The role of a piece that means this where it is clicked."""
    return f"{role}{_SIGN}{' '.join([kind, *map(str, about)])}"


def bare(role: str) -> str:
    """The role alone."""
    return role.partition(_SIGN)[0]


def meant(line: Line, x: int) -> Meant | None:
    """What a click at this cell of a line means, None where nothing."""
    row: Meant | None = None
    pieces: dict[str, tuple[int, str]] = {}  # by what they mean: where each begins, and its text
    begin, clicked = 0, ""
    for text, role in line:
        what = role.partition(_SIGN)[2]
        if what:
            first, before = pieces.get(what, (begin, ""))
            pieces[what] = first, before + text
        if begin <= x < begin + len(text):
            clicked = what
        if what.startswith("row ") and begin <= x:
            row = Meant("row", what[len("row ") :], text, x - begin)
        begin += len(text)
    if not clicked:
        return row
    kind, _, about = clicked.partition(" ")
    first, text = pieces[clicked]
    return Meant(kind, about, text, x - first)


def one_of(names: Sequence[str], text: str, at: int) -> str:
    """Which of the names, printed side by side, a cell of their text belongs to."""
    lead = len(text) - len(text.lstrip())
    cells = max(1, len(text) - lead)
    return names[min(max(0, at - lead), cells - 1) * len(names) // cells]


def key_named(text: str, at: int) -> str:
    """The key, as it is printed, that a text of keys names at a cell; "" where none.

    Pieces stand three spaces apart: a key, or several, each a character, and what they do.  Of the
    words the last of the keys is meant.
    """
    begin = 0
    for piece in text.split("   "):
        if begin <= at < begin + len(piece):
            words = piece.split()
            single = list(takewhile(lambda word: len(word) == 1, words))
            before = len(piece[: at - begin + 1].split())
            if single:
                return single[min(max(before, 1), len(single)) - 1]
            if not words or words[0].isascii() or at - begin < piece.index(words[0]):
                return words[0] if words else ""
            return one_of(words[0], words[0], at - begin - piece.index(words[0]))
        begin += len(piece) + len("   ")
    return ""
