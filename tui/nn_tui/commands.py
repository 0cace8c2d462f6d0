"""What is rare and has no key of its own: found by name in the palette, some after a question."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn_core.snapshot import Snapshot


@dataclass(frozen=True)
class Command:
    """One entry of the palette.

    With a `question`, a text is asked for first, beginning as `suggest` says, and handed on.
    `request` is what the training thread is then asked for.
    """

    title: str
    about: str
    request: str
    question: str = ""
    suggest: Callable[["Snapshot"], str] = lambda snapshot: ""


COMMANDS = (
    Command(
        "Go to a step …", "any step of this run, by its number", "jump", "step",
        lambda snapshot: str(snapshot.step),
    ),
)  # fmt: skip
