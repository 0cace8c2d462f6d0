"""Programs run in a terminal of their own, which answers their frames; what they write there."""

import os
import re
import select
import subprocess
import tempfile
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
_STATE = tempfile.TemporaryDirectory(prefix="nn-tui-")  # a person's own runs are left alone
_QUESTION = re.compile(rb"\x1b\[(\d*)H\x1b\[6n")  # where the cursor is, after each frame
# The first three would rule over the terminal's own size and colours; with the last a program of
# this folder is compiled at each start, as no installed one is.
_OTHERS = ("COLUMNS", "LINES", "NO_COLOR", "PYTHONDONTWRITEBYTECODE")


class Program:
    """A program in a new pseudo-terminal; leaving the `with` ends it."""

    def __init__(self, command: Sequence[str], width: int = 120, height: int = 40) -> None:
        self._terminal, inside = os.openpty()
        termios.tcsetwinsize(inside, (height, width))
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=inside, stdout=inside, stderr=inside,
            env=_environment(), start_new_session=True,
        )  # fmt: skip
        os.close(inside)
        self.output = b""
        self._answered = 0  # bytes of the output, in which each question has its answer

    def __enter__(self) -> "Program":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)

    def read(self, seconds: float) -> int:
        """Take what it writes in so many seconds; how many bytes that was."""
        before = len(self.output)
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0 and self._read_once(left):
            pass
        return len(self.output) - before

    def read_until(self, text: bytes, seconds: float = 60.0) -> float:
        """Read until a text has come; the time at which it had, by `time.perf_counter`."""
        end = time.perf_counter() + seconds
        while text not in self.output:
            left = end - time.perf_counter()
            if left <= 0 or not self._read_once(left):
                raise RuntimeError(f"{text!r} never came; the last was {self.output[-500:]!r}")
        return time.perf_counter()

    def read_to_end(self, seconds: float = 120.0) -> None:
        """Read until it closes its terminal."""
        end = time.perf_counter() + seconds
        while self._read_once(max(0.0, end - time.perf_counter())):
            if time.perf_counter() > end:
                raise RuntimeError(f"it didn't end; the last was {self.output[-500:]!r}")

    def press(self, keys: str) -> float:
        """Send keys; the time at which they were sent."""
        now = time.perf_counter()
        os.write(self._terminal, keys.encode())
        return now

    def _read_once(self, seconds: float) -> bool:
        """Take what comes next, waiting at most so long; False once nothing can come any more."""
        ready, _, _ = select.select([self._terminal], [], [], seconds)
        if not ready:
            return True
        try:
            piece = os.read(self._terminal, 65536)
        except OSError:  # as Linux ends a pseudo-terminal
            return False
        self.output += piece
        for question in _QUESTION.finditer(self.output, self._answered):
            self._answered = question.end()
            os.write(self._terminal, b"\x1b[%d;1R" % int(question[1] or 1))
        return bool(piece)


def _environment() -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not _is_ruling(name)}
    return {**kept, **ENVIRONMENT, "XDG_STATE_HOME": _STATE.name}


def _is_ruling(name: str) -> bool:
    return name in _OTHERS or name.startswith("TEXTUAL")
