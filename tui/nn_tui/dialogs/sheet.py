"""A sheet lies over the upper part of the screen, and is left with esc.

The words and the status stay in sight below, so that what a change does is seen at once.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nn_tui.dialogs.overlay import Overlay
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line, width_of
from nn_tui.text.rows import Rows

FURTHEST = 10**12  # rows, more than any sheet has
LINES_OF_THE_WHEEL = 3  # that a turn scrolls
SLICED = ("view", "fit", "loss", "gradient", "table")  # parts of the main screen with titles
TITLE = "── "  # how the title of a panel begins
WHOLE = 18  # rows: a panel of no more, as all are at 80 × 24, is seen whole or not at all
LINES_BELOW = 5  # words, status and keys, which stay in sight


def _panels(part: Rows) -> list[range]:
    """The rows on the screen of each panel in a part, its title the first of them."""
    area, lines = part.region, part.text.split("\n")[: part.region.height]
    begun = [at for at, line in enumerate(lines) if at and line.lstrip().startswith(TITLE)]
    ends = [0, *begun, area.height]
    return [range(area.y + one, area.y + next_) for one, next_ in pairwise(ends)]


def _is_sliced(panel: range, height: int) -> bool:
    """Whether a sheet so high leaves of a panel what can't be read without its title.

    Of a high one the larger part can: a plot still has its curve and its axis.
    """
    is_cut = panel.start < height < panel.stop
    return is_cut and (len(panel) <= WHOLE or 2 * (panel.stop - height) < len(panel))


def title_rule(title: str, width: int) -> Line:
    """The line above a sheet."""
    rule = "─" * max(0, width - len(title) - 6)
    return [(" ── ", "rule"), (title, "strong"), (" ", "rule"), (rule, "rule")]


class Sheet(Overlay[None]):
    """Rows that scroll, under a title and over a line of keys.

    `main_keys` are the keys of the main screen that act from here too.
    """

    main_keys: ClassVar[tuple[str, ...]] = ("palette",)

    BINDINGS: ClassVar[list[BindingType]] = [
        # By the names of the main screen's keys, so that a person's own are theirs here too.
        Binding("up", "move(-1)", "up", id="up"),
        Binding("down", "move(1)", "down", id="down"),
        Binding("pageup", "move(-10)", "page up", id="row_up"),
        Binding("pagedown", "move(10)", "page down", id="row_down"),
        Binding("home", f"move(-{FURTHEST})", "first", id="first"),
        Binding("end", f"move({FURTHEST})", "last", id="last"),
        Binding("colon,ctrl+p", "leave_for_palette", "all", id="palette"),
        ("escape,q", "dismiss", "out"),
    ]

    def __init__(self, make_rows: Callable[..., Rows]) -> None:
        super().__init__()
        self._make_rows = make_rows
        self._first = 0

    def compose(self) -> ComposeResult:
        """One block of rows."""
        yield self._make_rows("sheet")

    def on_mount(self) -> None:
        """Show the rows once their room is known."""
        self.call_after_refresh(self.draw)

    def on_resize(self) -> None:
        """Use the room there is."""
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Show the rows from the first one in sight on."""
        if not self.query(Rows):
            return  # a snapshot may come before the sheet is there
        width = self.app.size.width
        room = max(3, self.app.size.height - LINES_BELOW)
        title, body, keys = self.content(width)
        sheet = self.query_one(Rows)
        below = self.below(width)
        around = 2 + len(below)
        height = min(room, self._past_slices(len(body) + around))
        sheet.styles.height = height
        visible = height - around
        self._first = self.scrolled(self._first, visible, len(body))
        more = self._first + visible < len(body)
        shown = body[self._first : self._first + visible]
        pinned = self._pinned()
        shown[: len(pinned)] = [body[at] for at in pinned]
        foot: Line = [
            (f" {keys}", meaning("quiet", "keys")),
            ("   ↓ more" if more else "", "strong"),
        ]
        # What is seen below belongs to the screen under the sheet, as the rest of a plot.
        rest = width - width_of(foot) - 1
        foot.append((f" {'─' * (rest - 1)}" if rest > 1 else "", "rule"))
        blank: list[Line] = [[] for _ in range(visible - len(shown))]
        sheet.show([title_rule(title, width), *shown, *blank, *below, foot])

    def _past_slices(self, height: int) -> int:
        """How high it is to be, so that nothing is cut of which too little would be left below."""
        found = self.app.screen_stack[0].query(Rows)
        panels = [each for part in found if part.id in SLICED and part.display
                  for each in _panels(part)]  # fmt: skip
        while ends := [panel.stop for panel in panels if _is_sliced(panel, height)]:
            height = max(ends)
        return height

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """Title, rows, and what the keys do."""
        raise NotImplementedError

    def below(self, width: int) -> list[Line]:
        """What stands in sight below the rows, above what the keys do."""
        return []

    def headings(self) -> Sequence[range]:
        """The rows that stay in sight above what they are about, each up to where that ends."""
        return ()

    def _pinned(self) -> list[int]:
        """The headings, by their rows, that stay where what they are about is scrolled."""
        pinned: list[int] = []
        for heading in self.headings():
            row = self._first + len(pinned)
            if heading.start < row < heading.stop:
                pinned.append(heading.start)
        return pinned

    def scrolled(self, first: int, visible: int, count: int) -> int:
        """The first row in sight."""
        return max(0, min(first, count - visible))

    def wheel(self, way: int) -> None:
        """Scroll, or choose the row beside the chosen one."""
        self.action_move(LINES_OF_THE_WHEEL * way)

    async def action_leave_for_palette(self) -> None:
        """Leave it, and find everything by name."""
        self.dismiss()
        await self.app.run_action("press('palette')")

    def action_move(self, by: int) -> None:
        """Scroll."""
        self._first += by
        self.draw()
