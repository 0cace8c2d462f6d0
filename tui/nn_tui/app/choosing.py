"""What is looked at: the view, and what is chosen of the parameters, the units and the data."""

from typing import TYPE_CHECKING, NamedTuple

from nn_tui import views
from nn_tui.app.display import Display
from nn_tui.options import LaunchOptions

if TYPE_CHECKING:
    from nn_core.explain.rows import LayerRow, NumberRow, UnitRow
    from nn_core.explain.snapshot import Snapshot


class Selection(NamedTuple):
    """What is chosen in a list, the first row of it in sight, and what of it is opened."""

    chosen: int = 0
    first: int = 0
    opened: str | None = None
    opened_at: int = 0


class Choosing(Display):
    """Turns views and chooses rows and points, by key."""

    def __init__(self, launch: LaunchOptions) -> None:
        super().__init__(launch)
        self._elsewhere = Selection()  # in the list that is not on show: of units, or of parameters
        self._view_outside: views.View | None = None  # to come back to after the step at hand

    def action_next_view(self) -> None:
        """Show the next view."""
        self._turn_view(1)

    def action_previous_view(self) -> None:
        """Show the view before."""
        self._turn_view(-1)

    def _turn_view(self, way: int) -> None:
        at = (views.VIEWS.index(self._view) + way) % len(views.VIEWS)
        self.action_show_view(views.VIEWS[at].name)

    def action_show_view(self, name: str) -> None:
        """Show a view, and stay with it."""
        self._view_outside = None
        self._show_view(views.view(name))

    def _show_view(self, view: views.View) -> None:
        if view.by_unit != self._view.by_unit:
            left = Selection(self._chosen, self._first, self._opened, self._opened_at)
            self._select(self._elsewhere)
            self._elsewhere = left
        self._view = view
        self._arrange(self.size)
        self.call_after_refresh(self._look)

    def _select(self, selection: "Selection") -> None:
        self._chosen, self._first, self._opened, self._opened_at = selection

    def _choose_what_was_placed(self, now: "Snapshot", before: "Snapshot | None") -> None:
        """Choose the unit that was just added where it can mend most; it is the last."""
        from nn_core.explain.outcomes import Placed

        news = before is None or now.outcome is not before.outcome
        if self._view.by_unit and isinstance(now.outcome, Placed) and news:
            self._select(Selection(now.config.hidden[0] - 1))
            self._first = max(0, self._chosen - self._visible_rows() + 1)

    def _follow_into_the_step(self, now: "Snapshot", before: "Snapshot | None") -> bool:
        """Show the step where one was just gone into, and what was shown before once it is done.

        Whether the view is another now; the update done by hand still belongs to its step.
        """
        began = now.in_a_step and before is not None and not before.in_a_step
        if began and self._view.name != "step":
            self._view_outside = self._view
            self._show_view(views.view("step"))
            return True
        if self._view_outside and not now.in_a_step:
            self._show_view(self._view_outside)
            self._view_outside = None
            return True
        return False

    def action_up(self) -> None:
        """Choose the row above."""
        self._choose(-1)

    def action_down(self) -> None:
        """Choose the row below."""
        self._choose(1)

    def action_row_up(self) -> None:
        """Choose the same input of the unit before."""
        self._choose(0, rows=-1)

    def action_row_down(self) -> None:
        """Choose the same input of the next unit."""
        self._choose(0, rows=1)

    def action_first(self) -> None:
        """Choose the first row."""
        self._choose(-self._chosen)

    def action_last(self) -> None:
        """Choose the last row."""
        self._choose(-1 - self._chosen)

    def _grid(self, shown: "Snapshot") -> tuple[int, int]:
        """Rows and columns of what is chosen from: a matrix where one is opened, else a list.

        Told from what is opened, not from the rows on show, which may be those before it was.
        """
        if self._lists_units():
            return shown.row_count, 1
        if self._opened is None:
            return len(shown.scene.layers) or shown.row_count, 1
        number, _, kind = self._opened.partition(".")
        widths = (len(shown.scene.inputs), *shown.config.hidden, 1)
        inputs, units = widths[int(number) // 2 :][:2]
        return units, inputs if kind == "weight" else 1

    def _choose(self, way: int, rows: int = 0) -> None:
        """Choose another row of the table, so many on, or so many rows of an opened matrix.

        Around its ends, and scrolled into sight.
        """
        if self.snapshot is None:
            return
        units, inputs = self._grid(self.snapshot)
        self._chosen = (self._chosen + way + rows * inputs) % (units * inputs)
        self._look()

    def action_previous_point(self) -> None:
        """Choose the data point before."""
        self._choose_point(-1)

    def action_next_point(self) -> None:
        """Choose the next data point."""
        self._choose_point(1)

    def _choose_point(self, way: int) -> None:
        if self.snapshot is not None:
            self._point = (self._point + way) % self.snapshot.scene.rows
            self._look()

    def _chosen_row(self) -> "NumberRow | LayerRow | UnitRow | None":
        shown = self.snapshot
        if shown is None or not self._is_listed(shown):
            return None
        at = self._chosen - shown.request.first
        return shown.rows[at] if 0 <= at < len(shown.rows) else None

    def _is_listed(self, shown: "Snapshot") -> bool:
        """Whether the rows are of the list now on show; just after a turn they are still others."""
        request = shown.request
        return (request.by_unit, request.opened) == (self._view.by_unit, self._opened)

    def _lists_units(self) -> bool:
        shown = self.snapshot
        return shown is not None and self._view.lists_units_of(shown.scene.kind)

    def action_partner(self) -> None:
        """Take another parameter beside the chosen one."""
        self._partner += 1
        self._look()

    def _chosen_layer(self) -> int:
        """The hidden layer, from 0, that is chosen or opened; of the output the one before it."""
        shown, row = self.snapshot, self._chosen_row()
        if shown is None or row is None:
            return 0
        if self._lists_units():
            return int(shown.insight.layer.number)
        number = int((self._opened or row.label).split(".")[0]) // 2
        return min(number, len(shown.scene.layers) // 2 - 2)
