"""Requests: what the screen asks of the training thread, each a value with its own `apply`.

The training thread carries a request out between two steps.  A new request is a class here (one
that touches files in `file_requests`, one of a search in `search_requests`), and an entry in
`allowed` if a kiosk allows it.  Keys name requests before the first paint, so what needs NumPy is
imported only where a request is applied.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from nn_core.config import Config, setting
from nn_core.config.key_names import with_keys
from nn_core.errors import RequestError

LONGEST_STEP = 18  # digits
AT_START = "this is the start of the run"

if TYPE_CHECKING:
    from nn_core.explain.view_request import ViewRequest
    from nn_core.live.live_run import LiveRun


@dataclass(frozen=True)
class Request(ABC):
    """One thing asked of the training thread; one that has fields is a frozen dataclass itself.

    `files` says what of the disk it touches: nothing, the program's own state folder, or a file
    that a person names.  `refusal` is said where a kiosk doesn't allow it.
    """

    files: ClassVar[Literal["none", "own", "named"]] = "none"
    refusal: ClassVar[str] = "a kiosk doesn’t allow this"

    @abstractmethod
    def apply(self, run: "LiveRun") -> None:
        """Carry it out; `RequestError` in one line, and nothing changed, where it can't be."""


# --- looking and saying -------------------------------------------------------------------------


@dataclass(frozen=True)
class Look(Request):
    """Show a new snapshot, of what `view` asks for or of what was asked for last."""

    view: "ViewRequest | None" = None

    def apply(self, run: "LiveRun") -> None:
        if self.view is not None:
            run.look(self.view)


@dataclass(frozen=True)
class Complain(Request):
    """Show a sentence about what went wrong, or why a key does nothing now."""

    message: str

    def apply(self, run: "LiveRun") -> None:
        raise RequestError(self.message)


@dataclass(frozen=True)
class Dismiss(Request):
    """Show a complaint no longer, once a person has had it before the eyes and goes on.

    Another one, which came meanwhile, stays.
    """

    complaint: str

    def apply(self, run: "LiveRun") -> None:
        if run.complaint == self.complaint:
            run.complaint = ""


@dataclass(frozen=True)
class Say(Request):
    """Show a sentence about what the screen itself has done."""

    sentence: str

    def apply(self, run: "LiveRun") -> None:
        from nn_core.explain.outcomes import Said

        run.outcome = Said(self.sentence)


# --- time ---------------------------------------------------------------------------------------


class RunOrPause(Request):
    """Pause where it runs, else run; just after the run has ended a pause was meant."""

    def apply(self, run: "LiveRun") -> None:
        run.run_or_pause()


class StartRunning(Request):
    """Train to the epoch target; from there, as many epochs again."""

    def apply(self, run: "LiveRun") -> None:
        run.start()


@dataclass(frozen=True)
class Advance(Request):
    """Take so many steps."""

    steps: int

    def apply(self, run: "LiveRun") -> None:
        run.advance(self.steps)


class NextEpoch(Request):
    """Train to the end of this epoch."""

    def apply(self, run: "LiveRun") -> None:
        left = run.timeline.trainer.steps_left(run.timeline.state.epoch + 1)
        Advance(max(1, left)).apply(run)


class NextPhase(Request):
    """Carry out the next phase of the current step."""

    def apply(self, run: "LiveRun") -> None:
        run.hold()
        run.next_phase()


class Back(Request):
    """Go back a phase when inside a step or right after its update, else a step."""

    def apply(self, run: "LiveRun") -> None:
        _require_past(run)
        run.seek(*run.before)


@dataclass(frozen=True)
class BackSteps(Request):
    """Go so many steps back, or to the start where there are fewer."""

    steps: int

    def apply(self, run: "LiveRun") -> None:
        _require_past(run)
        run.seek(max(0, run.timeline.state.step - self.steps))


def _require_past(run: "LiveRun") -> None:
    """Raise `RequestError` at the start: a screen that is behind what was typed can't know."""
    if not (run.timeline.state.step or run.timeline.state.phase):
        raise RequestError(AT_START)


@dataclass(frozen=True)
class Seek(Request):
    """Go to a step of this run; train up to it where the run didn't get so far yet."""

    step: int

    def apply(self, run: "LiveRun") -> None:
        if self.step < 0:
            raise RequestError(f"step must be 0 or more; not {self.step}")
        if self.step <= run.timeline.tip:
            run.seek(self.step)
        else:
            run.advance(self.step - run.timeline.state.step)


@dataclass(frozen=True)
class SeekTyped(Request):
    """Go to the step whose number a person typed."""

    text: str

    def apply(self, run: "LiveRun") -> None:
        text = self.text.strip()
        if not (text.isdecimal() and len(text) <= LONGEST_STEP):
            raise RequestError(f"step must be a whole number, 0 or more; not {text[:40]!r}")
        Seek(int(text)).apply(run)


@dataclass(frozen=True)
class Restart(Request):
    """Begin again from the same start, or another run by its Config."""

    config: Config | None = None

    def apply(self, run: "LiveRun") -> None:
        begin = run.begin_fresh if self.config else run.restart
        begin(self.config)


class KeepCurve(Request):
    """Keep the loss curve so far, to compare with, and say so."""

    def apply(self, run: "LiveRun") -> None:
        from nn_core.explain.outcomes import Said

        if not run.timeline.tip:
            raise RequestError(with_keys("there is no curve to keep yet; {key.step} takes a step"))
        before = [each.number for each in run.timeline.kept]
        run.timeline.keep()
        after = [each.number for each in run.timeline.kept]
        if after == before:
            said = "This run is kept already, as it stands: {key.kept_runs} lists the kept ones."
        else:
            said = f"Kept as run {after[-1]}: {{key.kept_runs}} lists the kept ones."
        run.outcome = Said(with_keys(said))


class CompareRuns(Request):
    """Work out where the kept runs ended."""

    def apply(self, run: "LiveRun") -> None:
        run.compare()


@dataclass(frozen=True)
class TakeUp(Request):
    """Go on with a kept run, by its number, in place of this one, which is kept."""

    number: int

    def apply(self, run: "LiveRun") -> None:
        run.take_up(self.number)


@dataclass(frozen=True)
class Forget(Request):
    """Keep a kept run, by its number, no longer."""

    number: int

    def apply(self, run: "LiveRun") -> None:
        run.forget(self.number)


# --- values -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nudge(Request):
    """Change one parameter, counted over all of them, by an amount."""

    index: int
    amount: float

    def apply(self, run: "LiveRun") -> None:
        run.move(self.index, self.amount, "nudge", amount=self.amount)


@dataclass(frozen=True)
class Assign(Request):
    """Give one parameter, counted over all of them, a value."""

    index: int
    value: float

    def apply(self, run: "LiveRun") -> None:
        if not math.isfinite(self.value):
            raise RequestError(f"a parameter is a finite number; not {self.value}")
        run.require_parameter(self.index)
        before = float(run.timeline.state.parameters[self.index])
        run.move(self.index, self.value - before, "assign", value=self.value)


@dataclass(frozen=True)
class Set(Request):
    """Change a setting to what a person typed."""

    name: str
    text: str

    def apply(self, run: "LiveRun") -> None:
        run.set(self.name, setting(self.name).read(self.text))


@dataclass(frozen=True)
class Turn(Request):
    """Change a setting to the value beside it: up (+1) or down (−1)."""

    name: str
    way: int

    def apply(self, run: "LiveRun") -> None:
        from nn_core.optim.optimizers import in_force

        found, value = setting(self.name), in_force(run.timeline.config, self.name)
        if found.turn is None:
            raise RequestError(f"{found.title} is typed, not turned")
        run.require_setting(self.name)
        turned = found.turn(value, self.way)
        if turned != value:
            run.set(self.name, turned)


@dataclass(frozen=True)
class Freeze(Request):
    """Freeze a parameter or a layer, or, without `frozen`, let it have its updates again."""

    name: str
    frozen: bool = True

    def apply(self, run: "LiveRun") -> None:
        from nn_core.optim.freezing import frozen_names

        layout, before = run.timeline.state.layout, set(run.timeline.config.freeze)
        named = set(frozen_names(layout, (self.name,)))
        after = before | named if self.frozen else before - named
        run.set("freeze", frozen_names(layout, after))


class ToggleContest(Request):
    """Begin a contest with gradient descent at the run's start, or end the one that is on."""

    def apply(self, run: "LiveRun") -> None:
        run.toggle_contest()


class ShowHint(Request):
    """Show the gradient in a contest until the next move."""

    def apply(self, run: "LiveRun") -> None:
        if run.contest:
            run.contest.hint = True


# --- shape and data -----------------------------------------------------------------------------


@dataclass(frozen=True)
class AddUnit(Request):
    """Add a unit to a hidden layer, counted from 0."""

    layer: int

    def apply(self, run: "LiveRun") -> None:
        run.reshape("add_unit", f"A unit more in layer {self.layer + 1}", layer=self.layer)


@dataclass(frozen=True)
class RemoveUnit(Request):
    """Remove the last unit of a hidden layer, counted from 0."""

    layer: int

    def apply(self, run: "LiveRun") -> None:
        run.reshape("remove_unit", f"A unit less in layer {self.layer + 1}", layer=self.layer)


class PlaceUnit(Request):
    """Add a unit where it lowers the loss most."""

    def apply(self, run: "LiveRun") -> None:
        run.place_unit()


class AddLayer(Request):
    """Add a hidden layer before the output."""

    def apply(self, run: "LiveRun") -> None:
        run.reshape("add_layer", "A layer more, before the output")


class RemoveLayer(Request):
    """Remove the last hidden layer."""

    def apply(self, run: "LiveRun") -> None:
        run.reshape("remove_layer", "The last hidden layer is gone")


@dataclass(frozen=True)
class AddPoint(Request):
    """Add the data point that a person typed, as "1.5, 4"."""

    text: str

    def apply(self, run: "LiveRun") -> None:
        try:
            x, y = (float(part) for part in self.text.replace(";", ",").split(","))
        except ValueError:
            raise RequestError(f"a point is two numbers, as 1.5, 4; not {self.text!r}") from None
        run.reshape("add_point", "A point more", x=x, y=y)


@dataclass(frozen=True)
class RemovePoint(Request):
    """Delete a data point, counted from 0."""

    row: int

    def apply(self, run: "LiveRun") -> None:
        run.reshape("remove_point", f"Point {self.row + 1} is gone", row=self.row)
