"""The entries of the palette: keys, settings, commands and experiments, by name."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand

from nn_core.config import settings
from nn_core.config.experiments import EXPERIMENTS
from nn_core.live.allowed import is_allowed
from nn_core.live.file_requests import Save
from nn_core.live.requests import Restart, ToggleFrozen
from nn_tui.keys import KEYS
from nn_tui.keys.commands import COMMANDS

if TYPE_CHECKING:
    from nn_tui.app.app import Laboratory


def entries(lab: "Laboratory") -> Iterator[SystemCommand]:
    """What may be done in this app and does something just now."""
    yield from _keys(lab)
    yield from _settings(lab)
    yield from _chosen(lab)
    yield SystemCommand(
        "Find a learning rate", "tries rates on copies of the run", lab.dialogs.find_rate
    )
    for command in COMMANDS:
        if is_allowed(command.kind, lab.launch.limits):
            title, about = command.title, command.about
            yield SystemCommand(title, about, partial(lab.dialogs.carry_out, command))
    for name, experiment in EXPERIMENTS.items():
        restart = partial(lab.link.ask, Restart(experiment.config))
        yield SystemCommand(f"Open {name}", experiment.about, restart)


def _keys(lab: "Laboratory") -> Iterator[SystemCommand]:
    for found in KEYS:
        refused = found.name == "save" and not is_allowed(Save, lab.launch.limits)
        if found.name == "palette" or refused or not lab.applies(found.name):
            continue
        # Found by what it does and by the word that the key lines have for it.
        known = found.brief.lower() in found.about.lower()
        title = found.about if known else f"{found.about} ({found.brief})"
        yield SystemCommand(title, f"key {found.shown}", partial(lab.run_action, found.action))


def _settings(lab: "Laboratory") -> Iterator[SystemCommand]:
    from nn_core.optim.optimizers import has_setting

    optimizer = lab.snapshot.config.optimizer if lab.snapshot else lab.launch.config.optimizer
    for each in settings():
        if not has_setting(optimizer, each.name):
            continue
        if each.name != "experiment" and lab.launch.limits.allows_setting(each.name):
            take = partial(lab.dialogs.type_setting, each)
            yield SystemCommand(f"Set {each.title}", each.about, take)


def _chosen(lab: "Laboratory") -> Iterator[SystemCommand]:
    from nn_core.explain.rows import UnitRow

    row = lab.selection.row(lab.snapshot)
    if row is not None and not isinstance(row, UnitRow):
        toggle = partial(lab.link.ask, ToggleFrozen(row.label.partition("[")[0]))
        title = "Freeze the chosen parameter, or free it"
        yield SystemCommand(title, "frozen, it gets no update", toggle)
