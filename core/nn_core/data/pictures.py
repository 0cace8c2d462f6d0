"""Inputs that are the pixels of a picture, told by their names: pixel_0_0, 3x7, pixel0."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array

LARGEST_SIDE = 64  # pixels of a picture that is drawn
LEAST_SIDE = 3
_ROW_AND_COLUMN = re.compile(r"(?:^|.*?\D)(\d{1,3})\D(\d{1,3})$")
_COUNTED = re.compile(r"\D*?(\d{1,5})$")


@dataclass(frozen=True)
class Pixels:
    """How high and wide the picture is, and where each input stands in it, counted row by row."""

    height: int
    width: int
    places: tuple[int, ...]

    def picture(self, values: Array) -> Array:
        """The inputs' values (inputs,) as a picture (height, width); 0 where none stands."""
        found = np.zeros(self.height * self.width)
        found[list(self.places)] = values
        return found.reshape(self.height, self.width)

    def values(self, picture: Array) -> Array:
        """The inverse: the inputs' values (inputs,) of a picture (height, width)."""
        found: Array = picture.ravel()[list(self.places)]
        return found


def pixels_of(names: Sequence[str]) -> Pixels | None:
    """The picture that inputs of these names make, if they fill one."""
    if len(names) < LEAST_SIDE**2:
        return None
    return _by_row_and_column(names) or _counted(names)


def _by_row_and_column(names: Sequence[str]) -> Pixels | None:
    found = [_ROW_AND_COLUMN.match(name) for name in names]
    if not all(found):
        return None
    at = np.array([[int(part) for part in match.groups()] for match in found if match])
    at -= at.min(axis=0)
    height, width = (at.max(axis=0) + 1).tolist()
    places = (at[:, 0] * width + at[:, 1]).tolist()
    filled = len(set(places)) == len(names) >= height * width / 2  # constant ones may be left out
    small = min(height, width) >= LEAST_SIDE and max(height, width) <= LARGEST_SIDE
    return Pixels(height, width, tuple(places)) if filled and small else None


def _counted(names: Sequence[str]) -> Pixels | None:
    found = [_COUNTED.match(name) for name in names]
    side = math.isqrt(len(names))
    if not all(found) or side * side != len(names) or side > LARGEST_SIDE:
        return None
    counted = [int(match[1]) for match in found if match]
    first = counted[0]
    are_pixels = all(name.lower().startswith("pix") for name in names)
    if not are_pixels or counted != list(range(first, first + len(names))):
        return None
    return Pixels(side, side, tuple(range(len(names))))
