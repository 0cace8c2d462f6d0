"""A sweep of 64 learning rates on the quadratic: trained together, against one run after another.

`python tests/benchmarks/sweep.py` prints both times, their ratio and the bar.  The two are run in
turns, so that whatever else the machine does falls on both, and of the ratios the median counts.
"""

import time
from collections.abc import Callable
from functools import partial
from statistics import median

import numpy as np

from nn_core import Quadratic, Trainer, datasets, sweep

RATES = np.geomspace(1e-4, 1.0, 64)
STEPS = (100, 1000)
ROUNDS = 21
BAR = 20.0


def main() -> None:
    """Measure and print."""
    trainer = Trainer(Quadratic(), datasets.noisy_quadratic(), learning_rate=0.01)

    def one_after_another(steps: int) -> None:
        for rate in RATES.tolist():
            alone = Trainer(Quadratic(), trainer.data, learning_rate=rate)
            alone.run(steps)
            alone.loss()

    titles = ("together", 12), ("in turn", 12), ("ratio", 8), ("bar", 8)
    print(f"{'64 rates, quadratic, 20 rows':<30}" + "".join(f"{t:>{w}}" for t, w in titles))
    for steps in STEPS:
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(seconds(partial(sweep.train, trainer, RATES, steps)))
            theirs.append(seconds(partial(one_after_another, steps)))
        ratio = median(their / our for their, our in zip(theirs, ours, strict=True))
        verdict = "" if ratio >= BAR else "   MISSED"
        times = f"{median(ours) * 1e3:>9.2f} ms{median(theirs) * 1e3:>9.1f} ms"
        print(f"{f'{steps} steps each':<30}{times}{ratio:>8.1f}{f'≥ {BAR:g}':>8}{verdict}")


def seconds(work: Callable[[], object]) -> float:
    """How long it takes once."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
