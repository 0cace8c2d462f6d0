"""Schedules: what the learning rate is multiplied by as a run goes on.

All but one are pure functions of the step, t, and of how many steps the run is planned for, T:
past T they stay where they ended.  The one with a memory, reduce on plateau, looks at the losses.
The base rate can be turned by hand while any of them runs.

Each is a record: its title, its formula over an array of steps, and the same as a script says it,
for a single step.  The names that a person chooses them by stand in `nn_core.config` too, which the
command line reads without NumPy.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array


class Plateau:
    """A tenth of the rate whenever ten epochs have passed without a better loss.

    PyTorch's `ReduceLROnPlateau` with its defaults, on each epoch's mean loss: better is below
    0.9999 of the best, and a cut by less than 1e−8 is left out.  Its memory is five numbers of the
    run's state: how often it has cut, the best loss, the epochs waited since, and the sum and count
    of this epoch's losses.
    """

    FACTOR, PATIENCE, THRESHOLD, LEAST_CUT = 0.1, 10, 1e-4, 1e-8

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

    def observe(self, loss: float, epoch_is_over: bool, base_rate: float) -> None:
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
                rate, waited = base_rate * self.FACTOR**cuts, 0.0
                if rate - rate * self.FACTOR > self.LEAST_CUT:
                    cuts += 1
        self.memory[:] = cuts, best, waited, total, count


@dataclass(frozen=True)
class Schedule:
    """A schedule: what it is called, and its factors for an array of steps out of a planned number.

    `source` defines it in a script, as a function `called`; where it remembers something, as a
    class of that name, whose arguments are its memory.  `ends`: it depends on how long the run is
    planned to be.  `watcher` sees every loss, and gives a factor of its own.
    """

    title: str
    factor: Callable[[Array, int], Array]
    called: str
    source: str
    ends: bool = True
    watcher: type[Plateau] | None = None


def ahead(name: str, total: int, places: int) -> Array:
    """The factors (places,) at evenly spread steps of a run of `total` steps, to be drawn."""
    steps = np.linspace(0, max(0, total - 1), places)
    return SCHEDULES[name].factor(np.floor(steps), total)  # there is no half a step


def _part(steps: Array, total: int) -> Array:
    part: Array = np.minimum(steps / total, 1.0)
    return part


# --- constant -------------------------------------------------------------------------------------


def constant(steps: Array, total: int) -> Array:
    """Always 1."""
    return np.ones(len(steps))


CONSTANT = Schedule(
    "constant", constant, "constant",
    '''
def constant(step, total):
    return 1.0
''',
    ends=False,
)  # fmt: skip

# --- step decay -----------------------------------------------------------------------------------

STEP_EVERY, STEP_FACTOR = 1 / 3, 0.1  # of the run


def step_decay(steps: Array, total: int) -> Array:
    """A tenth after each third of the run."""
    every = max(1, int(total * STEP_EVERY))
    cuts = np.minimum(steps // every, round(1 / STEP_EVERY) - 1)
    factor: Array = np.power(STEP_FACTOR, cuts)
    return factor


STEP = Schedule(
    "step decay", step_decay, "step_decay",
    '''
def step_decay(step, total):
    """A tenth after each third of the run."""
    return 0.1 ** min(step // max(1, int(total / 3)), 2)
''',
)  # fmt: skip

# --- exponential ----------------------------------------------------------------------------------

EXPONENTIAL_END = 0.01


def exponential(steps: Array, total: int) -> Array:
    """Evenly shrinking, to a hundredth at the end."""
    return EXPONENTIAL_END ** _part(steps, total)


EXPONENTIAL = Schedule(
    "exponential", exponential, "exponential",
    '''
def exponential(step, total):
    """Evenly shrinking, to a hundredth at the end."""
    return 0.01 ** min(step / total, 1)
''',
)  # fmt: skip

# --- cosine ---------------------------------------------------------------------------------------


def cosine(steps: Array, total: int) -> Array:
    """½(1 + cos πt/T), down to 0 at the end (Loshchilov and Hutter, 2017, without restarts)."""
    return 0.5 * (1 + np.cos(np.pi * _part(steps, total)))


COSINE = Schedule(
    "cosine", cosine, "cosine",
    '''
def cosine(step, total):
    """Down to 0 at the end, along half a cosine."""
    return 0.5 * (1 + math.cos(math.pi * min(step / total, 1)))
''',
)  # fmt: skip

# --- warm-up --------------------------------------------------------------------------------------

WARM_UP = 0.1  # of the run


def warm_up_cosine(steps: Array, total: int) -> Array:
    """Up in even steps over the first tenth, then down like a cosine."""
    rises = max(1, int(total * WARM_UP))
    falls = cosine(np.maximum(steps - rises, 0), max(1, total - rises))
    return np.where(steps < rises, (steps + 1) / rises, falls)


WARM_UP_COSINE = Schedule(
    "warm-up and cosine", warm_up_cosine, "warm_up",
    '''
def warm_up(step, total):
    """Up in even steps over the first tenth, then down along half a cosine."""
    rises = max(1, int(total * 0.1))
    if step < rises:
        return (step + 1) / rises
    part = min((step - rises) / max(1, total - rises), 1)
    return 0.5 * (1 + math.cos(math.pi * part))
''',
)  # fmt: skip

# --- one-cycle ------------------------------------------------------------------------------------

CYCLE_RISES, CYCLE_START, CYCLE_END = 0.3, 1 / 25, 1 / 25e4


def one_cycle(steps: Array, total: int) -> Array:
    """Up from 1/25 to 1 over three tenths, down to almost 0, both like a cosine (Smith, 2018).

    PyTorch's `OneCycleLR` with its defaults and two phases, its `max_lr` being the base rate; but
    the optimizer's momentum stays as it is, where PyTorch turns it down and up again.
    A run of three steps or fewer begins past the peak, as it does there.
    """
    peak = CYCLE_RISES * total - 1
    falls = total - 1 - peak
    up = _between(CYCLE_START, 1.0, np.minimum(steps / peak, 1))
    down = _between(1.0, CYCLE_END, np.clip((steps - peak) / falls, 0, 1))
    return np.where(steps <= peak, up, down)


def _between(start: float, end: float, part: Array) -> Array:
    """From start to end along half a cosine."""
    value: Array = end + (start - end) * 0.5 * (1 + np.cos(np.pi * part))
    return value


ONE_CYCLE = Schedule(
    "one-cycle", one_cycle, "one_cycle",
    '''
def one_cycle(step, total):
    """Up from 1/25 to 1 over three tenths, then down to almost 0, like cosines."""
    peak = 0.3 * total - 1
    falls = total - 1 - peak
    if step <= peak:
        start, end, part = 1 / 25, 1.0, step / peak
    else:
        start, end, part = 1.0, 1 / 25e4, min((step - peak) / falls, 1)
    return end + (start - end) * 0.5 * (1 + math.cos(math.pi * part))
''',
)  # fmt: skip

# --- reduce on plateau ----------------------------------------------------------------------------

REDUCE_ON_PLATEAU = Schedule(
    "reduce on plateau", constant, "Plateau",
    '''
class Plateau:
    """A tenth of the rate whenever ten epochs have passed without a better mean loss."""

    def __init__(self, cuts=0, best=math.inf, waited=0, total=0.0, count=0):
        self.cuts, self.best, self.waited = cuts, best, waited
        self.total, self.count = total, count  # of this epoch’s losses

    def __call__(self, step, total):
        return 0.1**self.cuts

    def observe(self, loss, epoch_is_over, base_rate):
        self.total, self.count = self.total + loss, self.count + 1
        if epoch_is_over:
            mean, self.total, self.count = self.total / self.count, 0.0, 0
            if mean < self.best * (1 - 1e-4):
                self.best, self.waited = mean, 0
            else:
                self.waited += 1
            if self.waited > 10:
                rate, self.waited = base_rate * 0.1**self.cuts, 0
                if rate - rate * 0.1 > 1e-8:
                    self.cuts += 1
''',
    ends=False,
    watcher=Plateau,
)  # fmt: skip

SCHEDULES = {
    "constant": CONSTANT,
    "step": STEP,
    "exponential": EXPONENTIAL,
    "cosine": COSINE,
    "warm-up": WARM_UP_COSINE,
    "one-cycle": ONE_CYCLE,
    "plateau": REDUCE_ON_PLATEAU,
}
