"""A laboratory without a screen: the keys of the screen on a run, each done at once."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.limits import NO_LIMITS
from nn_core.errors import RequestError
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.rows import NumberRow
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Activity, Snapshot
from nn_core.lessons.hands import Action, read_solution
from nn_core.lessons.lesson import Lesson, Start, Task
from nn_core.lessons.looking_back import may_have_been_before
from nn_core.live.edit_requests import AddPoint, Assign, Set
from nn_core.live.live_run import LiveRun
from nn_core.live.requests import Request, Restart, SeekTyped
from nn_core.live.search_requests import FindRate, TakeRate
from nn_core.live.task_requests import BeginTask, MarkFirst, ReturnToTask
from nn_core.run.timeline import Timeline
from nn_core.storage import session
from nn_core.storage.autosave import Autosave
from nn_core.training.trainer import Trainer
from nn_tui.app.actions import ACTIONS
from nn_tui.keys import KEYS
from nn_tui.selection import Selection
from nn_tui.views import view

if TYPE_CHECKING:
    from nn_tui.app.app import Laboratory

BINS = 80
_REACHED = 0  # the bookmark where a task was done, below those of the tasks: the first forgotten
KEYS_BY_NAME = {name: key for key in KEYS for name in (*key.keys.split(","), key.shown, key.name)}


class Bench:
    """A run with a person's hands on it; to the actions of keys it is an app without a screen."""

    visible_rows = 64

    def __init__(self, start: Start) -> None:
        timeline = Timeline(Trainer.begun(start.config))
        self._run = LiveRun(timeline, NO_LIMITS, Autosave(None), lambda: True)
        self._task = 0
        self._line: Callable[[str], Request] | None = None  # what a line that is open leads to
        self.selection = Selection()
        self.link = self.dialogs = self
        self.snapshot = self._capture()

    # --- what a lesson needs ------------------------------------------------------------------

    def begin(self, start: Start | None) -> Snapshot:
        """Begin a task: where it is told to, or where the run stands; to be come back to."""
        self._task += 1
        if start is not None:
            self.selection = Selection()
        self.ask(BeginTask(self._task, start))
        return self.snapshot

    def back(self) -> Snapshot:
        """Come back to where the task began."""
        self.ask(ReturnToTask(self._task, self._task))
        return self.snapshot

    def act(self, action: Action) -> Snapshot:
        """Do one thing; `RequestError` where it can't be."""
        if action.kind == "set":
            self.ask(Set(action.name, action.value))
        elif action.kind == "open":
            self.ask(Restart(EXPERIMENTS[action.name].config))
        elif action.kind == "find":
            self.ask(FindRate())
            while self._run.search.is_on:
                self._run.search.work()
            self.ask(TakeRate())
        elif action.kind == "type":
            line, self._line = self._line, None
            if line is None:
                raise RequestError("no line is open to type into")
            self.ask(line(action.name))
        else:
            self._press(action.name)
        return self.snapshot

    def first(self, task: Task, before: Snapshot, now: Snapshot) -> Snapshot:
        """What there was to see where a task’s goal was reached first, which it is now."""
        if not may_have_been_before(before, now):
            return now
        self.ask(MarkFirst(_REACHED, task.goal, before, now))
        mark = self._run.tasks.bookmark
        return now if mark is None else mark.snapshot

    def back_to_first(self) -> None:
        """Come back to what `first` found."""
        self.ask(ReturnToTask(_REACHED, _REACHED))

    def lead_to(self, lesson: Lesson, number: int) -> str:
        """Bring the run to where a task begins, by the solutions before it; it as a session."""
        begins = [at for at in range(number + 1) if at == 0 or lesson.tasks[at].start][-1]
        for task in lesson.tasks[begins:number]:
            self.begin(task.start or (lesson.start if task is lesson.tasks[0] else None))
            for action in read_solution(task.solution):
                self.act(action)
        return session.dumps(self._run.timeline)

    def assign(self, label: str, text: str) -> Snapshot:
        """Give a parameter on the list a value."""
        row = next((row for row in self.snapshot.rows if row.label == label), None)
        if not isinstance(row, NumberRow):
            raise RequestError(f"there is no {label[:20]!r} here to give a value")
        self.ask(_assign(row, text))
        return self.snapshot

    def _press(self, name: str) -> None:
        if name not in KEYS_BY_NAME:
            raise RequestError(f"there is no key {name[:20]!r}")
        found = KEYS_BY_NAME[name]
        why = found.why_unavailable(self.snapshot, self.selection)
        if why is not None:
            raise RequestError(why or f"{found.shown} does nothing here")
        if found.request is not None:
            self.ask(found.request)
        elif found.view:
            self.turn_to(self.selection.staying_with(view(found.view)))
        else:
            try:
                ACTIONS[found.name](cast("Laboratory", self))
            except AttributeError:
                raise RequestError(f"{found.shown} needs the screen") from None

    # --- what the actions of keys find on an app ----------------------------------------------

    def ask(self, request: Request) -> None:
        """Carry out a request, and whatever runs from there to its end."""
        run = self._run
        request.apply(run)
        if run.running:
            left = run.timeline.trainer.steps_left(run.timeline.config.epochs)
            run.timeline.advance(left)
            run.running = False
        before, self.snapshot = self.snapshot, self._capture()
        self.selection = self.selection.fitting(self.snapshot, before, self.visible_rows)
        self.choose(self.selection.following(self.snapshot, before))

    def choose(self, selection: Selection) -> None:
        """Go on with another selection."""
        self.selection = selection
        self.snapshot = self._capture()

    turn_to = choose

    def type_parameter(self, row: NumberRow) -> None:
        """Open a line for a parameter's value."""
        self._line = lambda text: _assign(row, text)

    def type_epochs(self) -> None:
        """Open a line for how many epochs to train."""
        self._line = lambda text: Set("epochs", text)

    def type_step(self) -> None:
        """Open a line for the number of a step."""
        self._line = SeekTyped

    def add_point(self) -> None:
        """Open a line for a data point."""
        self._line = AddPoint

    def _capture(self) -> Snapshot:
        run = self._run
        run.view = self.selection.request(self.visible_rows, BINS, BINS)
        scene = make_scene(run.timeline)
        return capture_snapshot(run.timeline, scene, run.view, Activity(outcome=run.outcome))


def _assign(row: NumberRow, text: str) -> Assign:
    try:
        return Assign(row.index, float(text.replace("−", "-")))
    except ValueError:
        raise RequestError(f"{row.label} takes a number; not {text[:40]!r}") from None
