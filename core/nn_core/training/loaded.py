"""Parameters of a file and the data that they were trained on: whether these data are of that kind.

A file that this program saved says which columns its inputs were made of, how they were scaled,
and which classes it tells apart; one from elsewhere says nothing, and is taken at its word.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nn_core.arrays import Array, Layout
from nn_core.data.dataset import Dataset, scaled
from nn_core.data.schema import Scaling, Schema
from nn_core.errors import RequestError
from nn_core.formatting import listed
from nn_core.models import weights

SCHEMA = "nn-tui schema"  # its key among a file's metadata
_SCALED_OTHERWISE = "Its rows were scaled by another mean and deviation than these."


def metadata(schema: Schema) -> dict[str, str]:
    """What a file of weights says of the data that they were trained on."""
    return {"format": "pt", SCHEMA: json.dumps(schema.to_dict(), ensure_ascii=False)}


def schema_of(path: Path) -> Schema | None:
    """The Schema that a file of weights holds, if it does; `RequestError` where it is damaged."""
    text = weights.metadata_of(path).get(SCHEMA)
    if text is None:
        return None
    try:
        return Schema.from_dict(json.loads(text))
    except (RequestError, RecursionError, ValueError):
        raise RequestError(f"{path}: what it says of its columns is damaged") from None


def suited(path: Path, data: Dataset) -> Dataset:
    """The data scaled as those were that a file's weights were trained on.

    `RequestError` in one line where columns, targets or classes are others, or only the one or the
    other are scaled.
    """
    theirs = schema_of(path)
    if theirs is None:
        return data
    _require_same(path, theirs, data.schema)
    if _is_scaled_alike(theirs, data.schema):
        return data
    return scaled(data, theirs.x_scaling, theirs.y_scaling)


def remark(path: Path, data: Dataset) -> str:
    """What is to be said of a file whose weights are taken into a run on these data.

    `RequestError` as in `suited`; a run that has begun keeps the scaling of its own rows.
    """
    theirs = schema_of(path)
    if theirs is None:
        return ""
    _require_same(path, theirs, data.schema)
    if _is_scaled_alike(theirs, data.schema):
        return ""
    return _SCALED_OTHERWISE


def fitting(
    path: Path, data: Dataset, layout: Layout, arrays: dict[str, Array], fit: weights.Fit
) -> tuple[dict[str, Array], weights.Fit]:
    """What of the parameters loaded in part is meant for inputs and targets of these names.

    The first layer is left out where the file's inputs were others, the last one where its targets
    or classes were.  `RequestError` where nothing is left.
    """
    theirs = schema_of(path)
    if theirs is None:
        return arrays, fit
    ends = {"inputs": layout.places[0].layer, "targets": layout.places[-1].layer}
    left = {ends[fault.side]: fault.told for fault in [*_faults(theirs, data.schema)][::-1]}
    layers = {place.name: place.layer for place in layout.places}
    others = tuple(f"{name} ({left[layers[name]]})" for name in arrays if layers[name] in left)
    arrays = {name: values for name, values in arrays.items() if layers[name] not in left}
    fit = replace(fit, loaded=tuple(arrays), misshapen=(*fit.misshapen, *others))
    if not arrays:
        raise RequestError(f"{path}: none of its parameters fit; {fit.faults}")
    if not left and not _is_scaled_alike(theirs, data.schema):
        fit = replace(fit, remarks=(*fit.remarks, _SCALED_OTHERWISE))
    return arrays, fit


class _Fault(NamedTuple):
    """On which side data differ from those of a file, in words, and what can be done."""

    side: str  # "inputs" or "targets"
    told: str
    advice: str


def _require_same(path: Path, theirs: Schema, ours: Schema) -> None:
    for fault in _faults(theirs, ours):
        raise RequestError(f"{path}: {fault.told} ({fault.advice})")


def _faults(theirs: Schema, ours: Schema) -> Iterator[_Fault]:
    """What is not the same by name, in the order of the inputs and outputs, or not scaled alike."""

    def columns(schema: Schema) -> tuple[str, ...]:
        return tuple(column.name for column in schema.columns)

    def numbers(schema: Schema) -> tuple[str, ...]:
        return () if schema.classes else schema.targets

    partial = "the layers that fit are taken all the same with load partial"
    for side, what, then, now in (
        ("inputs", "columns", columns(theirs), columns(ours)),
        ("inputs", "inputs", theirs.inputs, ours.inputs),
        ("targets", "classes", theirs.classes, ours.classes),
        ("targets", "targets", numbers(theirs), numbers(ours)),
    ):
        if then != now:
            told = f"its {what} were {listed(then) or 'none'}; these data have "
            yield _Fault(side, told + (listed(now) or "none"), partial)
    for side, scaling, own in (
        ("inputs", theirs.x_scaling, ours.x_scaling),
        ("targets", theirs.y_scaling, ours.y_scaling),
    ):
        if (scaling is None) != (own is None):
            told = f"its {side} were {'scaled' if scaling else 'not scaled'}; these are"
            advice = f"scale {'on' if scaling else 'off'} does it"
            yield _Fault(side, told + " not" * (own is None), advice)


def _is_scaled_alike(theirs: Schema, ours: Schema) -> bool:
    pairs = ((theirs.x_scaling, ours.x_scaling), (theirs.y_scaling, ours.y_scaling))
    return all(_same(*pair) for pair in pairs)


def _same(theirs: Scaling | None, ours: Scaling | None) -> bool:
    if theirs is None or ours is None:
        return theirs is ours
    alike: list[tuple[Array, Array]] = [
        (theirs.mean, ours.mean),
        (theirs.deviation, ours.deviation),
    ]
    return all(np.array_equal(one, other) for one, other in alike)
