"""The learning-rate finder's sheet: loss over rate, the rate that is suggested, and why."""

from collections.abc import Callable
from typing import ClassVar

import numpy as np
from textual.binding import BindingType

from nn_core.analysis.rate_finder import LAST, RATES, STEPS, Finding
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import short
from nn_core.live.requests import Request
from nn_core.live.search_requests import TakeRate
from nn_tui.dialogs.sheet import LINES_BELOW, Sheet
from nn_tui.panels.plots import LOG_FROM
from nn_tui.plot.plot import Curve, Label, Mark, Plot, Points
from nn_tui.plot.render import render
from nn_tui.plot.scale import Axis
from nn_tui.text.cells import wrapped
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

LEAST_PLOT_ROWS = 5
HINT = "○"  # the rate of the range test
HIGHEST = 2.0  # times the loss at the test's start: what ends higher is off the plot


class FinderSheet(Sheet):
    """What the finder found, or how far it is; enter takes the rate."""

    BINDINGS: ClassVar[list[BindingType]] = [("enter", "take", "take it")]

    def __init__(
        self, make_rows: Callable[..., Rows], ask: Callable[[Request], None], markers: str
    ) -> None:
        super().__init__(make_rows)
        self._ask, self._markers = ask, markers
        self._found: Finding | float = 0.0

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what is known by now."""
        if isinstance(snapshot.search, Finding | float):
            self._found = snapshot.search
            self.draw()

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """The plot and the reason, or how much of the work is done."""
        title, found = "learning-rate finder", self._found
        if not isinstance(found, Finding):
            done = f" Trying {STEPS} steps at each of many rates, on copies: {found:.0%}"
            return title, [[(done, "text")]], "esc cancel"
        said = _wrapped(found.reason, "strong", width)
        below = [line for each in about(found) for line in _wrapped(each, "quiet", width)]
        room = self.app.size.height - LINES_BELOW - 2 - len(said) - len(below)
        rows = render(plot(found, self._markers), width - 1, max(LEAST_PLOT_ROWS, room))
        drawn: list[Line] = [[(" ", "text"), *row] for row in rows]
        take = "" if found.suggestion is None else f"enter take {short(found.suggestion)}   "
        return title, said + drawn + below, f"{take}esc out"

    def action_take(self) -> None:
        """Go on at the suggested rate."""
        if isinstance(self._found, Finding) and self._found.suggestion is not None:
            self._ask(TakeRate())
            self.dismiss()


def about(found: Finding) -> tuple[str, str]:
    """What the two rates are, and which to take: first the one that is suggested."""
    tried = f"Solid: {STEPS} steps at each rate, mean training loss of the last {LAST}."
    take = "" if found.suggestion is None else f"Take ◆ {short(found.suggestion)}. "
    return f"{take}{tried}", (
        f"{HINT} {short(found.valley)} is only a hint, from the range test: in its one run the "
        "rate grows at every step, so each loss is the work of all rates before. Dotted: its loss."
    )


def _wrapped(text: str, role: str, width: int) -> list[Line]:
    return [[(f" {line}", role)] for line in wrapped(text, width - 2)]


def plot(found: Finding, markers: str) -> Plot:
    """Both losses over the rate, the suggestion where its run ended, and the range test's hint."""
    marks: list[Mark] = [
        Curve(found.rates, found.smoothed, role="truth", every=3),
        Curve(found.tried, found.ends, role="model"),
    ]
    at = int(np.searchsorted(found.rates, found.valley))
    marks.append(Points(found.rates[at : at + 1], found.smoothed[at : at + 1], "truth", glyph=HINT))
    if found.suggestion is not None:
        end = float(found.ends[found.tried == found.suggestion][0])
        marks.append(Label(found.suggestion, end, f"◆ {short(found.suggestion)}", role="push"))
    losses = np.concatenate([found.smoothed, found.ends])
    shown = losses[losses <= HIGHEST * found.smoothed[0]]
    log = len(shown) > 0 and 0 < shown.max() > LOG_FROM * shown.min()
    title = (
        ("loss by rate", "strong"),
        (f"  ⣀⣀ {STEPS} steps, mean of last {LAST}", "model"),
        ("  ⠂⠐ while it grows, smoothed", "truth"),
    )
    return Plot(
        tuple(marks),
        title,
        x=Axis(float(RATES[0]), float(RATES[-1]), log=True),
        reach=shown,
        log_y=bool(log),
        markers=markers,
    )
