"""The model as a program of NumPy alone: it predicts from raw rows what the program predicts."""

import csv
import subprocess
import sys

import numpy as np
import pytest

from nn_core import Config, Dataset, Quadratic, RectifiedLines, Timeline, Trainer
from nn_core.config import ACTIVATIONS
from nn_core.config.experiments import EXPERIMENTS
from nn_core.data.datasets import load
from nn_core.errors import RequestError
from nn_core.storage.export import write
from nn_core.storage.forms import form_of
from nn_core.storage.predictions import predictions_of
from nn_core.storage.scripts import model_script as module
from nn_core.storage.scripts.model_script import model_script

TABLE = """place,size,sold,kind,price
Rome,1.5,True,big,3
Oslo,,False,small,1
Bern,2.25,True,small,4
Rome,4,,odd,2
,3.5,False,big,5
Oslo,2,True,odd,7
Bern,1e3,False,big,8
"""
NEW = """price,size,sold,place
3,1.25,true,Bern
4,,False,Oslo

1,-2,False, Rome
9,7,,Rome
"""
CASES = {
    "three classes, texts, truths": {"x": ("place", "size", "sold"), "y": ("kind",)},
    "gaps filled": {"x": ("place", "size", "sold"), "y": ("kind",), "missing": "mean"},
    "numbers in the file's units": {"x": ("size", "place"), "y": ("price",), "scale": True},
    "two targets": {"x": ("place",), "y": ("price", "size"), "scale": True, "missing": "mean"},
    "two classes": {"x": ("size", "price"), "y": ("sold",), "loss": "cross-entropy"},
    "features": {
        "x": ("size", "price"), "y": ("kind",), "features": ("x1", "x1^2", "x1*x2", "sin(x2)"),
        "missing": "mean",
    },
    "float32": {"x": ("size", "price"), "y": ("kind",), "dtype": "float32"},
    "no hidden layer": {"x": ("size", "place"), "y": ("kind",), "hidden": ()},
}  # fmt: skip


def trained(tmp_path, steps=20, **settings):
    path = tmp_path / "mine.csv"
    path.write_text(TABLE)
    settings = {"model": "mlp", "hidden": (4, 3), "loss": "mse", "learning_rate": 1e-3} | settings
    timeline = Timeline(Trainer.from_config(Config(data=str(path), **settings)))
    timeline.advance(steps)
    return timeline


def run(path, *arguments):
    """Run a written file as a program, with nothing of this project in reach."""
    words = [sys.executable, "-I", "-c", _ALONE, str(path), *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


# What is not to be imported can't be.
_ALONE = """
import runpy, sys
sys.modules["nn_core"] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def numbers_and_words(text):
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    return [float(cell) if _is_number(cell) else cell for cell in cells]


def _is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


def assert_same(found, wanted, within=1e-12):
    found, wanted = numbers_and_words(found), numbers_and_words(wanted)
    assert len(found) == len(wanted)
    for some, other in zip(found, wanted, strict=True):
        if isinstance(other, float):
            assert some == pytest.approx(other, rel=within, abs=within)
        else:
            assert some == other


@pytest.mark.parametrize("case", CASES)
def test_the_file_run_as_a_program_predicts_what_the_run_does(case, tmp_path):
    timeline = trained(tmp_path, **CASES[case])
    write(timeline, tmp_path / "model.py")
    new = tmp_path / "new.csv"
    new.write_text(NEW)
    done = run(tmp_path / "model.py", new)
    assert done.stderr == ""
    within = 1e-12 if case != "float32" else 1e-6
    assert_same(done.stdout, predictions_of(timeline.trainer, new).text, within)


def predictor(timeline):
    """The names that a written file defines."""
    names = {"__name__": "model"}
    exec(compile(model_script(timeline), "model.py", "exec"), names)
    return names


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_model_of_each_experiment_predicts_the_same(name):
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config))
    timeline.advance(20)
    data, schema = timeline.trainer.data, timeline.trainer.data.schema
    rows = [
        [column.levels[int(cell)] if column.levels else cell
         for column, cell in zip(schema.columns, row, strict=True)]
        for row in data.raw_columns[:30].tolist()
    ]  # fmt: skip
    found = predictor(timeline)
    predicted = found["predict"](rows)
    outputs = timeline.trainer.model.predict(data.x[:30])
    if schema.classes:
        from nn_core.models.losses.cross_entropy import probabilities

        wanted = probabilities(outputs)
        assert found["CLASSES"] == list(schema.classes)
    else:
        wanted = data.y_scaling.undo(outputs) if data.y_scaling else outputs
    np.testing.assert_allclose(predicted, wanted, rtol=1e-12, atol=1e-12)
    by_name = [dict(zip(found["COLUMNS"], row, strict=True)) for row in rows]
    np.testing.assert_array_equal(found["predict"](by_name), predicted)
    assert found["predict"]([]).shape == (0, predicted.shape[1])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_written(activation):
    timeline = Timeline(Trainer.from_config(Config(model="mlp", hidden=(3, 2), loss="mse",
                                                   activation=activation)))  # fmt: skip
    timeline.advance(5)
    x = timeline.trainer.data.x
    np.testing.assert_allclose(
        predictor(timeline)["predict"](x.tolist()), timeline.trainer.model.predict(x), rtol=1e-12
    )


@pytest.mark.parametrize("model", [Quadratic(0.3, -1, 2), RectifiedLines((-1, 2), (0.5, 1))])
def test_models_of_named_numbers_are_formulas(model):
    data = load(Config())
    timeline = Timeline(Trainer(model, data))
    np.testing.assert_allclose(
        predictor(timeline)["predict"](data.x.tolist()), model.predict(data.x), rtol=1e-12
    )


def test_what_is_wrong_with_a_file_is_one_line(tmp_path):
    write(trained(tmp_path, **CASES["three classes, texts, truths"]), tmp_path / "model.py")
    new = tmp_path / "new.csv"
    for text, complaint in (
        ("size,sold\n1,True\n", "there is no column 'place'"),
        ("size,sold,place\n1,True,Paris\n", "place: 'Paris' is none of Bern, Oslo, Rome"),
        ("size,sold,place\nx,True,Rome\n", "could not convert string to float: 'x'"),
    ):
        new.write_text(text)
        done = run(tmp_path / "model.py", new)
        assert done.returncode == 1
        assert done.stderr == f"{new}: {complaint}\n"
    assert "usage: python" in run(tmp_path / "model.py").stderr


def test_semicolons_and_decimal_commas_are_read(tmp_path):
    timeline = trained(tmp_path, **CASES["numbers in the file's units"])
    write(timeline, tmp_path / "run.model.py")
    new = tmp_path / "new.csv"
    new.write_text("place;size\nRome;1,5\nOslo;-2\n")
    assert_same(
        run(tmp_path / "run.model.py", new).stdout, predictions_of(timeline.trainer, new).text
    )


@pytest.mark.parametrize(
    "rows",
    ["place,size\nRome,5 %\nOslo,\"1,250\"\n", "place,size\nRome,CHF 2.5\nOslo,−3\n",
     "place;size\nRome;1.250,5\nOslo;€ 3\n", "place|size\nRome|1'250.5\nOslo|-\n"],
)  # fmt: skip
def test_what_stands_beside_a_number_is_passed_over(tmp_path, rows):
    timeline = trained(tmp_path, **CASES["numbers in the file's units"])
    write(timeline, tmp_path / "model.py")
    new = tmp_path / "new.csv"
    new.write_text(rows, encoding="utf-8")
    assert_same(run(tmp_path / "model.py", new).stdout, predictions_of(timeline.trainer, new).text)


def test_it_is_saved_under_either_name(tmp_path):
    assert form_of(tmp_path / "model.py").title == "model"
    assert form_of(tmp_path / "run.model.py").title == "model"
    assert form_of(tmp_path / "mymodel.py").title == "NumPy script"


def test_a_model_of_too_many_numbers_is_refused(monkeypatch):
    monkeypatch.setattr(module, "MOST_NUMBERS", 2)
    data = Dataset(np.array([[0.0], [1.0]]), np.ones((2, 1)))
    with pytest.raises(RequestError, match="has 3 parameters; a script lists at most 2"):
        model_script(Timeline(Trainer(Quadratic(), data)))
