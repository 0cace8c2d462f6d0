"""What batching brings: how many rows a second training gets through, by the size of its batches.

It is measured on copies of a run as it stands, with its optimizer and its shuffling.
"""

import time
from collections.abc import Generator
from dataclasses import dataclass

from nn_core.analysis.sweep import twin
from nn_core.training.trainer import Trainer

SIZES = (1, 4, 16)  # and all rows
SECONDS = 0.05  # of training that are measured, at least, for each size
PIECE_SECONDS = 1e-3  # between two chances to stop, unless a step takes longer


@dataclass(frozen=True)
class Measured:
    """For each size of a batch, the rows a second that training got through."""

    speeds: tuple[tuple[int, float], ...]


def measure(trainer: Trainer) -> Generator[float, None, Measured]:
    """Measure, with pauses: yields, now and then, which part of it is done."""
    rows = trainer.data.rows
    sizes = [*(size for size in SIZES if size < rows), rows]
    speeds = []
    for at, size in enumerate(sizes):
        copy = twin(trainer, batch_size=size)
        copy.run(1)  # what is only done once
        steps, seconds, chunk = 0, 0.0, 1
        while seconds < SECONDS:
            yield (at + seconds / SECONDS) / len(sizes)
            began = time.perf_counter()
            copy.run(chunk)
            taken = time.perf_counter() - began
            steps, seconds = steps + chunk, seconds + taken
            if taken < PIECE_SECONDS:
                chunk *= 2
        # The last batch of an epoch may have fewer rows.
        speeds.append((size, steps / copy.steps_per_epoch * rows / seconds))
    return Measured(tuple(speeds))
