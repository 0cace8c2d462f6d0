"""What an App may ask of a driver that never waits for its terminal, and which one there is."""

from abc import abstractmethod
from collections.abc import Callable
from threading import Event

from textual.driver import Driver

# What is missed where Textual's own driver has to do.
LACKS = "this system has no terminal modes: over a slow or broken link the screen may hang"


class PatientDriver(Driver):
    """A driver that says when a frame may be sent, and gives the terminal back from any thread."""

    is_given_back: Event

    @property
    @abstractmethod
    def is_behind(self) -> bool:
        """Whether a frame waits until it may be sent."""

    @abstractmethod
    def has_room(self, when_ready: Callable[[], object]) -> bool:
        """Tell whether a frame may be sent now; if not, `when_ready` is called when it may be."""

    @abstractmethod
    def give_back(self) -> None:
        """Give the terminal back, if it has been taken and still is there; from any thread."""


def own_driver() -> type[PatientDriver] | None:
    """Our driver; None on a system without terminal modes and signals, as Windows."""
    try:
        from nn_tui.terminal.driver import TerminalDriver
    except (ImportError, AttributeError):
        return None
    return TerminalDriver
