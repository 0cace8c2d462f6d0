"""Requests of a lesson: to begin a task, to find where it was done, to come back to its start."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nn_core.live.requests import Request

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot
    from nn_core.lessons.goals import Comparison
    from nn_core.lessons.lesson import Start
    from nn_core.live.live_run import LiveRun


@dataclass(frozen=True, eq=False)
class BeginTask(Request):
    """Set the bookmark of a task: where `start` says, or where this run stands, or stood.

    `step` is the one at which it stood, where it may have run on since; `text` is a bookmark's from
    before, which is set again while the run stays where it is.
    """

    number: int
    start: "Start | None" = None
    step: int | None = None
    text: str = ""

    def apply(self, run: "LiveRun") -> None:
        if self.start is not None:
            run.tasks.begin(self.start)
        run.tasks.set_bookmark(self.number, self.step, self.text)


@dataclass(frozen=True, eq=False)
class MarkFirst(Request):
    """Set a bookmark at the first step since `before` at which the goal held, as it does `now`."""

    number: int
    goal: "tuple[Comparison, ...]"
    before: "Snapshot"
    now: "Snapshot"

    def apply(self, run: "LiveRun") -> None:
        from nn_core.lessons.looking_back import first_reached

        step = first_reached(run.timeline, self.goal, self.before, self.now)
        run.tasks.set_bookmark(self.number, step, "")


@dataclass(frozen=True)
class ReturnToTask(Request):
    """Come back to where a task began, to the bit; the curve since then stays, pale.

    From there on its bookmark has another number, `renumbered`: snapshots tell by it that they
    were made after the return.
    """

    number: int
    renumbered: int

    def apply(self, run: "LiveRun") -> None:
        run.tasks.return_to_bookmark(self.number, self.renumbered)


@dataclass(frozen=True, eq=False)
class SetAside(Request):
    """Put the run aside for a lesson; a new one begins at `start`.

    One that is aside already stays there: that on show is then of the lesson before.
    """

    start: "Start"

    def apply(self, run: "LiveRun") -> None:
        run.tasks.set_aside(self.start)


@dataclass(frozen=True)
class BringBack(Request):
    """Go on with the run that was put aside, as it stood; where none was, nothing happens."""

    def apply(self, run: "LiveRun") -> None:
        run.tasks.bring_back()
