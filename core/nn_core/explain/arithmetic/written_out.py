"""Arithmetic written out: a rule, the same with the numbers of a run in it, and what comes of it.

Every line that has a result can be worked out again from its own text, to the digits shown.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from nn_core.formatting import fixed, plain
from nn_core.models.losses import HUBER_DELTA

DIGITS = 4  # after the point, or significant where a number is small
SMALL, TINY, HUGE = 0.1, 1e-5, 1e6


@dataclass(frozen=True)
class Formula:
    """One line: what it is about, the rule or the numbers, and the result; a rule has none."""

    label: str
    text: str
    result: float | None = None


def number(value: float) -> str:
    """1.1, −1.3529, 0.01353: four decimals, or digits where it is small, and no idle zeros."""
    size = abs(value)
    if not math.isfinite(size) or size == 0:
        return fixed(value, 0)
    if size < TINY or size >= HUGE:
        mantissa, exponent = f"{value:.{DIGITS - 1}e}".split("e")
        return plain(f"{_without_zeros(mantissa)}e{int(exponent)}")
    decimals = DIGITS if size >= SMALL else DIGITS - 1 - math.floor(math.log10(size))
    return plain(_without_zeros(f"{value:.{decimals}f}"))


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def factor(value: float) -> str:
    """The number as it stands behind a dot or a minus: in brackets where it is negative."""
    text = number(value)
    return text if value >= 0 else f"({text})"


def product(first: float, *others: float) -> str:
    """1.1·(−2)."""
    return "·".join([number(first), *(factor(other) for other in others)])


def total(terms: Iterable[str]) -> str:
    """4.9412 − 2.2064 + 1.15: terms, of which each may begin with a minus."""
    text = ""
    for term in terms:
        if not text:
            text = term
        else:
            text += f" − {term[1:]}" if term.startswith("−") else f" + {term}"
    return text


# --- losses -----------------------------------------------------------------------------------

LOSS_OF_ROW = {"mae": "|pred − y|", "mse": "(pred − y)²", "huber": "huber(pred − y)"}
SLOPE_OF_ROW = {"mae": "sign(pred − y)", "mse": "2·(pred − y)", "huber": "clip(pred − y, ±1)"}
SLOPE_NAME = {"mae": "sign", "mse": "2·off", "huber": "clip"}
IN_PYTORCH = {
    "mae": "(pred - y).abs().mean()",
    "mse": "(pred - y).pow(2).mean()",
    "huber": "F.huber_loss(pred, y)",
}


def loss_of_row(loss: str, prediction: float, target: float) -> str:
    """|3.3 − 11.869|."""
    off = f"{number(prediction)} − {factor(target)}"
    if loss == "huber":
        near = abs(prediction - target) <= HUBER_DELTA
        return f"0.5·({off})²" if near else f"|{off}| − 0.5"
    return {"mae": f"|{off}|", "mse": f"({off})²"}[loss]


def slope_of_row(loss: str, prediction: float, target: float) -> str:
    """sign(3.3 − 11.869)."""
    return SLOPE_OF_ROW[loss].replace("pred − y", f"{number(prediction)} − {factor(target)}")
