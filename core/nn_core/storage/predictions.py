"""Predictions for the rows of a file, as CSV: in the order given, in the units of the file."""

import csv
from io import StringIO
from pathlib import Path

import numpy as np

from nn_core.data.csv_file import open_csv
from nn_core.data.preparing import columns_of
from nn_core.disk import write_atomically
from nn_core.models.losses.cross_entropy import probabilities
from nn_core.training.trainer import Trainer


def predictions_of(trainer: Trainer, path: Path) -> str:
    """The predictions for a file that has the columns of the inputs; a target isn't needed.

    Of classes a line holds the likeliest and the probability of each.  A row that lacks a cell
    which nothing fills has empty cells.  `RequestError` where the file can't be read, has not the
    columns, or has a text that the rows trained on don't have.
    """
    data, schema = trainer.data, trainer.data.schema
    names = [column.name for column in schema.columns]
    file = open_csv(path)
    table = file.read(names, {column.name: column.kind for column in schema.columns})
    raw = columns_of(table, schema)
    complete = np.asarray(np.isfinite(raw).all(axis=1))
    with np.errstate(all="ignore"):
        found = trainer.model.predict(schema.encoded(raw[complete]))
        header = list(schema.targets)
        if schema.classes:
            chances = probabilities(found)
            header += [f"p({name})" for name in schema.classes]
            lines = [[schema.classes[int(chance.argmax())], *chance.tolist()] for chance in chances]
        else:
            lines = (data.y_scaling.undo(found) if data.y_scaling else found).tolist()
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    following = iter(lines)
    writer.writerows(
        next(following) if whole else [""] * len(header) for whole in complete.tolist()
    )
    return text.getvalue()


def write_predictions(trainer: Trainer, rows: Path, path: Path) -> None:
    """Write the predictions for the rows of one file into another."""
    write_atomically(path, predictions_of(trainer, rows).encode())
