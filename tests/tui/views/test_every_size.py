"""What holds of every view, of every run, at every size: nothing too wide, no large empty part."""

from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.geometry import Size

from nn_core import Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_tui.panels import layout, lines
from nn_tui.panels.standing_words import StandingWords
from nn_tui.text.roles import Line, width_of
from nn_tui.views import VIEWS, Frame, View

SIZES = [(80, 24), (120, 40), (200, 60)]
SMALL = [(40, 12), (60, 20)]
RUNS: dict[str, tuple[str, dict[str, Any]]] = {
    "quadratic": ("quadratic", {}),
    "2000 points": ("quadratic", {"rows": 2000}),
    "relu": ("relu", {}),
    "relu-net": ("relu-net", {"validation": 0.2}),
    "two layers": ("relu-net", {"hidden": (8, 8)}),
    "cars": ("stopping-distance", {}),
    "xor": ("xor", {}),
    "spiral": ("spiral", {}),
    "penguins": ("penguins", {"validation": 0.2}),
    "without units": ("penguins", {"hidden": ()}),
    "digits": ("digits", {}),
    "eight columns": ("mlp", {"scale": True, "hidden": (16, 16)}),
}
MOST_BLANK = 5  # rows on end


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of eight columns."""
    path = tmp_path_factory.mktemp("data") / "mine.csv"
    numbers = np.random.default_rng(1).normal(size=(60, 8))
    names = ["age", "income per year", *(f"a_rather_long_name_{at}" for at in range(6))]
    np.savetxt(path, numbers, delimiter=",", header=",".join(names), comments="", fmt="%.4f")
    return path


@cache
def made(run: str, table: Path) -> tuple[Timeline, Any]:
    """The run after some steps, and what holds for all of it."""
    experiment, changes = RUNS[run]
    if run == "eight columns":
        changes = {**changes, "data": str(table)}
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[experiment].config.replace(**changes)))
    timeline.advance(30)
    return timeline, make_scene(timeline)


def seen(run: str, table: Path, view: View, size: tuple[int, int]) -> tuple[Snapshot, Frame]:
    """What a view shows on a screen of this size, and its frame there."""
    timeline, scene = made(run, table)
    side = layout.side_width(size[0])
    frame = Frame(size[0] - side - bool(side), size[1] - 6, "braille", bool(side))
    count = layout.table_rows(scene.kind, 12, size[1])
    if view.own_rows:
        count = layout.own_rows(view.own_rows, size[1], alone=view.by_unit)
    else:
        frame = Frame(frame.width, frame.height - 1 - count, "braille", bool(side))
    cells = (frame.width, frame.height)
    request = ViewRequest(
        view=view.name, by_unit=view.by_unit, count=count, grid=2 * frame.width, cells=cells,
        point=0,
    )  # fmt: skip
    return capture_snapshot(timeline, scene, request), frame


def text(drawn: list[Line]) -> list[str]:
    """The rows; a cell with a coloured ground isn't blank."""
    return [
        "".join("█" * len(part) if "@" in role else part for part, role in row) for row in drawn
    ]


def longest_blank(rows: list[str]) -> int:
    """How many rows on end are blank."""
    full = [-1, *(at for at, row in enumerate(rows) if row.strip()), len(rows)]
    return max(later - one - 1 for one, later in pairwise(full))


@pytest.mark.parametrize("run", RUNS)
def test_no_row_is_wider_than_its_room(run: str, table: Path) -> None:
    for view, size in product(VIEWS[1:], [*SIZES, *SMALL]):
        snapshot, frame = seen(run, table, view, size)
        drawn = view.draw(snapshot, frame)
        assert len(drawn) <= frame.height, (view.name, size)
        assert all(width_of(row) <= frame.width for row in drawn), (view.name, size)
        if size in SMALL:
            continue  # there they are cut, with a sign of it
        for around in (
            [lines.header(snapshot, Size(*size)), lines.status(snapshot, size[0])],
            lines.words(snapshot, size[0], StandingWords()),
        ):
            assert all(width_of(row) <= size[0] for row in around), size


@pytest.mark.parametrize("run", RUNS)
def test_no_view_has_a_large_empty_part(run: str, table: Path) -> None:
    for view, size in product(VIEWS[1:], SIZES):
        snapshot, frame = seen(run, table, view, size)
        rows = text(view.draw(snapshot, frame))
        rows += [""] * (frame.height - len(rows))
        assert longest_blank(rows) <= MOST_BLANK, (view.name, size, "\n".join(rows))
        if view.name in ("step", "ReLUs"):  # the left half of others may be a plot without a curve
            blank = longest_blank([row[: frame.width // 2] for row in rows])
            assert blank <= frame.height // 4, (view.name, size, "\n".join(rows))


@pytest.mark.parametrize("run", RUNS)
def test_no_row_of_a_list_is_hidden_beside_empty_rows(run: str, table: Path) -> None:
    for view, size in product(VIEWS[1:], SIZES):
        snapshot, frame = seen(run, table, view, size)
        rows = text(view.draw(snapshot, frame))
        if rows[-1].startswith("↓"):
            blank = sum(not row.strip() for row in rows)
            assert blank <= 1, (view.name, size, "\n".join(rows))
