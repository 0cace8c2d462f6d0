"""The layer view: one layer as W·X + b, one neuron of it, and the network around them.

Of a large layer it holds the part around what is chosen, so that it costs the same for any layer
and any batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array
from nn_core.explain.insights.insight import Insight, InsightContext
from nn_core.expressions import literal, product, work_out
from nn_core.formatting import fixed, short, signed
from nn_core.models import Model
from nn_core.models.activations import ACTIVATIONS
from nn_core.models.dense import Dense, Spot

VIEW = "layer"

MOST_UNITS, MOST_INPUTS, MOST_POINTS = 64, 16, 16  # of a layer that are held
MOST_NODES = 32  # of each column of the graph
PLACES = 160  # at which the chosen unit's function is worked out
MOST_WORK = 2_000_000  # multiplications for counting where a unit is on
NUDGE = 0.1


@dataclass(frozen=True, eq=False)
class Matrix:
    """The part of activation(W·X + b) around what is chosen.

    `units`, `inputs` and `points` are the numbers of the rows and columns held; `points` are rows
    of the data, the chosen one first, the others of the batch after it.  `weight` is
    (units, inputs), `bias` (units,), `x` (inputs, points); `products` = W·X, over all inputs,
    `sums` = W·X + b, and `outputs` are (units, points).
    """

    units: Array
    inputs: Array
    points: Array
    weight: Array
    bias: Array
    x: Array
    products: Array
    sums: Array
    outputs: Array


@dataclass(frozen=True, eq=False)
class UnitSum:
    """All that the chosen unit adds up at the chosen point: its weights, and what comes in."""

    names: tuple[str, ...]
    weight: Array
    x: Array


@dataclass(frozen=True, eq=False)
class Nodes:
    """A column of the graph: the inputs or a layer's units, and what each puts out.

    `values` are those at the chosen point, of `total` units the ones with these `numbers`.
    """

    numbers: Array
    values: Array
    total: int


@dataclass(frozen=True, eq=False)
class Edges:
    """The weights between two columns of the graph, (units, inputs).

    `largest` is the greatest size of any weight of the whole layer.
    """

    weight: Array
    largest: float


@dataclass(frozen=True, eq=False)
class Response:
    """The chosen unit as a function of one input of the model.

    `held` says whether there are other inputs, which then are as at the chosen point, `x`.
    """

    over: str
    held: bool
    places: Array
    sums: Array
    outputs: Array
    x: float


@dataclass(frozen=True, eq=False, kw_only=True)
class LayerInsight(Insight):
    """One layer and the current batch; numbers are those trained on, scaled where the data is.

    `layer` counts from 0.  `shape` is (units, inputs, rows of the batch).  `unit` and `input` are
    the chosen ones; of a bias the input is None.  `in_batch` says whether the chosen point is among
    the rows of the batch.  `target` is the data's value at the chosen point.
    """

    layer: int
    layers: int
    activation: str
    shape: tuple[int, int, int]
    unit: int
    input: int | None
    unit_names: tuple[str, ...]
    input_names: tuple[str, ...]
    parameters: tuple[tuple[str, tuple[int, ...], float | None], ...]
    matrix: Matrix
    unit_sum: UnitSum
    in_batch: bool
    target: float
    nodes: tuple[Nodes, ...]
    edges: tuple[Edges, ...]
    response: Response
    spots: tuple[Spot, ...]  # where each parameter stands, where all are single numbers

    @property
    def row(self) -> int:
        """Where among the units held the chosen one is."""
        return int(self.unit - self.matrix.units[0])

    @property
    def column(self) -> int | None:
        """Where among the inputs held the chosen one is; None of a bias."""
        return None if self.input is None else int(self.input - self.matrix.inputs[0])

    @property
    def unit_name(self) -> str:
        """What the chosen unit is called."""
        return self.unit_names[self.row]

    @property
    def bias_name(self) -> str:
        """What is added to the products: one neuron's bias may have a name of its own, as c."""
        found = self.parameter(self.layer, self.unit, None) if self.shape[0] == 1 else None
        return found[0] if found is not None and self.spots else "b"

    def parameter(self, layer: int, unit: int, input_: int | None) -> tuple[str, int] | None:
        """Which parameter a weight is part of, without an input a bias, and its place in it.

        None where it is none, as a weight that is always 1.
        """
        if self.spots:
            spot = Spot(layer, unit, input_)
            return (self.parameters[self.spots.index(spot)][0], 0) if spot in self.spots else None
        name, shape, _ = self.parameters[2 * layer + (input_ is None)]
        return name, unit if input_ is None else unit * shape[1] + input_


def make_insight(context: InsightContext) -> LayerInsight:
    """Work out what the layer view shows."""
    trainer, point = context.timeline.trainer, context.request.point
    model, data = trainer.model, trainer.data
    layers, spot = model.layers(), model.parameter_at(context.chosen)
    layer = layers[spot.layer]
    batch = trainer.batch_rows()
    points, in_batch = _points(batch, point)
    passed = [model.inputs(data.x[points])]  # what comes into each layer, and what comes out
    for each in layers:
        passed.append(each.outputs(passed[-1]))
    matrix = _matrix(layer, spot, points, passed[spot.layer], passed[spot.layer + 1])
    nodes = _nodes(spot, passed)
    target = float(data.y[point, 0])
    name = model.unit_name(spot.layer, spot.unit)
    names = _input_names(model, data.x_names, spot, range(layer.inputs))
    return LayerInsight(
        sentences=_sentences(context, layers, spot, name, matrix, target, batch),
        layer=spot.layer,
        layers=len(layers),
        activation=layer.activation,
        shape=(layer.units, layer.inputs, len(batch)),
        unit=spot.unit,
        input=spot.input,
        unit_names=tuple(model.unit_name(spot.layer, at) for at in matrix.units.tolist()),
        input_names=tuple(names[at] for at in matrix.inputs.tolist()),
        parameters=_parameters(model),
        matrix=matrix,
        unit_sum=UnitSum(names, _plain(layer.weight[spot.unit]), _plain(passed[spot.layer][:, 0])),
        in_batch=in_batch,
        target=target,
        nodes=nodes,
        edges=_edges(layers, nodes),
        response=_response(context, layers, spot),
        spots=_spots(model),
    )


def around(chosen: int, total: int, count: int) -> Array:
    """So many neighbouring numbers below `total`, the chosen one in their middle."""
    count = min(count, total)
    first = max(0, min(chosen - count // 2, total - count))
    return np.arange(first, first + count)


def _points(batch: Array, point: int) -> tuple[Array, bool]:
    """The chosen row of the data, and those that follow it in the batch, around its end."""
    found = np.flatnonzero(batch == point)
    start = int(found[0]) if len(found) else 0
    columns = batch[(start + np.arange(min(len(batch), MOST_POINTS))) % len(batch)]
    if len(found):
        return columns, True
    return np.concatenate([[point], columns[: MOST_POINTS - 1]]), False


def _matrix(layer: Dense, spot: Spot, points: Array, incoming: Array, outputs: Array) -> Matrix:
    units = around(spot.unit, layer.units, MOST_UNITS)
    inputs = around(spot.input or 0, layer.inputs, MOST_INPUTS)
    products = layer.products(incoming)[units]
    return Matrix(
        units,
        inputs,
        points,
        _plain(layer.weight[np.ix_(units, inputs)]),
        _plain(layer.bias[units]),
        _plain(incoming[inputs]),
        _plain(products),
        _plain(products + layer.bias[units, None]),
        _plain(outputs[units]),
    )


def _plain(values: Array) -> Array:
    """A copy in float64, whatever the model's precision."""
    return np.array(values, np.float64)


def _input_names(
    model: Model, columns: tuple[str, ...], spot: Spot, inputs: Sequence[int]
) -> tuple[str, ...]:
    if spot.layer == 0:
        names = model.input_names(columns)
        return tuple(names[at] for at in inputs)
    return tuple(model.unit_name(spot.layer - 1, at) for at in inputs)


def _spots(model: Model) -> tuple[Spot, ...]:
    if any(place.shape for place in model.layout.places):
        return ()
    return tuple(model.parameter_at(at) for at in range(len(model.flat)))


def _parameters(model: Model) -> tuple[tuple[str, tuple[int, ...], float | None], ...]:
    """Name and shape of each parameter, and the value of one that is a single number."""
    return tuple(
        (place.name, place.shape, None if place.shape else float(model.flat[place.start]))
        for place in model.layout.places
    )


def _nodes(spot: Spot, passed: list[Array]) -> tuple[Nodes, ...]:
    columns = []
    for at, values in enumerate(passed):
        middle = {spot.layer: spot.input or 0, spot.layer + 1: spot.unit}.get(at, 0)
        numbers = around(middle, len(values), MOST_NODES)
        columns.append(Nodes(numbers, _plain(values[numbers, 0]), len(values)))
    return tuple(columns)


def _edges(layers: tuple[Dense, ...], nodes: tuple[Nodes, ...]) -> tuple[Edges, ...]:
    return tuple(
        Edges(
            _plain(layer.weight[np.ix_(after.numbers, before.numbers)]),
            float(np.abs(layer.weight).max()),
        )
        for layer, before, after in zip(layers, nodes, nodes[1:], strict=False)
    )


def _response(context: InsightContext, layers: tuple[Dense, ...], spot: Spot) -> Response:
    model, data = context.timeline.trainer.model, context.timeline.trainer.data
    column = (spot.input or 0) if spot.layer == 0 and data.x.shape[1] > 1 else 0
    at = data.x[context.request.point]
    shown = data.x[context.scene.shown, column]
    low, high = float(shown.min()), float(shown.max())
    margin = (high - low) / 40 or 1.0
    x = np.repeat(at[None, :], PLACES, axis=0)
    x[:, column] = places = np.linspace(low - margin, high + margin, PLACES)
    incoming = model.inputs(x)
    for below in layers[: spot.layer]:
        incoming = below.outputs(incoming)
    whole = layers[spot.layer]
    alone = slice(spot.unit, spot.unit + 1)
    unit = Dense(whole.name, whole.weight[alone], whole.bias[alone], whole.activation)
    sums = unit.products(incoming) + unit.bias[:, None]
    return Response(
        data.x_names[column],
        data.x.shape[1] > 1,
        places,
        _plain(sums[0]),
        _plain(unit.outputs(incoming)[0]),
        float(at[column]),
    )


# --- words ------------------------------------------------------------------------------------


def _sentences(
    context: InsightContext,
    layers: tuple[Dense, ...],
    spot: Spot,
    name: str,
    matrix: Matrix,
    target: float,
    batch: Array,
) -> tuple[str, ...]:
    layer, point = layers[spot.layer], context.request.point + 1
    row = int(np.flatnonzero(matrix.units == spot.unit)[0])
    total, output = float(matrix.sums[row, 0]), float(matrix.outputs[row, 0])
    said = [_what_it_does(name[0].upper() + name[1:], point, layer.activation, total, output)]
    if spot.layer == len(layers) - 1:
        said = [
            f"At point {point} the model says {fixed(output)} and the data {fixed(target)}: "
            f"off by {fixed(output - target)}."
        ]
    if context.request.opened or not context.scene.is_listed_by_layer:
        said.append(_nudge(context, spot, matrix))
    if ACTIVATIONS[layer.activation].silences:
        on = _where_it_is_on(context, layers, spot, batch)
        if on is not None:
            said.append(f"It is on at {on} of the {len(batch)} points of this batch.")
    return tuple(said)


def _what_it_does(name: str, point: int, activation: str, total: float, output: float) -> str:
    """What a unit makes of its sum."""
    if not np.isfinite(total):
        return f"{name} can’t be worked out at point {point}: its numbers have overflowed."
    does = ACTIVATIONS[activation].does(total, fixed(total), fixed(output), f"point {point}")
    return f"{name} {does}"


def _nudge(context: InsightContext, spot: Spot, matrix: Matrix) -> str:
    """What → would do to the chosen unit's sum."""
    label = context.timeline.state.layout.label(context.chosen)
    if spot.input is None:
        return f"Raise {label} by {NUDGE}, and the sum rises by {NUDGE} at every point."
    column = int(np.flatnonzero(matrix.inputs == spot.input)[0])
    x = float(matrix.x[column, 0])
    work = work_out(product(literal(short(NUDGE), NUDGE), x), NUDGE * x, signed)
    change = f"{work.text} {work.sign} {work.result}"
    return f"Raise {label} by {NUDGE}, and the sum here changes by {change}."


def _where_it_is_on(
    context: InsightContext, layers: tuple[Dense, ...], spot: Spot, batch: Array
) -> int | None:
    """At how many points of the batch the unit puts out more than 0; None where it costs much."""
    below = layers[: spot.layer]
    if len(batch) * sum(each.weight.size for each in (*below, layers[spot.layer])) > MOST_WORK:
        return None
    trainer = context.timeline.trainer
    incoming = trainer.model.inputs(trainer.data.x[batch])
    for each in below:
        incoming = each.outputs(incoming)
    unit = layers[spot.layer]
    return int((unit.weight[spot.unit] @ incoming + unit.bias[spot.unit] > 0).sum())
