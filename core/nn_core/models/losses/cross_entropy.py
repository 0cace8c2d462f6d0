"""Cross-entropy: −log of the probability that the model gives to what a row is.

One output is the logit z of the second of two classes: softplus(z) − y·z, PyTorch's
`BCEWithLogitsLoss`.  Several are a logit for each class: Σy · logsumexp(z) − y·z, its
`CrossEntropyLoss`.  Both have the slope *probability − target*, and neither overflows.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nn_core.arrays import Array, empty, full
from nn_core.expressions import Expression, around, operand
from nn_core.formatting import number, reading
from nn_core.models.losses.loss import CompiledLoss, Loss, Reduction


def compile_cross_entropy(
    predictions: Array,
    targets: Array | None,
    reduction: Reduction,
    weights: Sequence[float] = (),
    shared_out: bool = False,
) -> CompiledLoss:
    """See `Loss.compile`; logits and targets are (outputs, rows).

    `weights` are those of the rows of each class; `shared_out`: they are divided by their mean over
    these rows, as PyTorch's `CrossEntropyLoss(weight)` does and `BCEWithLogitsLoss` doesn't.
    """
    if targets is None:
        raise ValueError("cross-entropy is of logits and targets, not of their difference")
    slope = empty(predictions.shape, np.result_type(predictions, targets))
    mean = 1.0 / predictions.shape[1]
    share = np.array(mean if reduction == "mean" else 1.0, slope.dtype)
    of_classes = np.array(weights, slope.dtype)[:, None] if len(weights) else None
    if len(predictions) == 1:
        measure = _two_classes(predictions, targets, slope, share, of_classes)
    else:
        measure = _classes(predictions, targets, slope, share, of_classes, shared_out)
    return CompiledLoss(measure, slope, mean)


def _two_classes(
    z: Array, y: Array, slope: Array, share: Array, weights: Array | None
) -> Callable[[], Any]:
    shape, dtype = slope.shape, slope.dtype
    shrunk, cost, above = empty(shape, dtype), empty(shape, dtype), empty(shape, dtype)
    ones_dot = full((shape[1],), 1.0, dtype).dot
    one = np.array(1.0, dtype)

    def measure() -> Any:
        np.abs(z, out=shrunk)
        np.negative(shrunk, out=shrunk)
        np.exp(shrunk, out=shrunk)  # e^(−|z|), from 0 to 1
        np.multiply(z, y, out=cost)
        np.maximum(z, 0, out=above)
        np.subtract(above, cost, out=cost)
        np.log1p(shrunk, out=above)
        np.add(cost, above, out=cost)  # max(z, 0) − y·z + log(1 + e^(−|z|))
        # σ(z) = 1 ÷ (1 + e^(−z)) from 0 up, e^z ÷ (1 + e^z) below
        np.add(shrunk, one, out=above)
        np.copyto(shrunk, one, where=z >= 0)
        np.divide(shrunk, above, out=slope)
        np.subtract(slope, y, out=slope)
        if weights is not None:
            of_rows = weights[0] + (weights[1] - weights[0]) * y
            np.multiply(slope, of_rows, out=slope)
            np.multiply(cost, of_rows, out=cost)
        np.multiply(slope, share, out=slope)
        return ones_dot(cost[0])

    return measure


def _classes(
    z: Array, targets: Array, slope: Array, share: Array, weights: Array | None, shared_out: bool
) -> Callable[[], Any]:
    shape, dtype = slope.shape, slope.dtype
    y = targets if weights is None else empty(shape, dtype)
    shifted = empty(shape, dtype)
    highest, total, weight = (empty((1, shape[1]), dtype) for _ in range(3))

    def measure() -> Any:
        if weights is not None:
            np.multiply(targets, weights, out=y)
            if shared_out:
                np.divide(y, y.sum() / shape[1], out=y)
        z.max(axis=0, keepdims=True, out=highest)
        np.subtract(z, highest, out=shifted)
        np.exp(shifted, out=slope)
        slope.sum(axis=0, keepdims=True, out=total)
        np.divide(slope, total, out=slope)  # the softmax
        y.sum(axis=0, keepdims=True, out=weight)  # 1 of a row with one class, or its weight
        np.multiply(slope, weight, out=slope)
        np.subtract(slope, y, out=slope)
        np.multiply(slope, share, out=slope)
        np.log(total, out=total)
        loss: Any = np.vdot(weight, total)
        return loss - np.vdot(y, shifted)

    return measure


def _each(predictions: Array, targets: Array) -> Array:
    z = predictions
    if z.shape[-2] == 1:
        costs: Array = (np.maximum(z, 0) - targets * z + np.log1p(np.exp(-np.abs(z))))[..., 0, :]
        return costs
    z = z - z.max(axis=-2, keepdims=True)
    rows: Array = targets.sum(axis=-2) * np.log(np.exp(z).sum(axis=-2)) - (targets * z).sum(axis=-2)
    return rows


def probabilities(logits: Array) -> Array:
    """The probability of each class, (rows, classes), for logits (rows, outputs)."""
    if logits.shape[1] == 1:
        z = logits.astype(np.float64)
        shrunk = np.exp(-np.abs(z))
        second = np.where(z >= 0, 1.0, shrunk) / (1 + shrunk)
        return np.hstack([np.where(z >= 0, shrunk, 1.0) / (1 + shrunk), second])
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Array = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _softplus(z: float) -> float:
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


def _sigmoid(z: float) -> float:
    return math.exp(min(z, 0.0)) / (1 + math.exp(-abs(z)))


def _minus(left: Expression, right: float) -> Expression:
    taken = operand(right)
    return Expression(
        lambda digits: f"{left.write(digits)} − {taken.write(digits)}",
        lambda digits: left.value(digits) - taken.value(digits),
    )


def _written(prediction: float, target: float) -> Expression:
    return Expression(
        lambda digits: (
            f"log(1 + e^{number(prediction, digits)}) − "
            f"{number(target, digits)}·{number(prediction, digits)}"
        ),
        lambda digits: (
            _softplus(reading(prediction, digits))
            - reading(target, digits) * reading(prediction, digits)
        ),
    )


LOSS = Loss(
    name="cross-entropy",
    title="cross-entropy",
    words="mean cross-entropy",
    formula="mean of −log p(what the row is)",
    compile=compile_cross_entropy,
    each=_each,
    is_of_difference=False,
    is_joint=True,
    output="logit",
    output_means="a logit: σ makes a probability of it; above 0 more than a half",
    row="−log p",
    rule="p: the probability of what a row is; of y = 1 σ(z) = 1 ÷ (1 + e^−z)",
    row_slope="(σ(z) − y)",
    slope_name="(σ(z) − y)",
    slope_note="z: the logit",
    written=_written,
    slope_written=lambda prediction, target: _minus(around("σ({})", _sigmoid, prediction), target),
    numpy='''
        def loss_of(logits, targets):
            """The mean cross-entropy: of one logit, or of a logit a class, (classes, rows)."""
            if logits.ndim == 1 or len(logits) == 1:
                costs = np.maximum(logits, 0) - targets * logits + np.log1p(np.exp(-np.abs(logits)))
                return float(np.mean(costs))
            shifted = logits - logits.max(axis=0)
            costs = np.log(np.exp(shifted).sum(axis=0)) - (targets * shifted).sum(axis=0)
            return float(np.mean(costs))


        def slope_of(logits, targets):
            """Its derivative, probability − target, before the mean over all numbers is taken."""
            if logits.ndim == 1 or len(logits) == 1:
                shrunk = np.exp(-np.abs(logits))
                return np.where(logits >= 0, 1, shrunk) / (1 + shrunk) - targets
            raised = np.exp(logits - logits.max(axis=0))
            return len(logits) * (raised / raised.sum(axis=0) - targets)
        ''',
    torch='''
        def loss_of(logits, targets):
            """The mean cross-entropy: of one logit, or of a logit a class."""
            if logits.dim() == 1 or logits.shape[1] == 1:
                return torch.nn.functional.binary_cross_entropy_with_logits(logits, targets)
            return torch.nn.functional.cross_entropy(logits, targets)
        ''',
    in_pytorch="F.binary_cross_entropy_with_logits(pred, y)",
    of_several={
        "output_means": "a logit for each class; softmax makes probabilities of them all",
        "rule": "p is softmax(z) at what the row is: e^z ÷ Σ e^z over the logits",
        "row_slope": "(p − y)",
        "slope_name": "(p − y)",
        "slope_note": "p = softmax(z), y: 1 for its class",
        "in_pytorch": "F.cross_entropy(pred, y)",
    },
)
