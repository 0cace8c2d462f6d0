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

# As in the program: BLAS reads it when NumPy is first imported, so it comes before that.
for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

from nn_core.formatting import number  # noqa: E402 - NumPy comes with it

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """All processors for all tests; this process for those that are named, and for soak tests."""
    is_whole = not config.option.file_or_dir and "not soak" in config.option.markexpr
    return None if is_whole else 0


# --- arithmetic as it stands on the screen -----------------------------------------------------

_NUMBER = re.compile(r"(?<![A-Za-z_\d.])\d+(?:\.\d+)?(?:e[−-]?\d+)?")
_IN_PYTHON = (
    (r": (?:old \+ new|it counts|it is cut off|a bias is free)$", ""),
    (r"\[\d+ others? ([^\]]+)\]", r"(\1)"),
    (r"\[([^\]]+) > 0\]", r"float((\1) > 0)"),
    (r"\|([^|]+)\|", r"abs(\1)"),
    (r"√([\d.e−]+)", r"sqrt(\1)"),
    (r", ±1\)", ", -1, 1)"),
    (r"\be\^([−-]?[\d.]+(?:e[−-]?\d+)?)", r"exp(\1)"),
    (r"(?<!_)log ([\d.]+(?:e[−-]?\d+)?)", r"ln(\1)"),
    (r"σ", "sigmoid"),
    (r"leaky", "leaky_relu"),
    (r"log cosh", "log_cosh"),
    (r"(ReLU|leaky_relu|tanh|sigmoid|SiLU|GELU)′\(", r"slope_of_\1("),
    ("−", "-"), ("·", "*"), ("÷", "/"), ("²", "**TWO"), (r"\^", "**"),
)  # fmt: skip
_FUNCTIONS = {
    "TWO": 2, "sqrt": lambda z: math.sqrt(max(z, 0.0)), "abs": abs, "max": max, "float": float,
    "sign": lambda z: (z > 0) - (z < 0), "clip": lambda z, low, high: min(max(z, low), high),
    "exp": math.exp, "ln": math.log,
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


def _works_out(text: str, result: float, sign: str = "=") -> bool:
    """Whether the numbers as they are written come to the result as it is written.

    To its last digit; after ≈ to a twentieth.
    """
    for pattern, python in _IN_PYTHON:
        text = re.sub(pattern, python, text)
    shown = float(eval(_NUMBER.sub(lambda match: f"({match[0]})", text), {}, _FUNCTIONS))
    if sign == "≈":
        return math.isclose(shown, result, rel_tol=0.05, abs_tol=0.05)
    return number(shown) == number(result)


@pytest.fixture(scope="session")
def works_out() -> Callable[..., bool]:
    """Whether "1.1·4 + 1.1·(−2) + 1.1" comes to 3.3, to the last digit shown."""
    return _works_out
