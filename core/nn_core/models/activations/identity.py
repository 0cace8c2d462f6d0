"""Identity: no activation at all; layers of it make one line together."""

from nn_core.arrays import Array
from nn_core.models.activations.activation import Activation, CompiledActivation, unchanged


def identity(output: Array, slope: Array) -> CompiledActivation:
    """The sum itself; derivative 1."""
    return CompiledActivation(lambda: None, lambda: None)


IDENTITY = Activation(
    name="identity",
    compile=identity,
    title="",
    words="identity",
    formula="z itself",
    call="{}",
    does=unchanged,
    numpy_value="z",
    numpy_slope="1",
    torch="Identity()",
)
