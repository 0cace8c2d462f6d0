"""The models' passes written out for one row of the data and one parameter, number by number.

Each model has a class here that says the same things: `forward_rule` and `backward_rule` in brief,
`vote`, what a row's vote on the parameter is made of, and `forward()` and `backward()`, the lines
with the numbers of the row.
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from nn_core.arrays import Array
from nn_core.explain.arithmetic.losses_written_out import row_slope
from nn_core.explain.arithmetic.written_out import Formula, of_point, worked
from nn_core.expressions import (
    Expression,
    Operand,
    around,
    operand,
    others,
    product,
    squared,
    total,
)
from nn_core.formatting import number, unit_short
from nn_core.models import MLP, Model, Quadratic, RectifiedLines
from nn_core.models.activations import ACTIVATIONS
from nn_core.models.dense import Spot
from nn_core.models.losses import Loss


class Written(Protocol):
    """What is written out of any model.

    `symbol` is what the parameter is called in formulas; `row` says which row of the data it is.
    `outputs` and `targets` are the row's, `prediction` is the one at `output`, which is shown.
    """

    symbol: str
    prediction: float
    outputs: list[float]
    targets: list[float]
    output: int
    forward_rule: str
    backward_rule: str
    vote: str

    def forward(self, row: str) -> list[Formula]:
        """The prediction for the row."""

    def backward(self, row: str) -> list[Formula]:
        """The row's vote on the parameter, and what it is made of."""

    def term(self) -> tuple[Expression, float]:
        """The row's vote alone, and what it comes to."""


def written_out(model: Model, index: int, loss: Loss, x: Array, y: Array) -> Written:
    """The passes of a model for one row, x (1, inputs) and y (1, outputs), and a flat index."""
    kinds: dict[type, type[Any]] = {
        Quadratic: _Quadratic,
        RectifiedLines: _RectifiedLines,
        MLP: _Network,
    }
    written: Written = kinds[type(model)](model, index, loss, x.astype(model.flat.dtype), y)
    return written


class _Quadratic:
    def __init__(self, model: Quadratic, index: int, loss: Loss, x: Array, y: Array) -> None:
        self.x, self.y, self.loss = float(x[0, 0]), float(y[0, 0]), loss
        self.coefficients = model.flat.tolist()
        self.symbol = "abc"[index]
        self.prediction = float(model.predict(x)[0, 0])
        self.outputs, self.targets, self.output = [self.prediction], [self.y], 0
        self.index = index
        self.forward_rule = model.describe().removeprefix("y = ")
        by = ["·x²", "·x", ""][index]
        self.vote = loss.slope_name + by
        self.backward_rule = f"mean of {loss.row_slope}{by}"

    def forward(self, row: str) -> list[Formula]:
        a, b, c = self.coefficients
        x, square = self.x, self.x**2
        return [
            *_rules(self.loss, self.forward_rule),
            worked("x²", squared(x), square),
            of_point(row, total([product(a, square), product(b, x), c]), self.prediction),
            worked("", total([a * square, b * x, c]), self.prediction),
        ]

    def backward(self, row: str) -> list[Formula]:
        return [of_point(row, *self.term())]

    def term(self) -> tuple[Expression, float]:
        by: list[list[Operand]] = [[squared(self.x)], [self.x], []]
        slope = self.loss.slope_written(self.prediction, self.y)
        vote = _slope(self.loss, self.prediction, self.y) * self.x ** (2 - self.index)
        return product(slope, *by[self.index]), vote


class _RectifiedLines:
    def __init__(self, model: RectifiedLines, index: int, loss: Loss, x: Array, y: Array) -> None:
        self.x, self.y, self.loss = float(x[0, 0]), float(y[0, 0]), loss
        self.lines = model.lines.tolist()
        self.line, self.is_intercept = divmod(index, 2)
        self.symbol = model.layout.label(index)
        self.pieces = model.pieces(x)[:, 0].tolist()
        self.prediction = float(model.predict(x)[0, 0])
        self.outputs, self.targets, self.output = [self.prediction], [self.y], 0
        self.forward_rule = model.describe().removeprefix("y = ")
        number_ = self.line + 1
        by = "" if self.is_intercept else "·x"
        self.sum = f"m{number_}·x + b{number_}"
        self.vote = f"{loss.slope_name}·[{self.sum} > 0]{by}"
        self.backward_rule = f"mean of {loss.row_slope}·[{self.sum} > 0]{by}"

    def forward(self, row: str) -> list[Formula]:
        lines = [
            worked(f"line {at}", _rectified(total([product(m, self.x), b])), piece)
            for at, ((m, b), piece) in enumerate(zip(self.lines, self.pieces, strict=True), 1)
        ]
        return [
            *_rules(self.loss, self.forward_rule),
            *lines,
            of_point(row, total(self.pieces), self.prediction),
        ]

    def backward(self, row: str) -> list[Formula]:
        m, b = self.lines[self.line]
        counts = m * self.x + b > 0
        fate = "it counts" if counts else "it is cut off"
        shown = around(
            f"[{{}} > 0]: {fate}", lambda z: float(z > 0), total([product(m, self.x), b])
        )
        line = worked(f"line {self.line + 1}", shown, float(counts))
        return [line, of_point(row, *self.term())]

    def term(self) -> tuple[Expression, float]:
        m, b = self.lines[self.line]
        counts = m * self.x + b > 0
        by = [] if self.is_intercept else [self.x]
        slope = self.loss.slope_written(self.prediction, self.y)
        vote = _slope(self.loss, self.prediction, self.y) * counts
        return product(slope, float(counts), *by), vote * (by[0] if by else 1.0)


class _Network:
    """Of each layer one unit is shown: the one on the path that matters most to the chosen weight.

    Its layer's unit is the weight's own; above it that on which the unit below bears most, by
    weight · slope; below it that which brings most, by weight · activation.  The others of a sum
    are one number.
    """

    def __init__(self, model: MLP, index: int, loss: Loss, x: Array, y: Array) -> None:
        self.model, self.loss = model, loss
        self.targets: list[float] = y[0].tolist()
        spot = model.parameter_at(index)
        self.layer, self.is_bias = spot.layer, spot.input is None
        (*self.incoming, prediction), self.slopes = model.row_by_row(x, y, loss)
        self.outputs: list[float] = prediction[:, 0].astype(np.float64).tolist()
        self.symbol = "b" if self.is_bias else "w"
        self._choose_units(spot)
        self.output = self.units[-1]
        self.prediction = self.outputs[self.output]
        self.forward_rule = model.describe()
        self._name_the_vote()

    def _choose_units(self, spot: Spot) -> None:
        blocks, last = self.model.blocks, len(self.model.blocks) - 1
        self.units, self.inputs = [0] * (last + 1), [0] * (last + 1)
        self.units[spot.layer] = spot.unit
        self.inputs[spot.layer] = (
            self._strongest_input(spot.layer) if spot.input is None else spot.input
        )
        for layer in range(self.layer + 1, last + 1):
            self.inputs[layer] = self.units[layer - 1]
            shares = blocks[layer][:, self.inputs[layer]] * self.slopes[layer][:, 0]
            self.units[layer] = int(np.abs(shares).argmax())
        for layer in range(self.layer - 1, -1, -1):
            self.units[layer] = self.inputs[layer + 1]
            self.inputs[layer] = self._strongest_input(layer)

    def _strongest_input(self, layer: int) -> int:
        weights = self.model.blocks[layer][self.units[layer], :-1]
        return int(np.abs(weights * self.incoming[layer][:-1, 0]).argmax())

    def _input_name(self, layer: int, at: int | None = None) -> str:
        """An input of a layer, the one shown unless told: x, h of a unit, or of several inputs in1.

        Not x1: columns of data are often called so themselves.
        """
        at = self.inputs[layer] if at is None else at
        if layer:
            return self._of_unit("h", layer - 1, at)
        return "x" if self.model.sizes[0] == 1 else f"in{at + 1}"

    @staticmethod
    def _of_unit(letter: str, layer: int, unit: int) -> str:
        """A number of a unit: h1.3, what unit 1.3 puts out, or δ1.3, the slope at its sum."""
        return letter + unit_short(layer, unit).removeprefix("unit ")

    def _name_the_vote(self) -> None:
        by = "" if self.is_bias else f"·{self._input_name(self.layer)}"
        last = len(self.model.blocks) - 1
        if self.layer == last:
            self.vote = self.loss.slope_name + by
            self.backward_rule = f"mean of {self.loss.row_slope}{by}"
        elif self._is_whole():
            found = ACTIVATIONS[self.model.activations[self.layer]]
            dash = "" if found.is_identity else f"·{found.title}′(z)"
            self.vote = f"slope·w{dash}{by}"
            self.backward_rule = f"mean of slope·outgoing w{dash}{by}"
        else:
            self.vote = self._of_unit("δ", self.layer, self.units[self.layer]) + by
            self.backward_rule = f"mean of {self.vote}"

    def _is_whole(self) -> bool:
        """Whether one product is the whole chain rule: a weight below the output's unit."""
        last = len(self.model.blocks) - 1
        return self.layer == last - 1 and len(self.model.blocks[last]) == 1

    # --- forward ------------------------------------------------------------------------------

    def _sum(self, layer: int) -> tuple[Expression, float]:
        """A unit's sum, one of its products apart from the others; and what it comes to."""
        block, incoming = self.model.blocks[layer], self.incoming[layer][:, 0]
        weights, at = block[self.units[layer]], self.inputs[layer]
        found = float(weights.dot(incoming))
        own, bias = float(weights[at] * incoming[at]), float(weights[-1])
        terms: list[Operand] = [product(float(weights[at]), float(incoming[at]))]
        if len(weights) > 2:
            rest = float(weights[:-1].dot(incoming[:-1])) - own
            inputs = [each for each in range(len(weights) - 1) if each != at]
            names = [self._input_name(layer, each) for each in inputs]
            terms.append(_others(names, rest, weights[inputs], incoming[inputs]))
        return total([*terms, bias]), found

    def forward(self, row: str) -> list[Formula]:
        first = float(self.incoming[0][self.inputs[0], 0])
        lines = [Formula(row, f"{self._input_name(0)} = {number(first)}", about="point")]
        for layer, name in enumerate(self.model.activations):
            work, _ = self._sum(layer)
            unit = self.units[layer]
            activation = float(self.incoming[layer + 1][unit, 0])
            if not ACTIVATIONS[name].is_identity:
                work = around(f"{ACTIVATIONS[name].title}({{}})", _output_of(name), work)
            lines.append(worked(self._of_unit("h", layer, unit), work, activation))
        work, _ = self._sum(len(self.model.blocks) - 1)
        return [
            *_rules(self.loss, "W·h + b", "h = activation(W·x + b), layer by layer; "),
            *lines,
            worked(self._name(self.loss.output), work, self.prediction),
        ]

    def _name(self, what: str) -> str:
        """What the shown output's number is called."""
        return what if len(self.outputs) == 1 else f"{what} {self.output + 1}"

    # --- backward -----------------------------------------------------------------------------

    def _path(self, layer: int) -> tuple[Expression, float]:
        """∂(row's loss)/∂(a unit's sum) from the slopes above it, and what it comes to."""
        unit, above = self.units[layer], self.units[layer + 1]
        weights, slopes = self.model.blocks[layer + 1][:, unit], self.slopes[layer + 1][:, 0]
        own = float(weights[above] * slopes[above])
        work = product(float(slopes[above]), float(weights[above]))
        if len(weights) > 1:
            rest = [each for each in range(len(weights)) if each != above]
            names = [unit_short(layer + 1, each) for each in rest]
            amount = float(weights.dot(slopes)) - own
            folded = _others(names, amount, slopes[rest], weights[rest])
            work = around("({})", float, total([work, folded]))
        work = product(work, *_slope_at(self.model.activations[layer], self._sum(layer)[1]))
        return work, float(self.slopes[layer][unit, 0])

    def backward(self, row: str) -> list[Formula]:
        last = len(self.model.blocks) - 1
        slope = float(self.slopes[last][self.output, 0])
        before, work = row_slope(self.loss, self.outputs, self.targets, self.output)
        lines = [Formula("", "δ, a delta, is the slope at a unit’s sum")] * (self.vote[0] == "δ")
        lines += [*before, worked(self._name("slope"), work, slope)]
        whole = self._is_whole()
        for layer in range(last - 1, self.layer - 1 + whole, -1):
            name = self._of_unit("δ", layer, self.units[layer])
            lines.append(worked(name, *self._path(layer)))
        return [*lines, of_point(row, *self.term())]

    def term(self) -> tuple[Expression, float]:
        own = float(self.slopes[self.layer][self.units[self.layer], 0])
        vote = self._path(self.layer)[0] if self._is_whole() else operand(own)
        if self.is_bias:
            return vote, own
        incoming = float(self.incoming[self.layer][self.inputs[self.layer], 0])
        return product(vote, incoming), own * incoming


def _rules(loss: Loss, rule: str, before: str = "") -> list[Formula]:
    """How the output comes about, and what it is where that isn't the prediction itself."""
    rules = [Formula("rule", f"{before}{loss.output} = {rule}")]
    return [*rules, Formula("", loss.output_means)] if loss.output_means else rules


def _rectified(line: Expression) -> Expression:
    return around("max({}, 0)", lambda height: max(height, 0.0), line)


def _others(names: list[str], amount: float, ones: Array, by: Array) -> Expression:
    """The other products of a sum as one number; `ones` and `by` are copies."""
    return others(
        len(names),
        amount,
        lambda: [
            (name, product(one, other))
            for name, one, other in zip(names, ones.tolist(), by.tolist(), strict=True)
        ],
    )


def _output_of(activation: str) -> Callable[[float], float]:
    return lambda total: ACTIVATIONS[activation].at(total)[0]


def _slope_at(activation: str, total: float) -> list[Expression]:
    """ReLU′(1.2), as a factor; none where the sum is put out as it is."""
    found = ACTIVATIONS[activation]
    if found.is_identity:
        return []
    return [around(f"{found.title}′({{}})", lambda z: found.at(z)[1], total)]


def _slope(loss: Loss, prediction: float, target: float) -> float:
    return float(loss.row_slopes(np.array([[prediction]]), np.array([[target]]))[0, 0])
