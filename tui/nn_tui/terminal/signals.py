"""The signals that threads of the program take, whatever its other threads are doing."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


def _known(*names: str) -> list[signal.Signals]:
    """Those that this system has."""
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


ENDING = _known("SIGHUP", "SIGINT", "SIGTERM")
STOPPING = _known("SIGTSTP", "SIGCONT")
CAN_WAIT = hasattr(signal, "sigwait") and hasattr(signal, "pthread_sigmask")
"""Whether a thread can wait for signals here; elsewhere Python's own handlers are called."""


@contextmanager
def held() -> Iterator[None]:
    """Hold these signals back, in this thread and in all that are started meanwhile.

    A thread that is started elsewhere, as BLAS has some, would be given them, and the program would
    end as if nobody took them.  Where signals can't be held they take their way.
    """
    if not CAN_WAIT:
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, [*ENDING, *STOPPING])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [*ENDING, *STOPPING])
