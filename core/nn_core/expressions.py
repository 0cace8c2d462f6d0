"""Expressions: arithmetic with the numbers of a run in it, written so that a hand can check it.

An expression knows how it is written with so many digits, and what comes of the digits written.
So the fewest can be found with which a pocket calculator arrives at the result beside it.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nn_core.formatting import DIGITS, MINUS, number, reading

MOST_DIGITS = 9  # with which a number is written; what needs more is told to be rounded


@dataclass(frozen=True, eq=False)
class Expression:
    """Arithmetic: `write(digits)` is its text, `value(digits)` what comes of the numbers there."""

    write: Callable[[int], str]
    value: Callable[[int], float]


Operand = Expression | float


@dataclass(frozen=True)
class Worked:
    """Arithmetic and its result, as a person reads them; `sign` is ≈ where digits are left out."""

    text: str
    sign: str
    result: str


def work_out(
    expression: Expression,
    result: float,
    write: Callable[[float], str] = number,
    digits: range = range(DIGITS, MOST_DIGITS + 1),
) -> Worked:
    """Write an expression with the fewest of these digits that come to the result as written."""
    shown = write(result)
    for count in digits:
        if _comes_to(shown, expression, count, write):
            return Worked(expression.write(count), "=", shown)
    return Worked(expression.write(digits[0]), "≈", shown)


def _comes_to(
    shown: str, expression: Expression, digits: int, write: Callable[[float], str]
) -> bool:
    try:
        return write(expression.value(digits)) == shown
    except (ArithmeticError, ValueError):
        return False


# --- what expressions are made of ---------------------------------------------------------------


def operand(value: Operand) -> Expression:
    """A number by itself; an expression stays what it is."""
    if isinstance(value, Expression):
        return value
    return Expression(lambda digits: number(value, digits), lambda digits: reading(value, digits))


def literal(text: str, value: float) -> Expression:
    """What is written in one way whatever the digits: [x > 0], a count."""
    return Expression(lambda digits: text, lambda digits: value)


def around(pattern: str, function: Callable[[float], float], inner: Operand) -> Expression:
    """A function of an expression: max({}, 0), ({})², ReLU({})."""
    inside = operand(inner)
    return Expression(
        lambda digits: pattern.format(inside.write(digits)),
        lambda digits: function(inside.value(digits)),
    )


def product(*factors: Operand) -> Expression:
    """1.1·(−2)²: the factors after the first are in brackets where they are negative."""
    first, *others = (operand(factor) for factor in factors)

    def write(digits: int) -> str:
        return "·".join([first.write(digits), *(_bracketed(each.write(digits)) for each in others)])

    return Expression(
        write, lambda digits: math.prod(each.value(digits) for each in (first, *others))
    )


def squared(value: float) -> Expression:
    """4², (−2)²."""
    return Expression(
        lambda digits: f"{_bracketed(number(value, digits))}²",
        lambda digits: reading(value, digits) ** 2,
    )


def difference(first: float, second: float) -> Expression:
    """3.3 − (−11.869)."""
    return Expression(
        lambda digits: f"{number(first, digits)} − {_bracketed(number(second, digits))}",
        lambda digits: reading(first, digits) - reading(second, digits),
    )


def quotient(first: Operand, second: Operand) -> Expression:
    """−27.0582 ÷ 20."""
    above, below = operand(first), operand(second)
    return Expression(
        lambda digits: f"{above.write(digits)} ÷ {_bracketed(below.write(digits))}",
        lambda digits: above.value(digits) / below.value(digits),
    )


def total(terms: Iterable[Operand]) -> Expression:
    """4.9412 − 2.2064 + 1.15: terms, of which each may begin with a minus."""
    parts = [operand(term) for term in terms]

    def write(digits: int) -> str:
        first, *others = (part.write(digits) for part in parts)
        return first + "".join(
            f" − {text[1:]}" if text.startswith(MINUS) else f" + {text}" for text in others
        )

    return Expression(write, lambda digits: math.fsum(part.value(digits) for part in parts))


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text
