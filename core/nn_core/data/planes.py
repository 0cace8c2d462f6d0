"""Classes made in the plane: sets of points of which a network is to tell two kinds apart.

Circle, xor, gauss and spiral are TensorFlow Playground's (its dataset.ts); there noise goes from 0
to 0.5.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array
from nn_core.data.functions import TARGETS
from nn_core.errors import RequestError

CLASSES = ("no", "yes")
ABOVE = "above"  # and above-NAME for each function
Random = np.random.Generator
Maker = Callable[[int, float, Random], tuple[Array, Array]]
"""From rows, noise and a generator to points (rows, 2) and whether each is a yes (rows,)."""


@dataclass(frozen=True)
class Plane:
    """A set of points with two classes: what a yes is, and how they are made."""

    about: str
    make: Maker
    rows: int = 200
    noise: float = 0.0


def _circle(rows: int, noise: float, random: Random) -> tuple[Array, Array]:
    inside = np.arange(rows) < rows // 2
    radius = np.where(inside, random.uniform(0, 2.5, rows), random.uniform(3.5, 5, rows))
    angle = random.uniform(0, 2 * np.pi, rows)
    points = radius[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
    told = points + random.uniform(-5, 5, points.shape) * noise
    return points, np.hypot(told[:, 0], told[:, 1]) < 2.5


def _xor(rows: int, noise: float, random: Random) -> tuple[Array, Array]:
    points = random.uniform(-5, 5, (rows, 2))
    points += np.where(points > 0, 0.3, -0.3)
    told = points + random.uniform(-5, 5, points.shape) * noise
    return points, told[:, 0] * told[:, 1] >= 0


def _gauss(rows: int, noise: float, random: Random) -> tuple[Array, Array]:
    yes = np.arange(rows) < rows // 2
    variance = 0.5 + 7 * noise  # 0.5 at noise 0, 4 at noise 0.5
    centre = np.where(yes, 2.0, -2.0)[:, None]
    return centre + random.normal(0, np.sqrt(variance), (rows, 2)), yes


def _spiral(rows: int, noise: float, random: Random) -> tuple[Array, Array]:
    yes = np.arange(rows) < rows // 2
    counts = rows // 2, rows - rows // 2
    along = np.concatenate([np.arange(count) / count for count in counts if count])
    angle = 1.75 * 2 * np.pi * along + np.where(yes, 0.0, np.pi)
    points = 5 * along[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
    return points + random.uniform(-1, 1, points.shape) * noise, yes


def _moons(rows: int, noise: float, random: Random) -> tuple[Array, Array]:
    """Two half circles that reach into each other, as scikit-learn's `make_moons` has them."""
    yes = np.arange(rows) < rows // 2
    counts = rows // 2, rows - rows // 2
    angle = np.concatenate([np.linspace(0, np.pi, count) for count in counts])
    points = np.column_stack([np.cos(angle), np.sin(angle)])
    points[~yes] = [1.0, 0.5] - points[~yes]
    return points + random.normal(0, noise, points.shape), yes


def _above(function: str) -> Maker:
    def make(rows: int, noise: float, random: Random) -> tuple[Array, Array]:
        target = TARGETS[function]
        x = random.uniform(target.low, target.high, rows)
        curve = target.function(x)
        grid = target.function(np.linspace(target.low, target.high, 201))
        spread = max(float(np.ptp(grid)), 1.0)
        y = random.uniform(grid.min() - spread / 2, grid.max() + spread / 2, rows)
        return np.column_stack([x, y]), y + random.normal(0, noise, rows) > curve

    return make


PLANES = {
    "circle": Plane("yes inside of a circle, no in a ring around it", _circle),
    "xor": Plane("yes where x1 and x2 have the same sign", _xor),
    "gauss": Plane("two clouds, around (2, 2) and (−2, −2)", _gauss),
    "spiral": Plane("two arms that wind around each other", _spiral),
    "moons": Plane("two half circles that reach into each other", _moons, noise=0.1),
    ABOVE: Plane("yes above the lesson’s quadratic", _above("lesson")),
    **{
        f"{ABOVE}-{name}": Plane(f"yes above {target.formula}", _above(name))
        for name, target in TARGETS.items()
        if name != "lesson"
    },
}


def points_of(name: str, rows: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Points (rows, 2) and the places (rows,) of their classes in `CLASSES`.

    `RequestError` where no point is of one of them.
    """
    # NumPy takes a deviation of −0 for one below 0.
    points, yes = PLANES[name].make(rows, abs(noise), np.random.default_rng(seed))
    if yes.all() or not yes.any():
        raise RequestError(
            f"{name}: {rows} points with this seed are all of one class; more --rows have both"
        )
    return points, yes.astype(int)
