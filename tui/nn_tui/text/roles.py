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
# Grounds by the cube: for each class four depths, the last where it is surest; and ink on paper.
_GROUNDS: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {  # dark, light
    "0": ((58, 94, 130, 172), (230, 223, 222, 215)),  # amber
    "1": ((17, 24, 25, 31), (195, 153, 117, 75)),  # sky
    "2": ((22, 28, 29, 35), (194, 157, 120, 114)),  # green
    "3": ((53, 54, 90, 91), (225, 219, 183, 177)),  # violet
    "4": ((52, 88, 124, 125), (224, 217, 210, 203)),  # red
    "5": ((236, 238, 240, 242), (254, 252, 250, 248)),  # grey
    "ink": ((234, 237, 240, 243, 246, 249, 252, 255), (255, 252, 249, 246, 243, 240, 237, 233)),
}
INKS = len(_GROUNDS["ink"][0])
_BOLD = {"strong", "alarm"}
_DIM_WITHOUT_COLOUR = {"quiet", "rule", "kept", "off"}


def ground_name(kind: int | str, depth: int) -> str:
    """The role of a ground: of a class by its place, `depth` from 0 to 3, or of "ink"."""
    return f"class {kind} depth {depth}"


@lru_cache(maxsize=1024)
def style(role: str, background: Background, colour: bool) -> Style:
    """How a role looks; "role@class 1 depth 3" is a role on the ground of a class.

    A ground can be a role as well: what is written is then of its colour.
    """
    role, _, ground = role.partition("@")
    return _style(role, background, colour) + _ground(ground, background, colour)


def _ground(name: str, background: Background, colour: bool) -> Style:
    return Style(bgcolor=_ground_colour(name, background)) if name and colour else Style()


def _ground_colour(name: str, background: Background) -> str:
    kind, depth = name.split()[1::2]
    return f"color({_GROUNDS[kind][background == 'light'][int(depth)]})"


def _style(role: str, background: Background, colour: bool) -> Style:
    bold = True if role in _BOLD else None
    if not colour:
        return Style(bold=bold, dim=True if role in _DIM_WITHOUT_COLOUR else None)
    if role.startswith("class "):
        return Style(color=_ground_colour(role, background))
    number = _COLOURS[role][background == "light"]
    return Style(color=None if number is None else f"color({number})", bold=bold)


def background(theme: str, environ: Mapping[str, str]) -> Background:
    """Dark or light, as launch, or as the terminal tells in COLORFGBG; dark where nothing does."""
    if theme in ("dark", "light"):
        return "light" if theme == "light" else "dark"
    last = environ.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if last in ("7", "15") else "dark"
