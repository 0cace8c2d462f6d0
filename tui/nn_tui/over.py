"""What lies over the main screen: left once, however many keys have told it to by then."""

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Over(ModalScreen[ScreenResultType]):
    """A screen that heeds being dismissed only while it is the one on show.

    Keys typed ahead reach it after it has gone, and would dismiss what lies beneath or above it.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Go, with a result."""
        if not self.is_active:
            return AwaitComplete()
        self._leaves = True
        return super().dismiss(result)

    _leaves = False

    def is_ready(self, key: str) -> bool:
        """Whether a key is still for this screen."""
        return not self._leaves
