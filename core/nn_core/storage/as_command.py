"""A run as the command line that opens it."""

import math
import shlex
from typing import Any

from nn_core.config import MADE_DATA, NAMED_DATA, SHIPPED, Config, settings, show
from nn_core.config.experiments import EXPERIMENTS
from nn_core.data.datasets import suited
from nn_core.formatting import shown
from nn_core.optim.optimizers import has_setting
from nn_core.run.timeline import Timeline

_OF_A_NETWORK = ("hidden", "activation", "init")
_OF_MADE_DATA = ("rows", "noise")
_OF_A_FILE = ("x", "y", "drop", "missing", "test_column")


def command(config: Config) -> list[str]:
    """The words of the command line that opens a run under these settings.

    It has the experiment and each setting that is another there; but for those that do nothing in
    such a run, which a command line refuses.
    """
    name = config.experiment
    if name not in EXPERIMENTS or EXPERIMENTS[name].config.model != config.model:
        name = config.model
    base = EXPERIMENTS[name].config
    expected = {each.name: getattr(base, each.name) for each in settings()}
    if config.data != base.data and config.data in MADE_DATA:
        expected |= suited(config.data)
    words = ["nn-tui", name]
    for each in settings():
        value = getattr(config, each.name)
        is_said = value != expected[each.name] or (each.name == "data" and value != base.data)
        if each.name in ("experiment", "model") or not is_said:
            continue
        if each.name == "zero_gradients":
            words += ["--accumulate-gradients"]
        elif _does_something(config, base, each.name):
            words.append(f"--{each.name.replace('_', '-')}")
            text = _written(_as_shown(value) if each.name == "freeze" else value) or each.empty
            # A value that begins with a dash would be taken for an option.
            words[-1:] = [f"{words[-1]}={text}"] if text.startswith("-") else [words[-1], text]
    return words


def quoted(words: list[str], width: int) -> list[str]:
    """The command as a shell reads it, in lines no longer than the width where words allow it."""
    lines = [""]
    for word in map(shlex.quote, words):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width - 2:
            lines[-1] += " \\"
            lines.append("  " + word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return lines


def _does_something(config: Config, base: Config, name: str) -> bool:
    made = config.data in MADE_DATA
    if name in _OF_A_NETWORK:
        return base.is_network
    if name in _OF_MADE_DATA:
        return made
    if name in _OF_A_FILE:
        return not made and (config.data != base.data or config.data in SHIPPED)
    if name == "test":
        return config.data not in NAMED_DATA
    if name == "load_partial":
        return bool(config.load)
    if name == "data_seed":
        return made or bool(config.validation)
    return has_setting(config.optimizer, name)


def _written(value: Any) -> str:
    """A value as a person would type it, with every digit of its numbers."""
    if isinstance(value, float) and math.isfinite(value):
        return repr(value).removesuffix(".0")
    if isinstance(value, tuple) and all(isinstance(part, float) for part in value):
        return ",".join(map(_written, value))
    return show(value)


def _as_shown(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of parameters as the screen has them, which a command line takes too."""
    return tuple(map(shown, names))


def begun(timeline: Timeline) -> tuple[Config, int]:
    """The settings that a run's first step was taken under; and how much was done by hand since.

    Settings that were changed, and parameters that were loaded, before the first step count as
    begun with.
    """
    config, said = timeline.first.config.replace(**timeline.viewed), 0
    for event in timeline.events:
        if (event.step, event.phase) != (0, 0):
            break
        if event.kind == "set":
            config = config.replace(**{event.named["name"]: event.named["value"]})
        said += event.kind in ("set", "load")
    return config, len(timeline.events) - said
