"""A map of two settings: where so many steps lead with each pair of their values, tried on copies.

Where a change of either makes another run, each copy begins as that run would; else each goes on
from where the run stands.  Learning rates are swept (see `sweep`), all else one after another.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np

from nn_core.analysis import sweep
from nn_core.analysis.setting_ranges import Side, changes, restarts, side
from nn_core.arrays import Array
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer

STEPS = 100  # of each copy, unless told
MOST = 32  # cells, either way
LEAST = 5
RUNS_AWAY = 100.0  # times the loss before: what ends there has diverged, if it isn't infinite
PATIENCE = 8.0  # seconds, about, that a map may take; with more it gets fewer cells
STEP_SECONDS, PRODUCT_SECONDS, COPY_SECONDS = 1e-5, 1.6e-10, 5e-4

Cell = tuple[int, int]  # across, up


@dataclass(frozen=True, eq=False)
class SettingMap:
    """What a map found: `losses` (up, across) over all rows, infinite where training diverged.

    Each copy took so many `steps` from the run's step `start`, or from a start of its own where
    that is None; `before` is the loss there under the settings in force.
    """

    across: Side
    up: Side
    steps: int
    start: int | None
    before: float
    losses: Array

    @property
    def best(self) -> Cell | None:
        """The cell with the least loss; None where all diverged."""
        up, across = np.unravel_index(int(self.losses.argmin()), self.losses.shape)
        return (int(across), int(up)) if np.isfinite(self.losses[up, across]) else None

    @property
    def own(self) -> Cell | None:
        """The cell that has the run's own values; None where it lies outside."""
        across, up = self.across.own, self.up.own
        return None if across is None or up is None else (across, up)

    def loss(self, cell: Cell) -> float:
        """Where the steps of a cell led."""
        return float(self.losses[cell[1], cell[0]])


def find(timeline: Timeline, across: str, up: str, steps: int = STEPS) -> SettingMap:
    """Map two settings, by their names; the run is left as it was."""
    return sweep.result(search(timeline, across, up, steps))


def search(
    timeline: Timeline, across: str, up: str, steps: int, columns: int = MOST, rows: int = MOST
) -> Generator[float, None, SettingMap]:
    """`find` with pauses, in at most so many cells: yields which part of it is done.

    `RequestError` where a setting does nothing in this run.
    """
    config, data_rows, limits = timeline.config, timeline.trainer.data.rows, timeline.limits
    columns, rows = _affordable(timeline, "learning_rate" in (across, up), steps, columns, rows)
    sides = (
        side(across, config, data_rows, columns, limits),
        side(up, config, data_rows, rows, limits),
    )
    # Rates are trained together where they can be, and what restarts can only be the outer one.
    inner, outer = sorted(
        sides, key=lambda each: (each.name != "learning_rate", restarts(each.name))
    )
    is_fresh = restarts(inner.name) or restarts(outer.name)
    begun = timeline.beginning(config) if is_fresh else sweep.twin(timeline.trainer)
    losses = np.empty((len(outer.values), len(inner.values)))
    for at in range(len(outer.values)):
        line = _line(timeline, outer, at, inner, steps, is_fresh)
        while True:
            try:
                yield (at + next(line)) / len(losses)
            except StopIteration as end:
                losses[at] = end.value
                break
    start = None if is_fresh else begun.state.step
    shown = losses if inner is sides[0] else losses.T
    return SettingMap(*sides, steps, start, begun.loss(), shown)


def _line(
    timeline: Timeline, outer: Side, at: int, inner: Side, steps: int, is_fresh: bool
) -> Generator[float, None, Array]:
    """Where each value of one side leads, with one value of the other."""
    config = timeline.config.replace(**changes(outer.name, outer.values[at], timeline.config))
    before: list[float] = []  # the losses that the copies begin with

    def copies() -> Iterator[Trainer]:
        for value in inner.values:
            changed = changes(inner.name, value, config)
            if restarts(inner.name):
                copy = timeline.beginning(config.replace(**changed))
            else:
                copy = sweep.twin(base, **changed)
            before.append(copy.loss())
            yield copy

    if not restarts(inner.name):
        base = timeline.beginning(config) if is_fresh else sweep.twin(timeline.trainer)
        base.configure(config)
    if inner.name == "learning_rate":
        before.append(base.loss())
        ends = yield from sweep.in_chunks(base, np.array(inner.values), steps)
    else:
        ends = yield from sweep.one_after_another(copies(), len(inner.values), steps)
    return np.where(ends > RUNS_AWAY * np.array(before), np.inf, ends)


def _affordable(
    timeline: Timeline, has_rates: bool, steps: int, columns: int, rows: int
) -> tuple[int, int]:
    """As many columns and rows of those wanted as don't take too long."""
    columns, rows = (max(LEAST, min(wanted, MOST)) for wanted in (columns, rows))
    trainer = timeline.trainer
    if has_rates and sweep.is_together(trainer, columns):
        return columns, rows
    products = trainer.model.flat.size * trainer.batch_size
    cell = COPY_SECONDS + steps * (STEP_SECONDS + PRODUCT_SECONDS * products)
    shrunk = min(1.0, (PATIENCE / cell / (columns * rows)) ** 0.5)
    return max(LEAST, int(columns * shrunk)), max(LEAST, int(rows * shrunk))
