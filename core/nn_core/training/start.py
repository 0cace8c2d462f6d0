"""Where a run starts: the model that a Config describes, with parameters drawn or loaded."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nn_core.config import CLASS_LOSSES, LOADED, Config, full_names, setting, show
from nn_core.config.experiments import EXPERIMENTS, default_of
from nn_core.data import datasets
from nn_core.data.dataset import Dataset
from nn_core.errors import RequestError, UnsuitedError
from nn_core.formatting import times
from nn_core.models import MODELS, Model, weights
from nn_core.models.losses import balanced
from nn_core.optim.optimizers import optimizer_of
from nn_core.optim.schedules import SCHEDULES
from nn_core.training import loaded
from nn_core.training.state import State

MOST_ROWS = 16_384  # of the data that a start looks at
# Settings that a trainer of a given model and given data has no use for.
_MADE_BEFORE = {"rows", "x", "y", "drop", "features", "missing", "scale", "noise", "validation"}
_MADE_BEFORE |= {"test", "test_column", "data_seed", "init", "load", "load_partial"}


def build_model(config: Config, data: Dataset) -> Model:
    """The model that a Config describes, at its start, for data with so many columns.

    `RequestError` where a network would have too many parameters, another model too few outputs.
    """
    over = data.x[:: max(1, data.rows // MOST_ROWS)]
    model = MODELS[config.model].start(config, over, data.y.shape[1])
    _require_outputs(model, data)
    return model


def _require_outputs(model: Model, data: Dataset) -> None:
    """Raise `UnsuitedError` where a model has not an output for each target, or each class."""
    outputs, targets = model.layers()[-1].units, data.y.shape[1]
    if outputs != targets:
        has = times(targets, "class", "classes") if data.classes else times(targets, "target")
        raise UnsuitedError(f"the model has {times(outputs, 'output')}; the data has {has}")


def begin(
    config: Config, data: Dataset | None
) -> tuple[Model, Dataset, Config, weights.Fit | None]:
    """The model and the data that a Config describes, the Config itself, and what was loaded.

    Where it names a file of parameters, the model starts from these, and the data are scaled as
    those were that they were trained on; if what is "loaded" is to be frozen, the Config names it.
    """
    data = datasets.load(config) if data is None else datasets.finished(data, config)
    if config.load and not config.load_partial:
        data = loaded.suited(Path(config.load), data)
    model = build_model(config, data)
    fit = load_parameters(model, data, config) if config.load else None
    if fit and LOADED in config.freeze:
        others = tuple(name for name in config.freeze if name != LOADED)
        config = config.replace(freeze=(*others, *fit.loaded))
    return model, data, config, fit


def load_parameters(model: Model, data: Dataset, config: Config) -> weights.Fit:
    """Let a model start from the file that a Config names."""
    path, layout, dtype = Path(config.load), model.layout, model.flat.dtype
    arrays, fit = weights.load(path, layout, dtype, config.load_partial)
    if config.load_partial:
        arrays, fit = loaded.fitting(path, data, layout, arrays, fit)
    for name, values in arrays.items():
        model.parameters[name][...] = values
    return fit


def config_for(
    model: Model, data: Dataset, config: Config | None, settings: Mapping[str, Any]
) -> Config:
    """The Config of a given model on given data: this one, or its experiment's, with settings.

    `RequestError` where they don't go together.
    """
    if not isinstance(model, Model) or not isinstance(data, Dataset):
        raise RequestError(
            "a Trainer is given a model and a Dataset, as MLP((1, 16, 1)) and Dataset(x, y); "
            "Trainer.from_config makes them of a Config, a name or a file"
        )
    _require_outputs(model, data)
    if not data.rows:
        raise RequestError("there is no row to train on")
    settings = full_names(settings)
    for name in settings:
        if name in _MADE_BEFORE:
            raise RequestError(
                f"{name} does nothing to a model and data that are made already; "
                f"Trainer.from_config(Config({name}=…)) makes both"
            )
    own = model.settings()
    if config is None:
        dtype = {"dtype": str(model.flat.dtype)}
        config = EXPERIMENTS[model.kind].config.replace(**own | dtype)
    for name, value in own.items():
        given = setting(name).taken(settings.get(name, getattr(config, name)))
        if name == "activation" and len(given) == 1:
            given *= len(value)
        if name != "experiment" and given != value:
            raise RequestError(f"{name} {show(given)} contradicts the model: it is {show(value)}")
    found = config.replace(**settings)
    for name, is_done, how in (
        ("scale", data.x_scaling, "datasets.standardised(data) scales them"),
        ("validation", data.validation, "datasets.split(data, 0.2) holds back a fifth"),
        ("test", data.validation, "from_config reads the file"),
        ("test_column", data.validation, "from_config looks into the column"),
        ("load", None, "from_config loads the file"),
    ):
        value = getattr(found, name)
        if value and is_done is None:
            raise RequestError(f"{name} {show(value)} was not done to what is given; {how}")
    require_loss(_asked_loss(config, settings), data)
    return found


def asked(config: Config | str, settings: Mapping[str, Any]) -> tuple[Config, str]:
    """A Config, or the one of an experiment, with settings; and its loss, if that was asked for."""
    settings = full_names(settings)
    if isinstance(config, str):
        return experiment(config, settings), _asked_loss(Config(), settings)
    return config.replace(**settings), _asked_loss(config, settings)


def _asked_loss(config: Config, settings: Mapping[str, Any]) -> str:
    """The loss that was asked for, "" where none was: by the settings, or as no default has it."""
    own_default = EXPERIMENTS[config.model].config.loss
    usual = (default_of(config, "loss"), own_default, setting("loss").default)
    own = "" if config.loss in usual else config.loss
    loss: str = setting("loss").taken(settings.get("loss", own))
    return loss


def require_loss(loss: str, data: Dataset) -> None:
    """Raise `RequestError` for a loss of numbers that was asked for where there are classes."""
    if loss and data.classes and loss not in CLASS_LOSSES:
        raise RequestError(
            f"{loss} is for numbers; {data.y_name} holds classes, told apart by {CLASS_LOSSES[0]}"
        )


def experiment(name: str, settings: Mapping[str, Any]) -> Config:
    """The settings that the command line has for an experiment, with others in their place."""
    if name not in EXPERIMENTS:
        raise RequestError(f"there is no experiment {name!r}; there are {', '.join(EXPERIMENTS)}")
    data = settings.get("data", "")
    return EXPERIMENTS[name].config.replace(**{**datasets.suited(str(data)), **settings})


def fitted_loss(config: Config, data: Dataset) -> Config:
    """The Config with a loss of classes where there are some: a target of texts chooses it."""
    if not data.classes or config.loss in CLASS_LOSSES:
        return config
    return config.replace(loss=CLASS_LOSSES[0])


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
            raise RequestError(f"class {name!r} has no row to train on; it can’t be balanced")
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
