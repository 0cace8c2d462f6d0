"""Weights that know their data: the file says columns, scaling, classes; loading checks them."""

import json

import numpy as np
import pytest
from safetensors import safe_open

from nn_core import Config, Timeline, Trainer
from nn_core.config.limits import NO_LIMITS
from nn_core.data.schema import Schema
from nn_core.errors import RequestError
from nn_core.explain.words.other_outcomes import loading_words
from nn_core.live.file_requests import Load
from nn_core.live.live_run import LiveRun
from nn_core.models import weights
from nn_core.storage import session
from nn_core.storage.autosave import Autosave
from nn_core.storage.export import write
from nn_core.training.loaded import SCHEMA

TABLE = "size,place,kind,price\n1,u,a,5\n2,v,b,7\n4,u,a,4\n5,v,c,9\n3,v,a,2\n"
OTHER = TABLE + "30,u,b,1\n-8,v,c,2\n"  # of which mean and deviation are others


@pytest.fixture
def config(tmp_path):
    def of(table=TABLE, name="mine.csv", **settings):
        (tmp_path / name).write_text(table)
        wanted = {"model": "mlp", "hidden": (3,), "x": ("size", "place"), "y": ("kind",),
                  "scale": True, "loss": "mse"} | settings  # fmt: skip
        return Config(data=str(tmp_path / name), **wanted)

    return of


@pytest.fixture
def saved(tmp_path, config):
    """A trained run, and the file of its weights."""
    timeline = Timeline(Trainer.from_config(config()))
    timeline.advance(30)
    path = tmp_path / "theirs.safetensors"
    write(timeline, path)
    return timeline, path


def test_the_file_says_columns_scaling_classes_and_features(saved):
    timeline, path = saved
    with safe_open(path, "numpy") as file:
        said = file.metadata()
    assert said["format"] == "pt"
    schema = Schema.from_dict(json.loads(said[SCHEMA]))
    assert schema.to_dict() == timeline.trainer.data.schema.to_dict()
    assert schema.classes == ("a", "b", "c")


def test_loaded_on_other_rows_it_predicts_the_same_to_the_bit(saved, config):
    timeline, path = saved
    trainer = Trainer.from_config(config(OTHER, "other.csv", load=str(path)))
    raw = np.array([[7.0, 1.0], [0.5, 0.0]])
    predicted = [
        each.model.predict(each.data.schema.encoded(raw)) for each in (timeline.trainer, trainer)
    ]
    np.testing.assert_array_equal(*predicted)
    again = Timeline(trainer)
    again.restart(again.config.replace(seed=3))
    np.testing.assert_array_equal(again.trainer.data.x, trainer.data.x)


def test_a_run_on_rows_scaled_so_is_saved_and_opened(saved, config, tmp_path):
    _, path = saved
    timeline = Timeline(Trainer.from_config(config(OTHER, "other.csv", load=str(path))))
    timeline.advance(5)
    write(timeline, tmp_path / "run.json")
    opened = session.open_session(tmp_path / "run.json")
    np.testing.assert_array_equal(opened.trainer.data.x, timeline.trainer.data.x)
    np.testing.assert_array_equal(opened.state.parameters, timeline.state.parameters)


@pytest.mark.parametrize(
    ("table", "settings", "complaint"),
    [
        (TABLE.replace("size", "width"), {"x": ("width", "place")},
         "its columns were size, place; these data have width, place"),
        (TABLE, {"x": ("place", "size")}, "its columns were size, place; these data have place, s"),
        (TABLE.replace("u", "w"), {}, "its inputs were size, place=u, place=v; these data have"),
        (TABLE.replace("c,9", "d,9"), {}, "its classes were a, b, c; these data have a, b, d"),
        (TABLE, {"y": ("price",)}, "its classes were a, b, c; these data have none"),
        (TABLE, {"scale": False}, r"its inputs were scaled; these are not \(scale on does it\)"),
    ],
)  # fmt: skip
def test_other_columns_or_classes_are_refused_by_name(saved, config, table, settings, complaint):
    _, path = saved
    with pytest.raises(RequestError, match=complaint):
        Trainer.from_config(config(table, "new.csv", load=str(path), **settings))


def test_layers_that_fit_are_taken_from_other_columns_in_part(saved, config):
    _, path = saved
    table = TABLE.replace("size", "width")
    settings = {"x": ("width", "place"), "load": str(path), "load_partial": True}
    fit = Trainer.from_config(config(table, "new.csv", **settings)).weights_loaded
    assert fit.loaded == ("2.weight", "2.bias")
    why = "its columns were size, place; these data have width, place"
    assert fit.faults == f"0.weight ({why}), 0.bias ({why})"
    settings = {"load": str(path), "load_partial": True}
    fit = Trainer.from_config(config(TABLE.replace("c,9", "d,9"), "new.csv", **settings))
    assert fit.weights_loaded.loaded == ("0.weight", "0.bias")
    assert "2.bias (its classes were a, b, c; these data have a, b, d)" in loading_words(
        fit.weights_loaded
    )
    other = config(TABLE, "new.csv", x=("place", "size"), y=("price",), hidden=(3,), **settings)
    with pytest.raises(RequestError, match=r"none .* fit; .*0\.weight \(its columns"):
        Trainer.from_config(other)


def test_a_file_from_elsewhere_is_taken_at_its_word(saved, config):
    timeline, path = saved
    weights.save(path, timeline.trainer.model.parameters)
    Trainer.from_config(config(load=str(path), scale=False))


def test_what_a_file_says_may_be_damaged(saved, config):
    timeline, path = saved
    for text in ("{", "[]", '{"columns": 3}', "null"):
        weights.save(path, timeline.trainer.model.parameters, {SCHEMA: text})
        with pytest.raises(RequestError, match="what it says of its columns is damaged"):
            Trainer.from_config(config(load=str(path)))


def test_loaded_into_a_run_it_is_checked_and_another_scaling_is_said(saved, config):
    _, path = saved

    def load(timeline, partial=False):
        live = LiveRun(timeline, NO_LIMITS, Autosave(None), lambda: True)
        Load(str(path), partial).apply(live)
        return loading_words(live.outcome)

    assert "scaled" not in load(Timeline(Trainer.from_config(config())))
    other = Timeline(Trainer.from_config(config(OTHER, "other.csv")))
    assert "Its rows were scaled by another mean and deviation than these." in load(other)
    unscaled = Timeline(Trainer.from_config(config(scale=False)))
    before = unscaled.state.parameters.copy()
    with pytest.raises(RequestError, match="its inputs were scaled"):
        load(unscaled)
    np.testing.assert_array_equal(unscaled.state.parameters, before)
    said = load(unscaled, partial=True)
    assert "Loaded from theirs.safetensors: 2.weight, 2.bias. Not loaded: 0.weight (its in" in said
