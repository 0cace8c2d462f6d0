"""What the mouse does on the main screen: it chooses, presses printed keys, and drags sliders."""

from typing import TYPE_CHECKING, NamedTuple

from textual.events import Click, MouseDown, MouseEvent, MouseMove

from nn_core.live.edit_requests import Assign
from nn_core.live.requests import Complain, Seek
from nn_tui.app.parts import FitPlot, Table, ViewPart
from nn_tui.keys import key
from nn_tui.keys.clicked import typed, under
from nn_tui.panels import plots
from nn_tui.panels.table import row_name
from nn_tui.text.meaning import Meant, one_of
from nn_tui.text.rows import Rows

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot
    from nn_tui.app.app import Laboratory


class Drag(NamedTuple):
    """A slider that is held: of which parameter, where it is on the screen, and its ends."""

    parameter: int
    left: int
    cells: int
    low: float
    high: float

    def value(self, x: int) -> float:
        """The value at a column of the screen: as its mark would stand there."""
        part = min(1.0, max(0.0, (x - self.left - 1) / (self.cells - 3)))
        return self.low * (1 - part) + self.high * part


class Mouse:
    """A person's mouse on the main screen of an app.

    A click chooses; one on what is chosen does what enter does; one on a key's name presses it.
    """

    def __init__(self, lab: "Laboratory") -> None:
        self._lab = lab
        self._held: Drag | None = None
        self._at = 0  # the column that a held slider was dragged to, or pressed at
        self._has_dragged = False

    # --- clicks -------------------------------------------------------------------------------

    async def click(self, event: Click) -> None:
        """Do what was clicked, unless the button was held to drag."""
        lab = self._lab
        part, x, y = under(self._lab.screen, event)
        if self._has_dragged or lab.snapshot is None or not isinstance(part, Rows):
            return
        lab.put_complaint_aside()
        found = part.meant(x, y)
        if lab.screen is not lab.screen_stack[0]:
            lab.screen.dismiss()  # the dialog in which this stood
        if found is not None:
            await self._do(found, lab.snapshot)
        elif isinstance(part, FitPlot):
            drawn = part.nearest(plots.drawn_points(lab.snapshot), x, y)
            if drawn is not None:
                self._choose_point(int(lab.snapshot.scene.shown[drawn]))

    async def _do(self, found: Meant, shown: "Snapshot") -> None:
        """Do what was clicked."""
        lab, about = self._lab, found.about.split()
        match found.kind:
            case "press":
                await lab.run_action(key(one_of(about, found.text, found.at)).action)
            case "row" | "item" | "slide":
                await self._choose_row(self._row(found.about))
            case "unit":
                await self._choose_row(int(found.about))
            case "number":
                await self._choose_number(about[0], int(about[1]), shown)
            case "point":
                self._choose_point(int(found.about))
            case "points":
                width, *rows = map(int, about)
                if found.at // width < len(rows):
                    self._choose_point(rows[found.at // width])
            case "formula":
                lab.dialogs.arithmetic(lab.main.reads(), int(found.about))
            case "taken":
                self._choose_taken(int(about[0]), int(about[1]), shown)
            case "step" if self._may("jump"):
                lab.link.ask(Seek(int(found.about)))
        for each in typed(found):
            lab.post_message(each)

    def _may(self, name: str) -> bool:
        """Whether the key that does the same may be pressed: a lesson does without some."""
        return self._lab.applies(name)

    def _choose_point(self, row: int) -> None:
        self._lab.choose(self._lab.selection.at_point(row))

    def _choose_taken(self, label: int, taken: int, shown: "Snapshot") -> None:
        """The next point of one class that is taken for another, or for its own."""
        picture, scene = shown.classes, shown.scene
        if picture is None or scene.labels is None:
            return
        rows = scene.shown[(scene.labels == label) & (picture.taken == taken)]
        if len(rows):
            after = rows[rows > shown.point.index]
            self._choose_point(int(after[0] if len(after) else rows[0]))
        else:
            self._lab.link.ask(Complain("none of these is among the rows that are drawn"))

    async def _choose_number(self, label: str, number: int, shown: "Snapshot") -> None:
        """A number of a weight matrix or of biases, or a parameter that is a number itself."""
        lab = self._lab
        if label not in shown.scene.layers:
            await self._choose_row(self._row(label))
        elif (lab.selection.cursor.opened, lab.selection.cursor.row) == (label, number):
            await lab.run_action(key("enter").action)
        else:
            lab.choose(lab.selection.opened_at_number(shown, label, number))

    def _row(self, name: str) -> int | None:
        """Where in the list on show the row of this name is."""
        shown = self._lab.snapshot
        if shown is None or not self._lab.selection.is_list_of(shown):
            return None
        names = [(row_name(row), row.label) for row in shown.rows]
        found = (at for at, each in enumerate(names, shown.request.first) if name in each)
        return next(found, None)

    async def _choose_row(self, at: int | None) -> None:
        lab = self._lab
        if at is None or lab.snapshot is None:
            return
        cursor = lab.selection.cursor
        if at == cursor.row and not cursor.at_step:
            await lab.run_action(key("enter").action)
        else:
            lab.choose(lab.selection.moved(lab.snapshot, by=at - cursor.row))

    # --- sliders ------------------------------------------------------------------------------

    def press(self, event: MouseDown) -> None:
        """Take hold of a slider, if one is there."""
        self._held, self._has_dragged = None, False
        part, x, y = under(self._lab.screen, event)
        if self._lab.snapshot is None or not isinstance(part, Rows):
            return
        found = part.meant(x, y)
        if found is not None and found.kind == "slide" and event.button == 1:
            self._hold(found, event.screen_x)

    def _hold(self, found: Meant, x: int) -> None:
        shown = self._lab.snapshot
        at = self._row(found.about)
        if shown is None or at is None or (self._lab.lesson and self._lab.lesson.hides("raise")):
            return
        low, high = shown.slider
        self._at = x
        self._held = Drag(int(found.about), x - found.at, len(found.text), low, high)

    def drag(self, event: MouseMove) -> None:
        """Have the held slider follow."""
        lab, held = self._lab, self._held
        if held is None or event.screen_x == self._at or lab.snapshot is None:
            return
        self._at, self._has_dragged = event.screen_x, True
        row = self._row(str(held.parameter))
        if row is not None and row != lab.selection.cursor.row:
            lab.choose(lab.selection.moved(lab.snapshot, by=row - lab.selection.cursor.row))
        if lab.snapshot.contest is None:  # there each move counts: the one at the end
            self._move(held)

    def release(self) -> None:
        """Let go."""
        held, self._held = self._held, None
        shown = self._lab.snapshot
        if held is not None and self._has_dragged and shown is not None and shown.contest:
            self._move(held)

    def _move(self, held: Drag) -> None:
        self._lab.link.ask(Assign(held.parameter, float(f"{held.value(self._at):.4g}")))

    # --- the wheel ----------------------------------------------------------------------------

    def wheel(self, event: MouseEvent, way: int) -> None:
        """Choose the row beside the chosen one, not around the ends, where a list is."""
        lab = self._lab
        part, _, _ = under(self._lab.screen, event)
        if lab.snapshot is None or not isinstance(part, Table | ViewPart):
            return
        if lab.selection.is_list_of(lab.snapshot):
            row = lab.selection.cursor.row + way
            if 0 <= row < lab.snapshot.row_count:
                lab.choose(lab.selection.moved(lab.snapshot, by=way))
