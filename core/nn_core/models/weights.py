"""Weights in files: safetensors under PyTorch's names, as `nn.Sequential(…).state_dict()` has them.

A dense layer is `0.weight` (outputs, inputs) and `0.bias` (outputs,), the next one `2.weight`,
since an activation stands between them; the quadratic's coefficients are `a`, `b` and `c`.  A file
is read and judged whole before anything of it is used.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from reprlib import repr as brief
from typing import Any

import numpy as np

from nn_core.arrays import Array, Layout
from nn_core.config import MAXIMUM_PARAMETERS, WEIGHTS_SUFFIX
from nn_core.disk import ordinary_size, read_whole, reading, shown, write_atomically
from nn_core.errors import RequestError
from nn_core.formatting import listed
from nn_core.models import weight_names

# As many numbers as a network may have, below the longest header that the format allows.
LARGEST_FILE = 8 * MAXIMUM_PARAMETERS + 100_000_000  # bytes
LONGEST_HEADER = 100_000_000  # bytes, the most that the format allows
LONGEST_TEXT = 80  # characters of a file's own that a message repeats
_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}  # NumPy has no bfloat16

_PICKLED = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")

Tensor = Mapping[str, Any]
"""What safetensors tells of one: "dtype" by its name in the format, "shape", and "data"."""


@dataclass(frozen=True)
class Fit:
    """How the parameters of a file compare with a model's, name by name.

    `loaded` are names, and so are the `left`, which would fit but for the rest of their layer: a
    bias means nothing without its weights.  The others tell the shapes too, as they are shown.
    """

    source: str
    loaded: tuple[str, ...]
    left: tuple[str, ...]
    misshapen: tuple[str, ...]
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    remarks: tuple[str, ...] = ()  # sentences about what was done to make it fit

    @property
    def faults(self) -> str:
        """What does not fit, in words; "" where everything does."""
        parts = [listed(self.misshapen)] if self.misshapen else []
        for what, names in (
            ("missing", self.missing),
            ("left with its layer", self.left),
            ("unexpected", self.unexpected),
        ):
            if names:
                parts.append(f"{what}: {listed(names)}")
        return "; ".join(parts)


def load(
    path: Path, layout: Layout, dtype: Any, partial: bool = False
) -> tuple[dict[str, Array], Fit]:
    """Read a file's parameters for a model of this layout: name → array, and how they fit.

    Every name and shape must fit; where `partial`, the layers that do are read, at least one.
    Raises `RequestError` where they don't, the file is damaged, or a number isn't finite.
    """
    tensors = _read(path)
    shapes = {name: tuple(tensor["shape"]) for name, tensor in tensors.items()}
    found = weight_names.match(shapes, layout)
    if found is not None:
        return _renamed(path, layout, tensors, found, dtype)
    fit = _compare(path.name, tensors, layout)
    if not fit.loaded:
        layers = " → ".join(map(str, weight_names.widths(shapes)))
        whole = f" (its layers are {layers})" if layers else ""
        raise RequestError(f"{path}: none of its parameters fit{whole}; {fit.faults}")
    if fit.faults and not partial:
        raise RequestError(f"{path}: does not fit: {fit.faults}. What fits: {listed(fit.loaded)}")
    return {name: _array(path, layout, name, tensors[name], dtype) for name in fit.loaded}, fit


def _renamed(
    path: Path, layout: Layout, tensors: Mapping[str, Tensor], found: weight_names.Match, dtype: Any
) -> tuple[dict[str, Array], Fit]:
    """The parameters of a file whose layers are a model's, whatever they are called there."""
    arrays = {
        ours: np.zeros(layout[ours].shape, dtype)
        if theirs is None
        else _array(path, layout, ours, tensors[theirs], dtype)
        for ours, theirs in found.sources.items()
    }
    remarks = []
    if found.renamed:
        renamed = listed(map(_printable, found.renamed))
        remarks.append(f"Matched by order and shape: {renamed}.")
    if found.zero:
        remarks.append(f"No bias in the file: {listed(found.zero)} set to 0.")
    loaded = tuple(place.name for place in layout.places)
    return arrays, Fit(_printable(path.name), loaded, (), (), (), (), tuple(remarks))


def save(
    path: Path, parameters: Mapping[str, Array], metadata: Mapping[str, str] | None = None
) -> None:
    """Write parameters, name → array, in place of what the file held before; with metadata.

    Raises `RequestError` where it can't be written; what was there before is then untouched.
    """
    if path.suffix != WEIGHTS_SUFFIX:
        raise RequestError(f"{path}: a name that ends in {WEIGHTS_SUFFIX} is needed")
    write_atomically(path, serialized(parameters, metadata))


def serialized(parameters: Mapping[str, Array], metadata: Mapping[str, str] | None = None) -> bytes:
    """Parameters, name → array, as a file has them, and texts by name beside them."""
    from safetensors.numpy import save

    # A file has each array's numbers in a row; here a layer's weights and bias interleave.
    dense = {name: np.array(values, order="C") for name, values in parameters.items()}
    return save(dense, dict(metadata) if metadata else None)


def as_tuples(arrays: Mapping[str, Array]) -> tuple[tuple[str, Any], ...]:
    """Arrays as (name, number or nested tuples of numbers) each, which nothing can change."""
    return tuple((name, _tuples(values.tolist())) for name, values in arrays.items())


def _tuples(values: Any) -> Any:
    return tuple(map(_tuples, values)) if isinstance(values, list) else values


def metadata_of(path: Path) -> dict[str, str]:
    """The texts by name that a file holds beside its arrays; none where it isn't a whole one."""
    most = min(ordinary_size(path), LONGEST_HEADER)
    with reading(path), path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = file.read(length) if length <= most else b""
    try:
        found = json.loads(header)["__metadata__"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: text for name, text in found.items() if isinstance(text, str)}


def _read(path: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError, deserialize

    content = read_whole(path, LARGEST_FILE)
    try:
        return dict(deserialize(content))  # type: ignore[no-untyped-call]  # it has no types
    except SafetensorError as error:
        if content.startswith(_PICKLED):
            name, target = path.name, path.with_suffix(WEIGHTS_SUFFIX).name
            raise RequestError(
                f"{shown(path)}: is a pickle, as torch.save writes it, and not read; in Python: "
                "from safetensors.torch import save_file; "
                f"save_file(torch.load({name!r}), {target!r})"
            ) from None
        reason = _printable(str(error).removeprefix("Error while deserializing: "))
        raise RequestError(f"{path}: is not a whole safetensors file: {reason}") from None


def _compare(source: str, tensors: Mapping[str, Tensor], layout: Layout) -> Fit:
    fitting, misshapen, missing = [], [], []
    for place in layout.places:
        if place.name not in tensors:
            missing.append(_named(place.name, place.shape))
        elif _fits(shape := tuple(tensors[place.name]["shape"]), place.shape):
            fitting.append(place)
        else:
            found, wanted = (brief(each) if each else "one number" for each in (shape, place.shape))
            misshapen.append(f"{place.name} is {found}, not {wanted}")
    broken = {place.layer for place in layout.places if place not in fitting}
    unknown = sorted(tensors.keys() - {place.name for place in layout.places})
    return Fit(
        source=_printable(source),
        loaded=tuple(place.name for place in fitting if place.layer not in broken),
        left=tuple(place.name for place in fitting if place.layer in broken),
        misshapen=tuple(misshapen),
        missing=tuple(missing),
        unexpected=tuple(_named(name, tuple(tensors[name]["shape"])) for name in unknown),
    )


def _fits(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """The same shape; a single number may also come as an array of one."""
    return shape == wanted or (wanted == () and shape == (1,))


def _named(name: str, shape: tuple[int, ...]) -> str:
    """A name with its shape behind it; a single number's alone."""
    return f"{_printable(name)} {brief(shape)}" if shape else _printable(name)


def _printable(text: str) -> str:
    """A text of the file's own, fit to be shown: a name can be anything, and of any length."""
    text = text if text.isprintable() else repr(text)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _array(path: Path, layout: Layout, name: str, tensor: Tensor, dtype: Any) -> Array:
    code = tensor["dtype"]
    if code not in _DTYPES:
        raise RequestError(f"{path}: {name} is of type {code}; {', '.join(_DTYPES)} are read")
    numbers: Array = np.frombuffer(tensor["data"], _DTYPES[code])
    if code == "BF16":  # the upper half of a float32
        numbers = (numbers.astype("<u4") << 16).view("<f4")
    with np.errstate(all="ignore"):
        numbers = numbers.astype(dtype).reshape(layout[name].shape)
    if not np.isfinite(numbers).all():
        raise RequestError(f"{path}: {name} holds numbers that aren’t finite in {numbers.dtype}")
    return numbers
