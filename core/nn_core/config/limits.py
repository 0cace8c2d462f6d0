"""Limits: what a run may touch and how much it may take, one policy for whoever is let at it.

At home there are none.  Where strangers are let in (`nn-tui --kiosk`), everything that is asked of
the Runner and every Config that the Timeline would go on with is held against the same value.
"""

import math
import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from nn_core.config import TARGETS, Config
from nn_core.errors import RequestError

Files = Literal["all", "state", "none"]  # "state": the program's own folder, for what it remembers

# What can be asked of the Runner that reads or writes a file which a person names.
FILE_REQUESTS = {
    "save": "a kiosk saves no files",
    "open_session": "a kiosk opens no files",
    "load": "a kiosk loads no files",
    "load_partial": "a kiosk loads no files",
    "load_and_freeze": "a kiosk loads no files",
}
# Settings that a file is named by, or that say how one is read.
FILE_SETTINGS = ("load", "load_partial", "x", "y", "missing")
MADE = (*TARGETS, "stopping-distance")  # data that comes with the program


@dataclass(frozen=True)
class Limits:
    """What is allowed: which files, and the most of everything that costs memory or time.

    `activations` are the outputs of all units for all rows, which a step keeps; `past_bytes` what
    is kept to go back by; `idle_seconds` how long the screen waits for a key before it ends.
    """

    files: Files = "all"
    parameters: float = math.inf
    rows: float = math.inf
    layers: float = math.inf
    units: float = math.inf
    activations: float = math.inf
    epochs: float = math.inf
    steps: int = sys.maxsize
    pace: float = math.inf
    past_bytes: float = math.inf
    idle_seconds: float = math.inf

    def require_request(self, name: str) -> None:
        """Raise `RequestError` for what touches files where those are out of bounds."""
        if self.files != "all" and name in FILE_REQUESTS:
            raise RequestError(FILE_REQUESTS[name])

    def require(self, config: Config, rows: int | None = None) -> None:
        """Raise `RequestError` for a run that would take too much, or read a file.

        Of data that is there already, `rows` are counted in place of those that would be made.
        """
        if self.files != "all" and config.load:
            self.require_request("load")
        if self.files != "all" and config.data not in MADE:
            raise RequestError(f"a kiosk reads no files; its data are {', '.join(MADE)}")
        rows = config.rows if rows is None else rows
        sizes = (1, *config.hidden, 1)
        parameters = sum((below + 1) * units for below, units in pairwise(sizes))
        self._require("parameters", parameters)
        self._require("layers", len(config.hidden), "hidden layers")
        self._require("units", sum(config.hidden), "hidden units")
        self._require("rows", rows)
        self._require("activations", rows * sum(sizes[1:]), "units × rows")
        self._require("epochs", config.epochs)
        self._require("pace", config.pace, "steps a second")

    def require_step(self, step: int) -> None:
        """Raise `RequestError` where a run would get further than it may."""
        if step > self.steps:
            raise RequestError(f"a run here ends at step {self.steps:,}; r begins another")

    def _require(self, name: str, value: float, shown: str = "") -> None:
        most = getattr(self, name)
        if value > most:
            asked = "max" if value == math.inf else f"{value:,.12g}"
            raise RequestError(f"at most {most:,.12g} {shown or name} here; not {asked}")


NO_LIMITS = Limits()
KIOSK = Limits(
    files="state",
    parameters=20_000,
    layers=10,
    units=500,
    rows=10_000,
    activations=1_000_000,
    epochs=1_000_000,
    steps=1_000_000,
    pace=1000.0,
    past_bytes=16_000_000,
    idle_seconds=15 * 60.0,
)
