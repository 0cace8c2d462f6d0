"""Goals: comparisons on named numbers, read from a text by a small fixed grammar.

A comparison is `NAME OPERATOR VALUE`: a name of `nn_core.lessons.names`; one of < <= > >= == !=;
and a number, a name, a number · name as `0.5 * before.loss`, or after == and != a word.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nn_core.errors import RequestError
from nn_core.formatting import shown
from nn_core.lessons.names import Moment, Value, is_word, look_up, require_name

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, ">": operator.gt,
}  # fmt: skip
_SPLIT = re.compile(r"\s*(<=|>=|==|!=|<|>)\s*")
_NUMBER = re.compile(r"[-−]?\d+(\.\d+)?(e[-−]?\d+)?")
_WORD = re.compile(r"[\w,.-]+(\[[\d, ]+\])?")


@dataclass(frozen=True)
class Comparison:
    """One comparison: with `right`, or with `factor` times what `right` names."""

    text: str
    left: str
    sign: str
    right: Value
    factor: float | None = None

    def holds(self, moment: Moment) -> bool:
        """Whether it is so; it isn't where this run has nothing of that name."""
        left = look_up(self.left, moment)
        right: Value | None = self.right
        if self.factor is not None:
            right = look_up(str(self.right), moment)
            right = right * self.factor if isinstance(right, float) else right
        if left is None or right is None or isinstance(left, str) != isinstance(right, str):
            return False
        return _OPERATORS[self.sign](left, right)


def read_comparison(text: str) -> Comparison:
    """Read a comparison; `RequestError` where it is none, or names what there is not."""
    parts = _SPLIT.split(text.strip(), maxsplit=1)
    if len(parts) != 3 or not all(parts):
        raise RequestError(f"{text[:60]!r} is no comparison, such as loss < 1.5 or view == slope")
    left, sign, right = parts
    require_name(left)
    if _NUMBER.fullmatch(right):
        return Comparison(text, left, sign, as_number(right))
    factor, star, name = right.partition("*")
    if star:
        if not _NUMBER.fullmatch(factor.strip()):
            raise RequestError(f"{right[:60]!r} is no number · name, such as 0.5 * before.loss")
        require_name(name.strip())
        return Comparison(text, left, sign, name.strip(), as_number(factor))
    if sign in ("==", "!=") and is_word(left) and not right.startswith("before."):
        if not _WORD.fullmatch(right):
            raise RequestError(f"{right[:60]!r} is no word to compare {left} with")
        return Comparison(text, left, sign, shown(right))
    require_name(right)
    return Comparison(text, left, sign, right, 1.0)


def as_number(text: str) -> float:
    """A number as people type it, with a typographic minus or a decimal comma too."""
    text = text.strip().replace("−", "-")
    return float(text if "." in text else text.replace(",", "."))
