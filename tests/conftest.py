"""What all tests share.

Hypothesis draws the same examples each time, so that a failure comes again;
HYPOTHESIS_PROFILE=explore draws new ones.
"""

import math
import os
import re
from collections.abc import Callable

import pytest
from hypothesis import settings

import nn_core  # noqa: F401 - before NumPy, which it tells to use one thread

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


# --- arithmetic as it stands on the screen -----------------------------------------------------

_NUMBER = re.compile(r"(?<![A-Za-z_\d.])\d+(?:\.\d+)?(?:e[−-]?\d+)?")
_IN_PYTHON = (
    (r": (?:old \+ new|it counts|it is cut off|a bias is free)$", ""),
    (r"\[\d+ others? ([^\]]+)\]", r"(\1)"),
    (r"\[([^\]]+) > 0\]", r"float((\1) > 0)"),
    (r"\|([^|]+)\|", r"abs(\1)"),
    (r"√([\d.e−]+)", r"sqrt(\1)"),
    (r", ±1\)", ", -1, 1)"),
    (r"leaky", "leaky_relu"),
    (r"log cosh", "log_cosh"),
    (r"(ReLU|leaky_relu|tanh|sigmoid|SiLU|GELU)′\(", r"slope_of_\1("),
    ("−", "-"), ("·", "*"), ("÷", "/"), ("²", "**TWO"), (r"\^", "**"),
)  # fmt: skip
_FUNCTIONS = {
    "TWO": 2, "sqrt": lambda z: math.sqrt(max(z, 0.0)), "abs": abs, "max": max, "float": float,
    "sign": lambda z: (z > 0) - (z < 0), "clip": lambda z, low, high: min(max(z, low), high),
    "log_cosh": lambda z: math.log(math.cosh(z)),
    "ReLU": lambda z: max(z, 0.0), "slope_of_ReLU": lambda z: float(z > 0),
    "leaky_relu": lambda z: max(z, 0.01 * z),
    "slope_of_leaky_relu": lambda z: 1.0 if z > 0 else 0.01,
    "tanh": math.tanh, "slope_of_tanh": lambda z: 1 - math.tanh(z) ** 2,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "slope_of_sigmoid": lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2,
    "SiLU": lambda z: z / (1 + math.exp(-z)),
    "slope_of_SiLU": lambda z: (1 + math.exp(-z) * (1 + z)) / (1 + math.exp(-z)) ** 2,
    "GELU": lambda z: z * math.erfc(-z / math.sqrt(2)) / 2,
    "slope_of_GELU": lambda z: (
        math.erfc(-z / math.sqrt(2)) / 2 + z * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    ),
}  # fmt: skip


def _last_digit(value: float) -> float:
    """What rounding can have taken away: to four decimals or five digits, to four of small ones."""
    size = abs(value)
    if size == 0:
        return 0.51e-4
    digits = 4 if 0.1 <= size < 1e6 else 3
    least = 0.51e-4 if size >= 0.1 else 0.0
    return max(least, 0.51 * 10.0 ** (math.floor(math.log10(size)) - digits))


def _works_out(text: str, result: float) -> bool:
    """Whether arithmetic as it is written comes to the result, to the digits shown.

    Each number in it may be off by what was rounded away.
    """
    for pattern, python in _IN_PYTHON:
        text = re.sub(pattern, python, text)
    found = [(match.span(), float(match[0])) for match in _NUMBER.finditer(text)]

    def with_values(values: list[float]) -> float:
        written, end = "", 0
        for ((start, stop), _), value in zip(found, values, strict=True):
            written, end = f"{written}{text[end:start]}({value!r})", stop
        return float(eval(written + text[end:], {"__builtins__": {}}, _FUNCTIONS))

    shown = [value for _, value in found]
    here, slack = with_values(shown), _last_digit(result)
    for at, value in enumerate(shown):
        moved = [
            with_values([*shown[:at], value + way * _last_digit(value), *shown[at + 1 :]])
            for way in (-1, 1)
        ]
        slack += max(abs(each - here) for each in moved)
    return abs(here - result) <= 1.1 * slack


@pytest.fixture(scope="session")
def works_out() -> Callable[[str, float], bool]:
    """Whether "1.1·4 + 1.1·(−2) + 1.1" comes to 3.3, to the digits shown."""
    return _works_out
