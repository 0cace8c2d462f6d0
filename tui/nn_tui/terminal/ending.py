"""An App that ends well on every way out: what must be kept is kept, the terminal given back.

Ways out are a key, a signal, a terminal that is gone, and an error. The app ends by itself, if its
loop runs; if it doesn't within a second, a thread that watches does it in its place.
"""

import os
import signal
import sys
import traceback
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any

from rich.console import RenderableType
from textual.app import App, ReturnType
from textual.driver import Driver
from textual.worker import WorkerFailed

from nn_tui.terminal import echo
from nn_tui.terminal.patient import PatientDriver, own_driver
from nn_tui.terminal.signals import CAN_WAIT, ENDING, held

PATIENCE = 0.7  # seconds to give the terminal back, and the same again to end
KEEPING_SECONDS = 0.5  # for `before_end`, when it is late

LONGEST_WORDS = 300  # characters of an error


class EndingApp(App[ReturnType]):
    """A Textual App that ends within two seconds, with an exit code that says why."""

    may_be_stopped = True  # by SIGTSTP, as ctrl+z sends it

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._asked_to_end: SimpleQueue[int] = SimpleQueue()
        self._has_ended = Event()
        self._keeping = Lock()
        self._is_kept = False

    def get_driver_class(self) -> type[Driver]:
        """The driver that knows when its terminal is gone, unless the environment names another.

        Where ours can't work it is Textual's own.
        """
        named = "TEXTUAL_DRIVER" in os.environ
        return (None if named else own_driver()) or super().get_driver_class()

    def before_end(self) -> None:
        """Keep what must not be lost: called once, on every way out.

        By then the terminal has been given back, if that was possible. Where the app's thread hangs
        it is called from another one, and has half a second.
        """

    def run_to_end(self, mouse: bool = True) -> int:
        """Run in this terminal; the exit code: 129, 130 or 143 after a signal, 1 after an error."""
        # Threads take them: this one may be inside a computation that takes no notice of signals.
        with held():
            if CAN_WAIT:
                Thread(target=self._take_signals, name="nn-tui signals", daemon=True).start()
            else:
                for number in ENDING:
                    signal.signal(number, lambda number, _: self._end_by(number))
            Thread(target=self._watch, name="nn-tui ending", daemon=True).start()
            try:
                self.run(mouse=mouse)
                self._keep()
            except Exception as error:
                self._exception = self._exception or error
            finally:
                self._has_ended.set()
        if self._exception is not None:
            with suppress(OSError):  # where even standard error is gone
                print(_in_one_line(self._exception), file=sys.stderr)
            return 1
        return self.return_code or 0

    def exit(
        self,
        result: ReturnType | None = None,
        return_code: int = 0,
        message: RenderableType | None = None,
    ) -> None:
        """End the app; the first to ask for it says with which exit code."""
        if not self._exit:
            self._asked_to_end.put(return_code)
            super().exit(result, return_code, message)

    def _fatal_error(self) -> None:
        # In place of Textual's, which prints the local variables of every frame.
        self._asked_to_end.put(1)
        self._close_messages_no_wait()

    def end_in_its_place(self, return_code: int) -> None:
        """End the app from another thread, where its own may hang."""
        self._asked_to_end.put(return_code)

    def _take_signals(self) -> None:
        while True:
            self._end_by(signal.sigwait(ENDING))

    def _end_by(self, number: int) -> None:
        code = 128 + number
        self._asked_to_end.put(code)
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is over
                self._loop.call_soon_threadsafe(partial(self.exit, return_code=code))

    def _keep(self) -> None:
        with self._keeping:
            if not self._is_kept:
                self._is_kept = True
                self.before_end()

    def _watch(self) -> None:
        """Wait until the app is asked to end, and end it when it doesn't."""
        code = self._asked_to_end.get()
        driver = self._driver if isinstance(self._driver, PatientDriver) else None
        if driver is None or driver.is_given_back.wait(PATIENCE):
            while code == 0:  # a person has left: a file that is being written may take its time
                code = self._asked_to_end.get()
            if self._has_ended.wait(PATIENCE):
                return
        try:
            keeper = Thread(target=self._keep, daemon=True)
            keeper.start()
            if driver is not None:
                driver.give_back()
            keeper.join(KEEPING_SECONDS)
        finally:
            echo.give_back()
            os._exit(code)


def _in_one_line(error: BaseException) -> str:
    """An error that nobody expected, and where it arose; all there is under `python -X dev`."""
    if isinstance(error, WorkerFailed):
        error = error.error
    if sys.flags.dev_mode:
        return "".join(traceback.format_exception(error))
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return f"nn-tui: ended by an error of its own: {words[:LONGEST_WORDS]}{where}"
