"""The sheet of kept runs: what differs, steps and losses; one can be gone on with, or removed."""

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType

from nn_core.config.key_names import with_keys
from nn_core.explain.comparison import KeptLosses
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed
from nn_core.live.requests import Forget, Request, TakeUp
from nn_tui.dialogs.overlay import Choosing
from nn_tui.dialogs.sheet import Sheet
from nn_tui.text.cells import wrapped
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

NAME, NUMBER = 6, 12  # cells of the run's name, and of each of its numbers
LEAST_LABEL = 10
WIDEST = 100  # cells: on a wide screen a row stays one that the eye can follow
ABOUT = (
    "A run is named by what its steps were trained with. On the screen {key.keep} keeps one "
    "more; {key.restart}, and what is done in a run’s past, keep the run before. Three are kept."
)


TWIN = "zeroed: this run with zeroing on"
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

    @property
    def _kept(self) -> list[KeptLosses]:
        """The kept runs; the clean twin isn't one: it can't be gone on with, nor removed."""
        return [each for each in self._shown.kept if each.number]

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the runs as they are now."""
        self._shown = snapshot
        self.draw()

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """A row for each run, the one on the screen first."""
        kept, title = self._kept, "runs to compare"
        self._chosen = max(0, min(self._chosen, len(kept) - 1))
        shown, has_validation = self._shown, self._shown.validation is not None
        numbers = ["steps", "loss", *(["validation"] if has_validation else [])]
        label = max(LEAST_LABEL, min(width, WIDEST) - 3 - NAME - len(numbers) * NUMBER - 1)
        lines: list[Line] = [
            [
                (f"   {'run':<{NAME}}{'what differs':<{label}}", "quiet"),
                ("".join(f"{name:>{NUMBER}}" for name in numbers), "quiet"),
            ]
        ]
        now = [str(shown.tip), fixed(shown.loss)]
        if shown.step != shown.tip:
            now[0] = f"{shown.step} of {shown.tip}"
        if shown.validation is not None:
            now.append(fixed(shown.validation.loss))
        lines.append(_row("   ", "now", _own(shown), now, label, "model"))
        for each in shown.kept:
            if not each.number:
                values = _values(each, has_validation)
                lines.append(_row("   ", "twin", TWIN, values, label, "kept"))
        for at, each in enumerate(kept):
            values = _values(each, has_validation)
            mark, role = (" ▸ ", "strong") if at == self._chosen else ("   ", "kept")
            role = meaning(role, "row", at)
            said = each.label if each.label != "before" else "before: no setting differs"
            lines.append(_row(mark, str(each.number), said, values, label, role))
        for found in shown.scene.references:
            named = "" if found.coefficients is None else _abc(found.coefficients)
            values = ["", fixed(found.loss), *([""] if has_validation else [])]
            lines.append(_row("   ", found.kind, named, values, label, "truth"))
        for sentence in (*_on_references(shown), NOTHING if not kept else ABOUT):
            lines.append([])
            lines += [[(f" {line}", "quiet")] for line in wrapped(with_keys(sentence), width - 2)]
        keys = "{key.up+down} choose   enter go on with it   d remove it   " if kept else ""
        return title, lines, with_keys(f"{keys}esc out")

    def count(self) -> int:
        """How many kept runs there are."""
        return len(self._kept)

    def action_do_chosen(self) -> None:
        """Go on with the chosen run in place of the one on the screen, which is kept."""
        if self._kept:
            self._ask(TakeUp(self._kept[self._chosen].number))
            self.dismiss()

    def action_forget(self) -> None:
        """Remove the chosen run."""
        if self._kept:
            self._ask(Forget(self._kept[self._chosen].number))


def _values(each: KeptLosses, has_validation: bool) -> list[str]:
    """How far it got, and its losses there, as far as they are known."""
    values = [str(each.steps), "…", *(["…"] if has_validation else [])]
    if each.end is not None:
        values[1] = fixed(each.end.loss)
        if has_validation and each.end.validation is not None:
            values[2] = fixed(each.end.validation)
    return values


def _own(shown: Snapshot) -> str:
    """What sets the run on the screen apart, or else what was changed on its way."""
    changed = ", ".join(f"{each.text} from step {each.step}" for each in shown.changes)
    return changed if shown.label in ("", "now") else shown.label


def _abc(coefficients: tuple[float, float, float]) -> str:
    return "  ".join(f"{n} {fixed(value)}" for n, value in zip("abc", coefficients, strict=True))


def _on_references(shown: Snapshot) -> Iterator[str]:
    """What the losses of truth and best fit are, beside each other and beside the run's."""
    truth, best = shown.scene.reference("truth"), shown.scene.reference("best")
    if best is not None:
        gap = shown.loss - best.loss
        way = "above" if gap >= 0 else "below"
        yield f"The run on the screen is {fixed(abs(gap))} {way} the {best.label}."
    if truth is not None and best is not None and truth.loss > best.loss:
        yield (
            "The truth scores worse than the best: it knows nothing of the noise in these points, "
            "and the best is fitted to it."
        )


def _row(mark: str, name: str, label: str, values: list[str], room: int, role: str) -> Line:
    label = label if len(label) < room else f"{label[: room - 2]}…"
    numbers = "".join(f"{value:>{NUMBER}}" for value in values)
    return [(f"{mark}{name:<{NAME}}{label:<{room}}", role), (numbers, role)]
