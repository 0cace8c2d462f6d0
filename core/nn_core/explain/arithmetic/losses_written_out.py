"""A row's loss and its slope written out, from the model's outputs to one number each."""

import math
from collections.abc import Sequence

import numpy as np

from nn_core.explain.arithmetic.written_out import Formula, of_point, worked
from nn_core.expressions import (
    Expression,
    Operand,
    around,
    literal,
    operand,
    others,
    product,
    quotient,
    total,
)
from nn_core.formatting import number, reading
from nn_core.models.losses import Loss
from nn_core.models.losses.cross_entropy import probabilities

MOST_WRITTEN = 3  # outputs that are written out; the others of a sum are one number


def row_loss(
    loss: Loss, outputs: Sequence[float], targets: Sequence[float], row: str,
    classes: Sequence[str],
) -> list[Formula]:  # fmt: skip
    """One row's loss from its outputs and targets."""
    pair = np.array(outputs)[:, None], np.array(targets)[:, None]
    own = float(loss.each(*pair)[0])
    if loss.is_joint and classes and sum(targets) in (0.0, 1.0):
        return _of_classes(loss, outputs, targets, own, row, classes)
    parts = [loss.written(*each) for each in zip(outputs, targets, strict=True)]
    if len(parts) == 1:
        return [of_point(row, parts[0], own)]
    values = [float(loss.each(np.array([[a]]), np.array([[b]]))[0]) for a, b in zip(
        outputs, targets, strict=True)]  # fmt: skip
    lines = [
        worked(f"output {at + 1}", part, value)
        for at, (part, value) in enumerate(zip(parts[:MOST_WRITTEN], values, strict=False))
    ]
    named = [(f"output {at + 1}", operand(part)) for at, part in enumerate(parts)]
    apart = [(name, operand(value)) for (name, _), value in zip(named, values, strict=True)]
    added = around("({})", float, total(_first(apart, values, named)))
    return [*lines, of_point(row, quotient(added, literal(str(len(parts)), len(parts))), own)]


def row_slope(
    loss: Loss, outputs: Sequence[float], targets: Sequence[float], at: int
) -> tuple[list[Formula], Expression]:
    """∂(a row's loss)/∂(one of its outputs): what has to be worked out before, and the slope."""
    if loss.is_joint and len(outputs) > 1:
        share = float(probabilities(np.array([outputs]))[0, at])
        weight, target = sum(targets), targets[at]
        share_of = operand(share)
        by = "" if weight == 1 else f"{number(weight)}·"
        slope = Expression(
            lambda digits: f"{by}{share_of.write(digits)} − {number(target, digits)}",
            lambda digits: weight * share_of.value(digits) - reading(target, digits),
        )
        if loss.row_weights:
            slope = product(loss.row_weight(targets), around("({})", float, slope))
        return [worked("softmax p", _softmax(outputs, at), share)], slope
    slope = loss.slope_written(outputs[at], targets[at])
    if len(outputs) == 1:
        return [], slope
    return [], quotient(around("({})", float, slope), literal(str(len(outputs)), len(outputs)))


def _of_classes(
    loss: Loss, outputs: Sequence[float], targets: Sequence[float], own: float, row: str,
    classes: Sequence[str],
) -> list[Formula]:  # fmt: skip
    """σ or softmax of the logits, and −log of it."""
    shares = probabilities(np.array([outputs]))[0]
    label = int(np.argmax(targets)) if len(outputs) > 1 else int(targets[0])
    share = float(shares[label])
    if len(outputs) > 1:
        work = _softmax(outputs, label)
    else:
        work = around("σ({})", _sigmoid, outputs[0])
        if label == 0:
            work = around("1 − {}", lambda value: 1 - value, work)
    cost, weight = (
        around("−log {}", lambda value: -math.log(value), share),
        loss.row_weight(targets),
    )
    if loss.row_weights:
        cost = product(weight, around("({})", float, cost))
    return [worked(f"p({classes[label][:7]})", work, share), of_point(row, cost, own)]


def _softmax(outputs: Sequence[float], at: int) -> Expression:
    """e^z ÷ (e^z + …), its own logit first, and where a line has no room for all that one alone."""
    order = [at, *(other for other in range(len(outputs)) if other != at)]
    raised = [(f"output {each + 1}", around("e^{}", math.exp, outputs[each])) for each in order]
    values = [math.exp(min(outputs[each], 700.0)) for each in order]
    written = MOST_WRITTEN if len(outputs) <= MOST_WRITTEN else 1
    return quotient(
        raised[0][1], around("({})", float, total(_first(raised, values, written=written)))
    )


def _first(
    terms: Sequence[tuple[str, Expression]],
    values: Sequence[float],
    in_full: Sequence[tuple[str, Expression]] | None = None,
    written: int = MOST_WRITTEN,
) -> list[Operand]:
    """The first terms of a sum, and the others as one number, to be opened `in_full`."""
    shown: list[Operand] = [term for _, term in terms[:written]]
    rest, opened = values[written:], (in_full or terms)[written:]
    if rest:
        shown.append(others(len(rest), math.fsum(rest), lambda: opened))
    return shown


def _sigmoid(z: float) -> float:
    return math.exp(min(z, 0.0)) / (1 + math.exp(-abs(z)))
