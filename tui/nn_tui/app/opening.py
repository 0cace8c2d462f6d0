"""Opening what a command line asks for: an experiment, a session file, or the last run."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tui.options import Asked

if TYPE_CHECKING:
    from nn_core.run.timeline import Timeline
    from nn_core.storage.autosave import Autosave
    from nn_core.training.trainer import Trainer


def autosave_for(asked: Asked) -> "Autosave":
    """What keeps the run, and finds the one before, as it is asked for."""
    from nn_core.storage.autosave import Autosave
    from nn_core.storage.kept_runs import state_folder

    return Autosave(state_folder if asked.autosave else None, asked.offers)


def open_asked(
    asked: Asked, autosave: "Autosave"
) -> "tuple[Asked, Callable[[], Trainer | Timeline]]":
    """What is asked with the Config that it begins with, and what makes the run.

    A person's own data, network or session file is looked at here, so that `RequestError` comes
    at once; a session's run, which may take its time, is replayed where it is made.
    """
    from nn_core.storage import session
    from nn_core.training.trainer import Trainer

    if asked.resume:
        stored = autosave.resume()
    elif asked.session is not None:
        stored = session.read(asked.session)
    else:
        trainer = Trainer.from_config(asked.config)
        return asked, lambda: trainer

    def make() -> "Timeline":
        timeline = session.replay(stored)
        for name, value in asked.overrides:
            timeline.do("set", name=name, value=value)
        return timeline

    return replace(asked, config=stored.config), make
