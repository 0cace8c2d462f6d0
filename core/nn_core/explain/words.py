"""The words: at most two lines that say what is true of a snapshot, from its numbers alone.

Each function says one kind of thing, or nothing.  They are asked in order; the first two lines that
come are shown.  What was just done is here; what the numbers say by themselves, in training_words.
"""

import textwrap
from collections.abc import Callable, Iterator

import numpy as np

from nn_core.analysis.batch_cost import Measured
from nn_core.config import show
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain import training_words
from nn_core.explain.snapshot import (
    Changed,
    Moved,
    NumberRow,
    Opened,
    Placed,
    Reshaped,
    Saved,
    Settled,
    Snapshot,
    Updated,
)
from nn_core.formatting import fixed, listed, short, signed, times
from nn_core.models.losses import LOSSES
from nn_core.models.weights import Fit
from nn_core.optim.optimizers import is_plain_descent, optimizer_of
from nn_core.optim.schedules import SCHEDULES
from nn_core.storage.autosave import Offered, Resumed

LINES = 2
WIDTH = 78  # of a line, in characters


def describe(snapshot: Snapshot, width: int = WIDTH) -> tuple[str, ...]:
    """At most two lines of words about a snapshot, of so many characters at most.

    A sentence too long for one line takes both; one for which there is no room left is not said.
    """
    lines: list[str] = []
    for says in _SAYINGS:
        for sentence in says(snapshot):
            wrapped = textwrap.wrap(
                sentence, width, max_lines=LINES, placeholder=" …", break_on_hyphens=False
            )
            if len(lines) + len(wrapped) <= LINES:
                lines += wrapped
        if len(lines) == LINES:
            break
    return tuple(lines)


def is_alarm(snapshot: Snapshot) -> bool:
    """Whether the words tell of something that went wrong."""
    return bool(snapshot.complaint or snapshot.divergence)


def _complaint(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.complaint:
        yield "Not done: " + snapshot.complaint + "."


def _insight(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.insight is not None and not snapshot.hides_gradient:
        yield from snapshot.insight.sentences


def _inside_a_step(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.insight is not None and snapshot.insight.sentences:
        return  # the view has its own, with the numbers that it shows
    config = snapshot.config
    match snapshot.phase_name:
        case "zero" if config.zero_gradients:
            yield "Zeroed: every gradient is 0 now; the last step’s won’t be added to this one’s."
            yield "Next, forward: the model predicts each row of the batch."
        case "zero":
            yield "Not zeroed: the gradient of the steps before stands, and will be added to."
            yield "Next, forward: the model predicts each row of the batch."
        case "forward":
            name = "Unscaled" if snapshot.scene.scaled else "Forward"  # as the view’s rows are not
            yield (
                f"{name}: at x = {_inputs(snapshot)} the model says "
                f"{fixed(snapshot.point.prediction)}; the data says {fixed(snapshot.point.y)}."
            )
            yield "Next, loss: how far off the predictions are, as one number."
        case "loss":
            name = LOSSES[config.loss].words
            yield f"Loss: the {name}; over all rows it is {fixed(snapshot.loss)}."
            yield "Next, backward: how the loss changes with each parameter."
        case "backward":
            yield "Backward: a gradient says how the loss changes if its parameter rises a bit."
            if is_plain_descent(config):
                rate = short(snapshot.learning_rate)
                yield f"Next, update: every parameter moves by −{rate} times its gradient."
            else:
                found = optimizer_of(config)
                yield f"Next, update by {found.title}: {found.formula}."


def _inputs(snapshot: Snapshot) -> str:
    return ", ".join(fixed(value) for value in snapshot.point.x[:3])


def _contest(snapshot: Snapshot) -> Iterator[str]:
    score = snapshot.contest
    if score is None:
        return
    if not score.moves:
        yield (
            "Beat gradient descent: ↑↓ choose, ←→ move by 0.1, enter types a value. For each move "
            "it takes a step; + and − turn its rate."
        )
        return
    title = LOSSES[snapshot.config.loss].title
    begin = f"{times(score.moves, 'move')}: your {title} {fixed(snapshot.loss)}"
    rival = float(score.theirs[-1])
    if np.isfinite(rival):
        word = "leads" if score.lead > 0 else "trails" if score.lead < 0 else "equals"
        begin += f" {word} gradient descent’s {fixed(rival)}"
    else:
        begin += "; gradient descent ran away"
    best = next((r for r in snapshot.scene.references if r.label.startswith("best")), None)
    yield begin + (f"; best {fixed(best.loss)}." if best else ".")
    numbers = [row for row in snapshot.rows if isinstance(row, NumberRow)]
    if score.hint and numbers:
        strongest = max(numbers, key=lambda row: abs(row.gradient))
        way = "lower" if strongest.gradient > 0 else "raise"
        gradient = fixed(strongest.gradient)
        yield f"Hint: {way} {strongest.label}, whose gradient {gradient} is largest."


def _moved(snapshot: Snapshot) -> Iterator[str]:
    outcome = snapshot.outcome
    if not isinstance(outcome, Moved):
        return
    way = "raised" if outcome.amount >= 0 else "lowered"
    amount = short(abs(outcome.amount))
    did = f"You {way} {outcome.label} by {amount}"
    if not np.isfinite(outcome.change):
        yield f"{did}: the loss overflow{'ed' if np.isfinite(outcome.after) else 's'}."
        return
    yield f"{did}: the loss changed by {signed(outcome.change)}."
    foretold = (
        f"The gradient foretold {fixed(outcome.gradient)} × {short(outcome.amount)} "
        f"= {signed(outcome.foretold)}"
    )
    if abs(outcome.change - outcome.foretold) < 0.5e-4:
        yield foretold + ": so it was."
    else:
        yield foretold + "; it holds for small moves."


def _updated(snapshot: Snapshot) -> Iterator[str]:
    outcome = snapshot.outcome
    if not isinstance(outcome, Updated):
        return
    way = "rose" if outcome.after > outcome.before else "fell"
    label, amount, value, most = outcome.label, outcome.amount, outcome.value, " most,"
    chosen = snapshot.chosen
    if chosen is not None and chosen in snapshot.rows and chosen.label != label:
        label, value, most = chosen.label, chosen.value, ""
        amount = value - float(outcome.state.parameters[chosen.index])
    yield f"Update: {label} moved{most} by {signed(amount)} to {fixed(value)}; the step is done."
    yield f"The loss {way} from {fixed(outcome.before)} to {fixed(outcome.after)}."


def _settled(snapshot: Snapshot) -> Iterator[str]:
    if not isinstance(snapshot.outcome, Settled):
        return
    score, title = snapshot.outcome.score, LOSSES[snapshot.config.loss].title
    rival = float(score.theirs[-1])
    theirs = f"gradient descent’s {fixed(rival)}" if np.isfinite(rival) else "the rival ran away"
    moves, yours = times(score.moves, "move"), fixed(float(score.yours[-1]))
    yield f"The contest is over after {moves}: your {title} {yours}, {theirs}."


def _reshaped(snapshot: Snapshot) -> Iterator[str]:
    outcome = snapshot.outcome
    if not isinstance(outcome, Reshaped):
        return
    if "point" in outcome.kind:
        yield f"{outcome.text}: {times(snapshot.scene.rows, 'row')} now."
    else:
        yield f"{outcome.text}: {snapshot.scene.formula}."
    if abs(outcome.after - outcome.before) < 0.5e-4:
        yield "The loss is the same as before, until it learns."
    elif np.isfinite(outcome.after) and np.isfinite(outcome.before):
        yield f"The loss went from {fixed(outcome.before)} to {fixed(outcome.after)}."


def _placed(snapshot: Snapshot) -> Iterator[str]:
    outcome = snapshot.outcome
    if not isinstance(outcome, Placed):
        return
    found = outcome.placement
    wrong = f"{fixed(abs(found.gap))} too {'high' if found.gap > 0 else 'low'}"
    at, worst = fixed(found.kink), fixed(found.worst)
    yield f"A {found.unit} more at x = {at}, for at {worst} the curve is {wrong}."
    if found.outgoing:
        yield (
            f"Its push is {signed(found.outgoing)}, a tenth of what fits best: "
            f"the loss fell by {fixed(outcome.before - outcome.after)}."
        )
    else:
        yield "It starts with a push of 0: the loss is the same as before, until it learns."


def _changed(snapshot: Snapshot) -> Iterator[str]:
    outcome = snapshot.outcome
    if not isinstance(outcome, Changed):
        return
    if outcome.name == "learning_rate":
        rate = short(outcome.value)
        plain = is_plain_descent(snapshot.config) and snapshot.config.schedule == "constant"
        law = f", update = −{rate} · gradient" if plain else ""
        yield f"Learning rate {rate}: from here on{law}."
    elif outcome.name == "zero_gradients" and outcome.value:
        yield "Zeroing is on: from the next step on, each uses its own gradient alone."
    elif outcome.name == "zero_gradients":
        yield "Zeroing is off: from here on, each update uses the sum of all gradients."
    elif outcome.name == "epochs":
        yield f"The target is {times(outcome.value, 'epoch')} now; training stops there by itself."
    elif outcome.name == "schedule":
        ahead = SCHEDULES[outcome.value]
        over = f" over {times(snapshot.config.epochs, 'epoch')}" if ahead.ends else ""
        yield f"Schedule: {ahead.title}{over}; the rate is {short(snapshot.learning_rate)} now."
    elif outcome.name == "optimizer":
        found = optimizer_of(snapshot.config)
        yield f"{found.title}: from here on θ becomes {found.formula}."
    elif outcome.name == "freeze" and outcome.value:
        yield f"Frozen, no update from here on: {', '.join(outcome.value)}."
    elif outcome.name == "freeze":
        yield "Nothing is frozen: from here on every parameter gets its update."
    elif outcome.name == "clip" and outcome.value:
        longest = show(outcome.value)
        yield f"Clipping: a gradient longer than {longest} is shortened to {longest}, then used."
    elif outcome.name in ("l1", "l2") and outcome.value:
        formula = f"{show(outcome.value)} · {'Σ|w|' if outcome.name == 'l1' else 'Σw²'}"
        yield f"Penalty: {formula} over the weights; it pulls them to 0. The loss is without it."
    elif outcome.name != "pace":
        yield f"{outcome.name.replace('_', ' ').capitalize()}: {show(outcome.value)}."


def loading_words(fit: Fit) -> str:
    """What was loaded from a file, and what was not."""
    rest = f" Not loaded: {fit.faults}." if fit.faults else ""
    return f"Loaded from {fit.source}: {listed(fit.loaded)}.{rest}"


def _filed(snapshot: Snapshot) -> Iterator[str]:
    outcome = snapshot.outcome
    if isinstance(outcome, Fit):
        yield loading_words(outcome)
    elif isinstance(outcome, Saved):
        yield f"Saved as {outcome.path}: {outcome.what}."
    elif isinstance(outcome, Opened):
        done = times(outcome.events, "thing") if outcome.events else "nothing"
        yield f"Opened: {outcome.path}; {done} done by hand in {times(snapshot.tip, 'step')}."
    elif isinstance(outcome, Resumed):
        yield f"Resumed: {outcome.experiment}, at step {outcome.step}, as it was saved."
        if outcome.mended:
            yield "The newest save was damaged and is set aside; this is the one before."
    elif isinstance(outcome, Offered):
        yield (
            f"Last time: step {outcome.step} of {outcome.experiment}. "
            "To go on there: --resume, or : last run."
        )


def _measured(snapshot: Snapshot) -> Iterator[str]:
    if not isinstance(snapshot.outcome, Measured):
        return
    (size, speed), *others = snapshot.outcome.speeds
    told = [f"{_thousands(speed)} in batches of {size}"]
    told += [f"{_thousands(more)} of {size}" for size, more in others]
    yield f"Thousand rows a second: {', '.join(told)}."
    largest, most = max(snapshot.outcome.speeds, key=lambda measured: measured[1])
    if most > speed:
        times_more = short(float(f"{most / speed:.2g}"))
        yield f"Batches of {largest} pass {times_more} times as many rows as single ones do."


def _thousands(value: float) -> str:
    return f"{float(f'{value / 1000:.2g}'):,.10g}"


# What an experiment's own description speaks of; with another, it would no longer be true.
_ABOUT = ("model", "activation", "data", "scale")


def _start(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.step or snapshot.phase or snapshot.running:
        return
    known, config = EXPERIMENTS.get(snapshot.config.experiment), snapshot.config
    if known and any(getattr(config, name) != getattr(known.config, name) for name in _ABOUT):
        known = None
    about = known.about if known else f"{snapshot.scene.formula}, on {snapshot.scene.source}"
    scaled = " Scaled: mean 0, deviation 1." if snapshot.scene.scaled else ""
    yield f"{about[0].upper()}{about[1:]}.{'' if 'scaled' in about else scaled}"
    chosen = snapshot.chosen
    if snapshot.scene.kind == "mlp" or chosen is None:
        yield "s takes one step down the gradient, i goes into it; space lets it run."
    else:
        yield (
            f"s takes one step down the gradient, i goes into it; ←→ moves {chosen.label} by hand."
        )


_SAYINGS: tuple[Callable[[Snapshot], Iterator[str]], ...] = (
    _complaint,
    training_words.divergence,
    _contest,
    _inside_a_step,
    _moved,
    _updated,
    _settled,
    _reshaped,
    _placed,
    _changed,
    _filed,
    _measured,
    _insight,
    _start,
    *training_words.SAYINGS,
)
