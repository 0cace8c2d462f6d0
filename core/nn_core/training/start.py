"""Where a run starts: the model that a Config describes, with parameters drawn or loaded."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nn_core.config import CLASS_LOSSES, LOADED, Config, show
from nn_core.data.dataset import Dataset
from nn_core.errors import RequestError
from nn_core.formatting import times
from nn_core.models import MODELS, Model, weights
from nn_core.models.losses import balanced
from nn_core.optim.optimizers import optimizer_of
from nn_core.optim.schedules import SCHEDULES
from nn_core.training.state import State

MOST_ROWS = 16_384  # of the data that a start looks at
# Settings that a trainer of a given model and given data has no use for.
_MADE_BEFORE = {"rows", "x", "y", "drop", "features", "missing", "scale", "noise", "validation"}
_MADE_BEFORE |= {"test", "test_column", "data_seed", "init", "load", "load_partial"}


def build_model(config: Config, data: Dataset) -> Model:
    """The model that a Config describes, at its start, for data with so many columns.

    `RequestError` where a network would have too many parameters.
    """
    over = data.x[:: max(1, data.rows // MOST_ROWS)]
    return MODELS[config.model].start(config, over, data.y.shape[1])


def begin(config: Config, data: Dataset) -> tuple[Model, Config, weights.Fit | None]:
    """The same with the parameters loaded that it names, and what of them was loaded.

    The Config then names those instead of "loaded", if they are to be frozen.
    """
    model = build_model(config, data)
    fit = load_parameters(model, config) if config.load else None
    if fit and LOADED in config.freeze:
        others = tuple(name for name in config.freeze if name != LOADED)
        config = config.replace(freeze=(*others, *fit.loaded))
    return model, config, fit


def load_parameters(model: Model, config: Config) -> weights.Fit:
    """Let a model start from the file that a Config names."""
    layout, dtype = model.layout, model.flat.dtype
    arrays, fit = weights.load(Path(config.load), layout, dtype, config.load_partial)
    for name, values in arrays.items():
        model.parameters[name][...] = values
    return fit


def require_given(model: Model, data: Dataset, settings: Mapping[str, Any]) -> None:
    """Raise `RequestError` where a model, data, and settings by keyword don't go together."""
    outputs, targets = model.layers()[-1].units, data.y.shape[1]
    if outputs != targets:
        raise RequestError(
            f"the model has {times(outputs, 'output')}; the data has {times(targets, 'target')}"
        )
    for name in settings:
        if name in _MADE_BEFORE:
            raise RequestError(
                f"{name} does nothing to a model and data that are made already; "
                f"Trainer.from_config(Config({name}=…)) makes both"
            )
    for name, value in model.settings().items():
        given = settings.get(name, value)
        given = (given,) if isinstance(given, str) and isinstance(value, tuple) else given
        if name == "activation":
            given = tuple(given) * len(value) if len(given) == 1 else tuple(given)
        if name != "experiment" and given != value:
            raise RequestError(f"{name} {show(given)} contradicts the model: it is {show(value)}")


def require_suited(config: Config, data: Dataset) -> None:
    """Raise `RequestError` where settings ask for what the data don't have.

    A loss of classes needs targets that are some, patience rows that are held back.
    """
    loss = config.loss
    if loss in CLASS_LOSSES and not (0 <= data.y.min() <= data.y.max() <= 1):
        raise RequestError(
            f"{loss} tells classes apart; {data.y_name} holds other numbers than from 0 to 1"
        )
    if config.class_weight != "none":
        if loss not in CLASS_LOSSES:
            raise RequestError(f"class weight is for classes; {loss} is for numbers")
        if math.inf in (found := balanced(data.y)):
            name = (data.classes or range(len(found)))[found.index(math.inf)]
            raise RequestError(f"class {name!r} has no row to train on; it can't be balanced")
    if config.patience and data.validation is None:
        raise RequestError(
            "patience watches the loss on rows held back, and there are none; "
            "validation 0.2 holds back a fifth"
        )


def renew_memory(state: State, config: Config, optimizer: bool, schedule: bool) -> None:
    """Give an optimizer or a schedule that is new what it remembers at first."""
    slots = state.slots
    of_schedule = {name: slots.pop(name) for name in SCHEDULES if name in slots}
    if optimizer:
        state.slots = optimizer_of(config).new_slots(state.parameters)
    if schedule:
        watcher = SCHEDULES[config.schedule].watcher
        of_schedule = {config.schedule: watcher.new_memory()} if watcher else {}
    state.slots |= of_schedule
