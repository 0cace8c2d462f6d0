"""Gradient descent, as plain as it gets.

    w ← w − lr·g

In batches it is called stochastic gradient descent, SGD (Robbins and Monro, 1951).
"""

import numpy as np

from nn_core.arrays import Array, empty
from nn_core.optim.equations import Equation, OneParameter
from nn_core.optim.optimizer import PIECE, Constants, Optimizer, Script, Slots, Update


def compile_update(parameters: Array, slots: Slots, rate: Array, constants: Constants) -> Update:
    """See `Optimizer`; what is larger than `PIECE` is updated piece by piece."""
    change = empty(min(parameters.size, PIECE), parameters.dtype)
    multiply, subtract = np.multiply, np.subtract

    def update(gradient: Array) -> None:
        multiply(gradient, rate, change)
        subtract(parameters, change, parameters)

    def update_in_pieces(gradient: Array) -> None:
        for start in range(0, parameters.size, PIECE):
            piece = parameters[start : start + PIECE]
            its_change = change[: piece.size]
            multiply(gradient[start : start + PIECE], rate, its_change)
            subtract(piece, its_change, piece)

    return update if parameters.size <= PIECE else update_in_pieces


def write_out(at: OneParameter, constants: Constants) -> tuple[Equation, ...]:
    """See `Optimizer`."""
    return (at.moved_along("g", at.gradient),)


NUMPY = '''
class GradientDescent:
    """w ← w − lr·g."""

    def update(self, gradient, rate):
        theta[:] -= rate * gradient
'''

OPTIMIZER = Optimizer(
    title="SGD",
    formula_text="w − lr·g",
    rule_text="w ← w − lr·∂loss/∂w",
    compile_update=compile_update,
    write_out=write_out,
    numpy=Script("GradientDescent()", NUMPY),
    torch=Script("torch.optim.SGD(parameters, lr=learning_rate)"),
    is_plain=True,
)
