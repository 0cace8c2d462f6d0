"""Runs the program on the screen: a person’s, or a stranger’s in a kiosk."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from nn_core.config.experiments import EXPERIMENTS
from nn_tui.app.app import Laboratory
from nn_tui.dialogs.saving import save_all
from nn_tui.options import LaunchOptions

if TYPE_CHECKING:
    from nn_core.run.timeline import Timeline
    from nn_core.storage.autosave import Autosave
    from nn_core.training.trainer import Trainer

_T = TypeVar("_T")

# Settings by which a person names a file, a network, or the names of its parts.
_OWN = ("data", "rows", "validation", "scale", "hidden", "load", "freeze")


def laboratory(
    launch: LaunchOptions,
    build: "Callable[[], Trainer | Timeline] | None" = None,
    autosave: "Autosave | None" = None,
) -> Laboratory:
    """The screen for these options: a kiosk's for strangers."""
    if not launch.is_kiosk:
        return Laboratory(launch, build, autosave)
    from nn_tui.kiosk.app import KioskLaboratory

    return KioskLaboratory(launch, build, autosave)


def _interruptibly(work: Callable[[], _T]) -> _T:
    """What the work comes to; ctrl+c ends it, even inside a computation that takes for ever."""
    done: SimpleQueue[Future[_T]] = SimpleQueue()

    def carry_out() -> None:
        future: Future[_T] = Future()
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)
        done.put(future)

    Thread(target=carry_out, name="nn-tui opening", daemon=True).start()
    return done.get().result()


def with_lesson(launch: LaunchOptions) -> LaunchOptions:
    """The same with the lesson read that is asked for; a run that is asked for is its start."""
    from nn_core.lessons import course
    from nn_core.lessons.lesson import Start

    entry = course.find(course.lessons(launch.lessons), launch.lesson_name)
    lesson = entry.read(course.language(launch.language))
    if launch.begins_elsewhere:
        pace = min(lesson.start.config.pace, launch.limits.pace)
        return replace(launch, lesson=lesson, config=lesson.start.config.replace(pace=pace))
    return replace(launch, lesson=replace(lesson, start=Start(launch.config)))


def run(launch: LaunchOptions) -> int:
    """Run the app in this terminal; the exit code.

    A person's own file or network is read before the screen opens, so that a mistake in it is one
    line on standard error.
    """
    build = autosave = None
    if launch.lesson_name:
        launch = with_lesson(launch)
    known = EXPERIMENTS[launch.config.experiment].config
    has_own = any(getattr(launch.config, name) != getattr(known, name) for name in _OWN)
    if has_own or launch.loss_is_asked or launch.session is not None or launch.resume:
        from nn_tui.app.opening import autosave_for, open_run

        autosave = autosave_for(launch)
        launch, build = _interruptibly(partial(open_run, launch, autosave))
    app = laboratory(launch, build, autosave)
    code = app.run_to_end(launch.mouse)
    if app.refused is not None:
        raise app.refused
    save_all(launch.save, app.save)
    return code
