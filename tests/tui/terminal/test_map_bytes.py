"""The map of classes over a slow link: how many bytes a frame of it sends while it is trained."""

import pytest
from rich.color import ColorSystem
from rich.segment import Segment

from nn_core import Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_tui.panels import classes
from nn_tui.plot.render import render
from nn_tui.terminal.cells import Row, blank, difference, paint
from nn_tui.text.meaning import bare
from nn_tui.text.roles import style

WIDTH, HEIGHT = 60, 24  # of the map on a screen of 120×40
FRAMES, STEPS = 60, 5
MOST = 1200  # of the 1500 bytes that a whole frame may take, the loss's plot and the lines included


def frame(timeline: Timeline, scene: object) -> dict[int, Row]:
    """The cells of the map, by their row."""
    shown = capture_snapshot(timeline, scene, ViewRequest(cells=(WIDTH, 2 * HEIGHT)))
    plot = classes.fit(shown, "braille", True, WIDTH)
    assert plot is not None
    rows = blank(WIDTH, HEIGHT)
    for row, line in zip(rows, render(plot, WIDTH, HEIGHT), strict=True):
        segments = [Segment(text, style(bare(role), "dark", True)) for text, role in line]
        paint(row, 0, segments, ColorSystem.EIGHT_BIT)
    return dict(enumerate(rows))


@pytest.mark.parametrize("name", ["xor", "spiral", "penguins"])
def test_a_frame_of_the_map_while_it_is_trained_sends_little(name: str) -> None:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config))
    scene, sent = make_scene(timeline), 0
    before = frame(timeline, scene)
    for _ in range(FRAMES):
        timeline.advance(STEPS)
        now = frame(timeline, scene)
        sent += len(difference([before[y] for y in range(HEIGHT)], now).encode())
        before = now
    assert sent / FRAMES < MOST


def test_a_map_that_changes_all_over_is_sent_colour_by_colour() -> None:
    pens = [style(f"text@class {label} depth {depth}", "dark", True)
            for label in (0, 1) for depth in range(4)]  # fmt: skip
    shown, wanted = blank(40, 10), blank(40, 10)
    for y, row in enumerate(wanted):
        for x in range(0, 40, 4):
            paint(row, x, [Segment("  ", pens[(x // 4 + y) % 8])], ColorSystem.EIGHT_BIT)
    text = difference(shown, dict(enumerate(wanted)))
    assert text.count("m") <= len(pens) + 1
