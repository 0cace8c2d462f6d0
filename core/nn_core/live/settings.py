"""What a person asks of a run by name: a setting, with what follows from it, or a parameter."""

from typing import Any

from nn_core.arrays import Layout
from nn_core.config import MADE_DATA, Config
from nn_core.config.experiments import default_of
from nn_core.data.datasets import suited
from nn_core.errors import RequestError
from nn_core.formatting import listed

# What the experiments begin with that one model or the other can be trained by.
_OF_AN_EXPERIMENT = ("loss", "learning_rate", "epochs", "pace")


def with_setting(config: Config, name: str, value: Any) -> Config:
    """The Config with one field changed, and what has to follow from it."""
    changes: dict[str, Any] = {name: value}
    if name == "model" and value == "mlp" and not config.hidden:
        changes["hidden"] = (16,)
    if name == "hidden":
        changes["model"] = "mlp"
    if changes.get("model", config.model) != config.model:
        changes["experiment"] = changes["model"]  # it is no longer the one that it began as
    if name == "data":
        changes |= suited(value) | {"x": (), "y": (), "drop": (), "test": "", "test_column": ""}
    if name in ("rows", "noise") and config.data not in MADE_DATA:
        raise RequestError(f"{name} is for data that is made; {config.data} is not")
    return config.replace(**changes)


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


def parameter_named(layout: Layout, typed: str) -> str:
    """The name of the one parameter that is meant; `RequestError` where there is none such."""
    found = layout.named(typed)
    if len(found) != 1:
        known = listed(place.label for place in layout.places)
        raise RequestError(f"there is no parameter {typed[:40]!r}; there are {known}")
    return found[0].name
