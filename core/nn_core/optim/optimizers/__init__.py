"""The optimizers: each is one file here, called as the optimizer is, with its record OPTIMIZER.

The names stand in `nn_core.config`, which the command line reads without NumPy.
"""

from importlib import import_module
from typing import Any

from nn_core.config import CONSTANTS, Config, setting
from nn_core.config import OPTIMIZERS as NAMES
from nn_core.errors import RequestError
from nn_core.optim.optimizer import Optimizer


def _record(name: str) -> Optimizer:
    found: Optimizer = import_module(f"{__name__}.{name}").OPTIMIZER
    return found


OPTIMIZERS = {name: _record(name) for name in NAMES}


def optimizer_of(config: Config) -> Optimizer:
    """The optimizer that a run uses, with the constants in force."""
    record = OPTIMIZERS[config.optimizer]
    chosen = {name: getattr(config, name) for name in record.constants}
    tuned = {name: value for name, value in chosen.items() if value is not None}
    return record.tuned(**tuned) if tuned else record


def in_force(config: Config, name: str) -> Any:
    """The value of a setting; a constant's is the optimizer's own, None where it has none."""
    return optimizer_of(config).constants.get(name) if name in CONSTANTS else getattr(config, name)


def has_setting(optimizer: str, name: str) -> bool:
    """Whether a setting is none that only other optimizers have."""
    return name not in CONSTANTS or name in OPTIMIZERS[optimizer].constants


def require_setting(optimizer: str, name: str) -> None:
    """Raise `RequestError` for a constant that this optimizer doesn't have."""
    if not has_setting(optimizer, name):
        having = ", ".join(each for each in OPTIMIZERS if has_setting(each, name))
        raise RequestError(
            f"{setting(name).title} belongs to the optimizers {having}; this one is {optimizer}"
        )


def is_plain_descent(config: Config) -> bool:
    """Whether an update is −rate · gradient and nothing else: no memory, no clipping."""
    return optimizer_of(config).is_plain and not config.clip


def rests_without_gradient(config: Config) -> bool:
    """Whether a parameter stands still in each step in which the loss has no gradient for it.

    Memory, gradients that are never zeroed, or a penalty would move it all the same.
    """
    penalised = config.l1 or config.l2
    return optimizer_of(config).is_plain and config.zero_gradients and not penalised
