"""Outcomes: what came of the last thing done by hand, each with the sentences about it.

To add one, write its class and, under it, what `outcome_sentences` says of it, and name it in the
union `Outcome`.  Those that come from another room have their sentences in `words.other_outcomes`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import singledispatch
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nn_core.analysis.batch_cost import Measured
from nn_core.analysis.placing import Placement
from nn_core.config import setting, show
from nn_core.config.key_names import with_keys
from nn_core.explain.rows import NumberRow
from nn_core.expressions import Expression, work_out
from nn_core.formatting import fixed, number, reading, short, signed, times
from nn_core.models.weights import Fit
from nn_core.run.chosen import Chosen
from nn_core.run.patience import Stop
from nn_core.storage.autosave import Offered, Resumed
from nn_core.training.state import State

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot


@singledispatch
def outcome_sentences(outcome: object, snapshot: "Snapshot") -> Iterator[str]:
    """What there is to say of an outcome, the most important first."""
    return iter(())


LONGEST_NAME = 32  # characters of a file's name in a sentence


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
    losses = f"from {fixed(outcome.before)} to {fixed(outcome.after)}"
    yield f"By all updates together the loss {way} {losses}."


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
class Outdated:
    """The run began again on data whose file, of this name, was written again since."""

    name: str


@dataclass(frozen=True)
class Changed:
    """The person changed a setting, from what it `was`.

    With a model `stayed` names others that did not follow it; `model` is what the run is of where
    that follows from its data.  `left` is what the run that began
    so leaves behind: the run before, where it can't be compared with it, or what was loaded there.
    """

    name: str
    value: Any
    was: Any = field(default=None, compare=False)
    stayed: tuple[str, ...] = ()
    left: Left | Unloaded | Outdated | None = None
    model: str = ""


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
    """The run of a session file took the place of the one before; what of it was looked at."""

    path: str
    events: int
    point: int = 0
    left: Left | None = None
    chosen: Chosen | None = None


@outcome_sentences.register(Opened)
def _opened(outcome: Opened, snapshot: "Snapshot") -> Iterator[str]:
    changed = f"changed by hand {times(outcome.events, 'time')}"
    by_hand = changed if outcome.events else "never changed by hand"
    yield f"Opened: {outcome.path}, a run of {times(snapshot.tip, 'step')}, {by_hand}."
    if outcome.left is not None:
        yield from outcome_sentences(outcome.left, snapshot)


@dataclass(frozen=True)
class TakenUp:
    """A copy of a kept run took the place of the one before, which is `kept` by that number.

    `stays`: the run itself is kept still; else there was no room for both.
    """

    number: int
    kept: int | None = None
    stays: bool = True


@outcome_sentences.register(TakenUp)
def _taken_up(outcome: TakenUp, snapshot: "Snapshot") -> Iterator[str]:
    yield f"Run {outcome.number} is on the screen again, at its last step, {snapshot.step}."
    if not outcome.stays:
        yield with_keys(
            f"It made room for the run before, kept as run {outcome.kept}: {{key.keep}} keeps it "
            "again."
        )
    elif outcome.kept is not None:
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
    | Outdated
    | Opened
    | TakenUp
    | Stop
    | Fit
    | Offered
    | Resumed
    | Measured
)
"""What came of the last thing done by hand, where the words have something to say about it."""
