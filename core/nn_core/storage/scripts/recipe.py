"""The Recipe: a run as whoever writes it down as a program needs it.

It holds the data, the start, and what was done before which step, or says why the run can't be
written down.  What was done inside a step is put between two steps where that comes to the same.
After a change of shape, of data, or of all parameters at once, the recipe begins anew: with the
numbers as they stood then, what the optimizer remembered included.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from nn_core.config import CONSTANTS, Config
from nn_core.data.dataset import Dataset
from nn_core.errors import RequestError
from nn_core.optim.freezing import frozen_names
from nn_core.run.events import Event
from nn_core.run.keyframes import Keyframe
from nn_core.run.timeline import Timeline
from nn_core.training.start import build_model
from nn_core.training.state import BACKWARD_DONE, State

MOST_NUMBERS = 200_000  # that a script lists, of data and parameters
# Settings that a script follows, step by step, and those that data, model and start stand for.
FOLLOWED = {
    "learning_rate",
    "schedule",
    "zero_gradients",
    "freeze",
    "epochs",
    "batch_size",
    "shuffle",
    "optimizer",
    *CONSTANTS,
    "clip",
    "l1",
    "l2",
}
STOOD_FOR = {
    "experiment",
    "model",
    "hidden",
    "activation",
    "init",
    "load",
    "load_partial",
    "data",
    "rows",
    "x",
    "y",
    "drop",
    "features",
    "missing",
    "test",
    "test_column",
    "scale",
    "noise",
    "validation",
    "data_seed",
    "seed",
    "dtype",
    "pace",
    "patience",
    "loss",
    "class_weight",
}
# Kinds of events that are moves of one parameter, and those after which a recipe begins anew.
MOVES = {"nudge", "assign"}
BEGINNINGS = {
    "load": "parameters were loaded",
    "add_unit": "a unit was added",
    "place_unit": "a unit was added",
    "remove_unit": "a unit was removed",
    "add_layer": "a layer was added",
    "remove_layer": "a layer was removed",
    "add_point": "a point was added",
    "remove_point": "a point was removed",
}


@dataclass(frozen=True)
class Change:
    """What is done before a step: the settings before and after it, and the moves in between.

    `touched` names the settings that changed, be it there and back: what an optimizer or a
    schedule remembers is gone then all the same.
    """

    step: int
    before: Config
    after: Config
    touched: frozenset[str]
    moves: tuple[Event, ...]


@dataclass(frozen=True, eq=False)
class Recipe:
    """A run to be written down.

    `start` is the state before the first step written, which `config` rules, and `changes` is what
    was done before later ones.  `steps` is how far the run got, or with patience where it stands;
    one that has not begun, or has not gone on since it began anew for the reason `why`, goes to its
    epoch target, or as far as its `patience` lets it: so many epochs without a lower validation
    loss, 0 where that ends nothing.
    """

    formula: str
    config: Config
    data: Dataset
    start: State
    steps: int
    changes: tuple[Change, ...]
    why: str = ""
    patience: int = 0

    @property
    def configs(self) -> tuple[Config, ...]:
        """The settings of all the stretches of the run, in order."""
        return (self.config, *(change.after for change in self.changes))

    def values(self, name: str) -> list[object]:
        """What a setting was in the run, each value once, in the order of their coming."""
        return list(dict.fromkeys(getattr(config, name) for config in self.configs))

    def uses(self, name: str) -> bool:
        """Whether a setting was ever anything but off."""
        return any(self.values(name))

    def batch_size(self, config: Config) -> int:
        """Rows in a batch under these settings."""
        return min(config.batch_size or self.data.rows, self.data.rows)

    @property
    def has_batches(self) -> bool:
        """Whether any step looks at fewer rows than all."""
        return any(self.batch_size(config) < self.data.rows for config in self.configs)

    def total(self, config: Config) -> int:
        """The steps that the run is planned for under these settings, as schedules want it."""
        return max(1, config.epochs) * -(-self.data.rows // self.batch_size(config))

    def frozen(self, config: Config) -> tuple[str, ...]:
        """The parameters that get no update under these settings."""
        return frozen_names(self.start.layout, config.freeze)


def of_run(timeline: Timeline) -> Recipe:
    """The recipe of a run; `RequestError` where no script can say it."""
    _require_known(timeline.events)
    trainer, epochs, tip = timeline.trainer, timeline.config.epochs, timeline.tip
    ahead = trainer.steps_left(epochs) or epochs * trainer.steps_per_epoch
    began = [event for event in timeline.events if event.kind in BEGINNINGS]
    first = _after(timeline, began[-1].step) if began else timeline.first
    start, data = first.state, first.data
    model = build_model(first.config, data)
    if model.layout.places != start.layout.places:
        raise RequestError("this model is not one that its settings describe; no script is made")
    vectors = [data.x, data.y, start.parameters, *start.slots.values()]
    patience = timeline.config.patience if tip <= start.step else 0
    if patience and data.validation:
        vectors += [data.validation.x, data.validation.y]
    size = sum(vector.size for vector in vectors)
    if size > MOST_NUMBERS:
        raise RequestError(
            f"data and parameters are {size:,} numbers; a script lists at most {MOST_NUMBERS:,}"
        )
    if timeline.config.patience and start.step < timeline.state.step:
        tip = timeline.state.step  # it went back to the best, which the script is to end with
    steps = tip if tip > start.step else tip + ahead
    return Recipe(
        model.describe(),
        first.config,
        data,
        start,
        steps,
        tuple(_changes(first.config, timeline.events[first.cursor :], steps)),
        BEGINNINGS[began[-1].kind] if began else "",
        patience,
    )


def _after(timeline: Timeline, step: int) -> Keyframe:
    """The run before a step, once all is done that was done there; it stays where it is."""
    here, phase, divergence = timeline.state.step, timeline.state.phase, timeline.divergence
    timeline.seek(step)
    done = sum((event.step, event.phase) <= (step, 0) for event in timeline.events)
    found = Keyframe(timeline.state.copy(), timeline.config, timeline.trainer.data, done)
    timeline.seek(here, phase)
    timeline.divergence = divergence
    return found


def _require_known(events: list[Event]) -> None:
    for event in events:
        kind, name = event.kind, event.named.get("name")
        if kind not in (*MOVES, *BEGINNINGS) and (kind != "set" or name not in FOLLOWED):
            done = str(name if kind == "set" else kind).replace("_", " ")
            raise RequestError(f"a script can’t say what was done at step {event.step}: {done}")


def _changes(config: Config, events: list[Event], steps: int) -> Iterator[Change]:
    """What is done before each step at which anything is."""
    by_step: dict[int, list[Event]] = {}
    for event in events:
        by_step.setdefault(_step(event), []).append(event)
    for step in sorted(step for step in by_step if step < steps):
        before, touched = config, set()
        for event in by_step[step]:
            name, value = event.named.get("name"), event.named.get("value")
            if event.kind == "set" and getattr(config, str(name)) != value:
                config = config.replace(**{str(name): value})
                touched.add(str(name))
        moves = tuple(event for event in by_step[step] if event.kind in MOVES)
        if touched or moves:
            yield Change(step, before, config, frozenset(touched), moves)


def _step(event: Event) -> int:
    """The step before which doing it comes to the same as doing it where it was done."""
    name = event.named.get("name")
    if event.phase and name == "zero_gradients":
        return event.step + 1  # zeroing is the first phase: this step's was over
    if event.phase == BACKWARD_DONE and name in ("l1", "l2"):
        return event.step + 1  # a penalty's gradient is part of the backward phase
    if event.phase == BACKWARD_DONE and name in ("batch_size", "shuffle"):
        raise RequestError(
            f"the {str(name).replace('_', ' ')} changed inside step {event.step}, between its "
            "backward phase and its update; a script can’t say that"
        )
    return event.step  # rate, schedule, optimizer, clipping and freezing: looked at in the update
