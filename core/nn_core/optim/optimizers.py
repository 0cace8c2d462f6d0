"""Optimizers: how a gradient becomes an update of the parameters, in place.

Each has PyTorch's defaults and update rule of that name.  θ are the parameters, g the gradient, η
the learning rate, t counts the updates from 1; v is a velocity, m a running mean of the gradients,
s one of their squares.  What one remembers from step to step are its slots: flat vectors like the
parameters, or a single number.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nn_core.arrays import Array, empty

Update = Callable[[Array], object]
Slots = Mapping[str, Array]

MOMENTUM = 0.9  # μ, of heavy ball and Nesterov
SQUARES_KEPT = 0.99  # RMSprop's α
BETAS = (0.9, 0.999)  # Adam's β₁ and β₂
EPSILON = 1e-8  # ε, which keeps a division by a root of 0 harmless
WEIGHT_DECAY = 0.01  # AdamW's λ
PIECE = 32_768  # numbers of a large network that are changed while they lie in the cache
FORGET_EVERY = 128  # updates; a mean shrinks less than a million times in so many


@dataclass(frozen=True)
class Optimizer:
    """An optimizer by its name.

    `title` is what it is called on the screen, `formula` what θ becomes; `slots` are the names of
    what it remembers, each a vector like the parameters or a number.
    `compile(parameters, slots, rate)` allocates what it needs and returns `update(gradient)`,
    which changes the parameters in place.  `rate` is a 0-d array that holds the learning rate, so
    that it can be turned while the run goes on; or one rate for each parameter.
    """

    title: str
    formula: str
    slots: Mapping[str, Literal["vector", "number"]]
    compile: Callable[[Array, Slots, Array], Update]

    def new_slots(self, parameters: Array) -> dict[str, Array]:
        """The slots before the first step: all 0."""
        return {
            name: np.zeros_like(parameters) if kind == "vector" else np.zeros(1)
            for name, kind in self.slots.items()
        }


def gradient_descent(parameters: Array, slots: Slots, rate: Array) -> Update:
    """Gradient descent: θ ← θ − η·g."""
    change = empty(min(parameters.size, PIECE), parameters.dtype)
    multiply, subtract = np.multiply, np.subtract

    def update(gradient: Array) -> None:
        multiply(gradient, rate, change)
        subtract(parameters, change, parameters)

    def update_in_pieces(gradient: Array) -> None:
        for start in range(0, parameters.size, PIECE):
            piece = parameters[start : start + PIECE]
            change_of_it = change[: piece.size]
            multiply(gradient[start : start + PIECE], rate, change_of_it)
            subtract(piece, change_of_it, piece)

    return update if parameters.size <= PIECE else update_in_pieces


def heavy_ball(parameters: Array, slots: Slots, rate: Array) -> Update:
    """Momentum, a heavy ball: v ← μ·v + g; θ ← θ − η·v, with μ 0.9.

    (Polyak, 1964, as PyTorch writes it: g isn't damped by 1 − μ.)
    """
    velocity, change = slots["velocity"], np.empty_like(parameters)
    momentum = np.array(MOMENTUM, parameters.dtype)
    multiply, add, subtract = np.multiply, np.add, np.subtract

    def update(gradient: Array) -> None:
        multiply(velocity, momentum, out=velocity)
        add(velocity, gradient, out=velocity)
        multiply(velocity, rate, out=change)
        subtract(parameters, change, out=parameters)

    return update


def nesterov(parameters: Array, slots: Slots, rate: Array) -> Update:
    """Nesterov's momentum, which looks ahead: v ← μ·v + g; θ ← θ − η·(g + μ·v), with μ 0.9.

    (Nesterov, 1983; Sutskever et al., 2013.)
    """
    velocity, change = slots["velocity"], np.empty_like(parameters)
    momentum = np.array(MOMENTUM, parameters.dtype)
    multiply, add, subtract = np.multiply, np.add, np.subtract

    def update(gradient: Array) -> None:
        multiply(velocity, momentum, out=velocity)
        add(velocity, gradient, out=velocity)
        multiply(velocity, momentum, out=change)
        add(change, gradient, out=change)
        multiply(change, rate, out=change)
        subtract(parameters, change, out=parameters)

    return update


def rmsprop(parameters: Array, slots: Slots, rate: Array) -> Update:
    """RMSprop: each gradient is divided by its own usual size (Hinton, 2012).

    s ← α·s + (1 − α)·g²; θ ← θ − η·g ÷ (√s + ε), with α 0.99 and ε 1e−8.
    """
    square, change = slots["square"], np.empty_like(parameters)
    keep, take = (np.array(part, parameters.dtype) for part in (SQUARES_KEPT, 1 - SQUARES_KEPT))
    epsilon = np.array(EPSILON, parameters.dtype)
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


def adam(parameters: Array, slots: Slots, rate: Array) -> Update:
    """Adam (Kingma and Ba, 2015), with β₁ 0.9, β₂ 0.999 and ε 1e−8.

    m ← β₁·m + (1 − β₁)·g; s ← β₂·s + (1 − β₂)·g²;
    θ ← θ − η · m̂ ÷ (√ŝ + ε), with m̂ = m ÷ (1 − β₁ᵗ) and ŝ = s ÷ (1 − β₂ᵗ).
    """
    mean, square, count = slots["mean"], slots["square"], slots["count"]
    change, root = np.empty_like(parameters), np.empty_like(parameters)
    first, second = BETAS
    # m + (1 − β)·(g − m) is the same as β·m + (1 − β)·g, in one pass less.
    take_first = np.array(1 - first, parameters.dtype)
    take_second = np.array(1 - second, parameters.dtype)
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
        correction = (1 - second**steps) ** 0.5
        scale[()] = correction / (1 - first**steps)
        epsilon[()] = EPSILON * correction
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


def adamw(parameters: Array, slots: Slots, rate: Array) -> Update:
    """Adam with decoupled weight decay: θ ← θ − η·λ·θ before it, with λ 0.01.

    (Loshchilov and Hutter, 2019.)
    """
    decay = np.empty_like(parameters)
    weight = np.array(WEIGHT_DECAY, parameters.dtype)
    inner = adam(parameters, slots, rate)
    multiply, subtract = np.multiply, np.subtract

    def update(gradient: Array) -> None:
        multiply(parameters, rate * weight, out=decay)
        subtract(parameters, decay, out=parameters)
        inner(gradient)

    return update


_VELOCITY: Mapping[str, Literal["vector", "number"]] = {"velocity": "vector"}
_MOMENTS: Mapping[str, Literal["vector", "number"]] = {
    "mean": "vector",
    "square": "vector",
    "count": "number",
}

OPTIMIZERS = {
    "sgd": Optimizer("SGD", "θ − η·g", {}, gradient_descent),
    "momentum": Optimizer("momentum", "v = 0.9·v + g;  θ − η·v", _VELOCITY, heavy_ball),
    "nesterov": Optimizer("Nesterov", "v = 0.9·v + g;  θ − η·(g + 0.9·v)", _VELOCITY, nesterov),
    "rmsprop": Optimizer("RMSprop", "θ − η·g ÷ (√s + ε)", {"square": "vector"}, rmsprop),
    "adam": Optimizer("Adam", "θ − η·m̂ ÷ (√ŝ + ε)", _MOMENTS, adam),
    "adamw": Optimizer("AdamW", "θ − η·(m̂ ÷ (√ŝ + ε) + 0.01·θ)", _MOMENTS, adamw),
}
