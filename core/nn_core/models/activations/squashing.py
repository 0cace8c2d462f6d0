"""tanh and sigmoid: steps with soft edges, between two bounds."""

import numpy as np

from nn_core.arrays import Array
from nn_core.models.activations.activation import Activation, CompiledActivation

NARROW = 0.05  # a slope below this share of the steepest: the unit is saturated


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


def _squeezes(name: str, low: str, total: str, output: str, where: str) -> str:
    return f"squeezes {total} to {output} at {where}: {name} is from {low} to 1."


TANH = Activation(
    name="tanh",
    compile=tanh,
    title="tanh",
    words="tanh",
    formula="tanh z",
    does=lambda total, shown, output, where: _squeezes("tanh", "−1", shown, output, where),
    rests=lambda output: 1 - output * output < NARROW,
    rests_word="saturated",
    numpy_value="np.tanh(z)",
    numpy_slope="1 - h * h",
    torch="Tanh()",
)
SIGMOID = Activation(
    name="sigmoid",
    compile=sigmoid,
    title="sigmoid",
    words="sigmoid",
    formula="1 ÷ (1 + e⁻ᶻ)",
    does=lambda total, shown, output, where: _squeezes("sigmoid", "0", shown, output, where),
    middle=0.5,
    rests=lambda output: output * (1 - output) < NARROW / 4,
    rests_word="saturated",
    numpy_value="0.5 * (1 + np.tanh(0.5 * z))",
    numpy_slope="(1 - h) * h",
    torch="Sigmoid()",
)
