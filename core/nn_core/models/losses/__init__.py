"""Losses: how far off the predictions are, as one number, and its derivative; a file for each.

`loss.py` says what a record holds.  To add a loss: write its file, and name it here and in
`config.LOSSES`.
"""

from nn_core.arrays import Array
from nn_core.config import Config
from nn_core.models.losses import absolute, cross_entropy, huber, log_cosh, squared
from nn_core.models.losses.class_weights import balanced, weighted
from nn_core.models.losses.loss import CompiledLoss, Loss

__all__ = ["LOSSES", "CompiledLoss", "Loss", "balanced", "loss_for"]

LOSSES: dict[str, Loss] = {
    each.LOSS.name: each.LOSS for each in (absolute, squared, huber, log_cosh, cross_entropy)
}


def loss_for(config: Config, y: Array) -> Loss:
    """The loss that a Config asks for, of targets y (rows, outputs) to train on."""
    loss = LOSSES[config.loss]
    return loss if config.class_weight == "none" else weighted(loss, balanced(y))
