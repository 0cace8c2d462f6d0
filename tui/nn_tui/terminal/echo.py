"""The terminal until the screen is there: what is typed waits in it, without being written.

The modes that it had are kept here, to be put back at the end.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from nn_tui.terminal.signals import ENDING

with suppress(ImportError):  # a system without terminal modes, as Windows
    import termios

_kept: dict[int, list[Any]] = {}  # by the number of the terminal's file


@contextmanager
def held_back() -> Iterator[None]:
    """Have nothing that is typed written by the terminal itself, nor changed, meanwhile."""
    assert sys.__stdin__ is not None
    terminal = sys.__stdin__.fileno()
    modes = modes_of(terminal)
    if modes is None:
        yield
        return
    _kept[terminal] = modes
    silent = [*modes]
    silent[0] &= ~termios.ICRNL  # enter is to arrive as what it is on the screen
    silent[3] &= ~(termios.ECHO | termios.ICANON)
    before = {number: signal.signal(number, _leave) for number in ENDING if number != signal.SIGINT}
    try:
        termios.tcsetattr(terminal, termios.TCSANOW, silent)
        yield
    finally:
        give_back()
        for number, handler in before.items():
            signal.signal(number, handler)


def modes_of(terminal: int) -> list[Any] | None:
    """The modes that it had before, or has; None where it has none."""
    if terminal in _kept:
        return _kept[terminal]
    try:
        return termios.tcgetattr(terminal)
    except (NameError, termios.error):
        return None


def give_back() -> None:
    """Put the modes back as they were; from any thread."""
    while _kept:
        terminal, modes = _kept.popitem()
        with suppress(termios.error):
            termios.tcsetattr(terminal, termios.TCSANOW, modes)


def _leave(number: int, _: FrameType | None) -> None:
    """End the program on a signal, by way of all that is to be put back."""
    sys.exit(128 + number)
