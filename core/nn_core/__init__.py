"""The mathematics of nn-tui: models, losses, hand-written gradients, and what trains them.

Nothing here knows of a screen.  Names are resolved on first use, so that reading a `Config`
(which is all that the command line needs before the first paint) does not wait for NumPy.
"""

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:  # what checkers and completion read of the names below
    from nn_core.config import Config, experiments
    from nn_core.data import datasets
    from nn_core.data.dataset import Dataset
    from nn_core.errors import RequestError
    from nn_core.explain import words
    from nn_core.live.runner import Runner
    from nn_core.models import MLP, Quadratic, RectifiedLines, losses, weights
    from nn_core.optim import optimizers, schedules
    from nn_core.run.events import Event
    from nn_core.run.timeline import Timeline
    from nn_core.storage import export, session
    from nn_core.training.state import State
    from nn_core.training.trainer import Trainer

_HOMES = {
    "Config": "config",
    "Dataset": "data.dataset",
    "Event": "run.events",
    "MLP": "models",
    "Quadratic": "models",
    "RequestError": "errors",
    "RectifiedLines": "models",
    "Runner": "live.runner",
    "State": "training.state",
    "Timeline": "run.timeline",
    "Trainer": "training.trainer",
}
_MODULES = {
    "datasets": "data.datasets",
    "experiments": "config.experiments",
    "export": "storage.export",
    "losses": "models.losses",
    "optimizers": "optim.optimizers",
    "schedules": "optim.schedules",
    "session": "storage.session",
    "weights": "models.weights",
    "words": "explain.words",
}

__all__ = [
    "MLP",
    "Config",
    "Dataset",
    "Event",
    "Quadratic",
    "RectifiedLines",
    "RequestError",
    "Runner",
    "State",
    "Timeline",
    "Trainer",
    "datasets",
    "experiments",
    "export",
    "losses",
    "optimizers",
    "schedules",
    "session",
    "weights",
    "words",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"nn_core.{_HOMES[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"nn_core.{_MODULES[name]}")
    raise AttributeError(f"module 'nn_core' has no attribute {name!r}")
