"""Freezing: parameters that get no update, whatever the optimizer would do to them."""

from collections.abc import Iterable, Sequence

import numpy as np

from nn_core.arrays import Array, Layout
from nn_core.errors import RequestError
from nn_core.formatting import listed
from nn_core.optim.optimizer import Update


def frozen_names(layout: Layout, names: Iterable[str]) -> tuple[str, ...]:
    """The parameters that these names mean, in the layout's order.

    A name is a parameter's, "0.weight", or a layer's, "0".  `RequestError` where there is none.
    """
    names = set(names)
    known = {place.name: {place.name, place.layer} for place in layout.places}
    for name in sorted(names):
        if not any(name in own for own in known.values()):
            raise RequestError(
                f"there is no parameter or layer {name!r} to freeze; there are {listed(known)}"
            )
    return tuple(found for found, own in known.items() if names & own)


def frozen_numbers(layout: Layout, names: Iterable[str]) -> Array | None:
    """Which numbers of a flat vector are frozen, as a mask over it (size,); None where none is.

    `RequestError` where a name is none of the layout's.
    """
    frozen = frozen_names(layout, names)
    if not frozen:
        return None
    mask = np.zeros(layout.size, bool)
    for name in frozen:
        layout[name].view(mask)[...] = True
    return mask


def holding(update: Update, vectors: Sequence[Array], frozen: Array) -> Update:
    """The same update, after which the frozen numbers of these vectors are to the bit as before.

    Putting them back works with every optimizer; a gradient of 0 would not stop weight decay, or a
    velocity.  With its slots among the vectors, what it remembers of a frozen number rests as well.
    """
    pairs = [(vector, np.empty_like(vector)) for vector in vectors]
    copy = np.copyto

    def held(gradient: Array) -> None:
        for vector, before in pairs:
            copy(before, vector)
        update(gradient)
        for vector, before in pairs:
            copy(vector, before, where=frozen)

    return held
