"""How numbers and names are written for people: one way, everywhere.

PyTorch's names say which parameter is meant, in files, in requests and in code: an `nn.Sequential`
counts `Linear` and activation alike, from 0, so the weights of the second layer are "2.weight".
A person reads and types W2.  A layer is one `Linear` with its activation, the output is the last;
layers, units and inputs count from 1: W2[3,1] is the weight of unit 3 of layer 2 for its input 1.
What isn't a network's, as the quadratic's a, has one name.
"""

import math
import re
from collections.abc import Iterable

MINUS = "−"

DIGITS = 4  # of a number in arithmetic: after the point, or significant where it is small
SMALL, TINY, HUGE = 0.1, 1e-5, 1e6
LINE_WIDTH = 78  # characters of a line of words, on a screen of 80 columns


def signed(value: float, decimals: int = 4) -> str:
    """+0.0135, −1.3529: with a sign, and with a minus of its width; 0 has none."""
    return ("+" if value > 0 else "") + fixed(value, decimals)


def fixed(value: float, decimals: int = 4) -> str:
    """−1.3529: so many decimals; scientific where that would say nothing or run on."""
    if not math.isfinite(value):
        return plain(str(value))
    value += 0.0  # makes −0.0 a plain 0
    if value != 0 and (abs(value) < 0.5 * 10**-decimals or abs(value) >= 1e6):
        return exponent(f"{value:.1e}")
    return plain(f"{value:.{decimals}f}")


def exactly(value: float) -> str:
    """2.4219, 0.01234, 3.214e−5: as `fixed`, but never fewer than four significant digits.

    For losses one below the other that are to be compared.
    """
    if not math.isfinite(value) or value == 0 or SMALL <= abs(value) < HUGE:
        return fixed(value)
    return exponent(f"{value:.3e}") if abs(value) >= HUGE else exponent(significant(value, DIGITS))


def short(value: float, digits: int = 4) -> str:
    """0.01, 1e−5, 2.5: as few digits as say it, four at most unless told."""
    return exponent(f"{value:.{digits}g}")


def about(value: float) -> str:
    """Four digits as short as can be, but 541200 and not 5.412e5."""
    return short(float(f"{value:.4g}"), 6)


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
    """A number that is written already, with a typographic minus."""
    return text.replace("-", MINUS)


def times(count: int, one: str, more: str | None = None) -> str:
    """1 point, 2 points."""
    return f"{count} {one if count == 1 else more or one + 's'}"


def listed(names: Iterable[str], most: int = 8) -> str:
    """W1, b1, … and 12 more."""
    names = list(names)
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def joined(names: Iterable[str]) -> str:
    """W1, b1 and W2: all of them."""
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last


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


# --- names of layers, units and parameters --------------------------------------------------------

_LETTERS = {"weight": "W", "bias": "b"}
_PYTORCH = re.compile(r"(?<![\w.])(\d*[02468])\.(weight|bias)(?:\[([\d, ]+)\])?(?!\w|\.\w)")
_SHOWN = re.compile(r"([WwBb])([1-9]\d*)(?:\[([1-9]\d*(?:, ?[1-9]\d*)?)\])?")
_LAYER = re.compile(r"layer ?([1-9]\d*)", re.IGNORECASE)


def dense_names(layer: int) -> tuple[str, str]:
    """PyTorch's names for the weights and the biases of a layer, counted from 0."""
    return f"{2 * layer}.weight", f"{2 * layer}.bias"


def place_in(name: str, position: tuple[int, ...]) -> str:
    """PyTorch's name for one number of an array: "2.weight[2, 0]"; the array's own where it is one.

    It counts from 0, as the position does.
    """
    return name + (str(list(position)) if position else "")


def shown(text: str) -> str:
    """A text as a person reads it: "W2[3,1]" for "2.weight[2, 0]"; other names are as they are."""
    return _PYTORCH.sub(_as_shown, text)


def _as_shown(found: re.Match[str]) -> str:
    number, kind, position = found.groups()
    counted = f"[{','.join(str(int(at) + 1) for at in position.split(','))}]" if position else ""
    return f"{_LETTERS[kind]}{int(number) // 2 + 1}{counted}"


def said_of(name: str) -> str:
    """What a network's parameter is, by PyTorch's name: "the bias of unit 3 of layer 1"; or ""."""
    found = _PYTORCH.fullmatch(name)
    if found is None:
        return ""
    number, kind, position = found.groups()
    layer = int(number) // 2
    if not position:
        return f"the {'weights' if kind == 'weight' else 'biases'} of {layer_said(layer)}"
    unit, *inputs = (int(at) for at in position.split(","))
    by = f" for its input {inputs[0] + 1}" if inputs else ""
    return f"the {kind} of {unit_said(layer, unit)}{by}"


def meant(typed: str) -> str:
    """PyTorch's name for what a person typed of a network: W2 or b2[3]; "2" for layer 2.

    Anything else, PyTorch's own names among it, is as it is.
    """
    if layer := _LAYER.fullmatch(typed):
        return str(2 * int(layer[1]) - 2)
    found = _SHOWN.fullmatch(typed)
    if found is None:
        return typed
    letter, number, position = found.groups()
    counted = tuple(int(at) - 1 for at in position.split(",")) if position else ()
    return place_in(dense_names(int(number) - 1)[letter in "Bb"], counted)


def layer_said(layer: int) -> str:
    """What a layer, counted from 0, is called: layer 2."""
    return f"layer {layer + 1}"


def unit_said(layer: int, unit: int) -> str:
    """What a sentence calls a unit: unit 3 of layer 1; both are counted from 0."""
    return f"unit {unit + 1} of {layer_said(layer)}"


def unit_short(layer: int, unit: int) -> str:
    """What a unit is called where room is short: unit 1.3; both are counted from 0."""
    return f"unit {layer + 1}.{unit + 1}"
