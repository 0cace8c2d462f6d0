"""A lesson on the screen: its keys, what it asks of the run, and what a snapshot does to it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.key_names import with_keys
from nn_core.errors import RequestError
from nn_core.explain.rows import NumberRow
from nn_core.lessons.hands import Action, read_solution
from nn_core.lessons.lesson import Lesson, Start
from nn_core.lessons.looking_back import may_have_been_before
from nn_core.lessons.playing import Playing
from nn_core.lessons.progress import Progress
from nn_core.live.edit_requests import Assign, Set
from nn_core.live.requests import Complain, Request, Restart
from nn_core.live.search_requests import FindRate, TakeRate
from nn_core.live.task_requests import BeginTask, BringBack, MarkFirst, ReturnToTask, SetAside
from nn_tui.app.actions import ACTIONS
from nn_tui.app.bench import KEYS_BY_NAME, Bench
from nn_tui.panels import lesson as panel
from nn_tui.selection import Selection
from nn_tui.text.roles import Line

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot
    from nn_tui.app.app import Laboratory

SHOWN_SECONDS = 0.4  # between two keys of a solution that is shown


class LessonMode:
    """The lesson that is open in an app.

    Snapshots know by the number of their bookmark which task they belong to; those of another are
    not judged.
    """

    returns = True  # whether `r` leads back to the task's start

    def __init__(
        self, lab: "Laboratory", lesson: Lesson, progress: Progress, comes_back: bool = True
    ) -> None:
        """With `comes_back` the run on show is put aside, and brought back at the end."""
        self.lab, self.progress = lab, progress
        self._comes_back = comes_back
        # What was chosen before lessons, where one follows another before the first of them.
        self._outside: Selection = lab.lesson._outside if lab.lesson else lab.selection
        done = progress.of(lesson.name)
        number = done.at if done.at < len(lesson.tasks) else 0
        self.playing = Playing(lesson, done, number, first=self._first)
        self._mark = self._reached = 0  # bookmarks: of this task's start, of where it was done
        # What was chosen there, None until it is known.
        self._chosen: Selection | None = None
        self._chosen_then: Selection | None = None
        self._is_to_be_kept = False  # the run where this task was done, for the next one
        self._left: list[Action] = []  # of a solution that is being shown
        self._waits = False  # for the next of its keys

    async def open(self, stays: bool = False) -> None:
        """Begin where the lesson was left; with `stays` in the run as it is, gone on with."""
        playing = self.playing
        self._remember(lambda: self.progress.set_open(playing.lesson.name))
        if self._comes_back and not stays:
            self._ask(SetAside(playing.lesson.start))
        kept = self.progress.keyframe(playing.lesson.name, playing.number)
        start = playing.task.start or (playing.lesson.start if playing.number == 0 else None)
        if start is not None and not (stays and kept):
            self._begin(start)
            return
        bench = Bench(playing.lesson.start)
        led = await asyncio.to_thread(bench.lead_to, playing.lesson, playing.number)
        self._chosen = bench.selection
        self._ask(BeginTask(self._next(), text=kept or led))
        if not stays:
            self.back()

    # --- tasks --------------------------------------------------------------------------------

    def _next(self) -> int:
        self._mark = max(self._mark, self._reached) + 1
        return self._mark

    def _ask(self, request: Request) -> None:
        self.lab.link.ask(request)

    def _begin(self, start: Start) -> None:
        self._chosen = None
        self.lab.turn_to(Selection(point=0))  # which the texts are about
        self._ask(BeginTask(self._next(), start))

    def back(self) -> None:
        """Come back to where the task began."""
        mark = self._mark
        self.playing.stage = "beginning"
        self._left.clear()
        self._ask(ReturnToTask(mark, self._next()))

    def _go_on(self) -> None:
        """On to the next task: where the run stands, or where this task was done."""
        goes_back = self.playing.goes_back_to or self.lab.link.is_awaiting
        if self.playing.go_on():
            start = self.playing.task.start
            if start is not None:
                self._begin(start)
            else:
                self._chosen, reached = self._chosen_then, self._reached
                number = self._next()
                self._ask(ReturnToTask(reached, number) if goes_back else BeginTask(number))
        self.draw()

    def leave(self) -> None:
        """Close the lesson, and bring back the run that was on show before."""
        self._remember(lambda: self.progress.set_open(""))
        self._close()

    def _close(self) -> None:
        self.lab.end_lesson()
        if self._comes_back:
            self._ask(BringBack())
            self.lab.turn_to(self._outside)

    # --- snapshots ----------------------------------------------------------------------------

    def see(self, snapshot: "Snapshot") -> None:
        """Judge a snapshot, where it is one of this task's."""
        mark = snapshot.activity.bookmark
        if mark is None or mark.number not in (self._mark, self._reached):
            return
        playing = self.playing
        if playing.stage == "beginning" and mark.number == self._mark:
            playing.begin(mark.snapshot)
            self._keep(playing.number, mark.text)
            self._choose_as_it_began()
        if playing.stage == "doing" and mark.number == self._reached > self._mark:
            self._remember(lambda: playing.finish(mark.snapshot))
            self._note_done()
        if playing.stage == "done" and mark.number == self._reached and self._is_to_be_kept:
            self._is_to_be_kept = False  # for who leaves here, and comes back to the next task
            self._keep(playing.number + 1, mark.text)
        self._remember(lambda: self._judge(snapshot))
        self.draw()
        if self._left and not snapshot.running and not self._waits:
            self._waits = True
            self.lab.set_timer(SHOWN_SECONDS, self._show_next)

    def _keep(self, number: int, text: str) -> None:
        """Keep the run where a task begins."""
        name = self.playing.lesson.name
        self._remember(lambda: self.progress.keep_keyframe(name, number, text))

    def _choose_as_it_began(self) -> None:
        """Choose the view and the row that the task's words and its solution begin with."""
        lab = self.lab
        if self._chosen is None:
            self._chosen = lab.selection
        if self._chosen != lab.selection:
            lab.turn_to(self._chosen)

    def _judge(self, snapshot: "Snapshot") -> None:
        if self.playing.see(snapshot):
            self._finish(snapshot)

    def _first(self, now: "Snapshot") -> "Snapshot | None":
        """Where the goal, reached now, was reached first; None, and it is asked for, if unknown."""
        playing = self.playing
        if playing.before is None or not may_have_been_before(playing.before, now):
            return now
        if self._reached < self._mark:
            self._note_reached()
            self._ask(MarkFirst(self._reached, playing.task.goal, playing.before, now))
        return None

    def _finish(self, snapshot: "Snapshot") -> None:
        self._note_reached()
        self._ask(BeginTask(self._reached, step=snapshot.step))
        self._note_done()

    def _note_reached(self) -> None:
        """Have a bookmark’s number for where the task was done, and how the next one begins."""
        self._chosen_then = self.lab.selection
        following = self.playing.lesson.tasks[self.playing.number + 1 :]
        self._is_to_be_kept = bool(following) and following[0].start is None
        self._reached = max(self._mark, self._reached) + 1

    def _note_done(self) -> None:
        """Do what is to be done once a task is, beside its lesson going on."""

    def _remember(self, write: Callable[[], object]) -> None:
        """Do what writes to the disk; where that fails, the lesson goes on and it is said."""
        try:
            write()
        except RequestError as error:
            self._ask(Complain(str(error)))

    # --- keys ---------------------------------------------------------------------------------

    @property
    def _types(self) -> bool:
        """Whether enter opens what is chosen, or types its value: where the task wants one typed.

        Else who presses it to go on would type what comes next into a value.
        """
        row = self.lab.selection.row(self.lab.snapshot)
        is_value = isinstance(row, NumberRow) or self.lab.selection.cursor.at_step
        return not is_value or self.playing.types_a_value

    def takes(self, name: str) -> bool:
        """Whether a key of the screen is the lesson's just now."""
        playing, lab = self.playing, self.lab
        if name == "hint" or (name == "restart" and self.returns):
            return True
        if name == "out":
            return not (
                lab.selection.is_opened or (lab.snapshot is not None and lab.snapshot.phase)
            )
        is_lessons = playing.stage in ("done", "over") or playing.wants_number
        return name == "enter" and (is_lessons or not self._types)

    def hides(self, name: str) -> bool:
        """Whether the lesson does without this key."""
        return name in self.playing.lesson.hide

    @property
    def is_preparing(self) -> bool:
        """Whether the task's start isn't on show yet."""
        return self.playing.stage == "beginning"

    def press(self, name: str) -> None:
        """Do what one of the lesson's own keys stands for."""
        if name == "hint":
            self._hint()
        elif name == "restart":
            self.back()
        elif name == "out" or self.playing.stage == "over":
            self.leave()
        elif self.playing.stage == "done":
            self._remember(self._go_on)
        elif self.playing.wants_number:
            self._type_answer()
        else:
            first = "a digit answers first; " if self.playing.choices else ""
            when = "when the task is done"
            if earliest := self.playing.earliest:
                when += f", not before {earliest}"
            why = f"{first}enter goes on {when}; {{key.hint}} hints"
            self._ask(Complain(with_keys(why)))

    def takes_digit(self, digit: str) -> bool:
        """Whether a digit is the question's: till the task goes on none of them turns the view.

        Who types one more digit than answers, or the same again, would lose the picture.  A sign
        or a point is taken as long as a number is asked for.
        """
        playing = self.playing
        if not digit.isdecimal():
            return playing.wants_number
        if playing.stage == "asking":
            return True
        is_answered = playing.stage in ("doing", "done") and playing.said is not None
        return is_answered and digit not in playing.task.solution

    def press_digit(self, digit: str) -> None:
        """Answer by a digit, or begin the number that is asked for."""
        if self.playing.stage != "asking":
            now = "enter goes on" if self.playing.stage == "done" else "now do what the task says"
            why = f"the question is answered; {now}; {{key.next_view}} shows views"
            self._ask(Complain(with_keys(why)))
        elif self.playing.choices:
            self.answer(digit)
        else:
            self._type_answer(digit)

    def _type_answer(self, begun: str = "") -> None:
        """Have the answer typed, of which so much is there."""
        question = self.playing.task.question
        if question is not None:
            self.lab.dialogs.ask_for("your answer", self.answer, question.read, begun)

    def answer(self, typed: str) -> None:
        """Take the person's answer."""
        shown = self.lab.snapshot
        if shown is None:
            return

        def take() -> None:
            if self.playing.answer(typed, shown):
                self._finish(shown)

        self._remember(take)
        self.draw()

    def _hint(self) -> None:
        if self._left:
            return  # it is being shown
        if self.playing.stage in ("asking", "doing") and not self.playing.hint():
            self.playing.was_shown = True
            shown = self.lab.snapshot
            self.back()
            self._left = read_solution(self.playing.task.solution)
            if not self._left and shown is not None:  # a question alone: it is told
                self.playing.stage = "doing"
                self._judge(shown)
        self.draw()

    def _show_next(self) -> None:
        """Do the next thing of the solution, as a person would."""
        self._waits = False
        if self.playing.stage == "asking" and self._left:
            self.playing.stage = "doing"
        if not self._left or self.playing.stage != "doing":
            self._left.clear()
            return
        action, lab = self._left.pop(0), self.lab
        row = lab.selection.row(lab.snapshot)
        if action.kind == "set":
            self._ask(Set(action.name, action.value))
        elif action.kind == "open":
            self._ask(Restart(EXPERIMENTS[action.name].config))
        elif action.kind == "find":
            self._find_rate(action)
        elif self._left and self._left[0].kind == "type":
            text = self._left.pop(0).name  # into the line that this key would open
            if isinstance(row, NumberRow):
                self._ask(Assign(row.index, float(text)))
        else:
            found = KEYS_BY_NAME[action.name]
            if found.request is not None or found.view:
                lab.press(found)
            else:
                ACTIONS[found.name](lab)

    def _find_rate(self, action: Action) -> None:
        shown = self.lab.snapshot
        if action.name != "take":
            self._ask(FindRate())
        elif shown is not None and not isinstance(shown.search, float):
            self._ask(TakeRate())
            return
        else:
            self.lab.look()
        self._left.insert(0, Action("find", "take"))

    # --- what is seen -------------------------------------------------------------------------

    def veiled(self, snapshot: "Snapshot") -> "Snapshot":
        """The snapshot as it is to be shown: as it is."""
        return snapshot

    def draw(self) -> None:
        """Show the panel and the keys as they are now."""
        part, shown = self.lab.main.lesson, self.lab.snapshot
        note = "" if shown is None or not shown.complaint else f"Not done: {shown.complaint}."
        plain = self.lab.appearance.markers == "ascii"
        part.show(panel.panel(self.playing, note, self.lab.size.width, part.size.height, plain))
        self.lab.main.show_keys(shown, self.lab.selection)

    def about(self) -> list[tuple[str, str]]:
        """What the help says of it first: the question that waits."""
        if self.playing.stage != "asking":
            return []
        choices = self.playing.choices
        how = f"A digit answers, 1 to {len(choices)}" if choices else "{key.enter} types the answer"
        return [("the question", f"{self.playing.ask} {how}; {self._and_else}.")]

    _and_else = "{key.hint} hints, {key.out} leaves the lesson"

    def key_line(self) -> Line:
        """The keys that the lesson has just now."""
        return panel.key_line(panel.keys(self.playing, self.returns), self.lab.is_uncovered)
