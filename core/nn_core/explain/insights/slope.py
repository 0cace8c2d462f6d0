"""The slope view: the loss over the chosen parameter, and over it and a partner as a map.

All other parameters are held where they are, so the next step lands on neither exactly: they move
too.  Both losses are given, the one on the slice and the one that the step really leads to.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from nn_core.analysis.landscape import LossSurface
from nn_core.analysis.trail import PastSteps, Trail, no_past_steps
from nn_core.arrays import Array, evenly_spread
from nn_core.explain.insights.insight import Insight, InsightContext
from nn_core.explain.insights.slope_words import sentences
from nn_core.explain.ranges import slider_range
from nn_core.explain.rows import cancels
from nn_core.run.timeline import Timeline
from nn_core.training.state import BACKWARD_DONE, State
from nn_core.training.trainer import Trainer

VIEW = "slope"

SLICE_CELLS, MAP_CELLS = (41, 161), (13, 100)  # least and most, along each axis
SLICE_WORK, MAP_WORK = 700_000, 2_000_000  # numbers to work out: some milliseconds
MOST_WORK, PART_OF_A_STEP = 10_000_000, 20
FEWEST_ROWS, MOST_ROWS = 20, 2000
MOST_KINKS = 60  # rows of which each can have a mark of its own
STRIPED = 0.1  # of how far the loss goes along the chosen parameter, along its partner
CLOSER = 17  # places looked at between the neighbours of the lowest one known, twice


@dataclass(frozen=True, eq=False)
class ParameterRange:
    """A parameter over which the loss is shown: where it is, where it goes, and its range."""

    index: int
    label: str
    kind: Literal["number", "weight", "bias"]  # a number stands alone
    start: float
    value: float
    next: float
    low: float
    high: float

    @property
    def update(self) -> float:
        """By how much the next step moves it."""
        return self.next - self.value

    def values(self, count: int) -> Array:
        """So many values from end to end, evenly spaced."""
        part = np.linspace(0.0, 1.0, count)
        return self.low * (1 - part) + self.high * part  # their difference may overflow


@dataclass(frozen=True, eq=False)
class Slice:
    """The loss over one parameter, over so many rows.

    `bottom` and `least` are where it is lowest and how low; `kinks` are where a row's residual
    changes sign, `rows_of_kinks` whose; both are empty but for the mean absolute error.
    """

    values: Array
    losses: Array
    rows: int
    bottom: float
    least: float
    kinks: Array
    rows_of_kinks: Array


@dataclass(frozen=True, eq=False)
class Map:
    """The loss over two parameters (values of the partner, values of the chosen one).

    `losses` are over so many `rows`; `least`, the loss at `bottom`, is over those of the slice.
    """

    across: Array
    up: Array
    losses: Array
    rows: int
    bottom: tuple[float, float]
    least: float

    @property
    def is_striped(self) -> bool:
        """Whether the partner hardly counts over its range, so that each line is a stripe."""
        known = np.where(np.isfinite(self.losses), self.losses, np.nan)
        if np.isnan(known).any():
            return False
        by_partner, by_chosen = (float(np.ptp(known, axis=axis).mean()) for axis in (0, 1))
        return by_partner < STRIPED * by_chosen


@dataclass(frozen=True, eq=False)
class SlopeInsight(Insight):
    """What the slope view shows.

    Losses are over the rows of the slice, all of them unless there are too many, and include the
    penalties where there are some.  `loss` is that here, `landing` where the step leads along the
    slice alone, `next_loss` where it leads with all parameters.  `slope` is the derivative of the
    loss here, `used` the gradient that the update is made of: of the batch, or a sum.  Both, and
    the step, are `known` unless inside a step nothing has been propagated back yet.
    """

    chosen: ParameterRange = ParameterRange(0, "", "number", 0, 0, 0, 0, 1)
    partner: ParameterRange = ParameterRange(1, "", "number", 0, 0, 0, 0, 1)
    frozen: bool = False
    known: bool = True
    loss: float = 0.0
    landing: float = 0.0
    next_loss: float = 0.0
    slope: float = 0.0
    used: float = 0.0
    rows: int = 0
    penalised: bool = False
    slice: Slice | None = None
    map: Map | None = None
    past_steps: PastSteps = field(default_factory=no_past_steps)


class SlopeMemory:
    """What was worked out of a run last, kept until it changes."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        data, dtype = trainer.data, trainer.config.dtype
        self.rows = evenly_spread(data.rows, MOST_ROWS)
        self.x, self.y = data.x[self.rows].astype(dtype), data.y[self.rows].astype(dtype)
        self.other = trainer.model.astype(dtype)  # to try other parameters on
        self.trail: Trail | None = None
        self.layer: object = None  # of which `held` is the number looked at
        self.held = 0
        self.drawn_of: object = None
        self.drawn: tuple[Slice, Map] | None = None


def make_insight(context: InsightContext) -> SlopeInsight:
    """Work out what the slope view shows."""
    timeline, config = context.timeline, context.timeline.config
    memory = context.memory.slope
    if memory is None or memory.trainer is not timeline.trainer:
        memory = context.memory.slope = SlopeMemory(timeline.trainer)
    index = _index(memory, context)
    pair = index, _partner(timeline, index, context.request.partner)
    if memory.trail is None or not memory.trail.leads_to(timeline, pair):
        memory.trail = Trail(timeline, pair)
    past_steps = memory.trail.up_to(timeline)
    chosen, partner = (
        _range(context, one, past_steps.values[:, at]) for at, one in enumerate(pair)
    )

    parameters = timeline.state.parameters
    drawn_of = (
        parameters.tobytes(),
        config.loss,
        config.l1,
        config.l2,
        chosen.index,
        chosen.low,
        chosen.high,
        partner.index,
        partner.low,
        partner.high,
    )
    if memory.drawn is None or memory.drawn_of != drawn_of:
        memory.drawn_of = drawn_of
        lowest = _slice(memory, chosen)
        memory.drawn = lowest, _map(memory, chosen, partner, lowest)
    drawn, drawn_map = memory.drawn
    surface = _surface(memory, drawn.rows)
    slope = float(surface.gradient()[index])
    insight = SlopeInsight(
        chosen=chosen,
        partner=partner,
        slice=drawn,
        map=drawn_map,
        past_steps=past_steps,
        frozen=timeline.trainer.is_frozen(index),
        loss=surface.here(),
        slope=0.0 if cancels(timeline.trainer, slope, index) else slope,
        used=float(context.preview.gradient[index]),
        rows=timeline.trainer.data.rows,
        landing=_loss_at(memory, surface, parameters, {index: context.preview.update[index]}),
        next_loss=_loss_at(memory, surface, parameters, context.preview.update),
        known=_is_known(timeline.state),
        penalised=bool(config.l1 or config.l2),
    )
    return replace(insight, sentences=tuple(sentences(insight, context)))


# --- what is looked at -------------------------------------------------------------------------


def _index(memory: SlopeMemory, context: InsightContext) -> int:
    """The chosen parameter; of a layer as a whole the same number as long as it is chosen."""
    request = context.request
    if not context.scene.is_listed_by_layer or request.opened:
        return context.chosen
    if memory.layer != request.chosen:
        memory.layer, memory.held = request.chosen, context.chosen
    return memory.held


def _partner(timeline: Timeline, index: int, turns: int) -> int:
    """Another parameter of the same layer: of a weight the next number, of a bias the one before.

    So a weight and the bias of its unit go together.  Each turn is one further.
    """
    layout = timeline.state.layout
    own = layout.place(index)
    block = [place for place in layout.places if place.layer == own.layer]
    if not timeline.trainer.model.is_listed_by_layer:
        block = list(layout.places)
    start, size = min(place.start for place in block), sum(place.size for place in block)
    further = 1 + turns % (size - 1)
    return start + (index - start + (-further if own.is_bias else further)) % size


def _range(context: InsightContext, index: int, path: Array) -> ParameterRange:
    state = context.timeline.state
    start, value = float(context.timeline.start[index]), float(state.parameters[index])
    after = value
    if _is_known(state):
        after = float(state.parameters[index] + context.preview.update[index])
    low, high = slider_range(context.scene.kind, [start, value, after, *path.tolist()])
    place = state.layout.place(index)
    kind: Literal["number", "weight", "bias"] = "bias" if place.is_bias else "weight"
    if not place.shape:
        kind = "number"
    return ParameterRange(index, state.layout.label(index), kind, start, value, after, low, high)


def _is_known(state: State) -> bool:
    """Whether the update to come is: not between zeroing and the backward phase."""
    return not 0 < state.phase < BACKWARD_DONE


# --- the slice and the map ---------------------------------------------------------------------


def _room(
    memory: SlopeMemory, work: int, indices: list[int], cells: tuple[int, int]
) -> tuple[int, int]:
    """How many cells along an axis, and rows, are had for so much work.

    Rows are left out before the cells become too few, and cells before the rows do.  Where a step
    of the training itself takes long, a part of that time is allowed.
    """
    trainer, rows, axes = memory.trainer, len(memory.rows), len(indices)
    each = trainer.model.numbers_in_prediction(indices)
    step = trainer.model.flat.size * trainer.batch_size
    work = max(work, min(MOST_WORK, step // PART_OF_A_STEP))
    least, most = cells
    rows = min(rows, max(FEWEST_ROWS, work // (each * (2 * least) ** axes)))
    count = int((work / (each * rows)) ** (1 / axes))
    return max(least, min(most, count)), rows


def _surface(memory: SlopeMemory, rows: int) -> LossSurface:
    some, trainer = evenly_spread(len(memory.rows), rows), memory.trainer
    x, y, config = memory.x[some], memory.y[some], trainer.config
    return LossSurface(trainer.model, x, y, trainer.loss_function, config.l1, config.l2)


def _slice(memory: SlopeMemory, chosen: ParameterRange) -> Slice:
    count, rows = _room(memory, SLICE_WORK, [chosen.index], SLICE_CELLS)
    surface = _surface(memory, rows)
    values = chosen.values(count)
    losses = surface.over((chosen.index, values))
    kinks, rows_of_kinks = np.empty(0), np.empty(0, int)
    if surface.loss.has_sign_slope and rows <= MOST_KINKS:
        kinks, found = _crossings(values, surface.residuals([chosen.index], [values])[:, 0])
        rows_of_kinks = memory.rows[evenly_spread(len(memory.rows), rows)][found]
    bottom, least = _lowest(surface, chosen, values, losses, kinks)
    return Slice(values, losses, rows, bottom, least, kinks, rows_of_kinks)


def _crossings(values: Array, residuals: Array) -> tuple[Array, Array]:
    """Where residuals (values, rows) change sign, and whose: exact where they are straight."""
    left, right = residuals[:-1], residuals[1:]
    with np.errstate(all="ignore"):
        gap, row = np.nonzero((left < 0) != (right < 0))
        part = left[gap, row] / (left[gap, row] - right[gap, row])
        found = values[gap] + part * (values[gap + 1] - values[gap])
    placed = np.isfinite(found)
    return found[placed].astype(float), row[placed]


def _lowest(
    surface: LossSurface, chosen: ParameterRange, values: Array, losses: Array, kinks: Array
) -> tuple[float, float]:
    """Where the slice is lowest and how low: at a kink, here, or between what was looked at."""
    for _ in range(2):
        known = np.where(np.isfinite(losses), losses, np.inf)
        at = int(known.argmin())
        if not np.isfinite(known[at]):
            return float("nan"), float("nan")
        here = [values[at], *kinks, chosen.value]
        closer = np.linspace(values[max(0, at - 1)], values[min(len(values) - 1, at + 1)], CLOSER)
        values = np.unique(np.concatenate([closer, here]))
        values = values[(values >= chosen.low) & (values <= chosen.high)]
        losses = surface.over((chosen.index, values))
    known = np.where(np.isfinite(losses), losses, np.inf)
    at = int(known.argmin())
    return float(values[at]), float(losses[at])


def _map(memory: SlopeMemory, chosen: ParameterRange, partner: ParameterRange, along: Slice) -> Map:
    """The losses at places evenly spread; the lowest may also be where that of the slice is.

    How low it is, is told over the slice's rows, so that it compares with the loss here.
    """
    pair = [partner.index, chosen.index]
    count, rows = _room(memory, MAP_WORK, pair, MAP_CELLS)
    up, across = partner.values(count), chosen.values(count)
    losses = _surface(memory, rows).over((partner.index, up), (chosen.index, across))
    known = np.where(np.isfinite(losses), losses, np.inf)
    row, column = np.unravel_index(int(known.argmin()), losses.shape)
    [least] = _surface(memory, along.rows).at(
        pair, [up[row : row + 1], across[column : column + 1]]
    )
    bottom = float(across[column]), float(up[row])
    if np.isfinite(along.least) and not least <= along.least:
        bottom, least = (along.bottom, partner.value), along.least
    return Map(across, up, losses, rows, bottom, float(least))


def _loss_at(
    memory: SlopeMemory, surface: LossSurface, parameters: Array, moved: Array | dict[int, float]
) -> float:
    """The loss where some or all parameters are moved by so much."""
    memory.other.flat[:] = parameters
    if isinstance(moved, dict):
        for index, amount in moved.items():
            memory.other.flat[index] += amount
    else:
        memory.other.flat += moved
    return replace(surface, model=memory.other).here()
