"""The driver: the terminal's modes, its size, its keys, and the frames that are sent to it.

Unlike Textual's own it reads the keys in the loop, never waits for the terminal while anything
else could be done, takes any bytes, and ends the app when the terminal is gone.
"""

import asyncio
import os
import select
import signal
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event
from typing import Any, Protocol, cast

from textual import events
from textual.geometry import Size
from textual.message import Message

from nn_tui.terminal import echo
from nn_tui.terminal.fence import Fence
from nn_tui.terminal.keyboard import ESCAPE_SECONDS, Keyboard
from nn_tui.terminal.output import Output
from nn_tui.terminal.patient import PatientDriver
from nn_tui.terminal.stopping import Stopping
from nn_tui.terminal.typed import Typed

HUNG_UP = 128 + signal.SIGHUP
LARGEST = (500, 200)  # cells; of a terminal that claims more, its upper left part is used
USUAL = (80, 24)  # where a terminal doesn't know its size
MOST_WAITING = 256  # messages; typed keys beyond are left out until the app has caught up
FLOOD = 2048  # bytes at once that nobody can have typed; of these only pastes and ctrl+c count
PATIENCE = 0.2  # seconds for a stuck terminal to take what is to be written
ANSWERS_SECONDS = 0.5  # for the last answers to arrive, or the shell takes them for typed
BUSY_SECONDS = 0.02

_MOUSE = ("1000", "1002", "1006")  # clicks and drags; where the mouse merely passes isn't asked
# Of the kitty protocol only that which tells ESC from sequences: were the link to break, the shell
# to which the terminal falls back could still be typed into.
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?1004h\x1b[>1u\x1b[?2004h\x1b[?7l"
_ASK_SYNCHRONIZED = "\x1b[?2026$p"
# First a string that was cut off is ended, then a synchronized update.
_LEAVE = "\x1b\\\x1b[?2026l\x1b[m\x1b[?2004l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"


class Endable(Protocol):
    """An app that can be ended while its own thread hangs."""

    may_be_stopped: bool

    def end_in_its_place(self, return_code: int) -> None:
        """End it, from another thread."""


class TerminalDriver(PatientDriver):
    """A terminal under standard input and standard error."""

    def __init__(
        self,
        app: Any,
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        assert sys.__stdin__ is not None
        assert sys.__stderr__ is not None
        self._keys, self._screen = sys.__stdin__.fileno(), sys.__stderr__.fileno()
        super().__init__(app, debug=debug, mouse=mouse, size=size or _size_of(self._screen))
        self._encoding = sys.__stderr__.encoding
        self._modes: list[Any] | None = None
        self._keyboard = Keyboard(self._is_full)
        self._fence = Fence()
        self._is_flooded = False
        self._has_taken = False
        self._frame: list[str] = []
        self._is_on = self._is_at_end = False
        self.is_given_back = Event()
        self._escape: asyncio.TimerHandle | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._when_ready: Callable[[], object] | None = None
        self._output = Output(self._screen, self._gone)
        self._typed = Typed(self._keys, self._loop, self._take, self._left)

    # --- modes --------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        self._is_at_end = False
        self._typed.start()
        self._loop.add_signal_handler(signal.SIGWINCH, self._resized)
        may_stop = cast(Endable, self._app).may_be_stopped
        self._stopping = Stopping(self._loop, self._let_go, self._take_over, may_stop)
        self._modes = echo.modes_of(self._keys)
        self._enter()
        if os.environ.get("TERM_PROGRAM") != "Apple_Terminal":  # prints a part of the question
            self.write(_ASK_SYNCHRONIZED)
        self.flush()
        self._resized()

    def disable_input(self) -> None:
        """Read no more."""
        self._typed.stop()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.disable_input()
        self._loop.remove_signal_handler(signal.SIGWINCH)
        self._stopping.end()
        self.give_back()

    def close(self) -> None:
        """End the thread that writes."""
        self._output.close()

    def give_back(self) -> None:
        """Give the terminal back for good, if it is taken and still is there; from any thread."""
        self._is_at_end = True
        self._leave()
        self._set_modes(self._modes)  # also where another thread still waits for last answers

    def _leave(self) -> None:
        if self._is_on:
            self._is_on = False
            if self._output.has_failed:  # the terminal may still be there under the other end
                self._output = Output(self._keys, lambda: None)
            if self._output.finish(self._farewell(), PATIENCE):
                self._take_last_answers()
            self._set_modes(self._modes)
        self.is_given_back.set()

    def _enter(self) -> None:
        if self._modes is not None:
            raw = [*self._modes[:6], [*self._modes[6]]]
            raw[tty.IFLAG] &= ~(
                termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
            )
            raw[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
            raw[tty.CC][termios.VMIN], raw[tty.CC][termios.VTIME] = 1, 0
            self._set_modes(raw)
        self._is_on = True
        self.is_given_back.clear()
        self.write(_ENTER + self._mouse_modes("h"))

    def _farewell(self) -> bytes:
        return (_LEAVE + self._mouse_modes("l")).encode()

    def _mouse_modes(self, on_or_off: str) -> str:
        return "".join(f"\x1b[?{mode}{on_or_off}" for mode in _MOUSE) if self._mouse else ""

    def _set_modes(self, modes: list[Any] | None) -> None:
        if modes is not None:
            with suppress(termios.error):
                termios.tcsetattr(self._keys, termios.TCSANOW, modes)

    def _take_last_answers(self) -> None:
        """Read, and forget, until every answer is here that may still come."""
        end = time.monotonic() + ANSWERS_SECONDS
        with suppress(OSError, termios.error):
            while self._fence.awaits and (left := end - time.monotonic()) > 0:
                if select.select([self._keys], [], [], left)[0]:
                    data = os.read(self._keys, 4096)
                    if not data:
                        return
                    for message in self._keyboard.feed(data):
                        self._take_answer(message)
            termios.tcflush(self._keys, termios.TCIFLUSH)

    # --- being stopped, and going on ----------------------------------------------------------

    def _let_go(self) -> None:
        """Give the terminal back until the process goes on."""
        self.disable_input()
        self._leave()
        self._fence.forget()

    def _take_over(self) -> None:
        """Take the terminal, or what is left on it, and have everything painted anew."""
        if not self._is_at_end:
            self._typed.start()
            self._enter()
            self._resized()

    # --- size ---------------------------------------------------------------------------------

    def _resized(self) -> None:
        self._size = _size_of(self._screen)
        size = Size(*self._size)
        self.send_message(events.Resize(size, size))

    # --- keys ---------------------------------------------------------------------------------

    def _take(self, data: bytes) -> None:
        if not data:
            self._end()
            return
        if self._escape is not None:
            self._escape.cancel()
        if not self._has_taken:  # typed before its modes were set, enter was made a line's end
            self._has_taken, data = True, data.replace(b"\n", b"\r")
        self._is_flooded = len(data) >= FLOOD
        self._process(self._keyboard.feed(data))
        if self._keyboard.is_waiting:
            self._escape = self._loop.call_later(ESCAPE_SECONDS, self._time_out)

    def _time_out(self) -> None:
        self._process(self._keyboard.time_out())

    def _process(self, messages: Iterator[Message]) -> None:
        for message in messages:
            if self._take_answer(message) or self._is_outside(message):
                continue
            if isinstance(message, events.Key):
                self._fence.hurry()
            self.process_message(message)

    def _take_answer(self, message: Message) -> bool:
        """Take a cursor's position for the answer that it is; whether it was one."""
        if not isinstance(message, events.CursorPosition):
            return False
        self._fence.answer(message.y + 1)
        self._ready()
        return True

    def _is_outside(self, message: Message) -> bool:
        if not isinstance(message, events.MouseEvent) or self._size is None:
            return False
        return not (message.x < self._size[0] and message.y < self._size[1])

    def _is_full(self) -> bool:
        """Whether the app is behind with what was typed, or would be."""
        return self._is_flooded or is_behind(self._app)

    def send_message(self, message: Message) -> None:
        """Hand a message to the app, in whose thread all of this happens."""
        self._app.post_message(message)

    # --- frames -------------------------------------------------------------------------------

    def write(self, data: str) -> None:
        """Have something written with the next frame."""
        if self._is_on:
            self._frame.append(data)

    def flush(self) -> None:
        """Send what makes a frame, with the question that the terminal answers after it."""
        if self._is_on and self._frame:
            assert self._size is not None
            self._frame.append(self._fence.ask(self._size[1]))
            self._output.write("".join(self._frame).encode(self._encoding, "replace"))
        self._frame.clear()

    @property
    def is_behind(self) -> bool:
        """Whether a frame waits until it may be sent."""
        return self._when_ready is not None

    def has_room(self, when_ready: Callable[[], object]) -> bool:
        """Tell whether a frame may be sent now; if not, `when_ready` is called when it may be."""
        pause = BUSY_SECONDS if self._output.is_busy else self._fence.pause()
        if pause:
            self._forget_retry()
            self._retry = self._loop.call_later(pause, self._ready)
            self._when_ready = when_ready
        return not pause

    def _ready(self) -> None:
        self._forget_retry()
        when_ready, self._when_ready = self._when_ready, None
        if when_ready is not None:
            when_ready()

    def _forget_retry(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    # --- the end ------------------------------------------------------------------------------

    def _gone(self) -> None:
        """End the app from the thread that writes, for the terminal takes nothing more."""
        with suppress(RuntimeError):  # the loop has ended already
            self._loop.call_soon_threadsafe(self._end)

    def _left(self, is_control_c: bool) -> None:
        """Have the app ended from the thread that reads the keys where the loop hangs."""
        cast(Endable, self._app).end_in_its_place(0 if is_control_c else HUNG_UP)

    def _end(self) -> None:
        self.disable_input()
        self._app.exit(return_code=HUNG_UP)


def is_behind(app: Any) -> bool:
    """Whether so much that was typed waits for an app that no more should be taken."""
    try:
        focused = app.focused or app.screen
    except Exception:  # before the first screen, and after the last
        return False
    waiting = app.message_queue_size + app.keys_ahead + focused.message_queue_size
    return bool(waiting >= MOST_WAITING)


def _size_of(terminal: int) -> tuple[int, int]:
    """Columns and rows, whatever COLUMNS and LINES say, within reason."""
    try:
        width, height = os.get_terminal_size(terminal)
    except OSError:
        width, height = 0, 0
    if not (width and height):
        return USUAL
    return min(width, LARGEST[0]), min(height, LARGEST[1])
