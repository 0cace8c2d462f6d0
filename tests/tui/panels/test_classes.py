"""The table of classes, which is taken for which, and the map of them."""

import re

import numpy as np
import pytest

from nn_core import Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.training.measures import ClassMeasures
from nn_tui.panels.classes import confusion, confusion_rows, fit
from nn_tui.panels.picture import bars
from nn_tui.plot.render import render
from nn_tui.text.roles import width_of


def rows_of(names: tuple[str, ...], width: int) -> list[str]:
    counts = np.arange(len(names) ** 2).reshape(len(names), -1)
    lines = confusion_rows(ClassMeasures(names, counts, names[0], 0.5), width)
    assert all(width_of(line) <= width for line in lines)
    return ["".join(text for text, _ in line) for line in lines]


@pytest.mark.parametrize("width", [36, 39, 60, 120])
def test_a_class_has_its_whole_name_where_there_is_room(width: int) -> None:
    head, first, *_ = rows_of(("Adelie", "Chinstrap", "Gentoo"), width)
    assert head.split() == ["Adelie", "Chinstrap", "Gentoo"]
    for name, count in zip(head.split(), first.split()[1:], strict=True):
        assert first[head.index(name) + len(name) - 1] == count  # which stands under its end


def test_names_are_cut_where_there_is_no_room() -> None:
    head, *_ = rows_of(("Adelie", "Chinstrap", "Gentoo"), 30)
    assert head.split() == ["Adeli", "Chins", "Gento"]


@pytest.mark.parametrize("name", ["penguins", "xor"])
@pytest.mark.parametrize("width", [40, 60, 120])
def test_the_map_names_the_columns_that_are_its_axes(name: str, width: int) -> None:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config))
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    plot = fit(shown, "braille", True, width)
    assert plot is not None
    rows = ["".join(text for text, _ in row) for row in render(plot, width, 12)]
    across, up = shown.scene.inputs
    assert any(f"{across}→ {up}↑" in row for row in (rows[0], rows[-1]))


def bars_of(shares: list[float], height: int, is_: int) -> list[str]:
    lines = bars([str(at) for at in range(len(shares))], shares, 30, height, is_)
    return ["".join(text for text, _ in line) for line in lines]


@pytest.mark.parametrize("height", range(3, 12))
def test_probabilities_for_which_there_is_no_room_are_added_up(height: int) -> None:
    shares = [0.30, 0.01, 0.15, 0.05, 0.02, 0.09, 0.03, 0.20, 0.05, 0.10]
    rows = bars_of(shares, height, is_=1)
    assert len(rows) == min(height, 10)
    assert sum(float(row.split()[-1]) for row in rows) == pytest.approx(1.0)
    assert any(row.startswith(" ●1 ") for row in rows)  # the right one, however small
    assert any(row.startswith("  0 ") for row in rows)  # and the greatest
    assert any(" others " in row for row in rows) == (height < 10)


@pytest.mark.parametrize("width", [26, 29, 40, 60])
def test_the_rows_that_are_most_wrong_end_in_a_whole_number(width: int) -> None:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["penguins"].config.replace(x=("all",))))
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    title, *rows = ("".join(text for text, _ in line) for line in confusion(shown, width, 9))
    assert "taken for →" in title
    worst = [row for row in rows if " → " in row and " p " in row and "p of" not in row]
    assert worst
    assert all(re.search(r"p \d\.\d\d$", row) for row in worst)
    assert "2 of 3" in "".join(text for text, _ in confusion(shown, 39, 4)[0])
