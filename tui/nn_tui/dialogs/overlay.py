"""The base of all dialogs: it is dismissed once, and clicks do what keys do."""

from typing import TYPE_CHECKING

from textual.await_complete import AwaitComplete
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.screen import ModalScreen, ScreenResultType

from nn_tui.keys.clicked import typed, under
from nn_tui.text.meaning import Meant
from nn_tui.text.rows import Rows

OF_THE_MAIN_SCREEN = ("press", "taken")  # what a click leaves the dialog for


class Overlay(ModalScreen[ScreenResultType]):
    """A screen over the main one that can be dismissed only while it is the topmost.

    Keys typed ahead reach it after it has gone, and would dismiss the screen below or above it.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close it, with a result."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    # --- the mouse ----------------------------------------------------------------------------

    def on_click(self, event: Click) -> None:
        """Do what the printed key does, turn the value, or pick the row that was clicked.

        What means something on the main screen goes on to it.
        """
        part, x, y = under(self, event)
        found = part.meant(x, y) if isinstance(part, Rows) else None
        if found is not None and found.kind in OF_THE_MAIN_SCREEN:
            return
        event.stop()
        if found is None:
            return
        for each in typed(found):
            self.app.post_message(each)
        if found.kind == "row":
            self.pick(int(found.about))
        elif found.kind == "cells":
            self.pick_cell(found)
        elif found.kind == "turn":
            self.turn(0 if 1 < found.at < len(found.text) - 3 else -1 if found.at <= 1 else 1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Go up by the wheel."""
        event.stop()
        self.wheel(-1)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Go down by the wheel."""
        event.stop()
        self.wheel(1)

    def pick_cell(self, clicked: Meant) -> None:
        """Choose a cell of a row of cells, or, where it is the chosen one, do it."""

    def pick(self, at: int) -> None:
        """Choose a row, or, where it is the chosen one, do with it what enter does."""

    def turn(self, way: int) -> None:
        """Change the chosen value to the one beside it; 0: as `pick` of its row."""

    def wheel(self, way: int) -> None:
        """Go on by a turn of the wheel, down or (−1) up."""


class Choosing:
    """A dialog with a list of which one entry is chosen; clicked once more, that is done.

    Stands before the dialog among the bases, whose keys and mouse it answers.
    """

    _chosen: int  # its place; −1 where none is

    if TYPE_CHECKING:

        def draw(self) -> None:
            """The dialog's own."""

    def count(self) -> int:
        """How many entries there are."""
        raise NotImplementedError

    def action_do_chosen(self) -> None:
        """Do what enter does with the chosen entry."""
        raise NotImplementedError

    def choose(self, at: int) -> None:
        """Choose the entry at this place, or the one nearest to it."""
        if self.count():
            self._chosen = max(0, min(at, self.count() - 1))
            self.draw()

    def action_move(self, by: int) -> None:
        """Choose an entry further down, or up where it is negative."""
        self.choose(self._chosen + by)

    def pick(self, at: int) -> None:
        """Choose an entry, or do the chosen one."""
        if at == self._chosen:
            self.action_do_chosen()
        else:
            self.choose(at)

    def wheel(self, way: int) -> None:
        """Choose the entry beside, not around the ends."""
        self.choose(self._chosen + way)
