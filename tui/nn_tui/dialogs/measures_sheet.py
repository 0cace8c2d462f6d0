"""The sheet of measures: how good the model is, beside the simplest that one could do."""

import math
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from nn_core.analysis.measures import ModelMeasures
from nn_core.config.key_names import with_keys
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import about, fixed, times
from nn_core.training.measures import ClassMeasures, Measures, NumberMeasures, TargetsMeasures
from nn_tui.dialogs.sheet import Sheet
from nn_tui.panels.classes import confusion_rows
from nn_tui.text.cells import cut, shortened
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

NAME, NUMBER = 14, 11  # cells of a class's name and of a number beside it
LEAST_SAID = 10  # cells for what a number is


class MeasuresSheet(Sheet):
    """How good the model is on the rows that it was trained on, and on those held back."""

    def __init__(self, make_rows: Callable[..., Rows]) -> None:
        super().__init__(make_rows)
        self._found: ModelMeasures | None = None
        self._headings: Sequence[range] = ()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what was measured."""
        if isinstance(snapshot.search, ModelMeasures) and snapshot.search is not self._found:
            self._found = snapshot.search
            self.draw()

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """The measures on the rows held back, then on those trained on."""
        keys = with_keys("{key.up+down} scroll   esc out")
        if self._found is None:
            return "measures", [[(" Measuring …", "text")]], keys
        trained = self._found.training
        if isinstance(trained, ClassMeasures) and trained.right < trained.rows:
            keys += with_keys(", then {key.next_mistake} shows the worst mistake")
        found = report(self._found, width)
        self._headings = found.headings
        return f"measures, step {self._found.step}", found.lines, keys

    def headings(self) -> Sequence[range]:
        """Which rows it is about, and the titles of its tables."""
        return self._headings


class Report(NamedTuple):
    """All measures as rows, and which of these are headings, each up to where it holds."""

    lines: list[Line]
    headings: list[range]

    def add(self, lines: Iterable[Line], heading: bool = False) -> None:
        """Put rows below, of which the first is a heading of the others."""
        start = len(self.lines)
        self.lines.extend(lines)
        if heading:
            self.headings.append(range(start, len(self.lines)))


def report(found: ModelMeasures, width: int) -> Report:
    """Measure by measure, on the rows held back, which it hasn't seen, and on those trained on."""
    done = Report([], [])
    if found.validation is not None:
        _add_part(done, "held back", found.validation, found, width)
        done.add([[]])
    _add_part(done, "trained on", found.training, found, width)
    if found.validation is None:
        said = "No rows are held back: on rows that it hasn’t seen it may do worse."
        done.add([[], *_wrapped(said, width, "quiet")])
    return Report([cut(line, width) for line in done.lines], done.headings)


def _add_part(done: Report, title: str, of: Measures, found: ModelMeasures, width: int) -> None:
    """Add what there is to say of some rows; `title` says what is done with them."""
    is_training = of is found.training
    start, place = len(done.lines), len(done.headings)
    done.add([[(f" {times(of.rows, 'row')} {title}", "strong")]])
    if isinstance(of, ClassMeasures):
        done.add(_wrapped(f"{of.sentence[0].upper()}{of.sentence[1:]}.", width))
        done.add(_wrapped(_confused(of, width - 2), width))
        done.add([[]])
        done.add(_classes(of), heading=True)
        done.add([[], [(" what it is ↓  taken for →", "quiet")]])
        done.add(confusion_rows(of, width, is_training), heading=True)
    elif isinstance(of, NumberMeasures):
        done.add(_wrapped(f"{of.sentence[0].upper()}{of.sentence[1:]}.", width))
        done.add([[], *_numbers(of, found.target, width)])
    else:
        done.add([[], *_targets(of, width)])
    if is_training and found.loss_in_file_units is not None:
        done.add(_loss(found, width))
    done.headings.insert(place, range(start, len(done.lines)))


def _wrapped(text: str, width: int, role: str = "text") -> list[Line]:
    return [[(f" {line}", role)] for line in textwrap.wrap(text, max(20, width - 2))]


# --- numbers ----------------------------------------------------------------------------------


def _numbers(found: NumberMeasures, target: str, width: int) -> Iterator[Line]:
    explained = "–" if math.isnan(found.explained) else fixed(found.explained)
    yield from _told("R²", explained, "of the variance", width)
    unit = f"root mean squared error, in the units of {target}"
    yield from _told("RMSE", about(found.rmse), unit, width)
    said = "RMSE of always answering the mean of training rows"
    yield from _told("the mean", about(found.baseline), said, width)


def _loss(found: ModelMeasures, width: int) -> Iterator[Line]:
    """The loss that is trained on, and what it is in the units of the file."""
    said = f"as in the file; {about(found.loss)} of scaled targets, as it is trained on"
    yield from _told("loss", about(found.loss_in_file_units or 0), said, width)


def _told(name: str, number: str, said: str, width: int) -> Iterator[Line]:
    """A number by its name, and what it is: beside it, in as many lines as that takes."""
    begins = f" {name:<{NAME}}{number:>{NUMBER}}"
    for line in textwrap.wrap(said, max(LEAST_SAID, width - len(begins) - 3)):
        yield [(begins, "text"), (f"  {line}", "quiet")]
        begins = " " * len(begins)


def _targets(found: TargetsMeasures, width: int) -> Iterator[Line]:
    """What there is to say of each of several targets, in its own units."""
    titles = "".join(f"{title:>{NUMBER}}" for title in ("R²", "RMSE", "the mean"))
    yield [(f" {'target':<{NAME}}{titles}", "quiet")]
    for name, each in found.by_target.items():
        explained = "–" if math.isnan(each.explained) else fixed(each.explained)
        numbers = (explained, about(each.rmse), about(each.baseline))
        told = "".join(f"{text:>{NUMBER}}" for text in numbers)
        yield [(f" {shortened(name, NAME - 1):<{NAME}}", "strong"), (told, "text")]
    said = "RMSE, and that of always answering the mean: in the units of each"
    yield from _wrapped(said, width, "quiet")


# --- classes ----------------------------------------------------------------------------------


def _confused(found: ClassMeasures, room: int) -> str:
    """The pairs that are confused most, as many as a line has room for; "" without any."""
    begin = f"{found.how_often.capitalize()} "
    said = found.confusions(room - len(begin) - 1)
    return f"{begin}{said}." if said else ""


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
