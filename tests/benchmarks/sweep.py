"""Learning rates that are trained together, against one after another; a map of two settings."""

from collections.abc import Iterator

import numpy as np
from measure import Row, Run, at_least, at_most, interleave

from nn_core import Quadratic, Timeline, Trainer, datasets
from nn_core.analysis import setting_map, sweep

RATES = np.geomspace(1e-4, 1.0, 64)


def rates() -> Iterator[Row]:
    """A sweep of 64 learning rates on the quadratic."""
    for steps in (100, 1000):
        runs = {"together": _together(steps), "in turn": _one_after_another(steps)}
        yield interleave(runs, rounds=21).speed_up(
            f"64 learning rates, the quadratic, {steps} steps each",
            "one run after another", "together", "in turn", at_least(20),
        )  # fmt: skip


def settings_map() -> Iterator[Row]:
    """A map of rate and momentum."""
    timeline = Timeline(Trainer(Quadratic(), datasets.noisy_quadratic(), learning_rate=0.01))

    def run(count: int) -> None:
        for _ in range(count):
            setting_map.find(timeline, "learning_rate", "momentum", 100)

    what = "map of rate and momentum, 32 × 32, the quadratic, 100 steps each"
    yield Row(what, "", "s", interleave({"map": run}, rounds=11)["map"], bar=at_most(1.0))


def _together(steps: int) -> Run:
    trainer = Trainer(Quadratic(), datasets.noisy_quadratic(), learning_rate=0.01)

    def run(count: int) -> None:
        for _ in range(count):
            sweep.train(trainer, RATES, steps)

    return run


def _one_after_another(steps: int) -> Run:
    data = datasets.noisy_quadratic()

    def run(count: int) -> None:
        for _ in range(count):
            for rate in RATES.tolist():
                alone = Trainer(Quadratic(), data, learning_rate=rate)
                alone.run(steps)
                alone.loss()

    return run


BENCHMARKS = {"sweep": rates, "settings-map": settings_map}
