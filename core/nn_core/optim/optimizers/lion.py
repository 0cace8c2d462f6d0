"""Lion: every parameter moves equally far, by the sign of a mean gradient (Chen et al., 2023).

    c = β₁·m + (1 − β₁)·g
    w ← w − lr·(sign c + λ·w)
    m ← β₂·m + (1 − β₂)·g        with β₁ = 0.9, β₂ = 0.99 and λ = 0

"Symbolic Discovery of Optimization Algorithms", algorithm 2, with its constants but for λ, which is
0 unless set.  A good rate is 3 to 10 times smaller than Adam's.  PyTorch has no Lion.
"""

import numpy as np

from nn_core.arrays import Array, empty_like
from nn_core.optim.equations import Equation, OneParameter, running_mean, written
from nn_core.optim.optimizer import Constants, Optimizer, Script, Slots, Update


def compile_update(parameters: Array, slots: Slots, rate: Array, constants: Constants) -> Update:
    """See `Optimizer`."""
    mean, dtype = slots["mean"], parameters.dtype
    change, part = empty_like(parameters), empty_like(parameters)
    keep1, take1 = np.array(constants["beta1"], dtype), np.array(1 - constants["beta1"], dtype)
    keep2, take2 = np.array(constants["beta2"], dtype), np.array(1 - constants["beta2"], dtype)
    weight_decay = np.array(constants["weight_decay"], dtype)
    decays = bool(constants["weight_decay"])
    multiply, add, subtract, sign = np.multiply, np.add, np.subtract, np.sign

    def update(gradient: Array) -> None:
        multiply(mean, keep1, out=change)
        multiply(gradient, take1, out=part)
        add(change, part, out=change)
        sign(change, out=change)
        if decays:
            multiply(parameters, weight_decay, out=part)
            add(change, part, out=change)
        multiply(change, rate, out=change)
        subtract(parameters, change, out=parameters)
        multiply(mean, keep2, out=mean)
        multiply(gradient, take2, out=part)
        add(mean, part, out=mean)

    return update


def write_out(at: OneParameter, constants: Constants) -> tuple[Equation, ...]:
    """See `Optimizer`."""
    old, weight_decay = at.slots["mean"], constants["weight_decay"]
    direction = running_mean("c", constants["beta1"], old, at.gradient, "only its sign counts")
    mean = running_mean("m", constants["beta2"], old, at.gradient, "mean gradient")

    def compute(value: float, rate: float, c: float) -> float:
        return value - rate * (float(np.sign(c)) + weight_decay * value)

    work = "{value} − {rate} · sign({c})"
    if weight_decay:
        work = f"{{value}} − {{rate}} · (sign({{c}}) + {written(weight_decay)} · {{value}})"
    numbers = {"value": at.value, "rate": at.rate, "c": direction.result}
    return direction, mean, at.moved(work, numbers, compute)


def formula(constants: Constants) -> str:
    """What w becomes."""
    pull = "sign($beta1·m + ${1-beta1}·g)"
    return f"w − lr·({pull} + $weight_decay·w)" if constants["weight_decay"] else f"w − lr·{pull}"


def rule(constants: Constants) -> str:
    """What w becomes, as assignments: first those of the memory."""
    step = "(sign(c) + $weight_decay·w)" if constants["weight_decay"] else "sign(c)"
    return f"c ← $beta1·m + ${{1-beta1}}·g;  m ← $beta2·m + ${{1-beta2}}·g;  w ← w − lr·{step}"


NUMPY = '''
class Lion:
    """w ← w − lr·(sign(β₁·m + (1 − β₁)·g) + λ·w); m ← β₂·m + (1 − β₂)·g."""

    def __init__(self, beta1, beta2, weight_decay):
        self.beta1, self.beta2, self.weight_decay = beta1, beta2, weight_decay
        self.mean = np.zeros_like(theta)

    def update(self, gradient, rate):
        direction = np.sign(self.beta1 * self.mean + (1 - self.beta1) * gradient)
        theta[:] -= rate * (direction + self.weight_decay * theta)
        self.mean[:] = self.beta2 * self.mean + (1 - self.beta2) * gradient
'''

TORCH = '''
class Lion(torch.optim.Optimizer):
    """w ← w − lr·(sign(β₁·m + (1 − β₁)·g) + λ·w); m ← β₂·m + (1 − β₂)·g.  PyTorch has none."""

    def __init__(self, parameters, lr, beta1, beta2, weight_decay):
        super().__init__(parameters, {"lr": lr})
        self.beta1, self.beta2, self.weight_decay = beta1, beta2, weight_decay

    @torch.no_grad()
    def step(self):
        group = self.param_groups[0]
        for parameter in group["params"]:
            gradient = parameter.grad
            if gradient is None:
                continue
            mean = self.state[parameter].setdefault("mean", torch.zeros_like(parameter))
            direction = torch.sign(self.beta1 * mean + (1 - self.beta1) * gradient)
            parameter -= group["lr"] * (direction + self.weight_decay * parameter)
            mean.copy_(self.beta2 * mean + (1 - self.beta2) * gradient)
'''

OPTIMIZER = Optimizer(
    title="Lion",
    formula_text=formula,
    rule_text=rule,
    constants={"beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0},
    slots={"mean": "vector"},
    compile_update=compile_update,
    write_out=write_out,
    numpy=Script("Lion(beta1=$beta1, beta2=$beta2, weight_decay=$weight_decay)", NUMPY),
    torch=Script(
        "Lion(parameters, lr=learning_rate, beta1=$beta1, beta2=$beta2, "
        "weight_decay=$weight_decay)",
        TORCH,
    ),
    evens_out="it takes only each one’s sign, and moves every parameter equally far",
)
