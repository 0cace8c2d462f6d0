"""The learning-rate finder: which rate suits a run from where it stands, tried on copies of it.

First Smith's range test (2017) as fastai does it: one copy takes 100 steps while the rate grows
from 1e−7 to 10, until the smoothed loss is more than 4 times the least (of the first ten steps it
is the mean of too few batches to say), and the longest stretch on which it falls, the valley,
suggests a rate.  That is often far off: the smoothed loss of a run on all rows falls nearly all the
way, and the middle of that says nothing of how far a rate may go.  So copies take 100 steps at each
of the test's rates from a hundredth of that one up, which shows where they end.

What ends lowest is often the last rate before all is lost.  So the largest of the rates 1, 2, 5,
10, … is suggested whose 100 steps stay calm: the loss never climbs above its start, its rises are
small beside its falls, and the next larger of those rates doesn't run away yet.  One that brings
far less than the best of the rates gives way to the next smaller.  Where none stays calm, as with
some noisy batches, it is the smallest that ends near the best.
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
BELOW_VALLEY = 0.01
NEAR = 0.05  # of the best end, and of what it gains
WORTHWHILE = 1e-3  # of the loss
ROUND = np.array(
    [*(float(f"{digit}e{power}") for power in range(-7, 1) for digit in (1, 2, 5)), 10]
)
SAMPLES = 10  # of the loss over all rows, at least, on the way of a run in batches
ABOVE_START = 1.1  # times the first loss: a calm run stays below
RISES = 0.1  # of its falls
MOST = 0.9  # of what the best of the rates gains


@dataclass(frozen=True, eq=False)
class Finding:
    """What the finder found.

    The range test took a step at each of `rates`: its `losses` (of the batch, before the step), and
    the same `smoothed`.  From each rate `tried`, 100 steps led to a loss over all rows, `ends`,
    infinite where they diverged.  `valley` is the rate that the range test alone suggests;
    `suggestion`, one of those tried, is None where no rate helps, and `reason` says why.
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
    """The same with pauses: yields, now and then, which part of it is done."""
    trainer = sweep.twin(trainer)
    losses = yield from _range_test(trainer)
    smoothed = smooth(losses)
    rates = RATES[: len(losses)]
    valley = float(rates[longest_valley(smoothed)])
    tried = RATES[np.searchsorted(RATES, valley * BELOW_VALLEY) :]
    ends = yield from sweep.in_chunks(trainer, tried, STEPS)
    calm = yield from _largest_calm(trainer, float(tried[0]), float(ends.min()))
    if calm is not None:
        rate, end = calm
        at = int(np.searchsorted(tried, rate))
        if not (at < len(tried) and tried[at] == rate):
            tried, ends = np.insert(tried, at, rate), np.insert(ends, at, end)
    suggestion, reason = _choose(tried, ends, trainer.loss(), calm and calm[0])
    return Finding(rates, losses, smoothed, valley, tried, ends, suggestion, reason)


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


def _largest_calm(
    trainer: Trainer, least: float, best: float
) -> Generator[float, None, tuple[float, float] | None]:
    """The largest round rate, from `least` up, whose steps stay calm, and where they end.

    If one of them gains most of what leads to the loss `best`, it is the largest that does.  None
    where no rate stays calm.
    """
    start, is_safe = trainer.loss(), True
    largest = None
    for rate in ROUND[least <= ROUND][::-1].tolist():
        way = yield from _way(trainer, rate)
        end = float(way[-1])
        if is_safe and is_calm(way) and start - end > WORTHWHILE * start:
            largest = largest or (rate, end)
            if start - end >= MOST * (start - best):
                return rate, end
        is_safe = end < start
    return largest


def _way(trainer: Trainer, rate: float) -> Generator[float, None, Array]:
    """The losses over all rows on the way of 100 steps at a rate; infinite where it diverges."""
    copy = sweep.twin(trainer, learning_rate=rate)
    every = max(1, min(trainer.steps_per_epoch, STEPS // SAMPLES))
    losses = [copy.loss()]
    with np.errstate(all="ignore"):
        for _ in range(0, STEPS, every):
            yield 1.0
            copy.run(every)
            losses.append(copy.loss())
            if not np.isfinite(losses[-1]):
                return np.array([*losses[:-1], np.inf])
    return np.array(losses)


def is_calm(losses: Array) -> bool:
    """Whether losses go down without rising much on the way."""
    if not np.isfinite(losses).all() or losses.max() > ABOVE_START * losses[0]:
        return False
    changes = np.diff(losses)
    return bool(changes[changes > 0].sum() <= RISES * -changes[changes < 0].sum())


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


def _choose(tried: Array, ends: Array, now: float, calm: float | None) -> tuple[float | None, str]:
    """The rate to suggest, from the loss now and where each rate tried ended; and why."""
    best = int(ends.argmin())
    least = float(ends[best])
    gain = now - least
    if not gain > WORTHWHILE * now:
        stands = f"the loss stands at {fixed(now)}"
        return (
            None,
            f"No rate lowers it in {STEPS} steps: {stands}, the least end is {fixed(least)}.",
        )
    if calm is not None:
        end = float(ends[tried == calm][0])
        reason = (
            f"{short(calm)}: the largest round rate whose first {STEPS} steps stay calm; "
            f"from {fixed(now)} they lead to {fixed(end)}."
        )
        if end - least > NEAR * least:
            where = "nearer to running away" if tried[best] > calm else "a smaller rate"
            reason += f" {short(tried[best])}, {where}, ends lower: at {fixed(least)}."
        return calm, reason
    chosen = int(np.flatnonzero(ends <= least + NEAR * min(least, gain))[0])
    rate, at = short(tried[chosen]), fixed(float(ends[chosen]))
    if chosen == best:
        return float(tried[chosen]), (
            f"{rate} ends lowest of {len(tried)} rates tried for {STEPS} steps: at {at}, "
            f"from {fixed(now)}."
        )
    return float(tried[chosen]), (
        f"{rate} is the smallest of {len(tried)} rates tried whose {STEPS} steps end near the "
        f"best: at {at}, against {fixed(least)} from {short(tried[best])}."
    )
