"""The ViewRequest: what the visible views need of a run."""

from dataclasses import dataclass

CHOSEN_LAST = -1  # in place of a row


@dataclass(frozen=True)
class ViewRequest:
    """What the visible views need.

    `bins`: how finely the loss curve is wanted; `grid`: at how many places the model's curve is;
    `point`: the chosen row, or the one that the run was left with; `opened`: the layer whose single
    numbers are listed, if any; `first` and `count`: the stretch of that list that is on screen;
    `chosen`: which of the whole list is chosen; `view`: what is looked at, a name of
    `nn_core.explain.insights.INSIGHTS` or "fit".  With `by_unit` the list is of the units of all
    hidden layers, and `opened` the unit at `opened_at` of that list, whose numbers are listed
    instead.  `partner`: how often another parameter was asked for beside the chosen one.
    `cells`: how many places the map of classes has, across and up.  `drawn`: inputs, in the units
    of the file, of a picture that a person draws.  `off`: the units, as layer and place, that are
    switched off in what is shown.  `target`: which of several is drawn.  `held_back` is the row
    held back that is looked at in place of the chosen one, −1 for none; with `sought` it is there,
    or the chosen one, because it is told wrong, or far off.
    """

    bins: int = 80
    grid: int = 80
    point: int = CHOSEN_LAST
    opened: str | None = None
    first: int = 0
    count: int = 12
    chosen: int = 0
    view: str = "fit"
    by_unit: bool = False
    opened_at: int = 0
    partner: int = 0
    cells: tuple[int, int] = (40, 16)
    drawn: tuple[float, ...] = ()
    off: frozenset[tuple[int, int]] = frozenset()
    target: int = 0
    held_back: int = -1
    sought: bool = False
