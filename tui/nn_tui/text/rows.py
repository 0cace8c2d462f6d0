"""A widget that shows rows of styled text, and repaints only those that changed."""

from collections.abc import Callable

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.text.meaning import Meant, bare, meant
from nn_tui.text.roles import Line


class Rows(Widget):
    """Shows the lines given last, one a row; `style_for` turns roles into styles.

    With `spell`, each text goes through it on its way to the screen.
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
        self._strips: dict[int, Strip] = {}  # made when a row is first painted

    def show(self, lines: list[Line]) -> None:
        """Show these lines in place of those before."""
        before, self._lines = self._lines, lines
        changed = [
            y for y in range(max(len(before), len(lines))) if before[y : y + 1] != lines[y : y + 1]
        ]
        for y in changed:
            self._strips.pop(y, None)
        if changed:
            width = self.size.width
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def meant(self, x: int, y: int) -> Meant | None:
        """What a click on this cell means, None where nothing."""
        return meant(self._lines[y], x) if 0 <= y < len(self._lines) else None

    @property
    def text(self) -> str:
        """What is shown, as plain text."""
        return "\n".join("".join(text for text, _ in line) for line in self._lines)

    def render_line(self, y: int) -> Strip:
        """Return a row."""
        return self._strip(y, self.size.width)

    def _strip(self, y: int, width: int) -> Strip:
        strip = self._strips.get(y)
        if strip is None or strip.cell_length != width:
            line = self._lines[y] if y < len(self._lines) else []
            segments = [
                Segment(self._spell(text), self._style_for(bare(role))) for text, role in line
            ]
            strip = self._strips[y] = self._fitted(Strip(segments), width)
        return strip

    def _fitted(self, strip: Strip, width: int) -> Strip:
        """The strip in so many cells; where words are cut off, with a sign of it."""
        if strip.cell_length > width > 0 and cell_len(strip.text.rstrip()) > width:
            kept = list(strip.crop(0, width - 1))
            strip = Strip([*kept, Segment(self._spell("…"), kept[-1].style if kept else None)])
        return strip.adjust_cell_length(width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the visible rows as they are.

        Textual's own method also draws borders, padding and opacity, which are not used here;
        looking for them at each frame takes longer than drawing all the rows.
        """
        width = self.size.width
        strips = [self._strip(y, width) for y in crop.line_range]
        for line_filter in self.get_line_filters():  # as where there is to be no colour
            background = self.background_colors[1]
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span == (0, width):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]

    def notify_style_update(self) -> None:
        """Style the rows anew: the roles may look different now."""
        super().notify_style_update()
        self._strips.clear()
