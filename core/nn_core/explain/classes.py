"""What is shown where classes are told apart: how sure the model is, and where it is wrong."""

import copy
from dataclasses import dataclass, replace

import numpy as np

from nn_core.arrays import Array
from nn_core.data.dataset import Dataset
from nn_core.explain.scene import Plane, Scene
from nn_core.explain.view_request import ViewRequest
from nn_core.models import Model
from nn_core.models.losses.cross_entropy import probabilities
from nn_core.run.accuracy import AccuracyCurve
from nn_core.run.timeline import Timeline
from nn_core.training.measures import ClassMeasures, measure


@dataclass(frozen=True, eq=False)
class ClassMap:
    """The probability of each class over the plane of two inputs, in the units of the file.

    `shares` is (places of x2, places of x1, classes); its ends lie on the scene's limits.
    """

    x1: Array
    x2: Array
    shares: Array


@dataclass(frozen=True, eq=False)
class ClassRow:
    """A row as the model sees it: its probabilities, the class that it is, its picture.

    `x` and `columns` are its inputs, and what they were computed from, in the units of the file;
    `line` is that at which it stands there, where it is known.
    """

    index: int
    x: tuple[float, ...]
    columns: tuple[float, ...]
    shares: tuple[float, ...]
    label: int
    image: Array | None
    line: int | None = None
    is_held_back: bool = False

    @property
    def taken(self) -> int:
        """The class that it is taken for."""
        return int(np.argmax(self.shares))


@dataclass(frozen=True, eq=False)
class ClassPicture:
    """The classes as the model sees them now.

    `taken` is the class, by its place among `names`, that each of the scene's points is taken for,
    `held_back_taken` that each of its plane's validation points is;
    `chosen` is the chosen row, `looked_at` that, or one held back in its place.  `curve` are the
    probabilities (places, classes) along the one input, `map` those over the plane of two; each is
    None where there are more inputs, or fewer.  `measures` are of the rows trained on,
    `validation` of those held back, `worst` the rows that are most wrong: number, what it is, what
    it is taken for, the probability given to what it is.  `mistakes` are the numbers of all rows
    that are told wrong, the most wrong first, `held_back_mistakes` the same of those held back.
    Where the inputs make a picture, `drawn` are the probabilities of the one that a person draws.
    """

    names: tuple[str, ...]
    taken: Array
    chosen: ClassRow
    looked_at: ClassRow
    curve: tuple[Array, Array] | None
    map: ClassMap | None
    measures: ClassMeasures
    validation: ClassMeasures | None
    worst: tuple[tuple[int, int, int, float], ...]
    mistakes: Array
    held_back_mistakes: Array
    drawn: tuple[float, ...] = ()
    held_back_taken: Array | None = None

    @property
    def point(self) -> tuple[float, ...]:
        """The chosen row's probabilities."""
        return self.chosen.shares

    @property
    def point_class(self) -> int:
        """The class that the chosen row is."""
        return self.chosen.label


EARLIER_BYTES = 2_000_000  # of keyframes that tell the accuracy before a run was looked at
WORST = 8  # rows that are listed as most wrong


def class_picture(
    model: Model, data: Dataset, scene: Scene, request: ViewRequest
) -> ClassPicture | None:
    """Classify the data and the places that the view asks for; None where there are no classes."""
    if not data.classes:
        return None
    outputs = model.predict(data.x)
    shares, labels = probabilities(outputs), data.labels
    own, taken = shares[np.arange(data.rows), labels], shares.argmax(axis=1)
    mistakes = _mistakes(shares, labels)
    chosen = looked_at = _row(data, scene, shares, min(request.point, data.rows - 1))
    held_back, said, told = data.validation, None, None
    held_back_mistakes = np.empty(0, int)
    if held_back is not None:
        said = model.predict(held_back.x)
        held_back_shares = probabilities(said)
        told = held_back_shares.argmax(axis=1)
        held_back_mistakes = _mistakes(held_back_shares, held_back.labels)
        if request.held_back >= 0:
            row = _row(held_back, scene, held_back_shares, request.held_back)
            looked_at = replace(row, is_held_back=True)
    return ClassPicture(
        names=data.classes,
        taken=taken[scene.shown],
        chosen=chosen,
        looked_at=looked_at,
        curve=_curve(model, data, scene, request.grid),
        map=_map(model, data, scene, request),
        measures=_measures(outputs, data, data),
        validation=(
            None if held_back is None or said is None else _measures(said, held_back, data)
        ),
        worst=tuple(
            (int(row), int(labels[row]), int(taken[row]), float(own[row]))
            for row in mistakes[:WORST]
        ),
        mistakes=mistakes,
        held_back_mistakes=held_back_mistakes,
        drawn=_drawn(model, data, request.drawn),
        held_back_taken=None if told is None or scene.plane is None else told[scene.plane.rows],
    )


def _mistakes(shares: Array, labels: Array) -> Array:
    """The rows that are told wrong, the least probability of what it is first."""
    wrong = np.flatnonzero(shares.argmax(axis=1) != labels)
    found: Array = wrong[np.argsort(shares[wrong, labels[wrong]], kind="stable")]
    return found


def _row(data: Dataset, scene: Scene, shares: Array, index: int) -> ClassRow:
    row = data.row(index)
    return ClassRow(
        index,
        tuple(row.raw_x[0].tolist()),
        tuple(row.raw_columns[0].tolist()),
        tuple(shares[index].tolist()),
        int(data.labels[index]),
        scene.pixels.picture(row.raw_x[0]) if scene.pixels else None,
        None if row.lines is None else int(row.lines[0]),
    )


def _drawn(model: Model, data: Dataset, inputs: tuple[float, ...]) -> tuple[float, ...]:
    if len(inputs) != len(data.x_names):  # those of another run, or none
        return ()
    raw = np.array([inputs])
    scaled = data.x_scaling.apply(raw) if data.x_scaling else raw
    return tuple(probabilities(model.predict(scaled.astype(model.flat.dtype)))[0].tolist())


def accuracy_curve(timeline: Timeline, now: float) -> AccuracyCurve:
    """What is recorded of a run's accuracy, or else what its keyframes tell; and as it is now."""
    curve, state, trainer = timeline.history.accuracy, timeline.state, timeline.trainer
    if not len(curve) and state.step:
        model = copy.deepcopy(trainer.model)
        for frame in timeline.newest_keyframes(EARLIER_BYTES):
            if frame.state.parameters.shape == model.flat.shape:  # of the same network
                model.flat[:] = frame.state.parameters
                shares = probabilities(model.predict(trainer.data.x))
                right = shares.argmax(axis=1) == trainer.data.labels
                curve = curve.with_point(frame.state.step, float(right.mean()))
    return curve.with_point(state.step, now)


def _measures(outputs: Array, data: Dataset, training: Dataset) -> ClassMeasures:
    found = measure(outputs, data, training)
    assert isinstance(found, ClassMeasures)
    return found


def _curve(model: Model, data: Dataset, scene: Scene, grid: int) -> tuple[Array, Array] | None:
    if not scene.over_x:
        return None
    places = np.linspace(scene.low, scene.high, max(2, grid))
    return places, _shares_at(model, data, places[:, None])


def _map(model: Model, data: Dataset, scene: Scene, request: ViewRequest) -> ClassMap | None:
    if scene.plane is None:
        return None
    columns, rows = (max(2, size) for size in request.cells)
    x1, x2, places = over_the_plane(scene.plane, columns, rows)
    return ClassMap(x1, x2, _shares_at(model, data, places).reshape(rows, columns, -1))


def over_the_plane(plane: Plane, columns: int, rows: int) -> tuple[Array, Array, Array]:
    """So many places of each column, and all their pairs (rows · columns, 2), row by row."""
    (left, right), (low, high) = plane.limits
    x1, x2 = np.linspace(left, right, columns), np.linspace(low, high, rows)
    return x1, x2, np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)


def _shares_at(model: Model, data: Dataset, columns: Array) -> Array:
    """The probabilities (places, classes) at places in the units of the file."""
    return probabilities(model.predict(data.schema.encoded(columns).astype(model.flat.dtype)))
