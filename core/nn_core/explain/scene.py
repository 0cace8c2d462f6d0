"""How a Scene is made: what holds for a whole run, gathered once."""

from dataclasses import dataclass

import numpy as np

from nn_core.analysis.references import Reference, references
from nn_core.arrays import Array, evenly_spread
from nn_core.config import Config
from nn_core.data.dataset import Dataset
from nn_core.data.pictures import Pixels, pixels_of
from nn_core.run.timeline import Timeline

SHOWN_POINTS = 2000  # rows of a larger data set that are drawn


@dataclass(frozen=True, eq=False)
class Plane:
    """The plane of two columns: the drawn points (rows, 2) in the units of the file.

    `limits` are (least, greatest) of each, with a margin.  `held_back` are the places of the `rows`
    of the validation data that are drawn, and `labels` their classes.
    """

    names: tuple[str, ...]
    points: Array
    limits: tuple[tuple[float, float], tuple[float, float]]
    held_back: Array
    rows: Array
    labels: Array


@dataclass(frozen=True, eq=False)
class Scene:
    """What holds for a whole run: data in the units of the file, truth, and loss references.

    With one input the plot shows y over x.  With several it shows prediction over target, since
    no plane has room for more: `over_x` says which.  Of several targets it is the one at `drawn`,
    whose values `y` are.  `parameters` are PyTorch's names of arrays or numbers, listed layer by
    layer where it is a network's.  `held_back` are x and y of the validation rows, as far as they
    are drawn, where there are some and y is shown over x.  `loss_factor` leads from a loss of
    scaled targets to the units of the file.  Where `classes` are told apart, `labels` are the
    places of the drawn points' classes, and `plane` is where they lie, if two columns tell.
    `pixels` is the picture that the inputs make, if they do, and `ink` the least and the greatest
    value of a pixel.  `texts` are columns of the table that could be targets too.
    """

    formula: str
    kind: str
    rows: int
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    source: str
    notes: tuple[str, ...]
    scaled: bool
    over_x: bool
    shown: Array
    x: Array
    y: Array
    low: float
    high: float
    largest_input: float
    smallest_input: float
    largest_target: float
    truth: tuple[Array, Array] | None
    references: tuple[Reference, ...]
    parameters: tuple[str, ...]
    is_listed_by_layer: bool
    size: int
    validation_rows: int = 0
    loss_factor: float | None = None
    held_back: tuple[Array, Array] | None = None
    classes: tuple[str, ...] = ()
    labels: Array | None = None
    plane: Plane | None = None
    outputs: int = 1
    pixels: Pixels | None = None
    ink: tuple[float, float] = (0.0, 1.0)
    drawn: int = 0
    texts: tuple[str, ...] = ()

    @property
    def drawn_target(self) -> str:
        """What the target that is drawn is called."""
        return self.targets[self.drawn]

    @property
    def target(self) -> str:
        """What the targets are called, all of them."""
        return ", ".join(self.targets)

    @property
    def layers(self) -> tuple[str, ...]:
        """The parameters where they are listed layer by layer; else none."""
        return self.parameters if self.is_listed_by_layer else ()

    def drawn_at(self, row: int) -> int | None:
        """Where among the points that are drawn a row of the data is, if it is among them."""
        found = np.flatnonzero(self.shown == row)
        return int(found[0]) if len(found) else None

    def reference(self, kind: str) -> Reference | None:
        """The loss of this kind to compare with, "truth" or "best", where there is one."""
        return next((found for found in self.references if found.kind == kind), None)

    @property
    def truth_loss(self) -> float | None:
        """The loss of the function that the data was made from, where there is one."""
        truth = self.reference("truth")
        return truth.loss if truth else None


@np.errstate(all="ignore")
def make_scene(timeline: Timeline, target: int = 0) -> Scene:
    """Gather what stays the same as long as the timeline's trainer does, and the target drawn.

    Where there are fewer targets, the first is drawn.
    """
    trainer = timeline.trainer
    data, model = trainer.data, trainer.model
    drawn = target if target < data.raw_y.shape[1] and not data.classes else 0
    shown = evenly_spread(data.rows, SHOWN_POINTS)
    raw_x, raw_y = data.raw_x[shown], data.raw_y[shown][:, drawn]
    over_x = data.x.shape[1] == 1
    horizontal = raw_x[:, 0] if over_x else raw_y
    low, high = float(horizontal.min()), float(horizontal.max())
    held_back = None
    if data.validation is not None and over_x:
        rows = evenly_spread(data.validation.rows, SHOWN_POINTS)
        held_back = data.validation.raw_x[rows, 0], data.validation.raw_y[rows, drawn]
        low, high = min(low, float(held_back[0].min())), max(high, float(held_back[0].max()))
    margin = (high - low) / 40 or 1.0  # around a single point
    pixels = pixels_of(data.x_names) if data.classes else None
    truth = None
    if data.truth is not None and over_x:
        places = np.linspace(low - margin, high + margin, 400)
        truth = (places, raw_outputs(data, data.truth(scaled_inputs(data, places[:, None]))))
    return Scene(
        formula=model.describe(),
        kind=model.kind,
        rows=data.rows,
        inputs=data.x_names,
        targets=data.schema.targets,
        source=data.source,
        notes=data.notes,
        scaled=_is_standardised(timeline.config, data),
        over_x=over_x,
        shown=shown,
        x=horizontal,
        y=raw_y,
        low=low - margin,
        high=high + margin,
        largest_input=float(np.abs(data.x).max()),
        smallest_input=smallest_input(data),
        largest_target=largest_target(data, model.is_listed_by_layer),
        truth=truth,
        references=references(data, trainer.loss_function, model.kind == "quadratic"),
        parameters=tuple(place.name for place in model.layout.places),
        is_listed_by_layer=model.is_listed_by_layer,
        size=model.flat.size,
        held_back=held_back,
        validation_rows=data.validation.rows if data.validation else 0,
        loss_factor=trainer.loss_factor,
        classes=data.classes,
        labels=data.labels[shown] if data.classes else None,
        plane=_plane(data, shown) if data.classes else None,
        outputs=data.y.shape[1],
        pixels=pixels,
        ink=(float(data.raw_x.min()), float(data.raw_x.max())) if pixels else (0.0, 1.0),
        drawn=drawn,
        texts=data.texts,
    )


def smallest_input(data: Dataset) -> float:
    """How far from 0 the numbers of that input are which reaches least far, but for one of 0s."""
    reached = np.abs(data.x).max(axis=0)
    return float(reached[reached > 0].min(initial=np.inf))


def largest_target(data: Dataset, is_network: bool) -> float:
    """How far from 0 the numbers are that a network is to predict; 0 of another model, of classes.

    What a line or a parabola predicts may be as large as it likes.
    """
    return float(np.abs(data.y).max()) if is_network and not data.classes else 0.0


def _is_standardised(config: Config, data: Dataset) -> bool:
    """Whether columns have mean 0 and deviation 1; pixels of the digits are only divided by 16."""
    return config.scale or (data.x_scaling is not None and bool(data.x_scaling.mean.any()))


def _plane(data: Dataset, shown: Array) -> Plane | None:
    columns = data.schema.columns
    if len(columns) != 2 or any(column.levels for column in columns):
        return None
    points = data.raw_columns[shown].astype(np.float64)
    rows, labels, held_back = np.empty(0, int), np.empty(0, int), np.empty((0, 2))
    if data.validation is not None:
        rows = evenly_spread(data.validation.rows, SHOWN_POINTS)
        labels = data.validation.labels[rows]
        held_back = data.validation.raw_columns[rows].astype(np.float64)
    both = np.concatenate([points, held_back])
    low, high = both.min(axis=0), both.max(axis=0)
    margin = np.where(high > low, (high - low) / 20, 1.0)
    (left, right), (below, above) = np.stack([low - margin, high + margin], axis=1).tolist()
    names = tuple(column.name for column in columns)
    limits = ((left, right), (below, above))
    return Plane(names, points, limits, held_back, rows, labels)


def scaled_inputs(data: Dataset, raw: Array) -> Array:
    """Inputs in the units of the file as the model takes them."""
    return data.x_scaling.apply(raw) if data.x_scaling else raw


def raw_outputs(data: Dataset, scaled: Array, drawn: int = 0) -> Array:
    """Predictions (rows, targets) in the units of the file, of one target (rows,) in float64."""
    raw: Array = (data.y_scaling.undo(scaled) if data.y_scaling else scaled)[:, drawn]
    return raw.astype(np.float64)
