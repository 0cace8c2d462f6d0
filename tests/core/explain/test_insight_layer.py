"""The layer view's numbers: worked out anew, one multiplication at a time.

They are also held against what the trainer itself predicts and counts.
"""

import math
import re

import numpy as np
import pytest
from claims import number, says
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import Config, Timeline, Trainer
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.insights import layer
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.models.losses import LOSSES

ACTIVATIONS = {
    "relu": lambda z: max(z, 0.0),
    "leaky-relu": lambda z: max(z, 0.01 * z),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "identity": lambda z: z,
    "silu": lambda z: z / (1 + np.exp(-z)),
    "gelu": lambda z: z * math.erfc(-z / math.sqrt(2)) / 2,
}
N = r"\(?([+−]?\d+(?:\.\d+)?(?:e−?\d+)?)\)?"


def picture(timeline, **request):
    """A snapshot with the layer view's insight."""
    return capture_snapshot(
        timeline, make_scene(timeline), ViewRequest(view="layer", count=100, **request)
    )


def run(**config):
    return Timeline(Trainer.from_config(Config(**config)))


networks = st.fixed_dictionaries(
    {
        "model": st.just("mlp"),
        "hidden": st.lists(st.integers(1, 20), min_size=1, max_size=3).map(tuple),
        "activation": st.sampled_from([(name,) for name in ACTIVATIONS]),
        "seed": st.integers(0, 99),
        "rows": st.sampled_from([1, 2, 7, 20, 50]),
        "batch_size": st.sampled_from([0, 1, 5]),
        "dtype": st.sampled_from(["float64", "float32"]),
        "loss": st.sampled_from(["mae", "mse", "huber"]),
        "l2": st.sampled_from([0.0, 0.1]),
        "clip": st.sampled_from([0.0, 0.5]),
    }
)


@settings(max_examples=60)
@given(
    networks, st.integers(0, 30), st.floats(0, 0.999), st.floats(0, 0.999), st.integers(0, 49),
    st.integers(0, 4),
)  # fmt: skip
def test_every_number_is_one_multiplication_and_addition_after_another(
    config, steps, which, where, point, phases
):
    timeline = run(**config)
    timeline.advance(steps)
    for _ in range(phases):
        timeline.phase()
    trainer = timeline.trainer
    places = timeline.state.layout.places
    place = places[int(which * len(places))]
    shown = picture(timeline, opened=place.name, chosen=int(where * place.size), point=point)
    insight, part = shown.insight, shown.insight.matrix
    parameters = trainer.model.parameters
    tolerance = {"rtol": 1e-4, "atol": 1e-4} if config["dtype"] == "float32" else {"atol": 1e-9}

    # What is chosen is what the table and the keys have chosen.
    weight, bias = parameters[f"{place.layer}.weight"], parameters[f"{place.layer}.bias"]
    chosen = bias[insight.unit] if place.is_bias else weight[insight.unit, insight.input]
    assert float(chosen) == shown.chosen.value
    assert (insight.input is None) == place.is_bias
    assert insight.shape == (*weight.shape, len(trainer.batch_rows()))

    # The columns are the chosen point, then others of the real batch.
    row = min(point, trainer.data.rows - 1)
    assert part.points[0] == row
    batch = trainer.batch_rows().tolist()
    assert set(part.points[1:].tolist()) <= set(batch) - ({row} if insight.in_batch else set())
    assert insight.in_batch == (row in batch)
    assert len(set(part.points.tolist())) == len(part.points)

    # Layer by layer, unit by unit.
    name = config["activation"][0]
    for at, column in enumerate(part.points.tolist()):
        incoming = trainer.data.x[column].tolist()
        for number_of_layer in range(len(places) // 2):
            w = parameters[f"{2 * number_of_layer}.weight"].tolist()
            b = parameters[f"{2 * number_of_layer}.bias"].tolist()
            last = number_of_layer == len(places) // 2 - 1
            products = [sum(x * y for x, y in zip(r, incoming, strict=True)) for r in w]
            sums = [p + c for p, c in zip(products, b, strict=True)]
            outputs = sums if last else [ACTIVATIONS[name](z) for z in sums]
            if number_of_layer == insight.layer:
                np.testing.assert_allclose(
                    part.x[:, at], np.array(incoming)[part.inputs], **tolerance
                )
                np.testing.assert_allclose(part.products[:, at], products, **tolerance)
                np.testing.assert_allclose(part.sums[:, at], sums, **tolerance)
                np.testing.assert_allclose(part.outputs[:, at], outputs, **tolerance)
            if at == 0:
                np.testing.assert_allclose(
                    insight.nodes[number_of_layer + 1].values, outputs, **tolerance
                )
            incoming = outputs
    np.testing.assert_array_equal(part.weight, weight[np.ix_(part.units, part.inputs)])
    np.testing.assert_array_equal(part.bias, bias[part.units])

    # The graph ends in what the model predicts; the unit's curve goes through the point.
    predicted = trainer.model.predict(trainer.data.x[row : row + 1])[0]
    np.testing.assert_allclose(insight.nodes[-1].values, predicted, **tolerance)
    assert_sentences_are_true(shown)


@pytest.mark.parametrize("loss", ["mae", "mse", "huber"])
@pytest.mark.parametrize("model", ["quadratic", "relu", "mlp"])
def test_the_outputs_are_those_whose_loss_the_trainer_counts(model, loss):
    timeline = run(model=model, loss=loss, rows=12, hidden=(5,) if model == "mlp" else ())
    timeline.advance(3)
    last = {"opened": "2.bias"} if model == "mlp" else {}
    insight = picture(timeline, point=4, **last).insight
    y = timeline.trainer.data.y[insight.matrix.points]
    if model == "relu":  # its second layer, which has no parameters, adds the lines up
        outputs = insight.matrix.outputs.sum(axis=0)
    else:
        outputs = insight.matrix.outputs[insight.row]
    assert LOSSES[loss].evaluate(outputs, y[:, 0]) == pytest.approx(
        timeline.trainer.preview().loss, rel=1e-12
    )


@pytest.mark.parametrize(
    ("chosen", "unit", "incoming"), [(0, 0, 0), (1, 0, None), (2, 1, 0), (3, 1, None)]
)
def test_the_rectified_lines_are_units_with_one_input(chosen, unit, incoming):
    shown = picture(run(model="relu"), chosen=chosen)
    insight = shown.insight
    assert (insight.unit, insight.input) == (unit, incoming)
    assert insight.unit_name == f"line {unit + 1}"
    assert [nodes.total for nodes in insight.nodes] == [1, 2, 1]
    np.testing.assert_array_equal(insight.edges[1].weight, [[1.0, 1.0]])
    assert insight.nodes[2].values[0] == pytest.approx(insight.nodes[1].values.sum())


@pytest.mark.parametrize(("chosen", "incoming"), [(0, 0), (1, 1), (2, None)])
def test_the_quadratic_is_one_neuron_of_x_squared_and_x(chosen, incoming):
    shown = picture(run(), chosen=chosen, point=3)
    insight, x = shown.insight, shown.point.x[0]
    assert (insight.unit, insight.input, insight.input_names) == (0, incoming, ("x²", "x"))
    np.testing.assert_allclose(insight.matrix.x[:, 0], [x * x, x])
    assert insight.matrix.sums[0, 0] == pytest.approx(1.1 * x * x + 1.1 * x + 1.1)
    assert insight.matrix.outputs[0, 0] == pytest.approx(shown.point.prediction)
    assert insight.target == shown.point.y


def test_a_units_curve_is_that_unit_with_other_inputs_held(tmp_path):
    path = tmp_path / "two.csv"
    random = np.random.default_rng(3)
    table = random.normal(size=(30, 3))
    path.write_text(
        "a,b,y\n" + "\n".join(",".join(map(repr, row)) for row in table.tolist()), encoding="utf-8"
    )
    timeline = run(model="mlp", hidden=(4, 3), data=str(path), scale=True)
    trainer = timeline.trainer
    for opened, chosen, varied in [("0.weight", 5, 1), ("2.weight", 6, 0), ("4.bias", 0, 0)]:
        insight = picture(timeline, opened=opened, chosen=chosen, point=7).insight
        response = insight.response
        x = np.repeat(trainer.data.x[7][None, :], len(response.places), axis=0)
        x[:, varied] = response.places
        np.testing.assert_allclose(
            response.outputs, trainer.model.outputs(x)[insight.layer][insight.unit], atol=1e-12
        )
        assert (response.over, response.held) == ("ab"[varied], True)
        assert response.x == trainer.data.x[7, varied]
        if insight.activation == "relu":
            np.testing.assert_array_equal(response.outputs, np.maximum(response.sums, 0))


def test_of_a_large_layer_the_part_around_the_chosen_number_is_held():
    timeline = run(model="mlp", hidden=(256, 300), rows=5000)
    insight = picture(timeline, opened="2.weight", chosen=200 * 256 + 100, point=4999).insight
    part = insight.matrix
    assert (insight.unit, insight.input) == (200, 100)
    assert part.weight.shape == (layer.MOST_UNITS, layer.MOST_INPUTS)
    assert part.outputs.shape == (layer.MOST_UNITS, layer.MOST_POINTS)
    assert part.units[insight.row] == 200
    assert part.inputs[insight.column] == 100
    assert part.points[:3].tolist() == [4999, 0, 1]
    assert max(len(nodes.numbers) for nodes in insight.nodes) == layer.MOST_NODES
    weight = timeline.trainer.model.parameters["2.weight"]
    np.testing.assert_array_equal(part.weight, weight[np.ix_(part.units, part.inputs)])
    assert insight.edges[1].largest == np.abs(weight).max()
    assert not any("points of this batch" in sentence for sentence in insight.sentences)


@pytest.mark.parametrize("value", [1e300, -1e300])
@pytest.mark.parametrize("config", [{}, {"model": "relu"}, {"model": "mlp", "hidden": (4, 4)}])
def test_numbers_that_overflow_are_told_and_not_a_crash(config, value):
    timeline = run(**config)
    for index in range(min(2, timeline.state.parameters.size)):
        timeline.do("assign", index=index, value=value)
    timeline.state.parameters[-1] = np.nan
    for opened in [place.name for place in timeline.state.layout.places if place.shape] or [None]:
        assert picture(timeline, opened=opened).insight.sentences


def test_the_insight_owns_its_numbers():
    timeline = run(model="mlp", hidden=(3,))
    insight = picture(timeline, opened="0.bias").insight
    before = insight.matrix.bias.copy()
    timeline.advance(5)
    np.testing.assert_array_equal(insight.matrix.bias, before)


# --- words ---------------------------------------------------------------------------------------


def assert_sentences_are_true(shown):
    """Each sentence is one of those below, and its numbers are the insight's."""
    insight, part = shown.insight, shown.insight.matrix
    total, output = part.sums[insight.row, 0], part.outputs[insight.row, 0]
    name = insight.unit_name.capitalize()

    def is_point(text):
        return int(text) == part.points[0] + 1

    def on(point, told):
        assert is_point(point)
        assert says(told, total)
        assert total > 0

    def off(point, told):
        assert is_point(point)
        assert says(told, total)
        assert total <= 0
        assert output == 0

    def leaks(point, told, left):
        assert is_point(point)
        assert says(told, total)
        assert says(left, total / 100)

    def squeezes(told, left, point, which, low):
        assert is_point(point)
        assert says(told, total)
        assert says(left, ACTIVATIONS[which](total))
        assert number(low) <= output <= 1

    def gates(told, point, left):
        assert is_point(point)
        assert says(told, total)
        assert says(left, output)

    def passes(point, told):
        assert is_point(point)
        assert says(told, total)
        assert total == output

    def predicts(point, told, y, off_by):
        assert is_point(point)
        assert says(told, output)
        assert says(y, insight.target)
        assert says(off_by, output - insight.target)

    def nudged(label, amount, again, x, change):
        assert label == shown.chosen.label
        assert amount == again == "0.1"
        assert says(x, part.x[insight.column, 0])
        assert says(change, 0.1 * part.x[insight.column, 0])

    def nudged_bias(label, amount, again):
        assert label == shown.chosen.label
        assert (amount, again, insight.input) == ("0.1", "0.1", None)

    def counted(count, rows):
        assert int(rows) == insight.shape[2]
        if int(rows) == len(part.points):
            assert int(count) == (part.sums[insight.row] > 0).sum()

    claims = {
        rf"{name} is on at point {N}: {N} is above 0, so ReLU lets it through\.": on,
        rf"{name} is off at point {N}: {N} isn’t above 0, so ReLU makes it 0\.": off,
        rf"{name} leaks at point {N}: of {N} a hundredth is left, {N}\.": leaks,
        rf"{name} squeezes {N} to {N} at point {N}: (\w+) is from {N} to 1\.": squeezes,
        rf"{name} multiplies {N} by its sigmoid at point {N} and puts out {N}\.": gates,
        rf"{name} multiplies {N} by Φ, the share of a normal distribution below it, at point {N}: "
        rf"{N}\.": gates,
        rf"{name} puts out its sum at point {N} as it is: {N}\.": passes,
        rf"At point {N} the model says {N} and the data {N}: off by {N}\.": predicts,
        rf"Raise (.+) by {N}, and the sum here changes by {N}·\(?{N}\)? [=≈] {N}\.": nudged,
        rf"Raise (.+) by {N}, and the sum rises by {N} at every point\.": nudged_bias,
        rf"It is on at {N} of the {N} points of this batch\.": counted,
    }
    assert 1 <= len(insight.sentences) <= 3
    for sentence in insight.sentences:
        assert len(sentence) <= 78 * 2
        [(match, check)] = [
            (found, check) for pattern, check in claims.items()
            if (found := re.fullmatch(pattern, sentence))
        ]  # fmt: skip
        check(*match.groups())
