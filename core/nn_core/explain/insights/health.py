"""The health view: how large each update is beside what it changes, and where it comes from."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn_core.analysis.histogram import Histogram, histogram
from nn_core.arrays import Array, norm
from nn_core.explain.arithmetic.update_arithmetic import arithmetic
from nn_core.explain.fading import fading, varies_less, weight_gradients
from nn_core.explain.insights.insight import Insight, InsightContext
from nn_core.explain.rows import HEALTHY
from nn_core.formatting import layer_said, short, times
from nn_core.models import Model
from nn_core.models.activations import ACTIVATIONS
from nn_core.optim.equations import Equation
from nn_core.training.state import BACKWARD_DONE

VIEW = "health"

SETTLED = 0.03  # of the loss, what it would change if all numbers did by their size, by the slope
ARRIVED = 1e-3  # of the best loss there is: what is as near has settled


@dataclass(frozen=True)
class Units:
    """Of a hidden layer's units those that pass nothing back: `word` is dead or saturated.

    `layer` counts from 0, `weight` is PyTorch's name of its weights.
    """

    layer: int
    weight: str
    count: int
    resting: int
    word: str


@dataclass(frozen=True, eq=False)
class HealthInsight(Insight):
    """How the next update is worked out, and how healthy a network's layers are.

    `equations` move the parameter called `label`.  `gradients` are the lengths of the weights'
    gradients, from the first layer on.  `histograms` are those of the chosen `layer`'s values,
    gradients and updates, `size` each; a model without layers has none.  `early`: inside the step,
    before its backward phase, what stands as its gradient isn't that yet.  `settled`: the gradient
    is nearly 0, whatever the rate.
    """

    label: str = ""
    equations: tuple[Equation, ...] = ()
    early: bool = False
    layer: str = ""
    size: int = 0
    histograms: tuple[tuple[str, Histogram], ...] = ()
    units: tuple[Units, ...] = ()
    gradients: tuple[tuple[str, float], ...] = ()
    settled: bool = False


def verdict(size: float, update: float, frozen: bool, settled: bool = False) -> str:
    """What to call an update beside the size of what it changes, in one word.

    ok, where it is healthy; slow below that, fast above, and settled in place of slow where that
    is because nothing is left to do; still, where nothing moves; or why there is no ratio to
    judge by.
    """
    if frozen:
        return "frozen"
    if not (math.isfinite(size) and math.isfinite(update)):
        return "lost"
    if not update:
        return "still"
    if not size:
        return "from 0"
    ratio = abs(update / size)
    if ratio < HEALTHY.least:
        return "settled" if settled else "slow"
    return "fast" if ratio > HEALTHY.most else "ok"


def make_insight(context: InsightContext) -> HealthInsight:
    """Work out what the health view shows."""
    trainer, preview, state = context.timeline.trainer, context.preview, context.timeline.state
    model, layout = trainer.model, state.layout
    early = 0 < state.phase < BACKWARD_DONE
    equations = arithmetic(trainer, preview, context.chosen)
    place = layout.place(context.chosen)
    layer = place.label if model.is_listed_by_layer else ""
    parts = (
        (("values", state.parameters), ("gradients", preview.gradient), ("updates", preview.update))
        if layer
        else ()
    )
    outputs = model.outputs(trainer.data.x[context.scene.shown]) if layer else []
    units = _units(model, outputs)
    gradients = weight_gradients(layout, preview.gradient) if layer else ()
    settled = not varies_less(context.timeline, outputs) and _has_settled(context)
    return HealthInsight(
        sentences=tuple(_sentences(context, early, units, outputs, settled)),
        label=layout.label(context.chosen),
        equations=equations,
        early=early,
        layer=layer,
        size=place.size,
        histograms=tuple((name, histogram(place.view(flat))) for name, flat in parts),
        units=units,
        gradients=gradients,
        settled=settled,
    )


def _has_settled(context: InsightContext) -> bool:
    """Whether the gradient is so short that no rate would lead far, or the loss is the best.

    The best loss is that of the model's own kind: of a line for a network without hidden layers.
    """
    timeline, scene, loss = context.timeline, context.scene, context.loss
    best = scene.reference("best")
    own = scene.kind == "quadratic" or not timeline.config.hidden
    if own and best is not None and loss <= best.loss * (1 + ARRIVED):
        return True
    change = norm(context.preview.gradient) * norm(timeline.state.parameters)
    return timeline.state.step > 0 and change <= SETTLED * loss


def _units(model: Model, outputs: list[Array]) -> tuple[Units, ...]:
    """The hidden layers whose units can come to rest, and how many do on all rows."""
    weights = [place.name for place in model.layout.places if not place.is_bias]
    found = []
    for layer, (dense, output) in enumerate(zip(model.layers(), outputs[:-1], strict=False)):
        activation = ACTIVATIONS[dense.activation]
        if activation.rests:
            resting = int(activation.rests(output).all(axis=1).sum())
            found.append(Units(layer, weights[layer], len(output), resting, activation.rests_word))
    return tuple(found)


# --- in words -------------------------------------------------------------------------------------


def _sentences(
    context: InsightContext,
    early: bool,
    units: tuple[Units, ...],
    outputs: list[Array],
    settled: bool,
) -> Iterator[str]:
    gradient = context.preview.gradient
    lost = int(gradient.size - np.isfinite(gradient).sum())
    if lost:
        yield (
            f"{times(lost, 'number')} of the gradient’s {gradient.size} overflowed: "
            "no update can come of it."
        )
        return
    if early:
        yield "Inside the step, before backward: this step’s gradient isn’t worked out yet."
        return
    yield from fading(context.timeline, gradient, outputs)
    for layer in units:
        if layer.resting:
            where = f"of the {layer.count} units of {layer_said(layer.layer)}"
            rests = "0 on every point" if layer.word == "dead" else "so flat, it passes little back"
            yield f"{layer.resting} {where} {_is(layer.resting)} {layer.word}: {rests}."
    yield _of_the_chosen(context, settled)
    yield "About 0.001 is best: the slope still holds, and 1000 steps can change it all."


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _of_the_chosen(context: InsightContext, settled: bool) -> str:
    """How the chosen layer's, or parameter's, update compares with its size."""
    timeline, preview = context.timeline, context.preview
    state, index = timeline.state, context.chosen
    place = state.layout.place(index)
    single = context.request.opened or not place.shape
    name = state.layout.label(index) if single else place.label
    size, gradient, update = (
        abs(float(flat[index])) if single else norm(place.view(flat))
        for flat in (state.parameters, preview.gradient, preview.update)
    )
    found = verdict(size, update, timeline.trainer.is_frozen(index), settled)
    match found:
        case "frozen":
            return f"{name} is frozen: it gets no update, whatever its gradient says."
        case "still" if not gradient:
            return f"{name} stands still: its gradient is 0."
        case "still":
            return f"{name} stands still: its update is 0."
        case "lost":
            return f"{name}’s update is infinite or not a number."
        case "from 0":
            return f"{name} is 0 as yet: any update is large beside it."
        case "settled":
            part = short(update / size, 3)
            return (
                f"{name} has settled: the gradient is nearly 0; its update is {part} of its size."
            )
    part, of = short(update / size, 3), "of" if update < size else "times"
    return f"{name}’s update is {part} {of} its size: {found}; {HEALTHY.said} is ok."
