"""Freezing: parameters that get no update, whatever the optimizer would do to them."""

from collections.abc import Iterable, Sequence

import numpy as np

from nn_core.arrays import Array, Layout
from nn_core.config import Config
from nn_core.errors import RequestError
from nn_core.formatting import listed
from nn_core.optim.optimizer import Update


def frozen_names(layout: Layout, names: Iterable[str]) -> tuple[str, ...]:
    """The parameters that these names mean, in the layout's order.

    A name is one that `Layout.named` takes.  `RequestError` where there is none.
    """
    meant = set()
    for name in sorted(set(names)):
        found = layout.named(name)
        if not found:
            known = listed(place.label for place in layout.places)
            layers = "" if layout.places[0].layer == layout.places[0].name else "; or layer 1, …"
            raise RequestError(
                f"there is no parameter or layer {name!r} to freeze; there are {known}{layers}"
            )
        meant |= {place.name for place in found}
    return tuple(place.name for place in layout.places if place.name in meant)


def with_frozen_names(config: Config, layout: Layout) -> Config:
    """The same settings with what is frozen by PyTorch's names, however it was typed."""
    names = frozen_names(layout, config.freeze)
    return config if names == config.freeze else config.replace(freeze=names)


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
