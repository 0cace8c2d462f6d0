"""The functions that data is made from: each with its formula, the range of x, and its noise."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array

Function = Callable[[Array], Array]


@dataclass(frozen=True)
class Target:
    """A function to fit, by its formula; x runs from `low` to `high`.

    `noise` is what suits its size: the deviations of the multiplicative and the additive part.
    """

    formula: str
    function: Function
    low: float = -2.0
    high: float = 2.0
    noise: tuple[float, float] = (0.0, 0.2)


def quadratic(x: Array) -> Array:
    """The lesson's function."""
    y: Array = 3 * x**2 + 2 * x + 1
    return y


def line(x: Array) -> Array:
    """A straight line: one neuron, y = wx + b, is enough for it."""
    y: Array = 2 * x + 1
    return y


def step(x: Array) -> Array:
    """1 from x = 0 on, 0 before it."""
    return np.where(x >= 0, 1.0, 0.0)


def x_sin_x(x: Array) -> Array:
    """What ConvNetJS's demo of regression in one dimension fits."""
    y: Array = x * np.sin(x)
    return y


def bumps(x: Array) -> Array:
    """A broad bump and a narrow one, twice as high: two lengths at once."""
    y: Array = np.exp(-4 * (x + 1) ** 2) + 2 * np.exp(-16 * (x - 1) ** 2)
    return y


TARGETS = {
    "lesson": Target("3x² + 2x + 1", quadratic, noise=(0.15, 1.5)),
    "line": Target("2x + 1", line, noise=(0.0, 0.5)),
    "abs": Target("|x|", np.abs),
    "step": Target("1 where x ≥ 0, else 0", step, noise=(0.0, 0.1)),
    "sine": Target("sin x", np.sin, -np.pi, np.pi),
    "x-sin-x": Target("x · sin x", x_sin_x, -4.0, 4.0, (0.0, 0.3)),
    "bumps": Target("exp(−4(x + 1)²) + 2·exp(−16(x − 1)²)", bumps, noise=(0.0, 0.1)),
}
