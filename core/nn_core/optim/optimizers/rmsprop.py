"""RMSprop: each gradient is divided by its own usual size (Hinton, 2012).

    s ← α·s + (1 − α)·g²
    w ← w − lr·g ÷ (√s + ε)        with α = 0.99 and ε = 1e−8

α and ε are PyTorch's defaults; ε keeps a division by the root of 0 harmless.
"""

import numpy as np

from nn_core.arrays import Array, empty_like
from nn_core.optim.equations import Equation, OneParameter, running_mean_of_squares
from nn_core.optim.optimizer import Constants, Optimizer, Script, Slots, Update


def compile_update(parameters: Array, slots: Slots, rate: Array, constants: Constants) -> Update:
    """See `Optimizer`."""
    square, change = slots["square"], empty_like(parameters)
    alpha = constants["alpha"]
    keep, take = np.array(alpha, parameters.dtype), np.array(1 - alpha, parameters.dtype)
    epsilon = np.array(constants["epsilon"], parameters.dtype)
    multiply, add, subtract, divide = np.multiply, np.add, np.subtract, np.divide

    def update(gradient: Array) -> None:
        multiply(square, keep, out=square)
        multiply(gradient, gradient, out=change)
        multiply(change, take, out=change)
        add(square, change, out=square)
        np.sqrt(square, out=change)
        add(change, epsilon, out=change)
        divide(gradient, change, out=change)
        multiply(change, rate, out=change)
        subtract(parameters, change, out=parameters)

    return update


def write_out(at: OneParameter, constants: Constants) -> tuple[Equation, ...]:
    """See `Optimizer`."""
    square = running_mean_of_squares(constants["alpha"], at.slots["square"], at.gradient)
    return square, at.moved_scaled(at.value, at.gradient, square.result, constants["epsilon"])


NUMPY = '''
class RMSprop:
    """s ← α·s + (1 − α)·g²; w ← w − lr·g ÷ (√s + ε)."""

    def __init__(self, alpha, epsilon):
        self.alpha, self.epsilon = alpha, epsilon
        self.square = np.zeros_like(theta)

    def update(self, gradient, rate):
        self.square[:] = self.alpha * self.square + (1 - self.alpha) * (gradient * gradient)
        theta[:] -= rate * (gradient / (np.sqrt(self.square) + self.epsilon))
'''

OPTIMIZER = Optimizer(
    title="RMSprop",
    formula_text="w − lr·g ÷ (√s + ε)",
    rule_text="s ← $alpha·s + ${1-alpha}·g²;  w ← w − lr·g ÷ (√s + $epsilon)",
    constants={"alpha": 0.99, "epsilon": 1e-8},
    slots={"square": "vector"},
    compile_update=compile_update,
    write_out=write_out,
    numpy=Script("RMSprop(alpha=$alpha, epsilon=$epsilon)", NUMPY),
    torch=Script(
        "torch.optim.RMSprop(parameters, lr=learning_rate, alpha=$alpha, eps=$epsilon)",
        memory={"square": "square_avg"},
        turn={
            "alpha": 'optimizer.param_groups[0]["alpha"] = $alpha',
            "epsilon": 'optimizer.param_groups[0]["eps"] = $epsilon',
        },
    ),
    evens_out="it divides each gradient by its own usual size",
)
