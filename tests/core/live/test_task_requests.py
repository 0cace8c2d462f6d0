"""A task's bookmark: set, gone away from in any way, and come back to, to the bit."""

import numpy as np
import pytest

from nn_core import Config, Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.limits import KIOSK, NO_LIMITS
from nn_core.errors import RequestError
from nn_core.lessons.course import lessons
from nn_core.lessons.lesson import Start
from nn_core.live.edit_requests import AddUnit, Nudge, Set, Turn
from nn_core.live.live_run import LiveRun
from nn_core.live.requests import Advance, KeepCurve, Restart
from nn_core.live.task_requests import BeginTask, ReturnToTask
from nn_core.storage.autosave import Autosave


def live(config: Config) -> LiveRun:
    timeline = Timeline(Trainer.from_config(config))
    return LiveRun(timeline, NO_LIMITS, Autosave(None), lambda: True)


def bits(run: LiveRun) -> tuple[bytes, bytes, int, int]:
    state = run.timeline.state
    return state.parameters.tobytes(), state.gradient.tobytes(), state.step, state.phase


@pytest.mark.parametrize(
    "requests",
    [
        [Advance(7)],
        [Nudge(0, 0.1), Advance(3)],
        [Set("optimizer", "adam"), Turn("learning_rate", 1), Advance(3)],
        [AddUnit(0), Advance(2), AddUnit(0)],
        [Restart(EXPERIMENTS["quadratic"].config), Advance(5)],
        [KeepCurve(), Restart(None), Advance(1)],
    ],
)
def test_whatever_was_done_it_is_come_back_to_to_the_bit(requests) -> None:
    config = EXPERIMENTS["relu-net"].config.replace(batch_size=4)
    run = live(config)
    Advance(13).apply(run)
    BeginTask(1).apply(run)
    before = bits(run)
    for request in requests:
        request.apply(run)
    ReturnToTask(1, 2).apply(run)
    assert bits(run) == before
    assert run.timeline.config == config
    assert run.tasks.bookmark is not None
    assert run.tasks.bookmark.number == 2
    Advance(5).apply(run)
    after = bits(run)
    ReturnToTask(2, 3).apply(run)
    Advance(5).apply(run)
    assert bits(run) == after


def test_a_bookmark_can_be_set_where_the_run_was() -> None:
    run = live(Config())
    Advance(5).apply(run)
    there = bits(run)
    Advance(5).apply(run)
    BeginTask(1, step=5).apply(run)
    assert run.timeline.state.step == 10
    ReturnToTask(1, 2).apply(run)
    assert bits(run) == there


def test_a_task_may_begin_on_a_run_of_its_own() -> None:
    run = live(Config())
    Advance(4).apply(run)
    start = Start(Config(zero_gradients=False), (("a", 2.0), ("c", 1.0)), steps=1)
    BeginTask(1, start).apply(run)
    assert run.timeline.state.step == 1
    assert run.timeline.config.zero_gradients is False
    expected = live(Config(zero_gradients=False))
    expected.timeline.do("load", values=(("a", 2.0), ("c", 1.0)))
    expected.timeline.advance(1)
    np.testing.assert_array_equal(run.timeline.state.parameters, expected.timeline.state.parameters)


def test_a_bookmark_of_before_is_set_without_leaving_the_run() -> None:
    run = live(Config())
    Advance(2).apply(run)
    BeginTask(1).apply(run)
    assert run.tasks.bookmark is not None
    there, text = bits(run), run.tasks.bookmark.text
    again = live(EXPERIMENTS["relu"].config)
    here = bits(again)
    BeginTask(1, text=text).apply(again)
    assert bits(again) == here
    ReturnToTask(1, 2).apply(again)
    assert bits(again) == there


def test_no_bookmark_is_come_back_to_that_was_never_set() -> None:
    run = live(Config())
    with pytest.raises(RequestError, match="no bookmark 7"):
        ReturnToTask(7, 8).apply(run)


@pytest.mark.parametrize("entry", lessons(), ids=lambda entry: entry.name)
def test_every_lesson_may_be_done_in_a_kiosk(entry) -> None:
    lesson = entry.read("")
    timeline = Timeline(Trainer.from_config(Config()))
    run = LiveRun(timeline, KIOSK, Autosave(None), lambda: True)
    starts = [lesson.start, *(task.start for task in lesson.tasks if task.start)]
    for number, start in enumerate(starts, 1):
        BeginTask(number, start).apply(run)
        assert run.timeline.config.pace <= KIOSK.pace
