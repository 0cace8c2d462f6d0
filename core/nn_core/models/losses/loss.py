"""What a loss is: one record that holds all that the program says and does with it.

A loss is the mean over the rows of what each row's predictions cost beside its targets.  Inside,
arrays are feature-major, as in the models: predictions and targets are (outputs, rows).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from nn_core.arrays import Array, empty
from nn_core.expressions import Expression

Reduction = Literal["sum", "mean"]


@dataclass(frozen=True)
class CompiledLoss:
    """A loss bound to arrays of predictions and targets that are filled again and again.

    `measure()` returns the sum of the losses and fills `slope`, shaped as the predictions, with
    ∂loss/∂prediction.  The sum times `mean` is the loss: a run of steps takes the sums and
    multiplies them all at once.
    """

    measure: Callable[[], Any]
    slope: Array
    mean: float


@dataclass(frozen=True, kw_only=True)
class Loss:
    """One loss.

    `compile(predictions, targets, reduction)` binds it and allocates what it needs once.  The
    reduction says of what `slope` is the derivative: of the sum of the losses, or of their mean.
    Where the loss `is_of_difference`, targets may be None: the predictions are then differences,
    prediction − target, which the model has taken in a product of its own.

    `each(predictions, targets)` gives each row's loss, (…, rows) for predictions
    (…, outputs, rows), which it overwrites.  A row's loss is the mean over its outputs, unless the
    loss `is_joint` and takes a row's outputs together.

    `has_sign_slope`: the slope at a row is only a sign; the loss has a kink where r is 0.
    `best_fit(design, y)` gives the coefficients (columns,) whose design · coefficients has the
    least loss, None where no method is known; with more than `largest_fit` numbers in the design
    it is too slow.

    `power` is that of the target's unit which the loss is in: of targets that are twice as large,
    differences included, it is 2**power times as large.  None where there is no such power.

    The worked arithmetic: `row` is one row's loss and `row_slope` its derivative in symbols,
    `slope_name` the latter in brief, `rule` and `slope_note` what has to be said beside them;
    `output` is what the model's output is called there, and `output_means` a sentence on it;
    `written` and `slope_written` are both with numbers, for a prediction and its target.

    `numpy` and `torch` are the functions of an exported script, `in_pytorch` one line for the
    screen.  `of_several` are those of these texts, by name, that differ with several outputs.
    NumPy's `loss_of` and `slope_of` take differences, or predictions and targets.

    Of a loss with class weights `row_weights(targets)` are those of rows (rows,), and `fixed` is it
    with the weights that rows have among all of these.
    """

    name: str
    title: str
    words: str  # in a sentence
    formula: str
    compile: Callable[[Array, Array | None, Reduction], CompiledLoss]
    each: Callable[[Array, Array], Array]
    row: str
    row_slope: str
    slope_name: str
    written: Callable[[float, float], Expression]
    slope_written: Callable[[float, float], Expression]
    numpy: str
    torch: str
    in_pytorch: str
    output: str = "pred"
    output_means: str = ""
    rule: str = ""
    slope_note: str = ""
    is_of_difference: bool = True
    is_joint: bool = False
    power: int | None = None
    has_sign_slope: bool = False
    best_fit: Callable[[Array, Array], Array] | None = None
    largest_fit: float = 50_000
    of_several: Mapping[str, str] = field(default_factory=dict, compare=False)
    row_weights: Callable[[Array], Array] | None = None
    fixed: Callable[[Array], "Loss"] | None = None

    def for_outputs(self, count: int) -> "Loss":
        """The loss as it is told of so many outputs."""
        texts: Mapping[str, Any] = self.of_several if count > 1 else {}
        return replace(self, **texts) if texts else self

    def factor(self, units: Array) -> float | None:
        """What leads from a loss of targets in these units, (targets,), to the one without units.

        None where there is none: several targets in different units, or a loss without a `power`.
        """
        if self.power is None or (units != units[0]).any():
            return None
        return float(units[0]) ** self.power

    def among(self, y: Array) -> "Loss":
        """The loss as it counts each of these rows, y (rows, outputs), also taken a part at a time.

        The mean of all the rows' losses is then the loss of all, whichever are taken together.
        """
        return self.fixed(y.T) if self.fixed else self

    def row_weight(self, targets: Sequence[float]) -> float:
        """What a row with these targets counts beside others; 1 where all count alike."""
        return float(self.row_weights(np.array(targets)[:, None])[0]) if self.row_weights else 1.0

    def evaluate(self, predictions: Array, targets: Array) -> float:
        """The loss of predictions for targets, (rows, outputs) both, or (rows,) both."""
        compiled = self._bound(np.atleast_2d(predictions.T), np.atleast_2d(targets.T))
        return float(compiled.measure()) * compiled.mean

    def row_slopes(self, predictions: Array, targets: Array) -> Array:
        """∂(a row's loss)/∂(its predictions), (outputs, rows) as the predictions and targets."""
        compiled = self._bound(predictions, targets)
        compiled.measure()
        shares = 1 if self.is_joint else len(predictions)
        slopes: Array = compiled.slope / np.array(shares, compiled.slope.dtype)
        return slopes

    def _bound(self, predictions: Array, targets: Array) -> CompiledLoss:
        return self.compile(np.ascontiguousarray(predictions), np.ascontiguousarray(targets), "sum")


# --- losses of the difference alone -------------------------------------------------------------

# (differences (numbers,), slope (numbers,) to be filled, what it is multiplied by) -> measure
CompileOfDifference = Callable[[Array, Array, float], Callable[[], Any]]


def of_difference(
    bind: CompileOfDifference,
) -> Callable[[Array, Array | None, Reduction], CompiledLoss]:
    """The `compile` of a loss that depends on r = prediction − target alone, number by number."""

    def bound(predictions: Array, targets: Array | None, reduction: Reduction) -> CompiledLoss:
        mean = 1.0 / predictions.size
        if targets is None:
            difference = predictions
        else:
            dtype = np.result_type(predictions, targets)
            difference = empty(predictions.shape, dtype)
        slope = empty(difference.shape, difference.dtype)
        measure = bind(
            difference.reshape(-1), slope.reshape(-1), mean if reduction == "mean" else 1.0
        )
        if targets is None:
            return CompiledLoss(measure, slope, mean)
        subtract = np.subtract

        def measure_predictions() -> Any:
            subtract(predictions, targets, difference)
            return measure()

        return CompiledLoss(measure_predictions, slope, mean)

    return bound


def each_of_difference(cost: Callable[[Array], Array]) -> Callable[[Array, Array], Array]:
    """The `each` of such a loss; `cost` puts the loss of every number in place of r."""

    def each(predictions: Array, targets: Array) -> Array:
        costs = cost(np.subtract(predictions, targets, out=predictions))
        rows: Array = costs[..., 0, :] if costs.shape[-2] == 1 else costs.mean(axis=-2)
        return rows

    return each
