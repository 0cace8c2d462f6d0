"""nn-tui as the tests of its end run it: `program.py MARK [ARGUMENTS]`.

It keeps its runs in MARK.state, writes its process id to MARK.pid, and a line to MARK each time
that it is told to keep what must not be lost. It breaks on request: SIGUSR1 makes its output a pipe
that nobody reads, SIGUSR2 one onto a full disk; after SIGALRM the key for help raises, those for
options and for epochs never return, the latter from a computation that takes no notice of signals,
and keeping a curve is without end. Where MARK.hang is there, so is the making of
the run.
"""

import fcntl
import hashlib
import os
import signal
import sys
import termios
from contextlib import suppress
from pathlib import Path
from typing import Any

from nn_tui.__main__ import main
from nn_tui.terminal.signals import held

with held():  # as the program does when it imports them
    from nn_core.live.requests import KeepCurve
    from nn_core.training.trainer import Trainer
    from nn_tui.app import actions, app

with suppress(OSError):  # as a login does, where this is the first in its session
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
mark = Path(sys.argv[1])
os.environ["XDG_STATE_HOME"] = str(mark.with_suffix(".state"))
mark.with_suffix(".pid").write_text(str(os.getpid()))
keep = app.Laboratory.before_end


def before_end(self: app.Laboratory) -> None:
    keep(self)
    with mark.open("a") as file:
        file.write("kept\n")


def close_output(*_: Any) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    os.dup2(writing, 2)


def fill_disk(*_: Any) -> None:
    os.dup2(os.open("/dev/full", os.O_WRONLY), 2)


def fail(self: app.Laboratory) -> None:
    secret = "the locals"  # noqa: F841 - must not be shown
    raise ZeroDivisionError("division by zero, says the test")


def hang(*_: Any) -> None:
    while True:
        pass


def compute(*_: Any) -> None:
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)  # takes no notice of signals


def break_keys(*_: Any) -> None:
    KeepCurve.apply = hang
    actions.ACTIONS.update(help=fail, options=hang, epochs=compute)


app.Laboratory.before_end = before_end
if mark.with_suffix(".hang").exists():
    Trainer.from_config = compute
signal.signal(signal.SIGALRM, break_keys)
signal.signal(signal.SIGUSR1, close_output)
signal.signal(signal.SIGUSR2, fill_disk)
sys.exit(main(sys.argv[2:]))
