"""What is rare and has no key of its own: found by name in the palette, some after a question."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nn_core.config import WEIGHTS_SUFFIX

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


def _last_loaded(snapshot: "Snapshot") -> str:
    return snapshot.config.load


COMMANDS = (
    Command(
        "What a batch costs", "rows a second in batches of 1, 4, 16 and all, on copies",
        "measure_batches",
    ),
    Command(
        "Go to a step …", "any step of this run, by its number", "jump", "step",
        lambda snapshot: str(snapshot.step),
    ),
    Command(
        "Save weights …", "the parameters as they stand, as safetensors", "save",
        "save as", lambda snapshot: snapshot.config.experiment + WEIGHTS_SUFFIX,
    ),
    Command(
        "Load weights …", "every parameter, from a safetensors file", "load",
        "load from", _last_loaded,
    ),
    Command(
        "Load the weights that fit …", "leaves the other parameters as they are", "load_partial",
        "load what fits from", _last_loaded,
    ),
    Command(
        "Load the weights that fit, and freeze them …", "to train the others alone",
        "load_and_freeze", "load what fits, and freeze it, from", _last_loaded,
    ),
)  # fmt: skip
