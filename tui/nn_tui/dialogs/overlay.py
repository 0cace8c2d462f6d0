"""The base of all dialogs: it is dismissed once, however many keys ask for that."""

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Overlay(ModalScreen[ScreenResultType]):
    """A screen over the main one that can be dismissed only while it is the topmost.

    Keys typed ahead reach it after it has gone, and would dismiss the screen below or above it.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close it, with a result."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
