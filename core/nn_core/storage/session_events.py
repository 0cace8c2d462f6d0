"""The events of a session file: what was done at which step, written and read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_type_hints

from nn_core.config import Config
from nn_core.run.events import KINDS, Event
from nn_core.storage.plain_json import (
    DamagedError,
    brief,
    fits,
    nested_tuples,
    number,
    plain,
    require_names,
)
from nn_core.training.state import PHASES


def describe_events(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Events as JSON has them."""
    return [
        {"step": e.step, "phase": e.phase, "kind": e.kind, "arguments": plain(e.named)}
        for e in events
    ]


def read_events(said: list[Any], steps: int) -> Iterator[Event]:
    """The events of a run of so many steps; `DamagedError` for what can't be one."""
    before = (0, 0)
    for place, entry in enumerate(said, start=1):
        where = f"event {place}"
        if not isinstance(entry, dict):
            raise DamagedError(f"{where} can’t be {brief(entry)}")
        require_names(entry, where, {"step": int, "phase": int, "kind": str, "arguments": dict})
        moment = (entry["step"], entry["phase"])
        if not before <= moment or entry["step"] > steps or not 0 <= moment[1] < len(PHASES):
            raise DamagedError(f"{where} can’t come at step {brief(moment[0])}")
        before = moment
        yield Event(*moment, entry["kind"], _arguments(where, entry["kind"], entry["arguments"]))


def _arguments(where: str, kind: str, said: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    if kind not in KINDS:
        raise DamagedError(f"{where} is of a kind that there is not: {brief(kind)}")
    hints = get_type_hints(KINDS[kind].carry_out)
    if kind == "set":
        known, name = get_type_hints(Config), said.get("name")
        if not isinstance(name, str) or name not in known:
            raise DamagedError(f"{where} sets what there is not: {brief(name)}")
        hints["value"] = known[name]
    arguments = []
    for name, value in said.items():
        hint = hints.get(name, Any)
        found = number(value) if hint is float else nested_tuples(value)
        if not fits(found, hint):
            raise DamagedError(f"{where}: {name} can’t be {brief(value)}")
        arguments.append((name, found))
    return tuple(arguments)
