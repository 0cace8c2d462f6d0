"""How text looks in this terminal: its colours, its markers, and how it is spelled."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from rich.style import Style

from nn_tui.terminal import capabilities
from nn_tui.text import roles, spelling
from nn_tui.text.rows import Rows

RowsType = TypeVar("RowsType", bound=Rows)


class Appearance:
    """What a terminal can show, told from its environment unless it is asked for."""

    def __init__(self, theme: str, markers: str, environ: Mapping[str, str]) -> None:
        self.markers = capabilities.markers(environ) if markers == "auto" else markers
        self._background: roles.Background = roles.background(theme, environ)
        self.has_colour = capabilities.has_colour(environ)
        self._has_few_colours = capabilities.has_few_colours(environ)
        self._spell: Callable[[str], str] = str
        if self.markers == "ascii":
            self._spell = spelling.to_ascii
        elif capabilities.is_console(environ):
            self._spell = spelling.to_console
        # Two greys above each other in a cell: a console has two grounds without colour, black and
        # grey, and ASCII no half of a cell.
        self.has_shades = self.has_colour and self._spell is str

    def wear(self, theme: str) -> None:
        """Go on in the colours for this background, "dark" or "light"."""
        self._background = "light" if theme == "light" else "dark"

    def style(self, role: str) -> Style:
        """The style of a role."""
        return roles.style(role, self._background, self.has_colour, self._has_few_colours)

    def rows(self, name: str) -> Rows:
        """A widget that shows rows, of this id."""
        return self.part(name, Rows)

    def part(self, name: str, kind: type[RowsType]) -> RowsType:
        """A widget of this kind and id."""
        return kind(self.style, id=name, spell=self._spell)
