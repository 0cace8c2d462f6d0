"""How a Snapshot is taken: the numbers of a run as it stands, for whoever draws them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from nn_core.analysis.gradient_check import Checked
from nn_core.analysis.kinks import Kink, kinks, silent_units
from nn_core.analysis.rate_finder import Finding
from nn_core.analysis.units import locate, numbers_of, widths
from nn_core.arrays import Array, norm
from nn_core.config import Config, settings, show
from nn_core.data.datasets import Dataset, Scaling
from nn_core.explain.insights import INSIGHTS, Moment
from nn_core.explain.scene import raw_outputs, scaled_inputs
from nn_core.explain.snapshot import (
    Jump,
    Kept,
    LayerRow,
    NumberRow,
    Outcome,
    Overfit,
    Point,
    Scene,
    Snapshot,
    UnitRow,
    Updated,
    Validation,
    ViewRequest,
)
from nn_core.models import Model, Quadratic
from nn_core.optim.optimizers import is_plain_descent
from nn_core.run.contest import Score
from nn_core.run.timeline import KEPT_CURVES, KeptCurve, Timeline
from nn_core.run.twin import Twin
from nn_core.training.trainer import Preview

RISEN = 0.02  # of a loss: less is jitter


def capture_snapshot(
    timeline: Timeline,
    scene: Scene,
    request: ViewRequest,
    running: bool = False,
    outcome: Outcome | None = None,
    complaint: str = "",
    search: Finding | Checked | float | None = None,
    contest: Score | None = None,
    twin: Twin | None = None,
) -> Snapshot:
    """A picture of the timeline as it is now."""
    trainer, state, config = timeline.trainer, timeline.state, timeline.config
    data, model, history = trainer.data, trainer.model, timeline.history
    names = {place.name for place in state.layout.places}
    if not request.by_unit and request.opened not in names:
        request = replace(request, opened=None)  # that layer has gone since it was opened
    preview = trainer.preview()
    full_batch = trainer.steps_per_epoch == 1
    with np.errstate(all="ignore"):
        loss = preview.loss if full_batch else trainer.loss()
        predictions = raw_outputs(data, model.predict(data.x[scene.shown]))
        curve = None
        if scene.over_x:
            places = np.linspace(scene.low, scene.high, max(2, request.grid))
            inputs = scaled_inputs(data, places[:, None]).astype(model.flat.dtype)
            curve = (places, raw_outputs(data, model.predict(inputs)))
        change = None
        moved = any(e.step == state.step and e.kind != "set" for e in timeline.events)
        if full_batch and not moved and 0 < state.step <= len(history):
            change = loss - history.losses.at(state.step - 1)
        index = min(request.point, data.rows - 1)
        at = data.row(index)
        chosen = chosen_number(timeline, preview, request)
        rows, count = _rows(timeline, preview, request)
        insight = None
        if request.view in INSIGHTS:
            before_update = outcome.state if isinstance(outcome, Updated) else None
            insight = INSIGHTS[request.view](
                Moment(timeline, scene, request, preview, chosen, index, before_update, rows)
            )
        listed: tuple[NumberRow, ...] | tuple[LayerRow, ...] | tuple[UnitRow, ...] = rows
        if insight is not None and insight.listed is not None:
            listed, count = insight.listed, insight.count
        return Snapshot(
            scene=scene,
            config=config,
            step=state.step,
            epoch=state.epoch,
            position=state.position,
            steps_per_epoch=trainer.steps_per_epoch,
            phase=state.phase,
            tip=timeline.tip,
            running=running,
            loss=loss,
            learning_rate=trainer.learning_rate,
            penalty=trainer.penalty() if config.l1 or config.l2 else None,
            gradient_norm=norm(preview.gradient),
            change=change,
            first_loss=history.losses.at(0) if len(history) else None,
            rows=listed,
            row_count=count,
            point=Point(
                index,
                tuple(at.raw_x[0].tolist()),
                float(at.raw_y[0, 0]),
                float(raw_outputs(data, model.predict(at.x))[0]),
            ),
            predictions=predictions,
            curve=curve,
            losses=history.losses.envelope(request.bins),
            gradient_norms=history.gradient_norms.envelope(request.bins),
            kept=tuple(_kept(curve, config, request.bins) for curve in _beside(timeline, twin)),
            kinks=_kinks(model, data, scene),
            silent=silent_units(model, data.x[scene.shown]),
            above=int((scene.y > predictions).sum()),
            below=int((scene.y < predictions).sum()),
            steady_since=_steady_since(timeline, preview),
            summed_alike=_summed_alike(timeline, preview),
            below_truth_since=_below_truth(timeline, scene),
            divergence=timeline.divergence,
            outcome=outcome,
            raw_parameters=_raw_parameters(model, data),
            complaint=complaint,
            validation=_validation(timeline, loss),
            leftover=None if config.zero_gradients else float(state.gradient[chosen]),
            search=search,
            contest=contest,
            jump=_jump(timeline, preview, change),
            request=request,
            insight=insight,
            chosen=_number_rows(timeline, preview, [chosen], [state.layout.label(chosen)])[0],
        )


def _rows(
    timeline: Timeline, preview: Preview, request: ViewRequest
) -> tuple[tuple[NumberRow, ...] | tuple[LayerRow, ...], int]:
    state = timeline.state
    layout = state.layout
    window = slice(request.first, request.first + request.count)
    unit = _numbers_of_chosen_unit(timeline.trainer.model, request)
    if unit:
        shown = unit[window]
        return tuple(_number_rows(timeline, preview, shown, map(layout.label, shown))), len(unit)
    if timeline.trainer.model.kind != "mlp":
        chosen, names = np.arange(state.parameters.size), [p.name for p in layout.places]
    elif request.opened:
        place = layout[request.opened]
        listed = np.arange(place.size)[window]
        positions = np.transpose(np.unravel_index(listed, place.shape)).tolist()
        numbers = [place.index(position) for position in positions]
        labels = [f"{place.name}{position}" for position in positions]
        return tuple(_number_rows(timeline, preview, numbers, labels)), place.size
    else:
        layers = tuple(
            LayerRow(
                place.name,
                place.shape,
                norm(place.view(state.parameters)),
                norm(place.view(preview.gradient)),
                norm(place.view(preview.update)),
                _is_frozen(timeline, place.start),
            )
            for place in layout.places[window]
        )
        return layers, len(layout.places)
    numbers = chosen[window].tolist()
    return tuple(_number_rows(timeline, preview, numbers, names[window])), len(names)


def chosen_number(timeline: Timeline, preview: Preview, request: ViewRequest) -> int:
    """The flat index of the chosen parameter; of a layer or unit, the one pushed most."""
    layout = timeline.state.layout
    unit = _numbers_of_chosen_unit(timeline.trainer.model, request)
    if unit:
        largest = int(np.abs(preview.gradient[unit]).argmax())
        return unit[min(request.chosen, len(unit) - 1) if request.opened else largest]
    if timeline.trainer.model.kind != "mlp":
        return min(request.chosen, layout.size - 1)
    if request.opened:
        place = layout[request.opened]
        at = min(request.chosen, place.size - 1)
    else:
        place = layout.places[min(request.chosen, len(layout.places) - 1)]
        at = int(np.abs(place.view(preview.gradient)).argmax())
    return place.index(int(part) for part in np.unravel_index(at, place.shape))


def _number_rows(
    timeline: Timeline, preview: Preview, numbers: list[int], labels: Iterable[str]
) -> list[NumberRow]:
    values, start = timeline.state.parameters, timeline.start
    return [
        NumberRow(
            label,
            index,
            float(start[index]),
            float(values[index]),
            float(preview.gradient[index]),
            float(preview.update[index]),
            _is_frozen(timeline, index),
        )
        for index, label in zip(numbers, labels, strict=True)
    ]


def _is_frozen(timeline: Timeline, index: int) -> bool:
    frozen = timeline.trainer.frozen
    return frozen is not None and bool(frozen[index])


def _beside(timeline: Timeline, twin: Twin | None) -> list[KeptCurve]:
    """The curves to compare with: the clean twin's, and of the kept ones as many as fit."""
    if twin is None:
        return [*timeline.kept]
    return [*timeline.kept, KeptCurve(twin.config, twin.losses)][-KEPT_CURVES:]


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
    low, high = scaled_inputs(data, np.array([[scene.low], [scene.high]]))[:, 0].tolist()
    found = kinks(model, data.x[scene.shown], low, high)
    if data.x_scaling is None:
        return found
    places = data.x_scaling.undo(np.array([[kink.x] for kink in found]).reshape(-1, 1))[:, 0]
    return tuple(
        Kink(float(at), kink.bend, kink.unit) for at, kink in zip(places, found, strict=True)
    )


def _jump(timeline: Timeline, preview: Preview, change: float | None) -> Jump | None:
    """Of the parameters whose gradient the last step turned around, the one that it moved most.

    Only where the loss rose, and the step was −rate · gradient and nothing else.
    """
    state, config = timeline.state, timeline.config
    plain = is_plain_descent(config) and config.zero_gradients
    if change is None or change <= 0 or state.phase or not plain:
        return None
    moves = -timeline.history.learning_rates.at(state.step - 1) * state.gradient
    if timeline.trainer.frozen is not None:
        moves[timeline.trainer.frozen] = 0
    turned = np.flatnonzero(moves * preview.gradient > 0)
    if not len(turned):
        return None
    index = int(turned[np.abs(moves[turned]).argmax()])
    return Jump(state.layout.label(index), float(moves[index]))


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
    plain = is_plain_descent(timeline.config) and all(
        event.step == 0 and event.named.get("name") == "zero_gradients" for event in timeline.events
    )
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


def _numbers_of_chosen_unit(model: Model, request: ViewRequest) -> list[int]:
    """The flat indices of the parameters of the unit chosen or opened; none where none can be."""
    sizes = widths(model)
    if not (request.by_unit and sizes):
        return []
    number = request.opened_at if request.opened else request.chosen
    return numbers_of(model, *locate(sizes, number))
