"""What an insight is worked out from, and what all insights have in common."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nn_core.explain.rows import LayerRow, NumberRow, UnitRow
from nn_core.explain.scene import Scene
from nn_core.explain.view_request import ViewRequest
from nn_core.models import Model
from nn_core.run.keyframes import Keyframe
from nn_core.run.timeline import Timeline
from nn_core.training.records import Preview
from nn_core.training.state import State

if TYPE_CHECKING:
    from nn_core.explain.insights.slope import SlopeMemory


@dataclass(eq=False)
class ViewMemory:
    """What views keep from one snapshot to the next, so as not to work it out again.

    The caller of `capture_snapshot` owns it and begins a new one with each trainer.  `sliders` are
    the ends of the sliders of each list of numbers, which only move apart in the run that begins
    at `first`.
    """

    first: Keyframe | None = None
    sliders: dict[str | None, tuple[float, float]] = field(default_factory=dict)
    slope: "SlopeMemory | None" = None


@dataclass(frozen=True, eq=False)
class InsightContext:
    """A run as it stands, and what the person has chosen in it.

    `chosen` is the flat index of the chosen parameter, `rows` the parameters that are listed,
    unless the view lists something else.  `loss` is that over all rows.  `before_update` is the
    state that the update carried out by hand just now began with, if the last thing done was one.
    `shown` is the model as it is shown: the trainer's own, or one without the units that are
    switched off.
    """

    timeline: Timeline
    scene: Scene
    request: ViewRequest
    preview: Preview
    chosen: int
    loss: float
    rows: tuple[NumberRow, ...] | tuple[LayerRow, ...] = ()
    before_update: State | None = None
    memory: ViewMemory = field(default_factory=ViewMemory)
    shown: Model | None = None


@dataclass(frozen=True, eq=False)
class Insight:
    """What a view shows; `sentences` are for the words, the most important first.

    `listed` is the stretch on the screen of the units that it lists, `count` of them in all; None
    where it lists parameters.
    """

    sentences: tuple[str, ...] = ()
    listed: tuple[UnitRow, ...] | None = None
    count: int = 0
