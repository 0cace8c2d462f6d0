"""The sentences of the ReLUs view: each is true of its numbers."""

import re
from dataclasses import replace

import numpy as np
import pytest
from claims import Claims, number, says
from hypothesis import given, settings
from hypothesis import strategies as st
from unit_runs import LOOK, RUNS, look, run

from nn_core import RectifiedLines, Timeline, Trainer, datasets
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.rows import UnitRow
from nn_core.formatting import LINE_WIDTH
from nn_core.models.activations import ACTIVATIONS

claim = Claims(UNIT=r"Unit \d+\.\d+")


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


@claim(
    r"←→ nudges: (w|m) (?:turns the line|steepens it), b slides the (kink|bend|middle)"
    r"(, v says how much it counts)?\."
)
def nudges(found, timeline, letter, turn, out):
    assert turn == ACTIVATIONS[found.layer.activation].turn
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


@claim(r"Its sum is above 0 at (\d+) of (\d+) points?; it makes <N> % of its layer’s output\.")
def is_up(found, timeline, up, points, share):
    """A sigmoid or a tanh is never off: it was said to be on at some points, off at others."""
    assert ACTIVATIONS[found.layer.activation].turn == "middle"
    assert (int(up), int(points)) == (found.unit.on, found.unit.points)
    if found.layer.inputs == 1 and not found.layer.number:
        assert int(up) == (found.unit.weight * found.x[:, 0] + found.unit.bias > 0).sum()
    assert number(share) == pytest.approx(100 * found.unit.share, rel=0.06, abs=1e-12)


@claim(r"It is on at (\d+) of (\d+) points? and makes <N> % of its layer’s output\.")
def is_on(found, timeline, on, points, share):
    assert ACTIVATIONS[found.layer.activation].turn != "middle"
    assert (int(on), int(points)) == (found.unit.on, found.unit.points)
    assert number(share) == pytest.approx(100 * found.unit.share, rel=0.06, abs=1e-12)


def assert_true(timeline, request):
    found = look(timeline, request).insight
    assert found.sentences
    for sentence in found.sentences:
        assert len(sentence) <= 2 * LINE_WIDTH
        claim.assert_true(sentence, found, timeline)
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


def test_the_line_of_a_unit_is_said_in_the_units_of_the_file():
    """Of penguins, scaled, the weights of scaled columns were said to be those of millimetres."""
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["penguins"].config))
    found = look(timeline, replace(LOOK, chosen=2)).insight
    said = re.match(
        r"The line of unit 1\.3: (\S+)·bill_length_mm (.) (\S+)·bill_depth_mm (.) (\S+) = 0\.",
        found.sentences[0],
    )
    assert said
    a, sign, b, minus, c = said.groups()
    b, c = number(b) * (-1 if sign == "−" else 1), number(c) * (-1 if minus == "−" else 1)
    data, model = timeline.trainer.data, timeline.trainer.model
    for length in (35.0, 45.0, 55.0):
        depth = -(number(a) * length + c) / b
        layer = model.layers()[0]
        scaled = data.x_scaling.apply(np.array([[length, depth]]))[0]
        assert layer.weight[2] @ scaled + layer.bias[2] == pytest.approx(0, abs=0.05)
