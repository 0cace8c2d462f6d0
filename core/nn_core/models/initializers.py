"""Initialisations: where a network's parameters start.

Each draws the weights (units, inputs) of one layer and may set its bias from what comes in.
"""

from collections.abc import Callable

import numpy as np

from nn_core.arrays import Array

# (generator, units, inputs, what comes into the layer: (inputs, rows)) -> weight, bias
Initializer = Callable[[np.random.Generator, int, int, Array], tuple[Array, Array]]


def spread(
    random: np.random.Generator, units: int, inputs: int, incoming: Array
) -> tuple[Array, Array]:
    """Weights of He's length in a random direction, biases that lay each unit's kink in the data.

    A rectified unit bends where w·x + b = 0.  With zero biases all of them bend at the origin;
    here each bends at a point of its own, evenly spread from the first row to the last (of one
    input column: from the smallest to the largest).
    """
    weight = random.normal(0.0, 1.0, (units, inputs))
    weight *= np.sqrt(2) / np.linalg.norm(weight, axis=1, keepdims=True)
    rows = incoming.shape[1]
    order = np.argsort(incoming[0], kind="stable") if inputs == 1 else np.arange(rows)
    between = (random.permutation(units) + 0.5) / units * (rows - 1)
    left = between.astype(int)
    right = np.minimum(left + 1, rows - 1)
    part = between - left
    points = incoming[:, order[left]] * (1 - part) + incoming[:, order[right]] * part
    return weight, -np.einsum("ui,iu->u", weight, points)


def he(
    random: np.random.Generator, units: int, inputs: int, incoming: Array
) -> tuple[Array, Array]:
    """Normal, variance 2 ÷ inputs; zero biases (He et al., 2015)."""
    return random.normal(0.0, np.sqrt(2 / inputs), (units, inputs)), np.zeros(units)


def xavier(
    random: np.random.Generator, units: int, inputs: int, incoming: Array
) -> tuple[Array, Array]:
    """Uniform within ±√(6 ÷ (inputs + units)); zero biases (Glorot and Bengio, 2010)."""
    bound = np.sqrt(6 / (inputs + units))
    return random.uniform(-bound, bound, (units, inputs)), np.zeros(units)


def lecun(
    random: np.random.Generator, units: int, inputs: int, incoming: Array
) -> tuple[Array, Array]:
    """Normal, variance 1 ÷ inputs; zero biases (LeCun et al., 1998)."""
    return random.normal(0.0, np.sqrt(1 / inputs), (units, inputs)), np.zeros(units)


def uniform(
    random: np.random.Generator, units: int, inputs: int, incoming: Array
) -> tuple[Array, Array]:
    """Uniform within ±½, biases 0.1, as TensorFlow Playground starts."""
    return random.uniform(-0.5, 0.5, (units, inputs)), np.full(units, 0.1)


def pytorch(
    random: np.random.Generator, units: int, inputs: int, incoming: Array
) -> tuple[Array, Array]:
    """Uniform within ±1 ÷ √inputs, biases too: the default of PyTorch's `nn.Linear`."""
    bound = 1 / np.sqrt(inputs)
    weight = random.uniform(-bound, bound, (units, inputs))
    return weight, random.uniform(-bound, bound, units)


def normal(
    random: np.random.Generator, units: int, inputs: int, incoming: Array
) -> tuple[Array, Array]:
    """Standard normal weights, zero biases."""
    return random.normal(0.0, 1.0, (units, inputs)), np.zeros(units)


INITIALIZERS: dict[str, Initializer] = {
    "spread": spread,
    "he": he,
    "xavier": xavier,
    "lecun": lecun,
    "uniform": uniform,
    "normal": normal,
    "pytorch": pytorch,
}
