"""When the next frame is due while a run goes on."""

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.timer import Timer

    from nn_tui.app.app import Laboratory

SHARE = 0.2  # of the time, which frames may take from training that goes as fast as it can
LEAST = 8.0  # frames a second, whatever one costs


class Frames:
    """As many frames a second as are asked for; at pace max only as many as leave training time.

    What the frames cost is the processor time of the screen's thread, which is the one that asks:
    training waits meanwhile, since the interpreter carries out one thread at a time.
    """

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        spent: Callable[[], float] = time.thread_time,
    ) -> None:
        self._shortest = 1 / per_second
        self._longest = max(self._shortest, 1 / LEAST)
        self._clock, self._spent = clock, spent
        self._begun, self._spent_before = -math.inf, 0.0
        self._due: Timer | None = None

    def ask(self, lab: "Laboratory") -> None:
        """While it runs, ask for the next frame when it is due, unless the terminal is behind."""
        if self._due is not None:
            self._due.stop()
            self._due = None
        if lab.snapshot is None or not lab.snapshot.running:
            return
        wait = self.wait(lab.snapshot.config.pace)
        if not wait:
            if not lab.is_behind:
                lab.look()
            wait = self._shortest
        self._due = lab.set_timer(wait, lambda: self.ask(lab))

    def wait(self, pace: float) -> float:
        """How many seconds there are to the next frame; at 0 it is due, and counts as begun.

        At a pace of so many steps a second a person follows them, and sees what was asked for.
        """
        now, spent = self._clock(), self._spent()
        apart = self._shortest
        if pace == math.inf:
            cost = spent - self._spent_before
            apart = min(max(apart, cost / SHARE), self._longest)
        if (left := self._begun + apart - now) > 0:
            return left
        self._begun, self._spent_before = now, spent
        return 0.0
