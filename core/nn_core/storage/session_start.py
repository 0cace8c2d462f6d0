"""The start of a session file's run: what of it isn't what its Config alone leads to."""

from collections.abc import Mapping
from typing import Any

from nn_core.arrays import Array, bits
from nn_core.errors import RequestError
from nn_core.run.keyframes import Keyframe
from nn_core.storage.plain_json import DamagedError, brief, plain_or_packed, vector
from nn_core.training.start import build_model
from nn_core.training.state import State
from nn_core.training.trainer import Trainer


def describe_start(first: Keyframe) -> dict[str, Any]:
    """What of the first state isn't what the Config alone leads to."""
    fresh = Trainer.of(build_model(first.config, first.data), first.data, first.config).state
    if fresh.layout.places != first.state.layout.places:
        raise RequestError("this model is not one that its settings describe; it can’t be stored")
    described: dict[str, Any] = {}
    for name in ("parameters", "gradient"):
        numbers = getattr(first.state, name)
        if bits(numbers) != bits(getattr(fresh, name)):
            views = first.state.layout.views(numbers)
            described[name] = {part: plain_or_packed(view) for part, view in views.items()}
    slots = {
        name: plain_or_packed(slot)
        for name, slot in first.state.slots.items()
        if bits(slot) != bits(fresh.slots[name])
    }
    return {**described, "slots": slots} if slots else described


def assign_start(state: State, said: Mapping[str, Any]) -> None:
    """Write what a file says of a start into a state; `DamagedError` where it can't be."""
    for name, part in said.items():
        if name not in ("parameters", "gradient", "slots") or not isinstance(part, dict):
            raise DamagedError(f"start has a field that there is not: {brief(name)}")
        vectors: dict[str, Array] = (
            state.slots if name == "slots" else state.layout.views(getattr(state, name))
        )
        for key, numbers in part.items():
            if key not in vectors:
                raise DamagedError(f"{name} has no {brief(key)}")
            vectors[key][...] = vector(numbers, key, vectors[key].dtype, vectors[key].shape)
