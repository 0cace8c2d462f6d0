"""What an activation is: one record that holds all that the program says and does with it.

In formulas z is a unit's sum, W·x + b, and h what the unit puts out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array


@dataclass(frozen=True)
class CompiledActivation:
    """An activation bound to its arrays, (units, rows).

    `apply()` replaces the sums in `output` by their activations.  `chain()`, called after it,
    multiplies the array `slope`, which holds ∂loss/∂activation, by ∂activation/∂sum.  What that
    takes beside the output, an activation keeps for itself in `apply`.
    """

    apply: Callable[[], object]
    chain: Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Activation:
    """One activation.

    `compile(output, slope)` binds it to its arrays and allocates what it needs once.

    `title` heads a column and stands before a sum in brackets, as `called` says; `words` is its
    name in a chain of layers.  `does(z, sum, output, where)` says what a unit made of its sum, both
    as they are shown.

    `slope_below`: of one with a kink at 0 and slope 1 above it, the slope below; None of a smooth
    one.  `turn` is what happens where the sum is 0: a kink, a bend, or the middle of a step, which
    rises or falls with the weight.  A unit is on where it puts out more than `middle`.
    `rests(output)` says where a unit of it passes hardly anything back, and `rests_word` what it is
    called then.

    NumPy scripts take `numpy_value`, an expression of z, and `numpy_slope`, one of z and h, with
    `numpy_helper` before them; PyTorch scripts the module `torch`.
    """

    name: str
    compile: Callable[[Array, Array], CompiledActivation]
    title: str
    words: str
    formula: str
    does: Callable[[float, str, str, str], str]
    numpy_value: str
    numpy_slope: str
    torch: str
    numpy_helper: str = ""
    call: str = ""
    slope_below: float | None = None
    turn: str = "middle"
    middle: float = 0.0
    rests: Callable[[Array], Array] | None = None
    rests_word: str = ""

    def at(self, total: float) -> tuple[float, float]:
        """What a unit puts out whose sum is this, and the activation's slope there."""
        output, slope = np.array([[total]]), np.ones((1, 1))
        compiled = self.compile(output, slope)
        compiled.apply()
        compiled.chain()
        return float(output[0, 0]), float(slope[0, 0])

    def called(self, total: str) -> str:
        """What a unit does to its sum, in symbols: max(1.2·x, 0), tanh(1.2·x)."""
        return (self.call or f"{self.title}({{}})").format(total)

    @property
    def is_identity(self) -> bool:
        """Whether the sum is put out as it is."""
        return self.call == "{}"

    @property
    def silences(self) -> bool:
        """Whether a unit whose sum is never above 0 puts out nothing, and is dead."""
        return self.slope_below == 0


def unchanged(total: float, shown: str, output: str, where: str) -> str:
    """What is said of a unit that lets its sum through."""
    return f"puts out its sum at {where} as it is: {output}."
