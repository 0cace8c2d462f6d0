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

HAT = "\u0302"  # stands over the letter before it, in the same cell


def width_of(line: Line) -> int:
    """How many cells a line takes; every glyph used here takes one, but for the hat of m̂."""
    return sum(len(text) - text.count(HAT) for text, _ in line)


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
    "kept": (67, 60),
    "kept 2": (144, 58),
    "kept 3": (138, 95),
    "twin": (146, 96),
    "validation": (114, 28),
    "push": (176, 90),
    "minus": (180, 94),
    "rule": (240, 246),
    "off": (240, 246),
    "alarm": (203, 160),
    **{f"depth{at}": colours for at, colours in enumerate(_DEPTHS)},
}
# Grounds by the cube: for each class four depths, the last where it is surest; and ink on paper.
_GROUNDS: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {  # dark, light
    "0": ((58, 94, 130, 166), (230, 223, 222, 215)),  # amber
    "1": ((23, 24, 25, 31), (195, 153, 117, 75)),  # sky
    "2": ((22, 28, 29, 34), (194, 157, 120, 114)),  # green
    "3": ((53, 54, 90, 91), (225, 219, 183, 177)),  # violet
    "4": ((52, 88, 124, 125), (224, 217, 210, 203)),  # red
    "5": ((236, 238, 240, 242), (254, 252, 250, 248)),  # grey
    "ink": ((234, 237, 240, 243, 246, 249, 252, 255), (255, 252, 249, 246, 243, 240, 237, 233)),
}
INKS = len(_GROUNDS["ink"][0])
# What is written on the ground of a class, to be seen on all its depths; what is wrong on paper.
_ON_CLASSES = {"strong": (231, 16), "alarm": (203, 88), "validation": (157, 22)}
# The same where a terminal has sixteen colours, of which the nearest would be alike, or too pale.
_FEW: dict[str, tuple[int | None, int | None]] = {  # dark, light
    "quiet": (7, 8),
    "data": (11, 1),
    "model": (14, 4),
    "truth": (7, 8),
    "kept": (12, 8),
    "kept 2": (5, 5),
    "kept 3": (3, 9),
    "twin": (6, 12),
    "validation": (10, None),
    "push": (13, 5),
    "minus": (3, 1),
    "rule": (8, 8),
    "off": (8, 8),
    "alarm": (9, 1),
    **{f"depth{at}": each for at, each in enumerate(zip((15, 14, 14, 6, 6, 4, 4, 8),
                                                        (0, 4, 4, 5, 5, 6, 6, 7), strict=True))},
}  # fmt: skip
# Of a class its ground, none where the model is least sure, and what is to be seen on it.
_FEW_GROUNDS = {"0": (3, 0), "1": (4, 15), "2": (2, 0), "3": (5, 15), "4": (1, 15), "5": (8, 15)}
_FEW_INKS = (0, 0, 8, 8, 7, 7, 15, 15)
_BOLD = {"strong", "alarm"}
_DIM_WITHOUT_COLOUR = {"quiet", "rule", "kept", "kept 2", "kept 3", "twin", "off"}


def ground_name(kind: int | str, depth: int) -> str:
    """The role of a ground: of a class by its place, `depth` from 0 to 3, or of "ink"."""
    return f"class {kind} depth {depth}"


@lru_cache(maxsize=1024)
def style(role: str, background: Background, colour: bool, few: bool = False) -> Style:
    """How a role looks; "role@class 1 depth 3" is a role on the ground of a class.

    A ground can be a role as well: what is written is then of its colour.  `few`: the terminal has
    sixteen colours.
    """
    role, _, ground = role.partition("@")
    if not ground or not colour:
        return _style(role, background, colour, few)
    paper = _ground_colour(ground, background, few)
    if ground.startswith("class ink") and role == "alarm":
        return _on_ink(paper or 0, few)
    if ground.startswith("class ink") or role.startswith("class "):
        return _style(role, background, colour, few) + _on(paper)
    return _on_class(role, ground, paper, background, few)


def _on(number: int | None) -> Style:
    return Style(bgcolor=None if number is None else f"color({number})")


def _on_ink(paper: int, few: bool) -> Style:
    """The sign over a picture, on whichever of its greys it stands."""
    if few:
        return Style(color=f"color({0 if paper in (7, 15) else 15})") + _on(paper)
    return Style(color=f"color({217 if paper <= 240 else 52})", bold=True) + _on(paper)


def _on_class(
    role: str, ground: str, paper: int | None, background: Background, few: bool
) -> Style:
    """What is written on the ground of a class in place of the role's own colour."""
    is_light = background == "light"
    own = _style(role, background, True, few)
    if role == "alarm" and (few or not is_light):  # no red is to be seen on every ground
        return own + _on((15 if is_light else 0) if few else 16)
    number = _ON_CLASSES[role][is_light] if role in _ON_CLASSES else None
    if few:
        number = _FEW_GROUNDS[ground.split()[1]][1] if paper is not None else None
    if number is None:
        return own + _on(paper)
    bold = own.bold if number else None  # bold black is grey where there are few colours
    return Style(color=f"color({number})", bold=bold) + _on(paper)


def _ground_colour(name: str, background: Background, few: bool) -> int | None:
    kind, depth = name.split()[1::2]
    is_light, at = background == "light", int(depth)
    if not few:
        return _GROUNDS[kind][is_light][at]
    if kind == "ink":
        return _FEW_INKS[-1 - at if is_light else at]
    return _FEW_GROUNDS[kind][0] if at else None


def _style(role: str, background: Background, colour: bool, few: bool) -> Style:
    bold = True if role in _BOLD else None
    if not colour:
        return Style(bold=bold, dim=True if role in _DIM_WITHOUT_COLOUR else None)
    if role.startswith("class "):
        number = _ground_colour(role, background, few)
    else:
        number = (_FEW if few and role in _FEW else _COLOURS)[role][background == "light"]
    return Style(color=None if number is None else f"color({number})", bold=bold)


def background(theme: str, environ: Mapping[str, str]) -> Background:
    """Dark or light, as launch, or as the terminal tells in COLORFGBG; dark where nothing does."""
    if theme in ("dark", "light"):
        return "light" if theme == "light" else "dark"
    last = environ.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if last in ("7", "15") else "dark"
