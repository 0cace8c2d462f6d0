"""What a plot of a long run costs beside that of a short one."""

from collections.abc import Callable, Iterator

from measure import Row, Run, at_most, interleave
from training import lesson_data

from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Activity, Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.models import Quadratic
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer
from nn_tui.panels import plots
from nn_tui.plot.render import render

STEPS = {"short": 1_000, "long": 1_000_000}
WIDTH, HEIGHT = 100, 15


def history() -> Iterator[Row]:
    """A frame of the loss plot over a million steps against one over a thousand.

    Each frame comes one step after the one before, and is drawn from a snapshot like any other.
    """
    drawn: dict[str, Run] = {}
    taken: dict[str, Run] = {}
    for name, steps in STEPS.items():
        timeline = _timeline(steps)
        drawn[name] = _frames(timeline, lambda snapshot: render_loss(snapshot))
        taken[name] = _frames(timeline, lambda snapshot: None)
    for what, runs in (
        ("a loss-plot frame: snapshot, plot, rows of text", drawn),
        ("of that, the snapshot", taken),
    ):
        timings = interleave(runs)
        yield timings.cost(
            f"{what}, 1 000 000 steps", "the same over 1 000 steps", "long", "short", at_most(1.3)
        )


def _timeline(steps: int) -> Timeline:
    timeline = Timeline(Trainer(Quadratic(), lesson_data(20), loss="mae"))
    timeline.advance(steps)
    return timeline


def _frames(timeline: Timeline, draw: Callable[[Snapshot], object]) -> Run:
    """So many frames, a step before each; a short run begins again before it is a longer one."""
    scene, request = make_scene(timeline), ViewRequest(bins=2 * WIDTH, grid=2 * WIDTH)
    start = timeline.state.step

    def run(frames: int) -> None:
        for _ in range(frames):
            if timeline.state.step > 1.2 * start:
                timeline.restart()
                timeline.kept.clear()
                timeline.advance(start)
            timeline.advance(1)
            draw(capture_snapshot(timeline, scene, request, Activity(running=True)))

    return run


def render_loss(snapshot: Snapshot) -> object:
    """The rows of text of the loss plot."""
    return render(plots.loss(snapshot, "braille"), WIDTH, HEIGHT)


BENCHMARKS = {"history": history}
