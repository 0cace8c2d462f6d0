"""Values as JSON has them: written so that people can read them, read as if they were hostile.

A number that isn't finite, of which JSON knows nothing, is a word: "inf", "-inf", "nan".  Arrays
that nobody would read number by number are packed: their bytes, little-endian, in base 64.
"""

import base64
import json
import math
import sys
from collections.abc import Mapping
from types import UnionType
from typing import Any, get_args, get_origin

import numpy as np

from nn_core.arrays import Array
from nn_core.formatting import printable

LINE = 100  # characters, within which a value stands on one line
LONGEST_MESSAGE = 300  # characters
READABLE = 20_000  # numbers; a larger array is packed


class DamagedError(ValueError):
    """What a file says isn't what it can say; the message tells where."""


def plain(value: Any) -> Any:
    """The value as JSON has it: a number that isn't finite is a word, as "inf"."""
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def parsed(text: str) -> Any:
    """What a text of JSON says; `ValueError` where it is none, or holds NaN or Infinity."""
    return json.loads(text, parse_constant=_refused)


def _refused(name: str) -> None:
    raise ValueError(name)


def packed(array: Array) -> str:
    """The numbers of an array as one word, to the bit; its type and shape are told elsewhere."""
    little_endian = array.astype(array.dtype.newbyteorder("<"))
    return base64.b64encode(little_endian.tobytes()).decode()


def plain_or_packed(array: Array) -> Any:
    """An array number by number, or packed where it is large; `vector` reads both."""
    return plain(array) if array.size <= READABLE else packed(array)


def indented(value: Any, depth: int = 0) -> str:
    """JSON in which whatever fits on a line stands on one."""
    line = json.dumps(value)
    if len(line) + 2 * depth <= LINE or not isinstance(value, dict | list):
        return line
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict):
        return f"{{\n{members(value, depth + 1)}\n{outer}}}"
    parts = [indented(part, depth + 1) for part in value]
    return f"[\n{inner}" + f",\n{inner}".join(parts) + f"\n{outer}]"


def members(value: Mapping[str, Any], depth: int = 1) -> str:
    """What stands between the braces of an object, a line or more each."""
    inner = "  " * depth
    return ",\n".join(
        f"{inner}{json.dumps(name)}: {indented(part, depth)}" for name, part in value.items()
    )


def nested_tuples(value: Any) -> Any:
    """The value with tuples for its lists, through and through."""
    return tuple(nested_tuples(part) for part in value) if isinstance(value, list) else value


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is of the type that an annotation says; a whole number may be a float."""
    if hint is float:
        most = sys.float_info.max
        return type(value) is float or (type(value) is int and -most <= value <= most)
    if isinstance(hint, UnionType):
        return any(fits(value, part) for part in get_args(hint))
    if get_origin(hint) is tuple:
        parts = get_args(hint)
        if not isinstance(value, tuple):
            return False
        if parts[-1] is Ellipsis:
            return all(fits(part, parts[0]) for part in value)
        return len(value) == len(parts) and all(map(fits, value, parts))
    return hint is Any or type(value) is hint


def require_names(said: Mapping[str, Any], where: str, wanted: Mapping[str, Any]) -> None:
    """Raise where a name is missing or unknown, or its value not of its type."""
    for name in said:
        if name not in wanted:
            raise DamagedError(f"{where} has a field that there is not: {brief(name)}")
    for name, kind in wanted.items():
        if name not in said:
            raise DamagedError(f"{where} has no {name}")
        if not isinstance(said[name], kind) or isinstance(said[name], bool):
            raise DamagedError(f"{name} can’t be {brief(said[name])}")


def brief(value: Any) -> str:
    """A value from a file, in a few characters that a terminal can show."""
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:39] + "…"


def in_one_line(error: BaseException) -> str:
    """What an error says that repeats values from a file, as far as a person wants to read it."""
    text = printable(str(error))
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"


def number(value: Any) -> Any:
    """A float written as a word is that float; anything else is itself."""
    return float(value) if value in ("inf", "-inf", "nan") else value


def vector(said: Any, where: str, dtype: Any, shape: tuple[int, ...] | None = None) -> Array:
    """An array of these numbers; of this shape, where one is wanted."""
    if isinstance(said, str) and shape is not None:
        return _unpacked(said, where, np.dtype(dtype), shape)

    def numbers(value: Any) -> Any:
        if isinstance(value, list):
            return [numbers(part) for part in value]
        found = number(value)
        if not fits(found, float):
            raise DamagedError(f"{where} can’t hold {brief(value)}")
        return found

    checked = numbers(said)
    try:
        array = np.array(checked, dtype)
    except (ValueError, OverflowError):
        raise DamagedError(f"{where} is not a table of numbers") from None
    if shape is not None and array.shape != shape:
        raise DamagedError(f"{where} should be of shape {shape}; not {array.shape}")
    return array


def _unpacked(word: str, where: str, dtype: Any, shape: tuple[int, ...]) -> Array:
    try:
        content = base64.b64decode(word, validate=True)
    except ValueError:
        raise DamagedError(f"{where} is not packed as numbers are") from None
    if len(content) != math.prod(shape) * dtype.itemsize:
        raise DamagedError(f"{where} should hold {math.prod(shape):,} numbers; it doesn’t")
    array: Array = np.frombuffer(content, dtype.newbyteorder("<")).astype(dtype).reshape(shape)
    return array
