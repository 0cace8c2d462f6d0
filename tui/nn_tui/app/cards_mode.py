"""Cards on the screen: each that is due is asked as a task of a lesson is, or done by its keys."""

from datetime import date
from typing import TYPE_CHECKING

from nn_core.lessons.cards import file_away
from nn_core.lessons.lesson import Card, Lesson, Start, Task
from nn_core.lessons.progress import Progress
from nn_tui.app.lesson_mode import LessonMode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn_tui.app.app import Laboratory


class CardsMode(LessonMode):
    """The cards that are due, each with the start of its lesson; `kept` is told how they went."""

    def __init__(
        self, lab: "Laboratory", due: "Sequence[tuple[Card, Start]]", kept: Progress
    ) -> None:
        self._cards, self._kept = [card for card, _ in due], kept
        tasks = tuple(_task(card, start) for card, start in due)
        super().__init__(lab, Lesson("cards", "Cards", 0, due[0][1], tasks), Progress(None))

    def _note_done(self) -> None:
        playing = self.playing
        question, said = playing.task.question, playing.said
        held = question is None or (said is not None and question.is_right(said, playing.moment))
        card, right = self._cards[playing.number], held and not playing.was_shown
        self._remember(lambda: file_away(card, right, self._kept, date.today()))

    def leave(self) -> None:
        """Close them, and bring back the run that was on show before."""
        self._close()


def _task(card: Card, start: Start) -> Task:
    if card.task is None:
        return Task("", card.question, (), (), card.why, (), start)
    done = card.task
    return Task(done.say, None, done.goal, (), card.why, done.solution, done.start or start)
