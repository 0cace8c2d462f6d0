"""The sheet of kept runs: what differs, steps and losses; one can be gone on with, or removed."""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from nn_core.analysis.references import Reference
from nn_core.config.key_names import with_keys
from nn_core.explain.comparison import ALIKE, KeptLosses
from nn_core.explain.snapshot import MOST_DRAWN, Snapshot
from nn_core.formatting import exactly, fixed
from nn_core.live.requests import Forget, Request, TakeUp
from nn_core.run.kept import MOST_KEPT
from nn_tui.dialogs.overlay import Choosing
from nn_tui.dialogs.sheet import Sheet
from nn_tui.panels.over_steps import role_of
from nn_tui.text.cells import shortened, wrapped
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

NAME, NUMBER, GAP = 6, 10, 2  # cells of the run's name, of a number at least, and before each
LEAST_LABEL = 10
WIDEST = 100  # cells: on a wide screen a row stays one that the eye can follow
ABOUT = (
    "A run is named by what its steps were trained with. {key.restart}, a setting that begins "
    "another run, and what is done in a run’s past keep the run before; {key.keep} keeps one more. "
    f"{MOST_KEPT} at most are kept; the plot draws the newest {MOST_DRAWN}."
)


TWIN = "zeroed at every step"
NOTHING = (
    "No run is kept yet: {key.keep} keeps the one on the screen, "
    "{key.restart} keeps it and restarts."
)


class KeptSheet(Choosing, Sheet):
    """The run on the screen and the kept ones, of which one is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter", "do_chosen", "go on with it"),
        ("d,delete,backspace", "forget", "remove it"),
        Binding("K", "dismiss", "out", id="kept_runs"),
    ]

    def __init__(
        self, make_rows: Callable[..., Rows], shown: Snapshot, ask: Callable[[Request], None]
    ) -> None:
        super().__init__(make_rows)
        self._shown, self._ask = shown, ask
        self._chosen = 0  # among the kept runs
        self._rows = range(1)  # those of the table under its first, which names the columns

    @property
    def _kept(self) -> tuple[KeptLosses, ...]:
        return self._shown.kept_runs

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the runs as they are now."""
        self._shown = snapshot
        self.draw()

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """A row for each run, the one on the screen first."""
        kept, shown = self._kept, self._shown
        self._chosen = max(0, min(self._chosen, len(kept) - 1))
        rows = [_titles(shown), _now(shown)]
        if shown.twin is not None:
            rows.append(_Row("   ", "twin", TWIN, _values(shown.twin), "twin"))
        for at, each in enumerate(kept):
            role = role_of(each, shown) if each in shown.drawn else "quiet"  # as on the plot
            mark, role = (" ▸ ", "strong") if at == self._chosen else ("   ", role)
            said = each.label if each.label != ALIKE else f"{ALIKE}: trained alike"
            role = meaning(role, "row", at)
            rows.append(_Row(mark, str(each.number), said, _values(each), role))
        for found in shown.scene.references:
            rows.append(_reference(found, shown))
        lines = _table(rows, min(width, WIDEST))
        self._rows = range(len(lines))
        dead = list(_on_dead_units(shown))
        below = [*_on_lengths(shown), *dead, *_on_references(shown)]
        if not kept:
            below.append(NOTHING)
        elif not dead:  # for both there is no room on 24 rows
            below.append(ABOUT)
        for sentence in below:
            lines.append([])
            lines += [[(f" {line}", "quiet")] for line in wrapped(with_keys(sentence), width - 2)]
        keys = "{key.up+down} choose   enter go on with it   d remove it   " if kept else ""
        return "runs to compare", lines, with_keys(f"{keys}esc out")

    def count(self) -> int:
        """How many kept runs there are."""
        return len(self._kept)

    def headings(self) -> Sequence[range]:
        """What the columns are called."""
        return [self._rows]

    def scrolled(self, first: int, visible: int, count: int) -> int:
        """As high as can be; with the last run chosen what stands below it comes into sight."""
        is_last = self._chosen == len(self._kept) - 1
        chosen = 2 + (self._shown.twin is not None) + self._chosen
        return max(0, min(chosen - 1, count - visible)) if is_last else 0

    def action_do_chosen(self) -> None:
        """Go on with a copy of the chosen run in place of the one on show, which is kept too."""
        if self._kept:
            self._ask(TakeUp(self._kept[self._chosen].number))
            self.dismiss()

    def action_forget(self) -> None:
        """Remove the chosen run."""
        if self._kept:
            self._ask(Forget(self._kept[self._chosen].number))


class _Row(NamedTuple):
    """A row of the table; its values are steps, loss and, where there are, those of validation."""

    mark: str
    name: str
    label: str
    values: list[str]
    role: str


def _reference(found: Reference, shown: Snapshot) -> _Row:
    """The truth, or the best of its kind: of which kind, and with which coefficients."""
    named = found.label.removeprefix(found.kind).lstrip(", ")
    numbers = "" if found.coefficients is None else _abc(found.coefficients)
    if shown.validation is not None and numbers:  # beside its columns there is room for one of them
        named, numbers = ("", numbers) if shown.scene.kind == "quadratic" else (named, "")
    label = "  ".join(filter(None, (named, numbers)))
    return _Row("   ", found.kind, label, ["", fixed(found.loss)], "truth")


def _titles(shown: Snapshot) -> _Row:
    of_validation = ["validation", "least measured"] if shown.validation is not None else []
    return _Row("   ", "run", "what differs", ["steps", "loss", *of_validation], "quiet")


def _now(shown: Snapshot) -> _Row:
    """The run on the screen, where it stands."""
    values = [_steps(shown.step, shown.tip), exactly(shown.loss)]
    if shown.validation is not None:
        values += [exactly(shown.validation.loss), _least(shown.validation.least)]
    return _Row("   ", "now", _own(shown), values, "model")


def _values(each: KeptLosses) -> list[str]:
    """How far it got, and its losses there, as far as they are known."""
    steps = _steps(each.steps, each.tip)
    if each.end is None:
        return [steps, "…"]
    values = [steps, exactly(each.end.loss)]
    if each.end.validation is not None:
        values += [exactly(each.end.validation), _least(each.least_known)]
    return values


def _steps(step: int, tip: int) -> str:
    return str(tip) if step == tip else f"{step} of {tip}"


def _least(found: tuple[int, float] | None) -> str:
    """The least validation loss of a run and its step; "" where none is known."""
    return "" if found is None else f"{exactly(found[1])} at {found[0]}"


def _own(shown: Snapshot) -> str:
    """What sets the run on the screen apart, or else what was changed on its way."""
    changed = ", ".join(f"{each.text} from step {each.step}" for each in shown.changes)
    return changed if shown.label in ("", "now") else shown.label


def _abc(coefficients: tuple[float, float, float]) -> str:
    return "  ".join(f"{n} {fixed(value)}" for n, value in zip("abc", coefficients, strict=True))


def _on_lengths(shown: Snapshot) -> Iterator[str]:
    """That runs of several lengths don't compare by where they ended."""
    if len({shown.step, *(each.steps for each in shown.kept_runs)}) > 1:
        yield (
            "These runs have not taken equally many steps: one that is lower may only have "
            "trained longer."
        )


def _on_dead_units(shown: Snapshot) -> Iterator[str]:
    """In which runs units are dead: these look like networks that are too small."""
    ends = [(f"in run {each.number}", each.end) for each in shown.kept_runs]
    found = [(where, end.dead or 0, end.units) for where, end in ends if end is not None]
    found.insert(0, ("now", sum(map(len, shown.observed.silent)), shown.observed.units))
    said = [f"{dead} of {units} {where}" for where, dead, units in found if dead]
    if said:
        named = "Lines cut off" if shown.scene.kind == "relu" else "Units dead (△)"
        yield (
            f"{named}, 0 at all points: {', '.join(said)}. The same model without any may fit "
            "better."
        )


def _on_references(shown: Snapshot) -> Iterator[str]:
    """What the losses of truth and best fit are, beside each other and beside the run's."""
    truth, best = shown.scene.reference("truth"), shown.scene.reference("best")
    if best is not None:
        gap = shown.loss - best.loss
        way = "above" if gap >= 0 else "below"
        yield f"The run on the screen is {fixed(abs(gap))} {way} the {best.label}."
    if truth is not None and best is not None and truth.loss > best.loss:
        yield (
            f"The truth scores worse than the {best.label}, fitted to these points with "
            "their noise; on new points of its rule the truth would win, on average."
        )


def _table(rows: Sequence[_Row], width: int) -> list[Line]:
    """The rows, their numbers in columns; a label without steps beside it has their room too."""
    columns = zip_longest(*(row.values for row in rows), fillvalue="")
    widths = [max(NUMBER, GAP + max(map(len, column))) for column in columns]
    room = max(LEAST_LABEL, width - 3 - NAME - sum(widths) - 1)
    lines: list[Line] = []
    for mark, name, label, values, role in rows:
        numbers = "".join(f"{text:>{cells}}" for text, cells in zip(values, widths, strict=False))
        free = room + (len(numbers) - len(numbers.lstrip())) - GAP if not values[0] else room - 1
        label = shortened(label, free)
        text = f"{mark}{name:<{NAME}}{label:<{room}}"
        lines.append([(text, role), (numbers[len(text) - 3 - NAME - room :], role)])
    return lines
