"""Whatever the data and the size, plots are drawn.

They are drawn in a process of their own: a crash in plotext's kernel would take this one with it.
"""

import asyncio
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.app import App, ComposeResult

from nn_tui.plot.plot import (
    AxisGlyphs,
    Curve,
    Envelope,
    Label,
    Plot,
    Points,
    ReferenceLine,
    Residuals,
)
from nn_tui.plot.render import render
from nn_tui.plot.scale import Axis
from nn_tui.plot.widget import PlotWidget

EXTREMES = (0.0, -0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, 1e300, -1e300, 1.7e308, -1.7e308, 5e-324)
SIZES = ((1, 1), (1, 9), (9, 1), (2, 2), (5, 3), (7, 4), (38, 11), (60, 18), (100, 25))
TEXTS = ("", "loss 0.5", "a name that is far too long for any of these plots 1.25", "数据\x1b[2J\n")


def some_values(chance: random.Random, length: int) -> np.ndarray:
    """Return values of one of the kinds that training and people's files come up with."""
    numbers = np.random.default_rng(chance.getrandbits(32))
    kinds = (
        lambda: numbers.normal(size=length),
        lambda: np.sort(numbers.normal(size=length)),
        lambda: np.full(length, chance.choice(EXTREMES)),
        lambda: numbers.choice(EXTREMES, size=length),
        lambda: numbers.normal(size=length) * 10.0 ** numbers.integers(-320, 300, size=length),
        lambda: 1e15 + numbers.normal(size=length),
        lambda: np.where(numbers.random(length) < 0.3, np.nan, numbers.normal(size=length)),
        lambda: np.arange(length) * 10.0 ** chance.randint(-300, 300),
        lambda: numbers.integers(-3, 3, size=(length, 1)),
    )
    return chance.choice(kinds)()


def some_axis(chance: random.Random) -> Axis | None:
    pick = (*EXTREMES, 3.7, 2e-9, 1e15)
    axis = Axis(chance.choice(pick), chance.choice(pick), log=chance.random() < 0.3)
    return chance.choice((None, axis))


def some_plot(chance: random.Random) -> Plot:
    length = chance.choice((0, 1, 2, 3, 20, 200))
    x, y, z = (some_values(chance, length) for _ in range(3))
    shorter = y[: chance.randint(0, length)]
    text = chance.choice(TEXTS)
    marks = (
        Curve(x, y, every=chance.choice((1, 3))),
        Curve(x, shorter, "truth"),
        Envelope(x, y, z),
        Points(x, y, chosen=chance.choice((None, 0, 10**6))),
        Residuals(x, y, z),
        AxisGlyphs(x, "▲▼△" * length),
        ReferenceLine(chance.choice(EXTREMES), text, include=chance.random() < 0.5),
        ReferenceLine(0.1, text),
        ReferenceLine(0.2, "another name 0.2"),
        Label(chance.choice(EXTREMES), 0.5, text, "kept"),
    )
    return Plot(
        marks=tuple(chance.sample(marks, chance.randint(0, len(marks)))),
        title=((text, "text"), (" ─ ", "rule"), ("● data", "data"))[: chance.randint(0, 3)],
        x=some_axis(chance),
        y=some_axis(chance),
        log_y=chance.random() < 0.4,
        markers=chance.choice(("braille", "blocks", "ascii")),
    )


def check_render(chance: random.Random, cases: int) -> None:
    for case in range(cases):
        size = chance.choice((*SIZES, (chance.randint(0, 70), chance.randint(0, 20))))
        width, height = (500, 200) if case % 200 == 0 else size
        rows = render(some_plot(chance), width, height)
        text = ["".join(run for run, _ in row) for row in rows]
        assert len(rows) == height, (case, width, height)
        assert all(cell_len(row) == len(row) == width for row in text), (case, width, text)
        assert "⠀" not in "".join(text), "an empty cell is a space"


class Plots(App[None]):
    """A plot and nothing else."""

    def compose(self) -> ComposeResult:
        yield PlotWidget(lambda role: Style(color="red"))


async def check_widget(chance: random.Random, cases: int) -> None:
    app = Plots()
    async with app.run_test(size=(40, 12)) as pilot:
        widget = app.query_one(PlotWidget)
        for case in range(cases):
            if case % 10 == 0:
                await pilot.resize_terminal(*chance.choice(SIZES))
            plot = some_plot(chance)
            widget.show_plot(plot)
            lines = [widget.render_line(y).text for y in range(widget.size.height)]
            width, height = widget.size
            assert [len(line) for line in lines] == [width] * height
            # Not a row may be left over from the plot before.
            fresh = render(replace(plot, y=widget._y_axis), width, height)
            assert lines == ["".join(text for text, _ in row) for row in fresh], case


def test_nothing_that_is_plotted_raises_or_ends_the_process():
    here = Path(__file__)
    done = subprocess.run(
        [sys.executable, "-W", "error", str(here)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "every plot was drawn\n"), done.stderr[-4000:]


if __name__ == "__main__":
    chance = random.Random(20240607)
    check_render(chance, 2000)
    asyncio.run(check_widget(chance, 200))
    print("every plot was drawn")
