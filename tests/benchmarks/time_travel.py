"""What being able to go back costs: a step's time, the memory, and the way back."""

import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from measure import Row, at_most, interleave
from training import RATE, lesson_data

from nn_core.data.datasets import Dataset, split
from nn_core.models import MLP, Model, Quadratic
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer

MILLION = 1_000_000


def with_and_without() -> Iterator[Row]:
    """A step of a Timeline, beside the trainer's alone."""
    for name, model in (
        ("the quadratic", Quadratic), ("1-16-1", lambda: MLP((1, 16, 1))),
        ("1-64-64-1", lambda: MLP((1, 64, 64, 1))),
    ):  # fmt: skip
        runs = {"with": Timeline(_trainer(model())).advance, "without": _trainer(model()).run}
        yield interleave(runs).cost(
            f"step of {name}, 20 rows, with time travel on", "without",
            "with", "without", at_most(1.2),
        )  # fmt: skip


def held_back() -> Iterator[Row]:
    """An epoch after which the loss on rows held back is measured, beside one without such rows."""
    for name, model in (("the quadratic", Quadratic), ("1-16-1", lambda: MLP((1, 16, 1)))):
        whole = split(lesson_data(20), 0.25, 42)
        alone = Dataset(whole.x, whole.y)
        runs = {
            "with": Timeline(Trainer(model(), whole, patience=MILLION)).advance,
            "without": Timeline(Trainer(model(), alone)).advance,
        }
        yield interleave(runs).cost(
            f"epoch of {name}, 15 rows, 5 held back and measured",
            "without",
            "with",
            "without",
            None,
        )


def far_back() -> Iterator[Row]:
    """One step back after a million, and what the Timeline has taken of memory by then."""
    before = _memory()
    timeline = Timeline(_trainer(MLP((1, 16, 1))))
    timeline.advance(MILLION)
    yield Row("memory of a timeline of 1-16-1 after 1 000 000 steps", "", "B",
              _memory() - before, bar=at_most(256e6))  # fmt: skip
    found = []
    for _ in range(30):
        started = perf_counter()
        timeline.back()
        found.append(perf_counter() - started)
    yield Row("one step back from there, the slowest of 30", "", "s", max(found), bar=at_most(0.1))
    yield Row("  the median of them", "", "s", median(found))


def _trainer(model: Model) -> Trainer:
    loss = "mae" if isinstance(model, Quadratic) else "mse"
    return Trainer(model, lesson_data(20), loss=loss, learning_rate=RATE)


def _memory() -> int:
    """Bytes of this process that lie in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


BENCHMARKS = {"time-travel": with_and_without, "held-back": held_back, "far-back": far_back}
