"""The screen: what it takes from training, how soon it answers, and what a frame costs."""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from measure import Row, Run, Skipped, Timings, at_least, at_most
from terminal import Program

HERE = Path(__file__).parent
LABORATORY = [sys.executable, "-m", "nn_tui"]
FRAMES = 20  # a second, as many as the screen shows
RUNS = {  # experiment, hidden layers
    "quadratic": ("quadratic", ""),
    "1-16-1": ("relu-net", ""),
    "1-64-64-1": ("relu-net", "64,64"),
}


def _program(name: str, result: Path, *arguments: str) -> list[str]:
    return [sys.executable, str(HERE / "programs.py"), name, str(result), *arguments]


def _found(program: str, *arguments: str, **dialogue: Any) -> Any:
    """What a program wrote into its result file, run in a terminal to its end."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        with Program(_program(program, result, *arguments)) as running:
            answer = dialogue["talk"](running) if "talk" in dialogue else None
            running.read_to_end()
            if not result.exists():
                raise RuntimeError(f"{program} found nothing; its end: {running.output[-2000:]!r}")
        return (json.loads(result.read_text()), answer)


def under_screen() -> Iterator[Row]:
    """Training at pace max under the painted screen, and in turns the same in a bare loop."""
    for name, experiment in RUNS.items():
        found, _ = _found("running", "8", "0.6", *experiment)
        pairs = zip(found["with"], found["without"], strict=True)
        yield Row(
            f"training under the screen, 120×40, {name}", "training without it", "/s",
            median(found["with"]), median(found["without"]),
            median(one / other for one, other in pairs), at_least(0.8),
        )  # fmt: skip
        yield Row("  frames a second meanwhile (20 asked for)", "", "/s", median(found["frames"]))


def keys() -> Iterator[Row]:
    """How long a key takes from the terminal to its handler while training runs at pace max."""
    for name, experiment in RUNS.items():
        handled, pressed = _found("keys", *experiment, talk=_press_keys)
        if len(handled) != len(pressed):
            raise RuntimeError(f"{len(pressed)} keys were pressed, {len(handled)} handled")
        delays = sorted(after - at for at, after in zip(pressed, handled, strict=True))
        middle, late = delays[len(delays) // 2], delays[int(len(delays) * 0.99)]
        yield Row(f"key to handler while training {name}, p99", "", "s", late, bar=at_most(8e-3))
        yield Row("  p50", "", "s", middle)


def _press_keys(program: Program, count: int = 300) -> list[float]:
    """Press a key some fifteen times a second, at no regular times; when each was pressed."""
    program.read_until(b"step")
    program.read(0.5)
    program.press(" ")
    program.read(0.5)
    chance = random.Random(0)
    pressed = []
    for _ in range(count):
        pressed.append(program.press("."))
        program.read(chance.uniform(0.03, 0.1))
    program.press("q")
    return pressed


def first_paint() -> Iterator[Row]:
    """The time from start to the first words on the screen."""
    nowhere = Path(tempfile.gettempdir()) / "unused"
    runs: dict[str, Run] = {
        "ours": lambda count: [_paint(LABORATORY, b"starting") for _ in range(count)],
        "bare": lambda count: [_paint(_program("bare", nowhere), b"painted") for _ in range(count)],
        "ready": lambda count: [_paint(LABORATORY, b"step 0") for _ in range(count)],
    }
    timings = interleave_starts(runs, 15)
    yield timings.cost(
        "first paint of nn-tui", "of a bare Textual app", "ours", "bare", at_most(1.15)
    )
    yield timings.cost(
        "  the whole screen, plots and all", "the same", "ready", "bare", at_most(2.5)
    )


def _paint(command: list[str], text: bytes) -> float:
    with Program(command) as program:
        return program.read_until(text) - program.started


def interleave_starts(runs: dict[str, Run], rounds: int) -> Timings:
    """As `interleave`, once a turn; what a run itself says that it took counts, if it says."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            started = time.perf_counter()
            said = run(1)
            taken = time.perf_counter() - started
            if number:  # the first fills the file cache
                found[name].append(said[0] if isinstance(said, list) else taken)
    return Timings(found)


def frames() -> Iterator[Row]:
    """Two plots in motion at 20 frames a second, in processor time and in bytes."""
    for steps, way in ((5, "5 steps a frame"), (200, "200 steps a frame")):
        found: dict[str, dict[str, list[float]]] = {}
        for _ in range(3):
            for name in ("ours", "static"):
                result, _ = _found("plots", name, str(steps), "100")
                for what, figure in result.items():
                    found.setdefault(what, {}).setdefault(name, []).append(figure)
        for what, unit, bar in (("seconds", "s", 0.3), ("bytes", "B", 0.2)):
            ours, theirs = found[what]["ours"], found[what]["static"]
            title = {"seconds": "processor time", "bytes": "bytes"}[what]
            yield Row(
                f"{title} a frame, two plots at 120×40, {way}",
                "Static.update(Text.from_ansi(plotext …))", unit, median(ours), median(theirs),
                median(a / b for a, b in zip(ours, theirs, strict=True)), at_most(bar),
            )  # fmt: skip


def class_map() -> Iterator[Row]:
    """A frame of the map of classes while it is trained: processor time, and bytes."""
    from nn_core import Timeline, Trainer
    from nn_core.config.experiments import EXPERIMENTS
    from nn_core.explain.capture import capture_snapshot
    from nn_core.explain.scene import make_scene
    from nn_core.explain.view_request import ViewRequest
    from nn_tui.panels import classes
    from nn_tui.plot.render import render

    width, height = 60, 27  # of the map on a screen of 120×40
    for name in ("xor", "spiral", "penguins"):
        timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config))
        scene, request = make_scene(timeline), ViewRequest(cells=(width, height))
        taken = []
        for _ in range(100):
            timeline.advance(5)
            started = time.thread_time()
            plot = classes.fit(capture_snapshot(timeline, scene, request), "braille", True, width)
            assert plot is not None
            render(plot, width, height)
            taken.append(time.thread_time() - started)
        title = f"processor time of a frame of the map of {name}, 120×40"
        yield Row(title, "", "s", median(taken), bar=at_most(6e-3))
        with Program([*LABORATORY, name]) as program:
            program.read_until(b"step")
            program.read(2.0)
            program.press(" ")
            program.read(1.0)
            sent = program.read(2.0) / 2.0 / FRAMES
        yield Row("  bytes of a whole frame while it is trained", "", "B", sent, bar=at_most(1500))


def idle() -> Iterator[Row]:
    """What is sent while nothing changes."""
    with Program(LABORATORY) as program:
        program.read_until(b"step")
        program.read(2.0)
        sent = program.read(5.0)
    yield Row("bytes in 5 s while nothing changes", "", "B", sent, bar=at_most(0))


def plain() -> Iterator[Row | Skipped]:
    """A run without a screen, as a whole process, against the lesson's script."""
    if find_spec("torch") is None:
        yield Skipped("nn-tui quadratic --plain against the lesson's script", "no PyTorch here")
        return

    def runs(command: list[str]) -> Run:
        def run(count: int) -> None:
            for _ in range(count):
                subprocess.run(command, stdout=subprocess.PIPE, check=True)

        return run

    timings = interleave_starts({
        "ours": runs([*LABORATORY, "quadratic", "--plain", "--epochs", "10"]),
        "lesson": runs([sys.executable, "-W", "ignore", str(HERE / "lesson.py")]),
    }, 9)  # fmt: skip
    yield timings.cost(
        "nn-tui quadratic --plain --epochs 10, whole process", "the lesson's PyTorch script",
        "ours", "lesson", at_most(0.2),
    )  # fmt: skip


BENCHMARKS = {
    "under-screen": under_screen,
    "keys": keys,
    "first-paint": first_paint,
    "frames": frames,
    "class-map": class_map,
    "idle": idle,
    "plain": plain,
}
