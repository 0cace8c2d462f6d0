"""A widget that shows rows of styled text, and repaints only those that changed."""

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual.events import Resize
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.roles import Line


class Rows(Widget):
    """Shows the lines given last, one a row; `style_for` turns roles into styles.

    With `plain`, a text goes through it on its way to the screen.
    """

    def __init__(
        self,
        style_for: Callable[[str], Style],
        *,
        id: str | None = None,  # noqa: A002 - as every widget calls it
        spell: Callable[[str], str] = str,
    ) -> None:
        super().__init__(id=id)
        self._style_for, self._spell = style_for, spell
        self._lines: list[Line] = []
        self._strips: list[Strip] = []

    def show(self, lines: list[Line]) -> None:
        """Show these lines in place of those before."""
        width = self.size.width
        before = dict(enumerate(zip(self._lines, self._strips, strict=True)))
        for gone in range(len(lines), len(self._lines)):
            self.refresh(Region(0, gone, width, 1))
        self._lines, self._strips = lines, []
        for y, line in enumerate(lines):
            line_before, strip = before.get(y, (None, None))
            if strip is None or line != line_before or strip.cell_length != width:
                strip = self._strip(line, width)
                self.refresh(Region(0, y, width, 1))
            self._strips.append(strip)

    def render_line(self, y: int) -> Strip:
        """Return a row."""
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)

    def on_resize(self, event: Resize) -> None:
        """Fit the rows into the new width."""
        self._restyle()

    def _restyle(self) -> None:
        self._strips = [self._strip(line, self.size.width) for line in self._lines]
        self.refresh()

    def notify_style_update(self) -> None:
        """Style the rows anew: the roles may look different now."""
        super().notify_style_update()
        self._restyle()

    def _strip(self, line: Line, width: int) -> Strip:
        segments = [Segment(self._spell(text), self._style_for(role)) for text, role in line]
        return Strip(segments).adjust_cell_length(width)
