"""The ReLUs view: its curves are the model’s, and its rows say what the model does."""

from dataclasses import replace

import numpy as np
import pytest
from unit_runs import LOOK, RUNS, look, run

from nn_core import MLP, Config, Dataset, RectifiedLines, Timeline, Trainer
from nn_core.analysis.kinks import kinks
from nn_core.explain.insights.relus import MOST_CURVES
from nn_core.explain.rows import NumberRow


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("seed", range(3))
def test_what_the_units_add_and_the_bias_are_the_model_exactly(name, seed):
    timeline = run(name, 50, seed)
    model = timeline.trainer.model
    last = sum(RUNS[name].hidden) - 1 if RUNS[name].hidden else 0
    layer = look(timeline, replace(LOOK, chosen=last)).insight.layer
    assert layer.summing
    assert len(layer.units) == layer.width
    together = layer.curves.sum(axis=0) + (layer.offset or 0.0)
    tolerance = 1e-4 if name == "float32" else 1e-12
    np.testing.assert_allclose(together, layer.curve, rtol=tolerance, atol=tolerance)
    np.testing.assert_array_equal(layer.curve, model.predict(
        layer.places[:, None].astype(model.flat.dtype))[:, 0])  # fmt: skip


def test_a_unit_of_a_net_of_one_hidden_layer_is_its_formula():
    timeline = run("1-16-1", 100)
    weight, bias, out, offset = (
        timeline.trainer.model.parameters[name]
        for name in ("0.weight", "0.bias", "2.weight", "2.bias")
    )
    layer = look(timeline).insight.layer
    for unit, (row, curve) in enumerate(zip(layer.units, layer.curves, strict=True)):
        line = weight[unit, 0] * layer.places + bias[unit]
        np.testing.assert_allclose(curve, out[0, unit] * np.maximum(line, 0), atol=1e-12)
        assert (row.weight, row.bias, row.outgoing) == (weight[unit, 0], bias[unit], out[0, unit])
    assert layer.offset == offset[0]
    # Each kink is among the places, so that its corner is drawn where it is.
    inside = [row.kink for row in layer.units if layer.places[0] < row.kink < layer.places[-1]]
    assert set(inside) <= set(layer.places)


@pytest.mark.parametrize("name", ["relu", "1-16-1", "adam"])
@pytest.mark.parametrize("seed", range(4))
def test_the_rows_say_what_the_model_does_at_the_points(name, seed):
    timeline = run(name, 60, seed)
    model, data = timeline.trainer.model, timeline.trainer.data
    snapshot = look(timeline)
    assert snapshot.row_count == len(snapshot.rows) == (2 if name == "relu" else 16)
    lines = isinstance(model, RectifiedLines)
    put_out = model.pieces(data.x) if lines else model.outputs(data.x)[0]
    sizes = [np.abs(row.outgoing * put_out[row.unit]).mean() for row in snapshot.rows]
    bends = {kink.unit: kink for kink in kinks(model, data.x, -1e9, 1e9)}
    for row, size in zip(snapshot.rows, sizes, strict=True):
        assert (row.on, row.points) == (int((put_out[row.unit] > 0).sum()), 20)
        assert row.silent == (row.on == 0)
        assert row.share == pytest.approx(size / sum(sizes))
        assert (row.kink, row.bend) == (bends[row.unit].x, bends[row.unit].bend)
        assert row.weight * row.kink + row.bias == pytest.approx(0, abs=1e-9)
        assert row.slope == row.outgoing * row.weight


def test_the_window_runs_through_all_layers():
    timeline = run("deep")
    snapshot = look(timeline, replace(LOOK, first=4, count=5, chosen=7))
    assert snapshot.row_count == 15
    assert [row.label for row in snapshot.rows] == [
        "unit 1.5", "unit 1.6", "unit 2.1", "unit 2.2", "unit 2.3"
    ]  # fmt: skip
    layer = snapshot.insight.layer
    assert (snapshot.insight.unit.label, layer.number, layer.inputs) == ("unit 2.2", 1, 6)
    np.testing.assert_allclose(
        layer.curves, timeline.trainer.model.outputs(layer.places[:, None])[1], atol=1e-12
    )
    assert not layer.summing


def test_of_a_wide_layer_the_chosen_the_listed_and_the_largest_are_drawn():
    config = RUNS["1-16-1"].replace(hidden=(256,))
    snapshot = look(
        Timeline(Trainer.from_config(config)), replace(LOOK, first=100, count=16, chosen=110)
    )
    drawn = [row.unit for row in snapshot.insight.layer.units]
    assert len(drawn) == MOST_CURVES
    assert set(range(100, 116)) < set(drawn)
    assert snapshot.insight.layer.curves.shape[0] == MOST_CURVES


@pytest.mark.parametrize("name", ["relu", "1-16-1", "deep"])
def test_an_opened_unit_lists_its_parameters(name):
    timeline = run(name)
    opened = replace(LOOK, opened="it", opened_at=1, chosen=1, count=20)
    snapshot = look(timeline, opened)
    names = {
        "relu": ["m2", "b2"],
        "1-16-1": ["0.weight[1, 0]", "0.bias[1]", "2.weight[0, 1]"],
        "deep": ["0.weight[1, 0]", "0.bias[1]", *(f"2.weight[{at}, 1]" for at in range(5))],
    }[name]
    assert [row.name for row in snapshot.rows] == names
    assert snapshot.row_count == len(names)
    assert snapshot.chosen.name == names[1]
    assert all(isinstance(row, NumberRow) for row in snapshot.rows)
    assert look(timeline, replace(opened, first=1, count=1)).rows[0].name == names[1]
    # Of a unit that isn't opened, the parameter that is pushed most.
    chosen = look(timeline, replace(LOOK, chosen=1)).chosen
    assert abs(chosen.gradient) == max(abs(row.gradient) for row in snapshot.rows)
    # A unit that has gone meanwhile is the last.
    assert look(timeline, replace(opened, opened_at=10**6)).rows


def test_the_quadratic_has_no_units_and_says_what_to_open():
    timeline = Timeline(Trainer.from_config(Config()))
    snapshot = look(timeline)
    assert snapshot.insight.unit is None
    assert [row.label for row in snapshot.rows] == ["a", "b", "c"]
    assert "Open relu" in snapshot.insight.sentences[1]


def test_several_inputs_have_no_curve_over_one_x_and_outputs_are_counted():
    random = np.random.default_rng(0)
    data = Dataset(random.normal(size=(30, 3)), random.normal(size=(30, 2)))
    timeline = Timeline(Trainer(MLP((3, 4, 2), over=data.x), data, loss="mse"))
    insight = look(timeline).insight
    assert (len(insight.layer.places), insight.layer.inputs, insight.outputs) == (0, 3, 2)
    assert all(np.isnan(row.kink) and row.points == 30 for row in insight.listed)
    assert insight.listed[1].outgoing == timeline.trainer.model.parameters["2.weight"][0, 1]
    assert "takes 3 inputs" in insight.sentences[0]


@pytest.mark.parametrize("value", [1e300, -1e300, 0.0])
@pytest.mark.parametrize("name", ["relu", "1-16-1", "tanh", "deep", "scaled"])
def test_any_number_may_stand_in_a_parameter(name, value):
    timeline = run(name)
    for index in range(timeline.state.parameters.size):
        timeline.do("assign", index=index, value=value)
    for chosen in (0, 1):
        assert look(timeline, replace(LOOK, chosen=chosen)).insight.sentences
        look(timeline, replace(LOOK, opened="it", opened_at=chosen))


def test_a_unit_opened_before_the_run_had_none_is_opened_no_more():
    for config in (Config(model="mlp", hidden=()), Config()):
        found = look(Timeline(Trainer.from_config(config)), replace(LOOK, opened="it", opened_at=1))
        assert found.request.opened is None


def test_one_row_or_very_many_rows_will_do():
    one = Dataset(np.array([[0.5]]), np.array([[1.0]]))
    timeline = Timeline(Trainer(MLP((1, 4, 1), over=one.x), one, loss="mse"))
    assert look(timeline).insight.unit.points == 1
    config = RUNS["1-16-1"].replace(data="sine", rows=100_000, batch_size=1000)
    insight = look(Timeline(Trainer.from_config(config))).insight
    assert insight.unit.points == len(insight.x) == 2000


@pytest.mark.parametrize("phase", range(1, 5))
def test_inside_a_step_it_shows_the_parameters_as_they_stand(phase):
    timeline = run("batches", 3)
    before = look(timeline).insight.layer.curves
    for _ in range(phase):
        timeline.phase()
    np.testing.assert_array_equal(look(timeline).insight.layer.curves, before)
