"""The names that a lesson may use in goals, questions and texts, and what each stands for.

A name is a number or a word of the Snapshot: `loss`, `value.c`, `optimizer`.  With `before.` it is
that of the task's start; `change.` is how far it has moved since, `direction.` which way.
"""

import difflib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from nn_core.config import settings, show
from nn_core.errors import RequestError
from nn_core.explain.classes import ClassPicture
from nn_core.explain.outcomes import Moved
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed, short, shown, signed
from nn_core.optim.optimizers import in_force

Value = float | str
DIRECTIONS = ("up", "down", "stays")  # in this order, whatever language they are said in
_SINCE_START = ("before", "change", "direction")


@dataclass(frozen=True)
class Moment:
    """What names are looked up in: the snapshot now, and the one of the task's start."""

    now: Snapshot
    before: Snapshot


@dataclass(frozen=True)
class _Name:
    """How a name is looked up, and how the screen writes it; `about` is for who writes lessons."""

    about: str
    read: Callable[[Snapshot], Any]
    write: Callable[[float], str]


def _whole(value: float) -> str:
    return fixed(value, 0)


def _referred(snapshot: Snapshot, kind: str) -> float | None:
    found = snapshot.scene.reference(kind)
    return found.loss if found else None


def _lowest_step(snapshot: Snapshot) -> float | None:
    found = snapshot.validation
    return None if found is None or found.least is None else float(found.least[0])


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _of_classes(read: Callable[[Snapshot, ClassPicture], Any]) -> Callable[[Snapshot], Any]:
    """Something of the classes, where they are told apart."""
    return lambda now: None if now.classes is None else read(now, now.classes)


def _moved(part: str) -> Callable[[Snapshot], Any]:
    return lambda now: getattr(now.outcome, part) if isinstance(now.outcome, Moved) else None


def _of_layer(part: str) -> Callable[[Snapshot], Any]:
    """A number of the chosen unit at the chosen point, while the layer view is on show."""

    def read(now: Snapshot) -> Any:
        matrix = getattr(now.insight, "matrix", None)
        return None if matrix is None else float(getattr(matrix, part)[now.insight.row, 0])

    return read


_NAMES = {
    "step": _Name("updates done", attrgetter("step"), _whole),
    "epoch": _Name("passes over the data done", attrgetter("epoch"), _whole),
    "steps_per_epoch": _Name("updates in an epoch", attrgetter("steps_per_epoch"), _whole),
    "tip": _Name("the furthest step of this run", attrgetter("tip"), _whole),
    "kept": _Name("kept curves", lambda now: len(now.kept), _whole),
    "loss": _Name("the loss over all rows, now", attrgetter("loss"), fixed),
    "first_loss": _Name("the run’s first loss", attrgetter("observed.first_loss"), fixed),
    "validation_loss": _Name(
        "the loss over the rows held back",
        lambda now: now.validation and now.validation.loss, fixed,
    ),
    "lowest_validation_loss": _Name(
        "the lowest of them so far",
        lambda now: now.validation and now.validation.least and now.validation.least[1], fixed,
    ),
    "lowest_validation_step": _Name("the step of that", _lowest_step, _whole),
    "truth_loss": _Name("the true function’s loss", lambda now: _referred(now, "truth"), fixed),
    "best_loss": _Name("the best quadratic’s loss", lambda now: _referred(now, "best"), fixed),
    "learning_rate": _Name("of the step to come", attrgetter("learning_rate"), short),
    "gradient_norm": _Name("the whole gradient’s length", attrgetter("gradient_norm"), fixed),
    "rows": _Name("points trained on", attrgetter("scene.rows"), _whole),
    "validation_rows": _Name("points held back", attrgetter("scene.validation_rows"), _whole),
    "above": _Name("points above the curve", attrgetter("observed.above"), _whole),
    "below": _Name("points below the curve", attrgetter("observed.below"), _whole),
    "point": _Name("the chosen point’s number", lambda now: now.point.index + 1, _whole),
    "x": _Name("the chosen point’s input", lambda now: now.point.x[0], fixed),
    "y": _Name("the chosen point’s target", attrgetter("point.y"), fixed),
    "model": _Name("what the model says there", attrgetter("point.prediction"), fixed),
    "off": _Name("model − target there", attrgetter("point.off"), fixed),
    "logit": _Name(
        "the model’s logit of the chosen point",
        _of_classes(lambda now, found: now.point.prediction), fixed,
    ),
    "probability": _Name(
        "what it gives there to what the point is",
        _of_classes(lambda now, found: found.point[found.point_class]), fixed,
    ),
    "cost": _Name(
        "−log of that", _of_classes(lambda now, found: -math.log(found.point[found.point_class])),
        fixed,
    ),
    "miss": _Name(
        "probability of the second class − 1 or 0, there",
        _of_classes(lambda now, found: found.point[1] - (found.point_class == 1)), fixed,
    ),
    "accuracy": _Name(
        "the part of the points told right",
        _of_classes(lambda now, found: found.measures.accuracy), _percent,
    ),
    "right": _Name(
        "how many that are", _of_classes(lambda now, found: found.measures.right), _whole
    ),
    "class": _Name(
        "what the chosen point is",
        _of_classes(lambda now, found: found.names[found.point_class]), str,
    ),
    "parameters": _Name("how many there are", attrgetter("scene.size"), _whole),
    "units": _Name("hidden units, in all layers", lambda now: sum(now.config.hidden), _whole),
    "kinks": _Name("bends of the curve in sight", lambda now: len(now.kinks), _whole),
    "silent": _Name("dead units", lambda now: sum(map(len, now.observed.silent)), _whole),
    "batch_loss": _Name(
        "step view: the loss of the batch", lambda now: getattr(now.insight, "loss", None), fixed
    ),
    "moved": _Name("how far the last nudge moved its parameter", _moved("amount"), signed),
    "moved_loss": _Name("what it did to the loss", _moved("change"), signed),
    "foretold": _Name("what the gradient had said it would do", _moved("predicted"), signed),
    "product": _Name("layer view: the chosen unit’s row · column", _of_layer("products"), fixed),
    "sum": _Name("layer view: the same, and its bias", _of_layer("sums"), fixed),
    "output": _Name("layer view: the same after the activation", _of_layer("outputs"), fixed),
    "view": _Name("fit, step, layer, slope, ReLUs, health", attrgetter("request.view"), str),
    "phase": _Name("inside a step: the phase done last", lambda now: now.phase_name or "none", str),
    "running": _Name("on while it runs by itself", attrgetter("running"), str),
    "diverged": _Name("on where it ran away", lambda now: now.divergence is not None, str),
    "chosen": _Name("the chosen parameter", attrgetter("chosen.label"), str),
}  # fmt: skip
# Of each parameter on the list, by its name, as `value.c`; of the chosen one as `value.chosen`.
_PARTS = {
    "start": ("value at the run’s start", fixed),
    "value": ("value now", fixed),
    "gradient": ("its gradient in the step to come", fixed),
    "update": ("by how much that step moves it", signed),
    "next": ("its value after that step", fixed),
    "size": ("of a layer, the length of all its numbers", fixed),
}


def described() -> Iterator[tuple[str, str]]:
    """Every name with what it stands for."""
    yield from ((name, found.about) for name, found in _NAMES.items())
    yield from ((f"{part}.NAME", f"a parameter’s {about}") for part, (about, _) in _PARTS.items())
    yield from (
        (each.name, f"setting: {each.about}") for each in settings() if each.name not in _NAMES
    )


def require_name(name: str) -> None:
    """Raise `RequestError`, with the nearest name that there is, where this is none."""
    bare = _without_prefix(name)
    first = bare.partition(".")[0]
    known = {**_NAMES, **{each.name: None for each in settings()}}
    if bare in known or (first in _PARTS and bare != first):
        return
    candidates = [*known, *(f"{part}.c" for part in _PARTS)]
    near = difflib.get_close_matches(bare, candidates, 1, 0.0)[0]
    raise RequestError(f"there is no name {name[:60]!r}; the nearest is {near}")


def is_word(name: str) -> bool:
    """Whether a name stands for a word, not a number."""
    bare = _without_prefix(name)
    if bare in _NAMES and not name.startswith("direction."):
        return _NAMES[bare].write is str
    default = next((each.default for each in settings() if each.name == bare), 0.0)
    return isinstance(default, str | bool | tuple) or name.startswith("direction.")


def _without_prefix(name: str) -> str:
    prefix, _, rest = name.partition(".")
    return rest if prefix in _SINCE_START and rest else name


def look_up(name: str, moment: Moment) -> Value | None:
    """What a name stands for; None where this run has nothing of that name."""
    prefix, bare = name.partition(".")[0], _without_prefix(name)
    if bare == name:
        return _read(name, moment.now)
    before = _read(bare, moment.before)
    if prefix == "before":
        return before
    now = _read(bare, moment.now)
    if not isinstance(now, float) or not isinstance(before, float):
        return None
    change = now - before
    return change if prefix == "change" else DIRECTIONS[0 if change > 0 else 1 if change < 0 else 2]


def written(name: str, moment: Moment, directions: tuple[str, ...] = DIRECTIONS) -> str | None:
    """What `look_up` finds, as the screen writes it; a direction in these words."""
    value = look_up(name, moment)
    if value is None or isinstance(value, str):
        return directions[DIRECTIONS.index(value)] if value in DIRECTIONS else value
    if name.startswith("change."):
        return signed(value)
    bare = _without_prefix(name)
    part = bare.partition(".")[0]
    if part in _PARTS and bare != part:
        return _PARTS[part][1](value)
    return _NAMES[bare].write(value) if bare in _NAMES else short(value)


def _read(name: str, snapshot: Snapshot) -> Value | None:
    if name in _NAMES:
        return _plain(_NAMES[name].read(snapshot))
    part, _, label = name.partition(".")
    if part in _PARTS and label:
        rows = [snapshot.chosen] if label == "chosen" else [*snapshot.rows, snapshot.chosen]
        named = (row for row in rows if label in ("chosen", row.name, row.label))
        return _plain(getattr(next(named, None), part, None))
    return _plain(in_force(snapshot.config, name))


def _plain(value: Any) -> Value | None:
    """A number, or a word as a person types it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | tuple):
        return shown(show(value))  # what is frozen
    number = float(value)
    return None if math.isnan(number) else number
