"""What a run's own numbers say: whether it goes well, what pushes it, and what holds it up.

Each function says one kind of thing, or nothing.  `divergence` comes before whatever was done by
hand; the others, in the order of `SAYINGS`, after it.
"""

from collections.abc import Callable, Iterator

import numpy as np

from nn_core.config import show
from nn_core.explain.snapshot import LayerRow, NumberRow, Snapshot
from nn_core.formatting import fixed, short, signed, times
from nn_core.models.losses import LOSSES
from nn_core.optim.optimizers import rests_without_gradient
from nn_core.run.timeline import Divergence

RUNAWAY = 100.0  # times the first loss
LARGE_INPUT = 5.0  # beyond it, rates that suit the lesson's data are too large


def divergence_sentence(found: Divergence, kept: int) -> str:
    """Why training stopped by itself, and which step's state was kept."""
    if np.isfinite(found.value):
        what = f"drove {found.parameter} to {fixed(found.value)}"
    else:
        what = f"made {found.parameter} {'not a number' if np.isnan(found.value) else 'infinite'}"
    return f"Diverged: step {found.step} {what}; step {kept} is kept."


def divergence(snapshot: Snapshot) -> Iterator[str]:
    """That training stopped by itself, and what helps."""
    if snapshot.divergence is None:
        return
    if not np.isfinite(snapshot.loss):  # before any step: somebody put it there
        found = snapshot.divergence
        yield f"With {found.parameter} at {fixed(found.value)} the loss overflows."
        yield "No step can mend that: b goes back, r restarts."
        return
    yield divergence_sentence(snapshot.divergence, snapshot.step)
    yield _advice(snapshot)


def _advice(snapshot: Snapshot) -> str:
    """What helps where the loss runs away."""
    if not snapshot.scene.scaled and snapshot.scene.largest_input > LARGE_INPUT:
        largest = short(snapshot.scene.largest_input)
        return f"Inputs reach {largest}: set scale on in the options (o), or lower the rate (−)."
    rate = short(snapshot.config.learning_rate)
    return f"The learning rate {rate} is too large: − lowers it, b goes back, r restarts."


def _ran_away(snapshot: Snapshot) -> Iterator[str]:
    first = snapshot.first_loss
    if first is not None and 0 < RUNAWAY * first < snapshot.loss < np.inf:
        times_more = short(float(f"{snapshot.loss / first:.1e}"))
        yield f"The loss is {times_more} times what it was at the start."
        yield _advice(snapshot)


def _never_zeroed(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.config.zero_gradients or snapshot.step == 0:
        return
    step = snapshot.step
    if snapshot.summed_alike:
        same = step * (step + 1) // 2
        total = "+".join(map(str, range(1, step + 1))) if step < 6 else f"1+2+…+{step}"
        yield f"Never zeroed: step {step} stands where zeroed step {same} would: {total} = {same}."
    else:
        yield "Not zeroed: each update sums all gradients so far; it can overshoot and swing."
    chosen, left = snapshot.chosen, snapshot.leftover
    if chosen is None or left is None or not np.isfinite(chosen.gradient):
        return
    own = chosen.gradient - left
    way = "+" if own >= 0 else "−"
    yield (
        f"{chosen.label}’s gradient {fixed(chosen.gradient)} is a sum: {fixed(left)} left over "
        f"{way} {fixed(abs(own))} of this step."
    )


def _rose(snapshot: Snapshot) -> Iterator[str]:
    change = snapshot.change
    if change is None or change <= 0.5e-4 or not snapshot.config.zero_gradients:
        return
    if snapshot.jump is None:
        yield f"The last step raised the loss by {fixed(change)}: too far. A smaller rate (−)?"
        return
    step = f"its step in {snapshot.jump.label}, {signed(snapshot.jump.amount)}"
    yield (
        f"The last step raised the loss by {fixed(change)}: {step}, jumped over the minimum. "
        "Halve the learning rate (−)?"
    )


def _overfits(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.validation is None or snapshot.validation.overfit is None:
        return
    found = snapshot.validation.overfit
    lowest, now = found.validation
    yield (
        f"Overfitting: validation loss rose from {fixed(lowest)} at step {found.since} "
        f"to {fixed(now)}."
    )
    then, last = found.training
    yield f"Meanwhile the training loss fell from {fixed(then)} to {fixed(last)}."


def _below_truth(snapshot: Snapshot) -> Iterator[str]:
    truth = snapshot.scene.truth_loss
    if snapshot.below_truth_since is None or truth is None or snapshot.loss >= truth:
        return
    yield (
        f"Below the truth’s own loss since epoch {snapshot.below_truth_since}: "
        "since then it learns noise too."
    )


def _silent(snapshot: Snapshot) -> Iterator[str]:
    # What comes into the first layer never changes, so a unit that is silent there stays so;
    # in a deeper layer, or with old gradients still adding up, it may be moved yet.
    stuck = rests_without_gradient(snapshot.config) and not any(snapshot.silent[1:])
    fate = "its gradient is 0" + (", it can’t come back" if stuck else "")
    if snapshot.penalty is not None:
        fate = "only the penalty moves it"
    if snapshot.scene.kind == "relu":
        for unit in snapshot.silent[0]:
            yield f"Line {unit + 1} is cut off at every point: {fate}."
        return
    silent = [(layer, unit) for layer, units in enumerate(snapshot.silent) for unit in units]
    everywhere = f"silent on all {len(snapshot.scene.y)} points"
    if len(silent) == 1:
        layer, unit = silent[0]
        where = f" of layer {layer + 1}" if len(snapshot.silent) > 1 else ""
        yield f"Unit {unit}{where} (△) is {everywhere}: {fate}."
    elif silent:
        fate = (
            "their gradients are 0" if snapshot.penalty is None else "only the penalty moves them"
        )
        yield f"{len(silent)} units (△) are {everywhere}: {fate}."


def _two_lines(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.scene.kind != "relu":
        return
    bends = [kink for kink in snapshot.kinks if kink.bend]
    if len(bends) == 2 and abs(bends[0].x - bends[1].x) < 1e-9:
        numbers = {row.label: row.value for row in snapshot.rows if isinstance(row, NumberRow)}
        slope, place = abs(numbers.get("m1", 0.0)), bends[0].x
        if numbers.get("m1") == -numbers.get("m2", 0.0):
            sign = "+" if place <= 0 else "−"
            yield (
                f"Both kinks lie at x = {short(place)}: together it is "
                f"{short(slope)}·|x {sign} {short(abs(place))}|, two halves of one V."
            )
    elif bends:
        places = " and ".join(short(round(kink.x, 3)) for kink in bends)
        yield f"The kinks lie at x = {places}; each line counts on one side only."
    under = int((snapshot.scene.y < 0).sum())
    if under:
        yield (
            "The sum is convex and never negative: "
            f"{times(under, 'point lies', 'points lie')} below 0, out of reach."
        )
    else:
        yield "The sum is convex and never negative: it can follow a valley, never a hill."


def _counts_signs(snapshot: Snapshot) -> bool:
    """Whether each point's vote is a sign, whatever its distance."""
    return LOSSES[snapshot.config.loss].has_sign_slope


def _votes(snapshot: Snapshot) -> Iterator[str]:
    scene, rows = snapshot.scene, snapshot.rows
    if scene.kind != "quadratic" or not rows or isinstance(rows[0], LayerRow):
        return
    updates = [row.update for row in rows if isinstance(row, NumberRow)]
    gradients = {row.label: row.gradient for row in rows if isinstance(row, NumberRow)}
    above, below, count = snapshot.above, snapshot.below, len(scene.y)
    votes = (below - above) / count
    more, fewer = ("above", "below") if above >= below else ("below", "above")
    most = max(above, below)
    way = "up" if above >= below else "down"
    if all(update > 0 if way == "up" else update < 0 for update in updates):
        yield (
            f"{most} of {count} points still lie {more} the curve, "
            f"and every parameter is pushed {way}."
        )
    elif _counts_signs(snapshot) and np.isclose(gradients.get("c", np.nan), votes):
        yield (
            f"For c every point has one vote: ({below} below − {above} above) ÷ {count} "
            f"= {fixed(votes)}."
        )
    else:
        yield f"{most} of {count} points lie {more} the curve, {count - most} {fewer} or on it."


def _steady(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.steady_since is None or not _counts_signs(snapshot):
        return
    if snapshot.scene.kind == "quadratic":
        yield (
            f"Gradient unchanged since step {snapshot.steady_since}: "
            "it moves when the curve crosses a point."
        )


def _near_the_best(snapshot: Snapshot) -> Iterator[str]:
    best = next((r for r in snapshot.scene.references if r.label.startswith("best")), None)
    if best is None or snapshot.step == 0:
        return
    gap = snapshot.loss - best.loss
    if gap < -0.5e-4:
        yield f"{fixed(-gap)} below the {best.label}: none of those can follow so closely."
    elif snapshot.scene.kind == "quadratic" and gap < 0.02 * best.loss:
        yield f"Only {fixed(gap)} above the {best.label}, {fixed(best.loss)}: it has arrived."


def _clipped(snapshot: Snapshot) -> Iterator[str]:
    longest, length = snapshot.config.clip, snapshot.gradient_norm
    if 0 < longest < length < np.inf:
        used = show(longest)
        yield f"Clipped: the gradient is {fixed(length)} long; the update uses {used} of it."


def _finished(snapshot: Snapshot) -> Iterator[str]:
    if not snapshot.running and 0 < snapshot.config.epochs <= snapshot.epoch:
        done = times(snapshot.epoch, "epoch")
        yield f"Target reached: {done}. space goes on for as many; e sets it."


def _largest_push(snapshot: Snapshot) -> Iterator[str]:
    rows = snapshot.rows
    if rows and isinstance(rows[0], LayerRow):
        layers = [row for row in rows if isinstance(row, LayerRow)]
        ratios = [(row.ratio, row.label) for row in layers if np.isfinite(row.ratio)]
        ratio, label = max(ratios, default=(0.0, ""))
        if ratio:
            yield (
                f"{label} moves most for its size: {short(float(f'{ratio:.1e}'))} of it a step; "
                "about 0.001 is healthy."
            )
    elif rows and isinstance(rows[0], NumberRow):
        row = max((r for r in rows if isinstance(r, NumberRow)), key=lambda r: abs(r.update))
        if row.update:
            way = "up" if row.update > 0 else "down"
            yield f"The strongest push is on {row.label}: {way} by {fixed(abs(row.update))} a step."


SAYINGS: tuple[Callable[[Snapshot], Iterator[str]], ...] = (
    _never_zeroed,
    _ran_away,
    _overfits,
    _rose,
    _clipped,
    _finished,
    _below_truth,
    _silent,
    _two_lines,
    _votes,
    _steady,
    _near_the_best,
    _largest_push,
)
