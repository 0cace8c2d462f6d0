"""Arithmetic written out: a rule, the same with the numbers of a run in it, and what comes of it.

Every line that has a result can be worked out again from its own text, to the digits shown.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Formula:
    """One line: what it is called, the rule or the numbers, and the result; a rule has none.

    `about` is what its numbers are of, where that is the chosen point or the data.
    """

    label: str
    text: str
    result: float | None = None
    about: Literal["", "point", "data"] = ""


def of_point(label: str, text: str, result: float | None = None) -> Formula:
    """A line about the chosen point."""
    return Formula(label, text, result, "point")
