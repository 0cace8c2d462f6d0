"""Runs the program on the screen: a person’s, or a stranger’s in a kiosk."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from nn_core.config.experiments import EXPERIMENTS
from nn_tui.app.app import Laboratory
from nn_tui.dialogs.saving import save_all
from nn_tui.options import Asked

if TYPE_CHECKING:
    from nn_core.run.timeline import Timeline
    from nn_core.storage.autosave import Autosave
    from nn_core.training.trainer import Trainer

_BROUGHT = ("data", "rows", "validation", "scale", "hidden", "load", "freeze")


def laboratory(
    asked: Asked,
    build: "Callable[[], Trainer | Timeline] | None" = None,
    autosave: "Autosave | None" = None,
) -> Laboratory:
    """The screen for what is asked: a kiosk's for strangers."""
    if not asked.is_kiosk:
        return Laboratory(asked, build, autosave)
    from nn_tui.kiosk.app import KioskLaboratory

    return KioskLaboratory(asked, build, autosave)


def run(asked: Asked) -> int:
    """Run the app in this terminal; the exit code.

    What a person brought, a file, a shape of network or the names of its parts, is looked at before
    the screen opens, so that a mistake in it is one line and no more.
    """
    build = autosave = None
    known = EXPERIMENTS[asked.config.experiment].config
    brought = any(getattr(asked.config, name) != getattr(known, name) for name in _BROUGHT)
    if brought or asked.session is not None or asked.resume:
        from nn_tui.app.opening import autosave_for, open_asked

        autosave = autosave_for(asked)
        asked, build = open_asked(asked, autosave)
    app = laboratory(asked, build, autosave)
    code = app.run_to_end(asked.mouse)
    if app.refused is not None:
        raise app.refused
    save_all(asked.save, app.save)
    return code
