"""A signal ends the program with its exit code and the terminal as it was."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

import pytest

PROGRAM = """
import sys
from textual.app import App
from textual.widgets import Label
from nn_tui.terminal import signals

class Waiting(App):
    def on_load(self):
        signals.install(self)

    def compose(self):
        yield Label("waiting")

app = Waiting()
app.run()
sys.exit(app.return_code)
"""
LEFT = b"\x1b[?1049l"


def read_until(terminal: int, wanted: bytes, seconds: float = 20) -> bytes:
    """Read what a program writes, until it has written what is wanted."""
    output, end = b"", time.monotonic() + seconds
    while wanted not in output:
        assert select.select([terminal], [], [], max(0, end - time.monotonic()))[0], output
        output += os.read(terminal, 65536)
    return output


@pytest.mark.parametrize(
    ("ending", "code"), [(signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_signal_ends_the_program_cleanly(ending: signal.Signals, code: int) -> None:
    terminal, inside = pty.openpty()
    before = termios.tcgetattr(inside)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env={**os.environ, "TERM": "xterm-256color"},
        start_new_session=True,
    ) as process:
        try:
            read_until(terminal, b"waiting")
            process.send_signal(ending)
            read_until(terminal, LEFT)
            assert process.wait(timeout=20) == code
            assert termios.tcgetattr(inside) == before
        finally:
            process.kill()
            os.close(terminal)
            os.close(inside)
