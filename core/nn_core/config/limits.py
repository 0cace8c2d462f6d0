"""Limits: which files a run may touch and how much it may take.

Without `--kiosk` there are none.  In a kiosk, which strangers use, every request and every Config
that the Timeline would go on with is held against the same value.
"""

import math
import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from nn_core.config import CONSTANTS, LISTED_DATA, NAMED_DATA, Config, setting, settings
from nn_core.errors import RequestError

Files = Literal["all", "state", "none"]  # "state": the program's own folder, for what it remembers

# Settings that a kiosk allows to be changed: none names a file.
KIOSK_SETTINGS = frozenset(
    {
        *("experiment", "model", "hidden", "activation", "init", "seed", "dtype"),
        *("data", "rows", "noise", "scale", "validation", "data_seed", "features"),
        *("x", "y", "drop", "missing"),  # of the tables that come with the program
        *(
            "loss",
            "class_weight",
            "l1",
            "l2",
            "optimizer",
            "clip",
            "learning_rate",
            "schedule",
            "zero_gradients",
        ),
        *CONSTANTS,
        *("epochs", "patience", "batch_size", "shuffle", "freeze", "pace"),
    }
)
_DEFAULTS = Config()


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

    def allows_setting(self, name: str) -> bool:
        """Whether this setting may be changed at all."""
        return self.files == "all" or name in KIOSK_SETTINGS

    def require_setting(self, name: str) -> None:
        """Raise `RequestError` for a setting that may not be changed."""
        if not self.allows_setting(name):
            raise RequestError(f"a kiosk reads no files; {setting(name).title} stays as it is")

    def require(
        self, config: Config, rows: int | None = None, inputs: int = 1, outputs: int = 1
    ) -> None:
        """Raise `RequestError` for a run that would take too much, or read a file.

        Of data that is there already, `rows` are counted in place of those that would be made.
        """
        for each in settings():
            if getattr(config, each.name) != getattr(_DEFAULTS, each.name):
                self.require_setting(each.name)
        if self.files != "all" and config.data not in NAMED_DATA:
            raise RequestError(f"a kiosk reads no files; its data are {', '.join(LISTED_DATA)}")
        rows = config.rows if rows is None else rows
        sizes = (inputs, *config.hidden, outputs)
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
