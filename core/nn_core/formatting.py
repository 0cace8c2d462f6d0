"""How numbers are written for people: one way, everywhere."""

import math
import re
from collections.abc import Iterable

MINUS = "−"

DIGITS = 4  # of a number in arithmetic: after the point, or significant where it is small
SMALL, TINY, HUGE = 0.1, 1e-5, 1e6


def signed(value: float, decimals: int = 4) -> str:
    """+0.0135, −1.3529: always with a sign, and with a minus of its width."""
    return fixed(value, decimals) if value < 0 else "+" + fixed(value, decimals)


def fixed(value: float, decimals: int = 4) -> str:
    """−1.3529: so many decimals; scientific where that would say nothing or run on."""
    if not math.isfinite(value):
        return plain(str(value))
    value += 0.0  # makes −0.0 a plain 0
    if value != 0 and (abs(value) < 0.5 * 10**-decimals or abs(value) >= 1e6):
        return exponent(f"{value:.1e}")
    return plain(f"{value:.{decimals}f}")


def short(value: float, digits: int = 4) -> str:
    """0.01, 1e−5, 2.5: as few digits as say it, four at most unless told."""
    return exponent(f"{value:.{digits}g}")


def significant(value: float, digits: int = 3) -> str:
    """At least so many significant digits: 2.42, 0.00123, 1234.5."""
    if not math.isfinite(value) or value == 0:
        return plain(f"{value:.{digits - 1}f}")
    if abs(value) >= 1e9:
        return plain(f"{value:.{digits - 1}e}")
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 2)
    return plain(f"{value:.{decimals}f}" if decimals < 8 else f"{value:.{digits - 1}e}")


def exponent(text: str) -> str:
    """A number as Python writes it, its exponent in brief: 1.2e−5 for 1.2e-05, 1e6 for 1e+06."""
    return plain(re.sub(r"e\+?([-−]?)0*(?=\d)", r"e\1", text))


def plain(text: str) -> str:
    """The same with a typographic minus."""
    return text.replace("-", MINUS)


def times(count: int, one: str, more: str | None = None) -> str:
    """1 point, 2 points."""
    return f"{count} {one if count == 1 else more or one + 's'}"


def listed(names: Iterable[str], most: int = 8) -> str:
    """0.weight, 0.bias, … and 12 more."""
    names = list(names)
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def printable(text: str) -> str:
    """The text with "?" for whatever would steer a terminal instead of being shown."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


# --- numbers in arithmetic that is written out -------------------------------------------------


def number(value: float, digits: int = DIGITS) -> str:
    """1.1, −1.3529, 0.01353: four decimals, or digits where it is small, and no idle zeros."""
    size = abs(value)
    if not math.isfinite(size) or size == 0:
        return fixed(value, 0)
    if size < TINY or size >= HUGE:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return plain(f"{_without_zeros(mantissa)}e{int(exponent)}")
    decimals = digits if size >= SMALL else digits - 1 - math.floor(math.log10(size))
    return plain(_without_zeros(f"{value:.{decimals}f}"))


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def reading(value: float, digits: int) -> float:
    """What a reader takes the number for, written with so many digits."""
    return float(number(value, digits).replace(MINUS, "-"))
