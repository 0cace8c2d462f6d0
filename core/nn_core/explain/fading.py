"""Where a signal fades in a deep network, on its way forward or back, and what helps there."""

import math
from collections.abc import Iterator

import numpy as np

from nn_core.arrays import Array, Layout, norm
from nn_core.config.key_names import with_keys
from nn_core.formatting import fixed, layer_said, short
from nn_core.models.activations import ACTIVATIONS
from nn_core.optim.optimizers import optimizer_of
from nn_core.run.timeline import Timeline

FAR_APART = 20.0  # times, between the gradients of two layers, or between what they put out
ALIKE = 0.01  # of how far the targets lie apart: answers that lie as near are one, nearly


def fading(timeline: Timeline, gradient: Array, outputs: list[Array]) -> Iterator[str]:
    """That a layer gets far less of the gradient than another, or all rows one answer.

    `outputs` are those of each layer, in columns.
    """
    if not outputs:
        return
    much = varies_less(timeline, outputs)
    if much:
        last = layer_said(len(timeline.config.hidden) - 1)
        yield f"Nearly one answer for all: {last} varies {_much(much)} times less than layer 1."
        yield f"It fades from layer to layer: {_what_helps(timeline, 'fewer layers')}."
    yield from _far_apart(weight_gradients(timeline.state.layout, gradient), timeline)


def is_fading(timeline: Timeline, gradient: Array, outputs: list[Array]) -> bool:
    """Whether that is why the network hardly learns: the optimizer doesn't even it out."""
    if not outputs:
        return False
    if varies_less(timeline, outputs):
        return True
    _, least, _, most, fades = _extremes(weight_gradients(timeline.state.layout, gradient))
    apart = 0 < least < most < math.inf and most >= FAR_APART * least
    return apart and fades and not optimizer_of(timeline.config).evens_out


def weight_gradients(layout: Layout, gradient: Array) -> tuple[tuple[str, float], ...]:
    """The length of the gradient of each layer's weights, by their label, from the first on."""
    return tuple(
        (place.label, norm(place.view(gradient))) for place in layout.places if not place.is_bias
    )


def varies_less(timeline: Timeline, outputs: list[Array]) -> float:
    """How many times less the last hidden layer varies than the first, from row to row.

    0 where that is little, or where a network that was trained has an answer for each row.  Where
    every row gets the same one, the gradient is as short as at a minimum, but none is reached.
    """
    if len(outputs) < 3 or not timeline.state.step:
        return 0.0
    first, last, answers = (_spread(outputs[at]) for at in (0, -2, -1))
    if not 0 < last <= first / FAR_APART < math.inf:
        return 0.0
    return first / last if answers <= ALIKE * _spread(timeline.trainer.data.y.T) else 0.0


def _spread(numbers: Array) -> float:
    """How far the numbers of one row of an array lie apart, in the row where that is most."""
    return float(np.ptp(numbers, axis=1).max())


def _much(ratio: float) -> str:
    return short(float(f"{ratio:.2g}"))


def _what_helps(timeline: Timeline, *others: str) -> str:
    """What lets a deep network learn where a signal fades; another start doesn't."""
    used = (layer.activation for layer in timeline.trainer.model.layers())
    squashes = any(ACTIVATIONS[each].rests_word == "saturated" for each in used)
    helps = [] if optimizer_of(timeline.config).evens_out else ["adam"]
    helps += ["relu"] if squashes else []
    helps += others
    first = ", ".join(helps[:-1])
    named = f"{first} or {helps[-1]}" if first else helps[-1]
    return with_keys(f"{named} ({{key.options}}) may help")


def _extremes(gradients: tuple[tuple[str, float], ...]) -> tuple[str, float, str, float, bool]:
    """The label and length of the shortest and of the longest, and whether that comes later."""
    (small, least), (large, most) = (
        pick(gradients, key=lambda pair: pair[1], default=("", 0.0)) for pick in (min, max)
    )
    names = [name for name, _ in gradients]
    return small, least, large, most, names.index(small) < names.index(large)


def _far_apart(gradients: tuple[tuple[str, float], ...], timeline: Timeline) -> Iterator[str]:
    """Where the gradient of one weight is many times that of another."""
    optimizer = optimizer_of(timeline.config)
    small, least, large, most, fades = _extremes(gradients)
    if not most or not math.isfinite(most):
        return
    if not least:
        yield f"{small}’s gradient is 0, {large}’s is {fixed(most)}: nothing gets to {small}."
        return
    ratio = most / least
    if ratio < FAR_APART:
        return
    way = ": it fades on its way back" if fades else ""
    yield f"{small}’s gradient is {_much(ratio)} times smaller than {large}’s{way}."
    if optimizer.evens_out:
        yield f"{optimizer.title} evens that out: {optimizer.evens_out}."
    elif fades:
        yield f"So {optimizer.title} moves it less: {_what_helps(timeline)}."
    else:
        yield "It grows on its way back through the layers: the first ones may jump."
