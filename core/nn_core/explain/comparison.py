"""The losses of other runs that are shown beside a run's own, named by what sets them apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from nn_core.config import Config, Setting, setting, settings, show
from nn_core.optim.optimizers import OPTIMIZERS, in_force
from nn_core.optim.schedules import SCHEDULES
from nn_core.run.history import Envelope
from nn_core.run.kept import End, KeptCurve
from nn_core.run.timeline import Timeline
from nn_core.run.twin import Twin

_CHANGES = {  # events that are no setting
    "add_unit": "unit added",
    "place_unit": "unit added",
    "remove_unit": "unit removed",
    "add_layer": "layer added",
    "remove_layer": "layer removed",
    "add_point": "point added",
    "remove_point": "point removed",
    "load": "loaded",
}
TWIN = "zeroed twin"  # what sets it apart from its own run, whatever that has trained by now
ALIKE = "before"  # what a run is called that was trained as the one on show
MOST_VALUES = 3  # of a setting that changed within a run: of more, the first and the last are named


@dataclass(frozen=True, eq=False)
class KeptLosses:
    """The losses of another run from step `start` on, named by what differs between all on show.

    `number` is that of a kept run, 0 of the zeroed twin; `steps` are those that it took, of the
    twin up to where the run stands; `tip` is the furthest that it came to.  `end` is what it was
    then, once that has been worked out.  `least` is the least validation loss that was measured on
    its way: the step and the loss.
    """

    label: str
    envelope: Envelope
    start: int
    steps: int = 0
    tip: int = 0
    number: int = 0
    end: End | None = None
    least: tuple[int, float] | None = None

    @property
    def least_known(self) -> tuple[int, float] | None:
        """The least validation loss, and its step, of those measured on its way and at its end."""
        here = self.end.validation if self.end is not None else None
        if here is None or (self.least is not None and not here < self.least[1]):
            return self.least
        return self.steps, here


@dataclass(frozen=True)
class ChangeWithin:
    """What was changed within a run: at which step, the loss there, and to what."""

    step: int
    loss: float
    text: str


def changes_within(timeline: Timeline) -> tuple[ChangeWithin, ...]:
    """What was changed of model, data and how it trains between two of its steps, nudges left out.

    Of each setting it is the last change there.  What was changed after the last step of all has
    trained nothing yet.
    """
    losses = timeline.history.losses
    found: dict[tuple[int, str], str] = {}
    for event in timeline.events:
        if not 0 < event.step < len(losses):
            continue
        if event.kind in _CHANGES:
            found[event.step, event.kind] = _CHANGES[event.kind]
        elif event.kind == "set":
            each = setting(event.named["name"])
            if each.effect != "view":
                found[event.step, each.name] = _titled(each, _written(each, event.named["value"]))
    return tuple(ChangeWithin(step, losses.at(step), text) for (step, _), text in found.items())


def compared_losses(
    timeline: Timeline, twin: Twin | None, bins: int
) -> tuple[str, tuple[KeptLosses, ...]]:
    """The run's own name beside the others, "" without any; and the kept runs, the newest last.

    The twin comes after them.
    """
    kept = timeline.kept
    if not kept and twin is None:
        return "", ()
    trained = [each.trained for each in kept]
    loads = [each.loads for each in kept]
    if twin is not None:
        trained.append(twin.trained)
        loads.append(timeline.loads)
    *names, own = labels([*trained, timeline.trained], [*loads, timeline.loads])
    found = [
        _compared(name, each, each.steps, bins, each.start, each.number)
        for name, each in zip(names, kept, strict=False)
    ]
    if twin is not None:
        found.append(_compared(TWIN, twin, twin.step, bins))
    return own, tuple(found)


def named(timeline: Timeline, number: int) -> str:
    """A kept run by its number and by what sets it apart, as a table of the runs names it."""
    runs = [*timeline.kept, timeline]
    names = labels([each.trained for each in runs], [each.loads for each in runs])
    label = names[timeline.kept.index(timeline.kept_run(number))]
    return f"Run {number}" if label == ALIKE else f"Run {number} ({label})"


def distinct(runs: Sequence[KeptLosses]) -> list[KeptLosses]:
    """The runs of which not all losses are another's too; of two that are alike the first."""
    return [
        run
        for at, run in enumerate(runs)
        if not any(_is_part_of(run, other) for other in runs[:at])
        and not any(
            _is_part_of(run, other) and not _is_part_of(other, run) for other in runs[at + 1 :]
        )
    ]


def _is_part_of(one: KeptLosses, other: KeptLosses) -> bool:
    """Whether all that is shown of a run's losses is, number by number, another's too."""
    own, longer = one.envelope, other.envelope
    count = len(own.step)
    return (
        own.width == longer.width == 1
        and one.start >= other.start
        and np.array_equal(own.step, longer.step[:count])
        and np.array_equal(own.low, longer.low[:count], equal_nan=True)
    )


def _compared(
    name: str, run: KeptCurve | Twin, steps: int, bins: int, start: int = 0, number: int = 0
) -> KeptLosses:
    history, tip = run.history, len(run.history)
    least = history.validation.least(tip)
    envelope = history.losses.envelope(bins)
    return KeptLosses(name, envelope, start, steps, tip, number, run.end, least)


def labels(
    runs: Sequence[tuple[Config, ...]], loads: Sequence[Sequence[int]] | None = None
) -> list[str]:
    """What sets each run apart from the others, in a few words; the last is the one on show.

    A run is given as the settings that it was trained with, in their order; and, with `loads`, by
    the steps at which parameters were loaded into it.
    """
    apart = [each for each in settings() if _sets_apart(each, runs)]
    words = [[word for each in apart for word in _words(each, run)] for run in runs]
    loadings = [_loading(steps) for steps in loads or ()]
    if len(set(loadings)) > 1:
        words = [[*found, loading] for found, loading in zip(words, loadings, strict=True)]
    *others, own = map(", ".join, words)
    named = [  # of two that are named alike one is the older
        f"{other}, before" if other and other in (*others[at + 1 :], own) else other or ALIKE
        for at, other in enumerate(others)
    ]
    return [*named, own or "now"]


def _loading(steps: Sequence[int]) -> str:
    """At which of its steps parameters were loaded into a run."""
    return "loaded" + f" at {', '.join(map(str, steps))}" * any(steps) if steps else "not loaded"


def _sets_apart(each: Setting, runs: Sequence[tuple[Config, ...]]) -> bool:
    if each.name == "experiment":
        return False
    if each.effect == "view":  # only a schedule that ends looks at the planned epochs
        ending = all(SCHEDULES[config.schedule].ends for run in runs for config in run)
        if each.name != "epochs" or not ending:
            return False
    found = [tuple(_values(each.name, run)) for run in runs]
    return len({values for values in found if values}) > 1


def _values(name: str, run: tuple[Config, ...]) -> Iterator[Any]:
    """The values that a setting had one after the other; none where the optimizer has no such."""
    known = (in_force(config, name) for config in run)
    return (value for value, _ in groupby(value for value in known if value is not None))


def _words(each: Setting, run: tuple[Config, ...]) -> Iterator[str]:
    written = [_written(each, value) for value in _values(each.name, run)]
    if len(written) > MOST_VALUES:
        written = [written[0], "…", written[-1]]
    if written:
        yield _titled(each, " → ".join(written))


def _titled(each: Setting, value: str) -> str:
    title = {"learning_rate": "lr ", "optimizer": "", "zero_gradients": ""}
    return title.get(each.name, f"{each.title} ") + value


def _written(each: Setting, value: Any) -> str:
    if each.name == "zero_gradients":
        return "zeroed" if value else "not zeroed"
    if each.name == "optimizer":
        return OPTIMIZERS[value].title
    if each.name in ("load", "data") and value:
        return Path(value).name
    return each.spell(show(value)) or "none"
