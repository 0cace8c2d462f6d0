"""Worked arithmetic: lines that take a number apart, each with the live numbers in it.

A line is written with as few digits as a reader needs to come from what is written to the result
beside it.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nn_core.expressions import Expression, Worked, work_out
from nn_core.formatting import MINUS, exponent, short, significant

RESULT_DIGITS = 5
MOST_DIGITS = 15


def written(constant: float) -> str:
    """A constant with all the digits that it has: what is worked out with it must come out."""
    return short(constant, MOST_DIGITS)


def _result(value: float) -> str:
    return exponent(significant(value, RESULT_DIGITS))


@dataclass(frozen=True, eq=False)
class Equation:
    """One line: symbol = work = result, and in a few words what it is.

    `work` has the live numbers by their names in braces, "0.9 · {m} + 0.1 · {g}", and `compute` is
    the same as a function of them.
    """

    symbol: str
    work: str
    numbers: Mapping[str, float]
    compute: Callable[..., float]
    result: float
    note: str

    @classmethod
    def worked(
        cls, symbol: str, work: str, numbers: Mapping[str, float],
        compute: Callable[..., float], note: str,
    ) -> "Equation":  # fmt: skip
        """A line whose result is what `compute` makes of the numbers."""
        return cls(symbol, work, numbers, compute, compute(**numbers), note)

    def written(self, write: Callable[[float], str] = _result) -> Worked:
        """The work with its numbers in it, and the result, written so."""

        def value(digits: int) -> float:
            rounded = {name: float(f"{n:.{digits}g}") for name, n in self.numbers.items()}
            return self.compute(**rounded)

        digits = range(RESULT_DIGITS, MOST_DIGITS)
        return work_out(Expression(self._filled, value), self.result, write, digits)

    def _filled(self, digits: int) -> str:
        def fill(match: re.Match[str]) -> str:
            text, square = short(self.numbers[match["name"]], digits), match["square"]
            follows = match.start() > 0 and self.work[match.start() - 1] != "("
            if (follows and text.startswith(MINUS)) or (square and "e" in text):
                return f"({text}){square}"
            return text + square

        return re.sub(r"\{(?P<name>\w+)\}(?P<square>²?)", fill, self.work)


@dataclass(frozen=True)
class OneParameter:
    """One parameter before its update: all that decides where it goes, and where that is.

    `gradient` is the one that the optimizer is given, `slots` are what it remembers of this number
    before the step, and `next` is the parameter's value after it, as the trainer computed it.
    """

    label: str
    value: float
    gradient: float
    rate: float
    slots: Mapping[str, float]
    next: float

    def moved(
        self, work: str, numbers: Mapping[str, float], compute: Callable[..., float]
    ) -> Equation:
        """The last line of an update: its result is the trainer's own, not one computed here."""
        return Equation(self.label, work, numbers, compute, self.next, "its next value")

    def moved_along(self, name: str, direction: float) -> Equation:
        """Value − lr · a direction of this name."""
        return self.moved(
            f"{{value}} − {{rate}} · {{{name}}}",
            {"value": self.value, "rate": self.rate, name: direction},
            lambda value, rate, **others: value - rate * others[name],
        )

    def moved_scaled(self, value: float, push: float, square: float, epsilon: float) -> Equation:
        """Value − lr · push ÷ (√square + ε)."""

        def compute(value: float, rate: float, push: float, s: float) -> float:
            return value - rate * push / (math.sqrt(s) + epsilon)

        work = f"{{value}} − {{rate}} · {{push}} ÷ (√{{s}} + {written(epsilon)})"
        numbers = {"value": value, "rate": self.rate, "push": push, "s": square}
        return self.moved(work, numbers, compute)


def running_mean(symbol: str, keep: float, old: float, gradient: float, note: str) -> Equation:
    """Keep · old + (1 − keep) · g."""

    def compute(old: float, g: float) -> float:
        return keep * old + (1 - keep) * g

    work = f"{written(keep)} · {{old}} + {written(1 - keep)} · {{g}}"
    return Equation.worked(symbol, work, {"old": old, "g": gradient}, compute, note)


def running_mean_of_squares(keep: float, old: float, gradient: float) -> Equation:
    """S = keep · old + (1 − keep) · g²."""

    def compute(old: float, g: float) -> float:
        return keep * old + (1 - keep) * (g * g)

    work = f"{written(keep)} · {{old}} + {written(1 - keep)} · {{g}}²"
    return Equation.worked("s", work, {"old": old, "g": gradient}, compute, "mean of squares")
