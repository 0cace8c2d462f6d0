"""What is chosen on the screen: the view, a row of its list, a point; and how keys move it.

A Selection is frozen: each method gives another, and none knows of a terminal.
"""

import math
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nn_tui.views import VIEWS, View, view

if TYPE_CHECKING:  # the first paint comes before NumPy
    from nn_core.explain.rows import LayerRow, NumberRow, UnitRow
    from nn_core.explain.snapshot import Snapshot
    from nn_core.explain.view_request import ViewRequest
    from nn_core.run.chosen import Chosen


@dataclass(frozen=True)
class Cursor:
    """The chosen row of a list, its first row in sight, and the row that is opened, by name.

    While one is opened, `row` and `first` are of the list of its numbers; `opened_at` is the row
    that it has in the list it is of.  `at_step`: what is chosen is the step's number in the status
    line, which lies between the list's last row and its first.
    """

    row: int = 0
    first: int = 0
    opened: str | None = None
    opened_at: int = 0
    at_step: bool = False

    def scrolled(self, visible: int) -> "Cursor":
        """Scrolled as little as brings the chosen row into sight, with so many rows visible."""
        first = max(min(self.first, self.row), self.row - visible + 1)
        return replace(self, first=first)


@dataclass(frozen=True)
class Selection:
    """What is chosen: view, row, data point, partner.

    `cursor` is in the list on show, `other` in the one that isn't: a view lists parameters or, with
    `View.by_unit`, units.  `partner` counts how often another partner of the chosen parameter was
    asked for.  `outside` is the view to come back to after the current step.  `drawn` is a picture
    drawn by hand, as inputs in the units of the file; `off` are units that are switched off, each
    as its layer and its place there.  `target` is the one of several that is drawn.
    `held_back` is a row held back that is looked at in place of the point, −1 for none; `sought`:
    one of them was gone to because the model is wrong there.
    """

    view: View = VIEWS[0]
    cursor: Cursor = Cursor()
    other: Cursor = Cursor()
    point: int = -1  # the one that the run was left with, until a snapshot tells
    partner: int = 0
    outside: View | None = None
    drawn: tuple[float, ...] = ()
    off: frozenset[tuple[int, int]] = frozenset()
    target: int = 0
    held_back: int = -1
    sought: bool = False

    # --- views --------------------------------------------------------------------------------

    def showing(self, shown: View) -> "Selection":
        """With this view on show, and the cursor of its list."""
        if shown.by_unit == self.view.by_unit:
            return replace(self, view=shown)
        return replace(self, view=shown, cursor=self.other, other=self.cursor)

    def staying_with(self, shown: View) -> "Selection":
        """With this view on show, and none to come back to."""
        return replace(self.showing(shown), outside=None)

    def next_view(self, way: int) -> "Selection":
        """With the view so many on, around the ends."""
        return self.staying_with(VIEWS[(VIEWS.index(self.view) + way) % len(VIEWS)])

    def following(self, now: "Snapshot", before: "Snapshot | None") -> "Selection":
        """With the step on show where one was just gone into; once it is done, the view before.

        The update done by hand still belongs to its step.
        """
        began = now.in_a_step and before is not None and not before.in_a_step
        if began and self.view.name != "step":
            return replace(self.showing(view("step")), outside=self.view)
        if self.outside and not now.in_a_step:
            return self.staying_with(self.outside)
        return self

    # --- rows ---------------------------------------------------------------------------------

    @property
    def is_opened(self) -> bool:
        """Whether a layer or a unit is opened."""
        return self.cursor.opened is not None

    def lists_units(self, shown: "Snapshot | None") -> bool:
        """Whether the view lists units of this run's model."""
        return shown is not None and self.view.lists_units_of(shown.scene.kind)

    def lists_parts(self, shown: "Snapshot") -> bool:
        """Whether the rows are layers or units, which can be opened, not single numbers."""
        return not self.is_opened and (shown.scene.is_listed_by_layer or self.lists_units(shown))

    def is_list_of(self, shown: "Snapshot") -> bool:
        """Whether the snapshot's rows are of the list on show; just after a turn they aren't."""
        asked = shown.request
        return (asked.by_unit, asked.opened) == (self.view.by_unit, self.cursor.opened)

    def row(self, shown: "Snapshot | None") -> "NumberRow | LayerRow | UnitRow | None":
        """The chosen row, where the snapshot has it."""
        if shown is None or not self.is_list_of(shown):
            return None
        at = self.cursor.row - shown.request.first
        return shown.rows[at] if 0 <= at < len(shown.rows) else None

    def layer(self, shown: "Snapshot") -> int:
        """The hidden layer, from 0, that is chosen or opened; of the output the one before it."""
        row = self.row(shown)
        if row is None:
            return 0
        if self.lists_units(shown):
            return int(shown.insight.layer.number)
        place = int((self.cursor.opened or row.name).split(".")[0]) // 2
        return max(0, min(place, len(shown.scene.layers) // 2 - 2))

    def _grid(self, shown: "Snapshot") -> tuple[int, int]:
        """Rows and columns of what is chosen from: a matrix where one is opened, else a list.

        Told from what is opened, not from the rows on show, which may be those before it was.
        """
        if self.lists_units(shown):
            return shown.row_count, 1
        if self.cursor.opened is None:
            return len(shown.scene.layers) or shown.row_count, 1
        layer, _, kind = self.cursor.opened.partition(".")
        widths = (len(shown.scene.inputs), *shown.config.hidden, shown.scene.outputs)
        inputs, units = widths[int(layer) // 2 :][:2]
        return units, inputs if kind == "weight" else 1

    def moved(self, shown: "Snapshot", by: int = 0, rows: int = 0) -> "Selection":
        """So many on in the list, or so many rows of an opened matrix, around the ends.

        One by one the step's number comes between the last row and the first.
        """
        units, inputs = self._grid(shown)
        count, cursor = units * inputs, self.cursor
        if cursor.at_step and by:
            row = 0 if by > 0 else count - 1
        elif abs(by) == 1 and not 0 <= cursor.row + by < count:
            return replace(self, cursor=replace(cursor, at_step=True))
        else:
            row = (cursor.row + by + rows * inputs) % count
        return self._at(row)

    def _at(self, row: int) -> "Selection":
        return replace(self, cursor=replace(self.cursor, row=row, at_step=False))

    def scrolled(self, visible: int) -> "Selection":
        """Scrolled so that the chosen row is in sight, with so many rows visible."""
        return replace(self, cursor=self.cursor.scrolled(visible))

    def at_end(self, shown: "Snapshot", last: bool) -> "Selection":
        """At the first row, or at the last."""
        units, inputs = self._grid(shown)
        return self._at(units * inputs - 1 if last else 0)

    def opening(self, shown: "Snapshot | None") -> "Selection":
        """With the chosen layer or unit opened, where one is chosen."""
        if shown is None or not self.lists_parts(shown):
            return self
        row, at = self.row(shown), self.cursor.row
        if self.lists_units(shown):
            name = f"unit {at}"  # among all; its row may not be listed yet
        elif row is None:
            return self
        else:
            name = row.name
        return replace(self, cursor=Cursor(opened=name, opened_at=at))

    def opened_at_number(self, shown: "Snapshot", label: str, number: int) -> "Selection":
        """With this number of a weight matrix or of the biases chosen, and these opened."""
        at = shown.scene.layers.index(label)
        return replace(self, cursor=Cursor(number, number, opened=label, opened_at=at))

    def closing(self, visible: int) -> "Selection":
        """With nothing opened, and what was opened chosen."""
        at = self.cursor.opened_at
        return replace(self, cursor=Cursor(row=at, opened_at=at).scrolled(visible))

    def request(
        self, count: int, bins: int, grid: int, cells: tuple[int, int] = (40, 16)
    ) -> "ViewRequest":
        """What a snapshot has to hold for it: so many rows, curves and a map so finely."""
        from nn_core.explain.view_request import ViewRequest

        cursor = self.cursor
        return ViewRequest(
            bins=bins,
            grid=grid,
            point=self.point,
            opened=cursor.opened,
            first=cursor.first,
            count=count,
            chosen=cursor.row,
            view=self.view.name,
            by_unit=self.view.by_unit,
            opened_at=cursor.opened_at,
            partner=self.partner,
            cells=cells,
            drawn=self.drawn,
            off=self.off,
            target=self.target,
            held_back=self.held_back,
            sought=self.sought,
        )

    # --- points and partners ------------------------------------------------------------------

    def next_point(self, shown: "Snapshot", way: int) -> "Selection":
        """With the data point so many on, around the ends."""
        return self.at_point((max(0, self.point) + way) % shown.scene.rows)

    def at_point(self, row: int) -> "Selection":
        """With this data point chosen."""
        return replace(self, point=row, held_back=-1, sought=False)

    def next_mistake(self, shown: "Snapshot") -> "Selection":
        """At the next of the rows that the model is wrong on, those held back before the others."""
        from nn_core.explain.mistakes import held_back_mistakes, mistakes

        trained, held_back = mistakes(shown).tolist(), held_back_mistakes(shown).tolist()
        order = [*((self.point, row) for row in held_back), *((row, -1) for row in trained)]
        if not order:
            return self
        here, at = (self.point, self.held_back), 0
        if self.sought and here in order:
            at = (order.index(here) + 1) % len(order)
        point, row = order[at]
        return replace(self, point=point, held_back=row, sought=True)

    def next_target(self, shown: "Snapshot") -> "Selection":
        """With the next of several targets drawn."""
        return replace(self, target=(shown.scene.drawn + 1) % len(shown.scene.targets))

    def switching_unit(self, shown: "Snapshot") -> "Selection":
        """With the chosen unit switched off, or on again."""
        from nn_core.analysis.units import locate

        at = self.cursor.opened_at if self.is_opened else self.cursor.row
        return replace(self, off=self.off ^ {locate(shown.config.hidden, at)})

    def next_partner(self) -> "Selection":
        """With another parameter beside the chosen one."""
        return replace(self, partner=self.partner + 1)

    # --- what a new snapshot does -------------------------------------------------------------

    def fitting(self, now: "Snapshot", before: "Snapshot | None", visible: int) -> "Selection":
        """What of it there still is in a new snapshot; `visible` rows are in sight."""
        from nn_core.explain.outcomes import Opened, Placed, Reshaped
        from nn_core.storage.autosave import Resumed

        found = self
        if before is None or before.scene is not now.scene:
            if before is None or _lists(before) != _lists(now):
                found = replace(found, cursor=Cursor(), other=Cursor(), off=frozenset())
            found = found.at_point(min(found.point, now.scene.rows - 1))
            if before is not None and before.scene.pixels != now.scene.pixels:
                found = replace(found, drawn=())
        if found.point < 0:
            found = replace(found, point=max(0, now.request.point))
        news = before is None or now.outcome is not before.outcome
        if news and isinstance(now.outcome, Reshaped | Opened | Resumed):
            point = now.outcome.point
            found = found if point is None else found.at_point(point)
        if news and isinstance(now.outcome, Opened | Resumed):
            found = found._as_left(now.outcome.chosen, now)
        if found.view.by_unit and isinstance(now.outcome, Placed) and news:
            # The unit that was just added where it lowers the loss most is the last.
            found = replace(found, cursor=Cursor(now.config.hidden[0] - 1).scrolled(visible))
        if found.is_list_of(now):
            row = min(found.cursor.row, now.row_count - 1)
            first = min(found.cursor.first, max(0, now.row_count - visible))
            found = replace(found, cursor=replace(found.cursor, row=row, first=first))
        return found

    def _as_left(self, left: "Chosen | None", now: "Snapshot") -> "Selection":
        """With what the run was left with, as far as it is known and fits the run."""
        shown = next((each for each in VIEWS if left and each.name == left.view), None)
        if left is None or shown is None:
            return self
        scene, by_unit = now.scene, shown.lists_units_of(now.scene.kind)
        units = sum(now.config.hidden) if now.config.is_network else 2
        if left.opened is None:
            count = units if by_unit else len(scene.layers) or len(scene.parameters)
        elif by_unit:
            is_there = left.opened == f"unit {left.opened_at}" and 0 <= left.opened_at < units
            count = sys.maxsize if is_there else 0  # of how many numbers its list will tell
        elif left.opened in scene.layers:
            row = replace(self, view=shown, cursor=Cursor(opened=left.opened))
            count = math.prod(row._grid(now))
        else:
            count = 0
        if not 0 <= left.row < count:
            return self
        hidden = now.config.hidden
        there = {(layer, unit) for layer, width in enumerate(hidden) for unit in range(width)}
        return replace(
            self,
            view=shown,
            cursor=Cursor(left.row, 0, left.opened, left.opened_at),
            other=Cursor(),
            outside=None,
            partner=max(0, left.partner),
            target=left.target if 0 <= left.target < len(scene.targets) else 0,
            off=frozenset(left.off) & there,
        )


def _lists(shown: "Snapshot") -> tuple[str, ...]:
    """What the lists of parameters and units go by."""
    return (shown.scene.kind, *shown.scene.layers)
