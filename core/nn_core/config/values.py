"""The values of settings: read from what a person types, turned by a key, and checked."""

import math
import sys
from collections.abc import Callable
from typing import Any

Turn = Callable[[Any, int], Any]  # (value, +1 or −1) -> the value beside it

PACES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, math.inf)
MOST_NOISE = 1e100
SHARES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999)
LEAST_EPSILON = 1e-30  # what is smaller is 0 beside a float32
NOISES = (0.0, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)

# --- read: ValueError where the text is none ------------------------------------------------------


def read_switch(text: str) -> bool:
    """On or off, as words."""
    known = {"on": True, "off": False, "yes": True, "no": False}
    if text.lower() not in known:
        raise ValueError(text)
    return known[text.lower()]


def read_pace(text: str) -> float:
    """Steps a second; infinite where it is "max", and only there."""
    pace = math.inf if text == "max" else float(text)
    if math.isinf(pace) and text != "max":
        raise ValueError(text)
    return pace


def read_constant(text: str) -> float | None:
    """A number; None where it is "default"."""
    return None if text == "default" else float(text)


def read_names(text: str) -> tuple[str, ...]:
    """Names with commas between them; one that has a comma itself stands in quotes."""
    import csv  # not every start has names to read

    try:
        names = next(csv.reader([text], skipinitialspace=True, strict=True), [])
    except csv.Error:
        raise ValueError(text) from None
    return tuple(name.strip() for name in names if name.strip())


def show_name(name: str) -> str:
    """A name as `read_names` takes it."""
    if not any(letter in name for letter in ',"'):
        return name
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def read_sizes(text: str) -> tuple[int, ...]:
    """Whole numbers with commas between them; none at all where it is "none"."""
    if text == "none":
        return ()
    sizes = tuple(int(size) for size in read_names(text))
    if not sizes:
        raise ValueError(text)
    return sizes


def read_noise(text: str) -> tuple[float, float]:
    """Two numbers with a comma between them; one alone is the additive part."""
    *before, additive = (float(part) for part in text.split(","))
    if len(before) > 1:
        raise ValueError(text)
    return (before or [0.0])[0], additive


def noise_said(value: tuple[float, float]) -> str:
    """What each of the two numbers is; where one alone may have been typed, how to type both."""
    share, additive = value
    both = "" if share else f"; both: 0.15,{additive:g}"
    return f"Noise: share of y {share:g}, fixed part {additive:g}{both}."


def plain_value(value: Any) -> Any:
    """A value of Python’s own kinds: tuples for lists and arrays, text for paths and types."""
    if hasattr(value, "__fspath__"):
        return str(value)
    if isinstance(value, type):
        return value.__name__
    if hasattr(value, "tolist"):
        value = value.tolist()
    elif hasattr(value, "itemsize") and hasattr(value, "name"):
        value = value.name  # of NumPy’s types
    return tuple(map(plain_value, value)) if isinstance(value, list) else value


# --- turned ---------------------------------------------------------------------------------------


def turn_series(value: float, way: int) -> float:
    """The next of …, 0.1, 0.2, 0.5, 1, 2, 5, … above (+1) or below (−1) a value above 0."""
    exponent = math.floor(math.log10(value))
    steps = [
        float(f"{digit}e{power}")
        for power in (exponent - 1, exponent, exponent + 1)
        for digit in (1, 2, 5)
    ]
    if way > 0:
        return min(step for step in steps if step > value * (1 + 1e-9))
    return max(step for step in steps if step < value * (1 - 1e-9))


def turn_rate(value: float, way: int) -> float:
    """The 1-2-5 series, from a billionth to a billion."""
    return min(max(turn_series(value, way), 1e-9), 1e9)


def turn_count(value: int, way: int) -> int:
    """The 1-2-5 series of whole numbers; below 1 there is 0."""
    return int(turn_series(value, way)) if value else max(0, way)


def turn_along(series: tuple[float, ...], value: float, way: int) -> float:
    """The next of a series above or below a value; at its end, the value itself."""
    above = [step for step in series if step > value]
    below = [step for step in series if step < value]
    if way > 0:
        return above[0] if above else value
    return below[-1] if below else value


def turn_pace(value: float, way: int) -> float:
    """The round paces, then no limit."""
    return turn_along(PACES, value, way)


def turn_share(value: float, way: int) -> float:
    """Shares that are kept from step to step: ever nearer to 1."""
    return turn_along(SHARES, value, way)


def turn_epsilon(value: float, way: int) -> float:
    """The 1-2-5 series, from a trillionth to 1."""
    return min(max(turn_series(value, way), 1e-12), 1.0)


def turn_noise(value: tuple[float, float], way: int) -> tuple[float, float]:
    """More or less of the additive part."""
    return value[0], turn_along(NOISES, value[1], way)


def turn_fraction(value: float, way: int) -> float:
    """Tenths, up to a half."""
    return turn_along((0.0, 0.1, 0.2, 0.3, 0.4, 0.5), value, way)


def turn_by_one(value: int, way: int) -> int:
    """One more or less."""
    return value + way


def turn_from(least: float) -> Turn:
    """From 0 (off) up to `least` and on in the 1-2-5 series; below it down to 0 again."""

    def turn(value: float, way: int) -> float:
        if way > 0:
            return least if value < least else turn_rate(value, way)
        return turn_rate(value, way) if value > least else 0.0

    return turn


def turn_batch(value: int, way: int) -> int:
    """Go on from all rows (0) to 1, 2, 4, 8 and so on."""
    if way > 0:
        return max(1, value * 2)
    return value // 2


def turn_switch(value: bool, way: int) -> bool:
    """On from off, off from on."""
    return not value


def turn_choice(choices: tuple[str, ...]) -> Turn:
    """A turn from each of some values to the next, and from the last to the first."""
    return lambda value, way: choices[(choices.index(value) + way) % len(choices)]


# --- checked --------------------------------------------------------------------------------------


def is_whole(least: int, most: int) -> Callable[[Any], bool]:
    """A check for whole numbers from one to another."""
    return lambda value: type(value) is int and least <= value <= most


def is_from_zero(value: Any) -> bool:
    """Whether it is a number from 0 to the largest that is finite (a file can hold larger ones)."""
    return isinstance(value, int | float) and 0 <= value <= sys.float_info.max


def is_above_zero(value: Any) -> bool:
    """Whether it is such a number, and not 0."""
    return is_from_zero(value) and value > 0


def is_share(value: Any) -> bool:
    """Whether it is a number from 0 to below 1."""
    return isinstance(value, int | float) and 0 <= value < 1


def is_share_or_all(value: Any) -> bool:
    """Whether it is a number from 0 to 1."""
    return isinstance(value, int | float) and 0 <= value <= 1


def is_epsilon(value: Any) -> bool:
    """Whether it is a number above 0 that a division can do with."""
    return is_from_zero(value) and value >= LEAST_EPSILON


def are_noise(value: Any) -> bool:
    """Whether these are two numbers from 0 that leave data of which squares can be added up."""
    if len(value) != 2 or not all(isinstance(part, int | float) for part in value):
        return False
    return all(0 <= part <= MOST_NOISE for part in value)
