"""Expressions: arithmetic with the numbers of a run in it, written so that a hand can check it.

An expression knows how it is written with so many digits, and what comes of the digits written.
So the fewest can be found with which a pocket calculator arrives at the result beside it.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate

from nn_core.formatting import DIGITS, MINUS, number, reading, times

MOST_DIGITS = 9  # with which a number is written; what needs more is told to be rounded


@dataclass(frozen=True, eq=False)
class Expression:
    """Arithmetic: `write(digits)` is its text, `value(digits)` what comes of the numbers there.

    `folded` are the terms in it that are written as one number.
    """

    write: Callable[[int], str]
    value: Callable[[int], float]
    folded: tuple["Folded", ...] = ()


Operand = Expression | float


@dataclass(frozen=True)
class Worked:
    """Arithmetic and its result, as a person reads them; `sign` is ≈ where digits are left out."""

    text: str
    sign: str
    result: str
    folded: tuple["Folded", ...] = ()


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
            return _worked(expression, "=", shown, count)
    return _worked(expression, "≈", shown, digits[0])


def _worked(expression: Expression, sign: str, result: str, digits: int) -> Worked:
    folded = tuple(replace(each, digits=digits) for each in expression.folded)
    return Worked(expression.write(digits), sign, result, folded)


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
        inside.folded,
    )


def product(*factors: Operand) -> Expression:
    """1.1·(−2)²: the factors after the first are in brackets where they are negative."""
    first, *others = (operand(factor) for factor in factors)

    def write(digits: int) -> str:
        return "·".join([first.write(digits), *(_bracketed(each.write(digits)) for each in others)])

    return Expression(
        write,
        lambda digits: math.prod(each.value(digits) for each in (first, *others)),
        _folded_in((first, *others)),
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
        _folded_in((above, below)),
    )


def total(terms: Iterable[Operand]) -> Expression:
    """4.9412 − 2.2064 + 1.15: terms, of which each may begin with a minus."""
    parts = [operand(term) for term in terms]

    def write(digits: int) -> str:
        first, *others = (part.write(digits) for part in parts)
        return first + "".join(
            f" − {text[1:]}" if text.startswith(MINUS) else f" + {text}" for text in others
        )

    return Expression(
        write, lambda digits: math.fsum(part.value(digits) for part in parts), _folded_in(parts)
    )


def _folded_in(parts: Iterable[Expression]) -> tuple["Folded", ...]:
    return tuple(folded for part in parts for folded in part.folded)


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text


# --- terms that are folded into one number ------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Folded:
    """Terms of a sum that are written as one number, `amount`.

    `digits` are those that it is written with.  `terms` makes each of them, with its name, when
    they are opened: there may be many.
    """

    title: str
    amount: float
    terms: Callable[[], Sequence[tuple[str, Operand]]]
    digits: int = DIGITS

    def opened(self) -> tuple[list[tuple[str, Worked, str]], Worked]:
        """Each term by its name, and the sum up to it; and the sum of all.

        They are worked out in as many digits as the sum takes.
        """
        parts = [(name, operand(term)) for name, term in self.terms()]
        values = [_exact(part) for _, part in parts]
        whole = partial(number, digits=self.digits)
        added, shown = total(values), whole(self.amount)
        fitting = (
            count
            for count in range(self.digits, MOST_DIGITS + 1)
            if _comes_to(shown, added, count, whole)
        )
        digits = next(fitting, self.digits)
        write = partial(number, digits=digits)
        found = [
            (name, work_out(part, value, write, range(digits, MOST_DIGITS + 1)), write(so_far))
            for (name, part), value, so_far in zip(parts, values, accumulate(values), strict=True)
        ]
        sign = "=" if _comes_to(shown, added, digits, whole) else "≈"
        return found, Worked("added up", sign, shown)


def _exact(part: Expression) -> float:
    try:
        return part.value(MOST_DIGITS)
    except (ArithmeticError, ValueError):  # it has overflowed
        return math.nan


def others(
    count: int, amount: float, terms: Callable[[], Sequence[tuple[str, Operand]]]
) -> Expression:
    """[14 others −3.2418]: so many terms of a sum as the one number that they come to."""
    title = times(count, "other")
    return Expression(
        lambda digits: f"[{title} {number(amount, digits)}]",
        lambda digits: reading(amount, digits),
        (Folded(title, amount, terms),),
    )
