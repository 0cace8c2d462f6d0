"""Arithmetic written out: a rule, the same with the numbers of a run in it, and what comes of it.

Every line that has a result can be worked out again from its own text, to the digits shown.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Formula:
    """One line: what it is about, the rule or the numbers, and the result; a rule has none."""

    label: str
    text: str
    result: float | None = None
