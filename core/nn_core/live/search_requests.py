"""Requests of a search on copies of the run: to begin one, to leave it, to take what it found."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nn_core.live.requests import Request

if TYPE_CHECKING:
    from nn_core.live.live_run import LiveRun


class FindRate(Request):
    """Look for a learning rate, on copies of the run as it stands."""

    def apply(self, run: "LiveRun") -> None:
        from nn_core.analysis.rate_finder import search

        run.hold()
        run.search.begin(search(run.timeline.trainer))


class TakeRate(Request):
    """Go on at the learning rate that was found."""

    def apply(self, run: "LiveRun") -> None:
        from nn_core.analysis.rate_finder import Finding

        found = run.search.found
        run.search.leave()
        if isinstance(found, Finding) and found.suggestion is not None:
            run.set("learning_rate", found.suggestion)


@dataclass(frozen=True)
class MapSettings(Request):
    """Map two settings, on copies of the run: so many steps in each of so many cells."""

    across: str
    up: str
    steps: int
    columns: int
    rows: int

    def apply(self, run: "LiveRun") -> None:
        from nn_core.analysis.setting_map import search

        run.hold()
        run.search.begin(
            search(run.timeline, self.across, self.up, self.steps, self.columns, self.rows)
        )


@dataclass(frozen=True)
class TakeSettings(Request):
    """Give several settings their values at once; `restart`: and begin again."""

    values: tuple[tuple[str, Any], ...]
    restart: bool = False

    def apply(self, run: "LiveRun") -> None:
        run.search.leave()
        run.take(dict(self.values), self.restart)


class CheckGradient(Request):
    """Check the gradient of the current step against nudges, on a copy of the model."""

    def apply(self, run: "LiveRun") -> None:
        from nn_core.analysis import gradient_check
        from nn_core.explain.rows import chosen_number

        trainer = run.timeline.trainer
        chosen = chosen_number(trainer, trainer.preview(), run.view)
        run.hold()
        run.search.begin(gradient_check.search(trainer, chosen))


class MeasureBatches(Request):
    """Measure, on copies, how many rows a second batches of several sizes get through."""

    def apply(self, run: "LiveRun") -> None:
        from nn_core.analysis.batch_cost import measure

        run.hold()
        run.search.begin(measure(run.timeline.trainer), at_first=None)


class MeasureModel(Request):
    """Measure the model as it stands, on the rows trained on and on those held back.

    It pauses: beside a model that goes on learning its measures would be of another one.
    """

    def apply(self, run: "LiveRun") -> None:
        from nn_core.analysis.measures import search

        run.running = False
        run.search.begin(search(run.timeline.trainer), at_first=None)


@dataclass(frozen=True)
class ListSteps(Request):
    """List so many steps of the run from `first` on: what is recorded at once, the rest later."""

    first: int
    count: int

    def apply(self, run: "LiveRun") -> None:
        from nn_core.analysis.step_table import at_once, search

        table = at_once(run.timeline, self.first, self.count, run.search.found)
        run.search.begin(search(run.timeline, table), at_first=table)


class LeaveSearch(Request):
    """End the search that is on, and forget what was found."""

    def apply(self, run: "LiveRun") -> None:
        run.search.leave()
