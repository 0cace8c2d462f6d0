"""Losses: how far off the predictions are, as one number, and its derivative; a file for each.

`loss.py` says what a record holds.  To add a loss: write its file, and name it here and in
`config.LOSSES`.
"""

from nn_core.models.losses import absolute, cross_entropy, huber, log_cosh, squared
from nn_core.models.losses.loss import CompiledLoss, Loss

__all__ = ["LOSSES", "CompiledLoss", "Loss"]

LOSSES: dict[str, Loss] = {
    each.LOSS.name: each.LOSS for each in (absolute, squared, huber, log_cosh, cross_entropy)
}
