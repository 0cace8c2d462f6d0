"""Opening what a command line asks for: an experiment, a session file, or the last run."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tui.options import LaunchOptions

if TYPE_CHECKING:
    from nn_core.run.timeline import Timeline
    from nn_core.storage.autosave import Autosave
    from nn_core.training.trainer import Trainer


def autosave_for(launch: LaunchOptions) -> "Autosave":
    """What keeps the run, and finds the one before, as it is asked for."""
    from nn_core.storage.autosave import Autosave
    from nn_core.storage.kept_runs import state_folder

    return Autosave(state_folder if launch.autosave else None, launch.offers)


def open_run(
    launch: LaunchOptions, autosave: "Autosave"
) -> "tuple[LaunchOptions, Callable[[], Trainer | Timeline]]":
    """What is asked with the Config that it begins with, and what makes the run.

    A person's own data, network or session file is looked at here, so that `RequestError` comes
    at once; a session's run, which may take its time, is replayed where it is made.
    """
    from nn_core.storage import session
    from nn_core.training.start import require_loss
    from nn_core.training.trainer import Trainer

    if launch.resume:
        stored = autosave.resume()
    elif launch.session is not None:
        stored = session.read(launch.session)
    else:
        trainer = Trainer.begun(launch.config)
        if launch.loss_is_asked:
            require_loss(launch.config.loss, trainer.data)
        return launch, lambda: trainer

    def make() -> "Timeline":
        timeline = session.replay(stored, limits=launch.limits)
        for name, value in launch.overrides:
            timeline.do("set", name=name, value=value)
        return timeline

    return replace(launch, config=stored.config), make
