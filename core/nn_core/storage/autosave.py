"""Autosave: the run on disk within a second of each change, and every second of training.

The text of the session is made in the training thread, between two steps; a thread of its own
writes it, so that training never waits for a disk.  A large session is made seldom; what was done
by hand since the last one is noted beside it at once, and each second how far the run got, which
leads there by a replay.  Where saving fails, that is said once.
"""

import math
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue

from nn_core.errors import RequestError
from nn_core.run.chosen import Chosen
from nn_core.run.timeline import Timeline
from nn_core.storage import kept_runs
from nn_core.storage.kept_runs import NO_RUN, KeptRun
from nn_core.storage.session import DamagedSessionError, Session, compose, outline, read
from nn_core.storage.session_note import Base, note

SOON = 0.3  # seconds after something is done by hand; what else is done meanwhile is saved with it
EVERY = 3.0  # seconds of training, after which it is saved with what spares its replay
NOTED = 1.0  # seconds of training, after which it is noted how far it got
RESTS = 150  # times as long as making the text took, none is made: 0.7 % of training
BUSY = 0.05  # seconds between two looks at whether the disk has taken the one before
CLOSING_SECONDS = 0.8  # for the disk to take the last one
MOST_NUMBERS = 250_000  # parameters; a larger network's take too long, its run is replayed


@dataclass(frozen=True)
class Offered:
    """There is a run from before to go on with, and where it stopped.

    `cut`: as in `Resumed`.  `count` are all runs that can be gone on with.
    """

    experiment: str
    step: int
    cut: bool = False
    count: int = 1


@dataclass(frozen=True)
class Resumed:
    """The last run goes on where it stopped; `mended` where its newest save was damaged.

    `point` is the row of the data that was chosen, `chosen` what else was.  `cut`: it was ended
    by force while it trained, and what it trained after its newest save is lost.
    """

    experiment: str
    step: int
    mended: bool
    point: int = 0
    cut: bool = False
    chosen: Chosen | None = field(default=None, compare=False)


@dataclass(frozen=True, eq=False)
class LastRun:
    """A run to go on with: locked, read, and what there is to say of it."""

    kept: KeptRun
    session: Session
    outcome: Resumed


@dataclass(frozen=True)
class _Save:
    """A session's text, of a run that trains on or stands still."""

    data: bytes
    trains: bool


@dataclass(frozen=True)
class _Note:
    """To be written beside the newest save."""

    data: bytes


@dataclass(frozen=True)
class _Another:
    """What is saved from here on is another run."""


class Autosave:
    """Keeps the run of one program in a state folder, and finds there what ran before.

    `folder` finds that folder; with None nothing is kept and nothing found.  With `offers` the last
    run is named at the start.  `complain` is called, in the writing thread, with one line where
    saving begins to fail.  All else belongs to the training thread, once that has started.
    """

    def __init__(self, folder: Callable[[], Path] | None, offers: bool = False) -> None:
        self.complain: Callable[[str], object] = lambda message: None
        self._folder, self._offers = folder, offers
        self._resumed: Resumed | None = None
        self._due = math.inf
        self._note_due = math.inf
        self._rests_until = 0.0
        self._base: Base | None = None  # the newest save
        self._kept: KeptRun | None = None  # the writing thread's own, once there is one
        self._seen: list[Path] = []  # the folders left for a last run, one after the other
        self._is_failing = False
        self._jobs: SimpleQueue[_Save | _Note | _Another | KeptRun | None] = SimpleQueue()
        self._count = 0  # of jobs that aren't done yet
        self._counting = threading.Condition()
        self._thread: threading.Thread | None = None

    # --- what ran before ----------------------------------------------------------------------

    def greeting(self) -> Resumed | Offered | None:
        """What there is to say at the start: what was resumed, or what could be."""
        if self._resumed or not self._offers:
            return self._resumed
        with suppress(RequestError):
            return self.offer()
        return None

    def offer(self) -> Offered | None:
        """The run to go on with that was left last, and how many there are; None without."""
        offered: Offered | None = None
        for kept in kept_runs.free(self._state()):
            kept.release()  # what is offered may be taken by another; it is only looked at
            if offered is not None:
                offered = replace(offered, count=offered.count + 1)
                continue
            for path in kept.saves:
                with suppress(RequestError):
                    found = outline(path)
                    if found.is_begun:
                        offered = Offered(found.experiment, found.step, kept.trained_on)
                    break
        return offered

    def resume(self) -> Session:
        """Go on keeping the last run; what it says.  `RequestError` where there is none."""
        last = self.last_run()
        self.go_on_with(last)
        self._resumed = last.outcome
        return last.session

    def last_run(self, name: str = "") -> LastRun:
        """The run that was saved last, of those that no other process has, or the one of this name.

        A damaged save is set aside, and the one before it is taken; a run that was never begun,
        as older programs saved, is passed over.  Asked for again and again it leads back through
        all of them.  `RequestError` where there is no run to go on with, or what it needs isn't
        there.
        """
        self._wait()  # the run before this one may still be on its way
        aside: list[Path] = []
        for kept in kept_runs.free(self._state(), self._seen):
            if name not in ("", kept.folder.name):
                kept.release()
                continue
            refusals = []
            for path in kept.saves:
                try:
                    session = read(path)
                except DamagedSessionError:
                    aside.append(kept_runs.set_aside(path))
                except RequestError as error:
                    refusals.append(error)
                else:
                    if not session.is_begun:
                        break
                    mended = bool(aside or refusals)
                    outcome = Resumed(
                        session.config.experiment,
                        session.step,
                        mended,
                        session.point,
                        kept.trained_on,
                        session.chosen,
                    )
                    return LastRun(kept, session, outcome)
            kept.release()
            if refusals:
                raise refusals[0]
        if aside:
            raise RequestError(f"the last run is damaged; it was set aside as {aside[0]}")
        if name:
            raise RequestError("that run is not there any more, or another nn-tui has it open")
        own = self._kept.folder if self._kept is not None else None
        if any(kept_runs.saves(each) for each in kept_runs.taken(self._state()) if each != own):
            raise RequestError("another nn-tui has the last run open; once it ends, this can go on")
        raise RequestError(NO_RUN)

    def go_on_with(self, last: LastRun) -> None:
        """Keep this run from here on; the one before stays as it was saved last."""
        self._base = None
        self._put(last.kept)

    def begin_another(self) -> None:
        """Keep what comes from here on as another run; the one before stays as saved last."""
        self._base = None
        if self._folder is not None:
            self._put(_Another())

    def _state(self) -> Path:
        if self._folder is None:
            raise RequestError("no runs are saved here")
        return self._folder()

    # --- saving -------------------------------------------------------------------------------

    @property
    def saves(self) -> bool:
        """Whether runs are saved, as far as is known."""
        return self._folder is not None and not self._is_failing

    def touch(self, seconds: float) -> None:
        """Take note that there is something to save, in so many seconds at the latest."""
        if self._folder is not None:
            self._due = min(self._due, max(time.monotonic() + seconds, self._rests_until))

    def done(self) -> None:
        """Take note that something was done by hand: it is to be on the disk soon.

        Where the next save can't come so soon, a note of what was done since the last one can.
        """
        self.touch(SOON)
        if self._folder is not None:
            self._note_due = min(self._note_due, time.monotonic() + SOON)

    def trained(self) -> None:
        """Take note that steps were taken: in a second it is to be on the disk how many."""
        self.touch(EVERY)
        if self._base is not None:
            self._note_due = min(self._note_due, time.monotonic() + NOTED)

    @property
    def pause(self) -> float:
        """Seconds until `tend` has something to do; infinite where there is nothing."""
        due = min(self._due, self._note_due)
        return BUSY if self._count else max(0.0, due - time.monotonic())

    def tend(self, timeline: Timeline, trains: bool = False) -> None:
        """Save the run where that is due, and the disk has taken what was saved before.

        `trains`: whether it is training just now.
        """
        if self._is_failing:
            self.touch(EVERY)
            self._base = None
        now = time.monotonic()
        if self._count:
            return
        if now >= self._due:
            self.save(timeline, trains)
        elif now >= self._note_due:
            self._write_note(timeline, trains)

    def _write_note(self, timeline: Timeline, trains: bool = False) -> None:
        self._note_due = math.inf
        found = note(self._base, timeline) if self._base else None
        if found is None:
            self.save(timeline, trains)
        else:
            self._put(_Note(found))

    def save(self, timeline: Timeline, trains: bool = False) -> None:
        """Save the run where something is still to be saved, whether it is due or not.

        One that isn't begun would take the place of the last run, and is not saved.
        """
        if self._due == math.inf:
            return
        self._due = self._note_due = math.inf
        if not timeline.is_begun:
            return
        began = time.thread_time()
        try:
            resumable = timeline.state.parameters.size <= MOST_NUMBERS
            text, self._base = compose(timeline, resumable)
        except RequestError as error:
            self._fail(error)
            return
        taken = time.thread_time() - began
        self._rests_until = time.monotonic() + RESTS * taken
        self._put(_Save(text.encode(), trains))

    def close(self, timeline: Timeline | None) -> None:
        """Save what isn't yet, wait until it is written, and leave the run to others."""
        if timeline is not None:
            if self._note_due < math.inf and self._base is not None:
                self._write_note(timeline)  # which may be all that there is time for
            self.save(timeline)
        if self._thread is not None:
            self._put(None)
            self._wait()

    def _wait(self) -> None:
        """Wait until the disk has taken everything, within reason."""
        with self._counting:
            self._counting.wait_for(lambda: not self._count, CLOSING_SECONDS)

    def _put(self, job: _Save | _Note | _Another | KeptRun | None) -> None:
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._write_all, name="nn-tui autosave", daemon=True
            )
            self._thread.start()
        with self._counting:
            self._count += 1
        self._jobs.put(job)

    # --- the writing thread -------------------------------------------------------------------

    def _write_all(self) -> None:
        is_over = False
        while not is_over:
            job = self._jobs.get()
            if isinstance(job, _Save | _Note):
                self._try_to_write(job)
            elif isinstance(job, _Another):
                self._keep(None)
                self._seen.clear()
            else:
                is_over = job is None
                self._keep(job)
            with self._counting:
                self._count -= 1
                self._counting.notify_all()

    def _try_to_write(self, data: _Save | _Note) -> None:
        try:
            self._write(data)
            self._is_failing = False
        except (RequestError, OSError) as error:
            self._fail(error)

    def _write(self, data: _Save | _Note) -> None:
        if isinstance(data, _Note):
            if self._kept is not None:
                self._kept.save_note(data.data)
            return
        state = self._state()
        if self._kept is None or not self._kept.folder.is_dir():
            self._keep(None)
            self._kept = KeptRun.begin(state)
            kept_runs.clean_up(state)
        self._kept.save(data.data, data.trains)

    def _keep(self, kept: KeptRun | None) -> None:
        if self._kept is not None:
            if not self._is_failing:  # all that was to be saved has been
                self._kept.settle()
            self._kept.leave()
            self._seen.append(self._kept.folder)
        self._kept = kept
        if kept is not None and kept.folder in self._seen:
            self._seen.remove(kept.folder)

    def _fail(self, error: Exception) -> None:
        """Say that saving fails, unless that has been said since it last worked."""
        if not self._is_failing:
            self._is_failing = True
            place, _, reason = str(error).rpartition(": ")  # what matters first: lines are short
            self.complain(f"autosave: {reason}" + (f" ({place})" if place else ""))
