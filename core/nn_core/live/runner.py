"""The Runner: the only thread beside the screen's, and the sole owner of the run.

Requests go into a queue and are carried out between two steps; what it shows is the newest frozen
Snapshot, a reference that anyone may read.  There are no locks and no message per step.
"""

import itertools
import math
import os
import select
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

from nn_core.analysis.batch_cost import Measured
from nn_core.config.limits import NO_LIMITS, Limits
from nn_core.errors import RequestError
from nn_core.explain.capture import capture_snapshot, note_reach
from nn_core.explain.insights import ViewMemory
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Activity, Snapshot
from nn_core.live.allowed import require_allowed
from nn_core.live.file_requests import Save
from nn_core.live.live_run import LiveRun
from nn_core.live.requests import Complain, Dismiss, KeepCurve, Look, Request
from nn_core.run.timeline import Timeline
from nn_core.run.twin import Twin
from nn_core.storage import export
from nn_core.storage.autosave import Autosave
from nn_core.training.trainer import Trainer

# A sleep of 0 takes two hundred times as long, but not every system selects from nothing.
_let_others_on = (
    partial(select.select, (), (), (), 0) if os.name == "posix" else partial(time.sleep, 0)
)
# How long training goes on before the queue is looked at: at a quarter of it a tenth of the speed
# goes into looking.
CHUNK_SECONDS = 2e-3
LONGEST_CHUNK = 4096  # steps
SWITCH_SECONDS = 1e-3
STOPPING_SECONDS = 1.0  # for what is being computed to end
LONGEST_WAIT = 3600.0  # seconds; a queue refuses to wait for centuries


class Runner:
    """Trains a run in a thread of its own, and carries out the requests made of it.

    `notify` is called, in that thread, each time `snapshot` is a new one.  While it runs by itself
    it makes a new snapshot only for a `Look`, so a screen gets exactly as many as it can draw.
    The run is saved by `autosave`, the last time when the thread stops.  What goes beyond the
    `limits` is refused like anything else that can't be done.
    """

    def __init__(
        self,
        build: Callable[[], Trainer | Timeline],
        notify: Callable[[], object],
        autosave: Autosave | None = None,
        limits: Limits = NO_LIMITS,
    ) -> None:
        self.snapshot: Snapshot | None = None
        self.failure: BaseException | None = None
        self._build, self._notify, self._limits = build, notify, limits
        self._autosave = autosave or Autosave(None)
        self._autosave.complain = lambda message: self.ask(Complain(message))
        self._queue: SimpleQueue[Request | None] = SimpleQueue()  # None wakes it to end
        self._numbers, self._answered = itertools.count(1), 0
        self._ending = self._is_saving = False
        self._stop_by = math.inf
        self._pictured: tuple[Trainer, int] | None = None  # of what and which target the scene is
        self._stale = False  # whether a newer snapshot is wanted
        self._rests_until = 0.0
        self._twin: Twin | None = None
        self._branched = self._begun_from = 0
        self._chunk = 64
        self._thread = threading.Thread(target=self._work, name="nn-tui training", daemon=True)

    def start(self) -> None:
        """Start the thread; the trainer, or the timeline to go on with, is built in it."""
        # The interpreter is handed over more often, so that keys are answered while it trains.
        sys.setswitchinterval(SWITCH_SECONDS)
        self._thread.start()

    def ask(self, request: Request) -> int:
        """Have a request carried out as soon as the current step is over.

        Returns how many were asked for by now: a snapshot shows what came of this one when as many
        were `answered`.
        """
        self._queue.put(request)
        return next(self._numbers)

    def stop(self) -> None:
        """End the thread and wait for it, within reason; not for a start that takes long.

        A computation that doesn't end is left behind, with the run as it was saved and noted last.
        Only a file that a person asked for is waited for as long as it takes to write.
        """
        self._ending = True
        self._queue.put(None)
        self._stop_by = min(self._stop_by, time.monotonic() + STOPPING_SECONDS)
        if self.snapshot is None:
            return
        while self._thread.is_alive() and (self._is_saving or time.monotonic() < self._stop_by):
            self._thread.join(max(0.05, self._stop_by - time.monotonic()))

    def save(self, path: Path) -> None:
        """Save the run to a file, once the thread has ended, unless it failed.

        `RequestError` where the thread is still at work.
        """
        if self.snapshot is not None and self.failure is None:
            if self._thread.is_alive():
                raise RequestError(f"{path} is not written: a computation has not ended")
            export.write(self._run.timeline, path)

    # --- the thread ---------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            built = self._build()
            timeline = Timeline(built) if isinstance(built, Trainer) else built
            self._run = LiveRun(timeline, self._limits, self._autosave, lambda: not self._ending)
            self._run.outcome = timeline.trainer.weights_loaded or self._autosave.greeting()
            self._publish()
            while self._serve():
                pass
            self._autosave.close(self._run.timeline)
        except Exception as error:  # the screen shows it; it must not get lost with the thread
            self._autosave.close(None)  # what stands there may be half of something
            self.failure = error
            self._notify()

    def _serve(self) -> bool:
        """Carry out what is asked, then train until it is time to look again; False at the end."""
        for request in self._requests():
            if request is None:
                self._run.journey.leave()
                self._run.settled = None
                return False
            if not self._ending or isinstance(request, Save):  # at the end only saving matters
                self._carry_out(request)
                self._note_reach()
            self._answered += 1
            self._stale = True
            if not isinstance(request, Look):
                self._rests_until = 0.0
                self._autosave.done()
        if self._run.journey.is_on:
            self._travel()
            return True
        self._follow()
        # A picture of a million rows takes long: training gets as much time as pictures do.
        if self._stale and (not self._run.running or time.monotonic() >= self._rests_until):
            self._publish()
        if self._run.search.is_on:
            self._search()
        elif self._run.running:
            self._train()
            self._autosave.trained()
        self._autosave.tend(self._run.timeline, self._run.running)
        return True

    def _requests(self) -> Iterator[Request | None]:
        """What is asked: the first is waited for as long as there is nothing else to do."""
        try:
            yield self._wait()
            while True:
                yield self._queue.get_nowait()
        except Empty:
            return

    def _wait(self) -> Request | None:
        """The next request; `Empty` where there is something else to do first."""
        run = self._run
        if run.journey.is_on:
            return self._queue.get_nowait()
        if not (run.running or run.search.is_on or self._twin_is_behind):
            return self._queue.get(timeout=min(self._autosave.pause, LONGEST_WAIT))
        paced = run.running and run.timeline.config.pace < math.inf and not run.search.is_on
        due = run.due if paced else 0.0
        if self._stale and not run.search.is_on:
            due = min(due, self._rests_until)
        pause = due - time.monotonic()
        if pause > 0:
            return self._queue.get(timeout=min(pause, self._autosave.pause, LONGEST_WAIT))
        # The screen's thread gets the interpreter's lock here, not when it is taken away.
        _let_others_on()
        return self._queue.get_nowait()

    def _carry_out(self, request: Request) -> None:
        if not isinstance(request, Look | Dismiss):
            self._run.complaint = ""
            self._run.timeline.kept.told()
        try:
            require_allowed(request, self._limits)
            if not isinstance(request, Look | Complain | Dismiss):
                self._run.journey.leave()
                self._run.settled, self._branched, self._begun_from = None, 0, 0
            self._is_saving = isinstance(request, Save)
            begun = self._run.timeline.first
            request.apply(self._run)
            if not isinstance(request, Look | Complain | Dismiss | KeepCurve):
                kept = self._run.timeline.kept.newest
                is_anew = self._run.timeline.first is not begun
                self._branched, self._begun_from = (0, kept) if is_anew else (kept, 0)
                if self._branched:  # the plot names it with where it ended, as it does the others
                    self._run.compare(within=self._run.timeline.replayed_at_once)
        except RequestError as error:
            self._run.complaint = str(error)
        finally:
            self._is_saving = False

    def _note_reach(self) -> None:
        if self._pictured is not None and self._pictured[0] is self._run.timeline.trainer:
            note_reach(self._run.timeline, self._view_memory)

    @property
    def _twin_is_behind(self) -> bool:
        return self._twin is not None and self._twin.is_behind

    def _follow(self) -> None:
        """Have a clean twin beside a run that doesn't zero its gradients, and let it follow."""
        timeline = self._run.timeline
        if timeline.config.zero_gradients:
            self._twin = None
            return
        if self._twin is None or self._twin.original is not timeline:
            self._twin = Twin(timeline)
        was_behind = self._twin_is_behind
        self._twin.follow(self._chunk)
        if was_behind and not self._twin_is_behind:
            self._stale = True

    def _publish(self) -> None:
        run = self._run
        trainer, target = run.timeline.trainer, run.view.target
        if self._pictured is None or self._pictured[0] is not trainer:
            self._view_memory, self._pictured = ViewMemory(), None
        if self._pictured != (trainer, target):
            self._scene, self._pictured = make_scene(run.timeline, target), (trainer, target)
        began = time.monotonic()
        self.snapshot = capture_snapshot(
            run.timeline,
            self._scene,
            run.view,
            Activity(
                running=run.running,
                outcome=run.outcome,
                complaint=run.complaint,
                search=run.search.found,
                contest=run.contest.score if run.contest else None,
                bookmark=run.tasks.bookmark,
                journey=run.journey.done,
                settled=run.settled,
                branched=self._branched,
                begun_from=self._begun_from,
                answered=self._answered,
            ),
            self._twin,
            self._view_memory,
        )
        run.timeline.history.accuracy = self.snapshot.accuracy  # with what was measured here
        self._stale = False
        self._rests_until = 2 * time.monotonic() - began
        self._notify()

    def _train(self) -> None:
        """Take the steps that are due, at most a chunk of them; stop where the run ends."""
        run, timeline, now = self._run, self._run.timeline, time.monotonic()
        left, pace = run.target.steps_left, timeline.config.pace
        if pace < math.inf:
            if now < run.due:
                return
            steps = int((now - run.due) * pace) + 1
            run.due += steps / pace
        else:
            steps = self._chunk
        # Where training is slower than the pace, the steps that are missed are not made up for.
        steps = min(steps, left, self._chunk)
        if steps:
            try:
                run.target.advance(steps)
            except RequestError as error:  # it has got as far as it may
                run.running, run.complaint = False, str(error)
                self._publish()
                return
            taken = time.monotonic() - now
            ratio = CHUNK_SECONDS / max(taken, 1e-9) * steps / self._chunk
            self._chunk = min(LONGEST_CHUNK, max(1, int(self._chunk * min(2.0, ratio))))
        if steps == left or run.target.stop or timeline.divergence:
            run.end()
            self._publish()

    def _travel(self) -> None:
        """Go on to where the run is to be, and show how far it has got."""
        try:
            news = self._run.journey.work()
        except RequestError as error:  # it has got as far as it may
            news, self._run.complaint = True, str(error)
        if news:
            self._publish()

    def _search(self) -> None:
        """Do the next part of the search that is on, and show what is new."""
        try:
            news = self._run.search.work()
        except RequestError as error:
            self._run.search.leave()
            news, self._run.complaint = True, str(error)
        if isinstance(news, Measured):
            self._run.outcome = news
        if news:
            self._publish()
