"""What is rare and has no key of its own: found by name in the palette, some after a question."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nn_core.disk import newest
from nn_core.storage.forms import FORMS, Form

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot


@dataclass(frozen=True)
class Command:
    """One entry of the palette.

    With a `question`, a text is asked for first, beginning as `suggest` says, and handed on.
    `request` is what the training thread is then asked for.  With a `form`, the run is saved in it.
    """

    title: str
    about: str
    request: str = ""
    question: str = ""
    suggest: Callable[["Snapshot"], str] = lambda snapshot: ""
    form: Form | None = None

    @property
    def asks(self) -> str:
        """What the training thread is asked for in the end."""
        return "save" if self.form is not None else self.request


def _last_loaded(snapshot: "Snapshot") -> str:
    return snapshot.config.load


def _newest_session(snapshot: "Snapshot") -> str:
    """Suggest the session file that was written last in this folder."""
    found = newest(Path(), "*.json")
    return found.name if found else ""


_KEPT = (".json", ".safetensors")  # what nn-tui reads again is saved, the rest exported

COMMANDS = (
    Command(
        "What a batch costs", "rows a second, by the size of the batch",
        "measure_batches",
    ),
    Command(
        "Go to a step …", "any step of this run, by its number", "jump", "step",
        lambda snapshot: str(snapshot.step),
    ),
    *(
        Command(
            f"{'Save' if form.suffix in _KEPT else 'Export'} {form.title} …", form.about, form=form
        )
        for form in FORMS
    ),
    Command(
        "Open session …", "a saved run, in place of this one", "open_session", "open the session",
        _newest_session,
    ),
    Command(
        "Resume the last run", "in place of this one, which is kept", "resume",
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
