"""Predictions for the rows of a file, as CSV: in the order given, in the units of the file."""

import csv
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nn_core.data.cells import MISSING_IN_WORDS, CellError
from nn_core.data.csv_file import open_csv
from nn_core.data.preparing import columns_of
from nn_core.disk import write_atomically
from nn_core.errors import RequestError
from nn_core.training.answers import answers_of
from nn_core.training.trainer import Trainer

BESIDE = ".predictions.csv"


class Predictions(NamedTuple):
    """Predictions as CSV, for how many rows, and how many have none, for want of a cell."""

    text: str
    rows: int
    gaps: int


def predictions_of(trainer: Trainer, path: Path) -> Predictions:
    """The predictions for a file that has the columns of the inputs; a target isn't needed.

    Of classes a line holds the likeliest and the probability of each.  A row that lacks a cell
    which nothing fills has empty cells.  `RequestError` where the file can't be read, has not the
    columns, or has a text that the rows trained on don't have.
    """
    schema = trainer.data.schema
    names = [column.name for column in schema.columns]
    file = open_csv(path)
    try:
        table = file.read(names, {column.name: column.kind for column in schema.columns})
    except CellError as error:
        remedy = error.remedy or f"; {MISSING_IN_WORDS}"
        raise RequestError(f"{error.said}{remedy}") from None
    raw = columns_of(table, schema)
    complete = np.asarray(np.isfinite(raw).all(axis=1))
    found = answers_of(trainer.model, schema, raw)
    header, lines = list(schema.targets), found.tolist()
    if schema.classes:
        header += [f"p({name})" for name in schema.classes]
        likeliest = found.argmax(axis=1).tolist()
        lines = [[schema.classes[at], *line] for at, line in zip(likeliest, lines, strict=True)]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for line, whole in zip(lines, complete.tolist(), strict=True):
        writer.writerow(line if whole else [""] * len(header))
    return Predictions(text.getvalue(), len(complete), int(np.sum(~complete)))


def write_predictions(trainer: Trainer, rows: Path, path: Path) -> int:
    """Write the predictions for the rows of one file into another; how many rows have none."""
    found = predictions_of(trainer, rows)
    write_atomically(path, found.text.encode())
    return found.gaps


def beside(rows: Path) -> Path:
    """Where predictions for the rows of a file are written unless a place is named."""
    return rows.with_name(Path(rows.name.removesuffix(".gz")).stem + BESIDE)
