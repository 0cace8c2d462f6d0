"""Where one unit more would mend a network's curve most.

A new unit adds v·u(x) to the curve, with u(x) = activation(±(x − k)): a kink at k, on to its right
or to its left.  Of the residuals r = y − prediction, the best v takes (Σu·r)² ÷ Σu² off the sum of
their squares, so the kink and the side for which that is most can be told without any search.
"""

from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array, evenly_spread
from nn_core.config.key_names import with_keys
from nn_core.errors import RequestError
from nn_core.models.activations import ACTIVATIONS, activate
from nn_core.run.structure import require_one_curve
from nn_core.training.trainer import Trainer

CANDIDATES = 200  # kinks that are tried: at the points, or evenly among more of them
SAMPLE = 2000  # points that they are tried on
SHARE = 0.1  # of the best v that the unit starts with: it is to learn the rest


@dataclass(frozen=True)
class Placement:
    """A unit to add, outgoing · activation(weight·x + bias), in the units that are trained on.

    `unit` says what it is.  Its kink lies at `kink`; at x = `worst` the curve is off by `gap`,
    prediction − target, the most that the unit can help with.
    """

    unit: str
    weight: float
    bias: float
    outgoing: float
    kink: float
    worst: float
    gap: float


def find(trainer: Trainer) -> Placement:
    """The unit that would mend most, for a network of one input and one hidden layer.

    It starts with a tenth of the v that suits the squares best, or with 0 where that would raise
    the loss that is trained on.  `RequestError` where there is nothing to find.
    """
    data, config = trainer.data, trainer.config
    require_one_curve(config, data)
    activation = config.activation[0]
    x, y = data.x[:, 0].astype(np.float64), data.y[:, 0].astype(np.float64)
    with np.errstate(all="ignore"):
        prediction = trainer.model.predict(data.x)[:, 0].astype(np.float64)
        residual = y - prediction
        if not np.isfinite(residual.dot(residual)):
            raise RequestError(
                with_keys(
                    "the curve overflows at some points; {key.step_back} goes back, "
                    "{key.restart} restarts"
                )
            )
        kink, side = _best_kink(x, residual, activation)
        unit = activate(activation, side * (x - kink))
        best = float(unit.dot(residual) / unit.dot(unit))
        outgoing = SHARE * best
        before = trainer.loss_function.evaluate(prediction, y)
        if not trainer.loss_function.evaluate(prediction + outgoing * unit, y) < before:
            outgoing = 0.0
    worst = int((residual * np.sign(best * unit)).argmax())
    return Placement(
        ACTIVATIONS[activation].title if ACTIVATIONS[activation].silences else "unit",
        side,
        -side * kink,
        outgoing,
        kink,
        float(x[worst]),
        float(-residual[worst]),
    )


def _best_kink(x: Array, residual: Array, activation: str) -> tuple[float, float]:
    """The kink, and the side on which the unit is on: +1 right of it, −1 left of it."""
    order = np.argsort(x, kind="stable")
    order = order[evenly_spread(len(order), SAMPLE)]
    x, residual = x[order], residual[order]
    kinks = np.unique(x)
    kinks = kinks[evenly_spread(len(kinks), CANDIDATES)]
    gains = np.empty((2, len(kinks)))
    for gain, side in zip(gains, (1.0, -1.0), strict=True):
        units = activate(activation, side * (x - kinks[:, None]))
        votes, squares = units @ residual, (units * units).sum(axis=1)
        gain[:] = np.divide(votes**2, squares, out=np.zeros_like(votes), where=squares > 0)
    if not gains.max() > 0:
        raise RequestError("no kink between the points would bring the curve nearer to them")
    row, at = np.unravel_index(int(gains.argmax()), gains.shape)
    return float(kinks[at]), 1.0 if row == 0 else -1.0
