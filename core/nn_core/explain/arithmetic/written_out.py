"""Arithmetic written out: a rule, the same with the numbers of a run in it, and what comes of it.

Every line that has a result can be worked out again from its own text, to its last digit; where
that would take too many digits it says ≈.
"""

from dataclasses import dataclass
from typing import Literal

from nn_core.expressions import Folded, Operand, operand, work_out


@dataclass(frozen=True)
class Formula:
    """One line: what it is called, the rule or the numbers, and the result; a rule has none.

    `about` is what its numbers are of, where that is the chosen point or the data.  `sign` stands
    before the result, `folded` are terms of which there is only the sum in the text.
    """

    label: str
    text: str
    result: float | None = None
    about: Literal["", "point", "data"] = ""
    sign: str = "="
    folded: tuple[Folded, ...] = ()


def worked(
    label: str, work: Operand, result: float, about: Literal["", "point", "data"] = ""
) -> Formula:
    """A line of arithmetic, with as many digits as come to the result."""
    found = work_out(operand(work), result)
    return Formula(label, found.text, result, about, found.sign, found.folded)


def of_point(label: str, work: Operand, result: float) -> Formula:
    """A line of arithmetic about the chosen point."""
    return worked(label, work, result, "point")
