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
# The grounds of classes by the cube: for each class four depths, the last where it is surest.
_GROUNDS: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = (  # dark, light
    ((58, 94, 130, 172), (230, 223, 222, 215)),  # amber
    ((17, 24, 25, 31), (195, 153, 117, 75)),  # sky
    ((22, 28, 29, 35), (194, 157, 120, 114)),  # green
    ((53, 54, 90, 91), (225, 219, 183, 177)),  # violet
    ((52, 88, 124, 125), (224, 217, 210, 203)),  # red
    ((236, 238, 240, 242), (254, 252, 250, 248)),  # grey
)
_BOLD = {"strong", "alarm"}
_DIM_WITHOUT_COLOUR = {"quiet", "rule", "kept", "off"}


@lru_cache
def style(role: str, background: Background, colour: bool) -> Style:
    """How a role looks; "role@class 1 depth 3" is a role on the ground of a class."""
    role, _, ground = role.partition("@")
    return _style(role, background, colour) + _ground(ground, background, colour)


def _ground(name: str, background: Background, colour: bool) -> Style:
    if not (name and colour):
        return Style()
    label, depth = (int(part) for part in name.split()[1::2])
    return Style(bgcolor=f"color({_GROUNDS[label][background == 'light'][depth]})")


def _style(role: str, background: Background, colour: bool) -> Style:
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
