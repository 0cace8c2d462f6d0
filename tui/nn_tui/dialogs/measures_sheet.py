"""The sheet of measures: how good the model is, beside the simplest that one could do."""

import math
import textwrap
from collections.abc import Callable, Iterator

from nn_core.analysis.measures import ModelMeasures
from nn_core.config.key_names import with_keys
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed, short, times
from nn_core.training.measures import ClassMeasures, Measures, NumberMeasures
from nn_tui.dialogs.sheet import Sheet
from nn_tui.panels.classes import confusion_rows
from nn_tui.text.cells import cut, shortened
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

NAME, NUMBER = 14, 11  # cells of a class's name and of a number beside it


class MeasuresSheet(Sheet):
    """How good the model is on the rows that it was trained on, and on those held back."""

    def __init__(self, make_rows: Callable[..., Rows]) -> None:
        super().__init__(make_rows)
        self._found: ModelMeasures | None = None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what was measured."""
        if isinstance(snapshot.search, ModelMeasures) and snapshot.search is not self._found:
            self._found = snapshot.search
            self.draw()

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """The measures on the rows trained on, then on those held back."""
        keys = with_keys("{key.up+down} scroll   esc leave")
        if self._found is None:
            return "measures", [[(" Measuring …", "text")]], keys
        return f"measures, step {self._found.step}", report(self._found, width), keys


def report(found: ModelMeasures, width: int) -> list[Line]:
    """All measures as rows."""
    lines = _part("rows trained on", found.training, found.target, width, chooses=True)
    if found.loss_in_file_units is not None:
        lines += _loss(found)
    if found.validation is not None:
        lines += [[], *_part("rows held back", found.validation, found.target, width)]
    else:
        said = "No rows are held back: on rows that it hasn’t seen it may do worse."
        lines += [[], *_wrapped(said, width, "quiet")]
    return [cut(line, width) for line in lines]


def _part(
    title: str, found: Measures, target: str, width: int, chooses: bool = False
) -> list[Line]:
    count = f"{times(found.rows, 'row')} " if isinstance(found, ClassMeasures) else ""
    lines: list[Line] = [[(f" {count}{title.removeprefix('rows ') if count else title}", "strong")]]
    lines += _wrapped(f"{found.sentence[0].upper()}{found.sentence[1:]}.", width)
    if isinstance(found, ClassMeasures):
        counted: Line = [(" what it is ↓  taken for →", "quiet")]
        return [*lines, [], *_classes(found), [], counted, *confusion_rows(found, width, chooses)]
    return [*lines, [], *_numbers(found, target)]


def _wrapped(text: str, width: int, role: str = "text") -> list[Line]:
    return [[(f" {line}", role)] for line in textwrap.wrap(text, max(20, width - 2))]


# --- numbers ----------------------------------------------------------------------------------


def _numbers(found: NumberMeasures, target: str) -> Iterator[Line]:
    explained = "–" if math.isnan(found.explained) else fixed(found.explained)
    yield [(f" {'R²':<{NAME}}{explained:>{NUMBER}}", "text"), ("  of the variance", "quiet")]
    unit = f"  root mean squared error, in the units of {target}"
    yield [(f" {'RMSE':<{NAME}}{short(found.rmse):>{NUMBER}}", "text"), (unit, "quiet")]
    said = "  RMSE of always answering the mean of training rows"
    yield [(f" {'the mean':<{NAME}}{short(found.baseline):>{NUMBER}}", "text"), (said, "quiet")]


def _loss(found: ModelMeasures) -> Iterator[Line]:
    """The loss that is trained on, and what it is in the units of the file."""
    said = f"  as in the file; {short(found.loss)} of scaled targets, as it is trained on"
    yield [(f" {'loss':<{NAME}}{short(found.loss_in_file_units or 0):>{NUMBER}}", "text"),
           (said, "quiet")]  # fmt: skip


# --- classes ----------------------------------------------------------------------------------


def _classes(found: ClassMeasures) -> Iterator[Line]:
    """Precision and recall of each class."""
    titles = "".join(f"{title:>{NUMBER}}" for title in ("precision", "recall", "rows"))
    yield [(f" {'class':<{NAME}}{titles}", "quiet")]
    rows = found.confusion.sum(axis=1)
    for at, name in enumerate(found.classes):
        numbers = (_share(found.precision[at]), _share(found.recall[at]), str(int(rows[at])))
        told = "".join(f"{text:>{NUMBER}}" for text in numbers)
        yield [(f" {shortened(name, NAME - 1):<{NAME}}", "strong"), (told, "text")]


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:.1f} %"
