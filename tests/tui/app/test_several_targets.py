"""Several targets: which is drawn, the others beside it, and the measures of each by itself."""

import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nn_core import Dataset, Timeline, Trainer
from nn_core.analysis import sweep
from nn_core.analysis.measures import search
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.training.measures import NumberMeasures, TargetsMeasures
from nn_tui.cli import plain
from nn_tui.cli.command_line import parse
from nn_tui.dialogs.measures_sheet import report

FLATS = "size,age,rent,heat\n" + "".join(
    f"{30 + 3 * at},{(7 * at) % 50},{400 + 36 * at},{70 - at}\n" for at in range(20)
)
NAMED = ("--y", "rent,heat", "--scale", "on")


async def test_the_key_draws_the_next_target_and_the_point_line_names_both(
    opened: Any, csv_file: Callable[[str], str]
) -> None:
    async with opened(csv_file(FLATS), *NAMED, size=(120, 40)) as person:
        await person.sees("rent (1/2)", part="fit")
        assert "rent 400.00" in person.reads("point")
        assert "heat 70.00 model" in person.reads("point")
        await person.press("T", until=lambda shown: shown.scene.drawn == 1)
        await person.sees("heat (2/2)", part="fit")
        assert "heat 70.00   model" in person.reads("point")
        assert "rent 400.00 model" in person.reads("point")
        assert person.shown.scene.y.max() == 70
        await person.press("T", until=lambda shown: shown.scene.drawn == 0)
        await person.press("full_stop", until=lambda shown: shown.point.index == 1)
        assert person.shown.point.y == 436


async def test_the_footer_names_the_key_only_where_there_are_several(
    opened: Any, csv_file: Callable[[str], str]
) -> None:
    async with opened(csv_file(FLATS), *NAMED) as person:
        assert "T target" in person.reads("keys")
    async with opened("relu-net") as person:
        assert "T target" not in person.reads("keys")
        await person.press("T", until=lambda shown: shown.complaint)
        assert person.shown.complaint.startswith("there is one target")


@pytest.mark.parametrize("columns", [("size",), ("size", "age")])
@pytest.mark.parametrize("drawn", [0, 1])
def test_what_is_drawn_is_one_targets_in_the_units_of_the_file(
    columns: tuple[str, ...], drawn: int, csv_file: Callable[[str], str]
) -> None:
    arguments = [csv_file(FLATS), *NAMED, "--x", ",".join(columns), "--validation", "0.2"]
    trainer = Trainer.from_config(parse(arguments).config)
    timeline = Timeline(trainer)
    asked = ViewRequest(point=3, target=drawn)
    seen = capture_snapshot(timeline, make_scene(timeline, drawn), asked)
    found = trainer.model.predict(trainer.data.x) * trainer.data.y_scaling.deviation
    found = (found + trainer.data.y_scaling.mean)[:, drawn]
    np.testing.assert_allclose(seen.predictions, found)
    assert seen.scene.y.tolist() == trainer.data.raw_y[:, drawn].tolist()
    assert seen.point.y == seen.scene.y[3]
    assert seen.point.prediction == pytest.approx(seen.predictions[3])
    [other] = seen.point.others
    assert (other.name, other.y) == (["heat", "rent"][drawn], trainer.data.raw_y[3, 1 - drawn])


def test_a_run_with_fewer_targets_draws_its_first() -> None:
    timeline = Timeline(Trainer.from_config(parse(["relu-net"]).config))
    assert make_scene(timeline, target=3).drawn == 0


def test_each_target_is_measured_by_itself() -> None:
    data = Dataset.from_columns(
        {"x": [1.0, 2, 3, 4], "a": [10.0, 20, 30, 40], "b": [1.0, 1, 2, 2]}, y=("a", "b")
    )
    trainer = Trainer.from_config("mlp", data, hidden=(), scale=True, lr=0.1)
    trainer.run(300)
    found = trainer.score()
    assert isinstance(found, TargetsMeasures)
    for at, name in enumerate(("a", "b")):
        each = found.by_target[name]
        off = (trainer.predict({"x": [1.0, 2, 3, 4]}) - data.raw_y)[:, at]
        assert each.rmse == pytest.approx(float(np.sqrt((off**2).mean())))
        assert each.baseline == pytest.approx(float(data.raw_y[:, at].std()))
        assert each.explained == pytest.approx(1 - (each.rmse / each.baseline) ** 2)
    assert found.by_target["a"].explained > 0.99 > found.by_target["b"].explained
    assert found.sentence.startswith("a explains 1.00 of the variance; off by ")
    assert "; b explains 0.8" in found.sentence


def output(kind: str, *arguments: str) -> tuple[list[str], str]:
    out, errors = io.StringIO(), io.StringIO()
    assert plain.run(Timeline(Trainer.from_config(parse(arguments).config)),
                     kind, 1000, out, errors) == 0  # fmt: skip
    return out.getvalue().splitlines(), errors.getvalue()


def test_without_a_screen_each_target_has_its_measures(csv_file: Callable[[str], str]) -> None:
    arguments = [csv_file(FLATS), *NAMED, "--validation", "0.2", "--epochs", "200"]
    rows, _ = output("json", *arguments)
    summary = json.loads(rows[-1])
    each = summary["measures"]["targets"]
    assert list(each) == list(summary["validation_measures"]["targets"]) == ["rent", "heat"]
    assert each["rent"]["rmse"] > each["heat"]["rmse"] > 0  # in its own units
    rows, said = output("plain", *arguments)
    explained = ",".join(f"{each[name]['explained']:.4f}" for name in each)
    assert f"; explained={explained};" in rows[-1]
    assert "training, rent: explains" in said
    assert "held back, heat: explains" in said


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_sheet_has_a_row_for_each_target(width: int, csv_file: Callable[[str], str]) -> None:
    trainer = Trainer.from_config(parse([csv_file(FLATS), *NAMED, "--validation", "0.2"]).config)
    found = sweep.result(search(trainer))
    rows = ["".join(text for text, _ in line) for line in report(found, width).lines]
    assert [row for row in rows if row.endswith(("trained on", "held back"))] == [
        " 4 rows held back", " 16 rows trained on",
    ]  # fmt: skip
    assert isinstance(found.training, TargetsMeasures)
    heat = found.training.by_target["heat"]
    assert isinstance(heat, NumberMeasures)
    _, trained_on = (row for row in rows if row.startswith(" heat "))
    assert f"{heat.rmse:.4g}" in trained_on
    assert max(map(len, rows)) <= width
