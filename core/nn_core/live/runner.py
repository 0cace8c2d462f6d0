"""The Runner: the only thread beside the screen's, and the sole owner of the Timeline.

What is asked of it goes into a queue and is applied between two steps; what it shows is the newest
frozen Snapshot, a reference that anyone may read.  There are no locks and no message per step.
"""

import math
import select
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np

from nn_core.analysis import gradient_check, placing
from nn_core.analysis.batch_cost import Measured, measure
from nn_core.analysis.gradient_check import Checked
from nn_core.analysis.rate_finder import Finding, search
from nn_core.config import Config, setting
from nn_core.config.limits import NO_LIMITS, Limits
from nn_core.data.functions import TARGETS
from nn_core.disk import typed_path
from nn_core.errors import RequestError
from nn_core.explain.capture import capture_snapshot, chosen_number
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import (
    Changed,
    Moved,
    Opened,
    Outcome,
    Placed,
    Reshaped,
    Saved,
    Settled,
    Snapshot,
    Updated,
    ViewRequest,
)
from nn_core.formatting import listed
from nn_core.models import weights
from nn_core.optim.freezing import frozen_names
from nn_core.run.contest import Contest
from nn_core.run.timeline import Timeline
from nn_core.run.twin import Twin
from nn_core.storage import export, session
from nn_core.storage.autosave import EVERY, SOON, Autosave
from nn_core.training.state import PHASES
from nn_core.training.trainer import Trainer

CHUNK_SECONDS = 0.5e-3  # how long training goes on before the queue is looked at
LONGEST_CHUNK = 4096  # steps
SWITCH_SECONDS = 1e-3
PROGRESS_SECONDS = 0.1  # how often a search says how far it is
LONGEST_WAIT = 3600.0  # seconds; a queue refuses to wait for centuries

Search = Generator[float, None, Finding | Checked | Measured]


class Runner:
    """Runs a Timeline in a thread of its own.

    `ask(name, *arguments)` calls the method `_name` between two steps; `notify` is called, in the
    runner's thread, each time `snapshot` is a new one.  While it runs by itself it makes a new
    snapshot only when someone asks to `look`, so a screen gets exactly as many as it can draw.
    The run is kept by `autosave`, the last time when it stops.  What goes beyond the `limits` is
    refused, as what can't be done is.
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
        self._autosave.complain = lambda message: self.ask("complain", message)
        self._queue: SimpleQueue[tuple[str, tuple[Any, ...]]] = SimpleQueue()
        self._request = ViewRequest()
        self._running = self._ending = False
        self._pictured: Trainer | None = None  # the one of which the scene was made
        self._outcome: Outcome | None = None
        self._complaint = ""
        self._stale = False  # whether a newer snapshot is wanted
        self._rests_until = 0.0
        self._search: Search | None = None
        self._found: Finding | Checked | float | None = None
        self._contest: Contest | None = None
        self._twin: Twin | None = None
        self._chunk = 64
        self._due = 0.0  # when the next step is, or the search's next word
        self._thread = threading.Thread(target=self._work, name="nn-tui training", daemon=True)

    def start(self) -> None:
        """Start the thread; the trainer, or the timeline to go on with, is built in it."""
        # The interpreter is handed over more often, so that keys are answered while it trains.
        sys.setswitchinterval(SWITCH_SECONDS)
        self._thread.start()

    def ask(self, name: str, *arguments: Any) -> None:
        """Have something done as soon as the step at hand is over."""
        self._queue.put((name, arguments))

    def stop(self) -> None:
        """End the thread and wait for it; not for a start that takes long, which leaves nothing."""
        self._ending = True
        self.ask("end")
        if self._thread.is_alive() and self.snapshot is not None:
            self._thread.join()

    def save(self, path: Path) -> None:
        """Save the run to a file, once the thread has ended, unless it failed."""
        if self.snapshot is not None and self.failure is None:
            export.write(self._timeline, path)

    # --- the thread ---------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            built = self._build()
            self._timeline = Timeline(built) if isinstance(built, Trainer) else built
            self._timeline.bind(self._limits)
            self._outcome = self._timeline.trainer.weights_loaded or self._autosave.greeting()
            self._publish()
            while self._serve():
                pass
            self._autosave.close(self._timeline)
        except Exception as error:  # shown by whoever started the thread; it must not die unseen
            self._autosave.close(None)  # what stands there may be half of something
            self.failure = error
            self._notify()

    def _serve(self) -> bool:
        """Do what is asked, then train until it is time to look again; False at the end."""
        asked = self._next_asked()
        while asked is not None:
            name, arguments = asked
            if name == "end":
                return False
            if not self._ending or name == "save":  # who has left waits for nothing else
                self._carry_out(name, arguments)
            self._stale = True
            if name != "look":
                self._rests_until = 0.0
                self._autosave.touch(SOON)
            asked = self._next_asked(waits=False)
        self._follow()
        # A picture of a million rows takes long: training gets as much time as pictures do.
        if self._stale and (not self._running or time.monotonic() >= self._rests_until):
            self._publish()
        if self._search:
            self._go_on_searching(self._search)
        elif self._running:
            self._train()
            self._autosave.touch(EVERY)
        self._autosave.tend(self._timeline)
        return True

    def _next_asked(self, waits: bool = True) -> tuple[str, tuple[Any, ...]] | None:
        try:
            if not waits:
                return self._queue.get_nowait()
            if not (self._running or self._search or self._twin_is_behind):
                return self._queue.get(timeout=min(self._autosave.pause, LONGEST_WAIT))
            paced = self._running and self._pace < math.inf and not self._search
            due = self._due if paced else 0.0
            if self._stale and not self._search:
                due = min(due, self._rests_until)
            pause = due - time.monotonic()
            if pause > 0:
                pause = min(pause, self._autosave.pause, LONGEST_WAIT)
                return self._queue.get(timeout=pause)
            # The screen's thread gets the interpreter's lock here, not when it is taken away.
            # A sleep of 0 would do it too, but takes two hundred times as long.
            select.select((), (), (), 0)
            return self._queue.get_nowait()
        except Empty:
            return None

    def _carry_out(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name != "look":
            self._complaint = ""
        try:
            self._limits.require_request(name)
            getattr(self, f"_{name}")(*arguments)
        except RequestError as error:
            self._complaint = str(error)

    @property
    def _twin_is_behind(self) -> bool:
        return self._twin is not None and self._twin.is_behind

    def _follow(self) -> None:
        """Have a clean twin beside a run that doesn't zero its gradients, and let it follow."""
        if self._timeline.config.zero_gradients:
            self._twin = None
            return
        if self._twin is None or self._twin.original is not self._timeline:
            self._twin = Twin(self._timeline)
        was_behind = self._twin_is_behind
        self._twin.follow(self._chunk)
        if was_behind and not self._twin_is_behind:
            self._stale = True

    def _publish(self) -> None:
        if self._pictured is not self._timeline.trainer:
            self._pictured = self._timeline.trainer
            self._scene = make_scene(self._timeline)
        began = time.monotonic()
        self.snapshot = capture_snapshot(
            self._timeline,
            self._scene,
            self._request,
            self._running,
            self._outcome,
            self._complaint,
            self._found,
            self._contest.score if self._contest else None,
            self._twin,
        )
        self._stale = False
        self._rests_until = 2 * time.monotonic() - began
        self._notify()

    @property
    def _pace(self) -> float:
        return self._timeline.config.pace

    def _train(self) -> None:
        left = self._timeline.trainer.steps_left(self._timeline.config.epochs)
        now = time.monotonic()
        if self._pace < math.inf:
            if now < self._due:
                return
            steps = int((now - self._due) * self._pace) + 1
            self._due += steps / self._pace
        else:
            steps = self._chunk
        # A pace that can't be kept must not become a debt of steps.
        steps = min(steps, left, self._chunk)
        if steps:
            try:
                self._timeline.advance(steps)
            except RequestError as error:  # it has got as far as it may
                self._running, self._complaint = False, str(error)
                self._publish()
                return
            taken = time.monotonic() - now
            ratio = CHUNK_SECONDS / max(taken, 1e-9) * steps / self._chunk
            self._chunk = min(LONGEST_CHUNK, max(1, int(self._chunk * min(2.0, ratio))))
        if steps == left or self._timeline.divergence:
            self._running = False
            self._publish()

    def _go_on_searching(self, search: Search) -> None:
        """Do the next part of the finder's, the gradient check's or the measuring's work."""
        try:
            self._found = next(search)
            if time.monotonic() < self._due:
                return
        except StopIteration as end:
            self._search = None
            if isinstance(end.value, Measured):
                self._found, self._outcome = None, end.value
            else:
                self._found = end.value
        self._due = time.monotonic() + PROGRESS_SECONDS
        self._publish()

    # --- what can be asked --------------------------------------------------------------------

    def _look(self, request: ViewRequest | None = None) -> None:
        self._request = request or self._request

    def _refuse(self, why: str) -> None:
        """Have it said why something that a person asked for isn't done."""
        raise RequestError(why)

    def _toggle(self) -> None:
        """Run, or pause where it runs."""
        if self._running:
            self._running = False
        else:
            self._run()

    def _run(self) -> None:
        """Train to the epoch target; from there, as many epochs again."""
        timeline = self._timeline
        if timeline.trainer.steps_left(timeline.config.epochs) == 0:
            more = timeline.state.epoch + timeline.trainer.config.epochs
            self._do_set("epochs", more)
        else:
            self._outcome = None
        self._contest = None
        self._due = time.monotonic()
        self._running = True

    def _hold(self) -> None:
        """Stop running by itself, as every key that takes the run elsewhere does."""
        self._running = False
        self._end_contest()

    def _end_contest(self) -> None:
        """End the contest that is on, and note how it ended."""
        score, self._contest = self._contest.score if self._contest else None, None
        self._outcome = Settled(score) if score and score.moves else None

    def _advance(self, steps: int) -> None:
        self._hold()
        self._timeline.advance(steps)

    def _next_epoch(self) -> None:
        self._advance(max(1, self._timeline.trainer.steps_left(self._timeline.state.epoch + 1)))

    def _phase(self) -> None:
        self._hold()
        timeline = self._timeline
        if timeline.state.phase < len(PHASES) - 1:
            timeline.phase()
            return
        before, state = timeline.trainer.loss(), timeline.state.copy()
        timeline.phase()
        moves = timeline.state.parameters - state.parameters
        most = int(np.abs(moves).argmax())
        self._outcome = Updated(
            timeline.state.layout.label(most),
            float(moves[most]),
            float(timeline.state.parameters[most]),
            before,
            timeline.trainer.loss(),
            state,
        )

    def _back(self) -> None:
        self._hold()
        self._timeline.back()

    def _seek(self, step: int) -> None:
        if not 0 <= step <= self._timeline.tip:
            raise RequestError(
                f"step must be from 0 to {self._timeline.tip}, where this run got to"
            )
        self._hold()
        self._timeline.seek(step)

    def _jump(self, text: str) -> None:
        """Go to the step that a person typed."""
        if not text.strip().isdecimal():
            raise RequestError(f"step must be a whole number; not {text!r}")
        self._seek(int(text))

    def _keep(self) -> None:
        self._timeline.keep()

    def _restart(self, config: Config | None = None) -> None:
        self._timeline.restart(config)
        self._hold()

    def _nudge(self, index: int, amount: float) -> None:
        self._move(index, amount, "nudge", amount=amount)

    def _assign(self, index: int, value: float) -> None:
        if not math.isfinite(value):
            raise RequestError(f"a parameter is a finite number; not {value}")
        self._require_parameter(index)
        before = float(self._timeline.state.parameters[index])
        self._move(index, value - before, "assign", value=value)

    def _move(self, index: int, by: float, kind: str, **number: float) -> None:
        """Move one parameter, and note what the gradient said that this would do."""
        self._require_parameter(index)
        timeline = self._timeline
        before, gradient = timeline.trainer.loss(), float(timeline.trainer.gradient()[index])
        self._running = False
        timeline.do(kind, index=index, **number)
        label = timeline.state.layout.label(index)
        self._outcome = Moved(label, by, before, timeline.trainer.loss(), gradient)
        if self._contest:
            self._contest.move(timeline.trainer)

    def _require_parameter(self, index: int) -> None:
        """Raise `RequestError` where the one that was meant has gone since it was shown."""
        count = self._timeline.state.parameters.size
        if not 0 <= index < count:
            raise RequestError(f"there is no parameter {index + 1}; there are {count}")

    def _turn_contest(self) -> None:
        """Begin a contest with gradient descent at the run's start, or end the one that is on."""
        if self._contest:
            self._end_contest()
            return
        if self._timeline.trainer.model.kind == "mlp":
            raise RequestError("a contest needs a model that hands can turn: quadratic, or relu")
        self._restart()
        self._contest = Contest(self._timeline.trainer)

    def _hint(self) -> None:
        """Let the gradient be seen until the next move."""
        if self._contest:
            self._contest.hint = True

    def _add_unit(self, layer: int) -> None:
        self._reshape("add_unit", f"A unit more in layer {layer + 1}", layer=layer)

    def _remove_unit(self, layer: int) -> None:
        self._reshape("remove_unit", f"A unit less in layer {layer + 1}", layer=layer)

    def _place_unit(self) -> None:
        """Add a unit where it can mend most."""
        timeline = self._timeline
        found, before = placing.find(timeline.trainer), timeline.trainer.loss()
        timeline.do("place_unit", weight=found.weight, bias=found.bias, outgoing=found.outgoing)
        self._hold()
        self._outcome = Placed(found, before, timeline.trainer.loss())

    def _add_layer(self) -> None:
        self._reshape("add_layer", "A layer more, before the output")

    def _remove_layer(self) -> None:
        self._reshape("remove_layer", "The last hidden layer is gone")

    def _add_point(self, text: str) -> None:
        try:
            x, y = (float(part) for part in text.replace(";", ",").split(","))
        except ValueError:
            raise RequestError(f"a point is two numbers, as 1.5, 4; not {text!r}") from None
        self._reshape("add_point", "A point more", x=x, y=y)

    def _remove_point(self, row: int) -> None:
        self._reshape("remove_point", f"Point {row + 1} is gone", row=row)

    def _reshape(self, kind: str, text: str, **arguments: Any) -> None:
        before = self._timeline.trainer.loss()
        self._timeline.do(kind, **arguments)
        self._hold()
        self._outcome = Reshaped(kind, text, before, self._timeline.trainer.loss())

    def _load(self, text: str, partial: bool = False, freeze: bool = False) -> None:
        """Load the parameters of the file that a person named; `freeze` those loaded."""
        timeline, state = self._timeline, self._timeline.state
        arrays, fit = weights.load(typed_path(text), state.layout, state.parameters.dtype, partial)
        self._running = False
        timeline.do("load", values=weights.as_tuples(arrays))
        if freeze:
            frozen = frozen_names(state.layout, (*timeline.config.freeze, *fit.loaded))
            timeline.do("set", name="freeze", value=frozen)
        self._outcome = fit

    def _load_partial(self, text: str) -> None:
        self._load(text, partial=True)

    def _load_and_freeze(self, text: str) -> None:
        self._load(text, partial=True, freeze=True)

    def _save(self, text: str, picture: str = "") -> None:
        """Save the run, or the picture of it, in the form that the file's name asks for."""
        form = export.write(self._timeline, typed_path(text), picture)
        names = listed(self._timeline.trainer.model.parameters)
        self._outcome = Saved(
            text.strip(), names if form.title == "weights" else f"the {form.title}"
        )

    def _open_session(self, text: str) -> None:
        """Go on with the run of a session file in place of this one."""
        stored = session.read(typed_path(text))
        self._timeline = session.replay(stored, lambda: not self._ending)
        self._hold()
        self._outcome = Opened(text.strip(), len(self._timeline.events))

    def _resume(self) -> None:
        """Go on with the last run in place of this one, which is kept."""
        last = self._autosave.last_run()
        try:
            timeline = session.replay(last.session, lambda: not self._ending)
        except RequestError:
            last.kept.release()
            raise
        self._autosave.save(self._timeline)
        self._autosave.go_on_with(last)
        self._timeline = timeline
        self._hold()
        self._outcome = last.outcome

    def _complain(self, message: str) -> None:
        """Say what went wrong elsewhere."""
        raise RequestError(message)

    def _turn_frozen(self, name: str) -> None:
        """Freeze a parameter, or free it where it is frozen."""
        layout, freeze = self._timeline.state.layout, self._timeline.config.freeze
        turned = set(frozen_names(layout, freeze)) ^ {name}
        self._do_set("freeze", frozen_names(layout, turned))

    def _find_rate(self) -> None:
        """Look for a learning rate, on copies of the run as it stands."""
        self._begin_search(search(self._timeline.trainer))

    def _check_gradient(self) -> None:
        """Check the gradient of the step at hand against nudges, on a copy of the model."""
        trainer = self._timeline.trainer
        chosen = chosen_number(self._timeline, trainer.preview(), self._request)
        self._begin_search(gradient_check.search(trainer, chosen))

    def _begin_search(self, search: Search) -> None:
        self._hold()
        self._search, self._found = search, 0.0
        self._due = time.monotonic() + PROGRESS_SECONDS

    def _measure_batches(self) -> None:
        """Measure, on copies, how many rows a second batches of several sizes get through."""
        self._hold()
        self._search, self._found = measure(self._timeline.trainer), None

    def _take_rate(self) -> None:
        """Go on at the learning rate that was found."""
        found = self._found
        self._leave_search()
        if isinstance(found, Finding) and found.suggestion is not None:
            self._do_set("learning_rate", found.suggestion)

    def _leave_search(self) -> None:
        """Look no further, and forget what was found."""
        self._search = self._found = None

    def _set(self, name: str, text: str) -> None:
        """Change a setting by what a person typed; one that makes another run restarts."""
        self._do_set(name, setting(name).read(text))

    def _turn(self, name: str, way: int) -> None:
        """Change a setting to the value beside it: up (+1) or down (−1)."""
        found, value = setting(name), getattr(self._timeline.config, name)
        if found.turn is None:
            raise RequestError(f"{found.title} is typed, not turned")
        turned = found.turn(value, way)
        if turned != value:
            self._do_set(name, turned)

    def _do_set(self, name: str, value: Any) -> None:
        timeline = self._timeline
        if name != "learning_rate" and setting(name).effect != "view":
            self._contest = None  # what both are measured by, or how the rival learns, is another
        if setting(name).effect == "restart":
            self._restart(_with(timeline.config, name, value))
        else:
            timeline.do("set", name=name, value=value)
        fit = timeline.trainer.weights_loaded if name in ("load", "load_partial") else None
        self._outcome = fit or Changed(name, value)


def _with(config: Config, name: str, value: Any) -> Config:
    """The Config with one field changed, and what has to follow from it."""
    changes: dict[str, Any] = {name: value}
    if name == "model" and value == "mlp" and not config.hidden:
        changes["hidden"] = (16,)
    if name == "hidden":
        changes["model"] = "mlp"
    if changes.get("model", config.model) != config.model:
        changes["experiment"] = changes["model"]  # it is no longer the one that it began as
    if name == "data" and value in TARGETS:
        changes["noise"] = TARGETS[value].noise
    if name in ("rows", "noise") and config.data not in TARGETS:
        raise RequestError(f"{name} is for data made of a function; {config.data} is none")
    return config.replace(**changes)
