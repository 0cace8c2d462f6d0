"""What lies over the main screen: left once, however many keys have told it to by then."""

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Overlay(ModalScreen[ScreenResultType]):
    """A screen that heeds being dismissed only while it is the one on show.

    Keys typed ahead reach it after it has gone, and would dismiss what lies beneath or above it.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Go, with a result."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
