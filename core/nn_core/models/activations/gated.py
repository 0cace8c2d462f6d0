"""SiLU and GELU: the sum times a soft step of itself, a ReLU without a corner.

The derivative needs the step as well as the output, so `apply` keeps it.
"""

import numpy as np

from nn_core.arrays import Array
from nn_core.models.activations.activation import Activation, CompiledActivation
from nn_core.models.activations.erf import erf


def silu(output: Array, slope: Array) -> CompiledActivation:
    """z·σ(z), with σ(z) = 1 ÷ (1 + e⁻ᶻ); derivative σ + h·(1 − σ).

    (Elfwing, Uchibe and Doya, 2018; also called swish.)
    """
    step, rest = np.empty_like(output), np.empty_like(output)

    def apply() -> None:
        np.multiply(output, 0.5, out=step)
        np.tanh(step, out=step)
        np.add(step, 1, out=step)
        np.multiply(step, 0.5, out=step)  # σ(z) = ½(1 + tanh ½z), which can't overflow
        np.multiply(output, step, out=output)

    def chain() -> None:
        np.subtract(1, step, out=rest)
        np.multiply(rest, output, out=rest)
        np.add(rest, step, out=rest)
        np.multiply(slope, rest, out=slope)

    return CompiledActivation(apply, chain)


_SQRT_HALF, _PEAK = np.sqrt(0.5).item(), (1 / np.sqrt(2 * np.pi)).item()


def gelu(output: Array, slope: Array) -> CompiledActivation:
    """z·Φ(z), Φ(z) = ½(1 + erf(z ÷ √2)) the share of a normal distribution below z.

    The derivative is Φ(z) + z·φ(z), with φ(z) = e^(−½z²) ÷ √(2π).  (Hendrycks and Gimpel, 2016, in
    its exact form, PyTorch's default.)
    """
    sums, step, density = (np.empty_like(output) for _ in range(3))

    def apply() -> None:
        np.copyto(sums, output)
        np.multiply(output, _SQRT_HALF, out=step)
        step[...] = erf(step)
        np.add(step, 1, out=step)
        np.multiply(step, 0.5, out=step)
        np.multiply(sums, step, out=output)

    def chain() -> None:
        np.multiply(sums, sums, out=density)
        np.multiply(density, -0.5, out=density)
        np.exp(density, out=density)
        np.multiply(density, _PEAK, out=density)
        np.multiply(density, sums, out=density)
        np.add(density, step, out=density)
        np.multiply(slope, density, out=slope)

    return CompiledActivation(apply, chain)


SILU = Activation(
    name="silu",
    compile=silu,
    title="SiLU",
    words="SiLU",
    formula="z·σ(z)",
    does=lambda total, shown, output, where: (
        f"multiplies {shown} by its sigmoid at {where} and puts out {output}."
    ),
    turn="bend",
    numpy_helper='''
def sigmoid_of(z):
    """1 ÷ (1 + e⁻ᶻ)."""
    return 0.5 * (1 + np.tanh(0.5 * z))
''',
    numpy_value="z * sigmoid_of(z)",
    numpy_slope="sigmoid_of(z) + h * (1 - sigmoid_of(z))",
    torch="SiLU()",
)
GELU = Activation(
    name="gelu",
    compile=gelu,
    title="GELU",
    words="GELU",
    formula="z·Φ(z)",
    does=lambda total, shown, output, where: (
        f"multiplies {shown} by Φ, the share of a normal distribution below it, at {where}: "
        f"{output}."
    ),
    turn="bend",
    numpy_helper='''
def share_below(z):
    """Φ(z), the share of a normal distribution below z."""
    return (0.5 * (1 + np.vectorize(math.erf)(z / math.sqrt(2)))).astype(z.dtype)
''',
    numpy_value="z * share_below(z)",
    numpy_slope="share_below(z) + z * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)",
    torch="GELU()",
)
