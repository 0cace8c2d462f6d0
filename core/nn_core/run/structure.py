"""Changes of shape: a unit or a layer more or less, with the old parameters where they were.

A network's vectors are taken apart into the blocks [W | b] of its layers, the blocks are changed,
and put together again: the parameters with new numbers where there is something new, what belongs
to them (gradients, an optimizer's moments) with zeros.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nn_core.arrays import Array
from nn_core.config import Config
from nn_core.config.key_names import with_keys
from nn_core.data.dataset import Dataset
from nn_core.errors import RequestError
from nn_core.models import MLP
from nn_core.models.initializers import INITIALIZERS
from nn_core.run.one_curve import why_not_one_curve
from nn_core.training.state import State

Blocks = list[Array]


def add_unit(config: Config, data: Dataset, state: State, layer: int) -> tuple[Config, State]:
    """One unit more in a hidden layer, the last of it.

    It starts as the initialisation has it, with an outgoing weight of 0: the model says the same
    as before, until it learns.
    """
    hidden = _hidden_with(config, layer, 1)
    incoming = _incoming(config, data, state, layer)
    random = np.random.default_rng((config.seed, state.step, config.hidden[layer], layer))
    weight, bias = INITIALIZERS[config.init].layer(random, 1, incoming)
    row = np.append(weight[0], bias[0])
    return _with_unit(config, data, state, hidden, layer, row, 0.0)


def place_unit(
    config: Config, data: Dataset, state: State, weight: float, bias: float, outgoing: float
) -> tuple[Config, State]:
    """One unit more, with these parameters, in a network of one input and one hidden layer."""
    require_one_curve(config, data)
    row = np.array([weight, bias])
    return _with_unit(config, data, state, _hidden_with(config, 0, 1), 0, row, outgoing)


def require_one_curve(config: Config, data: Dataset) -> None:
    """`RequestError` unless the model is an output bias plus each unit's curve over one x."""
    why = why_not_one_curve(config, *data.extent[1:])
    if why:
        raise RequestError(with_keys(why))


def _with_unit(
    config: Config,
    data: Dataset,
    state: State,
    hidden: tuple[int, ...],
    layer: int,
    row: Array,
    outgoing: float,
) -> tuple[Config, State]:
    """The last unit of a layer is new: [weights, bias] are `row`, what leads from it `outgoing`."""

    def change(blocks: Blocks, fresh: bool) -> None:
        blocks[layer] = np.vstack([blocks[layer], row if fresh else np.zeros_like(row)])
        blocks[layer + 1] = np.insert(blocks[layer + 1], -1, outgoing if fresh else 0.0, axis=1)

    return _changed(config, data, state, hidden, config.activation, change)


def remove_unit(config: Config, data: Dataset, state: State, layer: int) -> tuple[Config, State]:
    """The last unit of a hidden layer less, and the weights that led from it."""
    hidden = _hidden_with(config, layer, -1)

    def change(blocks: Blocks, fresh: bool) -> None:
        blocks[layer] = blocks[layer][:-1]
        blocks[layer + 1] = np.delete(blocks[layer + 1], -2, axis=1)

    return _changed(config, data, state, hidden, config.activation, change)


def add_layer(config: Config, data: Dataset, state: State) -> tuple[Config, State]:
    """One hidden layer more, before the output, as wide as the last.

    Its weights are the identity: behind rectified units, whose outputs it leaves as they are, the
    model says the same as before.
    """
    _require_network(config)
    if not config.hidden:
        raise RequestError("a layer is added behind a hidden one; this network has none")
    width = config.hidden[-1]
    hidden = (*config.hidden, width)
    names = config.activation
    activation = names if len(names) == 1 else (*names, names[-1])

    def change(blocks: Blocks, fresh: bool) -> None:
        identity = np.eye(width, width + 1) if fresh else np.zeros((width, width + 1))
        blocks.insert(len(blocks) - 1, identity)

    return _changed(config, data, state, hidden, activation, change)


def remove_layer(config: Config, data: Dataset, state: State) -> tuple[Config, State]:
    """The last hidden layer less.

    The output keeps its weights from as many units as there still are; from others they are 0.
    `RequestError` where there is no network, or one hidden layer alone.
    """
    _require_network(config)
    if len(config.hidden) < 2:
        left = "its only one can’t be removed" if config.hidden else "this one has none"
        raise RequestError(f"a hidden layer is removed beside another; {left}")
    hidden = config.hidden[:-1]
    names = config.activation
    activation = names if len(names) == 1 else names[:-1]

    def change(blocks: Blocks, fresh: bool) -> None:
        last = blocks[-1]
        kept = np.zeros((len(last), hidden[-1] + 1))
        both = min(hidden[-1], last.shape[1] - 1)
        kept[:, :both], kept[:, -1] = last[:, :both], last[:, -1]
        blocks[-2:] = [kept]

    return _changed(config, data, state, hidden, activation, change)


def _require_network(config: Config) -> None:
    if not config.is_network:
        raise RequestError("only a network has units and layers to add or remove")


def _hidden_with(config: Config, layer: int, more: int) -> tuple[int, ...]:
    _require_network(config)
    hidden = list(config.hidden)
    if not 0 <= layer < len(hidden):
        raise RequestError(f"there is no hidden layer {layer + 1}; there are {len(hidden)}")
    if hidden[layer] + more < 1:
        raise RequestError(f"layer {layer + 1} has one unit; its last can’t be removed")
    hidden[layer] += more
    return tuple(hidden)


def _incoming(config: Config, data: Dataset, state: State, layer: int) -> Array:
    """What comes into a layer now, (units below, rows)."""
    model = _model(config, data)
    model.flat[:] = state.parameters
    return model.outputs(data.x)[layer - 1] if layer else data.x.T


def _model(config: Config, data: Dataset) -> MLP:
    sizes = (data.x.shape[1], *config.hidden, data.y.shape[1])
    return MLP(sizes, config.activation, dtype=config.dtype)


def _changed(
    config: Config,
    data: Dataset,
    state: State,
    hidden: tuple[int, ...],
    activation: tuple[str, ...],
    change: Callable[[Blocks, bool], None],
) -> tuple[Config, State]:
    config_after = config.replace(hidden=hidden, activation=activation)
    before, after = _model(config, data), _model(config_after, data)

    def carried(vector: Array, fresh: bool) -> Array:
        if vector.shape != state.parameters.shape:
            return vector.copy()  # a number that an optimizer or a schedule remembers
        before.flat[:] = vector
        blocks = [block.copy() for block in before.blocks]
        change(blocks, fresh)
        return np.concatenate([block.reshape(-1) for block in blocks]).astype(vector.dtype)

    slots = {name: carried(slot, False) for name, slot in state.slots.items()}
    return config_after, replace(
        state,
        layout=after.layout,
        parameters=carried(state.parameters, True),
        gradient=carried(state.gradient, False),
        slots=slots,
    )
