"""Whether the learning rate is too small: the run has hardly got anywhere, and longer steps would.

All by its own numbers, whatever the model and the loss: the gradient is as steep as at the start,
the loss fell by little since the stretch began, and will have by the target; and a far longer step
the same way would still lower the loss nearly in proportion.
"""

from dataclasses import dataclass

import numpy as np

from nn_core.arrays import norm
from nn_core.config.experiments import default_of
from nn_core.config.values import turn_rate
from nn_core.run.timeline import Timeline
from nn_core.training.records import Preview

ENOUGH = 40  # steps to judge by, or all up to the target where that is nearer
FEWEST = 10
LITTLE = 0.1  # of the loss: a run that ends with a smaller fall has hardly begun
AS_STEEP = 0.1  # of the gradient's length: a change by less leaves it as it was
IN_BATCHES = 0.3  # of it: each epoch deals the rows anew, into batches of other gradients
IN_PROPORTION = 0.5  # of what the gradient foretells: with less a step is too long
BACK = 2  # turns of the key below the longest step that is in proportion: it is only the next one
FAR = 5.0  # times: a rate that is nearer to a good one is not called too small


@dataclass(frozen=True)
class Slow:
    """Since step `since` the loss fell by a `part` of itself only; `rate` would do better.

    One step at that rate would lower the loss `gain` times as much as one at the rate now.
    """

    since: int
    part: float
    rate: float
    gain: float


def slow(timeline: Timeline, preview: Preview) -> Slow | None:
    """How a run shows that its learning rate is too small; None where it isn't."""
    state, config, history = timeline.state, timeline.config, timeline.history
    epoch, step = timeline.trainer.steps_per_epoch, timeline.state.step
    if state.phase or not config.zero_gradients or step > len(history.losses):
        return None
    since = max((event.step for event in timeline.events if event.step <= step), default=0)
    start, end = -(-since // epoch) * epoch, step // epoch * epoch  # each batch as often in both
    target = config.epochs * epoch
    seen = end - epoch - start  # from the first epoch's mean to the last one's
    if seen < (ENOUGH if step < target or not target else FEWEST):
        return None
    losses, norms = history.losses, history.gradient_norms
    first, last = losses.mean(start, start + epoch), losses.mean(end - epoch, end)
    steep, now = norms.mean(0, epoch), norms.mean(end - epoch, end)
    part = (first - last) / first if first > 0 else 1.0
    alike = AS_STEEP if epoch == 1 else IN_BATCHES
    ahead = part * max(step - since, target - since) / seen
    if not 0 <= part <= ahead < LITTLE or not abs(now - steep) <= alike * steep:
        return None
    rates = history.learning_rates
    if min(rates.mean(since, step), timeline.trainer.learning_rate) < 0.9 * config.learning_rate:
        return None  # that is the schedule's doing
    return _longer(timeline, preview, since, part)


def _longer(timeline: Timeline, preview: Preview, since: int, part: float) -> Slow | None:
    """The rate whose step is much longer, and safely in proportion; None where there is none."""
    trainer, rate = timeline.trainer, timeline.config.learning_rate
    foretold = -float(preview.gradient @ preview.update)
    if not 0 < foretold < np.inf or not norm(preview.update):
        return None
    before = timeline.state.copy()
    loss, good, gains = preview.loss + trainer.penalty(), rate, {rate: 1.0}
    with np.errstate(all="ignore"):
        while (longer := turn_rate(good, 1)) > good:
            times = longer / rate
            timeline.state.parameters[:] = before.parameters + times * preview.update
            fall = loss - trainer.preview().loss - trainer.penalty()
            if not fall >= IN_PROPORTION * times * foretold:
                break
            good = longer
            gains[good] = fall / foretold
    timeline.state.assign(before)
    usual = float(default_of(timeline.config, "learning_rate"))
    for _ in range(BACK):
        good = turn_rate(good, -1)
    if usual in gains and FAR * rate <= usual <= good:
        good = usual  # the experiment's own is known to lead on well
    return Slow(since, part, good, gains[good]) if good >= FAR * rate else None
