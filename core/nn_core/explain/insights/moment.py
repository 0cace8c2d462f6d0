"""What an insight is worked out from, and what all insights have in common."""

from dataclasses import dataclass

from nn_core.explain.snapshot import LayerRow, NumberRow, Scene, UnitRow, ViewRequest
from nn_core.run.timeline import Timeline
from nn_core.training.state import State
from nn_core.training.trainer import Preview


@dataclass(frozen=True, eq=False)
class Moment:
    """A run as it stands, and what of it the person has chosen.

    `chosen` is the flat index of the chosen parameter, `point` the chosen row of the data, `rows`
    the parameters that are listed, unless the view lists something else.
    `before_update` is the state that the update carried out by hand just now began with, if the
    last thing done was one.
    """

    timeline: Timeline
    scene: Scene
    request: ViewRequest
    preview: Preview
    chosen: int
    point: int
    before_update: State | None = None
    rows: tuple[NumberRow, ...] | tuple[LayerRow, ...] = ()


@dataclass(frozen=True, eq=False)
class Insight:
    """What a view shows; `sentences` are for the words, the most important first.

    `listed` is the stretch on the screen of the units that it lists, `count` of them in all; None
    where it lists parameters.
    """

    sentences: tuple[str, ...] = ()
    listed: tuple[UnitRow, ...] | None = None
    count: int = 0
