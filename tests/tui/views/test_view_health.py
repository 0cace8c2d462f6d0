"""The health view: what its rows say is what the trainer does, and they fit any frame."""

import math
import re
from typing import Any

import numpy as np
import pytest
from claims import number
from rich.cells import cell_len

from nn_core import Timeline, Trainer
from nn_core.config import Config
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.optim.optimizers import OPTIMIZERS
from nn_tui.panels.layout import own_rows
from nn_tui.views import VIEWS, Frame, view

HEALTH = view("health")
KEY = str(VIEWS.index(HEALTH) + 1)


def timeline_of(name: str, steps: int = 0, **settings: Any) -> Timeline:
    config: Config = EXPERIMENTS[name].config
    timeline = Timeline(Trainer.from_config(config.replace(**settings)))
    timeline.advance(steps)
    return timeline


def look(timeline: Timeline, **request: Any) -> Snapshot:
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest(view="health", **request))


def rows_of(snapshot: Snapshot, width: int = 80, height: int = 18) -> list[str]:
    lines = HEALTH.draw(snapshot, Frame(width, height, "braille"))
    return ["".join(text for text, _ in line) for line in lines]


def value_of(text: str) -> float:
    """What a line's work comes to."""
    python = text.replace("−", "-").replace("·", "*").replace("÷", "/").replace("^", "**")
    python = re.sub(r"√([\d.e-]+)", r"sqrt(\1)", python.replace("²", "**2"))
    return float(eval(python, {"sqrt": math.sqrt, "sign": np.sign}))


def equations(rows: list[str]) -> list[tuple[str, str, str]]:
    """Symbol, work and result of each line of arithmetic."""
    pattern = re.compile(r" (\S+) +(\S.*?)(?:   ?[a-z +:]+)?  +=  *(\S+)")
    return [found.groups() for row in rows if (found := pattern.fullmatch(row))]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", ["quadratic", "relu-net"])
@pytest.mark.parametrize("zero_gradients", [True, False])
def test_the_arithmetic_read_off_the_screen_is_the_next_step(
    name: str, optimizer: str, zero_gradients: bool
) -> None:
    timeline = timeline_of(
        name, 7, optimizer=optimizer, clip=0.7, l2=0.05, zero_gradients=zero_gradients
    )
    snapshot = look(timeline)
    lines = equations(rows_of(snapshot))
    assert len(lines) == len(snapshot.insight.equations)
    for _, work, result in lines:
        assert value_of(work) == pytest.approx(number(result), rel=1e-4)
    assert snapshot.chosen is not None
    timeline.advance(1)
    reached = timeline.state.parameters[snapshot.chosen.index]
    assert number(lines[-1][2]) == pytest.approx(reached, rel=5.1e-5)


@pytest.mark.parametrize("name", ["quadratic", "relu-net"])
def test_the_table_says_how_far_each_moves(name: str) -> None:
    timeline = timeline_of(name, 3)
    before = timeline.state.copy()
    table = rows_of(look(timeline))[1:]
    gradient = timeline.trainer.preview().gradient
    timeline.advance(1)
    moved = timeline.state.parameters - before.parameters
    for place, row in zip(before.layout.places, table, strict=False):
        assert row[3:].startswith(place.label)
        cells = [number(cell) for cell in row[3:].split()[1:5]]
        values, slopes, moves = (place.view(flat) for flat in (before.parameters, gradient, moved))
        if name == "quadratic":
            wanted = [values.item(), slopes.item(), moves.item()]
        else:
            wanted = [np.linalg.norm(part) for part in (values, slopes, moves)]
        assert cells[:3] == pytest.approx(wanted, abs=0.51e-4)
        ratio = np.linalg.norm(moves) / np.linalg.norm(values)
        assert cells[3] == pytest.approx(ratio, rel=0.051)
        verdict = "fast" if ratio > 0.03 else "slow" if ratio < 3e-5 else "ok"
        assert f"┤  {verdict} " in row


def test_the_diamond_lies_where_the_ratio_is() -> None:
    row = rows_of(look(timeline_of("quadratic")), 200, 54)[1]
    track = row[row.index("├") : row.index("┤") + 1]
    part = (math.log10(0.013529 / 1.1) + 5) / 4  # between 1e−5 and 0.1
    assert track.index("◆") == 1 + round(part * (len(track) - 3))
    assert track.index("┊") == 1 + round(0.5 * (len(track) - 3))


def test_each_verdict_has_its_word() -> None:
    timeline = timeline_of("quadratic", freeze=("a",))
    timeline.do("assign", index=1, value=0.0)
    rows = rows_of(look(timeline))
    assert "frozen" in rows[1]
    assert "from 0" in rows[2]
    timeline = timeline_of("quadratic", learning_rate=1e-7)
    assert all("slow" in row for row in rows_of(look(timeline))[1:4])
    timeline = timeline_of("relu")
    timeline.do("assign", index=1, value=-50.0)
    assert "still" in rows_of(look(timeline))[1]


def test_what_has_settled_is_called_so() -> None:
    timeline = timeline_of("quadratic", 3000, loss="mse", learning_rate=0.05)
    assert all("settled" in row or "still" in row for row in rows_of(look(timeline))[1:4])


def test_rows_out_of_sight_are_told_by_an_arrow() -> None:
    timeline = timeline_of("mlp", hidden=(4, 4, 4, 4, 4))
    for first, arrows in ((0, " ↓"), (3, "↑↓"), (8, "↑ ")):
        rows = rows_of(look(timeline, first=first, count=4, chosen=first))
        assert rows[1][0] + rows[4][0] == arrows


def test_histograms_show_zeros_apart_and_round_limits() -> None:
    rows = rows_of(look(timeline_of("relu-net", 300)))
    text = "\n".join(rows)
    assert "W1, 16 numbers" in text
    assert re.search(r"values .*█", text)
    assert re.search(r"0 zeros +−2 +0 +2 ", text)
    assert re.search(r"1 zero +−0.1 +0 +0.1 ", text)


def test_dead_units_stand_in_their_layers_row() -> None:
    rows = rows_of(look(timeline_of("relu-net", 300)))
    assert rows[1].rstrip().endswith("1 dead")
    assert not rows[2].rstrip().endswith("dead")
    rows = rows_of(look(timeline_of("mlp", activation=("tanh",))))
    assert rows[1].rstrip().endswith("flat")


def test_before_the_backward_phase_nothing_is_judged() -> None:
    timeline = timeline_of("quadratic")
    heights = []
    for phase in range(5):
        rows = rows_of(look(timeline))
        heights.append(next(y for y, row in enumerate(rows) if "length of the gradient" in row))
        assert ("not yet" in rows[1]) == (phase in (1, 2, 3))
        assert any("works the gradient out" in row for row in rows) == (phase in (1, 2, 3))
        timeline.phase()
    assert len(set(heights)) == 1


def test_nothing_moves_but_the_numbers_from_step_to_step() -> None:
    """The places of titles, results and plots are the same all along."""
    timeline = timeline_of("relu-net", optimizer="adam")
    places = set()
    for _ in range(40):
        rows = rows_of(look(timeline))
        titles = tuple(y for y, row in enumerate(rows) if row.startswith((" ──", "── ")))
        equals = {row.index("  =  ") for row in rows if "  =  " in row}
        places.add((titles, *equals, rows[0]))
        timeline.advance(1)
    assert len(places) == 1


FRAMES = [(40, 6), (40, 1), (52, 9), (60, 12), (79, 17), (80, 18), (80, 34), (120, 54), (200, 54)]
RUNS: list[tuple[str, dict[str, Any]]] = [
    ("quadratic", {"optimizer": "adamw", "clip": 1.0, "l1": 0.1, "zero_gradients": False}),
    ("quadratic", {"rows": 1, "noise": (0.0, 0.0)}),
    ("relu", {"optimizer": "nesterov"}),
    ("relu-net", {"batch_size": 7, "dtype": "float32", "optimizer": "adam", "freeze": ("0",)}),
    ("mlp", {"hidden": (64, 64), "optimizer": "rmsprop"}),
    ("mlp", {"hidden": (3, 3, 3, 3, 3, 3), "activation": ("sigmoid",), "loss": "huber"}),
    ("stopping-distance", {"validation": 0.2}),
]


@pytest.mark.parametrize(("name", "settings"), RUNS)
@pytest.mark.parametrize("value", [None, 1e300])
def test_it_fits_every_frame(name: str, settings: dict[str, Any], value: float | None) -> None:
    timeline = timeline_of(name, 2, **settings)
    if value:
        largest = float(np.finfo(timeline.config.dtype).max)
        timeline.do("assign", index=0, value=min(value, largest))
    layers = timeline.trainer.model.kind == "mlp"
    for opened in (None, timeline.state.layout.places[-2].name if layers else None):
        for width, height in FRAMES:
            count = own_rows(HEALTH.own_rows, height + 6)
            for markers in ("braille", "ascii"):
                snapshot = look(timeline, opened=opened, count=count)
                lines = HEALTH.draw(snapshot, Frame(width, height, markers))
                assert len(lines) <= height
                for line in lines:
                    assert sum(cell_len(text) for text, _ in line) <= width, line


async def test_the_view_follows_what_is_chosen_and_opened(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("tab", until=lambda shown: shown.request.view != "fit")
        await person.press(KEY)
        await person.sees("next update of W1[1,1]", "W1, 16 numbers", part="view")
        await person.press("down", "down")
        await person.sees("W2, 16 numbers", part="view")
        await person.press("enter")
        await person.sees("▸ W2[1,1]", "next update of W2[1,1]", part="view")
        await person.press("down")
        await person.sees("▸ W2[1,2]", "next update of W2[1,2]", part="view")
        before = person.shown.chosen.value
        await person.press("right", until=lambda shown: shown.chosen.value > before)
        await person.sees(f"{person.shown.chosen.value:.4f}".replace("-", "−"), part="view")


async def test_it_goes_on_at_full_speed_and_inside_a_step(opened: Any) -> None:
    async with opened("relu-net", "--pace", "max", "--epochs", "2000") as person:
        await person.press(KEY)
        await person.press("space", until=lambda shown: shown.epoch == 2000)
        await person.sees("next update of", part="view")
        await person.press("i", until=lambda shown: shown.phase == 1)
        await person.press(KEY)
        await person.sees("not yet", part="view")


async def test_a_contest_is_not_given_away(opened: Any) -> None:
    async with opened() as person:
        await person.press(KEY)
        await person.sees("−1.3529", "next update of a", part="view")
        await person.press("g", until=lambda shown: shown.contest)
        await person.sees("h shows it once", part="view")
        assert "1.3529" not in person.screen()
        assert "0.0135" not in person.screen()
        assert not person.app.applies("check_gradient")
        await person.press("h", until=lambda shown: shown.contest.hint)
        await person.sees("−1.3529", "next update of a", part="view")
        assert person.app.applies("check_gradient")


@pytest.mark.parametrize("width", range(40, 81))
def test_the_title_of_the_verdicts_is_whole(width: int) -> None:
    assert " verdict" in rows_of(look(timeline_of("relu-net", 3)), width)[0]
