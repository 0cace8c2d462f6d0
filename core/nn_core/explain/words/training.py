"""Words about how training goes."""

from collections.abc import Iterator

import numpy as np

from nn_core.config import show
from nn_core.config.experiments import PUBLISHED, is_published
from nn_core.config.key_names import key_name, with_keys
from nn_core.config.values import turn_rate
from nn_core.explain.observations import RECENT
from nn_core.explain.outcomes import Reached
from nn_core.explain.rows import HEALTHY, LayerRow, NumberRow
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.words.divergence import scaling_advice
from nn_core.expressions import Expression, work_out
from nn_core.formatting import fixed, joined, number, reading, short, signed, times
from nn_core.models.losses import LOSSES
from nn_core.optim.optimizers import is_plain_descent, optimizer_of
from nn_core.optim.schedules import SCHEDULES

SEEN = 0.5e-4  # of an update: less reads as 0
_MEMORY = {"velocity": "v", "mean": "m"}  # what of older gradients moves on, as the rules call it
FAR = 50.0  # times: a key for each step of the series leads there only slowly
NEW = 3  # steps after each of which it is said what it did


def not_zeroed(snapshot: Snapshot) -> Iterator[str]:
    """What it means that gradients add up from step to step."""
    if snapshot.config.zero_gradients or snapshot.step == 0:
        return
    step = snapshot.step
    if snapshot.observed.summed_alike:
        same = step * (step + 1) // 2
        total = "+".join(map(str, range(1, step + 1))) if step < 6 else f"1+2+…+{step}"
        yield f"Never zeroed: step {step} stands where zeroed step {same} would: {total} = {same}."
    elif snapshot.change is not None and snapshot.change > 0.5e-4:
        yield with_keys(
            f"Not zeroed: it overshot, the loss rose by {fixed(snapshot.change)}. "
            "{key.zeroing} zeroes again."
        )
    else:
        yield "Not zeroed: each update sums all gradients so far; it can overshoot and swing."
    zeroed = _zeroed_loss(snapshot)
    lower = zeroed is not None and snapshot.loss < zeroed
    observed, overshot = snapshot.observed, snapshot.observed.overshot_at
    if overshot is not None:
        where = "for now it is below" if lower else "it is above"
        would = "" if zeroed is None else f"; {where} zeroed ({fixed(zeroed)})"
        # Nothing slows a sum of all gradients down, so it swings for ever; see the sum as a speed.
        yield f"It overshot at step {overshot} and won’t settle{would}."
    elif zeroed is not None and lower and observed.is_gathering and snapshot.steps_per_epoch == 1:
        if step == len(PUBLISHED) and is_published(snapshot.config, step, snapshot.loss):
            yield with_keys(
                "Lower than zeroed, but it will overshoot ({key.run_or_pause}). "
                "{key.steps} lists the published table."
            )
        else:
            yield with_keys(
                f"Lower than zeroed ({fixed(zeroed)}), but it will overshoot "
                "({key.run_or_pause} shows it)."
            )
    chosen, left = snapshot.chosen, snapshot.observed.leftover
    if chosen is None or left is None or not np.isfinite(chosen.gradient):
        return
    own = chosen.gradient - left
    way = "+" if own >= 0 else "−"
    work = Expression(
        lambda digits: f"{number(left, digits)} left over {way} {number(abs(own), digits)}",
        lambda digits: reading(left, digits) + reading(own, digits),
    )
    found = work_out(work, chosen.gradient)
    if found.sign == "=":
        yield f"{chosen.label}’s gradient {found.result} is a sum: {found.text} of this step."


def _zeroed_loss(snapshot: Snapshot) -> float | None:
    """The loss of the zeroed twin where the run stands; None until that is worked out."""
    twin = snapshot.twin
    return twin.end.loss if twin is not None and twin.end is not None else None


def swings(snapshot: Snapshot) -> Iterator[str]:
    """That the loss swings to and fro and gets nowhere, and what lets it settle."""
    found = snapshot.observed.swing
    if found is not None and snapshot.config.zero_gradients:
        low, high = found
        yield f"In the last {RECENT} steps the loss swings between {fixed(low)} and {fixed(high)}."
        advice = scaling_advice(snapshot)
        if advice:
            yield advice
            return
        first = snapshot.observed.first_loss
        much = "far " if first is not None and high > first else ""
        remedy = "{key.rate_down} lowers it, so does schedule cosine ({key.options})"
        if _will_sink(snapshot):
            remedy = "the schedule will lower it, {key.rate_down} does now"
        yield with_keys(f"The rate is {much}too large: {remedy}.")


def _will_sink(snapshot: Snapshot) -> bool:
    """Whether the schedule ends, and at a lower rate than the one now."""
    config = snapshot.config
    total, schedule = config.epochs * snapshot.steps_per_epoch, SCHEDULES[config.schedule]
    if not schedule.ends or total <= 0:
        return False
    now, end = schedule.factor(np.array([snapshot.step, total]), total)
    return bool(end < now)


def too_small(snapshot: Snapshot) -> Iterator[str]:
    """That far longer steps would be as safe, for so far the run hardly left where it began."""
    found, config = snapshot.observed.slow, snapshot.config
    if found is None:
        return
    rate, steps = found.rate, snapshot.step - found.since
    much = "far " if rate >= FAR * config.learning_rate else ""
    part = f"{100 * found.part:.1f} %" if found.part >= 0.001 else "<0.1 %"
    yield (
        f"The rate is {much}too small: {times(steps, 'step')} cut the loss by {part}, "
        "still as steep."
    )
    gain, to = short(float(f"{found.gain:.1e}")), short(rate)
    yield with_keys(
        f"{{key.rate_up}} raises it; at {to} ({{key.palette}}lr {to}) a step lowers the loss "
        f"{gain} times as much."
    )


def stands_still(snapshot: Snapshot) -> Iterator[str]:
    """That the loss hardly moves any more although the gradient isn't 0, and what may help."""
    since, because = snapshot.observed.still_since, snapshot.observed.because
    yield from because
    if since is not None and not because:
        yield with_keys(
            f"A plateau: hardly a thousandth less loss since step {since}; "
            "{key.rate_up} raises the rate."
        )


def loss_rose(snapshot: Snapshot) -> Iterator[str]:
    """That the last step raised the loss, and which parameter it moved too far."""
    change = snapshot.change
    if change is None or change <= 0.5e-4 or not snapshot.config.zero_gradients:
        return
    if snapshot.observed.jump is None:
        down = key_name("rate_down")
        yield f"The last step raised the loss by {fixed(change)}: too far. A smaller rate ({down})?"
        return
    step = f"its step in {snapshot.observed.jump.label}, {signed(snapshot.observed.jump.amount)}"
    yield (
        f"The last step raised the loss by {fixed(change)}: {step}, jumped over the minimum. "
        f"Lower the rate to {short(turn_rate(snapshot.config.learning_rate, -1))} "
        f"({key_name('rate_down')})?"
    )


def points_above_and_below(snapshot: Snapshot) -> Iterator[str]:
    """How many points lie above and below the curve, and what that does to a gradient."""
    scene, rows = snapshot.scene, snapshot.rows
    if scene.classes or scene.kind != "quadratic" or not rows or isinstance(rows[0], LayerRow):
        return
    numbers = [row for row in rows if isinstance(row, NumberRow)]
    gradients = {row.label: row.gradient for row in numbers}
    above, below, count = snapshot.observed.above, snapshot.observed.below, len(scene.y)
    votes = (below - above) / count
    more, fewer = ("above", "below") if above >= below else ("below", "above")
    most = max(above, below)
    way = "up" if above >= below else "down"
    counts_for_c = _counts_signs(snapshot) and np.isclose(gradients.get("c", np.nan), votes)
    if votes and all(row.update > 0 if way == "up" else row.update < 0 for row in numbers):
        lie = f"{most} of {count} points still lie {more} the curve"
        # What goes so by the memory of earlier steps isn't pushed by these points.
        against = {row.label for row in numbers if row.gradient * row.update >= 0}
        others = [label for label in gradients if label != "c" and label not in against]
        if counts_for_c and len(gradients) > 1:
            go = _verb(others, "goes", "go")
            too = f"; {joined(others)} {go} {way} too" if others else ""
            yield f"{lie}. They push c {way}{too}."
        elif against:
            yield f"{lie}. Every parameter goes {way}."
        else:
            yield f"{lie}. Every parameter is pushed {way}."
    elif counts_for_c:
        yield (
            f"For c every point has one vote: ({below} below − {above} above) ÷ {count} "
            f"= {fixed(votes)}."
        )
    else:
        yield f"{most} of {count} points lie {more} the curve, {count - most} {fewer} or on it."


def against_the_gradient(snapshot: Snapshot) -> Iterator[str]:
    """That parameters move as they do by what the optimizer remembers, not by their gradient."""
    optimizer = optimizer_of(snapshot.config)
    symbol = next((_MEMORY[name] for name in optimizer.slots if name in _MEMORY), "")
    if not symbol or snapshot.in_a_step:
        return
    rows = [row for row in snapshot.rows if isinstance(row, NumberRow) and not row.frozen]
    if snapshot.scene.is_listed_by_layer:  # of many numbers the one that is looked at
        rows = [row for row in rows if row.label == snapshot.chosen.label]
    decay = snapshot.learning_rate * optimizer.constants.get("weight_decay", 0.0)
    against, resting = [], []
    for row in rows:
        remembered = row.update + decay * row.value  # the update without the pull towards 0
        if abs(row.update) < SEEN or not remembered * row.update > 0:
            continue
        if row.gradient * remembered > 0:
            against.append(row.label)
        elif row.gradient == 0:
            resting.append(row.label)
    if against:
        said = f"{joined(against)} {_verb(against, 'goes', 'go')} uphill"
        if resting:
            said += f", {joined(resting)} {_verb(resting, 'moves', 'move')} at gradient 0"
    elif resting:
        said = f"{joined(resting)} {_verb(resting, 'moves', 'move')}, though "
        said += _verb(resting, "its gradient is 0", "their gradients are 0")
    else:
        return
    yield f"{said}: {optimizer.title}’s {symbol} holds older gradients."


def _verb(labels: list[str], one: str, more: str) -> str:
    return one if len(labels) == 1 else more


def _counts_signs(snapshot: Snapshot) -> bool:
    """Whether each point's vote is a sign, whatever its distance."""
    return LOSSES[snapshot.config.loss].has_sign_slope


def last_move(snapshot: Snapshot) -> Iterator[str]:
    """What the step just taken did to the chosen parameter, while steps are new.

    The table has the step to come: what it was before, and what was added, stand nowhere else.
    """
    move, chosen = snapshot.observed.last_move, snapshot.chosen
    if snapshot.running or not 0 < snapshot.step <= NEW or not move or chosen is None:
        return
    if any(row.label == chosen.label for row in snapshot.rows if isinstance(row, NumberRow)):
        before = chosen.value - move
        if np.isfinite(before):
            yield (
                f"{chosen.label} went from {fixed(before)} by {signed(move)} "
                f"to {fixed(chosen.value)}."
            )


def steady_gradient(snapshot: Snapshot) -> Iterator[str]:
    """That the gradient has been the same for some steps."""
    if snapshot.observed.steady_since is None or not _counts_signs(snapshot):
        return
    if snapshot.scene.kind == "quadratic":
        yield (
            f"Gradient unchanged since step {snapshot.observed.steady_since}: "
            "it moves when the curve crosses a point."
        )


def clipped(snapshot: Snapshot) -> Iterator[str]:
    """That the update uses less than the whole gradient."""
    longest, length = snapshot.config.clip, snapshot.gradient_norm
    if 0 < longest < length < np.inf:
        used = show(longest)
        yield f"Clipped: the gradient is {fixed(length)} long; the update uses {used} of it."


def finished(snapshot: Snapshot) -> Iterator[str]:
    """That the target number of epochs is reached."""
    target, done = snapshot.config.epochs, snapshot.epoch
    if not snapshot.running and 0 < target <= done and not isinstance(snapshot.outcome, Reached):
        said = f"reached: {times(done, 'epoch')}"
        if done > target:
            said = f"of {times(target, 'epoch')} passed: {done}"
        go_on, sets = key_name("run_or_pause"), key_name("epochs")
        yield f"Target {said}. {go_on} goes on for as many; {sets} sets it."
        if SCHEDULES[snapshot.config.schedule].ends:
            rate = short(float(f"{snapshot.learning_rate:.1e}"))
            yield f"The schedule ends at rate {rate}; more epochs stretch it, and the rate rises."


def largest_push(snapshot: Snapshot) -> Iterator[str]:
    """Which parameter or layer moves most."""
    rows = snapshot.rows
    if rows and isinstance(rows[0], LayerRow):
        layers = [row for row in rows if isinstance(row, LayerRow)]
        ratios = [(row.ratio, row.label) for row in layers if np.isfinite(row.ratio)]
        ratio, label = max(ratios, default=(0.0, ""))
        if ratio:
            yield (
                f"{label} moves most for its size: {short(float(f'{ratio:.1e}'))} of it a step; "
                f"{HEALTHY.said} is ok."
            )
    elif rows and isinstance(rows[0], NumberRow):
        numbers = [each for each in rows if isinstance(each, NumberRow)]
        largest = max(abs(each.update) for each in numbers)
        most = [each for each in numbers if fixed(abs(each.update)) == fixed(largest)]
        if not 0 < largest < np.inf:
            return
        if len(most) > 1:  # as far as can be read
            who = "All" if len(most) == len(numbers) else joined(row.label for row in most)
            yield f"{who} move equally far in the next step: by {fixed(largest)}."
            return
        [row] = most
        way = "up" if row.update > 0 else "down"
        if is_plain_descent(snapshot.config):
            yield f"The strongest push is on {row.label}: {way} by {fixed(largest)} a step."
        else:
            yield f"{row.label} moves farthest in the next step: {way} by {fixed(largest)}."
