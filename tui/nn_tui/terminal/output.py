"""What is written to a terminal, by a thread that alone waits where the terminal takes nothing."""

import os
import termios
from collections.abc import Callable
from contextlib import suppress
from threading import Condition, Thread

PIECE = 1024
"""Most bytes at a time: what is dropped later is whole but for one piece."""


class Output:
    """Writes to a terminal without ever holding up the caller.

    `failed` is called, in the thread, when the terminal is gone or takes no more: hung up, closed,
    or its disk full.
    """

    def __init__(self, terminal: int, failed: Callable[[], object]) -> None:
        self._terminal, self._failed = terminal, failed
        self._changed = Condition()
        self._waiting = bytearray()
        self._writing = False
        self._ended = False
        self.has_failed = False
        Thread(target=self._work, name="nn-tui output", daemon=True).start()

    @property
    def is_busy(self) -> bool:
        """Whether something still waits to be taken by the terminal."""
        return bool(self._waiting) or self._writing

    def write(self, data: bytes) -> None:
        """Have something written, after all that came before."""
        with self._changed:
            if not self._ended:
                self._waiting += data
                self._changed.notify_all()

    def settle(self, seconds: float) -> bool:
        """Wait at most so long until everything is written; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._ended or not self.is_busy, seconds)

    def finish(self, farewell: bytes, patience: float) -> bool:
        """Write the last bytes; what waits before them is dropped where the terminal is stuck.

        That takes twice the patience, in seconds, at most. Whether nothing was dropped is returned.
        """
        self.write(farewell)
        if self.settle(patience):
            return True
        with self._changed:
            self._waiting.clear()
        # Takes back from a pseudo-terminal what nobody has read, and so makes room.
        with suppress(termios.error):
            termios.tcflush(self._terminal, termios.TCOFLUSH)
        self.write(farewell)
        self.settle(patience)
        return False

    def close(self) -> None:
        """Write no more."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._waiting or self._ended)
                if self._ended:
                    return
                piece = bytes(self._waiting[:PIECE])
                del self._waiting[:PIECE]
                self._writing = True
            try:
                while piece:
                    piece = piece[os.write(self._terminal, piece) :]
            except OSError:
                self.has_failed = True
                self.close()
                self._failed()
                return
