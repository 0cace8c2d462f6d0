"""The sliders of the table: where a value is, the push on it, and where the step will set it."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.rows import NumberRow
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer
from nn_tui.panels.table import table

UP, DOWN = "▸◇»", "◂◇«"


@cache
def snapshot(learning_rate: float = 0.01, optimizer: str = "sgd", steps: int = 0) -> Snapshot:
    config = EXPERIMENTS["quadratic"].config.replace(
        learning_rate=learning_rate, optimizer=optimizer
    )
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(steps)
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest())


def texts(shown: Snapshot, width: int = 80) -> list[str]:
    return ["".join(text for text, _ in line) for line in table(shown, 0, 0, 20, width)]


def track(line: str) -> str:
    start = min(line.index(end) for end in "├«" if end in line)
    return line[start : 1 + max(line.rindex(end) for end in "┤»" if end in line)]


def of(value: float, update: float) -> list[str]:
    row = NumberRow("a", 0, value, value, -update, update)
    return texts(replace(snapshot(), rows=(row,)))


@given(st.floats(-1, 3), st.floats(1e-4, 1e3), st.booleans())
def test_what_is_drawn_beside_the_value_lies_where_the_update_goes(
    value: float, size: float, up: bool
) -> None:
    _, line = of(value, size if up else -size)
    drawn = track(line)
    here = drawn.index("◆")
    ahead, behind = (drawn[here + 1 :], drawn[:here]) if up else (drawn[:here], drawn[here + 1 :])
    inside = 1 < here < len(drawn) - 2
    assert not inside or any(glyph in ahead for glyph in (UP if up else DOWN))
    assert not any(glyph in behind for glyph in (*UP, *DOWN))


def test_without_an_update_there_is_no_arrow() -> None:
    _, line = of(1.0, 0.0)
    assert not any(glyph in line[3:] for glyph in (*UP, *DOWN))
    assert line.split().count("0.0000") == 2  # gradient and update
    assert "+0.0000" not in line


def test_the_strongest_push_has_the_most_heads() -> None:
    a, b, c = (track(row) for row in texts(snapshot())[1:])
    assert (a.count("▸"), b.count("▸"), c.count("▸")) == (4, 1, 2)


def test_no_arrow_has_a_tip_that_points_at_a_place() -> None:
    """“━━━▸” at a small rate was read as the next value where its tip stood."""
    for width, legend in ((80, " ▸ push "), (120, " ▸▸▸▸ strongest push  ▸ weaker ")):
        header, a, *_ = texts(snapshot(0.0001), width)
        assert legend in header
        assert "◆▸▸▸▸─" in a
        assert "━" not in a
    header = texts(snapshot(optimizer="adam"), 120)[0]
    assert " ▸▸▸▸ largest update  ▸ smaller " in header


def test_of_an_optimizer_that_evens_out_the_arrows_are_as_strong_as_the_updates() -> None:
    """With Adam all three updates were +0.0100, and the arrows, by the gradients, 3 : 1 : 2."""
    for steps in (0, 10):
        header, *rows = texts(snapshot(optimizer="adam", steps=steps))
        assert " ▸ update " in header
        assert " ▸ push " not in header
        assert len({row[3:].count("▸") for row in rows}) == 1


def test_the_arrow_is_called_the_push_and_not_taken_for_the_next_value() -> None:
    """At a rate of 0.0001 and of 1 the row looked the same, and its tip was taken for "next"."""
    drawn = {}
    for rate in (0.0001, 1.0):
        header, a, *_ = texts(snapshot(rate))
        assert " ▸ push " in header
        drawn[rate] = track(a), " ◇ next " in header
    (small, small_says), (large, large_says) = drawn.values()
    assert "◇" not in small
    assert not small_says
    assert large_says
    # −1.1 … 3.3 are the middles of the first and the last cell inside the ends.
    cells = len(large) - 3
    assert large.index("◇") == 1 + round((2.4529 + 1.1) / 4.4 * cells)


def test_a_next_value_beyond_the_slider_is_said_at_its_end() -> None:
    header, a, *_ = texts(snapshot(20.0))
    assert track(a).endswith("»")
    assert " ◇ next " in header
    assert of(1.0, -50.0)[1].count("«") == 1


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_the_titles_read_as_the_formula_that_the_row_is(width: int) -> None:
    """The heading “gradient −lr· update” was read as gradient − lr · update."""
    header = texts(snapshot(), width)[0]
    assert " gradient × −lr = update " in " ".join(header.replace("─", " ").split())


def test_a_move_that_is_too_small_to_be_drawn_is_not_drawn_as_one_of_a_whole_cell() -> None:
    """With b at 1.1003 from 1.1000 ◆ stood one cell, which is 0.3, to the right of the ┊."""
    for start in np.linspace(-1, 3, 81):
        for off in (1e-7, 3e-4, 0.1, 0.5):
            drawn = track_of(float(start), float(start) + off)
            assert ("┊" in drawn) <= (off > 0.14), (start, off)  # half a cell of 0.29
    assert "┊" in track_of(1.0, 1.5)


def track_of(start: float, value: float) -> str:
    row = NumberRow("a", 0, start, value, 0.0, 0.0)
    return track(texts(replace(snapshot(), rows=(row,)))[1])


def test_a_gradient_of_nothing_but_rounding_pushes_nothing() -> None:
    """At a rate of 10 “≈ 0  +4.4e−16” had an arrow, which turned round at each step."""
    for steps in range(1, 6):
        b = texts(snapshot(10.0, steps=steps))[2]
        assert "≈ 0" in b
        assert not any(glyph in b[3:] for glyph in (*UP, *DOWN))
        assert b.split().count("0.0000") == 1
