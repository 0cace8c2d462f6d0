"""The data of a session file: themselves, or their hash, or nothing where the Config does."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from nn_core.arrays import Array, bits
from nn_core.config import TARGETS, Config
from nn_core.data import datasets
from nn_core.data.datasets import Dataset, Scaling
from nn_core.disk import is_file, reading
from nn_core.errors import RequestError
from nn_core.formatting import printable
from nn_core.storage.plain_json import DamagedError, brief, plain, require_names, vector

EMBEDDED = 20_000  # numbers; of a file that holds more, its path and its hash are stored
_NAMED = (*TARGETS, "stopping-distance")
_TYPES = ("float64", "float32", "int64", "int32")


def describe_data(config: Config, data: Dataset) -> dict[str, Any] | None:
    """What leads to the data beside the Config; None where nothing is needed."""
    path = Path(config.data)
    own = config.data not in _NAMED and is_file(path)
    small = sum(part.x.size + part.y.size for part in _parts(data)) <= EMBEDDED
    if not (own and small) and _loads_as(config, data):
        return {"path": str(path.resolve()), "sha256": _hash(path)} if own else None
    scaling = {"x": data.x_scaling, "y": data.y_scaling}
    return {
        "x_names": list(data.x_names),
        "y_name": data.y_name,
        "source": data.source,
        "dropped": data.dropped,
        "types": [str(data.x.dtype), str(data.y.dtype)],
        "scaling": {
            name: found and {part.name: plain(getattr(found, part.name)) for part in fields(found)}
            for name, found in scaling.items()
        },
        "rows": _rows(data),
        "validation": data.validation and _rows(data.validation),
    }


def file_stamp(config: Config) -> tuple[int, int] | None:
    """What tells, without reading it, that the file of the data is the one it was."""
    try:
        found = Path(config.data).stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


def _parts(data: Dataset) -> list[Dataset]:
    return [data, data.validation] if data.validation else [data]


def _rows(data: Dataset) -> list[list[Any]]:
    return [[*x, *y] for x, y in zip(plain(data.x), plain(data.y), strict=True)]


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
        (bits(part.x), bits(part.y), part.x_names, part.y_name, part.dropped)
        for part in _parts(data)
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
            "x_names": list,
            "y_name": str,
            "source": str,
            "dropped": int,
            "types": list,
            "scaling": dict,
            "rows": list,
            "validation": list | None,
        },
    )
    names, types, scaling = said["x_names"], said["types"], said["scaling"]
    if not names or not all(isinstance(name, str) for name in names):
        raise DamagedError(f"x_names can't be {brief(names)}")
    if len(types) != 2 or not all(kind in _TYPES for kind in types):
        raise DamagedError(f"types can't be {brief(types)}")
    require_names(scaling, "scaling", {"x": dict | None, "y": dict | None})
    x, y = _table(said["rows"], len(names), types)
    data = Dataset(
        x,
        y,
        tuple(map(printable, names)),
        printable(said["y_name"]),
        None,
        _scaling(scaling["x"], x),
        _scaling(scaling["y"], y),
        printable(said["source"]),
        max(0, said["dropped"]),
    )
    if said["validation"] is None:
        return data
    x, y = _table(said["validation"], len(names), types)
    return replace(data, validation=replace(data, x=x, y=y))


def _table(rows: list[Any], inputs: int, types: list[str]) -> tuple[Array, Array]:
    table = vector(rows, "rows", object)
    if table.ndim != 2 or table.shape[1] <= inputs:
        raise DamagedError("rows should hold the inputs and then the target")
    x = vector(table[:, :inputs].tolist(), "rows", types[0])
    return x, vector(table[:, inputs:].tolist(), "rows", types[1])


def _scaling(said: Mapping[str, Any] | None, columns: Array) -> Scaling | None:
    if said is None:
        return None
    require_names(said, "scaling", {"mean": list, "deviation": list})
    shape = columns.shape[1:]
    return Scaling(*(vector(said[name], name, float, shape) for name in ("mean", "deviation")))


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
