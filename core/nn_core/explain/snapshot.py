"""The Snapshot: a frozen picture of a run for the screen.

It owns its arrays and holds what the visible views asked for (a `ViewRequest`), no more.  What
doesn't change while a run lasts, the data and the curves to compare with, is a `Scene`, made once.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from nn_core.analysis.gradient_check import Checked
from nn_core.analysis.kinks import Kink
from nn_core.analysis.measures import ModelMeasures
from nn_core.analysis.rate_finder import Finding
from nn_core.analysis.setting_map import SettingMap
from nn_core.analysis.step_table import StepTable
from nn_core.arrays import Array
from nn_core.config import Config
from nn_core.explain.classes import ClassPicture
from nn_core.explain.comparison import ChangeWithin, KeptLosses
from nn_core.explain.observations import Observations, Validation
from nn_core.explain.outcomes import Outcome, Updated
from nn_core.explain.rows import NumberRow, Rows
from nn_core.explain.scene import Scene
from nn_core.explain.switched_off import SwitchedOff
from nn_core.explain.view_request import ViewRequest
from nn_core.run.accuracy import AccuracyCurve
from nn_core.run.contest import Score
from nn_core.run.history import Envelope
from nn_core.run.one_curve import is_one_curve
from nn_core.run.replayed_run import Divergence
from nn_core.training.state import BACKWARD_DONE, PHASES

MOST_DRAWN = 3  # kept runs


class OtherTarget(NamedTuple):
    """A target of the chosen row that isn't drawn, in the units of the file."""

    name: str
    y: float
    prediction: float


@dataclass(frozen=True)
class Point:
    """The chosen row of the data, in the units of the file.

    `y` and `prediction` are of the target that is drawn, `others` of those beside it.  `line` is
    that of the file at which the row stands, where it is known.
    """

    index: int
    x: tuple[float, ...]
    y: float
    prediction: float
    others: tuple[OtherTarget, ...] = ()
    line: int | None = None

    @property
    def off(self) -> float:
        """How far the model lies above the data."""
        return self.prediction - self.y


@dataclass(frozen=True)
class Activity:
    """What is done with a run beside its steps, as the training thread knows it.

    `search` is what the learning-rate finder, a map, the gradient check, the measures or the table
    of steps found, or, while it looks, which part of its work is done.  `contest` is how it stands
    with gradient descent, while that is on.  `complaint` says why the last request was refused.
    `bookmark` is the one of the run that was set, or come back to, last.  `journey` is which part
    of the way to another step is done, while the run is on it.  `settled` is how a contest ended
    that the last request ended; `branched` the kept run whose future that put an end to, 0 if none;
    `begun_from` the kept run in whose place it began another.
    `answered` is how many requests were carried out by then.
    """

    running: bool = False
    outcome: Outcome | None = None
    complaint: str = ""
    search: Finding | Checked | SettingMap | ModelMeasures | StepTable | float | None = None
    contest: Score | None = None
    bookmark: "Bookmark | None" = None
    journey: float | None = None
    settled: Score | None = None
    branched: int = 0
    begun_from: int = 0
    answered: int = 0


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything that the screen shows, at one moment.

    `loss` is without the `penalty`, which is None where there is none; `gradient_norm` is the
    length of the gradient of the step to come, before any clipping.  `change` is what the last
    step did to the loss.  `chosen` is the chosen parameter, of a layer that isn't opened the one
    with the largest gradient; `insight` is what the view that was asked for shows (an `Insight`).
    `slider` are the ends of the sliders of numbers that are listed.
    `predictions` are those at the scene's points, `curve` is the model's (x, y), `kinks` are its
    bends; `raw_parameters` are a scaled quadratic's in the units of the file.  `label` is the run's
    name beside the `kept` ones, "" where there are none; `changes` are those within it.
    `begun` are the settings of the run's first step, `by_hand` is how much was done to it since;
    `starts_loaded` where parameters were loaded by hand before it.
    `accuracy` is the part of the rows told right, at the steps at which the run was looked at.
    `pushed_out` are the kept runs that had to make room for what was done last, by their numbers;
    `given_up`: those that there were can't be compared since then, and went.
    `guessed` is what of the step to come a person is asked to guess: the way of the loss, or how
    parameters move.
    `classes` is there where they are told apart, `switched_off` where units are.
    """

    scene: Scene
    config: Config
    begun: Config
    by_hand: int
    starts_loaded: bool
    request: ViewRequest
    activity: Activity
    step: int
    epoch: int
    position: int
    steps_per_epoch: int
    phase: int
    tip: int
    loss: float
    learning_rate: float
    penalty: float | None
    gradient_norm: float
    change: float | None
    rows: Rows
    slider: tuple[float, float]
    row_count: int
    chosen: NumberRow
    point: Point
    predictions: Array
    curve: tuple[Array, Array] | None
    kinks: tuple[Kink, ...]
    raw_parameters: tuple[tuple[str, float], ...]
    losses: Envelope
    gradient_norms: Envelope
    label: str
    kept: tuple[KeptLosses, ...]
    changes: tuple[ChangeWithin, ...]
    validation: Validation | None
    divergence: Divergence | None
    observed: Observations
    insight: Any
    classes: ClassPicture | None = None
    switched_off: SwitchedOff | None = None
    accuracy: AccuracyCurve = field(default_factory=AccuracyCurve)
    pushed_out: tuple[int, ...] = ()
    given_up: bool = False
    guessed: Literal["", "loss", "move"] = ""

    @property
    def running(self) -> bool:
        """Whether it trains by itself."""
        return self.activity.running

    @property
    def outcome(self) -> Outcome | None:
        """What came of the last thing done by hand."""
        return self.activity.outcome

    @property
    def complaint(self) -> str:
        """Why the last request was refused; "" where it wasn't."""
        return self.activity.complaint

    @property
    def search(self) -> Finding | Checked | SettingMap | ModelMeasures | StepTable | float | None:
        """What a search found, or which part of its work is done."""
        return self.activity.search

    @property
    def contest(self) -> Score | None:
        """How it stands with gradient descent, while a contest is on."""
        return self.activity.contest

    @property
    def hides_gradient(self) -> bool:
        """Whether a contest is on that the gradient would give away."""
        return self.contest is not None and not self.contest.hint

    @property
    def hides_update(self) -> bool:
        """Whether what the step to come adds would give away a contest, or a guess."""
        return self.hides_gradient or self.guessed == "move"

    @property
    def kept_runs(self) -> tuple[KeptLosses, ...]:
        """The `kept` ones without the zeroed twin, which can't be gone on with, nor removed."""
        return tuple(each for each in self.kept if each.number)

    @property
    def twin(self) -> KeptLosses | None:
        """The zeroed twin, where there is one."""
        return next((each for each in self.kept if not each.number), None)

    @property
    def drawn(self) -> tuple[KeptLosses, ...]:
        """Those of the `kept` ones that a plot draws: the newest few, and the zeroed twin."""
        return (*self.kept_runs[-MOST_DRAWN:], *([self.twin] if self.twin else []))

    @property
    def is_one_curve(self) -> bool:
        """Whether the model is a sum of units' curves over one x, where a kink can be placed."""
        return is_one_curve(self.config, len(self.scene.inputs), self.scene.outputs)

    @property
    def in_a_step(self) -> bool:
        """Whether a step is being gone through by hand, its update included."""
        return self.phase > 0 or isinstance(self.outcome, Updated)

    @property
    def shows_update(self) -> bool:
        """Whether the view is of an update that is done, and lists the values from before it."""
        return getattr(self.insight, "done", 0) == len(PHASES)

    @property
    def is_back_at_the_best(self) -> bool:
        """Whether the run was taken back to where the validation loss was lowest."""
        if self.validation is None or self.validation.least is None or self.phase or self.running:
            return False
        return 0 < self.step < self.tip and self.step == self.validation.least[0]

    @property
    def awaits_gradient(self) -> bool:
        """Whether, inside a step, the gradient that its update will use isn't worked out yet."""
        return 0 < self.phase < BACKWARD_DONE

    @property
    def sums_gradients(self) -> bool:
        """Whether a gradient that is listed is the sum of several steps' own."""
        return not self.config.zero_gradients and self.step > 0

    @property
    def phase_name(self) -> str:
        """The phase that was done last inside a step; "" between two steps."""
        return PHASES[self.phase - 1] if self.phase else ""


@dataclass(frozen=True, eq=False)
class Bookmark:
    """A moment of a run to come back to, to the bit: what it showed, and it as a session's text."""

    number: int
    snapshot: Snapshot
    text: str = field(repr=False)
