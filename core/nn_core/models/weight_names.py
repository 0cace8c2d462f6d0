"""Names of weights from elsewhere: which layer of a file stands for which of a model.

A file of PyTorch may call its layers `net.0`, `fc1` or `head`, count past dropout and activations,
and lack biases.  Its layers are taken in the order of the numbers in their names, where these are
alike but for them; else by shape, where each fits one place alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from nn_core.arrays import Layout

Shape = tuple[int, ...]
Layer = tuple[str, str | None]  # the names of its weight and its bias


@dataclass(frozen=True)
class Match:
    """Which array of a file each parameter is taken from, by name; None where a bias is missing."""

    sources: Mapping[str, str | None]

    @property
    def renamed(self) -> list[str]:
        """Each array that is called otherwise in the file, and what it is here."""
        return [f"{theirs} as {ours}" for ours, theirs in self.sources.items()
                if theirs not in (None, ours)]  # fmt: skip

    @property
    def zero(self) -> list[str]:
        """The biases that the file lacks."""
        return [ours for ours, theirs in self.sources.items() if theirs is None]


def match(shapes: Mapping[str, Shape], layout: Layout) -> Match | None:
    """How a file with arrays of these shapes by name fits a network's layout whole, layer by layer.

    None where it doesn't, or in more than one way, or there are arrays that no dense layer has.
    """
    wanted = [place for place in layout.places if not place.is_bias]
    found = _layers(shapes)
    matrices = all(len(place.shape) == 2 for place in wanted)
    if found is None or len(found) != len(wanted) or not matrices:
        return None
    ordered = _in_order(found, shapes, [place.shape for place in wanted])
    if ordered is None:
        return None
    sources: dict[str, str | None] = {}
    for place, (weight, bias) in zip(wanted, ordered, strict=True):
        if shapes[weight] != place.shape or (bias and shapes[bias] != place.shape[:1]):
            return None
        sources[place.name] = weight
        sources[place.name.removesuffix("weight") + "bias"] = bias
    return Match(sources)


def widths(shapes: Mapping[str, Shape]) -> tuple[int, ...]:
    """The widths of a file's network from input to output, as far as its names tell; else none."""
    found = _layers(shapes)
    if not found or len({_pattern(name) for name in found}) > 1:
        return ()
    matrices = [shapes[found[name][0]] for name in sorted(found, key=_numbers)]
    if any(below[0] != above[1] for below, above in pairwise(matrices)):
        return ()
    return (matrices[0][1], *(shape[0] for shape in matrices))


def _layers(shapes: Mapping[str, Shape]) -> dict[str, Layer] | None:
    """The dense layers of a file by name, each its weight and, if there is one, its bias."""
    parts = {name: name.rpartition(".") for name in shapes}
    found: dict[str, Layer] = {
        layer: (name, None) for name, (layer, _, part) in parts.items() if part == "weight"
    }
    for name, (layer, _, part) in parts.items():
        if part == "bias" and layer in found and len(shapes[name]) == 1:
            found[layer] = (found[layer][0], name)
        elif part != "weight" or len(shapes[name]) != 2:
            return None
    return found


def _pattern(layer: str) -> str:
    return re.sub(r"\d+", "#", layer)


def _numbers(layer: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", layer)]


def _in_order(
    layers: Mapping[str, Layer], shapes: Mapping[str, Shape], wanted: list[Shape]
) -> list[Layer] | None:
    """The layers in a model's order; None where none, or more than one, would do."""
    if len({_pattern(layer) for layer in layers}) == 1:
        return [layers[layer] for layer in sorted(layers, key=_numbers)]
    if len(set(wanted)) < len(wanted):
        return None
    by_shape = {shapes[layer[0]]: layer for layer in layers.values()}
    ordered = [by_shape[shape] for shape in wanted if shape in by_shape]
    return ordered if len(ordered) == len(wanted) else None
