"""Requests that read or write files: weights, sessions, exports, and the runs that are saved."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nn_core.config import Config
from nn_core.config.key_names import with_keys
from nn_core.disk import is_called_a_table, shown, typed_path, write_atomically
from nn_core.errors import RequestError
from nn_core.formatting import listed, times
from nn_core.live.requests import Request

NOT_OFFERED = (
    "no run is offered any more: Resume the last run, under {key.palette}, goes back to it"
)

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
        from nn_core.models import weights
        from nn_core.optim.freezing import frozen_names
        from nn_core.training import loaded

        path, timeline = typed_path(self.path), run.timeline
        state, data = timeline.state, timeline.trainer.data
        arrays, fit = weights.load(path, state.layout, state.parameters.dtype, self.partial)
        if self.partial:
            arrays, fit = loaded.fitting(path, data, state.layout, arrays, fit)
        elif said := loaded.remark(path, data):
            fit = replace(fit, remarks=(*fit.remarks, said))
        run.running = False
        timeline.do("load", values=weights.as_tuples(arrays))
        if self.freeze:
            frozen = frozen_names(state.layout, (*timeline.config.freeze, *fit.loaded))
            timeline.do("set", name="freeze", value=frozen)
        run.outcome = fit


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
    """Go on with the run of a session file in place of this one; a table is opened as one."""

    path: str
    files = "named"
    refusal = "a kiosk opens no files"

    def apply(self, run: "LiveRun") -> None:
        if is_called_a_table(self.path):
            OpenTable(self.path).apply(run)
            return
        run.open_session(typed_path(self.path), self.path.strip())


@dataclass(frozen=True)
class OpenTable(Request):
    """Begin a run on the table that a person named in place of this one, which stays saved."""

    path: str
    files = "named"
    refusal = "a kiosk opens no files"

    def apply(self, run: "LiveRun") -> None:
        run.set("data", str(typed_path(self.path)))


@dataclass(frozen=True)
class SayOpened(Request):
    """Say of the run, which began as that of a session file, which file that is."""

    path: str
    files = "named"
    refusal = "a kiosk names no files"

    def apply(self, run: "LiveRun") -> None:
        run.say_opened(self.path)


@dataclass(frozen=True)
class BeginAnother(Request):
    """Begin a run under another Config in place of this one, which stays saved."""

    config: Config

    def apply(self, run: "LiveRun") -> None:
        run.begin_another(self.config)


@dataclass(frozen=True)
class Resume(Request):
    """Go on with the last run, or the saved one of this name, in place of this one: it stays."""

    name: str = ""
    files = "own"
    refusal = "no runs are saved here"

    def apply(self, run: "LiveRun") -> None:
        run.resume(self.name)


class ResumeOffered(Resume):
    """The same while that run is offered; later it takes its name, lest a key do it unmeant."""

    def apply(self, run: "LiveRun") -> None:
        from nn_core.storage.autosave import Offered
        from nn_core.storage.kept_runs import NO_RUN

        if not isinstance(run.outcome, Offered):
            raise RequestError(with_keys(NOT_OFFERED) if run.autosave.offer() else NO_RUN)
        super().apply(run)
