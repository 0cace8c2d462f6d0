"""Nesterov's momentum, which looks ahead (Nesterov, 1983; Sutskever et al., 2013).

    v ← μ·v + g
    w ← w − lr·(g + μ·v)        with μ = 0.9

As PyTorch's `SGD(momentum=0.9, nesterov=True)`.
"""

import numpy as np

from nn_core.arrays import Array, empty_like
from nn_core.optim.equations import Equation, OneParameter, written
from nn_core.optim.optimizer import Constants, Optimizer, Script, Slots, Update
from nn_core.optim.optimizers.momentum import new_velocity


def compile_update(parameters: Array, slots: Slots, rate: Array, constants: Constants) -> Update:
    """See `Optimizer`."""
    velocity, change = slots["velocity"], empty_like(parameters)
    momentum = np.array(constants["momentum"], parameters.dtype)
    multiply, add, subtract = np.multiply, np.add, np.subtract

    def update(gradient: Array) -> None:
        multiply(velocity, momentum, out=velocity)
        add(velocity, gradient, out=velocity)
        multiply(velocity, momentum, out=change)
        add(change, gradient, out=change)
        multiply(change, rate, out=change)
        subtract(parameters, change, out=parameters)

    return update


def write_out(at: OneParameter, constants: Constants) -> tuple[Equation, ...]:
    """See `Optimizer`."""
    momentum = constants["momentum"]
    velocity = new_velocity(at, momentum)

    def compute(value: float, rate: float, g: float, v: float) -> float:
        return value - rate * (g + momentum * v)

    numbers = {"value": at.value, "rate": at.rate, "g": at.gradient, "v": velocity.result}
    work = f"{{value}} − {{rate}} · ({{g}} + {written(momentum)} · {{v}})"
    return velocity, at.moved(work, numbers, compute)


def new_in_torch(constants: Constants) -> str:
    """PyTorch's, which takes no momentum of 0 for Nesterov's; there is nothing to look ahead by."""
    ahead = ", nesterov=True" if constants["momentum"] else ""
    return f"torch.optim.SGD(parameters, lr=learning_rate, momentum=$momentum{ahead})"


NUMPY = '''
class Nesterov:
    """Look-ahead: v ← μ·v + g; w ← w − lr·(g + μ·v)."""

    def __init__(self, momentum):
        self.momentum = momentum
        self.velocity = np.zeros_like(theta)

    def update(self, gradient, rate):
        self.velocity[:] = self.momentum * self.velocity + gradient
        theta[:] -= rate * (self.momentum * self.velocity + gradient)
'''

OPTIMIZER = Optimizer(
    title="Nesterov",
    formula_text="v = $momentum·v + g;  w − lr·(g + $momentum·v)",
    rule_text="v ← $momentum·v + g;  w ← w − lr·(g + $momentum·v)",
    constants={"momentum": 0.9},
    slots={"velocity": "vector"},
    compile_update=compile_update,
    write_out=write_out,
    numpy=Script("Nesterov(momentum=$momentum)", NUMPY),
    torch=Script(
        new_in_torch,
        memory={"velocity": "momentum_buffer"},
        turn={"momentum": 'optimizer.param_groups[0]["momentum"] = $momentum'},
    ),
)
