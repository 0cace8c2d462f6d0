"""The optimizers: each is one file here, called as the optimizer is, with its record OPTIMIZER.

The names stand in `nn_core.config`, which the command line reads without NumPy.
"""

from importlib import import_module

from nn_core.config import OPTIMIZERS as NAMES
from nn_core.config import Config
from nn_core.optim.optimizer import Optimizer


def _record(name: str) -> Optimizer:
    found: Optimizer = import_module(f"{__name__}.{name}").OPTIMIZER
    return found


OPTIMIZERS = {name: _record(name) for name in NAMES}


def optimizer_of(config: Config) -> Optimizer:
    """The optimizer that a run uses, with the constants in force."""
    return OPTIMIZERS[config.optimizer]


def is_plain_descent(config: Config) -> bool:
    """Whether an update is −rate · gradient and nothing else: no memory, no clipping."""
    return optimizer_of(config).is_plain and not config.clip


def rests_without_gradient(config: Config) -> bool:
    """Whether a parameter stands still in each step in which the loss has no gradient for it.

    Memory, gradients that are never zeroed, or a penalty would move it all the same.
    """
    penalised = config.l1 or config.l2
    return optimizer_of(config).is_plain and config.zero_gradients and not penalised
