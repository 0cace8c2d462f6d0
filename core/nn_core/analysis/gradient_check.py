"""The gradient check: is each derivative worked out by hand the slope that the loss really has?

A parameter is moved a little both ways; how much the loss changes, by how far it was moved, is its
numeric derivative: (loss(w + ε) − loss(w − ε)) ÷ 2ε.  Beside a kink, a rectified unit's sum or an
absolute residual within reach of ε from 0, the two sides have different slopes, and the two numbers
rightly differ.  With penalties the loss is what the gradient descends, penalties and all.
"""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from nn_core.arrays import Array, Place, evenly_spread
from nn_core.data.dataset import Dataset
from nn_core.models import Model
from nn_core.models.activations import ACTIVATIONS
from nn_core.models.losses import Loss
from nn_core.optim import penalties
from nn_core.training.trainer import Trainer

TOLERANCE = 1e-6  # relative
EPSILON = 1e-6
WORK = 2_000_000_000  # multiplications that a check of a run may take, about
CHUNK = 20_000_000  # multiplications between two chances to stop
LEAST_EACH = 4  # numbers of a layer that are checked, however many rows there are


@dataclass(frozen=True)
class Check:
    """One parameter's derivative: by the backward pass, and by central differences.

    `resolution` is the difference that rounding alone can make to the numeric one.  `below` and
    `above` are the losses on either side, `kink` says which kink lies between them, if the two
    derivatives differ and one does.
    """

    label: str
    analytic: float
    numeric: float
    resolution: float
    below: float = np.nan
    above: float = np.nan
    kink: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the two differ by no more than one part in a million, and by rounding."""
        return self.excess <= 1

    @property
    def excess(self) -> float:
        """How many times what is allowed the two differ; infinite where one isn't a number."""
        if not np.isfinite([self.analytic, self.numeric]).all():
            return np.inf
        larger = max(abs(self.analytic), abs(self.numeric))
        allowed = TOLERANCE * larger + self.resolution
        return abs(self.analytic - self.numeric) / allowed if allowed else 0.0

    @property
    def verdict(self) -> str:
        """agrees, differs, beside a kink, or overflows."""
        if self.agrees:
            return "agrees"
        if self.kink:
            return "beside a kink"
        return "differs" if np.isfinite([self.analytic, self.numeric]).all() else "overflows"


@dataclass(frozen=True)
class Checked:
    """A run's gradient, checked on `rows` of the `batch` rows that the current step looks at.

    `chosen` is the chosen parameter's check, `layers` are those of each array by its label, all of
    its numbers or evenly spaced ones among `sizes` many. `penalised`: the loss that is
    differentiated includes penalties.
    """

    chosen: Check
    layers: tuple[tuple[str, int, tuple[Check, ...]], ...]
    rows: int
    batch: int
    penalised: bool
    epsilon: float = EPSILON

    @property
    def disagreeing(self) -> tuple[Check, ...]:
        """Those that don't agree, the worst first."""
        found = [each for _, _, checks in self.layers for each in checks if not each.agrees]
        return tuple(sorted(found, key=lambda each: (bool(each.kink), -each.excess)))


def check(
    model: Model,
    data: Dataset,
    loss: Loss,
    epsilon: float = EPSILON,
    l1: float = 0.0,
    l2: float = 0.0,
    indices: Iterable[int] | None = None,
) -> tuple[Check, ...]:
    """Check derivatives of the loss over all rows; the model stays as it is.

    All parameters are checked, or those at these flat `indices`.  It is done in float64 whatever
    the model's precision: in float32 the loss has too few digits to subtract.
    """
    probe = _Probe(model, data.x, data.y, np.arange(data.rows), loss, l1, l2, epsilon)
    wanted = range(model.flat.size) if indices is None else indices
    return tuple(probe.check(index) for index in wanted)


def search(trainer: Trainer, chosen: int) -> Generator[float, None, Checked]:
    """Check a run's gradient on the current batch; yields, now and then, which part is done.

    Of a network, or of a batch, that would take too long, it is a sample.
    """
    config, layout, batch = trainer.config, trainer.state.layout, trainer.batch_rows()
    size, places = layout.size, layout.places
    least = 1 + sum(min(LEAST_EACH, place.size) for place in places)
    rows = batch[evenly_spread(len(batch), max(1, WORK // (2 * size * least)))]
    affordable = WORK // (2 * size * len(rows))
    each = size if affordable >= size else max(LEAST_EACH, affordable // len(places))
    x, y, loss = trainer.data.x, trainer.data.y, trainer.loss_function
    probe = _Probe(trainer.model, x, y, rows, loss, config.l1, config.l2)
    wanted = [
        (place, _indices(place)[evenly_spread(place.size, each)].tolist()) for place in places
    ]
    total = 1 + sum(len(indices) for _, indices in wanted)
    found: dict[int, Check] = {}
    since = 0
    for index in (chosen, *(index for _, indices in wanted for index in indices)):
        if index not in found:
            found[index] = probe.check(index)
            since += 2 * size * len(rows)
        if since >= CHUNK:
            since = 0
            yield len(found) / total
    layers = tuple(
        (place.label, place.size, tuple(found[index] for index in indices))
        for place, indices in wanted
    )
    penalised = bool(config.l1 or config.l2)
    return Checked(found[chosen], layers, len(rows), len(batch), penalised)


def _indices(place: Place) -> Array:
    """The flat index of each of an array's numbers, in its own order."""
    found = np.full(place.shape, place.start)
    for axis, stride in zip(np.indices(place.shape), place.strides, strict=True):
        found += axis * stride
    return found.reshape(-1)


class _Probe:
    """A model in float64, bound to some rows and their loss, whose parameters are nudged."""

    def __init__(
        self,
        model: Model,
        x: Array,
        y: Array,
        rows: Array,
        loss: Loss,
        l1: float,
        l2: float,
        epsilon: float = EPSILON,
    ) -> None:
        self._model, self._x, self._rows = model.astype("float64"), x[rows], rows
        self._has_corners, self._epsilon = loss.has_sign_slope, epsilon
        self._penalties = (l1, l2)
        layout, self._parameters = self._model.layout, self._model.flat
        self._analytic = np.zeros(layout.size)
        self._pass = self._model.compile(self._x, y[rows], len(rows), loss, self._analytic)
        with np.errstate(all="ignore"):
            # The loss is a sum of rounded numbers, each good to its last digit or two.
            at_rest = max(1.0, self._loss())
            self._resolution = 8 * np.finfo(float).eps * at_rest / epsilon
            self._pass.backward()
            if l1 or l2:
                penalties.compile_gradient(layout, self._parameters, self._analytic, l1, l2)()

    def check(self, index: int) -> Check:
        """One parameter's derivative both ways; the parameters stay as they are."""
        value, epsilon = float(self._parameters[index]), self._epsilon
        with np.errstate(all="ignore"):
            above, below = (
                self._loss_at(index, value + epsilon),
                self._loss_at(index, value - epsilon),
            )
            self._parameters[index] = value
            found = Check(
                self._model.layout.label(index),
                float(self._analytic[index]),
                (above - below) / (2 * epsilon),
                self._resolution,
                below,
                above,
            )
            return found if found.agrees else replace(found, kink=self._kink(index, value))

    def _loss_at(self, index: int, value: float) -> float:
        self._parameters[index] = value
        return self._loss()

    def _loss(self) -> float:
        self._pass.forward()
        loss, (l1, l2) = self._pass.loss(), self._penalties
        if l1 or l2:
            loss += penalties.value(self._model.layout, self._parameters, l1, l2)
        return loss

    # --- kinks --------------------------------------------------------------------------------

    def _kink(self, index: int, value: float) -> str:
        """What changes sides while the parameter is moved; "" if nothing does."""
        sides = []
        for moved in (value - self._epsilon, value + self._epsilon):
            self._parameters[index] = moved
            sides.append(dict(self._sides()))
        self._parameters[index] = value
        for layer, below in sides[0].items():
            changed = np.argwhere(below != sides[1][layer])
            if len(changed):
                unit, row = changed[0].tolist()
                more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
                name = "the residual of"
                if layer is not None:
                    name = f"{self._model.unit_said(layer, unit)} at"
                return f"{name} point {self._rows[row] + 1}{more}"
        at = self._model.layout.place(index)
        if self._penalties[0] and not at.is_bias and abs(value) <= self._epsilon:
            return "its own |w| is at 0"
        return ""

    def _sides(self) -> Iterator[tuple[int | None, Array]]:
        """For the residual, None, and each layer with kinks at 0 the sign for each (unit, row)."""
        model = self._model
        if self._has_corners:
            self._pass.forward()
            self._pass.measure()
            yield None, np.sign(self._pass.slope)
        for layer, (dense, outputs) in enumerate(
            zip(model.layers(), model.outputs(self._x), strict=True)
        ):
            if ACTIVATIONS[dense.activation].slope_below is not None:
                yield layer, outputs > 0
