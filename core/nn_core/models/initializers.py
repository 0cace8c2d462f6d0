"""Initialisations: where a network's parameters start.

Each is a record: its words, and a rule that draws the weights (units, inputs) and biases (units,)
of one layer.  The names that a person chooses them by stand in `nn_core.config` too, which the
command line reads without NumPy.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array

# (generator, units, inputs, what comes into the layer: (inputs, rows)) -> weight, bias
Draw = Callable[[np.random.Generator, int, int, Array], tuple[Array, Array]]


@dataclass(frozen=True)
class Initializer:
    """An initialisation: what it does in a few words, and its rule for a layer.

    `draw_output` is the rule for the last layer, whose sums go through no activation; the same
    unless given.
    """

    about: str
    draw: Draw
    draw_output: Draw | None = None

    def layer(
        self, random: np.random.Generator, units: int, incoming: Array, is_output: bool = False
    ) -> tuple[Array, Array]:
        """Weights and biases of a layer for what comes into it, (inputs, rows)."""
        rule = self.draw_output if is_output and self.draw_output else self.draw
        return rule(random, units, len(incoming), incoming)


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


INITIALIZERS = {
    # A layer whose sums aren't rectified has no kinks to spread.
    "spread": Initializer("kinks evenly over the data, weights of He’s length", spread, pytorch),
    "he": Initializer("normal, variance 2 ÷ inputs; biases 0", he),
    "xavier": Initializer("uniform within ±√(6 ÷ (inputs + units)); biases 0", xavier),
    "lecun": Initializer("normal, variance 1 ÷ inputs; biases 0", lecun),
    "uniform": Initializer("uniform within ±½; biases 0.1", uniform),
    "normal": Initializer("normal, variance 1; biases 0", normal),
    "pytorch": Initializer("uniform within ±1 ÷ √inputs, biases too", pytorch),
}
