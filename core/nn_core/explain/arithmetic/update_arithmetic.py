"""An update's arithmetic: how a step moves one number, line by line, with the numbers in it.

What comes before the optimizer stands here: what the gradient is the sum of, and what clipping
leaves of it.  The optimizer's own lines are in its record.
"""

import numpy as np

from nn_core.arrays import norm
from nn_core.formatting import short
from nn_core.optim import clipping
from nn_core.optim.equations import Equation, OneParameter
from nn_core.optim.optimizers import optimizer_of
from nn_core.training.records import Preview
from nn_core.training.trainer import Trainer


def arithmetic(trainer: Trainer, preview: Preview, index: int) -> tuple[Equation, ...]:
    """How the current step moves the parameter at a flat index, in the order of working it out.

    First, where it isn't the loss's alone, what its gradient is made of; then, where they are
    clipped, what is left of it; then the optimizer's lines, the parameter's next value last.
    """
    state = trainer.state
    value = float(state.parameters[index])
    label = state.layout.label(index)
    if trainer.is_frozen(index):
        return (_alone(label, value, "frozen: gets no update"),)
    lines = [*_sources(trainer, preview, index), *_clipped(trainer, preview, index)]
    optimizer = optimizer_of(trainer.config)
    slots = {
        name: float(state.slots[name][index if kind == "vector" else 0])
        for name, kind in optimizer.slots.items()
    }
    number = OneParameter(
        label,
        value,
        lines[-1].result if lines else float(preview.gradient[index]),
        trainer.learning_rate,
        slots,
        float(state.parameters[index] + preview.update[index]),
    )
    return (*lines, *optimizer.work_out(number))


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

    return [Equation.worked("g", work, numbers, compute, "clipped")]
