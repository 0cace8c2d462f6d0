"""The rows of the table under the plots: parameters one by one, layers, or units.

Which of them are listed, and which parameter is the chosen one, a `ViewRequest` says.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nn_core.analysis.units import locate, widths
from nn_core.arrays import Array, is_rounding, norm
from nn_core.explain.view_request import ViewRequest
from nn_core.formatting import shown
from nn_core.models import Model
from nn_core.training.records import Preview
from nn_core.training.trainer import Trainer


class _Healthy(NamedTuple):
    """Between which ratios an update, beside the size of what it changes, is well."""

    least: float
    most: float

    @property
    def said(self) -> str:
        """Both, written out."""
        return f"{self.least:.5f} to {self.most}"


HEALTHY = _Healthy(3e-5, 0.03)
TINY = 1e4  # times the precision of numbers: a gradient below may be no more than rounding


@dataclass(frozen=True)
class NumberRow:
    """One parameter: the row reads value + update = next.  Its name is PyTorch's.

    Where the gradient `cancels`, it is no more than what rounding leaves of a sum that is 0.
    """

    name: str
    index: int
    start: float
    value: float
    gradient: float
    update: float
    frozen: bool = False
    cancels: bool = False

    @property
    def label(self) -> str:
        """What it is called."""
        return shown(self.name)

    @property
    def next(self) -> float:
        """The value after the step to come."""
        return self.value + self.update

    @property
    def ratio(self) -> float:
        """How large the update is beside the value."""
        return abs(self.update / self.value) if self.value else float("nan")


@dataclass(frozen=True)
class LayerRow:
    """The weights or the biases of a layer, by their Euclidean norms.  The name is PyTorch's."""

    name: str
    shape: tuple[int, ...]
    size: float
    gradient: float
    update: float
    frozen: bool = False

    @property
    def label(self) -> str:
        """What they are called."""
        return shown(self.name)

    @property
    def ratio(self) -> float:
        """How large the update is beside the parameters; `HEALTHY` says what is well."""
        return self.update / self.size if self.size else float("nan")


@dataclass(frozen=True)
class UnitRow:
    """One unit of a hidden layer, or one rectified line; what isn't a single number is NaN.

    It puts out activation(weight·x + bias), which enters the model `outgoing` times.  `kink` is
    where weight·x + bias is 0, and `bend` whether the curve bends up there (+1) or down (−1); of a
    smooth activation, whether the unit's own curve rises or falls.  It is on, above that 0, at `on`
    of `points` points.  `share` is its part in all that its layer puts out there.  `silent` is a
    unit that puts out 0 at all of them.
    """

    label: str
    layer: int
    unit: int
    weight: float
    bias: float
    outgoing: float
    kink: float
    bend: int
    on: int
    points: int
    share: float
    silent: bool

    @property
    def name(self) -> str:
        """What a click on it means."""
        return self.label

    @property
    def slope(self) -> float:
        """How steep the line is that it adds where it is on."""
        return self.outgoing * self.weight


Rows = tuple[NumberRow, ...] | tuple[LayerRow, ...] | tuple[UnitRow, ...]


def listed_rows(
    trainer: Trainer, start: Array, preview: Preview, request: ViewRequest
) -> tuple[tuple[NumberRow, ...] | tuple[LayerRow, ...], int]:
    """The rows in the stretch that was asked for, and how many there are in all."""
    state = trainer.state
    numbers, places = _listed_numbers(trainer, request), state.layout.places
    total = len(places) if numbers is None else numbers.total
    stretch = range(total)[request.first : request.first + request.count]
    if numbers is not None:
        return number_rows(trainer, start, preview, map(numbers.at, stretch)), total
    layers = tuple(
        LayerRow(
            place.name,
            place.shape,
            norm(place.view(state.parameters)),
            norm(place.view(preview.gradient)),
            norm(place.view(preview.update)),
            trainer.is_frozen(place.start),
        )
        for place in (places[at] for at in stretch)
    )
    return layers, total


def chosen_number(trainer: Trainer, preview: Preview, request: ViewRequest) -> int:
    """The flat index of the chosen parameter; of a layer or unit, the one pushed most."""
    unit = _numbers_of_chosen_unit(trainer.model, request)
    if unit and not request.opened:
        return unit[int(np.abs(preview.gradient[unit]).argmax())]
    numbers, places = _listed_numbers(trainer, request), trainer.state.layout.places
    if numbers is not None:
        return numbers.at(min(request.chosen, numbers.total - 1))
    place = places[min(request.chosen, len(places) - 1)]
    return place.nth(int(np.abs(place.view(preview.gradient)).argmax()))


def number_rows(
    trainer: Trainer, start: Array, preview: Preview, indices: Iterable[int]
) -> tuple[NumberRow, ...]:
    """A row for each of the parameters at these flat indices, which began at `start`."""
    return tuple(_number_row(trainer, start, preview, index) for index in indices)


def _number_row(trainer: Trainer, start: Array, preview: Preview, index: int) -> NumberRow:
    value, update = float(trainer.state.parameters[index]), float(preview.update[index])
    gradient = float(preview.gradient[index])
    is_nothing = cancels(trainer, gradient, index)
    if is_nothing and abs(update) < _tiny(trainer) * max(1.0, abs(value)):
        update = 0.0  # its sign would be that of the rounding, another at each step
    return NumberRow(
        trainer.state.layout.name(index),
        index,
        float(start[index]),
        value,
        gradient,
        update,
        trainer.is_frozen(index),
        is_nothing,
    )


def _tiny(trainer: Trainer) -> float:
    return TINY * float(np.finfo(trainer.config.dtype).eps)


def cancels(trainer: Trainer, gradient: float, index: int) -> bool:
    """Whether a gradient of the current batch is what rounding leaves of votes that cancel.

    Only of models with few parameters, where a vote is soon worked out.
    """
    model, config = trainer.model, trainer.config
    if (
        not 0 < abs(gradient) < _tiny(trainer)
        or model.is_listed_by_layer
        or not config.zero_gradients
    ):
        return False
    batch, data = trainer.batch_rows(), trainer.data
    votes = model.votes(data.x[batch], data.y[batch], trainer.loss_function, index)
    return is_rounding(gradient, votes)


class _Numbers(NamedTuple):
    """A list of parameters: how many, and the flat index of each by its place in the list."""

    total: int
    at: Callable[[int], int]


def _listed_numbers(trainer: Trainer, request: ViewRequest) -> _Numbers | None:
    """The parameters that are listed one by one; None where layers are listed."""
    layout = trainer.state.layout
    unit = _numbers_of_chosen_unit(trainer.model, request)
    if unit:
        return _Numbers(len(unit), unit.__getitem__)
    if not any(place.shape for place in layout.places):
        return _Numbers(layout.size, int)
    if request.opened:
        return _Numbers(layout[request.opened].size, layout[request.opened].nth)
    return None


def _numbers_of_chosen_unit(model: Model, request: ViewRequest) -> list[int]:
    """The flat indices of the parameters of the unit chosen or opened; none where none can be."""
    sizes = widths(model)
    if not (request.by_unit and sizes):
        return []
    number = request.opened_at if request.opened else request.chosen
    return model.unit_parameters(*locate(sizes, number))
