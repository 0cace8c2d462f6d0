"""The driver for a browser's terminal, which a server has at the other end of two pipes.

What comes and goes is in packets, as textual-serve has them: a letter, D for what is typed or
drawn, M for a message in JSON; the length in four bytes, the first the most; and so many bytes.
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from textual import events
from textual.driver import Driver
from textual.geometry import Size

from nn_tui.terminal.driver import HUNG_UP, LARGEST, USUAL, is_behind
from nn_tui.terminal.keyboard import ESCAPE_SECONDS, Keyboard

PRELUDE = b"__GANGLION__\n"  # by which a server knows that packets follow
LONGEST_PACKET = 1_000_000  # bytes; no server sends more
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?2004h"
_MOUSE = "\x1b[?1000h\x1b[?1002h\x1b[?1006h"


class BrowserDriver(Driver):
    """A terminal in a browser; the app ends when the server has closed the pipe to it."""

    def __init__(
        self,
        app: Any,
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size or USUAL)
        assert sys.__stdin__ is not None
        assert sys.__stdout__ is not None
        self._input, self._output = sys.__stdin__.fileno(), sys.__stdout__.fileno()
        self._keyboard = Keyboard(lambda: is_behind(app))
        self._packets = Packets()
        self._escape: asyncio.TimerHandle | None = None

    # --- modes --------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Say that packets follow, take the terminal over, and begin to read."""
        self._send(PRELUDE)
        self.write(_ENTER + (_MOUSE if self._mouse else ""))
        self._loop.add_reader(self._input, self._read)
        self._resized(self._size)

    def disable_input(self) -> None:
        """Read no more."""
        self._loop.remove_reader(self._input)

    def stop_application_mode(self) -> None:
        """Tell the server that this is the end."""
        self.disable_input()
        with suppress(OSError):  # it may be gone
            self._send(packet(b"M", b'{"type": "exit"}'))

    def write(self, data: str) -> None:
        """Send what is to be drawn."""
        self._send(packet(b"D", data.encode("utf-8", "replace")))

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._output, data) :]

    # --- what comes ---------------------------------------------------------------------------

    def _read(self) -> None:
        data = os.read(self._input, 65536)
        try:
            found = list(self._packets.feed(data))
        except ValueError:  # it is no server that sends this
            data, found = b"", []
        for kind, payload in found:
            if kind == b"D":
                self._take(payload)
            elif kind == b"M":
                self._hear(payload)
        if not data:
            self._end()

    def _take(self, typed: bytes) -> None:
        if self._escape is not None:
            self._escape.cancel()
        for message in self._keyboard.feed(typed):
            self.process_message(message)
        if self._keyboard.is_waiting:
            self._escape = self._loop.call_later(ESCAPE_SECONDS, self._time_out)

    def _time_out(self) -> None:
        for message in self._keyboard.time_out():
            self.process_message(message)

    def _hear(self, payload: bytes) -> None:
        match json.loads(payload):
            case {"type": "resize", "width": int(width), "height": int(height)}:
                self._resized((width, height))
            case {"type": "focus"}:
                self._app.post_message(events.AppFocus())
            case {"type": "blur"}:
                self._app.post_message(events.AppBlur())
            case {"type": "quit"}:
                self._end()

    def _resized(self, size: tuple[int, int] | None) -> None:
        width, height = size or USUAL
        self._size = max(1, min(width, LARGEST[0])), max(1, min(height, LARGEST[1]))
        self._app.post_message(events.Resize(Size(*self._size), Size(*self._size)))

    def _end(self) -> None:
        self.disable_input()
        self._app.exit(return_code=HUNG_UP)


class Packets:
    """Packets, put together of bytes as they come."""

    def __init__(self) -> None:
        self._begun = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield the kind and the content of each that is whole; `ValueError` for a huge one."""
        self._begun += data
        while len(self._begun) >= 5:
            end = 5 + int.from_bytes(self._begun[1:5], "big")
            if end > LONGEST_PACKET:
                raise ValueError("a packet that no server sends")
            if len(self._begun) < end:
                return
            yield bytes(self._begun[:1]), bytes(self._begun[5:end])
            del self._begun[:end]


def packet(kind: bytes, content: bytes) -> bytes:
    """A packet of this kind."""
    return kind + len(content).to_bytes(4, "big") + content
