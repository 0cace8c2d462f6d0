"""What a person asks of a run by name: a setting, with what follows from it, or a parameter."""

import os
from typing import Any

from nn_core.arrays import Layout
from nn_core.config import CLASS_LOSSES, MADE_DATA, NAMED_DATA, Config, settings
from nn_core.config.experiments import EXPERIMENTS, default_of
from nn_core.config.key_names import with_keys
from nn_core.data.cells import CellError
from nn_core.data.datasets import suited
from nn_core.disk import typed_path
from nn_core.errors import RequestError, UnsuitedError
from nn_core.formatting import LINE_WIDTH, listed

ROOM_OF_A_COMPLAINT = 2 * LINE_WIDTH - 26  # two lines, without what begins them and ends one early
# What the experiments begin with that one model or the other can be trained by.
_OF_AN_EXPERIMENT = ("loss", "learning_rate", "epochs", "pace")
# What is about the data or the model before, and says nothing of a table of a person's own.
_OF_THE_RUN_BEFORE = frozenset(
    {"experiment", "model", "data", "rows", "noise", "data_seed", "x", "y", "drop", "features"}
    | {"test", "test_column", "class_weight", "load", "load_partial", "freeze"}
)


def with_setting(config: Config, name: str, value: Any) -> Config:
    """The Config with one field changed, and what has to follow from it."""
    if name == "data" and value not in NAMED_DATA:
        return _with_own_table(config, str(typed_path(value)))
    changes: dict[str, Any] = {name: value}
    if name == "model" and value == "mlp" and not config.hidden:
        changes["hidden"] = EXPERIMENTS["mlp"].config.hidden
    if name == "hidden":
        changes["model"] = "mlp"
    if changes.get("model", config.model) != config.model:
        changes["experiment"] = changes["model"]  # it is no longer the one that it began as
    if name == "data":
        changes |= suited(value) | {"x": (), "y": (), "drop": (), "test": "", "test_column": ""}
    if name in ("rows", "noise") and config.data not in MADE_DATA:
        raise RequestError(f"{name} is for data that is made; {config.data} is not")
    return config.replace(**changes)


def _with_own_table(config: Config, path: str) -> Config:
    """The Config that a table by itself begins on the command line, with what was set by hand."""
    by_hand = {
        each.name: getattr(config, each.name)
        for each in settings()
        if each.name not in _OF_THE_RUN_BEFORE
        and getattr(config, each.name) != default_of(config, each.name)
    }
    if by_hand.get("loss") in CLASS_LOSSES:
        del by_hand["loss"]  # it would take numbers for classes; texts choose it by themselves
    if not by_hand.get("validation"):
        by_hand.pop("patience", None)
    return EXPERIMENTS["mlp"].config.replace(**by_hand, data=path)


def stayed(before: Config, after: Config) -> tuple[str, ...]:
    """The settings that stayed with a model that was changed, though opened by name it has others.

    Only one thing is changed at a time, so that two models can be compared.
    """
    if after.model == before.model:
        return ()
    return tuple(
        name
        for name in _OF_AN_EXPERIMENT
        if getattr(before, name) == default_of(before, name) == getattr(after, name)
        and getattr(after, name) != default_of(after, name)
    )


def way_on(error: RequestError, config: Config) -> str:
    """What to say where no run can begin with data: without options and folders, and what can."""
    said = error.said if isinstance(error, CellError) else str(error)
    if isinstance(error, UnsuitedError) and not config.is_network:
        said += with_keys("; a network takes them: {key.palette} mlp, then this again")
    folder, name = os.path.split(config.data)
    is_long = len(said) > ROOM_OF_A_COMPLAINT and folder and name
    return said.replace(config.data, name) if is_long else said


def parameter_named(layout: Layout, typed: str) -> str:
    """The name of the one parameter that is meant; `RequestError` where there is none such."""
    found = layout.named(typed)
    if len(found) != 1:
        known = listed(place.label for place in layout.places)
        raise RequestError(f"there is no parameter {typed[:40]!r}; there are {known}")
    return found[0].name
