"""Predict mode: before each single step a question about it; how many guesses held is shown."""

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from nn_core.config.key_names import key_name
from nn_core.errors import RequestError
from nn_core.lessons.foretelling import foretell
from nn_core.lessons.lesson import Lesson, Start
from nn_core.lessons.playing import Playing
from nn_core.lessons.progress import Progress
from nn_core.live.requests import Advance, Complain
from nn_tui.app.lesson_mode import LessonMode
from nn_tui.panels import lesson as panel
from nn_tui.text.roles import Line

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot
    from nn_tui.app.app import Laboratory

TITLE = "Guess before each step"
LAST = 20  # guesses that the score counts


class PredictMode(LessonMode):
    """A question in turn before each step by hand, as a lesson of one task."""

    returns = False

    def __init__(self, lab: "Laboratory", shown: "Snapshot") -> None:
        self._turn, self._held = 0, deque[bool](maxlen=LAST)
        super().__init__(lab, self._lesson(shown), Progress(None))
        self.playing.begin(shown)

    def _lesson(self, shown: "Snapshot") -> Lesson:
        return Lesson("step", TITLE, 0, Start(shown.config), (foretell(shown, self._turn),))

    async def open(self, stays: bool = False) -> None:
        """Ask at once."""
        self.draw()

    def _first(self, now: "Snapshot") -> "Snapshot":
        return now  # it steps once itself

    def leave(self) -> None:
        """Ask no more."""
        self.lab.main.status.note = ""
        self.lab.end_lesson()

    def takes(self, name: str) -> bool:
        """Whether a key is this mode's: s asks before it steps; the digits answer."""
        return name == "step" or (name not in ("hint", "enter") and super().takes(name))

    def takes_digit(self, digit: str) -> bool:
        """Whether a digit answers, or did: the others show views again, for no task goes on."""
        question = self.playing.task.question
        assert question is not None
        is_choice = digit in map(str, range(1, 1 + len(question.choices)))
        return super().takes_digit(digit) and (self.playing.stage == "asking" or is_choice)

    def press(self, name: str) -> None:
        """Ask about the next step, or take the answer."""
        if name == "step":
            self._ask_anew()
        else:
            super().press(name)

    def _ask_anew(self) -> None:
        shown = self.lab.snapshot
        if shown is not None and self.playing.stage != "doing":
            self.playing = Playing(self._lesson(shown), self.progress.of("step"))
            self.playing.begin(shown)
            self.lab.show(shown)
            self.draw()

    def veiled(self, snapshot: "Snapshot") -> "Snapshot":
        """Without what answers the question outright, while it waits.

        The gradient stays, and of the loss's way the update too: with these one can think.
        """
        question = self.playing.task.question
        if self.playing.stage != "asking" or question is None:
            return snapshot
        return replace(snapshot, guessed="loss" if question.right == "direction.loss" else "move")

    def answer(self, typed: str) -> None:
        """Take the guess, and the step."""
        shown = self.lab.snapshot
        if shown is None or self.playing.stage != "asking":
            return
        self.playing.begin(shown)
        try:
            self.playing.answer(typed, shown)
        except RequestError as error:  # no such choice
            self._ask(Complain(str(error)))
        else:
            self._ask(Advance(1))

    def see(self, snapshot: "Snapshot") -> None:
        """Judge the guess once the step is done."""
        playing = self.playing
        if playing.stage == "doing" and playing.see(snapshot):
            question, said = playing.task.question, playing.said
            assert question is not None
            assert said is not None
            self._held.append(question.is_right(said, playing.moment))
            self._turn += 1
            self.lab.main.status.note = f"  {sum(self._held)} of {len(self._held)} guessed "
            self.lab.main.status.show_snapshot(snapshot, self.lab.selection)
        self.draw()

    _and_else = "that takes the step, and tells whether it was so; {key.predict} ends the questions"

    def key_line(self) -> Line:
        """The keys that this mode has."""
        at_work = (
            [("1 2 …", "answer")]
            if self.playing.stage == "asking"
            else [(key_name("step"), "the next step")]
        )
        parts = [*at_work, (key_name("predict"), "no more questions")]
        return panel.key_line(parts, self.lab.is_uncovered)
