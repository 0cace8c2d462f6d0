"""Being stopped, as by ctrl+z, and going on: SIGTSTP and SIGCONT, one after the other."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread, get_ident

from nn_tui.terminal.signals import STOPPING


class Stopping:
    """Stops the process with its terminal given back, and takes the terminal again after that.

    A thread takes both signals, which are blocked in every thread: of two that wait, the system
    forgets the earlier one, so that what waits is what was last asked for. A stop is therefore left
    out where SIGCONT waits by the time that the terminal has been given back. The callbacks are
    called in the loop.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        give_back: Callable[[], None],
        take_over: Callable[[], None],
        may_stop: bool,
    ) -> None:
        self._loop, self._give_back, self._take_over = loop, give_back, take_over
        self._may_stop = may_stop
        self._is_over, self._is_told = False, Event()
        self._thread = Thread(target=self._take_signals, name="nn-tui stopping", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Take no more of them."""
        if not self._is_over:
            self._is_over = True
            signal.pthread_kill(self._thread.ident or 0, signal.SIGCONT)
            self._is_told.set()

    def _take_signals(self) -> None:
        while True:
            taken = signal.sigwait(STOPPING)
            if self._is_over:
                self._is_told.wait()  # a thread that has ended can't be sent a signal
                return
            if taken == signal.SIGTSTP:
                if not self._may_stop:
                    continue
                self._in_loop(self._give_back)
                if signal.SIGCONT not in signal.sigpending():
                    signal.pthread_kill(get_ident(), signal.SIGSTOP)  # returns when it goes on
            self._in_loop(self._take_over)

    def _in_loop(self, callback: Callable[[], None]) -> None:
        """Have it called, and wait until it has been."""
        is_called = Event()

        def call() -> None:
            if not self._is_over:
                callback()
            is_called.set()

        with suppress(RuntimeError):  # the loop is over
            self._loop.call_soon_threadsafe(call)
            is_called.wait()
