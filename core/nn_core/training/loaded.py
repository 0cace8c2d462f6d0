"""Parameters of a file and the data that they were trained on: whether these data are of that kind.

A file that this program saved says which columns its inputs were made of, how they were scaled,
and which classes it tells apart; one from elsewhere says nothing, and is taken at its word.
"""

import json
from pathlib import Path

import numpy as np

from nn_core.arrays import Array
from nn_core.data.dataset import Dataset, scaled
from nn_core.data.schema import Scaling, Schema
from nn_core.errors import RequestError
from nn_core.formatting import listed
from nn_core.models import weights

SCHEMA = "nn-tui schema"  # its key among a file's metadata


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
    return "Its rows were scaled by another mean and deviation than these."


def _require_same(path: Path, theirs: Schema, ours: Schema) -> None:
    for what, then, now in _compared(theirs, ours):
        if then != now:
            raise RequestError(
                f"{path}: its {what} {listed(then) or 'none'}; these data have "
                f"{listed(now) or 'none'} (the layers that fit are taken all the same with "
                "load partial)"
            )
    for what, scaling, own in (
        ("inputs", theirs.x_scaling, ours.x_scaling),
        ("targets", theirs.y_scaling, ours.y_scaling),
    ):
        if (scaling is None) != (own is None):
            turned = "on" if scaling else "off"
            raise RequestError(
                f"{path}: its {what} were {'scaled' if scaling else 'not scaled'}; "
                f"these are{' not' * (own is None)} (scale {turned} does it)"
            )


def _compared(theirs: Schema, ours: Schema) -> list[tuple[str, list[str], list[str]]]:
    """What has to be the same by name, in the order of the inputs and outputs."""

    def columns(schema: Schema) -> list[str]:
        return [column.name for column in schema.columns]

    compared = [
        ("columns were", columns(theirs), columns(ours)),
        ("inputs were", [*theirs.inputs], [*ours.inputs]),
        ("classes were", [*theirs.classes], [*ours.classes]),
    ]
    if not theirs.classes:
        compared.append(("targets were", [*theirs.targets], [*ours.targets]))
    return compared


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
