"""Requests: what the screen asks of the training thread, each a value with its own `apply`.

The training thread carries a request out between two steps.  Here are those of looking, saying and
time; beside them lie `edit_requests`, which change the run by hand, `file_requests`,
`search_requests` and `task_requests`.  A new one is a class in one of these, and an entry in
`allowed` if a kiosk allows it.  Keys name requests before the first paint, so what needs NumPy is
imported only where a request is applied.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from nn_core.config import Config
from nn_core.config.key_names import with_keys
from nn_core.errors import RequestError

LONGEST_STEP = 18  # digits
AT_START = "this is the start of the run; {key.up+down} choose a row"  # as that of b

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
        raise RequestError(with_keys(AT_START))


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
    """Go on with a copy of a kept run, by its number, in place of this one, which is kept too."""

    number: int

    def apply(self, run: "LiveRun") -> None:
        run.take_up(self.number)


@dataclass(frozen=True)
class Forget(Request):
    """Keep a kept run, by its number, no longer."""

    number: int

    def apply(self, run: "LiveRun") -> None:
        run.forget(self.number)
