"""What this terminal can show, as far as the environment tells: nothing is asked of it."""

from collections.abc import Mapping
from typing import Literal

Markers = Literal["braille", "blocks", "ascii"]
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


def markers(environ: Mapping[str, str]) -> Markers:
    """Return the finest marks for plots that the terminal can be trusted to have."""
    locale = next(
        (environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "C"
    )
    if "UTF8" not in locale.upper().replace("-", ""):
        return "ascii"
    return "blocks" if is_console(environ) else "braille"


def is_console(environ: Mapping[str, str]) -> bool:
    """Tell whether it is the Linux console, whose font has block characters, but no braille."""
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
