"""How things are measured and reported here.

What is compared is run in turns, A B A B …, in one process, so that whatever else the machine does
falls on both; of the rounds' ratios the median counts.  Nothing is asserted: a bar that is missed
is printed as missed.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

SECONDS = 0.03  # that one turn lasts, about
ROUNDS = 31

Run = Callable[[int], object]  # does a thing so many times


@dataclass(frozen=True)
class Bar:
    """What a row is measured against: its ratio, or where it has none its own figure."""

    sign: str  # "≥" or "≤"
    value: float

    def holds(self, figure: float) -> bool:
        """Whether the figure is on the right side."""
        return figure >= self.value if self.sign == "≥" else figure <= self.value


def at_least(value: float) -> Bar:
    """A bar for what should be large: how many times as fast."""
    return Bar("≥", value)


def at_most(value: float) -> Bar:
    """A bar for what should be small: a cost, a delay."""
    return Bar("≤", value)


@dataclass(frozen=True)
class Row:
    """One line of the report.  Without a bar it is there to be read beside its neighbours."""

    what: str
    against: str
    unit: str  # "s", "B", "/s" or ""
    ours: float
    theirs: float | None = None
    ratio: float | None = None
    bar: Bar | None = None

    @property
    def ok(self) -> bool | None:
        """Whether the bar is held; None where there is none."""
        if self.bar is None:
            return None
        return self.bar.holds(self.ours if self.ratio is None else self.ratio)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {**asdict(self), "ok": self.ok}


@dataclass(frozen=True)
class Skipped:
    """What could not be measured here, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Timings:
    """Seconds that each of several things took once, round by round."""

    seconds: Mapping[str, list[float]]

    def __getitem__(self, name: str) -> float:
        return median(self.seconds[name])

    def ratio(self, over: str, under: str) -> float:
        """The median over the rounds of the one's time divided by the other's."""
        pairs = zip(self.seconds[over], self.seconds[under], strict=True)
        return median(one / other for one, other in pairs)

    def speed_up(self, what: str, against: str, ours: str, theirs: str, bar: Bar | None) -> Row:
        """A row that says how many times as fast ours is."""
        ratio = self.ratio(theirs, ours)
        return Row(what, against, "s", self[ours], self[theirs], ratio, bar)

    def cost(self, what: str, against: str, ours: str, theirs: str, bar: Bar | None) -> Row:
        """A row that says how many times as long ours takes."""
        ratio = self.ratio(ours, theirs)
        return Row(what, against, "s", self[ours], self[theirs], ratio, bar)


def interleave(
    runs: Mapping[str, Run], rounds: int = ROUNDS, seconds: float = SECONDS
) -> Timings:  # fmt: skip
    """Time each in turn, round by round, after finding how often to do it in a turn."""
    counts = {name: _count_for(run, seconds) for name, run in runs.items()}
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            found[name].append(_time(run, counts[name]) / counts[name])
    return Timings(found)


def _time(run: Run, count: int) -> float:
    started = time.perf_counter()
    run(count)
    return time.perf_counter() - started


def _count_for(run: Run, seconds: float) -> int:
    """How often a thing can be done in so many seconds; finding out warms it up."""
    run(1)
    count = 1
    while (taken := _time(run, count)) < seconds / 4:
        count *= 2
    return max(1, round(count * seconds / taken))
