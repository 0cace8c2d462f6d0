"""Schedules: what the learning rate is multiplied by as a run goes on.

All but one are pure functions of the step, t, and of how many steps the run is planned for, T:
past T they stay where they ended.  The one with a state, reduce on plateau, looks at the losses.
The base rate can be turned by hand while any of them runs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array

WARM_UP = 0.1  # of the run
STEP_EVERY, STEP_FACTOR = 1 / 3, 0.1
EXPONENTIAL_END = 0.01
CYCLE_RISES, CYCLE_START, CYCLE_END = 0.3, 1 / 25, 1 / 25e4


@dataclass(frozen=True)
class Schedule:
    """A schedule by its name: its factors for an array of steps, out of a planned number."""

    title: str
    factor: Callable[[Array, int], Array]
    ends: bool = True  # whether it depends on how long the run is planned to be


def ahead(name: str, total: int, places: int) -> Array:
    """The factors (places,) at evenly spread steps of a run of `total` steps, to be drawn."""
    steps = np.linspace(0, max(0, total - 1), places)
    return SCHEDULES[name].factor(np.floor(steps), total)  # there is no half a step


def constant(steps: Array, total: int) -> Array:
    """Always 1."""
    return np.ones(len(steps))


def step_decay(steps: Array, total: int) -> Array:
    """A tenth after each third of the run."""
    every = max(1, int(total * STEP_EVERY))
    cuts = np.minimum(steps // every, round(1 / STEP_EVERY) - 1)
    factor: Array = np.power(STEP_FACTOR, cuts)
    return factor


def exponential(steps: Array, total: int) -> Array:
    """Evenly shrinking, to a hundredth at the end."""
    return EXPONENTIAL_END ** _part(steps, total)


def cosine(steps: Array, total: int) -> Array:
    """½(1 + cos πt/T), down to 0 at the end (Loshchilov and Hutter, 2017, without restarts)."""
    return 0.5 * (1 + np.cos(np.pi * _part(steps, total)))


def warm_up_cosine(steps: Array, total: int) -> Array:
    """Up in even steps over the first tenth, then down like a cosine."""
    rises = max(1, int(total * WARM_UP))
    falls = cosine(np.maximum(steps - rises, 0), max(1, total - rises))
    return np.where(steps < rises, (steps + 1) / rises, falls)


def one_cycle(steps: Array, total: int) -> Array:
    """Up from 1/25 to 1 over three tenths, down to almost 0, both like a cosine (Smith, 2018).

    PyTorch's `OneCycleLR` with its defaults, its `max_lr` being the base rate.
    """
    peak = max(CYCLE_RISES * total - 1, 1e-9)
    falls = max(total - 1 - peak, 1e-9)
    up = _between(CYCLE_START, 1.0, np.minimum(steps / peak, 1))
    down = _between(1.0, CYCLE_END, np.clip((steps - peak) / falls, 0, 1))
    return np.where(steps <= peak, up, down)


def _part(steps: Array, total: int) -> Array:
    part: Array = np.minimum(steps / total, 1.0)
    return part


def _between(start: float, end: float, part: Array) -> Array:
    """From start to end along half a cosine."""
    value: Array = end + (start - end) * 0.5 * (1 + np.cos(np.pi * part))
    return value


class Plateau:
    """A tenth of the rate whenever ten epochs have brought no better loss.

    PyTorch's `ReduceLROnPlateau` with its defaults, on each epoch's mean loss: better is below
    0.9999 of the best.  Its memory is five numbers of the run's state: how often it has cut, the
    best loss, the epochs waited since, and the sum and count of this epoch's losses.
    """

    FACTOR, PATIENCE, THRESHOLD = 0.1, 10, 1e-4

    def __init__(self, memory: Array) -> None:
        self.memory = memory

    @classmethod
    def new_memory(cls) -> Array:
        """What it remembers at first."""
        return np.array([0.0, np.inf, 0.0, 0.0, 0.0])

    @property
    def factor(self) -> float:
        """What the base rate is multiplied by now."""
        return float(self.FACTOR ** self.memory[0])

    def observe(self, loss: float, epoch_is_over: bool) -> None:
        """Take note of a step's loss, and at the end of an epoch decide."""
        cuts, best, waited, total, count = self.memory.tolist()
        total, count = total + loss, count + 1
        if epoch_is_over:
            mean, total, count = total / count, 0.0, 0.0
            if mean < best * (1 - self.THRESHOLD):
                best, waited = mean, 0.0
            else:
                waited += 1
            if waited > self.PATIENCE:
                cuts, waited = cuts + 1, 0.0
        self.memory[:] = cuts, best, waited, total, count


SCHEDULES = {
    "constant": Schedule("constant", constant, ends=False),
    "step": Schedule("step decay", step_decay),
    "exponential": Schedule("exponential", exponential),
    "cosine": Schedule("cosine", cosine),
    "warm-up": Schedule("warm-up and cosine", warm_up_cosine),
    "one-cycle": Schedule("one-cycle", one_cycle),
    "plateau": Schedule("reduce on plateau", constant, ends=False),
}
