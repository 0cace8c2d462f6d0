"""Activations: what a unit does to its sum, beside the derivative; a file for each family.

`activation.py` says what a record holds.  To add an activation: write its file, and name it here
and in `config.ACTIVATIONS`.
"""

import numpy as np

from nn_core.arrays import Array
from nn_core.models.activations.activation import Activation, CompiledActivation
from nn_core.models.activations.gated import GELU, SILU
from nn_core.models.activations.identity import IDENTITY
from nn_core.models.activations.rectified import LEAKY_RELU, RELU
from nn_core.models.activations.squashing import SIGMOID, TANH

__all__ = ["ACTIVATIONS", "Activation", "CompiledActivation", "activate"]

ACTIVATIONS: dict[str, Activation] = {
    each.name: each for each in (RELU, LEAKY_RELU, TANH, SIGMOID, IDENTITY, SILU, GELU)
}


def activate(name: str, sums: Array) -> Array:
    """The activations of an array of sums, of any shape, as a new array of that shape."""
    output = np.array(sums)
    ACTIVATIONS[name].compile(output, output).apply()
    return output
