"""What a lesson does with the run: puts it aside, begins others, and comes back to bookmarks."""

from dataclasses import replace
from typing import TYPE_CHECKING

from nn_core.errors import RequestError
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Bookmark
from nn_core.lessons.lesson import Start
from nn_core.live.settings import parameter_named
from nn_core.models import weights
from nn_core.run.timeline import Timeline
from nn_core.storage import session
from nn_core.storage.autosave import MOST_NUMBERS
from nn_core.training.trainer import Trainer

if TYPE_CHECKING:
    from nn_core.live.live_run import LiveRun

MOST_BOOKMARKS = 3  # a task's start, where it was done, and one more


class Tasks:
    """The bookmarks of a lesson's tasks in a live run, and the run that lies aside meanwhile."""

    def __init__(self, run: "LiveRun") -> None:
        self._run = run
        self._bookmarks: dict[int, Bookmark] = {}
        self.bookmark: Bookmark | None = None  # the one that was set, or come back to, last
        self._aside: Timeline | None = None  # the person's own run, while a lesson has another

    def set_aside(self, start: Start) -> None:
        """Put the run aside, whole, for one that begins as a lesson says.

        Where it is the lesson before that has the run on show, that one's curves go with it.
        """
        aside = self._aside
        self._change_to(Timeline(Trainer.begun(start.config)))
        self._aside = aside or self._aside

    def bring_back(self) -> None:
        """Go on with the run that was put aside, if one was."""
        if self._aside is not None:
            self._change_to(self._aside)
            self._aside = None

    def _change_to(self, timeline: Timeline) -> None:
        """Go on with another run, saved as one of its own; the one on show is put aside."""
        run = self._run
        run.hold()
        before = run.timeline
        run.adopt(timeline)
        run.autosave.save(before)
        run.autosave.begin_another()
        self._aside, self.bookmark = before, None

    def begin(self, start: Start) -> None:
        """Begin another run as a lesson says, no faster than it may be here."""
        run = self._run
        pace = min(start.config.pace, run.limits.pace)
        run.begin_fresh(start.config.replace(pace=pace))
        values, state = start.values, run.timeline.state
        if start.weights is not None:  # the lesson's own, which a kiosk may read too
            arrays, _ = weights.load(start.weights, state.layout, state.parameters.dtype, False)
            values = (*weights.as_tuples(arrays), *values)
        if values:
            values = tuple(
                (parameter_named(state.layout, typed), numbers) for typed, numbers in values
            )
            run.timeline.do("load", values=values)
        run.timeline.advance(start.steps)

    def set_bookmark(self, number: int, step: int | None, text: str) -> None:
        """Set a bookmark here, at a step before, or where the `text` of a session says."""
        while len(self._bookmarks) > MOST_BOOKMARKS:
            del self._bookmarks[min(self._bookmarks)]
        view = self._run.view
        timeline = session.replay(session.loads(text)) if text else self._run.timeline
        here = (timeline.state.step, timeline.state.phase)
        if step is not None and step < here[0]:
            timeline.seek(step)
        text = text or session.dumps(timeline, timeline.state.parameters.size <= MOST_NUMBERS)
        shown = capture_snapshot(timeline, make_scene(timeline, view.target), view)
        if timeline.state.step != here[0]:
            timeline.seek(*here)
        self.bookmark = self._bookmarks[number] = Bookmark(number, shown, text)

    def return_to_bookmark(self, number: int, renumbered: int) -> None:
        """Go on from a bookmark in place of the run on show, whose curve is kept."""
        if number not in self._bookmarks:
            raise RequestError(f"there is no bookmark {number}")
        run, mark = self._run, self._bookmarks[number]
        before = run.timeline
        run.adopt(session.replay(session.loads(mark.text), run.goes_on, run.limits))
        run.timeline.succeed(before)
        run.hold()
        self.bookmark = self._bookmarks[renumbered] = replace(mark, number=renumbered)
