"""What the step view shows, as plain values."""

from dataclasses import dataclass

from nn_core.analysis.gradient_check import Check
from nn_core.arrays import Array
from nn_core.explain.arithmetic.written_out import Formula
from nn_core.explain.insights.insight import Insight
from nn_core.explain.rows import LayerRow, NumberRow

NUDGE = 1e-4  # by which a parameter is moved both ways to check its gradient


@dataclass(frozen=True, eq=False)
class Votes:
    """A number for each row of the batch, and where it lies.

    `x` are the inputs as trained, where there is one column, else None.  `numbers` are the rows'
    numbers in the data set, `chosen` which of them the chosen point is, if it is among them.
    """

    values: Array
    x: Array | None
    numbers: Array
    chosen: int | None

    @property
    def below(self) -> float:
        """The sum of the negative ones."""
        return float(self.values[self.values < 0].sum())

    @property
    def above(self) -> float:
        """The sum of the positive ones."""
        return float(self.values[self.values > 0].sum())


@dataclass(frozen=True)
class Nudged:
    """A parameter's gradient of the batch's loss, and what a nudge says that it is.

    Where it `cancels`, it is no more than what rounding leaves of a sum that is 0.
    """

    label: str
    index: int
    gradient: float
    mean_of: str
    check: Check | None
    cancels: bool = False


@dataclass(frozen=True, eq=False)
class StepInsight(Insight):
    """How far the current step is: `done` of its phases, 0 between two steps.

    Right after an update carried out by hand all are done, and `step` is the one that it ended.
    `label` is the chosen parameter, which `symbol` stands for in formulas; `gradient`, `value` and
    `next` are its numbers as they stand, `slope` the gradient of the batch's loss alone, known from
    the backward phase on.  `code` is each phase's line in PyTorch, `rules` what it
    works out, in brief.  `parameters` are those listed.  `lines` are the arithmetic of the phase
    that was done last, `bars` what it says of each row of the batch.  `note` says why something
    can't be shown.  `output` is what the model's output is called, of several the one shown, and
    `target` what that is to be; `class_name` is the row's class, where classes are told apart.
    """

    step: int = 0
    done: int = 0
    epoch: int = 0
    batch: int = 0
    batches: int = 1
    rows: int = 0
    label: str = ""
    symbol: str = ""
    loss: float = 0.0
    slope: float = 0.0
    gradient: float = 0.0
    value: float = 0.0
    next: float = 0.0
    x: tuple[float, ...] = ()
    y: float = 0.0
    prediction: float = 0.0
    output: str = "pred"
    target: str = "y"
    class_name: str = ""
    in_batch: bool = True
    code: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    lines: tuple[Formula, ...] = ()
    bars: Votes | None = None
    vote: str = ""
    checks: tuple[Nudged, ...] = ()
    parameters: tuple[NumberRow, ...] | tuple[LayerRow, ...] = ()
    note: str = ""
