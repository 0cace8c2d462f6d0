"""What is typed at a terminal: read by the app's loop, and in its place where the loop hangs."""

import asyncio
import os
import select
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread

STUCK_SECONDS = 0.4  # for what is typed to be read by the loop
_CONTROL_C = (b"\x03", b"\x1b[99;5u")


class Typed:
    """Hands on all bytes that are typed, in their order; none when the terminal is gone.

    A thread watches that the loop reads them. Where it doesn't, the thread does, for the loop to
    take when it goes on; where there is ctrl+c among them, or nothing more to come, `left` is
    called in that thread, with whether it was ctrl+c.
    """

    def __init__(
        self,
        terminal: int,
        loop: asyncio.AbstractEventLoop,
        take: Callable[[bytes], None],
        left: Callable[[bool], None],
    ) -> None:
        self._terminal, self._loop, self._take, self._left = terminal, loop, take, left
        self._is_on = Event()
        self._reading = Lock()
        self._reads = 0
        Thread(target=self._watch, name="nn-tui typed", daemon=True).start()

    def start(self) -> None:
        """Begin to read, or go on."""
        self._loop.add_reader(self._terminal, self._read)
        self._is_on.set()

    def stop(self) -> None:
        """Read no more, until started again."""
        self._is_on.clear()
        self._loop.remove_reader(self._terminal)

    def _read(self) -> None:
        self._reads += 1
        data = self._bytes()
        if data is not None:
            self._take(data)

    def _bytes(self) -> bytes | None:
        """What has been typed; None where the other thread has read it meanwhile."""
        with self._reading:
            try:
                if not (self._is_on.is_set() and self._is_ready(0)):
                    return None
                return os.read(self._terminal, 4096)
            except InterruptedError:
                return None
            except (OSError, ValueError):
                return b""

    def _is_ready(self, seconds: float | None) -> bool:
        return bool(select.select([self._terminal], [], [], seconds)[0])

    def _watch(self) -> None:
        rest = Event()
        with suppress(OSError, ValueError, RuntimeError):  # the terminal or the loop is closed
            while self._is_on.wait() and self._is_ready(None):
                reads = self._reads
                rest.wait(STUCK_SECONDS)
                if self._reads != reads or (data := self._bytes()) is None:
                    continue
                self._loop.call_soon_threadsafe(self._take, data)
                is_control_c = any(each in data for each in _CONTROL_C)
                if is_control_c or not data:
                    self._left(is_control_c)
                if not data:
                    return
