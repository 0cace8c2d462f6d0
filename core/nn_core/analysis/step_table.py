"""The table of steps: what a run recorded of some of its steps, and what a replay finds of them.

What is recorded is there at once.  The rest is worked out on a shadow of the Timeline, row by row,
so that the run stays where it is.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from weakref import ReferenceType, ref

from nn_core.run.events import Event
from nn_core.run.history import History
from nn_core.run.timeline import Timeline

MOST_PARAMETERS = 8  # that are listed
MOST_ROWS = 500


@dataclass(frozen=True)
class StepRow:
    """A step as it begins, before its update; what is not known yet is None until it `is_whole`.

    `loss` is that of its batch at its forward pass; `all_rows` and `validation` are those of its
    parameters.  `learning_rate` and `gradient_norm` are those of its update.  Of the last step,
    which is still to come, they are as they will be.
    """

    step: int
    loss: float | None = None
    all_rows: float | None = None
    validation: float | None = None
    learning_rate: float | None = None
    gradient_norm: float | None = None
    parameters: tuple[float, ...] | None = None
    is_whole: bool = False


@dataclass(frozen=True, eq=False)
class StepTable:
    """Some steps of a run whose last is `tip`, in order.

    `names` are its parameters where there are few.  `in_batches`: some steps may have seen a part
    of the rows alone.
    """

    rows: tuple[StepRow, ...]
    tip: int
    names: tuple[str, ...]
    in_batches: bool
    has_validation: bool
    _past: "_Past" = field(repr=False)

    def is_of(self, timeline: Timeline) -> bool:
        """Whether it is true of this run still: no other record, and nothing done since."""
        return self._past == _past_of(timeline)


_Past = tuple[ReferenceType[History], tuple[Event, ...]]


def _past_of(timeline: Timeline) -> _Past:
    return ref(timeline.history), tuple(timeline.events)


def at_once(timeline: Timeline, first: int, count: int, before: object = None) -> StepTable:
    """So many steps of a run from `first` on, as far as they are known without working.

    `before` may be a table whose rows are taken over where they are still true.
    """
    tip, layout = len(timeline.history), timeline.state.layout
    found = before.rows if isinstance(before, StepTable) and before.is_of(timeline) else ()
    known = {row.step: row for row in found if row.is_whole}
    steps = range(max(0, first), min(first + min(count, MOST_ROWS), tip + 1))
    few = timeline.state.parameters.size <= MOST_PARAMETERS
    return StepTable(
        tuple(known.get(step) or _recorded(timeline, step) for step in steps),
        tip,
        tuple(map(layout.label, range(timeline.state.parameters.size))) if few else (),
        timeline.trainer.steps_per_epoch > 1 or _was_set(timeline, "batch_size"),
        timeline.trainer.data.validation is not None,
        _past_of(timeline),
    )


def _was_set(timeline: Timeline, name: str) -> bool:
    return any(event.named.get("name") == name for event in timeline.events)


def _recorded(timeline: Timeline, step: int) -> StepRow:
    """A step as far as it is recorded."""
    history = timeline.history
    return StepRow(
        step,
        loss=history.losses.kept_at(step),
        validation=history.validation.at(step),
        learning_rate=history.learning_rates.kept_at(step),
        gradient_norm=history.gradient_norms.kept_at(step),
    )


def search(timeline: Timeline, table: StepTable) -> Generator[StepTable, None, StepTable]:
    """Work out what of a table of this run isn't known yet, row by row.

    Where the run has become another on the way, it ends with what is recorded of that.
    """
    shadow, places = timeline.shadow(), timeline.state.layout.places
    rows = [*table.rows]
    for at, row in enumerate(rows):
        if row.is_whole:
            continue
        for _ in _going_to(shadow, row.step):
            yield replace(table, rows=tuple(rows))
            if not table.is_of(timeline) or row.step > len(timeline.history):
                return at_once(timeline, rows[0].step, len(rows))
        rows[at] = _worked_out(shadow, row, places == shadow.state.layout.places)
    return replace(table, rows=tuple(rows))


def _going_to(shadow: Timeline, step: int) -> Iterator[float]:
    """Take a shadow to a step; a look is taken at the run before, and on the way."""
    yield 0.0
    ahead = step - shadow.state.step
    if 0 < ahead <= shadow.replayed_at_once:
        shadow.advance(ahead)
    else:
        yield from shadow.seeking(step)


def _worked_out(shadow: Timeline, row: StepRow, same_shape: bool) -> StepRow:
    """The row of the step where a shadow stands; what is recorded of it stays as it is."""
    trainer, parameters = shadow.trainer, shadow.state.parameters
    few = same_shape and parameters.size <= MOST_PARAMETERS
    row = replace(
        row,
        all_rows=trainer.loss(),
        validation=trainer.validation_loss() if row.validation is None else row.validation,
        parameters=tuple(parameters.tolist()) if few else None,
        is_whole=True,
    )
    if row.loss is None:
        coming = shadow.up_to_the_update()
        recorded = (coming.losses, coming.gradient_norms, coming.learning_rates)
        loss, gradient_norm, learning_rate = (float(values[0]) for values in recorded)
        row = replace(row, loss=loss, gradient_norm=gradient_norm, learning_rate=learning_rate)
    return row
