"""The shapes that a file's content must have, held against it with one clear line for what is off.

A shape is a type; a list of one shape; or a table of shapes by name, with "name?" for what may be
missing and "*" for any other name.
"""

import difflib
from typing import Any

from nn_core.errors import RequestError

Shape = Any
_KINDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def require_shape(value: Any, shape: Shape, where: str) -> None:
    """Raise `RequestError` where a value isn't of its shape, and say where."""
    if isinstance(shape, dict):
        _require_table(value, shape, where)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            raise RequestError(f"{where} is a list")
        for number, each in enumerate(value, 1):
            require_shape(each, shape[0], f"{where} {number}")
    elif shape is not Any and not _is(value, shape):
        raise RequestError(f"{where} is {_KINDS[shape]}")


def _is(value: Any, kind: type) -> bool:
    return type(value) is kind or (kind is float and type(value) is int)


def _require_table(value: Any, shape: dict[str, Shape], where: str) -> None:
    if not isinstance(value, dict):
        raise RequestError(f"{where} is a table")
    known = {name.rstrip("?"): part for name, part in shape.items()}
    for name, part in value.items():
        if name not in known and "*" not in known:
            near = difflib.get_close_matches(name, known, 1, 0.0)[0]
            raise RequestError(f"{where} has no field {name[:40]!r}; the nearest is {near}")
        require_shape(part, known.get(name, known.get("*")), f"{where}, {name[:40]}")
    for name in shape:
        if name.rstrip("?*") == name and name not in value:
            raise RequestError(f"{where}: {name} is missing")
