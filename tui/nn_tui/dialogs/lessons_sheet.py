"""The list of lessons: what is done, where one was left, and which to open."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from nn_core.config.key_names import with_keys
from nn_tui.dialogs.overlay import Choosing
from nn_tui.dialogs.sheet import Sheet
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

if TYPE_CHECKING:
    from nn_core.lessons.lesson import Lesson
    from nn_core.lessons.progress import Progress


class LessonsSheet(Choosing, Sheet):
    """The lessons, one to be chosen and opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter", "do_chosen", "open"),
        Binding("t", "dismiss", "out", id="lessons"),
        *((digit, f"digit('{digit}')", "number") for digit in "0123456789"),
    ]

    def __init__(
        self,
        make_rows: Callable[..., Rows],
        lessons: "Sequence[Lesson]",
        progress: "Progress",
        open_lesson: "Callable[[Lesson], object]",
        after: str = "",
    ) -> None:
        """Choose the first that isn't done; behind the one named `after`, if there is such."""
        super().__init__(make_rows)
        self._lessons, self._progress, self._open = lessons, progress, open_lesson
        self._typed = ""  # of a lesson's number, which may have two digits
        names = [each.name for each in lessons]
        begin = names.index(after) + 1 if after in names else 0
        in_turn = [*range(begin, len(lessons)), *range(begin)]
        open_ones = (at for at in in_turn if not self._is_done(lessons[at]))
        self._chosen = next(open_ones, 0)

    def _is_done(self, lesson: "Lesson") -> bool:
        return self._progress.of(lesson.name).is_done(len(lesson.tasks))

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """A row for each lesson."""
        rows = [self._row(at, lesson) for at, lesson in enumerate(self._lessons)]
        keys = "{key.up+down} or its number choose   enter opens   esc out"
        return "lessons   ✓ done   in a lesson: ◦ shown", rows, with_keys(keys)

    def _row(self, at: int, lesson: "Lesson") -> Line:
        kept, count = self._progress.of(lesson.name), len(lesson.tasks)
        done = self._is_done(lesson)
        left = f"task {kept.at + 1} of {count}" if 0 < kept.at < count and not done else ""
        held, asked = kept.guesses
        guesses = f"{held} of {asked} guesses held" if done and asked else ""
        mark, role = "▸" if at == self._chosen else " ", "strong" if at == self._chosen else "text"
        role = meaning(role, "row", at)
        return [
            (f" {mark} {'✓' if done else ' '} {at + 1:>2}  {lesson.title:<32}", role),
            (f"{lesson.minutes:>3} min   {left or guesses}", "quiet"),
        ]

    def scrolled(self, first: int, visible: int, count: int) -> int:
        """Keep the chosen lesson in sight."""
        return max(0, min(max(first, self._chosen - visible + 1), self._chosen, count - visible))

    def count(self) -> int:
        """How many lessons there are."""
        return len(self._lessons)

    def choose(self, at: int) -> None:
        """Choose the lesson at this place; what was typed of a number is over."""
        self._typed = ""
        super().choose(at)

    def action_digit(self, digit: str) -> None:
        """Choose a lesson by its number; a digit that doesn't go on with it begins another."""
        numbers = range(1, self.count() + 1)
        fitting = (typed for typed in (self._typed + digit, digit) if int(typed) in numbers)
        if typed := next(fitting, ""):
            self.choose(int(typed) - 1)
        self._typed = typed

    def action_do_chosen(self) -> None:
        """Open the chosen one."""
        if self.is_active:
            self.dismiss()
            self._open(self._lessons[self._chosen])
