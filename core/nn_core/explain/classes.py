"""What is shown where classes are told apart: how sure the model is, and where it is wrong."""

from dataclasses import dataclass

import numpy as np

from nn_core.analysis.measures import ClassMeasures, measure
from nn_core.arrays import Array
from nn_core.data.dataset import Dataset
from nn_core.explain.scene import Scene
from nn_core.explain.view_request import ViewRequest
from nn_core.models.losses.cross_entropy import probabilities
from nn_core.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class ClassMap:
    """The probability of each class over the plane of two inputs, in the units of the file.

    `shares` is (places of x2, places of x1, classes); its ends lie on the scene's limits.
    """

    x1: Array
    x2: Array
    shares: Array


@dataclass(frozen=True, eq=False)
class ClassPicture:
    """The classes as the model sees them now.

    `taken` is the class, by its place among `names`, that each of the scene's points is taken for;
    `point` are the chosen row's probabilities and `point_class` is what it is.  `curve` are the
    probabilities (places, classes) along the one input, `map` those over the plane of two; each is
    None where there are more inputs, or fewer.  `measures` are of the rows trained on,
    `validation` of those held back, `worst` the rows that are most wrong: number, what it is, what
    it is taken for, the probability given to what it is.
    """

    names: tuple[str, ...]
    taken: Array
    point: tuple[float, ...]
    point_class: int
    curve: tuple[Array, Array] | None
    map: ClassMap | None
    measures: ClassMeasures
    validation: ClassMeasures | None
    worst: tuple[tuple[int, int, int, float], ...]

    @property
    def point_taken(self) -> int:
        """The class that the chosen row is taken for."""
        return int(np.argmax(self.point))


WORST = 8  # rows that are listed as most wrong


def class_picture(trainer: Trainer, scene: Scene, request: ViewRequest) -> ClassPicture | None:
    """Classify the data and the places that the view asks for; None where there are no classes."""
    data, model = trainer.data, trainer.model
    if not data.classes:
        return None
    outputs = model.predict(data.x)
    shares, labels = probabilities(outputs), data.labels
    chosen = min(request.point, data.rows - 1)
    own = shares[np.arange(data.rows), labels]
    taken = shares.argmax(axis=1)
    wrong = np.flatnonzero(taken != labels)
    order = wrong[np.argsort(own[wrong], kind="stable")][:WORST]
    held_back = data.validation
    return ClassPicture(
        names=data.classes,
        taken=taken[scene.shown],
        point=tuple(shares[chosen].tolist()),
        point_class=int(labels[chosen]),
        curve=_curve(trainer, scene, request.grid),
        map=_map(trainer, scene, request),
        measures=_measures(outputs, data, data),
        validation=(
            None if held_back is None else _measures(model.predict(held_back.x), held_back, data)
        ),
        worst=tuple(
            (int(row), int(labels[row]), int(taken[row]), float(own[row])) for row in order
        ),
    )


def _measures(outputs: Array, data: Dataset, training: Dataset) -> ClassMeasures:
    found = measure(outputs, data, training)
    assert isinstance(found, ClassMeasures)
    return found


def _curve(trainer: Trainer, scene: Scene, grid: int) -> tuple[Array, Array] | None:
    if not scene.over_x:
        return None
    places = np.linspace(scene.low, scene.high, max(2, grid))
    return places, _shares_at(trainer, places[:, None])


def _map(trainer: Trainer, scene: Scene, request: ViewRequest) -> ClassMap | None:
    if scene.plane is None:
        return None
    columns, rows = (max(2, size) for size in request.cells)
    (left, right), (low, high) = scene.plane.limits
    x1, x2 = np.linspace(left, right, columns), np.linspace(low, high, rows)
    places = np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)
    return ClassMap(x1, x2, _shares_at(trainer, places).reshape(rows, columns, -1))


def _shares_at(trainer: Trainer, columns: Array) -> Array:
    """The probabilities (places, classes) at places in the units of the file."""
    inputs = trainer.data.schema.encoded(columns).astype(trainer.model.flat.dtype)
    return probabilities(trainer.model.predict(inputs))
