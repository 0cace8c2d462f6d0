"""The end of the program by a signal: the terminal is given back, and the exit code says why."""

import asyncio
import signal
from typing import Any

from textual.app import App

_ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def install(app: App[Any]) -> None:
    """Make the signals that end a program exit from the app, for as long as its loop runs.

    Textual handles none of them, and would leave the terminal in the alternate screen. The app's
    `return_code` is then the one by which shells know the signal: 129, 130 or 143.
    """
    loop = asyncio.get_running_loop()
    for ending in _ENDING:
        loop.add_signal_handler(ending, _exit, app, 128 + ending)


def _exit(app: App[Any], return_code: int) -> None:
    app.exit(return_code=return_code)
