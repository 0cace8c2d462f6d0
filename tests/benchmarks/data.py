"""How soon a million rows of CSV are being trained on, against NumPy reading them alone."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from measure import Row, Run, at_most, interleave

from nn_core import Config, Timeline, Trainer

ROWS = 1_000_000
CONFIGS = {
    "the quadratic": Config(),
    "1-16-16-1, batches of 1000": Config(
        model="mlp", hidden=(16, 16), loss="mse", batch_size=1000
    ),
}  # fmt: skip


def csv() -> Iterator[Row]:
    """Two columns of a file, to the first step."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        _write(path)
        runs: dict[str, Run] = {
            name: _first_step(config.replace(data=str(path))) for name, config in CONFIGS.items()
        }
        runs["numpy"] = lambda count: [
            np.loadtxt(path, delimiter=",", skiprows=1) for _ in range(count)
        ]
        timings = interleave(runs, rounds=5)
    for name in CONFIGS:
        yield timings.cost(
            f"{ROWS:,} rows of CSV to the first step, {name}", "numpy.loadtxt alone",
            name, "numpy", at_most(1.3),
        )  # fmt: skip


def _write(path: Path) -> None:
    """A header row, and every digit written out."""
    x = np.random.default_rng(0).uniform(-2, 2, ROWS)
    columns = np.column_stack([x, 3 * x**2 + 2 * x + 1])
    np.savetxt(path, columns, "%.17g", ",", header="x,y", comments="")


def _first_step(config: Config) -> Run:
    """Read the data, build the model, and take one step."""

    def run(count: int) -> None:
        for _ in range(count):
            Timeline(Trainer.from_config(config)).advance(1)

    return run


BENCHMARKS = {"csv": csv}
