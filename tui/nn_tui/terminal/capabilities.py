"""What this terminal can show, as far as the environment tells: nothing is asked of it.

Only the kernel is asked, for the font of the Linux console: its own has all of code page 437;
that of Debian and Ubuntu has neither half blocks nor ►, in whose places it shows one and the same
sign.
"""

import struct
from array import array
from collections.abc import Callable, Mapping
from typing import Literal

Markers = Literal["braille", "blocks", "ascii"]
Ask = Callable[[int, int, bytearray], object]
_SCREEN = 2  # standard error, which the screen is drawn on
_BLOCKS = "█▀▄▌▐░▒▓►◄○•─│"  # without these there is neither a curve nor what is chosen
_GIO_UNIMAP = 0x4B66  # linux/kd.h: which place in the font each character has
_MOST = 0xFFFF  # pairs of a character and its place
MONOCHROME = ("vt52", "vt100", "vt102", "vt220")  # beginnings of terminals' names


def plain_reason(
    environ: Mapping[str, str], stdin_isatty: bool, stdout_isatty: bool, stderr_isatty: bool = True
) -> str | None:
    """Return why the full screen can't be had, or None where it can."""
    if not stdin_isatty:
        return "standard input is not a terminal"
    if not stdout_isatty:
        return "standard output is not a terminal"
    if not stderr_isatty:
        return "standard error, which the screen is drawn on, is not a terminal"
    match environ.get("TERM", ""):
        case "":
            return "TERM is not set"
        case "dumb" | "unknown" as term:
            return f"a terminal of type {term} can’t move its cursor"
    return None


def _ask(descriptor: int, request: int, answer: bytearray) -> object:
    from fcntl import ioctl  # not on Windows, where no terminal is called linux

    return ioctl(descriptor, request, answer)


def can_show(characters: str, descriptor: int = _SCREEN, ask: Ask = _ask) -> bool | None:
    """Tell whether the console on this descriptor shows all of these; None where it is no console.

    None is also told over SSH, where the console is another machine's.
    """
    pairs = array("H", bytes(4 * _MOST))
    request = bytearray(struct.pack("@HP", _MOST, pairs.buffer_info()[0]))
    try:
        ask(descriptor, _GIO_UNIMAP, request)
    except (ImportError, OSError, ValueError):
        return None
    count, _ = struct.unpack("@HP", request)
    return {ord(character) for character in characters} <= set(pairs[: 2 * count : 2])


def markers(environ: Mapping[str, str], has: Callable[[str], bool | None] = can_show) -> Markers:
    """Return the finest marks for plots that the terminal can be trusted to have.

    `has` tells of characters whether a console's font has them, None where nobody knows.
    """
    locale = next(
        (environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "C"
    )
    if "UTF8" not in locale.upper().replace("-", ""):
        return "ascii"
    if not is_console(environ):
        return "braille"
    return "ascii" if has(_BLOCKS) is False else "blocks"


def is_console(environ: Mapping[str, str]) -> bool:
    """Tell whether it is the Linux console, whose fonts have no braille."""
    return environ.get("TERM", "").startswith("linux")


def has_colour(environ: Mapping[str, str]) -> bool:
    """Tell whether colours are shown: not with NO_COLOR, even empty, nor on what has none."""
    return "NO_COLOR" not in environ and not environ.get("TERM", "").startswith(MONOCHROME)


def has_few_colours(environ: Mapping[str, str]) -> bool:
    """Tell whether there are sixteen colours, as Rich tells it where nobody says otherwise."""
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return False
    asked = environ.get("TEXTUAL_COLOR_SYSTEM", "auto")
    if asked != "auto":
        return asked == "standard"
    return environ.get("TERM", "").lower().rpartition("-")[2] not in ("256color", "kitty")


def colour_system(environ: Mapping[str, str]) -> Literal["256", "auto"]:
    """Return what TEXTUAL_COLOR_SYSTEM should be where it isn't set, before Textual is imported.

    Every colour is of the 256, and one of those is named in half the bytes that its red, green
    and blue need.
    """
    return "256" if environ.get("COLORTERM") in ("truecolor", "24bit") else "auto"
