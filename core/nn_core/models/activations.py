"""Activations: what a unit does to its sum, beside the derivative.

Each works in place on a layer's whole array (units, rows).  A derivative is written as a function
of the activation's own output, which is what the forward pass keeps.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array, empty, full

# Below this many elements `sign` is the quickest way to 0 and 1; above it, comparing is.
_SMALL = 1000


@dataclass(frozen=True)
class CompiledActivation:
    """An activation bound to its arrays.

    `apply()` replaces the sums in `output` by their activations.  `chain()` multiplies the array
    `slope`, which holds ∂loss/∂activation, by ∂activation/∂sum.
    """

    apply: Callable[[], object]
    chain: Callable[[], object]


Compile = Callable[[Array, Array], CompiledActivation]


def relu(output: Array, slope: Array) -> CompiledActivation:
    """max(z, 0); derivative 1 above 0, else 0 (at 0 too, as PyTorch has it)."""
    zeros, mask = full(output.shape, 0.0, output.dtype), empty(output.shape, output.dtype)
    maximum, multiply, sign, greater, copy = (
        np.maximum,
        np.multiply,
        np.sign,
        np.greater,
        np.copyto,
    )

    def apply() -> None:
        maximum(output, zeros, out=output)

    if output.size <= _SMALL:

        def chain() -> None:
            sign(output, mask)
            multiply(slope, mask, slope)

    else:
        zero = np.zeros((), output.dtype)
        above = np.empty(output.shape, bool)

        def chain() -> None:
            greater(output, zero, above)
            copy(mask, above)
            multiply(slope, mask, slope)

    return CompiledActivation(apply, chain)


LEAK = 0.01


def leaky_relu(output: Array, slope: Array) -> CompiledActivation:
    """ReLU with a leak, z above 0, 0.01·z below: no unit falls silent; derivative 1 or 0.01.

    (Maas et al., 2013, with PyTorch's default.)
    """
    low, factor = np.empty_like(output), np.empty_like(output)
    leak, one = np.array(LEAK, output.dtype), np.array(1.0, output.dtype)

    def apply() -> None:
        np.multiply(output, leak, out=low)
        np.maximum(output, low, out=output)

    def chain() -> None:
        np.sign(output, out=factor)
        np.maximum(factor, 0, out=factor)
        np.multiply(factor, one - leak, out=factor)
        np.add(factor, leak, out=factor)
        np.multiply(slope, factor, out=slope)

    return CompiledActivation(apply, chain)


def tanh(output: Array, slope: Array) -> CompiledActivation:
    """Hyperbolic tangent, tanh z; derivative 1 − tanh² z."""
    square = np.empty_like(output)

    def chain() -> None:
        np.multiply(output, output, out=square)
        np.subtract(1, square, out=square)
        np.multiply(slope, square, out=slope)

    return CompiledActivation(lambda: np.tanh(output, out=output), chain)


def sigmoid(output: Array, slope: Array) -> CompiledActivation:
    """1 ÷ (1 + e⁻ᶻ), computed as ½(1 + tanh ½z), which can't overflow; derivative s(1 − s)."""
    rest = np.empty_like(output)

    def apply() -> None:
        np.multiply(output, 0.5, out=output)
        np.tanh(output, out=output)
        np.add(output, 1, out=output)
        np.multiply(output, 0.5, out=output)

    def chain() -> None:
        np.subtract(1, output, out=rest)
        np.multiply(rest, output, out=rest)
        np.multiply(slope, rest, out=slope)

    return CompiledActivation(apply, chain)


def identity(output: Array, slope: Array) -> CompiledActivation:
    """The sum itself; derivative 1."""
    return CompiledActivation(lambda: None, lambda: None)


ACTIVATIONS: dict[str, Compile] = {
    "relu": relu,
    "leaky-relu": leaky_relu,
    "tanh": tanh,
    "sigmoid": sigmoid,
    "identity": identity,
}


def activate(name: str, sums: Array) -> Array:
    """The activations of an array of sums, of any shape, as a new array of that shape."""
    output = np.array(sums)
    ACTIVATIONS[name](output, output).apply()
    return output
