"""The view of the ReLUs: what each unit adds to the curve, where it bends, and which are dead."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from nn_core.analysis.units import HiddenLayer, hidden_layers, locate
from nn_core.arrays import Array
from nn_core.config.key_names import key_name, key_pair
from nn_core.explain.insights.insight import Insight, InsightContext
from nn_core.explain.insights.unit_maps import (
    UnitMaps,
    UnitOutside,
    sentences,
    unit_maps,
    unit_outside,
)
from nn_core.explain.rows import UnitRow
from nn_core.explain.scene import Scene, scaled_inputs
from nn_core.expressions import quotient, work_out
from nn_core.formatting import fixed, layer_said, listed, short, signed, times
from nn_core.models import Model
from nn_core.models.activations import ACTIVATIONS
from nn_core.optim.optimizers import rests_without_gradient

VIEW = "ReLUs"

PLACES = 161  # at which the curves are worked out, beside the kinks themselves
MOST_CURVES = 48  # of a layer: of a wider one those on the list, then the largest


@dataclass(frozen=True, eq=False)
class LayerCurves:
    """One hidden layer as functions of x, in the units that are trained on.

    `curves` (units, places) is what each of `units` adds to the model's `curve`; those of all
    units and the output's bias, `offset`, which rectified lines don't have, add up to it.  Where
    `summing` is False another layer comes between: then they are what the units put out.  With
    several inputs there is no one x, and no places.
    """

    number: int  # from 0
    width: int
    inputs: int
    activation: str
    summing: bool
    offset: float | None
    units: tuple[UnitRow, ...]
    places: Array
    curves: Array
    curve: Array

    @property
    def weighted(self) -> bool:
        """Whether its units have weights to go out with; rectified lines count +1."""
        return self.offset is not None


@dataclass(frozen=True, eq=False)
class ReluInsight(Insight):
    """The units: `unit` is the chosen one and `layer` its layer, None where the model has none.

    `layers` is how many layers there are, with the output, `outputs` how many outputs; `x` (rows,
    inputs) and `y` are the points. `silent` are the units of the layer that are dead, by name, and
    `stuck` says that no step can move the chosen one. `maps` are there over the plane of two
    inputs, and `outside` says of the chosen unit what its row doesn't; `off` are the layer's units
    that are switched off.
    """

    unit: UnitRow | None = None
    layer: LayerCurves | None = None
    layers: int = 0
    outputs: int = 1
    x: Array | None = None
    y: Array | None = None
    silent: tuple[str, ...] = ()
    stuck: bool = False
    maps: UnitMaps | None = None
    outside: UnitOutside = field(default_factory=UnitOutside)
    off: frozenset[int] = frozenset()


def make_insight(context: InsightContext) -> ReluInsight:
    """Work out what the view shows."""
    trainer, scene, request = context.timeline.trainer, context.scene, context.request
    model, data = context.shown or trainer.model, trainer.data
    hidden = hidden_layers(model)
    if not hidden:
        return ReluInsight(sentences=tuple(_without_units(scene)))
    x, y = data.x[scene.shown], data.y[scene.shown, 0]
    put_out = model.outputs(x)[:-1]
    sizes = [len(layer.biases) for layer in hidden]
    window = [
        locate(sizes, number)
        for number in range(request.first, min(request.first + request.count, sum(sizes)))
    ]
    number, unit = locate(sizes, request.opened_at if request.opened else request.chosen)
    whole = hidden_layers(trainer.model)  # with the units that are switched off in what is shown
    facts = {
        at: _Units(model, at, whole[at], put_out[at])
        for at in {number, *(layer for layer, _ in window)}
    }
    here = facts[number]
    drawn = here.most_telling([unit, *(one for layer, one in window if layer == number)])
    places = np.empty(0)
    if scene.over_x:
        low, high = scaled_inputs(data, np.array([[scene.low], [scene.high]]))[:, 0].tolist()
        bends = here.kinks[(here.kinks > low) & (here.kinks < high)]
        places = np.unique(np.concatenate([np.linspace(low, high, PLACES), bends]))
    found = ReluInsight(
        listed=None if request.opened else tuple(facts[at].row(one) for at, one in window),
        count=sum(sizes),
        unit=here.row(unit),
        layer=_curves(model, number, hidden[number], here, drawn, places),
        layers=len(model.layers()),
        outputs=data.y.shape[1],
        x=x.astype(np.float64),
        y=y.astype(np.float64),
        silent=tuple(model.unit_name(number, int(one)) for one in np.flatnonzero(here.silent)),
        stuck=bool(here.silent[unit]) and number == 0 and _rests_where_silent(context),
        maps=unit_maps(model, data, scene, number, hidden[number], unit),
        outside=unit_outside(model, data, scene, number, hidden[number], unit),
        off=frozenset(one for layer, one in request.off if layer == number),
    )
    said = _sentences(found, request.opened is not None)
    if scene.classes and not here.silent[unit] and not request.opened:
        name = found.unit.label if found.unit else ""
        name, bias = name[:1].upper() + name[1:], float(here.biases[unit])
        own = sentences(
            name, scene, found.maps, found.outside, hidden[number], bias, unit in found.off,
            data.x_scaling,
        )  # fmt: skip
        said = chain(own, said if found.maps is None and found.outside.picture is None else ())
    return replace(found, sentences=tuple(said))


class _Units:
    """The numbers of all units of a layer at once; see `UnitRow`."""

    def __init__(self, model: Model, number: int, layer: HiddenLayer, put_out: Array) -> None:
        self._model, self._number = model, number
        count, inputs = layer.weights.shape
        self.weights, self.outgoing = np.full((2, count), np.nan)
        self.factors = np.ones(count)
        if inputs == 1:
            self.weights = layer.weights[:, 0].astype(np.float64)
        if layer.outgoing is not None:
            self.outgoing = self.factors = layer.outgoing.astype(np.float64)
        self.biases = layer.biases.astype(np.float64)
        self.kinks = np.where(self.weights == 0, np.nan, -self.biases / self.weights)
        self.points = put_out.shape[1]
        activation = ACTIVATIONS[layer.activation]
        self.on = (put_out > activation.middle).sum(axis=1)
        self.silent = (put_out == 0).all(axis=1) & activation.silences
        sizes = np.abs(self.factors) * np.abs(put_out).mean(axis=1)
        self.shares = sizes / sizes.sum()
        rising = np.sign(self.weights) if activation.turn == "middle" else 1.0
        bends = np.where(self.silent | np.isnan(self.kinks), 0.0, np.sign(self.factors) * rising)
        self.bends = np.nan_to_num(bends)

    def row(self, unit: int) -> UnitRow:
        return UnitRow(
            self._model.unit_name(self._number, unit),
            self._number,
            unit,
            float(self.weights[unit]),
            float(self.biases[unit]),
            float(self.outgoing[unit]),
            float(self.kinks[unit]),
            int(self.bends[unit]),
            int(self.on[unit]),
            self.points,
            float(self.shares[unit]),
            bool(self.silent[unit]),
        )

    def most_telling(self, first: Sequence[int]) -> list[int]:
        """The units to draw: these, and the largest others that there is room for, in order."""
        largest = np.argsort(-np.nan_to_num(self.shares), kind="stable").tolist()
        return sorted([*dict.fromkeys([*first, *largest])][:MOST_CURVES])


def _curves(
    model: Model, number: int, layer: HiddenLayer, units: _Units, drawn: list[int], places: Array
) -> LayerCurves:
    curves, curve = np.empty((len(drawn), 0)), np.empty(0)
    if len(places):
        inputs = places[:, None].astype(model.flat.dtype)
        curves = model.outputs(inputs)[number][drawn]
        if layer.outgoing is not None:
            curves = curves * layer.outgoing[drawn, None]
        curve = model.predict(inputs)[:, 0].astype(np.float64)
    output = model.layers()[-1]
    return LayerCurves(
        number,
        len(units.biases),
        layer.weights.shape[1],
        layer.activation,
        layer.outgoing is not None,
        None if output.fixed else float(output.bias[0]),
        tuple(units.row(one) for one in drawn),
        places,
        curves,
        curve,
    )


def _rests_where_silent(context: InsightContext) -> bool:
    """Whether only a point could move a unit of the first layer, and all points are looked at."""
    trainer = context.timeline.trainer
    return rests_without_gradient(trainer.config) and len(context.scene.shown) == trainer.data.rows


# --- words ------------------------------------------------------------------------------------


def _without_units(scene: Scene) -> Iterator[str]:
    if scene.is_listed_by_layer and scene.classes:
        yield (
            "There is no hidden unit here: each logit is a sum of weighted inputs, so the border "
            "between two classes is straight."
        )
        return
    if scene.is_listed_by_layer:
        yield "There is no ReLU here: without a hidden layer each output is a sum of weighted x."
    else:
        yield "There is no ReLU here: a·x² + b·x + c is one smooth curve, without a kink."
    yield f"Open relu, under {key_name('palette')}, has two of them, Open relu-net sixteen."


def _sentences(found: ReluInsight, opened: bool) -> Iterator[str]:
    unit, layer = found.unit, found.layer
    if unit is None or layer is None:
        return
    name = unit.label.capitalize()
    points = times(unit.points, "point")
    w = "w" if layer.weighted else "m"  # as the row of that number says
    if unit.silent:
        yield f"{name} is dead (△): {w}·x + b is above 0 at none of {points}, so it adds 0."
        yield (
            "So its gradient is 0 at every point, no step moves it, and it can’t come back."
            if found.stuck
            else "Its gradient is 0 at these points; only what else moves it may wake it."
        )
        return
    if opened and np.isfinite(unit.kink):
        work = work_out(quotient(-unit.bias, unit.weight), unit.kink, fixed)
        yield f"{w}·x + b is 0 where x = −b ÷ {w} = {work.text} {work.sign} {work.result}."
        counts = ", v says how much it counts" if layer.weighted else ""
        turn = ACTIVATIONS[layer.activation].turn
        turns = "turns the line" if turn == "kink" else "steepens it"
        yield f"{key_pair('lower', 'raise')} nudges: {w} {turns}, b slides the {turn}{counts}."
        return
    yield _of_one(name, unit, layer)
    if found.silent:
        yield f"Dead (△), 0 at all of the {points}: {listed(found.silent, 4)}."
    if np.isfinite(unit.share):
        share = short(float(f"{100 * unit.share:.2g}"))
        middle = ACTIVATIONS[layer.activation].turn == "middle"
        found_on = "Its sum is above 0" if middle else "It is on"  # never off, with a middle
        joined = "; it" if middle else " and"
        yield f"{found_on} at {unit.on} of {points}{joined} makes {share} % of its layer’s output."


def _of_one(name: str, unit: UnitRow, layer: LayerCurves) -> str:
    """The chosen unit in a sentence."""
    activation = ACTIVATIONS[layer.activation]
    if layer.inputs > 1:
        inputs = f"{layer.inputs} inputs"
        taken = (
            f"the {layer.inputs} units of {layer_said(layer.number - 1)}"
            if layer.number
            else inputs
        )
        return f"{name} takes {taken}: it has no single {activation.turn} on x."
    if activation.is_identity:
        return f"{name} is a line all along: identity lets every sum through, nothing bends."
    if not np.isfinite(unit.kink):
        return f"{name} is the same at every x: its w is {fixed(unit.weight)}."
    at = f"at x = {fixed(unit.kink)}"
    if not layer.summing:
        takes = f"{layer_said(layer.number + 1)} takes what it puts out"
        return f"{name} has its {activation.turn} {at}; {takes}."
    if activation.turn == "middle":
        return f"{name} is at its middle {at} and enters the curve {signed(unit.outgoing)} times."
    if unit.bend == 0:
        return f"{name} has its {activation.turn} {at} and counts 0 times: it adds nothing yet."
    up = unit.bend > 0
    if activation.slope_below is None:
        way = "up" if up else "down"
        return f"{name} bends the curve {way} softly around x = {fixed(unit.kink)}."
    change = abs(unit.slope) * (1 - activation.slope_below)
    return (
        f"{name} bends the curve {'up' if up else 'down'} {at}: "
        f"the slope {'rises' if up else 'falls'} by {fixed(change)}."
    )
