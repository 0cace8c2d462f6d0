"""Cells of text: numbers in columns, and lines cut, filled or ruled to a width."""

import re
import textwrap
from collections.abc import Callable, Iterable
from itertools import zip_longest

from nn_core.formatting import exponent, fixed
from nn_tui.text.roles import Line, Run, width_of

LEAST_WRAPPED = 20  # cells
RULE_CELLS = 5  # that a rule takes beside its title, at the least


def number(
    value: float, width: int, decimals: int = 4, write: Callable[[float, int], str] = fixed
) -> str:
    """A number in a column, a space before it: so many decimals, or as many as leave room."""
    for fewer in range(decimals, -1, -1):
        text = write(value, fewer)
        if len(text) < width:
            return f"{text:>{width}}"
    return f"{exponent(f'{value:.0e}'):>{width}}"[:width]


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of so many cells, words whole; of a few at least, whatever is seen."""
    return textwrap.wrap(text, max(LEAST_WRAPPED, width), break_on_hyphens=False)


def shortened(text: str, width: int) -> str:
    """The text, or as much of it as leaves room for an ellipsis."""
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"


def briefly(text: str, width: int) -> str:
    """The text, or as many whole clauses from its beginning on as there is room for."""
    ends = [found.start() for found in re.finditer(r"[,;:.] ", text)]
    return next((text[:end] for end in (len(text), *reversed(ends)) if end <= width), "")


def merged(runs: Iterable[Run]) -> Line:
    """The same text in as few runs as there are changes of role."""
    line: Line = []
    for text, role in runs:
        if line and line[-1][1] == role:
            line[-1] = (line[-1][0] + text, role)
        else:
            line.append((text, role))
    return line


def cut(line: Line, width: int) -> Line:
    """As much of a line as there is room for, without empty runs."""
    kept: Line = []
    for text, role in line:
        if width <= 0:
            break
        if text:
            kept.append((text[:width], role))
        width -= len(text)
    return kept


def filled(line: Line, width: int) -> Line:
    """The line, cut or with blanks to its right, exactly so wide."""
    kept = cut(line, width)
    gap = width - width_of(kept)
    return [*kept, (" " * gap, "text")] if gap else kept


def side_by_side(left: list[Line], right: list[Line], width: int) -> list[Line]:
    """Lines beside others, which begin after so many cells."""
    none: Line = []
    pairs = zip_longest(left, right, fillvalue=none)
    return [[*filled(one, width), *other] for one, other in pairs]


def rule(parts: Line, width: int) -> Line:
    """A rule that carries a title: as many of its parts as fit."""
    line: Line = [("── ", "rule")]
    for text, role in parts:
        if width_of(line) + len(text) + 2 > width:
            break
        line.append((text, role))
    return cut([*line, (" " + "─" * width, "rule")], width)
