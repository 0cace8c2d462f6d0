"""AdamW: Adam with a weight decay of its own, apart from the gradient (Loshchilov, Hutter, 2019).

    w ← w − lr·λ·w, and then as Adam        with λ = 0.01

Unlike an L2 penalty the decay isn't divided by the gradient's usual size.
"""

from dataclasses import replace

import numpy as np

from nn_core.arrays import Array, empty_like
from nn_core.optim.equations import Equation, OneParameter, written
from nn_core.optim.optimizer import Constants, Script, Slots, Update
from nn_core.optim.optimizers import adam


def compile_update(parameters: Array, slots: Slots, rate: Array, constants: Constants) -> Update:
    """See `Optimizer`."""
    decay = empty_like(parameters)
    weight = np.array(constants["weight_decay"], parameters.dtype)
    inner = adam.compile_update(parameters, slots, rate, constants)
    multiply, subtract = np.multiply, np.subtract

    def update(gradient: Array) -> None:
        multiply(parameters, rate * weight, out=decay)
        subtract(parameters, decay, out=parameters)
        inner(gradient)

    return update


def write_out(at: OneParameter, constants: Constants) -> tuple[Equation, ...]:
    """See `Optimizer`."""
    weight = constants["weight_decay"]

    def compute(value: float, rate: float) -> float:
        return value - rate * weight * value

    work = f"{{value}} − {{rate}} · {written(weight)} · {{value}}"
    numbers = {"value": at.value, "rate": at.rate}
    decayed = Equation.worked("w", work, numbers, compute, "decayed")
    return decayed, *adam.write_out_from(at, decayed.result, constants)


NUMPY = '''
class AdamW:
    """w ← w − lr·λ·w, and then as Adam: w ← w − lr · m̂ ÷ (√ŝ + ε).

    m ← β₁·m + (1 − β₁)·g; s ← β₂·s + (1 − β₂)·g²; m̂ = m ÷ (1 − β₁ᵗ), ŝ = s ÷ (1 − β₂ᵗ), done
    here to the rate and to ε, which is two numbers instead of two vectors.
    """

    def __init__(self, beta1, beta2, epsilon, weight_decay):
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.weight_decay = weight_decay
        self.mean, self.square, self.count = np.zeros_like(theta), np.zeros_like(theta), 0

    def update(self, gradient, rate):
        theta[:] -= rate * self.weight_decay * theta
        self.mean += (1 - self.beta1) * (gradient - self.mean)
        self.square += (1 - self.beta2) * (gradient * gradient - self.square)
        self.count += 1
        correction = (1 - self.beta2**self.count) ** 0.5
        rate = rate * correction / (1 - self.beta1**self.count)
        theta[:] -= rate * (self.mean / (np.sqrt(self.square) + self.epsilon * correction))
'''

OPTIMIZER = replace(
    adam.OPTIMIZER,
    title="AdamW",
    formula_text="w − lr·(m̂ ÷ (√ŝ + ε) + $weight_decay·w)",
    rule_text="w ← w − lr·(m̂ ÷ (√ŝ + $epsilon) + $weight_decay·w)",
    constants={**adam.OPTIMIZER.constants, "weight_decay": 0.01},
    compile_update=compile_update,
    write_out=write_out,
    numpy=Script(
        "AdamW(beta1=$beta1, beta2=$beta2, epsilon=$epsilon, weight_decay=$weight_decay)", NUMPY
    ),
    torch=replace(
        adam.OPTIMIZER.torch,
        new="torch.optim.AdamW(parameters, lr=learning_rate, betas=($beta1, $beta2), "
        "eps=$epsilon, weight_decay=$weight_decay)",
    ),
)
