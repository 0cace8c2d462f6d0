"""The gradient check: is each derivative worked out by hand the slope that the loss really has?

A parameter is moved a little both ways; how much the loss changes, by how far it was moved, is its
numeric derivative: (loss(θ + ε) − loss(θ − ε)) ÷ 2ε.  Beside a kink, a rectified unit's sum or an
absolute residual within reach of ε from 0, the two sides have different slopes, and the two numbers
rightly differ.
"""

from dataclasses import dataclass

import numpy as np

from nn_core.datasets import Dataset
from nn_core.models import Model

TOLERANCE = 1e-6  # relative


@dataclass(frozen=True)
class Check:
    """One parameter's derivative: by the backward pass, and by central differences.

    `resolution` is the difference that rounding alone can make to the numeric one.
    """

    label: str
    analytic: float
    numeric: float
    resolution: float

    @property
    def relative_difference(self) -> float:
        """How far apart the two are, beside the larger of them; 0 where they are the same."""
        apart = abs(self.analytic - self.numeric)
        return apart / max(abs(self.analytic), abs(self.numeric)) if apart else 0.0

    @property
    def agrees(self) -> bool:
        """Whether the two differ by no more than one part in a million, and by rounding."""
        larger = max(abs(self.analytic), abs(self.numeric))
        return abs(self.analytic - self.numeric) <= TOLERANCE * larger + self.resolution


def check(model: Model, data: Dataset, loss: str, epsilon: float = 1e-6) -> tuple[Check, ...]:
    """Check every parameter's derivative of the loss over all rows; the model stays as it is.

    It is done in float64 whatever the model's precision: in float32 the loss has too few digits to
    subtract.
    """
    model = model.astype("float64")
    parameters, analytic = model.flat, np.zeros(model.flat.size)
    whole = model.compile(data.x, data.y, data.rows, loss, analytic)

    def loss_with(index: int, value: float) -> float:
        parameters[index] = value
        whole.forward()
        return whole.loss()

    whole.forward()
    # The loss is a sum of rounded numbers, each good to its last digit or two.
    resolution = 8 * np.finfo(float).eps * max(1.0, whole.loss()) / epsilon
    whole.backward()
    checks = []
    for index, value in enumerate(parameters.tolist()):
        rise = loss_with(index, value + epsilon) - loss_with(index, value - epsilon)
        parameters[index] = value
        label = model.layout.label(index)
        checks.append(Check(label, float(analytic[index]), rise / (2 * epsilon), resolution))
    return tuple(checks)
