"""Votes: what each row of a batch says about one parameter; the gradient is their mean.

A row's vote is the derivative of that row's loss alone.  Where it is negative, a larger value of
the parameter would lower the row's loss: the row says, raise it.
"""

import numpy as np

from nn_core.arrays import Array
from nn_core.models import MLP, Model, Quadratic, RectifiedLines
from nn_core.models.activations import ACTIVATIONS
from nn_core.models.losses import Loss

ROWS_AT_ONCE = 16_384  # that a network is asked about: what they need stays small


def votes(model: Model, x: Array, y: Array, loss: Loss, index: int) -> Array:
    """Each row's vote (rows,) on the parameter at a flat index, for x and y (rows, columns)."""
    if isinstance(model, Quadratic):
        power: Array = x[:, 0].astype(model.flat.dtype) ** (2 - index)
        return _slopes(model, x, y, loss) * power
    if isinstance(model, RectifiedLines):
        line, is_intercept = divmod(index, 2)
        inputs = np.vstack([x.T, np.ones_like(x.T)]).astype(model.flat.dtype)
        passed: Array = inputs[is_intercept] * (model.lines[line].dot(inputs) > 0)
        return _slopes(model, x, y, loss) * passed
    assert isinstance(model, MLP)
    layer, unit, below = place_in_network(model, index)
    parts = []
    for start in range(0, len(x), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        incoming, at_sums = both_ways(model, x[part], y[part], loss)
        parts.append(at_sums[layer][unit] * incoming[layer][below])
    return np.concatenate(parts)


def place_in_network(model: MLP, index: int) -> tuple[int, int, int]:
    """The layer, the unit, and which of its inputs the weight at a flat index belongs to.

    The input beyond the last is the 1 that a bias is multiplied by.  `IndexError` beyond the last
    parameter.
    """
    for layer, block in enumerate(model.blocks):
        if index < block.size:
            unit, below = divmod(index, block.shape[1])
            return layer, unit, below
        index -= block.size
    raise IndexError("there is no such parameter")


def both_ways(model: MLP, x: Array, y: Array, loss: Loss) -> tuple[list[Array], list[Array]]:
    """A forward and a backward pass that keep what belongs to each row.

    For each layer what comes into it, (inputs + 1, rows) with the biases' ones at the end, and
    ∂(a row's loss)/∂(its sums), (units, rows).  Last in the first list is the prediction.
    """
    dtype = model.flat.dtype
    incoming, chains, coming = [], [], x.T.astype(dtype)
    for layer, block in enumerate(model.blocks):
        with_ones = np.vstack([coming, np.ones((1, len(x)), dtype)])
        incoming.append(with_ones)
        coming = block.dot(with_ones)
        if layer < len(model.activations):
            slope = np.empty_like(coming)
            activation = ACTIVATIONS[model.activations[layer]].compile(coming, slope)
            activation.apply()
            chains.append((slope, activation.chain))
    at_sums = [loss.row_slopes(coming, y.T.astype(dtype))]
    for block, (below, chain) in zip(model.blocks[:0:-1], chains[::-1], strict=True):
        below[...] = block[:, :-1].T.dot(at_sums[0])
        chain()
        at_sums.insert(0, below)
    return [*incoming, coming], at_sums


def _slopes(model: Model, x: Array, y: Array, loss: Loss) -> Array:
    """∂(a row's loss)/∂(its prediction), of the predictions that training has, to the bit."""
    bound = model.compile(x, y, len(x), loss, np.empty_like(model.flat))
    bound.forward()
    bound.measure()
    slope: Array = bound.slope[0]
    return slope
