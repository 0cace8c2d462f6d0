"""The sheet of steps: the loss at each, and what else is known of it; any can be gone to."""

import math
from collections.abc import Callable, Iterator
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from nn_core.analysis.step_table import StepRow, StepTable
from nn_core.config.experiments import is_published
from nn_core.config.key_names import with_keys
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import exactly, fixed, short
from nn_core.live.requests import Request, Seek
from nn_core.live.search_requests import ListSteps
from nn_tui.dialogs.overlay import Choosing
from nn_tui.dialogs.sheet import LINES_BELOW, Sheet
from nn_tui.keys import key
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

AROUND = 3  # lines beside the steps and what is said below: the title, the columns, the keys
STEP, NOW = 8, 5  # cells of a step's number, and of the word at the one on show
LOSS, NUMBER, NORM = 12, 11, 15  # cells of a loss, of another number, of the gradient's length
PENDING, TO_COME = "…", "to come"
ABOUT = "Each row is a step as it begins, before its update."
NONE_YET = "No step is taken yet: {key.step} takes one, {key.run_or_pause} runs."
TAKING_STEPS = ("step", "step_ten", "step_back", "back_ten", "run_or_pause", "next_epoch")
MARK = " ✓"  # behind a row of the published table
PUBLISHED = (
    "✓ The ten losses that fast.ai’s lesson “How does a neural net really work?”",
    "  printed. Where its step=0 has loss 2.40, that is step 1 here.",
)


class Column(NamedTuple):
    """A number that each row has: what it is called, how it is written, where it comes from."""

    title: str
    width: int
    write: Callable[[float], str]
    value: Callable[[StepRow], float | None]
    missing: str = ""  # said where there is none


class StepsSheet(Choosing, Sheet):
    """The steps of the run on the screen, of which one is chosen; those in sight are asked for.

    With `follows` the one on show is chosen, until a person chooses another.  The keys that step
    and run act from here too; with `leaves` they close it first, as in a lesson, which may ask
    about what they do.
    """

    main_keys = ("palette", *TAKING_STEPS)

    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter", "do_chosen", "go to it"),
        Binding("J", "dismiss", "out", id="steps"),
        *(
            Binding(key(name).keys, f"take_steps('{name}')", show=False, id=name)
            for name in TAKING_STEPS
        ),
    ]

    def __init__(
        self,
        make_rows: Callable[..., Rows],
        shown: Snapshot,
        ask: Callable[[Request], None],
        follows: bool = False,
        leaves: bool = False,
    ) -> None:
        super().__init__(make_rows)
        self._shown, self._ask, self._follows, self._leaves = shown, ask, follows, leaves
        self._chosen = shown.step
        self._top = -1  # the first step in sight; −1 before any was
        self._table: StepTable | None = None
        self._asked: tuple[object, ...] = ()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the steps as far as they are known now."""
        self._shown = snapshot
        if isinstance(snapshot.search, StepTable):
            self._table = snapshot.search
        if self._follows:
            self._chosen = snapshot.step
        self.draw()

    def choose(self, at: int) -> None:
        """Choose a step, and stay with it."""
        self._follows = False
        super().choose(at)

    def draw(self) -> None:
        """Show the steps in sight, and ask for what isn't known of them."""
        super().draw()
        shown, room = self._shown, self._room
        wanted = (self._top, room, min(shown.tip, self._top + room), shown.begun, shown.by_hand)
        if wanted != self._asked and self._top >= 0:
            self._asked = wanted
            self._ask(ListSteps(self._top, room))

    @property
    def _room(self) -> int:
        """How many steps there is room for."""
        around = AROUND + len(self.below(self.app.size.width))
        return max(1, self.app.size.height - LINES_BELOW - around)

    @property
    def _published(self) -> set[int]:
        """The steps in sight whose losses the lesson prints in its table."""
        begun, table = self._shown.begun, self._table
        if begun.zero_gradients or table is None:
            return set()
        return {
            row.step
            for row in table.rows
            if row.loss is not None and is_published(begun, row.step, row.loss)
        }

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """A row for each step in sight, the one on show marked."""
        count, room = self.count(), self._room
        self._chosen = max(0, min(self._chosen, count - 1))
        top = self._chosen - room // 2 if self._top < 0 else self._top
        top = max(self._chosen - room + 1, min(top, self._chosen))
        self._top = max(0, min(top, count - room))
        steps = range(self._top, min(self._top + room, count))
        title = f"table of steps: {steps[0]} to {steps[-1]}"
        if len(steps) < count:
            title += f" of {count - 1}"
        keys = with_keys("{key.up+down} choose   enter go to it   esc out")
        table = self._table
        if table is None:
            return title, [[(" Listing …", "text")]], keys
        columns = _columns(table, width, self._shown)
        lines: list[Line] = [[(_titles(columns), "quiet")]]
        known, published = {row.step: row for row in table.rows}, self._published
        for step in steps:
            cells = _cells(columns, known.get(step, StepRow(step)))
            now = "now" if step == self._shown.step else ""
            mark, role = (" ▸ ", "strong") if step == self._chosen else ("   ", "text")
            role = "model" if now and role == "text" else role
            cells += MARK if step in published else ""
            text = f"{mark}{step:>{STEP}} {now:<{NOW - 1}}{cells}"
            lines.append([(text, meaning(role, "row", step))])
        return title, lines, keys

    def below(self, width: int) -> list[Line]:
        """What a row is, and what there is to say of this run's."""
        said = (NONE_YET,) if not self._shown.tip else PUBLISHED if self._published else ()
        return [[(f" {with_keys(each)}"[:width], "quiet")] for each in (ABOUT, *said)]

    def count(self) -> int:
        """How many steps there are, the one to come among them."""
        return self._shown.tip + 1

    async def action_take_steps(self, name: str) -> None:
        """Do what the main screen's key of this name does, and follow the run."""
        if self._leaves:
            self.dismiss()
        self._follows = True
        await self.app.run_action(f"press('{name}')")

    def action_do_chosen(self) -> None:
        """Go to the chosen step."""
        if self._chosen != self._shown.step:
            self._ask(Seek(self._chosen))
        self.dismiss()


def _columns(table: StepTable, width: int, shown: Snapshot) -> list[Column]:
    """What there is to say of each step, and room for."""
    room = width - 3 - STEP - NOW - len(MARK)
    columns = [*_losses(table), Column("lr", NUMBER, short, lambda row: row.learning_rate)]
    parameters = [
        Column(name, max(NUMBER, len(name) + 1), fixed, _parameter(at))
        for at, name in enumerate(table.names)
    ]
    gradient = [Column("gradient norm", NORM, fixed, _taken(table, "gradient_norm"))]
    for more in (parameters, [] if shown.hides_gradient else gradient):
        if sum(each.width for each in (*columns, *more)) <= room:
            columns += more
    return columns


def _losses(table: StepTable) -> Iterator[Column]:
    if table.in_batches:
        yield Column("this batch", LOSS, exactly, _taken(table, "loss"), TO_COME)
        yield Column("all rows", LOSS, exactly, lambda row: row.all_rows)
    else:
        yield Column("loss", LOSS, exactly, lambda row: row.loss)
    if table.has_validation:
        yield Column("validation", LOSS, exactly, lambda row: row.validation)


def _taken(table: StepTable, name: str) -> Callable[[StepRow], float | None]:
    """What a step's batch made; nothing of one that is still to come, as if it had been taken."""
    taken = table.tip if table.in_batches else math.inf
    return lambda row: getattr(row, name) if row.step < taken else None


def _parameter(at: int) -> Callable[[StepRow], float | None]:
    return lambda row: row.parameters[at] if row.parameters else None


def _titles(columns: list[Column]) -> str:
    titles = "".join(f"{each.title:>{each.width}}" for each in columns)
    return f"   {'step':>{STEP}}{'':<{NOW}}{titles}"


def _cells(columns: list[Column], row: StepRow) -> str:
    """The numbers of a row; dots for what is still worked out."""
    return "".join(f"{_cell(each, row):>{each.width}}" for each in columns)


def _cell(column: Column, row: StepRow) -> str:
    value = column.value(row)
    if value is not None:
        return column.write(value)
    return column.missing if row.is_whole else PENDING
