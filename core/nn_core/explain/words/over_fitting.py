"""Words about over-fitting: validation, the truth's own loss, the best simple curve."""

from collections.abc import Iterator

import numpy as np

from nn_core.config.key_names import with_keys
from nn_core.explain.observations import RISEN, WAITED, Validation
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import LINE_WIDTH, fixed, short


def validation_rose(snapshot: Snapshot) -> Iterator[str]:
    """That the validation loss rises while the training loss falls."""
    if snapshot.validation is None or snapshot.validation.overfit is None:
        return
    found = snapshot.validation.overfit
    lowest, now = found.validation
    then, last = found.training
    if not found.clear:
        yield _with_way_back(
            "Validation: ", snapshot.validation, (found.since, lowest),
            (f", now {fixed(now)}; it may fall again.", f", now {fixed(now)}; may fall again."),
        )  # fmt: skip
        return
    # On a logarithmic axis, after a long fall, the rise itself is hardly to be seen.
    yield (
        f"Overfitting: validation rose {_risen(lowest, now)}from {fixed(lowest)} "
        f"at step {found.since} to {fixed(now)}."
    )
    training = "Training" if snapshot.steps_per_epoch == 1 else "Batches’ mean"
    if snapshot.validation.gap > 1:
        yield with_keys(
            f"{training} fell to {fixed(last)}. Stop near {found.since}, the lowest measured: "
            f"{{key.jump}} {found.since}."
        )
        return
    yield with_keys(
        f"{training} fell, {fixed(then)} to {fixed(last)}. Stop at {found.since}: "
        f"{{key.jump}} {found.since} goes back there."
    )


def validation_falls(snapshot: Snapshot) -> Iterator[str]:
    """At the end of training, that the rows held back were told best just now, within jitter."""
    found, ends = snapshot.validation, snapshot.config.epochs
    if found is None or found.least is None or snapshot.running or not 0 < ends <= snapshot.epoch:
        return
    step, least = found.least
    lately = step >= (1 - WAITED) * snapshot.step and snapshot.step == snapshot.tip
    if lately and found.loss <= (1 + RISEN) * least:
        rests = (": no over-fitting by now.", ": no over-fitting yet.")
        said = f"Validation {fixed(found.loss)}, "
        if step == snapshot.step:
            yield f"{said}{_lowest(found, step, least)}{rests[0]}"
        else:
            yield _with_way_back(said, found, found.least, rests)


def _lowest(found: Validation, step: int, loss: float) -> str:
    """The lowest, in words: where a step in between may have a lower one, of those measured."""
    if found.gap > 1:
        return f"lowest measured {fixed(loss)}, step {step}"
    return f"lowest so far {fixed(loss)} at step {step}"


def _with_way_back(
    said: str, found: Validation, least: tuple[int, float], rests: tuple[str, str]
) -> str:
    """The sentence, with what goes to the lowest where one line has room for that."""
    step, loss = least
    lowest, back = _lowest(found, step, loss), with_keys(f"({{key.jump}} {step})")
    briefly = f"{lowest.partition(fixed(loss))[0]}{fixed(loss)}"  # what goes there names the step
    longer = (f"{said}{how} {back}{rest}" for how in (lowest, briefly) for rest in rests)
    return next((each for each in longer if len(each) <= LINE_WIDTH), said + lowest + rests[0])


def _risen(lowest: float, now: float) -> str:
    """By how much a loss has risen, in words: by 34 %, or 3.4-fold."""
    if lowest <= 0:
        return ""
    if now < 2 * lowest:
        return f"by {short(float(f'{100 * (now / lowest - 1):.2g}'))} %, "
    return f"{short(float(f'{now / lowest:.2g}'))}-fold, "


def at_the_best(snapshot: Snapshot) -> Iterator[str]:
    """That the run was taken back to where the validation loss was lowest, and what leads on."""
    found = snapshot.validation
    if found is None or not snapshot.is_back_at_the_best:
        return
    if found.gap > 1:
        least = int(np.diff(found.steps).min(initial=found.gap))
        every = f"{found.gap}" if least == found.gap else f"{least} to {found.gap}"
        yield (
            f"Step {snapshot.step}: lowest validation loss measured (every {every} steps), "
            f"{fixed(found.loss)}."
        )
    else:
        yield (
            f"Step {snapshot.step} is the best of {snapshot.tip}: the validation loss is lowest "
            f"here, {fixed(found.loss)}."
        )
    target, got_to = snapshot.config.epochs, snapshot.tip // snapshot.steps_per_epoch
    if snapshot.epoch >= target or (snapshot.config.patience and got_to >= target):
        target = got_to + max(1, target)
    yield with_keys(
        "{key.save} saves its weights; {key.step} goes a step on, {key.run_or_pause} "
        f"to epoch {target}, away from it."
    )


def below_the_truth(snapshot: Snapshot) -> Iterator[str]:
    """That the loss is below that of the function which the data was made from.

    Whatever the parameters are, a model can lie closer to points than that only by going along
    with a part of what is their noise; how much of it, the loss doesn't tell.  Where rows are held
    back, they say better from when on only noise is learned.
    """
    truth, since = snapshot.scene.truth_loss, snapshot.observed.below_truth_since
    if since is None or truth is None or snapshot.loss >= truth or snapshot.validation is not None:
        return
    yield f"Below the truth’s own loss since epoch {since}: part of what it fits is noise."


def near_the_best(snapshot: Snapshot) -> Iterator[str]:
    """That the loss is near, or below, that of the best simple curve."""
    best = snapshot.scene.reference("best")
    if best is None or snapshot.step == 0:
        return
    gap = snapshot.loss - best.loss
    if gap < -0.5e-4:
        yield f"{fixed(-gap)} below the {best.label}: none of those can follow so closely."
    elif snapshot.scene.kind == "quadratic" and gap < 0.02 * best.loss:
        yield f"Only {fixed(gap)} above the {best.label}, {fixed(best.loss)}: it has arrived."
