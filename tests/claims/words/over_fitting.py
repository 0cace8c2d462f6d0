"""What is true of how a model does beyond its rows."""

import numpy as np
import pytest

from claims import number, says
from claims.words.claim import claim


@claim(r"Overfitting: validation rose (?:by <N> %|<N>-fold), from <N> at step (\d+) to <N>\.")
def overfitting(snapshot, percent, times, lowest, step, now):
    found = snapshot.validation.overfit
    assert found.clear
    assert found.since == int(step) > 0
    whole = snapshot.validation
    assert whole.steps[whole.losses.argmin()] == int(step) < 0.91 * snapshot.step
    assert says(lowest, found.validation[0])
    ratio = snapshot.validation.loss / found.validation[0]
    assert (percent is None) == (ratio >= 2)
    if percent:
        assert number(percent) == pytest.approx(100 * (ratio - 1), rel=0.051)
    else:
        assert number(times) == pytest.approx(ratio, rel=0.051)
    assert says(now, snapshot.validation.loss)
    # It had time to fall again, and since then went up by more than to and fro.
    waited = (snapshot.config.patience or 20) * snapshot.steps_per_epoch
    assert int(step) <= snapshot.step - waited
    since = whole.losses[(whole.steps > int(step)) & (whole.steps <= snapshot.step)]
    later = since[len(since) // 2 :]
    assert later.min() > found.validation[0]
    rise = float(np.median(later)) - found.validation[0]
    assert rise > 0.05 * found.validation[0]
    assert rise > 4 * np.diff(since).std() / np.sqrt(2)


LOWEST = (
    r"lowest (measured|so far) <N>(?:(?:, | at )step \d+(?= \())?"
    r"(?:, step | at step | \(j )(\d+)\)?"
)


def check_measured(snapshot, said):
    """Where not each step was measured, the lowest is said to be that of those that were."""
    assert (said == "measured") == (len(snapshot.validation.steps) != snapshot.tip + 1)


@claim(rf"Validation: {LOWEST}, now <N>; (?:it )?may fall again\.")
def rose(snapshot, measured, lowest, step, now):
    check_measured(snapshot, measured)
    found, whole = snapshot.validation.overfit, snapshot.validation
    assert not found.clear
    assert whole.steps[whole.losses.argmin()] == int(step) < snapshot.step
    assert says(lowest, whole.losses.min())
    assert says(now, whole.loss)
    assert whole.loss > 1.02 * whole.losses.min()


@claim(rf"Validation <N>, {LOWEST}: no over-fitting (?:by now|yet)\.")
def told_best_at_the_end(snapshot, now, measured, lowest, step):
    whole = snapshot.validation
    check_measured(snapshot, measured)
    assert says(now, whole.loss)
    assert says(lowest, min(*whole.losses, whole.loss))
    at = whole.steps[whole.losses.argmin()] if whole.loss >= whole.losses.min() else snapshot.step
    assert at == int(step) >= 0.9 * snapshot.step
    assert whole.loss <= 1.02 * whole.losses.min()
    assert whole.overfit is None
    assert snapshot.epoch >= snapshot.config.epochs


@claim(r"(Training|Batches’ mean) fell to <N>\. Stop near (\d+), the lowest measured: j (\d+)\.")
def where_about_to_stop(snapshot, which, now, step, again):
    check_measured(snapshot, "measured")
    assert int(step) == int(again) == snapshot.validation.overfit.since
    assert (which == "Training") == (snapshot.steps_per_epoch == 1)
    assert says(now, snapshot.validation.overfit.training[1])


@claim(r"(Training|Batches’ mean) fell, <N> to <N>\. Stop at (\d+): j (\d+) goes back there\.")
def where_to_stop(snapshot, which, then, now, step, again):
    check_measured(snapshot, "")
    found = snapshot.validation.overfit
    assert int(step) == int(again) == found.since
    assert (which == "Training") == (snapshot.steps_per_epoch == 1)
    assert says(then, found.training[0])
    assert says(now, found.training[1])
    assert which != "Training" or says(now, snapshot.loss)


@claim(r"Step (\d+) is the best of (\d+): the validation loss is lowest here, <N>\.")
def at_the_best(snapshot, step, tip, loss):
    check_measured(snapshot, "")
    assert int(tip) == snapshot.tip
    check_best(snapshot, step, loss)


@claim(r"Step (\d+): lowest validation loss measured \(every (?:(\d+) to )?(\d+) steps\), <N>\.")
def at_the_best_measured(snapshot, step, least, most, loss):
    check_measured(snapshot, "measured")
    steps = snapshot.validation.steps
    assert int(most) == np.diff(steps, append=snapshot.tip + 1).max() > 1
    assert int(least or most) == np.diff(steps).min()
    check_best(snapshot, step, loss)


def check_best(snapshot, step, loss):
    found = snapshot.validation
    assert int(step) == snapshot.step < snapshot.tip
    assert found.losses.min() == found.losses[found.steps == snapshot.step][0]
    assert says(loss, found.loss)


@claim(r"w saves its weights; s goes a step on, space to epoch (\d+), away from it\.")
def from_the_best_on(snapshot, target):
    assert int(target) >= snapshot.config.epochs
    assert int(target) > snapshot.epoch


@claim(r"Below the truth’s own loss since epoch (\d+): part of what it fits is noise\.")
def below_truth(snapshot, epoch):
    truth = next(r.loss for r in snapshot.scene.references if r.kind == "truth")
    losses = snapshot.losses.low[: snapshot.step]
    assert (losses[int(epoch) :] < truth).all()
    assert snapshot.loss < truth
    assert snapshot.validation is None  # which would say better when to stop
    assert int(epoch) == 0 or losses[int(epoch) - 1] >= truth
    # On the way from the truth to the model the loss falls at once: it turns towards the noise.
    scene = snapshot.scene
    rule = np.interp(scene.x, *scene.truth)
    noise, turned = scene.y - rule, snapshot.predictions - rule
    if snapshot.config.loss == "mse":
        assert noise @ turned > 0
    elif snapshot.config.loss == "mae":
        assert np.sign(noise) @ turned > 0


@claim(r"<N> below the best (quadratic|linear fit): none of those can follow so closely\.")
def better_than_the_best(snapshot, gap, name):
    best = next(r.loss for r in snapshot.scene.references if r.label == f"best {name}")
    assert says(gap, best - snapshot.loss)
    assert snapshot.scene.kind != "quadratic"


@claim(r"Only <N> above the best quadratic, <N>: it has arrived\.")
def arrived(snapshot, gap, best_loss):
    best = next(r.loss for r in snapshot.scene.references if r.label == "best quadratic")
    assert says(gap, snapshot.loss - best)
    assert says(best_loss, best)
