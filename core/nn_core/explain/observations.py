"""What the numbers of a run show so far, for the words: trends, over-fitting, what a step did."""

from dataclasses import dataclass

import numpy as np

from nn_core.analysis.kinks import silent_units
from nn_core.analysis.units import widths
from nn_core.arrays import Array, norm
from nn_core.explain.fading import fading, is_fading
from nn_core.explain.scene import Scene
from nn_core.explain.slow import Slow, slow
from nn_core.models import Model
from nn_core.optim.optimizers import is_plain_descent
from nn_core.run.timeline import Timeline
from nn_core.training.records import Preview

RISE = 0.5e-4  # of the loss from one step to the next: less isn't seen
AT_ONCE = 10_000  # losses that are looked at, at once
RISEN = 0.02  # of a loss: less is jitter
RISEN_CLEARLY = 0.05  # of the validation loss: many a smaller rise was followed by a new least
WOBBLES = 4  # a rise above the least, itself the luckiest of many, that is clear beside them
WAITED = 0.1  # of a run, or of its target: a rise that is younger may be no more than a bump
PATIENT = 20  # epochs that a rise lasts before it is clear, where no patience is set
RECENT = 40  # steps that are looked at for where the loss goes
STILL = 1e-3  # of a loss: what falls by less in so many steps stands still
SAME = 1e-6  # of the spread of the targets: predictions that differ by less are alike
SLOWED = 0.2  # of the rate that was set: with less a schedule leaves hardly any
FLAT = 1e-2  # of a loss: a gradient as short is that of a bottom


@dataclass(frozen=True)
class Overfit:
    """The validation loss rose from its lowest measured while the training loss fell: (then, now).

    In batches the training loss is the mean over an epoch's, both times.  Where the rise isn't
    `clear`, it may fall again.
    """

    since: int  # step
    validation: tuple[float, float]
    training: tuple[float, float]
    clear: bool


@dataclass(frozen=True, eq=False)
class Validation:
    """The loss on the rows held back: now, and as measured at steps so far.

    `least` is the step and the loss of the least that was measured, and `gap` the most steps from
    one that was to the next: where it is more than 1, one between may be less.
    """

    loss: float
    steps: Array
    losses: Array
    overfit: Overfit | None
    least: tuple[int, float] | None
    gap: int = 1


@dataclass(frozen=True)
class Jump:
    """The last step moved a parameter past where the loss is lowest along it: by how much."""

    label: str
    amount: float


@dataclass(frozen=True)
class Observations:
    """What stands out in a run so far.

    `silent` are, layer by layer, the units that put out 0 at all points, of so many hidden `units`
    in all; `above` and `below` count the points above and below the model.  Since step
    `steady_since` the gradient has been the same, and since epoch `below_truth_since` every loss
    was below the truth's own.  With `summed_alike` every gradient so far was the same, and they
    were never zeroed.  `jump` is what made the last step raise the loss.  `leftover` is what of the
    chosen parameter's gradient the steps before left, where they aren't zeroed; `is_gathering`,
    whether they push the same way as the gradient of the step to come, and `overshot_at` the first
    step since then that raised the loss, where each is of all rows.  `last_move` is what a step of
    plain descent that was just taken added to the chosen parameter.  `swing` are the least and the
    greatest of the last losses, where these went to and fro and nowhere else; since step
    `still_since` the loss hardly moved, `because` of a signal that fades in the network: the
    sentences that say so.  `slow` tells that the learning rate is too small.
    `is_constant`: a network that was trained says the same at all points; `dead_layer` is its first
    layer that is silent as a whole.
    """

    first_loss: float | None
    silent: tuple[tuple[int, ...], ...]
    units: int
    above: int
    below: int
    steady_since: int | None
    summed_alike: bool
    below_truth_since: int | None
    jump: Jump | None
    leftover: float | None
    is_gathering: bool
    overshot_at: int | None
    last_move: float | None
    swing: tuple[float, float] | None
    still_since: int | None
    because: tuple[str, ...]
    slow: Slow | None
    is_constant: bool
    dead_layer: int | None


def observe(
    timeline: Timeline,
    scene: Scene,
    preview: Preview,
    predictions: Array,
    change: float | None,
    chosen: int,
) -> Observations:
    """Look at a run: its `predictions` at the scene's points, the last `change` of the loss."""
    trainer, losses = timeline.trainer, timeline.history.losses
    zeroed = timeline.config.zero_gradients
    silent = silent_units(trainer.model, trainer.data.x[scene.shown])
    still_since, because = _still(timeline, preview, scene)
    return Observations(
        first_loss=losses.at(0) if len(losses) else None,
        silent=silent,
        units=sum(widths(trainer.model)),
        above=int((scene.y > predictions).sum()),
        below=int((scene.y < predictions).sum()),
        steady_since=_steady_since(timeline, preview),
        summed_alike=_summed_alike(timeline, preview),
        below_truth_since=_below_truth(timeline, scene),
        jump=_jump(timeline, preview, change),
        leftover=None if zeroed else float(timeline.state.gradient[chosen]),
        is_gathering=not zeroed and _is_gathering(timeline, preview),
        overshot_at=None if zeroed else _overshot_at(timeline, preview.loss),
        last_move=_last_move(timeline, chosen),
        swing=_swing(timeline),
        still_since=still_since,
        because=because,
        slow=None if because else slow(timeline, preview),
        is_constant=_is_constant(timeline, scene, predictions),
        dead_layer=_dead_layer(trainer.model, silent),
    )


def _is_constant(timeline: Timeline, scene: Scene, predictions: Array) -> bool:
    """Whether a network that was trained says the same at all points, which aren't alike."""
    if not (scene.is_listed_by_layer and timeline.state.step) or len(scene.y) < 2:
        return False
    spread = float(np.ptp(predictions))
    return spread <= SAME * float(np.ptp(scene.y)) and bool(np.ptp(scene.y))


def _dead_layer(model: Model, silent: tuple[tuple[int, ...], ...]) -> int | None:
    """The first layer of a network in which no unit puts out anything."""
    layers = enumerate(zip(silent, widths(model), strict=False))
    whole = (at for at, (units, count) in layers if len(units) == count)
    return next(whole, None)


def _is_gathering(timeline: Timeline, preview: Preview) -> bool:
    """Whether what is left of the steps before points the way that this step's gradient does."""
    left = timeline.state.gradient
    return timeline.state.phase == 0 and float(left @ (preview.gradient - left)) > 0


def _overshot_at(timeline: Timeline, loss: float) -> int | None:
    """The first step that raised the loss, which is `loss` now, since zeroing was stopped.

    Of a run so long that not every loss is kept, the step is that of the next kept one.
    """
    losses, step = timeline.history.losses, timeline.state.step
    if timeline.trainer.steps_per_epoch > 1 or not 0 < step <= len(losses):
        return None
    stopped = (
        event.step
        for event in timeline.events
        if event.step <= step and event.named.get("name") == "zero_gradients"
    )
    first, end = max(stopped, default=0) // losses.every, -(-step // losses.every)
    for start in range(first, end, AT_ONCE):  # seldom more than once: what adds up soon overshoots
        found = losses.values[start : min(start + AT_ONCE + 1, end)]
        if start + AT_ONCE >= end:
            found = np.append(found, loss)
        rises = np.flatnonzero(np.diff(found) > RISE)
        if len(rises):
            return min((start + int(rises[0]) + 1) * losses.every, step)
    return None


def _recent(timeline: Timeline) -> Array | None:
    """The losses of the last steps; None where there are too few or each is of another batch."""
    losses, step = timeline.history.losses, timeline.state.step
    if (
        timeline.trainer.steps_per_epoch > 1
        or losses.every > 1
        or not RECENT <= step <= len(losses)
    ):
        return None
    recent = losses.values[step - RECENT : step]
    return recent if np.isfinite(recent).all() else None


def _swing(timeline: Timeline) -> tuple[float, float] | None:
    """The least and the greatest of the last losses, where two in five steps went up again."""
    recent = _recent(timeline)
    if recent is None:
        return None
    half, low, high = RECENT // 2, float(recent.min()), float(recent.max())
    gained = abs(float(recent[:half].mean() - recent[half:].mean()))
    rises = int((np.diff(recent) > 0).sum())
    if high - low < STILL * low or gained > (high - low) / 4 or rises < 0.4 * RECENT:
        return None
    return low, high


def _still(
    timeline: Timeline, preview: Preview, scene: Scene
) -> tuple[int | None, tuple[str, ...]]:
    """The step from which the loss has fallen by less than a thousandth, where that is long ago.

    And what is said of it where a signal fades.  Not where the gradient, though none does, says
    that this is because the bottom is reached, nor where it is because a schedule has all but taken
    the rate away.
    """
    recent, step = _recent(timeline), timeline.state.step
    if recent is None or timeline.state.phase:
        return None, ()
    rates = timeline.history.learning_rates.values[step - RECENT : step]
    if min(rates.min(), timeline.trainer.learning_rate) < SLOWED * timeline.config.learning_rate:
        return None, ()
    slope, loss = norm(preview.gradient), float(recent[-1])
    falls = 0 <= recent[0] - loss < STILL * loss and bool((np.diff(recent) <= 0).all())
    because = _why_still(timeline, preview, scene) if falls else ()
    return (step - RECENT, because) if falls and (because or slope > FLAT * loss) else (None, ())


def _why_still(timeline: Timeline, preview: Preview, scene: Scene) -> tuple[str, ...]:
    """What the health view says of a signal that fades, where one does."""
    if not timeline.trainer.model.is_listed_by_layer:
        return ()
    outputs = timeline.trainer.model.outputs(timeline.trainer.data.x[scene.shown])
    about = timeline, preview.gradient, outputs
    return tuple(fading(*about)) if is_fading(*about) else ()


def _jump(timeline: Timeline, preview: Preview, change: float | None) -> Jump | None:
    """Of the parameters whose gradient the last step turned around, the one that it moved most.

    Only where the loss rose, and the step was −rate · gradient and nothing else.
    """
    state, config = timeline.state, timeline.config
    plain = is_plain_descent(config) and config.zero_gradients
    if change is None or change <= 0 or state.phase or not plain:
        return None
    moves = _moves(timeline)
    turned = np.flatnonzero(moves * preview.gradient > 0)
    if not len(turned):
        return None
    index = int(turned[np.abs(moves[turned]).argmax()])
    return Jump(state.layout.label(index), float(moves[index]))


def _moves(timeline: Timeline) -> Array:
    """What the last step, of plain descent, did to each parameter."""
    state = timeline.state
    moves = -timeline.history.learning_rates.at(state.step - 1) * state.gradient
    if timeline.trainer.frozen is not None:
        moves[timeline.trainer.frozen] = 0
    return moves


def _last_move(timeline: Timeline, chosen: int) -> float | None:
    """By how much the last step moved the chosen parameter, of plain descent.

    Not where something was changed since: then it may have been another step, and another value.
    """
    step = timeline.state.step
    changed = any(event.step == step for event in timeline.events)
    if not step or timeline.state.phase or changed or not is_plain_descent(timeline.config):
        return None
    return float(_moves(timeline)[chosen])


def _steady_since(timeline: Timeline, preview: Preview) -> int | None:
    """The step since which the gradient has been the same, where it has been for two or more.

    The step to come is one of those that are compared.
    """
    norms = timeline.history.gradient_norms
    step = timeline.state.step
    if norms.every > 1 or step < 2 or step > len(norms):
        return None
    recent = norms.values[max(0, step - 1000) : step]
    if not np.isclose(norm(preview.gradient), recent[-1], 1e-12, 0):
        return None
    # Of one length, but turned around: the step before jumped over the minimum.
    if not np.allclose(preview.gradient, timeline.state.gradient, 1e-12, 1e-12 * recent[-1]):
        return None
    moved = np.flatnonzero(recent != recent[-1])
    since = step - len(recent) + (int(moved[-1]) + 1 if len(moved) else 0)
    return since if step - since >= 2 else None


def _summed_alike(timeline: Timeline, preview: Preview) -> bool:
    """Whether gradients were never zeroed, and every step so far added the same one.

    The step to come must too: else a zeroed run, which gets here by smaller steps, may already
    have met another gradient on the last stretch.
    """
    norms, step = timeline.history.gradient_norms, timeline.state.step
    steady = is_plain_descent(timeline.config) and timeline.config.schedule == "constant"
    plain = steady and all(
        event.step == 0 and event.named.get("name") == "zero_gradients" for event in timeline.events
    )
    if timeline.config.zero_gradients or not plain or not 1 < step <= len(norms):
        return False
    lengths = [norms.at(step - 1), norm(preview.gradient)]
    expected = [step * norms.at(0), (step + 1) * norms.at(0)]
    return norms.every == 1 and bool(np.allclose(lengths, expected, 1e-9, 0))


def _below_truth(timeline: Timeline, scene: Scene) -> int | None:
    """The epoch since which every step's loss was below the truth's own.

    Not where it began below it, or was put there by hand: then it hasn't learned what it fits.
    """
    threshold, losses = scene.truth_loss, timeline.history.losses
    step = timeline.state.step
    if threshold is None or not 0 < step <= len(losses) or timeline.trainer.steps_per_epoch > 1:
        return None
    since = losses.last_from(threshold, step) + losses.every
    by_hand = any(each.step == since and each.kind != "set" for each in timeline.events)
    return since if 0 < since < step and not by_hand else None


def validate(timeline: Timeline, training_loss: float) -> Validation | None:
    """The loss on the rows held back, where there are some."""
    loss = timeline.trainer.validation_loss()
    if loss is None:
        return None
    overfit = _overfit(timeline, loss, training_loss)
    curve = timeline.history.validation
    step, least = timeline.state.step, curve.least(timeline.tip)
    if least is not None and loss < least[1]:
        least = step, loss  # measured just now, between two that are in the record
    return Validation(loss, *curve.points(), overfit, least, curve.gap(timeline.tip))


def _overfit(timeline: Timeline, now: float, training_loss: float) -> Overfit | None:
    """Whether the validation loss has risen by more than a little, and the training loss fallen.

    Its lowest is that of the whole run, the steps beyond a place gone back to included.  Not where
    that is the start, from which it never fell, nor a short while ago, as in an early bump.
    """
    step, tip, losses = timeline.state.step, timeline.tip, timeline.history.losses
    since, lowest = timeline.history.validation.lowest(tip)
    epoch = timeline.trainer.steps_per_epoch
    waited = max(epoch, WAITED * max(step, timeline.config.epochs * epoch))
    if not (0 < since <= step - waited and now > lowest * (1 + RISEN)):
        return None
    # A batch's loss is before its step, and the next one's of other rows: means of epochs compare.
    then = losses.mean(since, since + epoch)
    last = training_loss if epoch == 1 else losses.mean(step - epoch, step)
    if not last < then * (1 - RISEN):
        return None
    waited = (timeline.config.patience or PATIENT) * epoch
    is_clear = since <= step - waited and _rose_clearly(timeline, since, lowest)
    return Overfit(since, (lowest, now), (then, last), is_clear)


def _rose_clearly(timeline: Timeline, since: int, lowest: float) -> bool:
    """Whether the validation loss stays above its lowest by much more than it wobbles since."""
    steps, losses = timeline.history.validation.points()
    found = losses[(steps > since) & (steps <= timeline.state.step)]
    half = found[len(found) // 2 :]
    if not np.isfinite(found).all() or len(half) < 2 or half.min() <= lowest:
        return False
    wobble = np.diff(found).std() / np.sqrt(2)  # of one measurement: two make a difference
    return bool(np.median(half) - lowest > max(WOBBLES * wobble, RISEN_CLEARLY * lowest))
