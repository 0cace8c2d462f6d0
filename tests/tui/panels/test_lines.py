"""The single lines around the plots: header, point, words, status."""

import math
import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Size

from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.values import PACES
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Activity, Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.formatting import fixed
from nn_core.models.losses import LOSSES
from nn_core.run.timeline import Timeline
from nn_core.training.state import PHASES
from nn_core.training.trainer import Trainer
from nn_tui.panels import classes, lines
from nn_tui.panels.standing_words import StandingWords
from nn_tui.text.meaning import bare
from nn_tui.text.roles import Line, width_of

WIDTHS = st.integers(40, 200)
NUMBERS = st.sampled_from([0.0, -0.0, 1e300, 1e-300, math.nan, math.inf]) | st.floats()


@cache
def snapshot(name: str = "quadratic", steps: int = 0) -> Snapshot:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config))
    timeline.advance(steps)
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest())


def text(line: Line) -> str:
    return "".join(part for part, _ in line)


# --- status -----------------------------------------------------------------------------------


def test_the_status_after_ten_steps() -> None:
    said = text(lines.status(snapshot("quadratic", 10), 80))
    assert said.startswith(" paused ")
    for part in ("10/s", "step 10 ", "epoch 10/100 ", "loss 2.2137 ▼ 0.0208 ", "lr 0.01"):
        assert f" {part}" in said


@given(
    width=st.integers(80, 200), step=st.integers(0, 10**7), epochs=st.integers(1, 10**7),
    loss=NUMBERS, change=st.none() | NUMBERS, running=st.booleans(), pace=st.sampled_from(PACES),
    phase=st.integers(0, len(PHASES) - 1), batches=st.sampled_from([1, 3, 100]),
    rate=st.sampled_from([1e-9, 0.01, 0.0123456, 1e9]),
)  # fmt: skip
def test_the_status_always_tells_where_it_is(
    width: int, step: int, epochs: int, loss: float, change: float | None, running: bool,
    pace: float, phase: int, batches: int, rate: float,
) -> None:  # fmt: skip
    start = snapshot()
    config = start.config.replace(
        epochs=epochs, learning_rate=rate, pace=pace, batch_size=0 if batches == 1 else 4
    )
    shown = replace(
        start, config=config, step=step, epoch=step // batches, steps_per_epoch=batches,
        phase=phase, loss=loss, change=change, learning_rate=rate,
        activity=Activity(running=running),
    )  # fmt: skip
    line = lines.status(shown, width)
    said = text(line)
    assert width_of(line) <= width
    assert re.search(rf"\bstep {step} ", said)
    epoch = step // batches
    assert re.search(rf" epoch {epoch}{f'/{epochs}' if epoch <= epochs else ''}[ ,]", said)
    assert re.search(r" loss (−?\d+\.\d{4}|−?\d\.\de−?\d+|−?nan|−?inf|0\.0000) ", said)
    assert re.search(r" lr [\de.−]+$", said.rstrip())
    assert (" running " if running else " paused ") in said
    if phase:
        assert f" ▸ {PHASES[phase - 1].upper()} " in said


@pytest.mark.parametrize("width", range(40, 80))
def test_a_narrow_status_still_has_step_and_loss_and_rate(width: int) -> None:
    said = text(lines.status(snapshot("quadratic", 10), width))
    assert len(said) <= width
    target = "/100" if width >= 42 else ""
    for part in ("step 10", f"epoch 10{target}", "loss 2.2137", "lr 0.01"):
        assert part in said


def test_at_the_target_no_batch_of_the_next_epoch_is_counted() -> None:
    """It read "epoch 5/5 0/45", as if none of the last epoch's batches were done."""
    config = EXPERIMENTS["digits"].config.replace(epochs=1)
    shown = snapshot("digits", 45)
    at_target, before = (
        text(lines.status(replace(shown, config=config.replace(epochs=epochs)), 80))
        for epochs in (1, 2)
    )
    assert "epoch 1/1 " in at_target
    assert "/45" not in at_target
    assert "epoch 1/2 0/45" in before


@pytest.mark.parametrize("running", [True, False])
@pytest.mark.parametrize("phase", [0, 2, 3])
@pytest.mark.parametrize("width", range(40, 80))
def test_however_narrow_the_status_tells_whether_it_runs(
    width: int, phase: int, running: bool
) -> None:
    shown = replace(snapshot("digits", 47), phase=phase, activity=Activity(running=running))
    said = text(lines.status(shown, width))
    assert len(said) <= width
    assert said.startswith((" running ", "▶ ") if running else (" paused ", "■ "))
    assert "…" not in said
    assert said.rstrip().endswith("lr 0.003")


def test_the_phases_do_not_move_what_stands_after_them() -> None:
    said = [text(lines.status(replace(snapshot(), phase=phase), 80)) for phase in range(1, 5)]
    assert len({line.index("epoch") for line in said}) == 1
    assert len({line.index("loss") for line in said}) == 1


@pytest.mark.parametrize(("change", "glyph"), [(-0.5, "▼"), (0.5, "▲"), (0.0, ""), (None, "")])
def test_the_change_of_the_loss_is_told_by_a_glyph(change: float | None, glyph: str) -> None:
    said = text(lines.status(replace(snapshot(), change=change), 80))
    assert {found for found in "▲▼" if found in said} == set(glyph)


@pytest.mark.parametrize("batches", [1, 3])
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_beyond_the_target_no_epoch_is_said_to_be_one_of_it(width: int, batches: int) -> None:
    """It once stood at "epoch 14/10"."""
    shown = replace(snapshot(), step=14, epoch=14, steps_per_epoch=batches)
    shown = replace(shown, config=shown.config.replace(epochs=10))
    said = text(lines.status(shown, width))
    assert "14/10" not in said
    assert "epoch 14" in said
    assert width == 40 or ", target 10" in said


@pytest.mark.parametrize(("epoch", "cells"), [(0, 0), (50, 5), (100, 10)])
def test_the_progress_bar_fills_up_to_the_target(epoch: int, cells: int) -> None:
    shown = replace(snapshot(), step=epoch, epoch=epoch)
    said = text(lines.status(shown, 80))
    assert said.count("━") == cells
    assert said.count("━") + said.count("─") == 10


@pytest.mark.parametrize(("pace", "said"), [(10.0, "10/s"), (0.5, "0.5/s"), (math.inf, "max")])
def test_the_pace_in_words(pace: float, said: str) -> None:
    assert lines.pace(pace) == said


# --- header, point, words ---------------------------------------------------------------------


def with_settings(name: str, **settings: Any) -> Snapshot:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config.replace(**settings)))
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest())


def test_the_header_says_what_is_in_force_by_its_coefficients() -> None:
    shown = with_settings(
        "relu-net", freeze=("W1",), optimizer="adamw", weight_decay=0.1, schedule="cosine",
        l2=0.01, clip=1.0, loss="huber",
    )  # fmt: skip
    narrow, wide = (text(lines.header(shown, Size(width, 24))) for width in (80, 120))
    for said in (narrow, wide):
        for part in ("Huber + l2 0.01", "AdamW, cosine, decay 0.1", "clip 1", "W1 frozen"):
            assert part in said
    assert f"l2 0.01 ({fixed(shown.penalty or 0)}) ·" in wide
    assert "+ l" not in text(lines.header(snapshot("quadratic"), Size(80, 24)))


@given(st.sampled_from(sorted(EXPERIMENTS)), st.booleans(), st.integers(60, 200))
def test_the_header_fits_and_says_what_it_is(name: str, zeroing: bool, width: int) -> None:
    start = snapshot(name)
    shown = replace(start, config=start.config.replace(zero_gradients=zeroing))
    said = text(lines.header(shown, Size(width, 24)))
    assert len(said) <= width
    assert f" {name} " in said
    assert said.rstrip().endswith(("zeroing gradients", "· zeroing") if zeroing else "NOT ZEROED")
    if width >= 80:
        assert LOSSES[start.config.loss].title in said


@given(st.integers(1, 60), st.integers(60, 200))
def test_the_formula_keeps_apart_from_what_it_is_trained_with(length: int, width: int) -> None:
    start = snapshot()
    shown = replace(start, scene=replace(start.scene, formula="f" * length))
    said = text(lines.header(shown, Size(width, 24)))
    assert re.search(r"f…?  +\S", said) or "f" not in said.replace("of", "")


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_from_120_columns_on_nothing_of_the_header_is_cut_off(name: str) -> None:
    said = text(lines.header(snapshot(name), Size(120, 40)))
    assert "…" not in said
    assert "nn-tui" in said
    assert snapshot(name).scene.formula in said


@pytest.mark.parametrize("size", [(1, 1), (39, 24), (80, 11), (12, 3)])
def test_too_small_a_screen_says_so(size: tuple[int, int]) -> None:
    said = text(lines.header(snapshot(), Size(*size)))
    assert said == f" 40×12 is the least; this is {size[0]}×{size[1]}"


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("steps", [0, 10])
def test_the_words_and_the_point_fit_into_80_columns(name: str, steps: int) -> None:
    shown = snapshot(name, steps)
    said = [text(line) for line in lines.words(shown, 80, StandingWords())]
    assert len(said) == 2
    assert said[0].strip()
    assert all(len(line) <= 80 for line in said)
    point = text(lines.point(shown, 80))
    assert len(point) <= 80
    assert re.match(r" point +1 of \d+ ", point)


def test_the_point_of_the_sketch() -> None:
    """The point's line in LOOK's sketch "The quadratic after ten steps"."""
    said = text(lines.point(snapshot("quadratic", 10), 80))
    wanted = "point 1 of 20 x −2.0000 y 11.8690 model 3.8848 off by −7.9842"
    assert " ".join(said.split()) == wanted


def test_inside_a_step_the_epoch_looks_as_between_two() -> None:
    """It was as bold as the phase before it, as if it were a part of its name."""
    for phase in range(3):
        shown = replace(snapshot(), phase=phase)
        (role,) = [bare(role) for said, role in lines.status(shown, 80) if "epoch" in said]
        assert role == "text"


def test_names_are_whole_where_fewer_blanks_make_room_for_them() -> None:
    """A table's columns were "are", "roo" and "pri", three blanks apart."""
    start = snapshot("mlp")
    scene = replace(start.scene, inputs=("area", "rooms"), targets=("price",))
    point = replace(start.point, x=(56.2, 2.0), y=190.8, prediction=175.73)
    said = text(lines.point(replace(start, point=point, scene=scene), 80))
    assert " ".join(said.split()[4:]) == "area 56.2 rooms 2.0 price 190.8 model 175.7 off by −15.1"


@given(WIDTHS, NUMBERS, NUMBERS)
def test_any_point_fits_from_60_columns_on(width: int, y: float, prediction: float) -> None:
    start = snapshot("stopping-distance")
    point = replace(start.point, y=y, prediction=prediction)
    line = lines.point(replace(start, point=point), max(width, 60))
    assert width_of(line) <= max(width, 60)


def test_raw_parameters_stand_under_scaled_ones_only() -> None:
    assert "·" not in text(lines.under_the_table(snapshot())[0])
    assert lines.under_the_table(snapshot(steps=100)) == []
    assert lines.under_the_table(snapshot("relu-net")) == []
    said = text(lines.under_the_table(snapshot("stopping-distance", 3000))[0])
    assert "distance_ft = 0.09996·speed_mph² + 0.9133·speed_mph + 2.47" in said


def test_the_loss_of_scaled_data_is_said_in_the_file_s_units_where_there_is_room() -> None:
    shown = snapshot("stopping-distance", 3000)
    wide, narrow = (text(lines.status(shown, width)) for width in (120, 80))
    assert "loss 0.3327 (216.5 distance_ft²)" in wide
    assert "loss 0.3327 (216.5 distance_ft²)" in narrow
    assert narrow.startswith(" paused 10/s")
    assert "²" not in text(lines.status(shown, 60))
    assert "²" not in text(lines.status(snapshot(), 160))
    absolute = text(lines.status(with_settings("stopping-distance", loss="mae"), 120))
    assert " distance_ft)" in absolute


def test_the_loss_in_the_file_s_units_stays_beside_that_of_the_rows_held_back() -> None:
    """It was there at first, and gone once rows were held back; the pace tells less."""
    shown = with_settings("stopping-distance", validation=0.2)
    said = text(lines.status(shown, 80))
    assert " distance_ft²)" in said
    assert " val " in said


def test_the_bar_of_a_run_of_thousand_epochs_is_there_at_its_end_too() -> None:
    """It was gone at "epoch 1000/1000       loss 13.8071"."""
    shown = replace(snapshot("relu-net", 1000), loss=13.8071)
    assert "━━━" in text(lines.status(shown, 80))


def test_the_names_of_columns_are_not_cut_to_three_letters_where_one_is_left_out() -> None:
    """Of a table of homes: "siz 120.0  roo 4.0  pri 312000.0"."""
    start = snapshot("stopping-distance")
    names = ("area", "rooms_number", "year_built")
    scene = replace(start.scene, inputs=names, targets=("price_in_thousands",))
    point = replace(start.point, x=(120.5, 4.0, 1987.0), y=312000.0, prediction=298765.4)
    said = text(lines.point(replace(start, point=point, scene=scene), 80))
    assert "  area 120.5  …  price… 312000.0  " in said


def test_the_list_of_the_most_wrong_says_whose_probability_it_names() -> None:
    config = EXPERIMENTS["penguins"].config.replace(x=("all",))
    timeline = Timeline(Trainer.from_config(config))
    found = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    rows = [text(line) for line in classes.confusion(found, 39, 12)]
    at = next(i for i, row in enumerate(rows) if "most wrong" in row)
    assert rows[at] == " most wrong  is → taken for, p of “is”"
    assert found.classes is not None
    share = found.classes.worst[0][3]
    assert rows[at + 1].endswith(f" p {share:.2f}")


@pytest.mark.parametrize(
    ("name", "width", "formula"),
    [("digits", 77, "64→32→10"), ("penguins", 76, "2 → 8 → 3"), ("mlp", 60, "1 → 16 → 16 → 1")],
)
def test_a_network_is_told_by_its_numbers_where_there_is_no_room_for_more(
    name: str, width: int, formula: str
) -> None:
    """It ended in "64 → 32 R…"."""
    assert f" {formula}  " in text(lines.header(snapshot(name), Size(width, 24)))
