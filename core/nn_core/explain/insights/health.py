"""The health view: how large each update is beside what it changes, and where it comes from."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn_core.analysis.histogram import Histogram, histogram
from nn_core.arrays import Array, norm
from nn_core.config.key_names import with_keys
from nn_core.explain.arithmetic.update_arithmetic import arithmetic
from nn_core.explain.insights.insight import Insight, InsightContext
from nn_core.explain.rows import HEALTHY
from nn_core.formatting import fixed, layer_said, short, times
from nn_core.models import Model
from nn_core.models.activations import ACTIVATIONS
from nn_core.optim.equations import Equation
from nn_core.optim.optimizers import optimizer_of
from nn_core.run.timeline import Timeline
from nn_core.training.state import BACKWARD_DONE

VIEW = "health"

SETTLED = 0.03  # of the loss, what it would change if all numbers did by their size, by the slope
ARRIVED = 1e-3  # of the best loss there is: what is as near has settled
FAR_APART = 20.0  # times, between the gradients of two layers, or between what they put out
ALIKE = 0.01  # of how far the targets lie apart: answers that lie as near are one, nearly


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
    fading = _fading(context, outputs)
    gradients = tuple(
        (weight.label, norm(weight.view(preview.gradient)))
        for weight in layout.places
        if layer and not weight.is_bias
    )
    settled = not fading and _has_settled(context)
    return HealthInsight(
        sentences=tuple(_sentences(context, early, units, gradients, fading, settled)),
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


def _fading(context: InsightContext, outputs: list[Array]) -> float:
    """How many times less the last hidden layer varies than the first, from row to row.

    0 where that is little, or where a network that was trained has an answer for each row.  Where
    every row gets the same one, the gradient is as short as at a minimum, but none is reached.
    """
    timeline = context.timeline
    if len(outputs) < 3 or not timeline.state.step:
        return 0.0
    first, last, answers = (_spread(outputs[at]) for at in (0, -2, -1))
    if not 0 < last <= first / FAR_APART < math.inf:
        return 0.0
    return first / last if answers <= ALIKE * _spread(timeline.trainer.data.y.T) else 0.0


def _spread(numbers: Array) -> float:
    """How far the numbers of one row of an array lie apart, in the row where that is most."""
    return float(np.ptp(numbers, axis=1).max())


# --- in words -------------------------------------------------------------------------------------


def _sentences(
    context: InsightContext,
    early: bool,
    units: tuple[Units, ...],
    gradients: tuple[tuple[str, float], ...],
    fading: float,
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
    yield from _far_apart(gradients, context.timeline)
    if fading:
        last = layer_said(len(context.timeline.config.hidden) - 1)
        yield f"Nearly one answer for all: {last} varies {_much(fading)} times less than layer 1."
        others = f"{_unlike_squashing(context.timeline)}another init or fewer layers"
        yield with_keys(f"It fades from layer to layer: {others} ({{key.options}}) may help.")
    for layer in units:
        if layer.resting:
            where = f"of the {layer.count} units of {layer_said(layer.layer)}"
            rests = "0 on every point" if layer.word == "dead" else "so flat, it passes little back"
            yield f"{layer.resting} {where} {_is(layer.resting)} {layer.word}: {rests}."
    yield _of_the_chosen(context, settled)
    yield "Best is 0.001 of its size: the slope holds so far; 1000 steps can remake it."


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _much(ratio: float) -> str:
    return short(float(f"{ratio:.2g}"))


def _unlike_squashing(timeline: Timeline, end: str = ", ") -> str:
    """The activation to try in place of one that is flat at both ends, where there is one."""
    used = (layer.activation for layer in timeline.trainer.model.layers())
    return f"relu{end}" if any(ACTIVATIONS[each].rests_word == "saturated" for each in used) else ""


def _far_apart(gradients: tuple[tuple[str, float], ...], timeline: Timeline) -> Iterator[str]:
    """Where the gradient of one weight is many times that of another."""
    optimizer = optimizer_of(timeline.config)
    (small, least), (large, most) = (
        pick(gradients, key=lambda pair: pair[1], default=("", 0.0)) for pick in (min, max)
    )
    if not most or not math.isfinite(most):
        return
    if not least:
        yield f"{small}’s gradient is 0, {large}’s is {fixed(most)}: nothing gets to {small}."
        return
    ratio = most / least
    if ratio < FAR_APART:
        return
    names = [name for name, _ in gradients]
    fades = names.index(small) < names.index(large)
    way = ": it fades on its way back" if fades else ""
    yield f"{small}’s gradient is {_much(ratio)} times smaller than {large}’s{way}."
    if optimizer.evens_out:
        yield f"{optimizer.title} evens that out: {optimizer.evens_out}."
    elif fades:
        yield with_keys(
            f"So {optimizer.title} moves it less: adam, {_unlike_squashing(timeline, ' ')}"
            "or another init ({key.options}) may help."
        )
    else:
        yield "It grows on its way back through the layers: the first ones may jump."


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
