"""The sheet to draw on: arrows move, space puts ink, or the mouse draws.

The probabilities follow each stroke.
"""

from collections.abc import Callable
from typing import ClassVar

import numpy as np
from textual.binding import Binding, BindingType
from textual.events import MouseDown, MouseEvent, MouseMove

from nn_core.arrays import Array
from nn_core.config.key_names import with_keys
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import short
from nn_tui.dialogs.sheet import LINES_BELOW, Sheet
from nn_tui.keys.clicked import under
from nn_tui.panels.picture import bars
from nn_tui.plot import pixels
from nn_tui.text.cells import side_by_side
from nn_tui.text.roles import Line, width_of
from nn_tui.text.rows import Rows

HEADINGS = 2  # rows over and under the picture
MOST_BARS = 44  # columns


class DrawingSheet(Sheet):
    """A picture that is drawn pixel by pixel, beside what the model takes it for.

    `drawn` are its inputs to begin with, none for an empty one; `put` is told them at each stroke.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go(-1, 0)", "up", id="up"),
        Binding("down", "go(1, 0)", "down", id="down"),
        Binding("left", "go(0, -1)", "left", id="lower"),
        Binding("right", "go(0, 1)", "right", id="raise"),
        ("space", "ink", "ink"),
        ("p", "pen", "pen down, up"),
        ("c", "clear", "clear"),
        ("t", "take", "take the point"),
        ("escape,q", "dismiss", "out"),
    ]

    def __init__(
        self,
        make_rows: Callable[..., Rows],
        shown: Snapshot,
        drawn: tuple[float, ...],
        put: Callable[[tuple[float, ...]], object],
        colour: bool,
    ) -> None:
        super().__init__(make_rows)
        assert shown.scene.pixels is not None
        self._shown, self._put, self._colour = shown, put, colour
        self._pixels, (self._low, self._high) = shown.scene.pixels, shown.scene.ink
        self._paper = self._empty()
        if drawn:
            self._paper = self._pixels.picture(np.array(drawn))
        self._row, self._column = self._pixels.height // 4, self._pixels.width // 2
        self._pen_is_down = False
        self._scale = 1  # cells that a pixel is wide
        self._stroke: float | None = None  # what the mouse, while its button is held, puts

    def on_mount(self) -> None:
        """Have the model look at what is drawn already."""
        super().on_mount()
        self._tell()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what the model takes it for now, while there are pictures."""
        if snapshot.scene.pixels != self._pixels:
            self.dismiss()
            return
        self._shown = snapshot
        self.draw()

    def _empty(self) -> Array:
        return np.full((self._pixels.height, self._pixels.width), self._low)

    def _tell(self) -> None:
        self._put(tuple(self._pixels.values(self._paper).tolist()))
        self.draw()

    # --- strokes ------------------------------------------------------------------------------

    def action_go(self, down: int, right: int) -> None:
        """Move, drawing where the pen is down."""
        self._row = (self._row + down) % self._pixels.height
        self._column = (self._column + right) % self._pixels.width
        if self._pen_is_down:
            self._paper[self._row, self._column] = self._high
            self._tell()
        self.draw()

    def action_ink(self) -> None:
        """Full ink where there is none or less, none where there is full; half after that."""
        here = self._row, self._column
        step = (self._high - self._low) / 2
        at = round((self._paper[here] - self._low) / step)
        self._paper[here] = self._low + step * {0: 2, 1: 0, 2: 1}[at]
        self._tell()

    def action_pen(self) -> None:
        """Put the pen down, so that moving draws, or lift it."""
        self._pen_is_down = not self._pen_is_down
        if self._pen_is_down:
            self._paper[self._row, self._column] = self._high
            self._tell()
        self.draw()

    def action_clear(self) -> None:
        """Begin with an empty sheet."""
        self._paper, self._pen_is_down = self._empty(), False
        self._tell()

    def action_take(self) -> None:
        """Begin with the chosen point's picture."""
        image = self._shown.classes.looked_at.image if self._shown.classes is not None else None
        if image is not None:
            self._paper, self._pen_is_down = image.copy(), False
            self._tell()

    # --- the mouse ----------------------------------------------------------------------------

    def on_mouse_down(self, event: MouseDown) -> None:
        """Begin a stroke: of ink, or where full ink is pressed, of none."""
        event.stop()
        place = self._place(event)
        if place is not None and event.button == 1:
            self._pen_is_down = False
            self._stroke = self._low if self._paper[place] == self._high else self._high
            self._draw_to(*place)

    def on_mouse_move(self, event: MouseMove) -> None:
        """Go on with the stroke."""
        event.stop()
        place = self._place(event)
        if self._stroke is None or place is None:
            return
        # A quick hand is seen at some places only.
        away = place[0] - self._row, place[1] - self._column
        steps = max(map(abs, away))
        begin = self._row, self._column
        for part in (at / steps for at in range(1, steps + 1)):
            self._draw_to(round(begin[0] + part * away[0]), round(begin[1] + part * away[1]))

    def on_mouse_up(self) -> None:
        """End the stroke."""
        self._stroke = None

    def _place(self, event: MouseEvent) -> tuple[int, int] | None:
        """The pixel under the mouse; of two in a cell the upper one."""
        part, x, y = under(self, event)
        row, column = 2 * (y - 1) // self._scale, (x - 1) // self._scale
        on_paper = 0 <= row < self._pixels.height and 0 <= column < self._pixels.width
        return (row, column) if on_paper and isinstance(part, Rows) else None

    def _draw_to(self, row: int, column: int) -> None:
        """Put what the stroke is of into all pixels of the cell in which this one is."""
        self._row, self._column = row, column
        self._paper[row : row + (2 if self._scale == 1 else 1), column] = self._stroke
        self._tell()

    # --- the sheet ----------------------------------------------------------------------------

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """The picture, and beside it the probability of each class."""
        room = max(3, self.app.size.height - LINES_BELOW - 2 - HEADINGS)
        paper = self._drawn(width, room)
        picture = self._shown.classes
        told = picture.drawn if picture is not None else ()
        beside: list[Line] = []
        if picture is not None and told:
            beside = bars(picture.names, told, min(MOST_BARS, width - 36), room)
        across = max(width_of(line) for line in paper) + 3
        rows = side_by_side([[(" ", "text"), *line] for line in paper], beside, across)
        ink = short(round((self._paper[self._row, self._column] - self._low)
                          / (self._high - self._low or 1), 2))  # fmt: skip
        where = f" row {self._row + 1}, column {self._column + 1}, ink {ink}"
        rows.append([(f"{where + ' ':<{across}}", "quiet"), *self._answer(told)])
        keys = with_keys(
            "{key.up+down} {key.lower+raise} move   space ink   p pen "
            f"{'up  ' if self._pen_is_down else 'down'}   c clear   t take the point’s   esc out"
        )
        return "draw", rows, keys

    def _answer(self, told: tuple[float, ...]) -> Line:
        picture = self._shown.classes
        if picture is None or not told:
            return []
        if not (self._paper > self._low).any():
            return [(" Nothing is drawn yet: this is of an empty sheet.", "quiet")]
        first = max(range(len(told)), key=lambda at: told[at])
        return [(f" It is taken for {picture.names[first]}.", "strong")]

    def _drawn(self, width: int, room: int) -> list[Line]:
        """The picture, with a sign at the place where the pen is."""
        rows, columns = self._paper.shape
        scale = max(1, min(4, (width - 34) // columns, 2 * room // rows))
        scale -= scale > 2 and scale % 2  # whole cells, so that the sign has its place
        self._scale = scale
        lines = pixels.drawn(
            pixels.ink(self._paper, self._low, self._high), pixels.INK, scale, self._colour
        )
        sign = "[" + "+" * (scale - 2) + "]" if scale > 1 else "+"
        sign = sign.replace("+", "·") if scale > 1 else sign
        line = lines[self._row * scale // 2]
        lines[self._row * scale // 2] = _over(line, self._column * scale, sign)
        return lines


def _over(line: Line, column: int, sign: str) -> Line:
    """The line with a sign over its cells from a column on, on the grounds that they have."""
    cells = [(letter, role) for text, role in line for letter in text]
    for at, letter in enumerate(sign, column):
        _, _, ground = cells[at][1].partition("@")
        cells[at] = letter, f"alarm@{ground}" if ground else "alarm"
    return cells
