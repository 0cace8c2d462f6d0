"""The link to the training thread: what is waited for until a snapshot shows it."""

from dataclasses import replace
from typing import Any

from nn_core import Config, Timeline, Trainer
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.live.requests import Advance, Request
from nn_tui.app.link import Link
from nn_tui.cli.command_line import parse


class Thread:
    """A training thread whose snapshots come when the test says so."""

    failure = None

    def __init__(self, snapshot: Any) -> None:
        self.snapshot, self.asked = snapshot, 0

    def ask(self, request: Request) -> int:
        self.asked += 1
        return self.asked

    def answer(self, count: int) -> None:
        activity = replace(self.snapshot.activity, answered=count)
        self.snapshot = replace(self.snapshot, activity=activity)


def linked(thread: Thread) -> Link:
    link = Link(parse([], {}), None, None, lambda: None)
    link.runner = thread  # type: ignore[assignment]  # it answers when the test says so
    return link


def test_a_picture_asked_for_before_a_step_does_not_stand_for_the_step() -> None:
    timeline = Timeline(Trainer.from_config(Config()))
    thread = Thread(capture_snapshot(timeline, make_scene(timeline), ViewRequest()))
    link = linked(thread)
    link.look(thread.snapshot.request)
    link.ask(Advance(1))
    thread.answer(1)  # the picture, not yet the step
    link.take()
    assert link.is_awaiting
    thread.answer(2)
    link.take()
    assert not link.is_awaiting
