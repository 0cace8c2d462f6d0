"""The register of what the words can say of a snapshot, and what its claims share."""

import re

from claims import Claims
from nn_core.optim.optimizers import OPTIMIZERS

FORMULAS = "|".join(re.escape(each.formula) for each in OPTIMIZERS.values())

claim = Claims()


def rows_of(snapshot):
    return {row.label: row for row in snapshot.rows}


def votes_of(snapshot):
    y, predictions = snapshot.scene.y, snapshot.predictions
    return int((y > predictions).sum()), int((y < predictions).sum())
