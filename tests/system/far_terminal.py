"""A terminal at the far end of a link that may be slow: what a program writes, when it is seen."""

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
import tty
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import pyte

LONGEST_WAIT = 30.0  # seconds; only a test that fails takes so long
PIECE = 64  # bytes that travel together
MODES_OFF = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l", b"\x1b[?1004l", b"\x1b[?7h", b"\x1b[<u")
TAKEN = b"\x1b[?1049h"
MOUSE_OFF = tuple(b"\x1b[?%dl" % mode for mode in (1000, 1002, 1006))
PROGRAM = (sys.executable, str(Path(__file__).with_name("program.py")))
_RULING = ("COLUMNS", "LINES", "NO_COLOR", "COLORTERM", "TEXTUAL", "LC_")  # over what is shown
_QUESTION = re.compile(rb"\x1b\[(\d*)H\x1b\[6n")


class FarTerminal:
    """A program, and the terminal that it is seen on, with a link between them.

    The link takes whatever the program writes, as ssh does, and delivers so many bytes a second,
    half a round trip later. All waiting is done in `until`.
    """

    def __init__(
        self,
        command: Sequence[str],
        size: tuple[int, int] = (80, 24),
        rate: float = float("inf"),
        round_trip: float = 0.0,
        answers: bool = True,
        separate_input: bool = False,
        folder: Path | None = None,
    ) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.rate, self._round_trip, self._answers = rate, round_trip, answers
        self.draws = True  # what is seen on the screen
        self._is_stalled = False
        self.output, inside = pty.openpty()
        self.input, keys = pty.openpty() if separate_input else (self.output, inside)
        self.inside = os.dup(keys)  # keeps what the program leaves behind to be looked at
        self.modes_before = termios.tcgetattr(keys)
        self.resize(*size)
        self.process = subprocess.Popen(
            command, stdin=keys, stdout=inside, stderr=inside, start_new_session=True,
            env=environment(), cwd=folder,
        )  # fmt: skip
        for each in {inside, keys}:
            os.close(each)
        self._on_the_way: deque[tuple[float, bytes]] = deque()
        self._typed: deque[tuple[float, bytes]] = deque()
        self._free_at = 0.0
        self.written = bytearray()  # by the program
        self.seen = bytearray()  # at the far end
        self.most_under_way = 0  # bytes
        self._looked = 0
        self._open = {self.output, self.input, self.inside}

    # --- what a person does -------------------------------------------------------------------

    def press(self, keys: str | bytes) -> float:
        """Press keys; the time."""
        now = time.monotonic()
        data = keys.encode() if isinstance(keys, str) else keys
        for at in range(0, len(data), PIECE):
            self._typed.append((now + self._round_trip / 2, data[at : at + PIECE]))
        return now

    def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        termios.tcsetwinsize(self.inside, (height, width))
        if self.output != self.input:
            termios.tcsetwinsize(self.output, (height, width))
        self.screen.resize(height, width)

    def stall(self) -> None:
        """Take nothing any more of what the program writes."""
        self._is_stalled = True

    def fill(self) -> None:
        """Leave no room for what the program would write; what is written here is never read."""
        while select.select([], [self.inside], [], 0)[1]:
            os.write(self.inside, b" ")

    def go_on(self) -> None:
        """Take it again."""
        self._is_stalled = False

    # --- waiting ------------------------------------------------------------------------------

    def until(self, condition: Callable[[], object], seconds: float = LONGEST_WAIT) -> float:
        """Let the link work until a condition holds; the time at which it did."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"never came; on the screen:\n{self.text()}"
            self._work(0.02)
        return time.monotonic()

    def sees(self, *texts: str, seconds: float = LONGEST_WAIT) -> float:
        """Wait until all these texts stand on the screen; the time at which they did."""
        looked = -1

        def is_seen() -> bool:
            nonlocal looked
            if looked == len(self.seen):
                return False
            looked = len(self.seen)
            shown = self.text()
            return all(text in shown for text in texts)

        return self.until(is_seen, seconds)

    def pass_time(self, seconds: float) -> None:
        """Let the link work for so long."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= end, seconds + LONGEST_WAIT)

    def stopwatch(self, pid: int = 0) -> Callable[[], float]:
        """Tells the seconds since now, without those in which others had the processors.

        `pid` is of the program that is waited for, where it is not the one that was started here.
        """
        pid = pid or self.process.pid
        began, before, latest = time.monotonic(), _held_up(pid, 0.0), 0.0

        def seconds() -> float:
            nonlocal latest
            latest = _held_up(pid, latest)
            return time.monotonic() - began - max(0.0, latest - before)

        return seconds

    def ended_within(self, seconds: float) -> int:
        """Wait for the program to end; its exit code. Others may have the processors meanwhile."""
        passed = self.stopwatch()
        while self.process.poll() is None:
            assert passed() < seconds, f"still runs; on the screen:\n{self.text()}"
            self._work(0.02)
        return self.ended()

    def settle(self, quiet: float = 0.3) -> None:
        """Wait until nothing new has come for a while."""
        last = [time.monotonic(), len(self.written)]

        def is_quiet() -> bool:
            if last[1] != len(self.written) or self._on_the_way or self._typed:
                last[:] = [time.monotonic(), len(self.written)]
            return time.monotonic() - last[0] >= quiet

        self.until(is_quiet)

    def ended(self, seconds: float = LONGEST_WAIT) -> int:
        """Wait for the program to end, and for what it has left on the way; its exit code."""
        self.until(lambda: self.process.poll() is not None, seconds)
        if not self._is_stalled:
            while self.output in self._open and select.select([self.output], [], [], 0)[0]:
                self._take()
            self.until(lambda: not self._on_the_way)
        code = self.process.returncode
        assert code is not None
        return code

    @property
    def is_all_typed(self) -> bool:
        """Whether all that was typed has reached the program's terminal."""
        return not self._typed

    def cells(self) -> list[list[object]]:
        """Every cell of the screen as it can be seen: of a space, not the colour of the ink."""
        found = []
        for y in range(self.screen.lines):
            row = [self.screen.buffer[y][x] for x in range(self.screen.columns)]
            found.append([(" ", each.bg) if each.data == " " else each for each in row])
        return found

    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self.screen.display)

    def modes_are_off(self, mouse: bool = True) -> bool:
        """Whether the program has given the terminal back as it got it."""
        sequences = MODES_OFF + (MOUSE_OFF if mouse else ())
        since = self.written[self.written.rfind(TAKEN) :]  # what is typed later is echoed there
        return all(each in since for each in sequences) and self.modes == self.modes_before

    def left_typed(self) -> bytes:
        """What a shell would take for typed, once the program has ended and all has arrived."""
        self.until(lambda: not self._typed)
        tty.setraw(self.inside)
        found = b""
        while select.select([self.inside], [], [], 0)[0]:
            found += os.read(self.inside, 4096)
        return found

    def said(self) -> str:
        """What the program wrote after it had given the terminal back."""
        return self.written.rpartition(MODES_OFF[0])[2].decode("utf-8", "replace")

    @property
    def modes(self) -> list[object]:
        """What the terminal does by itself with what is typed."""
        return termios.tcgetattr(self.inside)

    # --- the link -----------------------------------------------------------------------------

    def _work(self, longest: float) -> None:
        now = time.monotonic()
        soon = [queue[0][0] for queue in (self._on_the_way, self._typed) if queue]
        wait = max(0.0, min([longest, *(at - now for at in soon)]))
        reading = [self.output] if self.output in self._open and not self._is_stalled else []
        if select.select(reading, [], [], wait)[0]:
            self._take()
        now = time.monotonic()
        while self._on_the_way and self._on_the_way[0][0] <= now:
            self._show(self._on_the_way.popleft()[1])
        while self._typed and self._typed[0][0] <= now and self.input in self._open:
            if not select.select([], [self.input], [], 0)[1]:
                break
            os.write(self.input, self._typed.popleft()[1])

    def _take(self) -> None:
        try:
            data = os.read(self.output, 65536)
        except OSError:  # as Linux ends a pseudo-terminal
            self._close(self.output)
            return
        self.written += data
        for at in range(0, len(data), PIECE):
            piece = data[at : at + PIECE]
            self._free_at = max(self._free_at, time.monotonic()) + len(piece) / self.rate
            self._on_the_way.append((self._free_at + self._round_trip / 2, piece))
        under_way = sum(len(piece) for _, piece in self._on_the_way)
        self.most_under_way = max(self.most_under_way, under_way)

    def _show(self, piece: bytes) -> None:
        self.seen += piece
        if self.draws:
            self._stream.feed(piece)
        if self._answers:
            for question in _QUESTION.finditer(self.seen, self._looked):
                self._looked = question.end()
                self._answer(int(question[1] or 1))

    def _answer(self, row: int) -> None:
        answer = b"\x1b[%d;1R" % row
        self._typed.append((time.monotonic() + self._round_trip / 2, answer))

    # --- the end ------------------------------------------------------------------------------

    def hang_up(self) -> None:
        """Take the terminal away."""
        for each in (self.inside, self.output, self.input):
            self._close(each)

    def close_input(self) -> None:
        """Take away only what is typed on."""
        self._close(self.inside)
        self._close(self.input)

    def _close(self, file: int) -> None:
        if file in self._open:
            self._open.discard(file)
            os.close(file)

    def __enter__(self) -> "FarTerminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self.hang_up()


def environment() -> dict[str, str]:
    """What a program is told by the environment, whatever it is where the tests run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_RULING)}
    if "PYTHONPATH" in kept:  # for a program that is run in another folder
        paths = kept["PYTHONPATH"].split(os.pathsep)
        kept["PYTHONPATH"] = os.pathsep.join(str(Path(path).absolute()) for path in paths)
    return {**kept, "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def _held_up(pid: int, otherwise: float) -> float:
    """Seconds in which a program, or this one, waited for a processor, as far as is known."""
    try:
        found = [Path(f"/proc/{each}/schedstat").read_text() for each in ("self", pid)]
    except OSError:
        return otherwise
    return sum(int(each.split()[1]) for each in found) / 1e9
