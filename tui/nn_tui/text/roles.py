"""Roles: what a piece of text means, and how it looks on a dark, a light or a colourless screen.

Colours come from the 256-colour cube, since ssh doesn't pass on that a terminal has more.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from rich.style import Style

Background = Literal["dark", "light"]
Run = tuple[str, str]  # text, role
Line = list[Run]


def width_of(line: Line) -> int:
    """How many cells a line takes; every glyph used here takes one."""
    return sum(len(text) for text, _ in line)


# Shades for numbers, the first for what matters most: bright on dark, dark on light.
_DEPTHS = ((195, 18), (123, 24), (81, 25), (45, 31), (38, 38), (31, 74), (24, 110), (237, 152))
DEPTHS = len(_DEPTHS)
_COLOURS: dict[str, tuple[int | None, int | None]] = {  # dark, light
    "text": (None, None),
    "strong": (None, None),
    "quiet": (245, 242),
    "data": (214, 130),
    "model": (81, 25),
    "truth": (245, 242),
    "kept": (67, 110),
    "validation": (114, 28),
    "push": (176, 90),
    "minus": (180, 94),
    "rule": (240, 250),
    "off": (240, 250),
    "alarm": (203, 160),
    **{f"depth{at}": colours for at, colours in enumerate(_DEPTHS)},
}
_BOLD = {"strong", "alarm"}
_DIM_WITHOUT_COLOUR = {"quiet", "rule", "kept", "off"}


@lru_cache
def style(role: str, background: Background, colour: bool) -> Style:
    """How a role looks."""
    bold = True if role in _BOLD else None
    if not colour:
        return Style(bold=bold, dim=True if role in _DIM_WITHOUT_COLOUR else None)
    number = _COLOURS[role][background == "light"]
    return Style(color=None if number is None else f"color({number})", bold=bold)


def background(theme: str, environ: Mapping[str, str]) -> Background:
    """Dark or light, as launch, or as the terminal tells in COLORFGBG; dark where nothing does."""
    if theme in ("dark", "light"):
        return "light" if theme == "light" else "dark"
    last = environ.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if last in ("7", "15") else "dark"
