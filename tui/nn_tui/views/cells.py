"""Numbers in columns, and lines cut or filled to a width."""

from collections.abc import Callable

from nn_core.numbers import fixed, plain
from nn_tui.roles import Line, width_of


def number(
    value: float, width: int, decimals: int = 2, write: Callable[[float, int], str] = fixed
) -> str:
    """A number in a column, a space before it: so many decimals, or as many as leave room."""
    for fewer in range(decimals, -1, -1):
        text = write(value, fewer)
        if len(text) < width:
            return f"{text:>{width}}"
    rough = plain(f"{value:.0e}".replace("e+", "e").replace("e-0", "e-"))
    return f"{rough:>{width}}"[:width]


def cut(line: Line, width: int) -> Line:
    """As much of a line as there is room for."""
    kept: Line = []
    for text, role in line:
        if width <= 0:
            break
        kept.append((text[:width], role))
        width -= len(text)
    return kept


def filled(line: Line, width: int) -> Line:
    """The line, cut or with blanks to its right, exactly so wide."""
    kept = cut(line, width)
    gap = width - width_of(kept)
    return [*kept, (" " * gap, "text")] if gap else kept


def rule(parts: Line, width: int) -> Line:
    """A rule that carries a title: as many of its parts as fit."""
    line: Line = [("── ", "rule")]
    for text, role in parts:
        if width_of(line) + len(text) + 2 > width:
            break
        line.append((text, role))
    return cut([*line, (" " + "─" * width, "rule")], width)
