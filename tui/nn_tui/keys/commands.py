"""What is rare and has no key of its own: found by name in the palette, some after a question."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nn_core.disk import newest
from nn_core.live.file_requests import Load, OpenSession, OpenTable, PredictFile, Resume, Save
from nn_core.live.requests import Request
from nn_core.live.search_requests import MeasureBatches
from nn_core.storage.forms import FORMS, Form
from nn_tui.keys import saved_runs

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot


@dataclass(frozen=True)
class Command:
    """One entry of the palette: either `request_for` makes a request, or `form` is saved in.

    With a `question`, which may depend on what is typed, the name of a file is asked for first,
    beginning as `suggest` says and turned by `turn`, and the request is made of it; else of "".
    `changes` says what of the run is another after it, `called` what else its name is.
    """

    title: str
    about: str
    request_for: Callable[[str], Request] = Save
    question: str | Callable[[str], str] = ""
    suggest: Callable[["Snapshot"], str] = lambda snapshot: ""
    form: Form | None = None
    changes: str = ""
    turn: Callable[[str, int], str] | None = None
    called: tuple[str, ...] = ()

    @property
    def kind(self) -> type[Request]:
        """The kind of the request that it leads to."""
        return type(self.request_for(""))


def _last_loaded(snapshot: "Snapshot") -> str:
    return snapshot.config.load


def _newest_table(snapshot: "Snapshot") -> str:
    """Suggest the table that was written last in this folder, but for predictions."""
    found = newest(Path(), "*.csv")
    return found.name if found and not found.name.endswith(".predictions.csv") else ""


ANOTHER_GOES_ON = "goes on with another run"
_PARAMETERS = "changes the parameters"
_READ_AGAIN = (".json", ".safetensors")  # what nn-tui reads again is saved, the rest exported

COMMANDS = (
    Command(
        "Open a table …", "type the path of a CSV file", OpenTable,
        "the path of a CSV file", _newest_table,
        called=("csv", "open file", "my data"),
    ),
    Command(
        "What a batch costs", "rows a second, by the size of the batch",
        lambda _: MeasureBatches(),
    ),
    *(
        Command(
            f"{'Save' if form.suffix in _READ_AGAIN else 'Export'} {form.title} …", form.about,
            form=form,
        )
        for form in FORMS
    ),
    Command(
        "Predict for a file …", "writes NAME.predictions.csv beside it",
        PredictFile, "predict for the rows of", _newest_table,
    ),
    Command(
        "Open session …", "a saved run", OpenSession, saved_runs.told,
        lambda _: saved_runs.suggested(), changes=ANOTHER_GOES_ON, turn=saved_runs.another,
    ),
    Command(
        "Resume the last run", "this one stays saved", lambda _: Resume(),
        changes=ANOTHER_GOES_ON,
    ),
    Command(
        "Load weights …", "every parameter, from a safetensors file", Load,
        "load from", _last_loaded, changes=_PARAMETERS,
    ),
    Command(
        "Load the weights that fit …", "leaves the other parameters as they are",
        partial(Load, partial=True), "load what fits from", _last_loaded,
        changes=_PARAMETERS,
    ),
    Command(
        "Load the weights that fit, and freeze them …", "to train the rest",
        partial(Load, partial=True, freeze=True), "load what fits, and freeze it, from",
        _last_loaded, changes=_PARAMETERS,
    ),
)  # fmt: skip
