"""Opening what a command line asks for: an experiment from its start, or a session file."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tui.command_line import Asked

if TYPE_CHECKING:
    from nn_core.timeline import Timeline
    from nn_core.trainer import Trainer


def open_asked(asked: Asked) -> "tuple[Asked, Callable[[], Trainer | Timeline]]":
    """What is asked with the Config that it begins with, and what makes the run.

    A person's own data, network or session file is looked at here, so that `RequestError` comes
    at once; a session's run, which may take its time, is replayed where it is made.
    """
    from nn_core import session
    from nn_core.trainer import Trainer

    if asked.session is None:
        trainer = Trainer.from_config(asked.config)
        return asked, lambda: trainer
    stored = session.read(asked.session)

    def make() -> "Timeline":
        timeline = session.replay(stored)
        for name, value in asked.overrides:
            timeline.do("set", name=name, value=value)
        return timeline

    return replace(asked, config=stored.config), make
