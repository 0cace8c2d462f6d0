"""The Snapshot: a frozen picture of a run for whoever draws it.

It owns its arrays and holds what the visible views asked for (a `ViewRequest`), no more.  What
doesn't change while a run lasts, the data and the curves to compare with, is a `Scene`, made once.
"""

from dataclasses import dataclass, field
from typing import Any

from nn_core.analysis.batch_cost import Measured
from nn_core.analysis.gradient_check import Checked
from nn_core.analysis.kinks import Kink
from nn_core.analysis.placing import Placement
from nn_core.analysis.rate_finder import Finding
from nn_core.analysis.references import Reference
from nn_core.arrays import Array
from nn_core.config import Config
from nn_core.models.weights import Fit
from nn_core.run.contest import Score
from nn_core.run.history import Envelope
from nn_core.run.timeline import Divergence
from nn_core.storage.autosave import Offered, Resumed
from nn_core.training.state import PHASES, State


@dataclass(frozen=True)
class ViewRequest:
    """What the visible views need.

    `bins`: how finely the loss curve is wanted; `grid`: at how many places the model's curve is;
    `point`: the chosen row; `opened`: the layer whose single numbers are listed, if any; `first`
    and `count`: the stretch of that list that is on screen; `chosen`: which of the whole list is
    chosen; `view`: what is looked at, a name of `nn_core.explain.insights.INSIGHTS` or "fit".  With
    `by_unit` the list is of the units of all hidden layers, and `opened` the unit at `opened_at` of
    that list, whose numbers are listed instead.  `partner`: how often another parameter was asked
    for beside the chosen one.
    """

    bins: int = 80
    grid: int = 80
    point: int = 0
    opened: str | None = None
    first: int = 0
    count: int = 12
    chosen: int = 0
    view: str = "fit"
    by_unit: bool = False
    opened_at: int = 0
    partner: int = 0


@dataclass(frozen=True)
class NumberRow:
    """One parameter: the row reads value + update = next."""

    label: str
    index: int
    start: float
    value: float
    gradient: float
    update: float
    frozen: bool = False

    @property
    def next(self) -> float:
        """The value after the step to come."""
        return self.value + self.update


@dataclass(frozen=True)
class LayerRow:
    """One weight or bias of a network, by the Euclidean norms of its numbers."""

    label: str
    shape: tuple[int, ...]
    size: float
    gradient: float
    update: float
    frozen: bool = False

    @property
    def ratio(self) -> float:
        """How large the update is beside the parameters; about 1e-3 is healthy."""
        return self.update / self.size if self.size else float("nan")


@dataclass(frozen=True)
class UnitRow:
    """One unit of a hidden layer, or one rectified line; what isn't a single number is NaN.

    It puts out activation(weight·x + bias), which enters the model `outgoing` times.  `kink` is
    where weight·x + bias is 0, and `bend` whether the curve bends up there (+1) or down (−1); of a
    smooth activation, whether the unit's own curve rises or falls.  It is on, above that 0, at `on`
    of `points` points.  `share` is its part in all that its layer puts out there.  `silent` is a
    unit that puts out 0 at all of them.
    """

    label: str
    layer: int
    unit: int
    weight: float
    bias: float
    outgoing: float
    kink: float
    bend: int
    on: int
    points: int
    share: float
    silent: bool

    @property
    def slope(self) -> float:
        """How steep the line is that it adds where it is on."""
        return self.outgoing * self.weight


@dataclass(frozen=True)
class Point:
    """The chosen row of the data, in the units of the file."""

    index: int
    x: tuple[float, ...]
    y: float
    prediction: float

    @property
    def off(self) -> float:
        """How far the model lies above the data."""
        return self.prediction - self.y


@dataclass(frozen=True, eq=False)
class Scene:
    """What holds for a whole run: data in the units of the file, truth, and loss references.

    With one input the plot shows y over x.  With several it shows prediction over target, since
    no plane has room for more: `over_x` says which.  `held_back` are x and y of the validation
    rows, as far as they are drawn, where there are some and y is shown over x.
    """

    formula: str
    kind: str
    rows: int
    inputs: tuple[str, ...]
    target: str
    source: str
    scaled: bool
    over_x: bool
    shown: Array
    x: Array
    y: Array
    low: float
    high: float
    largest_input: float
    truth: tuple[Array, Array] | None
    references: tuple[Reference, ...]
    layers: tuple[str, ...]
    size: int
    validation_rows: int = 0
    held_back: tuple[Array, Array] | None = None

    @property
    def truth_loss(self) -> float | None:
        """The loss of the function that the data was made from, where there is one."""
        return next((r.loss for r in self.references if r.label == "the truth itself"), None)


@dataclass(frozen=True, eq=False)
class Kept:
    """A curve to compare with, named by what differs from the run on show."""

    label: str
    envelope: Envelope
    start: int


@dataclass(frozen=True)
class Moved:
    """The person moved a parameter: by how much, and the loss before and after.

    `gradient` is that of the loss over all rows, before; times `amount` it is what it foretold.
    """

    label: str
    amount: float
    before: float
    after: float
    gradient: float

    @property
    def change(self) -> float:
        """What the move did to the loss."""
        return self.after - self.before

    @property
    def foretold(self) -> float:
        """What the gradient said that it would do."""
        return self.gradient * self.amount


@dataclass(frozen=True)
class Updated:
    """The update phase was carried out by hand: the parameter it moved most, and the losses.

    `state` is a copy of the one that it began with.
    """

    label: str
    amount: float
    value: float
    before: float
    after: float
    state: State = field(repr=False, compare=False)


@dataclass(frozen=True)
class Settled:
    """A contest is over, and how it stood."""

    score: Score


@dataclass(frozen=True)
class Changed:
    """The person changed a setting."""

    name: str
    value: Any


@dataclass(frozen=True)
class Reshaped:
    """The person changed the network's shape or the data: what came or went."""

    kind: str
    text: str
    before: float
    after: float


@dataclass(frozen=True)
class Placed:
    """A unit was added where it can mend most; the losses before and after."""

    placement: Placement
    before: float
    after: float


@dataclass(frozen=True)
class Saved:
    """The run, a part of it, or what is on the screen was written to a file."""

    path: str
    what: str


@dataclass(frozen=True)
class Opened:
    """The run of a session file took the place of the one before."""

    path: str
    events: int


@dataclass(frozen=True)
class Overfit:
    """The validation loss rose from its lowest while the training loss fell: (then, now) each."""

    since: int  # step
    validation: tuple[float, float]
    training: tuple[float, float]


@dataclass(frozen=True)
class Jump:
    """The last step moved a parameter past where the loss is lowest along it: by how much."""

    label: str
    amount: float


@dataclass(frozen=True, eq=False)
class Validation:
    """The loss on the rows held back: now, and as measured at steps so far."""

    loss: float
    steps: Array
    losses: Array
    overfit: Overfit | None


Outcome = (
    Moved
    | Updated
    | Settled
    | Changed
    | Reshaped
    | Placed
    | Fit
    | Saved
    | Opened
    | Offered
    | Resumed
    | Measured
)
"""What came of the last thing done by hand, where the words have something to say about it."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything that the screen shows, at one moment.

    `loss` is without the `penalty`, which is None where there is none; `gradient_norm` is the
    length of the gradient of the step to come, before any clipping.  `search` is what the
    learning-rate finder or the gradient check found, or, while it looks, which part of its work is
    done.  `chosen` is
    the chosen parameter, of a layer that isn't opened the one with the largest gradient; `insight`
    is what the view that was asked for shows (an `Insight`).  `contest` is how it stands with
    gradient descent, while that is on; `jump` what made the last step raise the loss.
    `leftover` is what of the chosen parameter's gradient the steps before left, where they aren't
    zeroed.
    """

    scene: Scene
    config: Config
    step: int
    epoch: int
    position: int
    steps_per_epoch: int
    phase: int
    tip: int
    running: bool
    loss: float
    learning_rate: float
    penalty: float | None
    gradient_norm: float
    change: float | None
    first_loss: float | None
    rows: tuple[NumberRow, ...] | tuple[LayerRow, ...] | tuple[UnitRow, ...]
    row_count: int
    point: Point
    predictions: Array
    curve: tuple[Array, Array] | None
    losses: Envelope
    gradient_norms: Envelope
    kept: tuple[Kept, ...]
    kinks: tuple[Kink, ...]
    silent: tuple[tuple[int, ...], ...]
    above: int
    below: int
    steady_since: int | None
    summed_alike: bool
    below_truth_since: int | None
    divergence: Divergence | None
    outcome: Outcome | None
    raw_parameters: tuple[tuple[str, float], ...]
    complaint: str = ""
    validation: Validation | None = None
    search: Finding | Checked | float | None = None
    request: ViewRequest = ViewRequest()
    chosen: NumberRow | None = None
    insight: Any = None
    contest: Score | None = None
    jump: Jump | None = None
    leftover: float | None = None

    @property
    def hides_gradient(self) -> bool:
        """Whether a contest is on that the gradient would give away."""
        return self.contest is not None and not self.contest.hint

    @property
    def in_a_step(self) -> bool:
        """Whether a step is being gone through by hand, its update included."""
        return self.phase > 0 or isinstance(self.outcome, Updated)

    @property
    def phase_name(self) -> str:
        """The phase that was done last inside a step; "" between two steps."""
        return PHASES[self.phase - 1] if self.phase else ""
