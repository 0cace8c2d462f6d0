"""What a solution does, step by step, and what it is done on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from nn_core.config import settings
from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import RequestError
from nn_core.explain.snapshot import Snapshot
from nn_core.lessons.lesson import Start

MOST_TIMES = 1000
_TIMES = {str(times) for times in range(1, MOST_TIMES + 1)}


@dataclass(frozen=True)
class Action:
    """One thing done: a key, a line typed, a setting set, an experiment opened, a rate found.

    `value` is what a setting, the `name`, is set to.
    """

    kind: Literal["key", "type", "set", "open", "find"]
    name: str
    value: str = ""


def read_solution(solution: Sequence[str]) -> list[Action]:
    """The actions of a solution.

    Each of its texts is a key as the screen names it (`s`, `space`, `↑`), so many times as in
    `s*10`; `type 2.5`, into the line that is open; `set optimizer adam`; `open relu-net`; or
    `find rate`, and take it.
    """
    actions: list[Action] = []
    for text in solution:
        word, _, rest = text.strip().partition(" ")
        if word == "type":
            actions.append(Action("type", rest))
        elif word == "set":
            name, _, value = rest.partition(" ")
            if name not in {each.name for each in settings()}:
                raise RequestError(f"solution: there is no setting {name[:40]!r}")
            actions.append(Action("set", name, value))
        elif word == "open":
            if rest not in EXPERIMENTS:
                raise RequestError(f"solution: there is no experiment {rest[:40]!r}")
            actions.append(Action("open", rest))
        elif text == "find rate":
            actions.append(Action("find", "rate"))
        else:
            key, _, count = text.partition("*")
            if count and count not in _TIMES:
                raise RequestError(f"solution: {text[:40]!r} is no key, as s or s*10")
            actions += [Action("key", key)] * int(count or 1)
    return actions


class Hands(Protocol):
    """A laboratory in which a lesson can be done: it shows snapshots, and acts on its run."""

    def begin(self, start: Start | None) -> Snapshot:
        """Begin a task: where it is told to, or where the run stands; to be come back to."""

    def back(self) -> Snapshot:
        """Come back to where the task began."""

    def act(self, action: Action) -> Snapshot:
        """Do one thing, and wait until it is done; `RequestError` where it can't be."""
