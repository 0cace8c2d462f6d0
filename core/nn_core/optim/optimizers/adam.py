"""Adam: momentum, divided by the gradient's own usual size (Kingma and Ba, 2015).

    m ← β₁·m + (1 − β₁)·g
    s ← β₂·s + (1 − β₂)·g²
    m̂ = m ÷ (1 − β₁ᵗ),  ŝ = s ÷ (1 − β₂ᵗ)
    w ← w − lr · m̂ ÷ (√ŝ + ε)        with β₁ = 0.9, β₂ = 0.999 and ε = 1e−8

m̂ and ŝ make up for the start at 0.
"""

import numpy as np

from nn_core.arrays import Array, empty_like
from nn_core.optim.equations import (
    Equation,
    OneParameter,
    running_mean,
    running_mean_of_squares,
    written,
)
from nn_core.optim.optimizer import Constants, Optimizer, Script, Slots, Update

FORGET_EVERY = 128  # updates; a mean shrinks less than a million times in so many


def compile_update(parameters: Array, slots: Slots, rate: Array, constants: Constants) -> Update:
    """See `Optimizer`."""
    mean, square, count = slots["mean"], slots["square"], slots["count"]
    change, root = empty_like(parameters), empty_like(parameters)
    beta1, beta2, small = (constants[name] for name in ("beta1", "beta2", "epsilon"))
    # m + (1 − β)·(g − m) is the same as β·m + (1 − β)·g, in one pass less.
    take_first = np.array(1 - beta1, parameters.dtype)
    take_second = np.array(1 - beta2, parameters.dtype)
    scale, epsilon = np.empty((), parameters.dtype), np.empty((), parameters.dtype)
    factor = np.empty_like(rate, parameters.dtype)
    multiply, add, subtract, divide, sqrt = np.multiply, np.add, np.subtract, np.divide, np.sqrt

    def update(gradient: Array) -> None:
        subtract(gradient, mean, out=change)
        multiply(change, take_first, out=change)
        add(mean, change, out=mean)
        multiply(gradient, gradient, out=change)
        subtract(change, square, out=change)
        multiply(change, take_second, out=change)
        add(square, change, out=square)
        # √ŝ + ε is (√s + ε·c) ÷ c with c = √(1 − β₂ᵗ): the corrections are two numbers, no arrays.
        steps = count.item() + 1
        count[0] = steps
        correction = (1 - beta2**steps) ** 0.5
        scale[()] = correction / (1 - beta1**steps)
        epsilon[()] = small * correction
        multiply(rate, scale, factor)
        sqrt(square, out=root)
        add(root, epsilon, out=root)
        divide(mean, root, out=change)
        multiply(change, factor, out=change)
        subtract(parameters, change, out=parameters)
        if steps % FORGET_EVERY == 0:
            forget(mean)
            forget(square)

    return update


def forget(memory: Array) -> None:
    """Make 0 of what has all but faded, as that of a silent unit does.

    Else it ends among the subnormal numbers, with which processors count a hundred times slower;
    and rounding keeps it there for ever.
    """
    faded = np.abs(memory) < 1e8 * np.finfo(memory.dtype).tiny
    memory[faded] = 0


def write_out(at: OneParameter, constants: Constants) -> tuple[Equation, ...]:
    """See `Optimizer`."""
    return write_out_from(at, at.value, constants)


def write_out_from(at: OneParameter, value: float, constants: Constants) -> tuple[Equation, ...]:
    """Adam's lines for a parameter that has this value as they begin."""
    beta1, beta2 = constants["beta1"], constants["beta2"]
    steps = int(at.slots["count"]) + 1
    mean = running_mean("m", beta1, at.slots["mean"], at.gradient, "mean gradient")
    square = running_mean_of_squares(beta2, at.slots["square"], at.gradient)
    m, s = _corrected("m̂", mean, beta1, steps), _corrected("ŝ", square, beta2, steps)
    return mean, square, m, s, at.moved_scaled(value, m.result, s.result, constants["epsilon"])


def _corrected(symbol: str, mean: Equation, keep: float, steps: int) -> Equation:
    """A running mean without the pull of the 0 that it began with."""

    def compute(mean: float) -> float:
        return mean / (1 - keep**steps)

    work = f"{{mean}} ÷ (1 − {written(keep)}^{steps})"
    return Equation.worked(symbol, work, {"mean": mean.result}, compute, "start corrected")


NUMPY = '''
class Adam:
    """m ← β₁·m + (1 − β₁)·g; s ← β₂·s + (1 − β₂)·g²; w ← w − lr · m̂ ÷ (√ŝ + ε).

    m̂ = m ÷ (1 − β₁ᵗ) and ŝ = s ÷ (1 − β₂ᵗ) make up for the start at 0.  Here that is done to the
    rate and to ε, which is two numbers instead of two vectors.
    """

    def __init__(self, beta1, beta2, epsilon):
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.mean, self.square, self.count = np.zeros_like(theta), np.zeros_like(theta), 0

    def update(self, gradient, rate):
        self.mean += (1 - self.beta1) * (gradient - self.mean)
        self.square += (1 - self.beta2) * (gradient * gradient - self.square)
        self.count += 1
        correction = (1 - self.beta2**self.count) ** 0.5
        rate = rate * correction / (1 - self.beta1**self.count)
        theta[:] -= rate * (self.mean / (np.sqrt(self.square) + self.epsilon * correction))
'''

_BETAS = 'optimizer.param_groups[0]["betas"] = ($beta1, $beta2)'
OPTIMIZER = Optimizer(
    title="Adam",
    formula_text="w − lr·m̂ ÷ (√ŝ + ε)",
    rule_text="w ← w − lr·m̂ ÷ (√ŝ + $epsilon)",
    constants={"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    slots={"mean": "vector", "square": "vector", "count": "number"},
    compile_update=compile_update,
    write_out=write_out,
    numpy=Script("Adam(beta1=$beta1, beta2=$beta2, epsilon=$epsilon)", NUMPY),
    torch=Script(
        "torch.optim.Adam(parameters, lr=learning_rate, betas=($beta1, $beta2), eps=$epsilon)",
        memory={"mean": "exp_avg", "square": "exp_avg_sq", "count": "step"},
        turn={
            "beta1": _BETAS,
            "beta2": _BETAS,
            "epsilon": 'optimizer.param_groups[0]["eps"] = $epsilon',
            "weight_decay": 'optimizer.param_groups[0]["weight_decay"] = $weight_decay',
        },
    ),
    evens_out="it divides each gradient by its own usual size",
)
