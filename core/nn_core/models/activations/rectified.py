"""ReLU, and ReLU with a leak: two straight lines that meet at 0."""

import numpy as np

from nn_core.arrays import Array, empty, full
from nn_core.models.activations.activation import Activation, CompiledActivation, unchanged

# Below this many elements `sign` is the quickest way to 0 and 1; above it, comparing is.
_SMALL = 1000
LEAK = 0.01


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


def _relu_does(total: float, shown: str, output: str, where: str) -> str:
    if total > 0:
        return f"is on at {where}: {shown} is above 0, so ReLU lets it through."
    return f"is off at {where}: {shown} isn’t above 0, so ReLU makes it 0."


def _leaky_does(total: float, shown: str, output: str, where: str) -> str:
    if total > 0:
        return unchanged(total, shown, output, where)
    return f"leaks at {where}: of {shown} a hundredth is left, {output}."


RELU = Activation(
    name="relu",
    compile=relu,
    title="ReLU",
    words="ReLU",
    formula="max(z, 0)",
    call="max({}, 0)",
    does=_relu_does,
    slope_below=0.0,
    turn="kink",
    rests=lambda output: ~(output > 0),
    rests_word="dead",
    numpy_value="np.maximum(z, 0)",
    numpy_slope="np.sign(h)",
    torch="ReLU()",
)
LEAKY_RELU = Activation(
    name="leaky-relu",
    compile=leaky_relu,
    title="leaky",
    words="leaky-ReLU",
    formula="max(z, 0.01·z)",
    does=_leaky_does,
    slope_below=LEAK,
    turn="kink",
    numpy_value="np.maximum(z, 0.01 * z)",
    numpy_slope="np.maximum(np.sign(h), 0.01)",
    torch="LeakyReLU()",
)
