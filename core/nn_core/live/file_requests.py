"""Requests that read or write files: weights, sessions, exports, and the last run."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nn_core.disk import shown, typed_path, write_atomically
from nn_core.formatting import listed, times
from nn_core.live.requests import Request

if TYPE_CHECKING:
    from nn_core.live.live_run import LiveRun


@dataclass(frozen=True)
class Load(Request):
    """Load parameters from the file that a person named.

    With `partial` only those that fit; with `freeze` those that were loaded get no update.
    """

    path: str
    partial: bool = False
    freeze: bool = False
    files = "named"
    refusal = "a kiosk loads no files"

    def apply(self, run: "LiveRun") -> None:
        run.load(typed_path(self.path), self.partial, self.freeze)


@dataclass(frozen=True)
class Save(Request):
    """Save the run, or the `picture` of the screen, in the form that the file's name asks for."""

    path: str
    picture: str = ""
    files = "named"
    refusal = "a kiosk saves no files"

    def apply(self, run: "LiveRun") -> None:
        from nn_core.explain.outcomes import Saved
        from nn_core.storage import export

        form = export.write(run.timeline, typed_path(self.path), self.picture)
        names = listed(run.timeline.trainer.model.parameters)
        what = names if form.title == "weights" else f"the {form.title}"
        run.outcome = Saved(self.path.strip(), what)


@dataclass(frozen=True)
class PredictFile(Request):
    """Write predictions for the rows of the file that a person named into another beside it."""

    path: str
    files = "named"
    refusal = "a kiosk reads no files"

    def apply(self, run: "LiveRun") -> None:
        from nn_core.explain.outcomes import Said
        from nn_core.storage import predictions

        rows = typed_path(self.path)
        path = predictions.beside(rows)
        found = predictions.predictions_of(run.timeline.trainer, rows)
        write_atomically(path, found.text.encode())
        gaps = f"; {found.gaps} without, for want of a cell" if found.gaps else ""
        run.outcome = Said(f"Predictions for {times(found.rows, 'row')} in {shown(path)}{gaps}.")


@dataclass(frozen=True)
class OpenSession(Request):
    """Go on with the run of a session file in place of this one."""

    path: str
    files = "named"
    refusal = "a kiosk opens no files"

    def apply(self, run: "LiveRun") -> None:
        run.open_session(typed_path(self.path), self.path.strip())


@dataclass(frozen=True)
class SayOpened(Request):
    """Say of the run, which began as that of a session file, which file that is."""

    path: str
    files = "named"
    refusal = "a kiosk names no files"

    def apply(self, run: "LiveRun") -> None:
        run.say_opened(self.path)


class Resume(Request):
    """Go on with the last run in place of this one, which stays saved."""

    files = "own"
    refusal = "no runs are saved here"

    def apply(self, run: "LiveRun") -> None:
        run.resume()
