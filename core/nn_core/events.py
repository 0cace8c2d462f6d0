"""Events: whatever is done to a run that isn't training it.

A nudge, a typed value, a changed setting: each is an `Event` with the moment at which it happened,
and one function, `apply`, carries any of them out.  A run is its Config, its start and its events;
replayed, they give the same bits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nn_core.config import Config, setting
from nn_core.errors import RequestError
from nn_core.freezing import frozen_names
from nn_core.state import State


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
class Kind:
    """A kind of event: what it does, and whether a half-done step is discarded by it."""

    carry_out: Callable[..., tuple[Config, State]]
    discards_partial_step: bool


def _set(config: Config, state: State, name: str, value: Any) -> tuple[Config, State]:
    if setting(name).effect == "restart":
        raise RequestError(f"{setting(name).title} can't change within a run; it starts another")
    changed = config.replace(**{name: value})
    frozen_names(state.layout, changed.freeze)  # raises where there is no such parameter
    return changed, state


def _nudge(config: Config, state: State, index: int, amount: float) -> tuple[Config, State]:
    state.parameters[index] += amount
    return config, state


def _assign(config: Config, state: State, index: int, value: float) -> tuple[Config, State]:
    state.parameters[index] = value
    return config, state


def _load(
    config: Config, state: State, values: tuple[tuple[str, Any], ...]
) -> tuple[Config, State]:
    """Write these parameters, (name, number or nested tuples of numbers) each."""
    for name, numbers in values:
        state.layout[name].view(state.parameters)[...] = numbers
    return config, state


KINDS = {
    "set": Kind(_set, discards_partial_step=False),
    "nudge": Kind(_nudge, discards_partial_step=True),
    "assign": Kind(_assign, discards_partial_step=True),
    "load": Kind(_load, discards_partial_step=True),
}


def apply(event: Event, config: Config, state: State) -> tuple[Config, State]:
    """Carry out an event; the state is changed in place."""
    return KINDS[event.kind].carry_out(config, state, **event.named)
