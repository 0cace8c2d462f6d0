"""The programs that `screen.py` runs in a terminal: `python programs.py NAME RESULT [ARGUMENT…]`.

What a program found out it writes as JSON into the file RESULT at its end.  Imports are inside, so
that each costs its start only what it needs.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from nn_core.live.requests import RunOrPause

FRAMES_PER_SECOND = 20


def bare(result: Path) -> None:
    """Run as little of a Textual app as there can be."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Bare(App[None]):
        def compose(self) -> ComposeResult:
            yield Static("painted")

    Bare().run()


# --- the laboratory ---------------------------------------------------------------------------


def _asked(experiment: str, hidden: str) -> Any:
    """What `nn-tui EXPERIMENT --pace max` asks for, with no end."""
    from nn_tui.cli.command_line import parse

    options = ["--pace", "max", "--epochs", str(10**9), *(["--hidden", hidden] if hidden else [])]
    return parse([experiment, *options, "--fps", str(FRAMES_PER_SECOND)])


def keys(result: Path, experiment: str, hidden: str = "") -> None:
    """Run the laboratory, and note when each press of "." has reached its handler."""
    from nn_tui.app.app import Laboratory

    handled: list[float] = []

    class Timed(Laboratory):
        def action_press(self, name: str) -> None:
            if name == "next_point":
                handled.append(time.perf_counter())
            super().action_press(name)

    Timed(_asked(experiment, hidden)).run()
    result.write_text(json.dumps(handled))


def running(result: Path, rounds: str, seconds: str, experiment: str, hidden: str = "") -> None:
    """Train under the screen and without it in turns, and note the steps a second of each."""
    from nn_tui.app.app import Laboratory

    class Measured(Laboratory):
        frames = 0

        def on_mount(self) -> None:
            self.run_worker(self._measure())

        async def _measure(self) -> None:
            while self.snapshot is None:
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)
            found: dict[str, list[float]] = {"with": [], "without": [], "frames": []}
            alone = _timeline(self.launch.config)
            for _ in range(int(rounds)):
                found["without"].append(_rate_alone(alone, float(seconds)))
                rate, frames = await self._rate_under_screen(float(seconds))
                found["with"].append(rate)
                found["frames"].append(frames)
            result.write_text(json.dumps(found))
            self.exit()

        async def _rate_under_screen(self, seconds: float) -> tuple[float, float]:
            runner = self.link.runner
            assert runner is not None
            runner.ask(RunOrPause())
            await asyncio.sleep(0.2)
            before, started = runner._run.timeline.state.step, time.perf_counter()
            self.frames = 0
            await asyncio.sleep(seconds)
            steps, taken = runner._run.timeline.state.step - before, time.perf_counter() - started
            frames = self.frames
            runner.ask(RunOrPause())
            await asyncio.sleep(0.2)
            return steps / taken, frames / taken

        def post_display_hook(self) -> None:
            self.frames += 1

    Measured(_asked(experiment, hidden)).run()


def _timeline(config: Any) -> Any:
    from nn_core.run.timeline import Timeline
    from nn_core.training.trainer import Trainer

    return Timeline(Trainer.from_config(config))


def _rate_alone(timeline: Any, seconds: float) -> float:
    before, started = timeline.state.step, time.perf_counter()
    while (taken := time.perf_counter() - started) < seconds:
        timeline.advance(512)
    rate: float = (timeline.state.step - before) / taken
    return rate


# --- two plots --------------------------------------------------------------------------------

WIDTH, HEIGHT = 120, 20  # of each of the two


def plots(result: Path, way: str, steps: str, frames: str) -> None:
    """Show two plots of a run in motion, and note processor time and bytes a frame."""
    from textual.app import App
    from textual.drivers.linux_driver import LinuxDriver

    from nn_tui.terminal.painting import PaintingApp

    snapshots = _snapshots(int(steps), int(frames))
    base: Any = PaintingApp if way == "ours" else App
    make, show = (_our_plots if way == "ours" else _static_plots)()
    written = 0

    class Counting(LinuxDriver):
        def write(self, data: str) -> None:
            nonlocal written
            written += len(data.encode())
            super().write(data)

    class TwoPlots(base):  # type: ignore[misc]  # whichever of the two is given
        def compose(self) -> Any:
            yield from make()

        def on_mount(self) -> None:
            self.run_worker(self._play())

        async def _play(self) -> None:
            await asyncio.sleep(0.3)
            due = time.perf_counter()
            for number, snapshot in enumerate(snapshots):
                if number == len(snapshots) // 10:  # the first ones warm it up
                    processor, bytes_before = time.process_time(), written
                show(self, snapshot)
                due += 1 / FRAMES_PER_SECOND
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            count = len(snapshots) - len(snapshots) // 10
            found = {
                "seconds": (time.process_time() - processor) / count,
                "bytes": (written - bytes_before) / count,
            }
            result.write_text(json.dumps(found))
            self.exit()

    TwoPlots(driver_class=Counting).run()


def _snapshots(steps: int, count: int) -> list[Any]:
    """A network learning, so many steps from picture to picture."""
    from nn_core.config.experiments import EXPERIMENTS
    from nn_core.explain.capture import capture_snapshot
    from nn_core.explain.scene import make_scene
    from nn_core.explain.snapshot import Activity
    from nn_core.explain.view_request import ViewRequest

    timeline = _timeline(EXPERIMENTS["relu-net"].config)
    scene = make_scene(timeline)
    found = []
    for _ in range(count):
        timeline.advance(steps)
        found.append(
            capture_snapshot(
                timeline, scene, ViewRequest(bins=2 * WIDTH, grid=2 * WIDTH), Activity(running=True)
            )
        )
    return found


def _our_plots() -> Any:
    from nn_tui.panels import plots
    from nn_tui.plot.widget import PlotWidget
    from nn_tui.text import roles

    def make() -> Any:
        for name in ("fit", "loss"):
            widget = PlotWidget(lambda role: roles.style(role, "dark", True), id=name)
            widget.styles.height = HEIGHT
            yield widget

    def show(app: Any, snapshot: Any) -> None:
        app.query_one("#fit").show_plot(plots.fit(snapshot, "braille", True))
        app.query_one("#loss").show_plot(plots.loss(snapshot, "braille"))

    return make, show


def _static_plots() -> Any:
    from rich.text import Text
    from textual.widgets import Static

    def make() -> Any:
        for name in ("fit", "loss"):
            widget = Static(id=name)
            widget.styles.height = HEIGHT
            yield widget

    def show(app: Any, snapshot: Any) -> None:
        app.query_one("#fit").update(Text.from_ansi(_fit_by_plotext(snapshot)))
        app.query_one("#loss").update(Text.from_ansi(_loss_by_plotext(snapshot)))

    return make, show


def _figure(title: str) -> Any:
    import plotext

    plotext.terminal.limit(False, False)
    figure = plotext.figure.clear()
    figure.plot_size(WIDTH, HEIGHT)
    figure.title(title)
    return figure


def _line(figure: Any, curve: Any, colour: str, label: str) -> None:
    import plotext

    x, y = curve
    marker = plotext.marker("braille", colour)
    figure.draw(figure.signal(list(x), list(y), marker=marker).lines().label(label))


def _fit_by_plotext(snapshot: Any) -> str:
    import plotext

    scene, figure = snapshot.scene, _figure("fit")
    _line(figure, scene.truth, "green", "truth")
    _line(figure, snapshot.curve, "yellow", "model")
    dots = plotext.marker("●", "blue")
    figure.draw(figure.signal(list(scene.x), list(scene.y), marker=dots).label("data"))
    text: str = figure.build().string()
    return text


def _loss_by_plotext(snapshot: Any) -> str:
    figure = _figure("loss by epoch")
    curve = snapshot.losses
    _line(figure, (curve.step, curve.high), "yellow", "loss")
    for reference in snapshot.scene.references:
        _line(figure, ((0, curve.end), (reference.loss, reference.loss)), "green", reference.label)
    text: str = figure.build().string()
    return text


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
