"""Momentum: a heavy ball that rolls downhill and keeps some of its speed (Polyak, 1964).

    v ← μ·v + g
    w ← w − lr·v        with μ = 0.9

As in PyTorch's `SGD(momentum=0.9)`, g isn't damped by 1 − μ.
"""

import numpy as np

from nn_core.arrays import Array, empty_like
from nn_core.optim.equations import Equation, OneParameter, written
from nn_core.optim.optimizer import Constants, Optimizer, Script, Slots, Update


def compile_update(parameters: Array, slots: Slots, rate: Array, constants: Constants) -> Update:
    """See `Optimizer`."""
    velocity, change = slots["velocity"], empty_like(parameters)
    momentum = np.array(constants["momentum"], parameters.dtype)
    multiply, add, subtract = np.multiply, np.add, np.subtract

    def update(gradient: Array) -> None:
        multiply(velocity, momentum, out=velocity)
        add(velocity, gradient, out=velocity)
        multiply(velocity, rate, out=change)
        subtract(parameters, change, out=parameters)

    return update


def write_out(at: OneParameter, constants: Constants) -> tuple[Equation, ...]:
    """See `Optimizer`."""
    velocity = new_velocity(at, constants["momentum"])
    return velocity, at.moved_along("v", velocity.result)


def new_velocity(at: OneParameter, momentum: float) -> Equation:
    """V = μ·v + g."""

    def compute(v: float, g: float) -> float:
        return momentum * v + g

    numbers = {"v": at.slots["velocity"], "g": at.gradient}
    return Equation.worked(
        "v", f"{written(momentum)} · {{v}} + {{g}}", numbers, compute, "velocity"
    )


NUMPY = '''
class Momentum:
    """A heavy ball: v ← μ·v + g; w ← w − lr·v."""

    def __init__(self, momentum):
        self.momentum = momentum
        self.velocity = np.zeros_like(theta)

    def update(self, gradient, rate):
        self.velocity[:] = self.momentum * self.velocity + gradient
        theta[:] -= rate * self.velocity
'''

OPTIMIZER = Optimizer(
    title="momentum",
    formula_text="v = $momentum·v + g;  w − lr·v",
    rule_text="v ← $momentum·v + g;  w ← w − lr·v",
    constants={"momentum": 0.9},
    slots={"velocity": "vector"},
    compile_update=compile_update,
    write_out=write_out,
    numpy=Script("Momentum(momentum=$momentum)", NUMPY),
    torch=Script(
        "torch.optim.SGD(parameters, lr=learning_rate, momentum=$momentum)",
        memory={"velocity": "momentum_buffer"},
        turn={"momentum": 'optimizer.param_groups[0]["momentum"] = $momentum'},
    ),
)
