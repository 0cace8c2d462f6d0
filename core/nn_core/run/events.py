"""Events: all that is done to a run other than training it.

A nudge, a typed value, a changed setting: each is an `Event` with the moment at which it happened,
and one function, `apply`, carries any of them out.  A run is its Config, its start and its events;
replayed, they give the same bits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from inspect import Parameter, signature
from typing import Any

from nn_core.config import Config, setting
from nn_core.data.dataset import Dataset
from nn_core.errors import RequestError
from nn_core.formatting import listed
from nn_core.optim.freezing import frozen_names, with_frozen_names
from nn_core.run import structure
from nn_core.training.state import State


@dataclass(frozen=True)
class Event:
    """What was done, and when: after `step` updates and `phase` phases of the next."""

    step: int
    phase: int
    kind: str
    arguments: tuple[tuple[str, Any], ...]

    @property
    def named(self) -> dict[str, Any]:
        """The arguments by name."""
        return dict(self.arguments)


@dataclass(frozen=True)
class Situation:
    """What an event is done to: the settings in force, the data, and the state."""

    config: Config
    data: Dataset
    state: State


@dataclass(frozen=True)
class Kind:
    """A kind of event: what it does, whether that discards a half-done step, or changes a shape."""

    carry_out: Callable[..., Situation]
    discards_partial_step: bool = True
    reshapes: bool = False


def _set(now: Situation, name: str, value: Any) -> Situation:
    if setting(name).effect == "restart":
        raise RequestError(f"{setting(name).title} can’t change within a run; it starts another")
    changed = now.config.replace(**{name: value})
    return replace(now, config=with_frozen_names(changed, now.state.layout))


def _nudge(now: Situation, index: int, amount: float) -> Situation:
    now.state.parameters[index] += amount
    return now


def _assign(now: Situation, index: int, value: float) -> Situation:
    now.state.parameters[index] = value
    return now


def _reshape(change: Callable[..., tuple[Config, State]]) -> Callable[..., Situation]:
    @wraps(change)
    def carry_out(now: Situation, **arguments: Any) -> Situation:
        config, state = change(now.config, now.data, now.state, **arguments)
        names = {place.name for place in state.layout.places}
        frozen = tuple(
            name for name in frozen_names(now.state.layout, config.freeze) if name in names
        )
        return replace(now, config=config.replace(freeze=frozen), state=state)

    return carry_out


def _add_point(now: Situation, x: float, y: float) -> Situation:
    return _with_data(now, now.data.with_point(x, y))


def _remove_point(now: Situation, row: int) -> Situation:
    return _with_data(now, now.data.without_point(row))


def _with_data(now: Situation, data: Dataset) -> Situation:
    # The rows of an epoch that has begun are no longer the same: it begins again.
    return replace(now, data=data, state=replace(now.state, position=0))


def _load(now: Situation, values: tuple[tuple[str, Any], ...]) -> Situation:
    """Write these parameters, (name, number or nested tuples of numbers) each."""
    for name, numbers in values:
        now.state.layout[name].view(now.state.parameters)[...] = numbers
    return now


_HERE = ("now", "config", "data", "state")  # what an event is done to, beside its arguments

KINDS = {
    "set": Kind(_set, discards_partial_step=False),
    "nudge": Kind(_nudge),
    "assign": Kind(_assign),
    "load": Kind(_load),
    "add_unit": Kind(_reshape(structure.add_unit), reshapes=True),
    "place_unit": Kind(_reshape(structure.place_unit), reshapes=True),
    "remove_unit": Kind(_reshape(structure.remove_unit), reshapes=True),
    "add_layer": Kind(_reshape(structure.add_layer), reshapes=True),
    "remove_layer": Kind(_reshape(structure.remove_layer), reshapes=True),
    "add_point": Kind(_add_point),
    "remove_point": Kind(_remove_point),
}


def require_kind(kind: str, arguments: Mapping[str, Any]) -> None:
    """Raise `RequestError` where there is no event of that kind, or it takes other arguments."""
    if kind not in KINDS:
        raise RequestError(f"there is no event {kind!r}; there are {', '.join(KINDS)}")
    found = signature(KINDS[kind].carry_out).parameters.values()
    own = {each.name: each for each in found if each.name not in _HERE}
    needed = {name for name, each in own.items() if each.default is Parameter.empty}
    if not needed <= arguments.keys() <= own.keys():
        wanted, given = (listed(names) or "nothing" for names in (own, arguments))
        raise RequestError(f"the event {kind} takes {wanted}; not {given}")


def apply(event: Event, now: Situation) -> Situation:
    """Carry out an event.

    Numbers are changed in the state's own arrays; where the shape or the data changes, state or
    data come back as others.
    """
    return KINDS[event.kind].carry_out(now, **event.named)
