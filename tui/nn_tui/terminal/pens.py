"""How a cell looks, and the shortest control sequence from one look to another."""

from functools import lru_cache
from typing import NamedTuple

from rich.color import Color, ColorSystem
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
