"""Outcomes: what came of the last thing done by hand, each with the sentences about it.

To add one, write its class and, under it, what `outcome_sentences` says of it, and name it in the
union `Outcome`.  Those that come from another room have their sentences in `words.other_outcomes`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nn_core.analysis.batch_cost import Measured
from nn_core.analysis.placing import Placement
from nn_core.config import CONSTANTS, setting, show
from nn_core.config.experiments import default_of
from nn_core.config.key_names import with_keys
from nn_core.config.values import noise_said
from nn_core.explain.rows import NumberRow
from nn_core.expressions import Expression, work_out
from nn_core.formatting import fixed, listed, number, reading, short, shown, signed, times
from nn_core.models.initializers import INITIALIZERS
from nn_core.models.weights import Fit
from nn_core.optim.optimizers import is_plain_descent, optimizer_of
from nn_core.optim.schedules import SCHEDULES
from nn_core.run.patience import Stop
from nn_core.storage.autosave import Offered, Resumed
from nn_core.training.batches import too_large
from nn_core.training.state import State

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot


@singledispatch
def outcome_sentences(outcome: object, snapshot: "Snapshot") -> Iterator[str]:
    """What there is to say of an outcome, the most important first."""
    return iter(())


COMPARED = ("optimizer", "schedule", "batch_size")  # what a run with another is held against


@dataclass(frozen=True)
class Moved:
    """The person moved a parameter by `amount`; the loss before and after.

    `gradient` is that of the loss over all rows, before; times `amount` it predicts the change.
    """

    label: str
    amount: float
    before: float
    after: float
    gradient: float

    @property
    def change(self) -> float:
        """What the move did to the loss."""
        return self.after - self.before

    @property
    def predicted(self) -> float:
        """The change that the gradient predicted."""
        return self.gradient * self.amount


@outcome_sentences.register(Moved)
def _moved(outcome: Moved, snapshot: "Snapshot") -> Iterator[str]:
    way = "raised" if outcome.amount >= 0 else "lowered"
    amount = short(abs(outcome.amount))
    did = f"You {way} {outcome.label} by {amount}"
    if not np.isfinite(outcome.change):
        yield f"{did}: the loss overflow{'ed' if np.isfinite(outcome.after) else 's'}."
        return
    yield f"{did}: the loss changed by {signed(outcome.change)}."
    amount_by_hand, gradient = short(outcome.amount), outcome.gradient
    work = Expression(
        lambda digits: f"{number(gradient, digits)} × {amount_by_hand}",
        lambda digits: reading(gradient, digits) * outcome.amount,
    )
    foretold = work_out(work, outcome.predicted, signed)
    prediction = f"The gradient foretold {foretold.text} {foretold.sign} {foretold.result}"
    if abs(outcome.change - outcome.predicted) < 0.5e-4:
        yield prediction + ": so it was."
    else:
        yield prediction + "; it holds for small moves."


@dataclass(frozen=True)
class Updated:
    """The update phase was carried out by hand: the parameter it moved most, and the losses.

    `state` is a copy of the one that it began with.
    """

    label: str
    amount: float
    value: float
    before: float
    after: float
    state: State = field(repr=False, compare=False)


@outcome_sentences.register(Updated)
def _updated(outcome: Updated, snapshot: "Snapshot") -> Iterator[str]:
    way = "rose" if outcome.after > outcome.before else "fell"
    label, amount, value, most = outcome.label, outcome.amount, outcome.value, " most,"
    chosen = snapshot.chosen
    listed_numbers = {row.index: row for row in snapshot.rows if isinstance(row, NumberRow)}
    before = outcome.state.parameters
    for index, row in listed_numbers.items():
        moved = abs(row.value - float(before[index]))
        if row.label != label and fixed(moved) == fixed(abs(amount)):
            most = ""  # as far as can be read another moved as far
    if chosen is not None and chosen.index in listed_numbers and chosen.label != label:
        label, value, most = chosen.label, chosen.value, ""
        amount = value - float(before[chosen.index])
    yield f"Update: {label} moved{most} by {signed(amount)} to {fixed(value)}; the step is done."
    yield f"The loss {way} from {fixed(outcome.before)} to {fixed(outcome.after)}."


@dataclass(frozen=True)
class Said:
    """Something that has changed nothing of the run, and what there is to say about it."""

    sentence: str


@outcome_sentences.register(Said)
def _said(outcome: Said, snapshot: "Snapshot") -> Iterator[str]:
    yield outcome.sentence


@dataclass(frozen=True)
class Reached:
    """The run had just ended at its target when the person pressed to pause it."""

    epochs: int


@outcome_sentences.register(Reached)
def _reached(outcome: Reached, snapshot: "Snapshot") -> Iterator[str]:
    yield with_keys(
        f"Target reached just before you pressed: {times(outcome.epochs, 'epoch')}. "
        "{key.run_or_pause} again goes on."
    )


@dataclass(frozen=True)
class Left:
    """Another run took the place of one that is saved, and had got to this step."""

    step: int


@outcome_sentences.register(Left)
def _left(outcome: Left, snapshot: "Snapshot") -> Iterator[str]:
    yield with_keys(
        f"The run before is saved, at step {outcome.step}; {{key.palette}} resume goes back to it."
    )


@dataclass(frozen=True)
class Unloaded:
    """The run began again without the parameters that were loaded into it at this step."""

    step: int


@outcome_sentences.register(Unloaded)
def _unloaded(outcome: Unloaded, snapshot: "Snapshot") -> Iterator[str]:
    yield with_keys(
        f"It starts without what was loaded at step {outcome.step}; "
        "{key.palette} load weights brings it back."
    )


@dataclass(frozen=True)
class Changed:
    """The person changed a setting, from what it `was`.

    With a model `stayed` names others that did not follow it.  `left` is what the run that began
    so leaves behind: the run before, where it can't be compared with it, or what was loaded there.
    """

    name: str
    value: Any
    was: Any = field(default=None, compare=False)
    stayed: tuple[str, ...] = ()
    left: Left | Unloaded | None = None


@outcome_sentences.register(Changed)
def _changed(outcome: Changed, snapshot: "Snapshot") -> Iterator[str]:
    if outcome.name == "learning_rate":
        rate = short(outcome.value)
        plain = is_plain_descent(snapshot.config) and snapshot.config.schedule == "constant"
        law = f", update = −{rate} · gradient" if plain else ""
        yield f"Learning rate {rate}: from here on{law}."
    elif outcome.name == "zero_gradients" and outcome.value:
        yield "Zeroing is on: from the next step on, each uses its own gradient alone."
        if outcome.was is False:
            yield with_keys(
                "The zeroed twin beside it is gone; {key.zeroing} again brings it back."
            )
    elif outcome.name == "zero_gradients":
        yield "Zeroing is off: from here on, each update uses the sum of all gradients."
        yield "Its zeroed twin goes beside it: the same run as it would be with zeroing on."
    elif outcome.name == "epochs":
        yield f"The target is {times(outcome.value, 'epoch')} now; training stops there by itself."
        if SCHEDULES[snapshot.config.schedule].ends and snapshot.step:
            schedule, rate = snapshot.config.schedule, short(snapshot.learning_rate)
            yield f"The schedule, {schedule}, now spans them all: the rate is {rate}."
    elif outcome.name == "patience" and outcome.value:
        wait = times(outcome.value, "epoch")
        yield f"Patience: after {wait} without a lower validation loss it goes back to the lowest."
    elif outcome.name == "schedule":
        ahead = SCHEDULES[outcome.value]
        over = f" over {times(snapshot.config.epochs, 'epoch')}" if ahead.ends else ""
        yield f"Schedule: {ahead.title}{over}; the rate is {short(snapshot.learning_rate)} now."
    elif outcome.name == "optimizer":
        found = optimizer_of(snapshot.config)
        yield f"{found.title}: from here on each parameter w becomes {found.formula}."
    elif outcome.name in CONSTANTS:
        found = optimizer_of(snapshot.config)
        value, about = show(found.constants.get(outcome.name)), setting(outcome.name).about
        yield f"{setting(outcome.name).title.capitalize()} {value} from here on: {about}."
    elif outcome.name == "freeze" and outcome.value:
        yield f"Frozen, no update from here on: {', '.join(map(shown, outcome.value))}."
    elif outcome.name == "freeze":
        yield "Nothing is frozen: from here on every parameter gets its update."
    elif outcome.name == "clip" and outcome.value:
        longest = show(outcome.value)
        yield f"Clipping: a gradient longer than {longest} is shortened to {longest}, then used."
    elif outcome.name in ("l1", "l2") and outcome.value:
        formula = f"{show(outcome.value)} · {'Σ|w|' if outcome.name == 'l1' else 'Σw²'}"
        yield f"Penalty: {formula} over the weights; it pulls them to 0. The loss is without it."
    elif outcome.name == "batch_size" and outcome.value == 0:
        yield "Batch size: all rows."
    elif outcome.name == "batch_size" and outcome.value > snapshot.scene.rows:
        yield f"{too_large(outcome.value, snapshot.scene.rows).capitalize()}."
    elif outcome.name == "init":
        yield f"Init {outcome.value}: {INITIALIZERS[outcome.value].about}."
    elif outcome.name == "noise":
        yield noise_said(outcome.value)
    elif outcome.name != "pace":
        value = show(outcome.value) or "none"
        yield f"{outcome.name.replace('_', ' ').capitalize()}: {value}."
    if outcome.name in COMPARED and snapshot.step:
        yield with_keys(
            "Steps so far stay as they were; {key.restart} begins again with it and keeps this run."
        )
    if outcome.stayed:
        config, names = snapshot.config, outcome.stayed
        kept = listed(f"{setting(each).title} {show(getattr(config, each))}" for each in names)
        opened = listed(show(default_of(config, each)) for each in names)
        yield f"As before: {kept}; {config.experiment} by itself: {opened}."
    if snapshot.config.load and setting(outcome.name).effect == "restart":
        yield f"It starts from the parameters of {Path(snapshot.config.load).name}."
    if outcome.left is not None:
        yield from outcome_sentences(outcome.left, snapshot)


@dataclass(frozen=True)
class Taken:
    """Settings were taken from a map, with another start if the run began again with them."""

    values: tuple[tuple[str, Any], ...]
    restarted: bool


@outcome_sentences.register(Taken)
def _taken(outcome: Taken, snapshot: "Snapshot") -> Iterator[str]:
    values = ", ".join(f"{setting(name).title} {show(value)}" for name, value in outcome.values)
    yield f"Taken from the map: {values}."
    if outcome.restarted:
        yield "The run begins again with them; the old curve stays where it can."


@dataclass(frozen=True)
class Reshaped:
    """The person changed the network's shape or the data: what came or went.

    `point` is the row of the data that came, where one did.
    """

    changed: Literal["network", "data"]
    text: str
    before: float
    after: float
    point: int | None = None


@outcome_sentences.register(Reshaped)
def _reshaped(outcome: Reshaped, snapshot: "Snapshot") -> Iterator[str]:
    if outcome.changed == "data":
        yield f"{outcome.text}: {times(snapshot.scene.rows, 'row')} now."
    else:
        yield f"{outcome.text}: {snapshot.scene.formula}."
    if abs(outcome.after - outcome.before) < 0.5e-4:
        yield "The loss is the same as before, until it learns."
    elif np.isfinite(outcome.after) and np.isfinite(outcome.before):
        yield f"The loss went from {fixed(outcome.before)} to {fixed(outcome.after)}."


@dataclass(frozen=True)
class Placed:
    """A unit was added where it can mend most; the losses before and after."""

    placement: Placement
    before: float
    after: float


@outcome_sentences.register(Placed)
def _placed(outcome: Placed, snapshot: "Snapshot") -> Iterator[str]:
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


@dataclass(frozen=True)
class Saved:
    """The run, a part of it, or what is on the screen was written to a file."""

    path: str
    what: str


@outcome_sentences.register(Saved)
def _saved(outcome: Saved, snapshot: "Snapshot") -> Iterator[str]:
    yield f"Saved as {outcome.path}: {outcome.what}."


@dataclass(frozen=True)
class Opened:
    """The run of a session file took the place of the one before; its chosen point."""

    path: str
    events: int
    point: int = 0
    left: Left | None = None


@outcome_sentences.register(Opened)
def _opened(outcome: Opened, snapshot: "Snapshot") -> Iterator[str]:
    changed = f"changed by hand {times(outcome.events, 'time')}"
    by_hand = changed if outcome.events else "never changed by hand"
    yield f"Opened: {outcome.path}, a run of {times(snapshot.tip, 'step')}, {by_hand}."
    if outcome.left is not None:
        yield from outcome_sentences(outcome.left, snapshot)


@dataclass(frozen=True)
class TakenUp:
    """A kept run took the place of the one before, which is `kept` by that number."""

    number: int
    kept: int | None = None


@outcome_sentences.register(TakenUp)
def _taken_up(outcome: TakenUp, snapshot: "Snapshot") -> Iterator[str]:
    yield f"Run {outcome.number} is on the screen again, at its last step, {snapshot.step}."
    if outcome.kept is not None:
        yield f"The run before is kept as run {outcome.kept}."


Outcome = (
    Moved
    | Updated
    | Said
    | Reached
    | Changed
    | Taken
    | Reshaped
    | Placed
    | Saved
    | Left
    | Unloaded
    | Opened
    | TakenUp
    | Stop
    | Fit
    | Offered
    | Resumed
    | Measured
)
"""What came of the last thing done by hand, where the words have something to say about it."""
