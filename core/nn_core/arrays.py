"""What an array is here, and named views into one flat vector."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn_core.formatting import dense_names, meant, place_in, shown

Array = NDArray[Any]

LARGEST = 1e150  # of data: the squares of a million such numbers can still be added up


@dataclass(frozen=True)
class Place:
    """Where in a flat vector the array of one name lies.

    `start` is the index of its first number; `strides` say how far apart, in numbers, neighbours
    along each axis are.  A layer's weights and bias share one block [W | b], so they interleave.
    A bias is added to a sum; a weight, which is what else there is, multiplies an input.
    """

    name: str
    start: int
    shape: tuple[int, ...] = ()
    strides: tuple[int, ...] = ()
    is_bias: bool = False

    @property
    def layer(self) -> str:
        """The layer that it belongs to, "0" of "0.weight"; "a" stands alone."""
        return self.name.partition(".")[0]

    @property
    def label(self) -> str:
        """Its name as a person reads it: W1, or "a"."""
        return shown(self.name)

    @property
    def size(self) -> int:
        """How many numbers the array has."""
        return int(np.prod(self.shape, dtype=int))

    def view(self, flat: Array) -> Array:
        """The array over the vector's own memory: what is written to one is written to both."""
        item = flat.itemsize
        strides = tuple(stride * item for stride in self.strides)
        view: Array = np.ndarray(self.shape, flat.dtype, flat.data, self.start * item, strides)
        return view

    def index(self, position: Iterable[int]) -> int:
        """The flat index of one element."""
        steps = zip(position, self.strides, strict=True)
        return self.start + sum(at * stride for at, stride in steps)

    def nth(self, number: int) -> int:
        """The flat index of an element by its number, counted along the rows."""
        return self.index(int(at) for at in np.unravel_index(number, self.shape))

    def position(self, index: int) -> tuple[int, ...] | None:
        """Which element lies at a flat index; None where it is not one of this array's."""
        rest = index - self.start
        found = []
        for length, stride in zip(self.shape, self.strides, strict=True):
            at, rest = divmod(rest, stride)
            if not 0 <= at < length:
                return None
            found.append(at)
        return tuple(found) if rest == 0 else None


class Layout:
    """Which name owns which numbers of a flat vector.

    Parameters, gradients and whatever an optimizer remembers are vectors of the same layout.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = tuple(places)
        self.size = sum(place.size for place in self.places)
        self._by_name = {place.name: place for place in self.places}

    def __getitem__(self, name: str) -> Place:
        return self._by_name[name]

    def views(self, flat: Array) -> dict[str, Array]:
        """Name → array, shaped as its place is, over the memory of the flat vector."""
        return {place.name: place.view(flat) for place in self.places}

    def place(self, index: int) -> Place:
        """The place that a flat index lies in; `IndexError` beyond the last."""
        for place in self.places:
            if place.position(index) is not None:
                return place
        raise IndexError(f"there is no parameter number {index}")

    def name(self, index: int) -> str:
        """Which number lies at a flat index, by PyTorch's name: "a", or "0.weight[3, 0]"."""
        place = self.place(index)
        return place_in(place.name, place.position(index) or ())

    def label(self, index: int) -> str:
        """Which number lies at a flat index, as a person reads it: "a", or "W1[4,1]"."""
        return shown(self.name(index))

    def named(self, typed: str) -> tuple[Place, ...]:
        """The places that a name means as a person types it, or as PyTorch has it; or none.

        A name is a parameter's, "W1" or "0.weight", or a layer's, "layer 1" or "0".
        """
        for name in (typed, meant(typed)):
            found = tuple(each for each in self.places if name in (each.name, each.layer))
            if found:
                return found
        return ()


def dense_places(layer: int, units: int, inputs: int, start: int) -> tuple[Place, Place]:
    """The weight (units, inputs) and bias (units,) of a dense layer, from 0, as the block [W | b].

    With the bias as the last column, one product with inputs that end in a row of ones is
    W·x + b.
    """
    width, (weight, bias) = inputs + 1, dense_names(layer)
    return (
        Place(weight, start, (units, inputs), (width, 1)),
        Place(bias, start + inputs, (units,), (width,), is_bias=True),
    )


def bits(array: Array) -> tuple[Any, ...]:
    """What an array is, to the last bit: to be compared."""
    return array.dtype, array.shape, array.tobytes()


def norm(values: Array) -> float:
    """The Euclidean length of all the numbers together; infinite where the squares overflow."""
    flat = np.asarray(values).reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        return math.sqrt(flat.dot(flat))


def evenly_spread(count: int, most: int) -> Array:
    """At most so many numbers from 0 to count − 1, evenly spread, both ends among them."""
    spread: Array = np.unique(np.linspace(0, count - 1, min(count, most)).astype(int))
    return spread


CACHE_LINE = 64  # bytes


def empty(shape: int | tuple[int, ...], dtype: DTypeLike) -> Array:
    """An array that begins at a cache line, where BLAS and NumPy read and write fastest.

    NumPy's own begin anywhere; for what a training step uses over and over, it tells.
    """
    kind = np.dtype(dtype)
    size = (math.prod(shape) if isinstance(shape, tuple) else shape) * kind.itemsize
    memory = np.empty(size + CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % CACHE_LINE
    array: Array = memory[start : start + size].view(kind).reshape(shape)
    return array


def empty_like(values: Array) -> Array:
    """An `empty` array of the shape and type of another."""
    return empty(values.shape, values.dtype)


def full(shape: int | tuple[int, ...], value: float, dtype: DTypeLike) -> Array:
    """An `empty` array that is filled with one number."""
    array = empty(shape, dtype)
    array.fill(value)
    return array


def copied(values: Array, dtype: DTypeLike) -> Array:
    """An `empty` array with the numbers of another, in rows that follow each other."""
    array = empty(values.shape, dtype)
    array[...] = values
    return array


def squares_of_rows(table: Array) -> Array:
    """The sum of the squares of each row."""
    squares: Array = np.einsum("ij,ij->i", table, table)
    return squares


def is_rounding(mean: float, terms: Array) -> bool:
    """Whether a mean is no more than what rounding leaves of terms that cancel each other."""
    return 0 < abs(mean) <= float(np.finfo(terms.dtype).eps) * float(np.abs(terms).sum())
