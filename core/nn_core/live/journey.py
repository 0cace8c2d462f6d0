"""A journey: the run on its way to another step, which may take long and be given up."""

import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from nn_core.config import Config, setting, settings, show
from nn_core.explain.outcomes import Said
from nn_core.run.timeline import Timeline

if TYPE_CHECKING:
    from nn_core.live.live_run import LiveRun

AT_ONCE_SECONDS = 0.05  # a journey no longer than this is over before anything is shown of it
PART_SECONDS = 0.01  # between two looks at the queue
PROGRESS_SECONDS = 0.1

Way = Generator[float]  # yields which part of it is done


class Journey:
    """The journey that is on, if any, made a part at a time between two looks at the queue."""

    def __init__(self) -> None:
        self._way: Way | None = None
        self.done: float | None = None  # which part of it; None where there is none
        self._due = 0.0  # when the progress is said next

    @property
    def is_on(self) -> bool:
        """Whether there is some way left."""
        return self._way is not None

    def begin(self, way: Way) -> None:
        """Set out, and get there if it is near."""
        self.leave()
        self._way = way
        self._go_on(AT_ONCE_SECONDS)

    def leave(self) -> None:
        """Go no further; what was sought is where it was before, what was trained is kept."""
        if self._way is not None:
            self._way.close()
        self._way = self.done = None

    def work(self) -> bool:
        """Go on for a moment; whether there is something new to show.

        `RequestError` where the run may not get further.
        """
        self._go_on(PART_SECONDS)
        if self.is_on and time.monotonic() < self._due:
            return False
        self._due = time.monotonic() + PROGRESS_SECONDS
        return True

    def _go_on(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        way, self._way = self._way, None  # where it raises, it is over
        done = self.done = None
        while way is not None:
            done = next(way, None)
            if done is None:
                return
            if time.monotonic() >= end:
                self._way, self.done = way, done
                return


def seeking(run: "LiveRun", step: int, phase: int) -> Way:
    """To another step of the run, bit by bit; says which settings are others there."""
    before = run.timeline.config
    yield from run.timeline.seeking(step, phase)
    changed = settings_of_then(before, run.timeline.config)
    if changed:
        run.outcome = Said(f"At step {step} other settings hold: {changed}.")


def settings_of_then(before: Config, then: Config) -> str:
    """The settings that differ, with what they are and were; "" where none does."""
    return ", ".join(
        f"{_called(each.name)} {_spelled(each.name, new)} (was {_spelled(each.name, old)})"
        for each in settings()
        for old, new in [(getattr(before, each.name), getattr(then, each.name))]
        if old != new
    )


def _called(name: str) -> str:
    return "zeroing" if name == "zero_gradients" else setting(name).title


def _spelled(name: str, value: Any) -> str:
    return setting(name).spell(show(value)) or "none"


def advancing(timeline: Timeline, steps: int) -> Way:
    """So many steps on, bit by bit."""
    end = timeline.state.step + steps
    while (left := end - timeline.state.step) > 0:
        timeline.advance(min(left, timeline.replayed_at_once))
        if timeline.divergence:
            return
        yield 1 - left / steps
