"""Measures how soon a million rows of CSV are being trained on, against NumPy reading them alone.

    python tests/benchmarks/data.py

Both are measured in turn in one process, and the least of several times counts.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from nn_core import Config, Timeline, Trainer

ROWS = 1_000_000
ROUNDS = 5
BAR = 1.3
NETWORK = {"model": "mlp", "hidden": (16, 16), "loss": "mse", "batch_size": 1000}


def write(path: Path) -> None:
    """Two columns with a header row, every digit written out."""
    x = np.random.default_rng(0).uniform(-2, 2, ROWS)
    columns = np.column_stack([x, 3 * x**2 + 2 * x + 1])
    np.savetxt(path, columns, "%.17g", ",", header="x,y", comments="")


def first_step(config: Config) -> None:
    """Read the data, build the model, and take one step."""
    Timeline(Trainer.from_config(config)).advance(1)


def seconds(run: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        write(path)
        candidates: dict[str, Callable[[], object]] = {
            "numpy.loadtxt": lambda: np.loadtxt(path, delimiter=",", skiprows=1),
            "quadratic, all rows": lambda: first_step(Config(data=str(path))),
            "1-16-16-1, batches of 1000": lambda: first_step(Config(data=str(path), **NETWORK)),
        }
        least = dict.fromkeys(candidates, float("inf"))
        for _ in range(ROUNDS):
            for name, run in candidates.items():
                least[name] = min(least[name], seconds(run))
    against = least.pop("numpy.loadtxt")
    print(
        f"{ROWS} rows of CSV, two columns, to the first step; numpy.loadtxt alone {against:.3f} s"
    )
    for name, ours in least.items():
        ratio = ours / against
        verdict = "met" if ratio <= BAR else "MISSED"
        print(f"  {name:<28}{ours:.3f} s   {ratio:.2f} ×   bar ≤ {BAR} ×   {verdict}")


if __name__ == "__main__":
    main()
