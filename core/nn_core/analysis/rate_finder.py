"""The learning-rate finder: which rate suits a run from where it stands, tried on copies of it.

First Smith's range test (2017) as fastai does it: one copy takes 100 steps while the rate grows
from 1e−7 to 10, until the smoothed loss is more than 4 times the least (of the first ten steps it
is the mean of too few batches to say), and the longest stretch on which it falls, the valley,
suggests a rate.  That is only a hint: the smoothed loss of a run on all rows falls nearly all the
way, and the middle of that says nothing of how far a rate may go.  So a copy takes 100 steps at
each of the rates 1, 2, 5, 10, …, which shows where it leads: the loss over all rows on average over
the last steps, since in batches it goes up and down.

What ends lowest is often the last rate before all is lost, or one that only a longer run spoils.
So the suggestion is the next smaller of those rates whose loss doesn't climb above its start.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from nn_core.analysis import sweep
from nn_core.arrays import Array
from nn_core.formatting import fixed, short
from nn_core.training.trainer import Trainer

STEPS = 100  # of the range test, and of each run
# To three digits, since they are there to be read, and taken as they are read.
RATES = np.array([float(f"{rate:.3g}") for rate in np.geomspace(1e-7, 10, STEPS)])
SMOOTHING = 0.98
RUNS_AWAY = 4.0  # times the least smoothed loss
SKIPPED_FIRST, SKIPPED_LAST = 10, 5  # steps of the range test in which no valley is looked for
WORTHWHILE = 1e-3  # of the loss
ROUND = np.array(
    [*(float(f"{digit}e{power}") for power in range(-7, 1) for digit in (1, 2, 5)), 10]
)
EVERY = 10  # steps, at most, from one look at the loss over all rows to the next
LAST = 20  # steps whose losses are averaged
CLIMBS = 1.1  # times the first loss


@dataclass(frozen=True, eq=False)
class Finding:
    """What the finder found.

    The range test took a step at each of `rates`: its `losses` (of the batch, before the step), and
    the same `smoothed`.  `valley` is the rate that it suggests.  From each rate `tried` 100 steps
    led to a loss over all rows, `ends`, infinite where they diverged.  `suggestion`, one of those
    tried, is None where no rate helps, and `reason` says why.
    """

    rates: Array
    losses: Array
    smoothed: Array
    valley: float
    tried: Array
    ends: Array
    suggestion: float | None
    reason: str


def find(trainer: Trainer) -> Finding:
    """Look for a learning rate; the trainer is left as it was."""
    return sweep.result(search(trainer))


def search(trainer: Trainer) -> Generator[float, None, Finding]:
    """`find` with pauses: yields, now and then, which part of it is done."""
    trainer = sweep.twin(trainer)
    losses = yield from _range_test(trainer)
    smoothed = smooth(losses)
    rates = RATES[: len(losses)]
    valley = float(rates[longest_valley(smoothed)])
    ways = []
    for at, rate in enumerate(ROUND.tolist()):
        ways.append((yield from _way(trainer, rate, at)))
    ends = np.array([_end(trainer, way) for way in ways])
    suggestion, reason = _choose(ways, ends)
    return Finding(rates, losses, smoothed, valley, ROUND, ends, suggestion, reason)


def _range_test(trainer: Trainer) -> Generator[float, None, Array]:
    """The loss of each step while the rate grows, until it runs away."""
    copy = sweep.twin(trainer, schedule="constant")
    losses: list[float] = []
    for rate in RATES.tolist():
        yield 0.0
        copy.configure(copy.config.replace(learning_rate=rate))
        losses += copy.run(1).losses.tolist()
        if _runs_away(smooth(np.array(losses))[SKIPPED_FIRST:]):
            break
    return np.array(losses)


def _way(trainer: Trainer, rate: float, at: int) -> Generator[float, None, Array]:
    """The losses over all rows on the way of 100 steps at a rate; infinite where it diverges.

    It is the one after `at` others.
    """
    copy = sweep.twin(trainer, learning_rate=rate)
    every = _steps_between_looks(trainer)
    losses = [copy.loss()]
    with np.errstate(all="ignore"):
        for step in range(0, STEPS, every):
            yield (at + step / STEPS) / len(ROUND)
            copy.run(every)
            losses.append(copy.loss())
            if not np.isfinite(losses[-1]):
                return np.array([*losses[:-1], np.inf])
    return np.array(losses)


def _steps_between_looks(trainer: Trainer) -> int:
    """One where each step has all rows, for its loss can jump up and down at every step."""
    return EVERY if trainer.steps_per_epoch > 1 else 1


def _end(trainer: Trainer, way: Array) -> float:
    """The loss that a way leads to: of its last steps on average."""
    return float(way[-LAST // _steps_between_looks(trainer) :].mean())


def _runs_away(smoothed: Array) -> bool:
    return len(smoothed) > 0 and not smoothed[-1] / RUNS_AWAY <= smoothed.min()


def smooth(losses: Array) -> Array:
    """At each of some losses the exponentially weighted mean of those so far, as many again.

    The weights of the first ones, too, add up to 1: they aren't pulled to 0.
    """
    weights = SMOOTHING ** np.arange(len(losses))
    with np.errstate(all="ignore"):  # losses may overflow at the end
        sums = np.convolve(losses, weights)[: len(losses)]
        smoothed: Array = sums / np.cumsum(weights)
    return smoothed


def longest_valley(losses: Array) -> int:
    """The place that the longest valley suggests, half of the way down it: fastai's `valley`.

    A valley is a sequence of losses, neighbours or not, of which each is below the one before.  The
    first and last few, where too little or too much happens, are left out where there are enough.
    """
    skipped = SKIPPED_FIRST if len(losses) > SKIPPED_FIRST + SKIPPED_LAST else 0
    inner = losses[skipped : len(losses) - SKIPPED_LAST] if skipped else losses
    lengths = np.ones(len(inner), int)  # of the longest valley that ends at each place
    for at in range(1, len(inner)):
        lengths[at] += lengths[:at][inner[:at] > inner[at]].max(initial=0)
    end = int(lengths.argmax())
    length = int(lengths[end])
    third = length / 3
    return skipped + max(0, end - length + int(third) + int(third / 2))


def _choose(ways: list[Array], ends: Array) -> tuple[float | None, str]:
    """The rate to suggest, from the way of the loss at each round rate and its end; and why."""
    now, least = float(ways[0][0]), float(ends.min())
    if not now - least > WORTHWHILE * now:
        stands = f"the loss stands at {fixed(now)}"
        return (
            None,
            f"No rate lowers it in {STEPS} steps: {stands}, "
            f"the least mean at an end is {fixed(least)}.",
        )
    # Of rates that end alike the smallest.
    best = int(np.flatnonzero(ends <= least * (1 + WORTHWHILE))[0])
    below = max(0, best - 1)
    calm = [at for at in range(best) if ways[at].max() <= CLIMBS * now]
    chosen = calm[-1] if calm else below
    why = "the next smaller, away from the edge"
    if chosen < below:
        why = "the next smaller whose loss doesn’t climb first"
    rate = short(float(ROUND[chosen]))
    return float(ROUND[chosen]), (
        f"Suggested: {rate}. Rate {short(float(ROUND[best]))} ends lowest, at a mean of "
        f"{fixed(float(ends[best]))}, and {rate} is {why}. It leads from {fixed(now)} to a mean of "
        f"{fixed(float(ends[chosen]))}."
    )
