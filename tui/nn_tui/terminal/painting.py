"""The App to derive from, which paints as sparingly as the installed Textual allows."""

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import textual
from textual.app import App, ReturnType

from nn_tui.terminal.ending import EndingApp

KNOWN_VERSIONS = ("8.2.",)
"""Beginnings of the versions of Textual for which the comparison of cells was written."""


def installed_version() -> str:
    """Return the version of Textual, without the ten milliseconds that asking it takes."""
    folder = Path(textual.__file__).parents[1]
    found = [each.stem.split("-")[1] for each in folder.glob("textual-*.dist-info")]
    return found[0] if len(found) == 1 else textual.__version__


def textual_is_known() -> bool:
    """Tell whether the private method that the comparison overrides is as it was written for."""
    display = getattr(App, "_display", None)
    return (
        installed_version().startswith(KNOWN_VERSIONS)
        and display is not None
        and [*inspect.signature(display).parameters] == ["self", "screen", "renderable"]
    )


__all__ = ["PaintingApp"]

if TYPE_CHECKING or textual_is_known():
    from nn_tui.terminal.comparing import CellComparingApp as PaintingApp
else:

    class PaintingApp(EndingApp[ReturnType]):
        """A Textual App, painted as Textual does."""

        is_behind = False

        def action_redraw(self) -> None:
            """Send every cell again, for a terminal in which something else has written."""
            self.refresh()
