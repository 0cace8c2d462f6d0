"""A laboratory without a screen: the keys of the screen on a run, done as soon as they are pressed.

What they choose is remembered here as the screen does.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.limits import NO_LIMITS
from nn_core.errors import RequestError
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.rows import LayerRow, NumberRow
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Activity, Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.lessons.hands import Action, read_solution
from nn_core.lessons.lesson import Lesson, Start
from nn_core.live.live_run import LiveRun
from nn_core.live.requests import (
    AddPoint,
    AddUnit,
    Assign,
    FindRate,
    Nudge,
    RemovePoint,
    RemoveUnit,
    Request,
    Restart,
    Seek,
    Set,
    TakeRate,
)
from nn_core.live.task_requests import BeginTask, ReturnToTask
from nn_core.run.timeline import Timeline
from nn_core.storage.autosave import Autosave
from nn_core.training.trainer import Trainer
from nn_tui.keys import KEYS
from nn_tui.views import VIEWS

NUDGE = 0.1
_KEYS = {name: key for key in KEYS for name in (*key.keys.split(","), key.shown, key.name)}


class Bench:
    """A run with a person's hands on it."""

    def __init__(self, start: Start) -> None:
        timeline = Timeline(Trainer.from_config(start.config))
        self._run = LiveRun(timeline, NO_LIMITS, Autosave(None), lambda: True)
        self._view = ViewRequest(count=64)
        self._task = 0
        self._outside: str | None = None  # the view to come back to from inside a step
        self._line: Callable[[str], Request] | None = None  # what a line that is open leads to
        self.snapshot = self._look()

    # --- what a lesson needs ------------------------------------------------------------------

    def begin(self, start: Start | None) -> Snapshot:
        """Begin a task: where it is told to, or where the run stands; to be come back to."""
        self._task += 1
        if start is not None:
            self._view, self._outside = ViewRequest(count=64), None
        return self._ask(BeginTask(self._task, start))

    def back(self) -> Snapshot:
        """Come back to where the task began."""
        return self._ask(ReturnToTask(self._task))

    def act(self, action: Action) -> Snapshot:
        """Do one thing; `RequestError` where it can't be."""
        if action.kind == "set":
            return self._ask(Set(action.name, action.value))
        if action.kind == "open":
            return self._ask(Restart(EXPERIMENTS[action.name].config))
        if action.kind == "find":
            self._ask(FindRate())
            while self._run.search.is_on:
                self._run.search.work()
            return self._ask(TakeRate())
        if action.kind == "type":
            line, self._line = self._line, None
            if line is None:
                raise RequestError("no line is open to type into")
            return self._ask(line(action.name))
        if action.name not in _KEYS:
            raise RequestError(f"there is no key {action.name[:20]!r}")
        found = _KEYS[action.name]
        if found.request is not None:
            return self._ask(found.request)
        if found.view:
            return self._show(found.view)
        press = getattr(self, f"_{found.name}", None)
        if press is None:
            raise RequestError(f"{found.shown} needs the screen")
        shown: Snapshot = press()
        return shown

    def lead_to(self, lesson: Lesson, number: int) -> None:
        """Bring the run to where a task of a lesson begins, by the solutions of those before it."""
        begins = [at for at in range(number + 1) if at == 0 or lesson.tasks[at].start][-1]
        for task in lesson.tasks[begins:number]:
            self.begin(task.start or (lesson.start if task is lesson.tasks[0] else None))
            for action in read_solution(task.solution):
                self.act(action)

    def assign(self, label: str, text: str) -> Snapshot:
        """Give a parameter on the list a value."""
        row = next((row for row in self.snapshot.rows if row.label == label), None)
        if not isinstance(row, NumberRow):
            names = ", ".join(row.label for row in self.snapshot.rows)
            raise RequestError(f"there is no {label[:20]!r} to give a value; there are {names}")
        return self._ask(_assign(row, text))

    # --- keys that the screen handles itself --------------------------------------------------

    def _show(self, name: str) -> Snapshot:
        by_unit = next(view for view in VIEWS if view.name == name).by_unit
        return self._choose(view=name, by_unit=by_unit)

    def _choose(self, **changes: Any) -> Snapshot:
        self._view = replace(self._view, **changes)
        return self._look()

    def _turn(self, way: int) -> Snapshot:
        return self._choose(chosen=(self._view.chosen + way) % self.snapshot.row_count)

    def _turn_point(self, way: int) -> Snapshot:
        return self._choose(point=(self._view.point + way) % self.snapshot.scene.rows)

    def _turn_view(self, way: int) -> Snapshot:
        names = [view.name for view in VIEWS]
        return self._show(names[(names.index(self._view.view) + way) % len(names)])

    def _up(self) -> Snapshot:
        return self._turn(-1)

    def _down(self) -> Snapshot:
        return self._turn(1)

    def _previous_point(self) -> Snapshot:
        return self._turn_point(-1)

    def _next_point(self) -> Snapshot:
        return self._turn_point(1)

    def _next_view(self) -> Snapshot:
        return self._turn_view(1)

    def _previous_view(self) -> Snapshot:
        return self._turn_view(-1)

    def _lower(self) -> Snapshot:
        return self._nudge(-NUDGE)

    def _raise(self) -> Snapshot:
        return self._nudge(NUDGE)

    def _nudge(self, amount: float) -> Snapshot:
        row = self._row
        if not isinstance(row, NumberRow):
            raise RequestError("a layer as a whole can’t be nudged; enter opens it")
        return self._ask(Nudge(row.index, amount))

    def _enter(self) -> Snapshot:
        row = self._row
        if isinstance(row, LayerRow):
            return self._choose(opened=row.label, opened_at=self._view.chosen, chosen=0)
        if isinstance(row, NumberRow):
            self._line = lambda text: _assign(row, text)
        return self.snapshot

    @property
    def _row(self) -> Any:
        return self.snapshot.rows[min(self._view.chosen, len(self.snapshot.rows) - 1)]

    def _out(self) -> Snapshot:
        if self.snapshot.phase:
            return self._ask(Seek(self.snapshot.step))
        return self._choose(opened=None, chosen=self._view.opened_at)

    def _epochs(self) -> Snapshot:
        self._line = lambda text: Set("epochs", text)
        return self.snapshot

    def _add_point(self) -> Snapshot:
        self._line = AddPoint
        return self.snapshot

    def _remove_point(self) -> Snapshot:
        return self._ask(RemovePoint(self.snapshot.point.index))

    def _add_unit(self) -> Snapshot:
        return self._ask(AddUnit(0))

    def _remove_unit(self) -> Snapshot:
        return self._ask(RemoveUnit(0))

    # --- the run ------------------------------------------------------------------------------

    def _ask(self, request: Request) -> Snapshot:
        """Carry out a request, and whatever runs from there to its end."""
        request.apply(self._run)
        if self._run.running:
            timeline = self._run.timeline
            timeline.advance(timeline.trainer.steps_left(timeline.config.epochs))
            self._run.running = False
        shown = self._look()
        if shown.in_a_step and self._outside is None:
            self._outside = self._view.view
            return self._show("step")
        if self._outside is not None and not shown.in_a_step:
            outside, self._outside = self._outside, None
            return self._show(outside)
        return shown

    def _look(self) -> Snapshot:
        run = self._run
        run.view = self._view
        self.snapshot = capture_snapshot(
            run.timeline, make_scene(run.timeline), run.view, Activity(outcome=run.outcome)
        )
        return self.snapshot


def _assign(row: NumberRow, text: str) -> Assign:
    try:
        return Assign(row.index, float(text.replace("−", "-")))
    except ValueError:
        raise RequestError(f"{row.label} takes a number; not {text[:40]!r}") from None
