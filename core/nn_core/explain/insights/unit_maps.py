"""Hidden units where there is no single x: over the plane of two inputs, or as a picture."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn_core.analysis.units import HiddenLayer
from nn_core.arrays import Array
from nn_core.data.dataset import Dataset
from nn_core.data.schema import Scaling
from nn_core.explain.classes import over_the_plane
from nn_core.explain.scene import Scene
from nn_core.formatting import short, signed
from nn_core.models import Model
from nn_core.models.activations import ACTIVATIONS

MOST_MAPS = 24  # units of a layer
MOST_PICTURES = 64  # the same of pictures
ACROSS, UP = 40, 28  # places of a map


@dataclass(frozen=True, eq=False)
class UnitMaps:
    """What each of `units`, counted in their layer, says of the plane: (units, up, across).

    Where `adds` it is what the unit adds to the one logit: above 0 for the second class, below for
    the first.  Else it is what the unit puts out.
    """

    units: tuple[int, ...]
    x1: Array
    x2: Array
    values: Array
    adds: bool


@dataclass(frozen=True, eq=False)
class UnitOutside:
    """The chosen unit: its `weights` of at most two inputs, or as a `picture` of all of them.

    `pictures` (units, rows, columns) are those of its whole layer, of one row where the inputs are
    no picture.  Then `takes` are the names of what it adds up, and the weight of each; `reaches`
    the same of what comes after.
    """

    weights: tuple[float, ...] = ()
    pictures: Array | None = None
    picture: Array | None = None
    takes: tuple[tuple[str, float], ...] = ()
    reaches: tuple[tuple[str, float], ...] = ()


def unit_maps(
    model: Model, data: Dataset, scene: Scene, number: int, layer: HiddenLayer, unit: int
) -> UnitMaps | None:
    """The maps of the units around the chosen one; None where there is no plane."""
    if scene.plane is None:
        return None
    first = unit // MOST_MAPS * MOST_MAPS
    units = tuple(range(first, min(first + MOST_MAPS, len(layer.biases))))
    x1, x2, places = over_the_plane(scene.plane, ACROSS, UP)
    inputs = data.schema.encoded(places).astype(model.flat.dtype)
    values = model.outputs(inputs)[number][list(units)].astype(np.float64)
    adds = layer.outgoing is not None and data.y.shape[1] == 1
    if adds and layer.outgoing is not None:
        values = values * layer.outgoing[list(units), None]
    return UnitMaps(units, x1, x2, values.reshape(-1, UP, ACROSS), adds)


def unit_outside(
    model: Model, data: Dataset, scene: Scene, number: int, layer: HiddenLayer, unit: int
) -> UnitOutside:
    """What the chosen unit takes in and where it goes, beyond what its row says."""
    own = layer.weights[unit].astype(np.float64)
    after = model.layers()[number + 1].weight[:, unit].astype(np.float64)
    before, following = data.x_names, scene.classes or data.schema.outputs_named
    if number > 0:
        before = tuple(model.unit_name(number - 1, at) for at in range(len(own)))
    if layer.outgoing is None:
        following = tuple(model.unit_name(number + 1, at) for at in range(len(after)))
    elif len(following) != len(after):  # two classes with one logit
        following = ("logit",)
    is_picture = number == 0 and scene.pixels is not None
    has_line = scene.over_x or scene.plane is not None
    return UnitOutside(
        weights=tuple(own.tolist()) if number == 0 and len(own) == 2 else (),
        pictures=None if has_line else _pictures(scene if is_picture else None, layer),
        picture=scene.pixels.picture(own) if scene.pixels and is_picture else None,
        takes=() if has_line or is_picture else tuple(zip(before, own.tolist(), strict=True)),
        reaches=() if has_line else tuple(zip(following, after.tolist(), strict=True)),
    )


def _pictures(scene: Scene | None, layer: HiddenLayer) -> Array:
    """The weights of each unit as the picture that the scene's inputs make, or in a row."""
    weights = layer.weights[:MOST_PICTURES].astype(np.float64)
    if scene is None or scene.pixels is None:
        return weights[:, None, :]
    return np.stack([scene.pixels.picture(own) for own in weights])


def sentences(
    name: str, scene: Scene, maps: UnitMaps | None, outside: UnitOutside, layer: HiddenLayer,
    bias: float, is_off: bool, scaling: Scaling | None,
) -> Iterator[str]:  # fmt: skip
    """The chosen unit in words; one that is switched off counts for nothing."""
    counts = layer.outgoing is not None and len(scene.classes) > 2 and not is_off
    if outside.picture is not None and counts:
        (least, low), *_, (most, high) = sorted(outside.reaches, key=lambda each: each[1])
        yield (
            f"{name} counts most for {most} ({signed(high, 2)}), "
            f"most against {least} ({signed(low, 2)})."
        )
        yield "It weighs every pixel: ink at weights above 0 raises it, below 0 lowers it."
    elif outside.picture is not None:
        yield f"{name} weighs every pixel: ink where a weight is above 0 raises it, else lowers it."
    if maps is not None and len(outside.weights) == 2:
        weights = np.array(outside.weights)
        if scaling is not None:  # the plane is that of the file
            weights = weights / scaling.deviation
            bias -= float(weights @ scaling.mean)
        one, other = weights.tolist()
        x1, x2 = scene.inputs
        line = f"{short(one, 3)}·{x1} {_plus(other)}·{x2} {_plus(bias)} = 0"
        yield f"The line of {name.lower()}: {line}. {_sides(scene, maps, layer)}"
    elif maps is not None:
        yield f"{name} adds up what {layer.weights.shape[1]} others say, so its own side can bend."
    if maps is not None and maps.adds:
        yield "What they all add, with the bias, is the logit (Σ): the border is where that is 0."


def _plus(value: float) -> str:
    return f"{'−' if value < 0 else '+'} {short(abs(value), 3)}"


def _sides(scene: Scene, maps: UnitMaps, layer: HiddenLayer) -> str:
    first, second = scene.classes[:2]
    if ACTIVATIONS[layer.activation].silences:
        return "It counts on one side of it alone."
    return f"One side counts for {second}, the other for {first}." if maps.adds else ""
