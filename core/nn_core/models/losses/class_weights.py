"""Class weights: a loss in which the rows of a rare class count more than those of a common one.

Balanced is what scikit-learn calls so: rows ÷ (classes · rows of the class), over the rows to train
on, so that every class counts as much as any other.  The loss is then PyTorch's: of a logit a class
`CrossEntropyLoss(weight)`, Σ w·loss ÷ Σ w over the rows of a batch; of one logit
`BCEWithLogitsLoss(weight)` with each row's weight, Σ w·loss ÷ rows.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from nn_core.arrays import Array
from nn_core.expressions import Expression, around, product
from nn_core.models.losses.cross_entropy import compile_cross_entropy
from nn_core.models.losses.loss import Loss


def balanced(y: Array) -> tuple[float, ...]:
    """The weight of each class for targets (rows, outputs); infinite where no row is of it."""
    counts = y.sum(axis=0, dtype=np.float64)
    if len(counts) == 1:
        counts = np.array([len(y) - counts[0], counts[0]])
    with np.errstate(divide="ignore"):
        weights: list[float] = (len(y) / (len(counts) * counts)).tolist()
    return tuple(weights)


def weighted(loss: Loss, weights: tuple[float, ...], shared_out: bool | None = None) -> Loss:
    """A loss of classes with the rows of each class weighted.

    `shared_out`: the weights are divided by their mean over these rows; unless given, as
    PyTorch does.
    """
    several = len(weights) > 2
    shared_out = several if shared_out is None else shared_out

    def row_weights(targets: Array) -> Array:
        found: Array = weights[0] + (weights[1] - weights[0]) * targets[0]
        if len(targets) > 1:
            found = np.array(weights).dot(targets)
        if shared_out:
            found *= targets.shape[1] / found.sum()
        return found

    def each(predictions: Array, targets: Array) -> Array:
        rows: Array = loss.each(predictions, targets)
        rows *= row_weights(targets)
        return rows

    def fixed(targets: Array) -> Loss:
        if not shared_out:
            return own
        mean = float(np.array(weights).dot(targets).mean())
        return weighted(loss, tuple(weight / mean for weight in weights), shared_out=False)

    def row_weight(target: float) -> float:
        return float(row_weights(np.array([[target]]))[0])

    def written(prediction: float, target: float) -> Expression:
        row = around("({})", float, loss.written(prediction, target))
        return product(row_weight(target), row)

    def slope_written(prediction: float, target: float) -> Expression:
        slope = around("({})", float, loss.slope_written(prediction, target))
        return product(row_weight(target), slope)

    texts = loss.for_outputs(len(weights)) if several else loss
    own = replace(
        loss,
        compile=partial(compile_cross_entropy, weights=weights, shared_out=shared_out),
        each=each,
        row_weights=row_weights,
        fixed=fixed,
        formula="mean of w · −log p(what the row is)",
        row="w·−log p",
        rule="w: the weight of its class; p: the probability of what the row is",
        row_slope=f"w·{texts.row_slope}",
        slope_name=f"w·{texts.slope_name}",
        slope_note=f"w: class weight; {'p = softmax(z)' if several else 'z: the logit'}",
        written=written,
        slope_written=slope_written,
        numpy=_numpy(weights),
        torch=_torch(weights),
        in_pytorch="F.cross_entropy(pred, y, w)" if several else texts.in_pytorch[:-1] + ", w[y])",
        of_several={},
    )
    return own


def _numbers(weights: Sequence[float]) -> str:
    return ", ".join(map(repr, weights))


def _numpy(weights: Sequence[float]) -> str:
    if len(weights) == 2:
        first, second = weights
        return f'''
        def weights_of(targets):
            """What a row counts: more where its class is rare."""
            return {first!r} + {second - first!r} * targets


        def loss_of(logits, targets):
            """The cross-entropy of one logit, weighted, over the number of rows."""
            costs = np.maximum(logits, 0) - targets * logits + np.log1p(np.exp(-np.abs(logits)))
            return float(np.mean(weights_of(targets) * costs))


        def slope_of(logits, targets):
            """Its derivative, weight · (probability − target), before the mean is taken."""
            shrunk = np.exp(-np.abs(logits))
            chances = np.where(logits >= 0, 1, shrunk) / (1 + shrunk)
            return weights_of(targets) * (chances - targets)
        '''
    return f'''
        class_weights = np.array([{_numbers(weights)}])  # more where a class is rare


        def loss_of(logits, targets):
            """The cross-entropy of a logit a class, weighted, over the sum of the weights."""
            weights = class_weights.dot(targets)
            shifted = logits - logits.max(axis=0)
            costs = np.log(np.exp(shifted).sum(axis=0)) - (targets * shifted).sum(axis=0)
            return float((weights * costs).sum() / weights.sum())


        def slope_of(logits, targets):
            """Its derivative, before the mean over all numbers is taken."""
            weights = class_weights.dot(targets)
            raised = np.exp(logits - logits.max(axis=0))
            return logits.size * weights / weights.sum() * (raised / raised.sum(axis=0) - targets)
        '''


def _torch(weights: Sequence[float]) -> str:
    if len(weights) == 2:
        return f'''
        class_weights = torch.tensor([{_numbers(weights)}])  # more where a class is rare


        def loss_of(logits, targets):
            """The cross-entropy of one logit, weighted, over the number of rows."""
            weight = class_weights[targets.long()]
            return torch.nn.functional.binary_cross_entropy_with_logits(logits, targets, weight)
        '''
    return f'''
        class_weights = torch.tensor([{_numbers(weights)}])  # more where a class is rare


        def loss_of(logits, targets):
            """The cross-entropy of a logit a class, weighted, over the sum of the weights."""
            labels = targets.argmax(dim=1)
            return torch.nn.functional.cross_entropy(logits, labels, class_weights)
        '''
