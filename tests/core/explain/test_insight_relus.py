"""The insight of the ReLUs: its curves are the model's, and each sentence is true of them."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import MLP, Config, Dataset, RectifiedLines, Timeline, Trainer, datasets
from nn_core.analysis.kinks import kinks
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.insights.relus import MOST_CURVES
from nn_core.explain.rows import NumberRow, UnitRow
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.explain.words import WIDTH

LOOK = ViewRequest(view="ReLUs", by_unit=True, count=16)
N = r"([+−]?\d+(?:\.\d+)?(?:e[+−]?\d+)?)"
RUNS = {
    "relu": Config(experiment="relu", model="relu"),
    "1-16-1": EXPERIMENTS["relu-net"].config,
    "leaky": EXPERIMENTS["relu-net"].config.replace(activation=("leaky-relu",)),
    "tanh": EXPERIMENTS["relu-net"].config.replace(activation=("tanh",), hidden=(5,)),
    "sigmoid": EXPERIMENTS["relu-net"].config.replace(activation=("sigmoid",), hidden=(5,)),
    "identity": EXPERIMENTS["relu-net"].config.replace(activation=("identity",), hidden=(5,)),
    "silu": EXPERIMENTS["relu-net"].config.replace(activation=("silu",), hidden=(5,)),
    "gelu": EXPERIMENTS["relu-net"].config.replace(activation=("gelu",), hidden=(5, 3)),
    "float32": EXPERIMENTS["relu-net"].config.replace(dtype="float32"),
    "scaled": EXPERIMENTS["stopping-distance"].config.replace(model="mlp", hidden=(8,)),
    "batches": EXPERIMENTS["relu-net"].config.replace(batch_size=6, validation=0.2),
    "deep": EXPERIMENTS["relu-net"].config.replace(hidden=(6, 5, 4)),
    "adam": EXPERIMENTS["relu-net"].config.replace(optimizer="adam", learning_rate=0.1, l2=0.01),
}


def look(timeline: Timeline, request: ViewRequest = LOOK):
    return capture_snapshot(timeline, make_scene(timeline), request)


def run(name: str, steps: int = 20, seed: int = 0) -> Timeline:
    timeline = Timeline(Trainer.from_config(RUNS[name].replace(seed=seed)))
    timeline.advance(steps)
    return timeline


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def says(text: str, value: float) -> bool:
    """Whether a number as it is written is the value, to its last digit."""
    mantissa, _, exponent = text.replace("−", "-").partition("e")
    unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(number(text) - value) <= 0.5001 * unit


# --- the curves and the rows ------------------------------------------------------------------


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


# --- where it can't all be shown --------------------------------------------------------------


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


# --- the sentences ----------------------------------------------------------------------------

CLAIMS = {}
UNIT = r"Unit \d+\.\d+"


def claim(pattern):
    def register(function):
        CLAIMS[re.compile(pattern.replace("<N>", N).replace("<UNIT>", UNIT))] = function
        return function

    return register


@claim(
    r"(<UNIT>|Line \d+) is dead \(△\): (m|w)·x \+ b is above 0 at none of (\d+) points?, "
    r"so it adds 0\."
)
def dead(found, timeline, name, letter, points):
    assert (letter == "m") == (timeline.trainer.model.kind == "relu")
    assert name.lower() == found.unit.label
    assert found.unit.on == 0
    assert int(points) == found.unit.points


@claim(r"So its gradient is 0 at every point, no step moves it, and it can’t come back\.")
def cannot_come_back(found, timeline):
    assert timeline.config.optimizer == "sgd"
    before = timeline.state.parameters.copy()
    timeline.advance(5)
    moved = np.flatnonzero(timeline.state.parameters != before).tolist()
    timeline.seek(timeline.state.step - 5)
    names = [timeline.state.layout.name(index) for index in moved]
    unit = found.unit.unit
    own = {f"0.weight[{unit}, 0]", f"0.bias[{unit}]", f"2.weight[0, {unit}]"}
    if found.unit.label.startswith("line"):
        own = {f"m{unit + 1}", f"b{unit + 1}"}
    if found.layer.summing:
        assert not own & set(names)


@claim(r"Its gradient is 0 at these points; only what else moves it may wake it\.")
def may_wake(found, timeline):
    plain = timeline.config.optimizer == "sgd" and not timeline.config.l2
    assert not plain or found.layer.number > 0


@claim(r"(w|m)·x \+ b is 0 where x = −b ÷ (w|m) = <N> ÷ \(?<N>\)? [=≈] <N>\.")
def kink_in_numbers(found, timeline, letter, same, bias, weight, kink):
    assert letter == same == ("m" if timeline.trainer.model.kind == "relu" else "w")
    assert says(bias, -found.unit.bias)
    assert says(weight, found.unit.weight)
    assert says(kink, -found.unit.bias / found.unit.weight)


@claim(r"←→ nudges: (w|m) turns the line, b slides the kink(, v says how much it counts)?\.")
def nudges(found, timeline, letter, out):
    assert (out is None) == (letter == "m") == (timeline.trainer.model.kind == "relu")


@claim(r"(<UNIT>|Line \d+) takes (?:the (\d+) units of layer (\d+)|\d+ inputs): it has no .+\.")
def takes(found, timeline, name, units, layer):
    assert int(units) == timeline.config.hidden[int(layer) - 1] == found.layer.inputs
    assert found.layer.number == int(layer)


@claim(r"(<UNIT>) is a line all along: identity lets every sum through, nothing bends\.")
def line_all_along(found, timeline, name):
    assert found.layer.activation == "identity"
    assert np.abs(np.diff(np.diff(found.layer.curve) / np.diff(found.layer.places))).max() < 1e-6


@claim(r"(<UNIT>|Line \d+) is the same at every x: its w is <N>\.")
def same_everywhere(found, timeline, name, weight):
    assert number(weight) == found.unit.weight == 0


@claim(r"(<UNIT>) has its (?:kink|middle|bend) at x = <N>; layer (\d+) takes what it puts out\.")
def kink_below(found, timeline, name, kink, layer):
    assert says(kink, found.unit.kink)
    assert int(layer) == found.layer.number + 2 <= len(timeline.config.hidden)


@claim(r"(<UNIT>) is at its middle at x = <N> and enters the curve <N> times\.")
def middle(found, timeline, name, kink, outgoing):
    assert says(kink, found.unit.kink)
    assert says(outgoing, found.unit.outgoing)


@claim(r"(<UNIT>) has its (?:kink|bend) at x = <N> and counts 0 times: it adds nothing yet\.")
def adds_nothing(found, timeline, name, kink):
    assert says(kink, found.unit.kink)
    assert found.unit.outgoing == 0


@claim(
    r"(<UNIT>|Line \d+) bends the curve (up|down) at x = <N>: "
    r"the slope (rises|falls) by <N>\."
)
def bends_the_curve(found, timeline, name, way, kink, turns, by):
    unit = found.unit
    assert name.lower() == unit.label
    assert (way, turns) == (("up", "rises") if unit.outgoing > 0 else ("down", "falls"))
    assert says(kink, unit.kink)
    # The slopes of the unit's own curve on both sides of its kink, from the model itself.
    own = [row.unit for row in found.layer.units].index(unit.unit)
    curve, places = found.layer.curves[own], found.layer.places
    slopes = np.diff(curve) / np.diff(places)
    if places[0] < unit.kink < places[-1]:
        at = int(np.searchsorted(places, unit.kink))
        change = slopes[min(at, len(slopes) - 1)] - slopes[at - 1]
        assert number(by) == pytest.approx(abs(change), abs=1e-3, rel=1e-3)


@claim(r"(<UNIT>) bends the curve (up|down) softly around x = <N>\.")
def bends_softly(found, timeline, name, way, kink):
    unit = found.unit
    assert way == ("up" if unit.outgoing > 0 else "down")
    assert says(kink, unit.kink)
    curve = found.layer.curves[[row.unit for row in found.layer.units].index(unit.unit)]
    places = found.layer.places
    if places[1] < unit.kink < places[-2]:
        bends = np.diff(np.diff(curve) / np.diff(places))
        assert np.sign(bends[np.searchsorted(places, unit.kink) - 1]) == np.sign(unit.outgoing)


@claim(r"Dead \(△\), 0 at all of the (\d+) points?: (.+?)\.(?= It is|$)")
def others_dead(found, timeline, points, names):
    assert int(points) == found.unit.points
    count = len(re.findall(r"(?:unit|line) [\d.]+", names))
    more = re.search(r"and (\d+) more", names)
    assert count + (int(more[1]) if more else 0) == len(found.silent)
    assert {row.label for row in found.layer.units if row.silent} <= set(found.silent)


@claim(r"It is on at (\d+) of (\d+) points? and makes <N> % of its layer’s output\.")
def is_on(found, timeline, on, points, share):
    assert (int(on), int(points)) == (found.unit.on, found.unit.points)
    assert number(share) == pytest.approx(100 * found.unit.share, rel=0.06, abs=1e-12)


def assert_true(timeline, request):
    found = look(timeline, request).insight
    assert found.sentences
    for sentence in found.sentences:
        assert len(sentence) <= 2 * WIDTH
        matches = [(each.fullmatch(sentence), of) for each, of in CLAIMS.items()]
        matches = [(match, of) for match, of in matches if match]
        assert matches, f"nobody knows what makes this true: {sentence}"
        match, of = matches[0]
        of(found, timeline, *match.groups())
    return found


@settings(max_examples=80, deadline=None)
@given(
    name=st.sampled_from(sorted(set(RUNS) - {"scaled"})), seed=st.integers(0, 50),
    steps=st.integers(0, 200), chosen=st.integers(0, 20), opened=st.booleans(),
)  # fmt: skip
def test_each_sentence_is_true_of_the_numbers(name, seed, steps, chosen, opened):
    timeline = run(name, steps, seed)
    request = replace(LOOK, chosen=chosen)
    if opened:
        request = replace(LOOK, opened="it", opened_at=chosen)
    assert_true(timeline, request)


@pytest.mark.parametrize("name", ["relu", "1-16-1", "deep", "adam"])
def test_a_dead_unit_is_named_and_why_it_cannot_come_back(name):
    timeline = run(name)
    bias = "b1" if name == "relu" else "0.bias[0]"
    layout = timeline.state.layout
    index = next(at for at in range(layout.size) if layout.name(at) == bias)
    timeline.do("assign", index=index, value=-100.0)
    found = assert_true(timeline, LOOK)
    assert found.unit.silent
    assert found.stuck == (name != "adam")
    assert found.silent[0] == found.unit.label
    other = assert_true(timeline, replace(LOOK, chosen=1))
    assert any(found.unit.label in sentence for sentence in other.sentences)


def test_a_unit_that_counts_0_times_is_said_to_add_nothing_yet():
    timeline = run("1-16-1")
    timeline.do("place_unit", weight=1.0, bias=-0.5, outgoing=0.0)
    found = assert_true(timeline, replace(LOOK, chosen=16))
    assert "adds nothing yet" in found.sentences[0]
    assert isinstance(found.unit, UnitRow)


def test_the_lessons_lines_bend_at_the_same_place():
    timeline = Timeline(Trainer(RectifiedLines(), datasets.noisy_quadratic()))
    sentences = look(timeline).insight.sentences
    assert sentences[0] == ("Line 1 bends the curve up at x = −1.0000: the slope rises by 1.5000.")
