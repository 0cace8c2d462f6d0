"""How a Snapshot is captured: the numbers of a run as it stands that its views asked for."""

from dataclasses import replace
from typing import Any, cast

import numpy as np

from nn_core.analysis.kinks import Kink, kinks
from nn_core.analysis.units import widths, without
from nn_core.arrays import Array, norm
from nn_core.data.dataset import Dataset
from nn_core.data.schema import Scaling
from nn_core.explain.classes import accuracy_curve, class_picture
from nn_core.explain.comparison import changes_within, compared_losses
from nn_core.explain.insights import INSIGHTS, InsightContext, ViewMemory
from nn_core.explain.observations import observe, validate
from nn_core.explain.outcomes import Updated
from nn_core.explain.ranges import grown, slider_range
from nn_core.explain.rows import NumberRow, Rows, chosen_number, listed_rows, number_rows
from nn_core.explain.scene import Scene, raw_outputs, scaled_inputs
from nn_core.explain.snapshot import Activity, OtherTarget, Point, Snapshot
from nn_core.explain.switched_off import switched_off
from nn_core.explain.view_request import ViewRequest
from nn_core.models import Model, Quadratic
from nn_core.run.timeline import Timeline
from nn_core.run.twin import Twin
from nn_core.storage.as_command import begun


@np.errstate(all="ignore")
def capture_snapshot(
    timeline: Timeline,
    scene: Scene,
    request: ViewRequest,
    activity: Activity = Activity(),  # noqa: B008 - frozen
    twin: Twin | None = None,
    memory: ViewMemory | None = None,
) -> Snapshot:
    """The timeline as it is now, with its zeroed twin's losses where there is one.

    Nothing of the timeline changes by being looked at.
    With the `memory` of an earlier snapshot of the same trainer, less is worked out anew.
    """
    trainer, state, history = timeline.trainer, timeline.state, timeline.history
    outcome = activity.outcome
    request = _possible(timeline, request)
    preview = trainer.preview()
    chosen = chosen_number(trainer, preview, request)
    parameters, row_count = listed_rows(trainer, timeline.start, preview, request)
    loss = preview.loss if trainer.steps_per_epoch == 1 else trainer.loss()
    change = _last_change(timeline, loss)
    data, model = trainer.data, trainer.model
    if request.off:
        model = without(model, request.off)
    predictions = raw_outputs(data, model.predict(data.x[scene.shown]), scene.drawn)
    label, kept = compared_losses(timeline, twin, request.bins)
    memory = memory or ViewMemory()
    insight, rows = None, cast(Rows, parameters)
    if request.view in INSIGHTS:
        insight = INSIGHTS[request.view](
            InsightContext(
                timeline,
                scene,
                request,
                preview,
                chosen,
                loss,
                parameters,
                outcome.state if isinstance(outcome, Updated) else None,
                memory,
                model,
            )
        )
        if insight.listed is not None:
            rows, row_count = insight.listed, insight.count
    first_settings, by_hand = begun(timeline)
    classes = class_picture(model, data, scene, request)
    accuracy = history.accuracy
    if classes is not None and not request.off:
        accuracy = accuracy_curve(timeline, classes.measures.accuracy)
    return Snapshot(
        scene=scene,
        config=timeline.config,
        begun=first_settings,
        by_hand=by_hand,
        starts_loaded=0 in timeline.loads,
        request=request,
        activity=activity,
        step=state.step,
        epoch=state.epoch,
        position=state.position,
        steps_per_epoch=trainer.steps_per_epoch,
        phase=state.phase,
        tip=timeline.tip,
        loss=loss,
        learning_rate=trainer.learning_rate,
        penalty=trainer.penalty() if trainer.config.l1 or trainer.config.l2 else None,
        gradient_norm=norm(trainer.free(preview.gradient)),
        change=change,
        rows=rows,
        slider=_slider(timeline, request, parameters, memory),
        row_count=row_count,
        chosen=number_rows(trainer, timeline.start, preview, [chosen])[0],
        point=_point(data, model, request.point, scene.drawn),
        predictions=predictions,
        curve=_curve(data, model, scene, request.grid),
        kinks=_kinks(model, data, scene),
        raw_parameters=_raw_parameters(trainer.model, trainer.data),
        losses=history.losses.envelope(request.bins),
        gradient_norms=history.gradient_norms.envelope(request.bins),
        label=label,
        kept=kept,
        changes=changes_within(timeline),
        validation=validate(timeline, loss),
        divergence=timeline.divergence,
        observed=observe(timeline, scene, preview, predictions, change, chosen),
        insight=insight,
        classes=classes,
        accuracy=accuracy,
        pushed_out=timeline.kept.pushed_out,
        given_up=timeline.kept.given_up,
        switched_off=switched_off(trainer, model, request.off),
    )


def note_reach(timeline: Timeline, memory: ViewMemory) -> None:
    """Have the sliders of single numbers hold them as they are, whether a picture is made or not.

    So what a person's steps led through counts, however fast they came.
    """
    if not timeline.trainer.model.is_listed_by_layer:
        _grow(timeline, memory, None, timeline.state.parameters)


def _grow(
    timeline: Timeline, memory: ViewMemory, listed: str | None, values: Array
) -> tuple[float, float]:
    """The ends of the sliders of a list, which hold these values and all that the run came to."""
    if memory.first is not timeline.first:  # what a run that is over came to is no more its own
        memory.first = timeline.first
        memory.sliders.clear()
    finite = values[np.isfinite(values)]
    ends = [float(finite.min()), float(finite.max())] if finite.size else []
    found = slider_range(timeline.trainer.model.kind, ends)
    found = memory.sliders[listed] = grown(found, memory.sliders.get(listed))
    return found


def _slider(
    timeline: Timeline, request: ViewRequest, rows: Rows, memory: ViewMemory
) -> tuple[float, float]:
    """The ends of the sliders of what is listed: of a matrix for all of it, in sight or not."""
    if request.opened is not None and not request.by_unit:
        values = timeline.state.layout[request.opened].view(timeline.state.parameters)
    else:
        values = np.array([row.value for row in rows if isinstance(row, NumberRow)])
    return _grow(timeline, memory, request.opened, values)


def _possible(timeline: Timeline, request: ViewRequest) -> ViewRequest:
    """The request for the run as it is: a layer may have gone, or rows, since it was made."""
    wanted = timeline.point if request.point < 0 else request.point
    point = min(wanted, timeline.trainer.data.rows - 1)
    units = dict(enumerate(widths(timeline.trainer.model)))
    names = {place.name for place in timeline.state.layout.places}
    is_unit = request.by_unit and bool(units)
    opened = request.opened if is_unit or request.opened in names else None
    validation = timeline.trainer.data.validation
    held_back = request.held_back if validation and request.held_back < validation.rows else -1
    off = frozenset(each for each in request.off if each[1] < units.get(each[0], 0))
    return replace(request, opened=opened, point=point, off=off, held_back=held_back)


def _last_change(timeline: Timeline, loss: float) -> float | None:
    """What the last step did to the loss, where it was a step over all rows and nothing else."""
    step, losses = timeline.state.step, timeline.history.losses
    moved = any(event.step == step and event.kind != "set" for event in timeline.events)
    if timeline.trainer.steps_per_epoch > 1 or moved or not 0 < step <= len(losses):
        return None
    return loss - losses.at(step - 1)


def _point(data: Dataset, model: Model, index: int, drawn: int) -> Point:
    row, names = data.row(index), data.schema.targets
    outputs = model.predict(row.x)

    def values(at: int) -> tuple[float, float]:
        return float(row.raw_y[0, at]), float(raw_outputs(data, outputs, at)[0])

    others = (OtherTarget(name, *values(at)) for at, name in enumerate(names) if at != drawn)
    line = None if row.lines is None else int(row.lines[0])
    return Point(index, tuple(row.raw_x[0].tolist()), *values(drawn), tuple(others), line)


def _curve(data: Dataset, model: Model, scene: Scene, grid: int) -> tuple[Array, Array] | None:
    """The model over its one input, in the units of the file: at so many places, x and y."""
    if not scene.over_x:
        return None
    places = np.linspace(scene.low, scene.high, max(2, grid))
    inputs = scaled_inputs(data, places[:, None]).astype(model.flat.dtype)
    return places, raw_outputs(data, model.predict(inputs), scene.drawn)


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
