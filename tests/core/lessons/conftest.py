"""What the tests of lessons share: a lesson file to write, and snapshots of the lesson's run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nn_core.config import Config
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Activity, Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.lessons.lesson import Lesson, read_lesson
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer

LESSON = """
format = 1
title = "A step"
start = { experiment = "quadratic" }

[[task]]
say = "c is {value.c}."
ask = "Which way will c go?"
direction = "value.c"
goal = ["step >= 1"]
hints = ["Press the key of a step.", "Press s."]
solution = ["s"]
after = "From {before.value.c} to {value.c}: {change.value.c}, {direction.value.c}."

[[task]]
say = "Once more."
ask = "What will the loss be?"
number = "loss"
near = 0.01
goal = ["step > before.step"]
hints = ["s"]
solution = ["s"]
after = "It is {loss}."
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write a lesson file, the example's with some of its text replaced."""

    def write(*replaced: tuple[str, str], text: str = LESSON, name: str = "mine.toml") -> Path:
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def lesson(written: Callable[..., Path]) -> Lesson:
    """The example."""
    return read_lesson(written())


class Run:
    """A run that snapshots are taken of."""

    def __init__(self, **settings: Any) -> None:
        self.timeline = Timeline(Trainer.from_config(Config(**settings)))

    def shown(
        self, steps: int = 0, row: int = 0, outcome: Any = None, running: bool = False
    ) -> Snapshot:
        """What it shows after so many more steps, with this row chosen."""
        self.timeline.advance(steps)
        view = ViewRequest(chosen=row)
        scene = make_scene(self.timeline)
        return capture_snapshot(self.timeline, scene, view, Activity(running, outcome))


@pytest.fixture
def run() -> Callable[..., Run]:
    """A run of these settings."""
    return Run
