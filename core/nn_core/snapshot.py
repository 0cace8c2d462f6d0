"""The Snapshot: a frozen picture of a run for whoever draws it, and how one is taken.

It owns its arrays and holds what the visible views asked for (a `Request`), no more.  What doesn't
change while a run lasts, the data and the curves to compare with, is a `Scene`, made once.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nn_core.arrays import Array, norm
from nn_core.config import Config, settings, show
from nn_core.datasets import Dataset, Scaling
from nn_core.finder import Finding
from nn_core.history import Envelope
from nn_core.kinks import Kink, kinks, silent_units
from nn_core.models import Quadratic, describe
from nn_core.references import Reference, references
from nn_core.state import PHASES
from nn_core.timeline import Divergence, KeptCurve, Timeline
from nn_core.trainer import Preview
from nn_core.weights import Fit

SHOWN_POINTS = 2000  # rows of a larger data set that are drawn
RISEN = 0.02  # of a loss: less is jitter


@dataclass(frozen=True)
class Request:
    """What the visible views need.

    `bins`: how finely the loss curve is wanted; `grid`: at how many places the model's curve is;
    `point`: the chosen row; `opened`: the layer whose single numbers are listed, if any; `first`
    and `count`: the stretch of the parameter list that is on screen.
    """

    bins: int = 80
    grid: int = 80
    point: int = 0
    opened: str | None = None
    first: int = 0
    count: int = 12


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
    """The update phase was carried out by hand: the parameter it moved most, and the losses."""

    label: str
    amount: float
    value: float
    before: float
    after: float


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
class Saved:
    """The parameters of these names were written to a file."""

    path: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Overfit:
    """The validation loss rose from its lowest while the training loss fell: (then, now) each."""

    since: int  # step
    validation: tuple[float, float]
    training: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Validation:
    """The loss on the rows held back: now, and as measured at steps so far."""

    loss: float
    steps: Array
    losses: Array
    overfit: Overfit | None


Deed = Moved | Updated | Changed | Reshaped | Fit | Saved
"""The last thing that was done by hand, where the words have something to say of it."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everything that the screen shows, at one moment.

    `loss` is without the `penalty`, which is None where there is none; `gradient_norm` is the
    length of the gradient of the step to come, before any clipping.  `search` is what the
    learning-rate finder found, or, while it looks, which part of its work is done.
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
    rows: tuple[NumberRow, ...] | tuple[LayerRow, ...]
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
    deed: Deed | None
    raw_parameters: tuple[tuple[str, float], ...]
    complaint: str = ""
    validation: Validation | None = None
    search: Finding | float | None = None

    @property
    def phase_name(self) -> str:
        """The phase that was done last inside a step; "" between two steps."""
        return PHASES[self.phase - 1] if self.phase else ""


def make_scene(timeline: Timeline) -> Scene:
    """Gather what stays the same as long as the timeline's trainer does."""
    trainer = timeline.trainer
    data, model = trainer.data, trainer.model
    shown = _shown_rows(data)
    raw_x, raw_y = data.raw_x[shown], data.raw_y[shown][:, 0]
    over_x = data.x.shape[1] == 1
    horizontal = raw_x[:, 0] if over_x else raw_y
    low, high = float(horizontal.min()), float(horizontal.max())
    held_back = None
    if data.validation is not None and over_x:
        drawn = _shown_rows(data.validation)
        held_back = data.validation.raw_x[drawn, 0], data.validation.raw_y[drawn, 0]
        low, high = min(low, float(held_back[0].min())), max(high, float(held_back[0].max()))
    margin = (high - low) / 40 or 1.0  # around a single point
    truth = None
    if data.truth is not None and over_x:
        places = np.linspace(low - margin, high + margin, 400)
        truth = (places, _raw_outputs(data, data.truth(_scaled_inputs(data, places[:, None]))))
    return Scene(
        formula=describe(model), kind=model.kind, rows=data.rows, inputs=data.x_names,
        target=data.y_name, source=data.source, scaled=data.x_scaling is not None, over_x=over_x,
        shown=shown, x=horizontal, y=raw_y, low=low - margin, high=high + margin,
        largest_input=float(np.abs(data.x).max()), truth=truth,
        references=references(data, trainer.config.loss),
        layers=tuple(place.name for place in model.layout.places) if model.kind == "mlp" else (),
        size=model.flat.size, held_back=held_back,
        validation_rows=data.validation.rows if data.validation else 0,
    )  # fmt: skip


def _shown_rows(data: Dataset) -> Array:
    return np.unique(np.linspace(0, data.rows - 1, min(data.rows, SHOWN_POINTS)).astype(int))


def take(
    timeline: Timeline,
    scene: Scene,
    request: Request,
    running: bool = False,
    deed: Deed | None = None,
    complaint: str = "",
    search: Finding | float | None = None,
) -> Snapshot:
    """A picture of the timeline as it is now."""
    trainer, state, config = timeline.trainer, timeline.state, timeline.config
    data, model, history = trainer.data, trainer.model, timeline.history
    preview = trainer.preview()
    full_batch = trainer.steps_per_epoch == 1
    with np.errstate(all="ignore"):
        loss = preview.loss if full_batch else trainer.loss()
        predictions = _raw_outputs(data, model.predict(data.x[scene.shown]))
        curve = None
        if scene.over_x:
            places = np.linspace(scene.low, scene.high, max(2, request.grid))
            inputs = _scaled_inputs(data, places[:, None]).astype(model.flat.dtype)
            curve = (places, _raw_outputs(data, model.predict(inputs)))
        change = None
        moved = any(e.step == state.step and e.kind != "set" for e in timeline.events)
        if full_batch and not moved and 0 < state.step <= len(history):
            change = loss - history.losses.at(state.step - 1)
        rows, count = _rows(timeline, preview, request)
        index = min(request.point, data.rows - 1)
        at = data.row(index)
        return Snapshot(
            scene=scene, config=config, step=state.step, epoch=state.epoch,
            position=state.position, steps_per_epoch=trainer.steps_per_epoch, phase=state.phase,
            tip=timeline.tip, running=running, loss=loss,
            learning_rate=trainer.learning_rate,
            penalty=trainer.penalty() if config.l1 or config.l2 else None,
            gradient_norm=norm(preview.gradient), change=change,
            first_loss=history.losses.at(0) if len(history) else None, rows=rows,
            row_count=count,
            point=Point(
                index, tuple(at.raw_x[0].tolist()), float(at.raw_y[0, 0]),
                float(_raw_outputs(data, model.predict(at.x))[0]),
            ),
            predictions=predictions, curve=curve,
            losses=history.losses.envelope(request.bins),
            gradient_norms=history.gradient_norms.envelope(request.bins),
            kept=tuple(_kept(curve, config, request.bins) for curve in timeline.kept),
            kinks=_kinks(model, data, scene), silent=silent_units(model, data.x[scene.shown]),
            above=int((scene.y > predictions).sum()), below=int((scene.y < predictions).sum()),
            steady_since=_steady_since(timeline, preview),
            summed_alike=_summed_alike(timeline, preview),
            below_truth_since=_below_truth(timeline, scene), divergence=timeline.divergence,
            deed=deed,
            raw_parameters=_raw_parameters(model, data), complaint=complaint,
            validation=_validation(timeline, loss),
            search=search,
        )  # fmt: skip


def _scaled_inputs(data: Dataset, raw: Array) -> Array:
    return data.x_scaling.apply(raw) if data.x_scaling else raw


def _raw_outputs(data: Dataset, scaled: Array) -> Array:
    raw: Array = (data.y_scaling.undo(scaled) if data.y_scaling else scaled)[:, 0]
    return raw.astype(np.float64)


def _rows(
    timeline: Timeline, preview: Preview, request: Request
) -> tuple[tuple[NumberRow, ...] | tuple[LayerRow, ...], int]:
    state = timeline.state
    layout = state.layout
    window = slice(request.first, request.first + request.count)
    if timeline.trainer.model.kind != "mlp":
        chosen, names = np.arange(state.parameters.size), [p.name for p in layout.places]
    elif request.opened:
        place = layout[request.opened]
        positions = list(np.ndindex(*place.shape))[window]
        numbers = [place.index(position) for position in positions]
        labels = [f"{place.name}{list(position)}" for position in positions]
        return tuple(_number_rows(timeline, preview, numbers, labels)), place.size
    else:
        layers = tuple(
            LayerRow(
                place.name, place.shape, norm(place.view(state.parameters)),
                norm(place.view(preview.gradient)), norm(place.view(preview.update)),
                _is_frozen(timeline, place.start),
            )
            for place in layout.places[window]
        )  # fmt: skip
        return layers, len(layout.places)
    numbers = chosen[window].tolist()
    return tuple(_number_rows(timeline, preview, numbers, names[window])), len(names)


def _number_rows(
    timeline: Timeline, preview: Preview, numbers: list[int], labels: list[str]
) -> list[NumberRow]:
    values, start = timeline.state.parameters, timeline.start
    return [
        NumberRow(
            label, index, float(start[index]), float(values[index]),
            float(preview.gradient[index]), float(preview.update[index]),
            _is_frozen(timeline, index),
        )
        for index, label in zip(numbers, labels, strict=True)
    ]  # fmt: skip


def _is_frozen(timeline: Timeline, index: int) -> bool:
    frozen = timeline.trainer.frozen
    return frozen is not None and bool(frozen[index])


def _kept(curve: KeptCurve, config: Config, bins: int) -> Kept:
    return Kept(difference(curve.config, config), curve.losses.envelope(bins), curve.start)


def difference(old: Config, new: Config) -> str:
    """What sets an old run apart from the one on show, in a few words."""
    words = []
    for each in settings():
        value = getattr(old, each.name)
        if each.effect == "view" or each.name == "experiment" or value == getattr(new, each.name):
            continue
        if each.name == "learning_rate":
            words.append(f"lr {show(value)}")
        elif each.name == "zero_gradients":
            words.append("zeroed" if value else "not zeroed")
        else:
            words.append(f"{each.title} {show(value) or 'none'}")
    return ", ".join(words) or "before"


def _kinks(model: Any, data: Dataset, scene: Scene) -> tuple[Kink, ...]:
    if not scene.over_x:
        return ()
    low, high = _scaled_inputs(data, np.array([[scene.low], [scene.high]]))[:, 0].tolist()
    found = kinks(model, data.x[scene.shown], low, high)
    if data.x_scaling is None:
        return found
    places = data.x_scaling.undo(np.array([[kink.x] for kink in found]).reshape(-1, 1))[:, 0]
    return tuple(
        Kink(float(at), kink.bend, kink.unit) for at, kink in zip(places, found, strict=True)
    )


def _steady_since(timeline: Timeline, preview: Preview) -> int | None:
    """The step since which the gradient has been the same, where it has been for two or more.

    The step to come is one of those that are compared.
    """
    norms = timeline.history.gradient_norms
    step = timeline.state.step
    if norms.every > 1 or step < 2 or step > len(norms):
        return None
    recent = norms.values[max(0, step - 1000) : step]
    if not np.isclose(norm(preview.gradient), recent[-1], 1e-12, 0):
        return None
    moved = np.flatnonzero(recent != recent[-1])
    since = step - len(recent) + (int(moved[-1]) + 1 if len(moved) else 0)
    return since if step - since >= 2 else None


def _summed_alike(timeline: Timeline, preview: Preview) -> bool:
    """Whether gradients were never zeroed, and every step so far added the same one.

    The step to come must too: else a zeroed run, which gets here by smaller steps, may already
    have met another gradient on the last stretch.
    """
    norms, step = timeline.history.gradient_norms, timeline.state.step
    plain = timeline.config.optimizer == "sgd" and not timeline.events
    if timeline.config.zero_gradients or not plain or not 1 < step <= len(norms):
        return False
    lengths = [norms.at(step - 1), norm(preview.gradient)]
    expected = [step * norms.at(0), (step + 1) * norms.at(0)]
    return norms.every == 1 and bool(np.allclose(lengths, expected, 1e-9, 0))


def _below_truth(timeline: Timeline, scene: Scene) -> int | None:
    """The epoch since which every step's loss was below the truth's own."""
    threshold, losses = scene.truth_loss, timeline.history.losses
    step = timeline.state.step
    if threshold is None or not 0 < step <= len(losses) or timeline.trainer.steps_per_epoch > 1:
        return None
    since = losses.last_from(threshold, step) + losses.every
    return since if since < step else None


def _validation(timeline: Timeline, training_loss: float) -> Validation | None:
    loss = timeline.trainer.validation_loss()
    if loss is None:
        return None
    overfit = _overfit(timeline, loss, training_loss)
    return Validation(loss, *timeline.history.validation.points(), overfit)


def _overfit(timeline: Timeline, now: float, training_loss: float) -> Overfit | None:
    """Whether the validation loss has risen by more than a little, and the training loss fallen.

    What the training loss was at the lowest validation loss, the steps of the epoch after it tell.
    """
    step, losses = timeline.state.step, timeline.history.losses
    since, lowest = timeline.history.validation.lowest(step)
    epoch = timeline.trainer.steps_per_epoch
    if not (step - epoch > since and now > lowest * (1 + RISEN)):
        return None
    then = losses.mean(since, since + epoch)
    if not training_loss < then * (1 - RISEN):
        return None
    return Overfit(since, (lowest, now), (then, training_loss))


def _raw_parameters(model: Any, data: Dataset) -> tuple[tuple[str, float], ...]:
    """A scaled quadratic's coefficients in the units of the file: (name, value) each."""
    if not isinstance(model, Quadratic) or data.x_scaling is None or data.y_scaling is None:
        return ()
    raw = unscaled_quadratic(model.flat, data.x_scaling, data.y_scaling)
    return tuple(zip("abc", raw, strict=True))


def unscaled_quadratic(
    coefficients: Array, x_scaling: Scaling, y_scaling: Scaling
) -> tuple[float, float, float]:
    """(a, b, c) for raw columns from (a, b, c) for standardised ones.

    y = s·(a·u² + b·u + c) + m with u = (x − μ) ÷ σ, multiplied out.
    """
    a, b, c = (float(value) for value in coefficients)
    mean, deviation = float(x_scaling.mean[0]), float(x_scaling.deviation[0])
    y_mean, y_deviation = float(y_scaling.mean[0]), float(y_scaling.deviation[0])
    a, b = a / deviation**2, b / deviation
    return (
        y_deviation * a,
        y_deviation * (b - 2 * a * mean),
        y_deviation * (a * mean**2 - b * mean + c) + y_mean,
    )
