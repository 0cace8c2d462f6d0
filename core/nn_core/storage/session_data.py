"""The data of a session file: themselves, or their hash, or nothing where the Config does."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from nn_core.arrays import Array, bits
from nn_core.config import NAMED_DATA, Config
from nn_core.data import datasets
from nn_core.data.dataset import Dataset
from nn_core.data.schema import Schema
from nn_core.disk import is_file, reading, stamp
from nn_core.errors import RequestError
from nn_core.formatting import printable
from nn_core.storage.plain_json import DamagedError, brief, plain, require_names, vector

EMBEDDED = 20_000  # numbers; of a file that holds more, its path and its hash are stored
_TYPES = ("float64", "float32", "int64", "int32")


def describe_data(config: Config, data: Dataset) -> dict[str, Any] | None:
    """What leads to the data beside the Config; None where nothing is needed."""
    path = Path(config.data)
    own = config.data not in NAMED_DATA and is_file(path)
    small = sum(part.x.size + part.y.size for part in _parts(data)) <= EMBEDDED
    if not (own and small) and _loads_as(config, data):
        return {"path": str(path.resolve()), "sha256": _hash(path)} if own else None
    return {
        "schema": data.schema.to_dict(),
        "source": data.source,
        "dropped": data.dropped,
        "notes": list(data.notes),
        "types": [str(data.x.dtype), str(data.y.dtype)],
        "rows": _rows(data),
        "validation": data.validation and _rows(data.validation),
    }


def file_stamp(config: Config) -> tuple[int, int] | None:
    """What tells, without reading it, that the file of the data is the one it was."""
    return stamp(Path(config.data))


def _parts(data: Dataset) -> list[Dataset]:
    return [data, data.validation] if data.validation else [data]


def _rows(data: Dataset) -> list[list[Any]]:
    """Inputs, targets and, where inputs were computed of them, the columns of each row."""
    parts = (data.x, data.y, *(() if data.columns is None else (data.columns,)))
    return [list(chain(*row)) for row in zip(*map(plain, parts), strict=True)]


def _loads_as(config: Config, data: Dataset) -> bool:
    """Whether loading what the Config names gives these numbers again."""
    try:
        loaded = datasets.load(config)
    except RequestError:
        return False
    return _told(loaded) == _told(data)


def _told(data: Dataset) -> list[Any]:
    """All that a data set says, to be compared."""
    return [
        (bits(part.x), bits(part.y), part.schema.to_dict(), part.dropped) for part in _parts(data)
    ]


def read_data(path: Path, config: Config, said: Mapping[str, Any] | None) -> Dataset:
    """The data that a session file at this path says; what is wrong with it raises."""
    if said is None:
        return datasets.load(config)
    if "path" in said:
        return _data_of_a_file(path, config, said)
    require_names(
        said,
        "data",
        {
            "schema": dict,
            "source": str,
            "dropped": int,
            "notes": list,
            "types": list,
            "rows": list,
            "validation": list | None,
        },
    )
    schema, types = Schema.from_dict(said["schema"]), said["types"]
    if len(types) != 2 or not all(kind in _TYPES for kind in types):
        raise DamagedError(f"types can’t be {brief(types)}")
    parts = [
        None if rows is None else _table(rows, schema, types)
        for rows in (said["rows"], said["validation"])
    ]
    training, held = (part and Dataset(part[0], part[1], schema, columns=part[2]) for part in parts)
    assert training is not None
    return replace(
        training,
        source=printable(said["source"]),
        dropped=max(0, said["dropped"]),
        notes=tuple(printable(str(note)) for note in said["notes"]),
        validation=held,
    )


def _table(rows: list[Any], schema: Schema, types: list[str]) -> tuple[Array, Array, Array | None]:
    inputs, outputs = len(schema.inputs), schema.outputs
    computed = not schema.takes_columns
    table = vector(rows, "rows", object)
    width = inputs + outputs + (len(schema.columns) if computed else 0)
    if table.ndim != 2 or table.shape[1] != width:
        raise DamagedError("rows should hold the inputs and then the target")
    x = vector(table[:, :inputs].tolist(), "rows", types[0])
    y = vector(table[:, inputs : inputs + outputs].tolist(), "rows", types[1])
    columns = vector(table[:, inputs + outputs :].tolist(), "rows", float) if computed else None
    return x, y, columns


def _data_of_a_file(path: Path, config: Config, said: Mapping[str, Any]) -> Dataset:
    """Load the data from where it was, or from beside the session file."""
    require_names(said, "data", {"path": str, "sha256": str})
    places = [Path(said["path"]), path.parent / Path(said["path"]).name]
    found = next((place for place in places if is_file(place)), None)
    if found is None:
        raise RequestError(f"its data {places[0]} is not there, nor beside the file")
    if _hash(found) != said["sha256"]:
        raise RequestError(f"its data {found} has changed since it was saved")
    return datasets.load(config.replace(data=str(found)))


def _hash(path: Path) -> str:
    with reading(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
