"""An update's arithmetic: how an optimizer moves one number, line by line, with the numbers in it.

A line is written with as few digits as let whoever works it out from what is written come to the
result beside it.  The last line's result is the trainer's own, not one worked out here.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import norm
from nn_core.formatting import MINUS, short, significant
from nn_core.optim import clipping
from nn_core.optim.optimizers import BETAS, EPSILON, MOMENTUM, SQUARES_KEPT, WEIGHT_DECAY
from nn_core.training.trainer import Preview, Trainer

RESULT_DIGITS = 5
MOST_DIGITS = 15


@dataclass(frozen=True, eq=False)
class Equation:
    """One line: symbol = work = result, and in a few words what it is.

    `work` has the live numbers by their names in braces, "0.9 · {m} + 0.1 · {g}", and `compute` is
    the same as a function of them.
    """

    symbol: str
    work: str
    numbers: Mapping[str, float]
    compute: Callable[..., float]
    result: float
    note: str

    def written(self) -> tuple[str, str]:
        """The work with its numbers in it, and the result."""
        result = _result(self.result)
        for digits in range(RESULT_DIGITS, MOST_DIGITS):
            rounded = {name: float(f"{n:.{digits}g}") for name, n in self.numbers.items()}
            if _result(self.compute(**rounded)) == result:
                return self._filled(digits), result
        return self._filled(RESULT_DIGITS), result  # of another precision, or not finite

    def _filled(self, digits: int) -> str:
        def fill(match: re.Match[str]) -> str:
            text, square = short(self.numbers[match["name"]], digits), match["square"]
            follows = match.start() > 0 and self.work[match.start() - 1] != "("
            if (follows and text.startswith(MINUS)) or (square and "e" in text):
                return f"({text}){square}"
            return text + square

        return re.sub(r"\{(?P<name>\w+)\}(?P<square>²?)", fill, self.work)


def _result(value: float) -> str:
    return significant(value, RESULT_DIGITS).replace(f"e{MINUS}0", f"e{MINUS}").replace("e+", "e")


@dataclass(frozen=True)
class _Number:
    """One parameter before its update: all that decides where it goes, and where that is.

    `gradient` is the one that the optimizer is given, `steps` its count with the step to come.
    """

    label: str
    value: float
    gradient: float
    rate: float
    slots: Mapping[str, float]
    next: float


def arithmetic(trainer: Trainer, preview: Preview, index: int) -> tuple[Equation, ...]:
    """How the step at hand moves the parameter at a flat index, in the order of working it out.

    First, where it isn't the loss's alone, what its gradient is made of; then, where they are
    clipped, what is left of it; then the optimizer's lines, the parameter's next value last.
    """
    state = trainer.state
    value = float(state.parameters[index])
    label = state.layout.label(index)
    if trainer.frozen is not None and trainer.frozen[index]:
        return (_alone(label, value, "frozen: gets no update"),)
    lines = [*_sources(trainer, preview, index), *_clipped(trainer, preview, index)]
    slots = {
        name: float(slot[index if slot.size == state.parameters.size else 0])
        for name, slot in state.slots.items()
        if name != "plateau"
    }
    number = _Number(
        label,
        value,
        lines[-1].result if lines else float(preview.gradient[index]),
        trainer.learning_rate,
        slots,
        float(state.parameters[index] + preview.update[index]),
    )
    return (*lines, *ARITHMETIC[trainer.config.optimizer](number))


def _alone(symbol: str, value: float, note: str) -> Equation:
    return Equation(symbol, "{value}", {"value": value}, lambda value: value, value, note)


def _sources(trainer: Trainer, preview: Preview, index: int) -> list[Equation]:
    """What the gradient is the sum of, where penalties or the steps before have a part in it."""
    config, state = trainer.config, trainer.state
    if config.zero_gradients and not config.l1 and not config.l2:
        return []
    gradient = float(preview.gradient[index])
    if state.phase:
        return [_alone("g", gradient, "as it stands")]
    work, notes, others = "{loss}", ["loss"], 0.0
    numbers: dict[str, float] = {}
    if not state.layout.place(index).is_bias:
        weight = float(state.parameters[index])
        if config.l1:
            work += " + {l1} · sign({w})"
            numbers |= {"l1": config.l1, "w": weight}
            others += config.l1 * float(np.sign(weight))
        if config.l2:
            work += " + 2 · {l2} · {w}"
            numbers |= {"l2": config.l2, "w": weight}
            others += 2 * config.l2 * weight
        notes += ["penalty"] if config.l1 or config.l2 else []
    if not config.zero_gradients:
        work += " + {before}"
        numbers["before"] = float(state.gradient[index])
        others += numbers["before"]
        notes.append("before")

    def compute(
        loss: float, l1: float = 0.0, l2: float = 0.0, w: float = 0.0, before: float = 0.0
    ) -> float:
        return loss + l1 * float(np.sign(w)) + 2 * l2 * w + before

    numbers["loss"] = gradient - others
    return [Equation("g", work, numbers, compute, gradient, " + ".join(notes))]


def _clipped(trainer: Trainer, preview: Preview, index: int) -> list[Equation]:
    """What clipping leaves of the gradient, where it is on."""
    longest, gradient = trainer.config.clip, float(preview.gradient[index])
    if not longest:
        return []
    frozen = trainer.frozen
    length = norm(preview.gradient if frozen is None else preview.gradient[~frozen])
    if not longest / (length + clipping.EPSILON) < 1:
        return [_alone("g", gradient, f"length {short(length)}: unclipped")]
    numbers = {"g": gradient, "longest": longest, "length": length}
    work = f"{{g}} · {{longest}} ÷ ({{length}} + {short(clipping.EPSILON)})"

    def compute(g: float, longest: float, length: float) -> float:
        return g * longest / (length + clipping.EPSILON)

    return [Equation("g", work, numbers, compute, compute(**numbers), "clipped")]


# --- the optimizers -----------------------------------------------------------------------------


def _descent(at: _Number) -> tuple[Equation, ...]:
    return (_moved(at, at.value, "g", at.gradient),)


def _moved(at: _Number, value: float, name: str, by: float) -> Equation:
    """θ − η · what the optimizer makes of the gradient."""
    return Equation(
        at.label,
        f"{{value}} − {{rate}} · {{{name}}}",
        {"value": value, "rate": at.rate, name: by},
        lambda value, rate, **others: value - rate * others[name],
        at.next,
        "its next value",
    )


def _velocity(at: _Number) -> Equation:
    numbers = {"v": at.slots["velocity"], "g": at.gradient}

    def compute(v: float, g: float) -> float:
        return MOMENTUM * v + g

    work = f"{short(MOMENTUM)} · {{v}} + {{g}}"
    return Equation("v", work, numbers, compute, compute(**numbers), "velocity")


def _momentum(at: _Number) -> tuple[Equation, ...]:
    velocity = _velocity(at)
    return velocity, _moved(at, at.value, "v", velocity.result)


def _nesterov(at: _Number) -> tuple[Equation, ...]:
    velocity = _velocity(at)
    numbers = {"value": at.value, "rate": at.rate, "g": at.gradient, "v": velocity.result}

    def compute(value: float, rate: float, g: float, v: float) -> float:
        return value - rate * (g + MOMENTUM * v)

    work = f"{{value}} − {{rate}} · ({{g}} + {short(MOMENTUM)} · {{v}})"
    return velocity, Equation(at.label, work, numbers, compute, at.next, "its next value")


def _rmsprop(at: _Number) -> tuple[Equation, ...]:
    square = _mean("s", SQUARES_KEPT, at.slots["square"], at.gradient, True, "mean of squares")
    return square, _scaled(at, at.value, at.gradient, square.result)


def _adam(at: _Number) -> tuple[Equation, ...]:
    return _adam_from(at, at.value)


def _adamw(at: _Number) -> tuple[Equation, ...]:
    numbers = {"value": at.value, "rate": at.rate}

    def compute(value: float, rate: float) -> float:
        return value - rate * WEIGHT_DECAY * value

    work = f"{{value}} − {{rate}} · {short(WEIGHT_DECAY)} · {{value}}"
    decayed = Equation("θ", work, numbers, compute, compute(**numbers), "decayed")
    return decayed, *_adam_from(at, decayed.result)


def _adam_from(at: _Number, value: float) -> tuple[Equation, ...]:
    first, second = BETAS
    steps = int(at.slots["count"]) + 1
    mean = _mean("m", first, at.slots["mean"], at.gradient, False, "mean gradient")
    square = _mean("s", second, at.slots["square"], at.gradient, True, "mean of squares")
    m = _corrected("m̂", mean, first, steps)
    s = _corrected("ŝ", square, second, steps)
    return mean, square, m, s, _scaled(at, value, m.result, s.result)


def _mean(
    symbol: str, keep: float, old: float, gradient: float, squares: bool, note: str
) -> Equation:
    """A running mean, of gradients or of their squares."""
    numbers = {"old": old, "g": gradient}

    def compute(old: float, g: float) -> float:
        return keep * old + (1 - keep) * (g * g if squares else g)

    work = f"{short(keep)} · {{old}} + {short(1 - keep)} · {{g}}" + "²" * squares
    return Equation(symbol, work, numbers, compute, compute(**numbers), note)


def _corrected(symbol: str, mean: Equation, keep: float, steps: int) -> Equation:
    """A running mean less the pull of the 0 that it began with."""
    numbers = {"mean": mean.result}

    def compute(mean: float) -> float:
        return mean / (1 - keep**steps)

    work = f"{{mean}} ÷ (1 − {short(keep)}^{steps})"
    return Equation(symbol, work, numbers, compute, compute(**numbers), "start corrected")


def _scaled(at: _Number, value: float, push: float, square: float) -> Equation:
    """θ − η · push ÷ (√square + ε)."""
    numbers = {"value": value, "rate": at.rate, "push": push, "s": square}

    def compute(value: float, rate: float, push: float, s: float) -> float:
        return value - rate * push / (math.sqrt(s) + EPSILON)

    work = f"{{value}} − {{rate}} · {{push}} ÷ (√{{s}} + {short(EPSILON)})"
    return Equation(at.label, work, numbers, compute, at.next, "its next value")


ARITHMETIC: dict[str, Callable[[_Number], tuple[Equation, ...]]] = {
    "sgd": _descent,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adamw,
}
"""Optimizer → the lines of its update rule, as `nn_core.optim.optimizers` carries it out."""
