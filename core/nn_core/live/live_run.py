"""The run that requests change: its timeline, and what came of the last thing done to it."""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nn_core.analysis import placing
from nn_core.analysis.kinks import silent_units
from nn_core.analysis.units import widths
from nn_core.config import NAMED_DATA, Config, setting
from nn_core.config.limits import Limits
from nn_core.errors import RequestError
from nn_core.explain.comparison import named
from nn_core.explain.outcomes import (
    Changed,
    Left,
    Moved,
    Opened,
    Outcome,
    Outdated,
    Placed,
    Reached,
    Reshaped,
    Said,
    Taken,
    TakenUp,
    Unloaded,
    Updated,
)
from nn_core.explain.view_request import CHOSEN_LAST, ViewRequest
from nn_core.live.journey import Journey, advancing, seeking
from nn_core.live.searching import SearchUnderWay
from nn_core.live.settings import stayed, way_on, with_setting
from nn_core.live.tasks import Tasks
from nn_core.optim.freezing import frozen_names
from nn_core.optim.optimizers import require_setting
from nn_core.run.chosen import Chosen
from nn_core.run.contest import Contest, Score
from nn_core.run.kept import End
from nn_core.run.patience import TowardsTarget, is_at_end
from nn_core.run.timeline import Timeline
from nn_core.storage import session
from nn_core.storage.autosave import EVERY, Autosave
from nn_core.training.start import require_loss
from nn_core.training.state import PHASES
from nn_core.training.trainer import Trainer

REACTION_SECONDS = 0.5  # from when a run ends until a person who saw it run has let go of pausing


class LiveRun:
    """A timeline within limits, whether it runs, and what is said and searched beside it.

    `goes_on` tells whether a long replay is still wanted.  Belongs to the training thread.
    """

    def __init__(
        self, timeline: Timeline, limits: Limits, autosave: Autosave, goes_on: Callable[[], bool]
    ) -> None:
        self.limits, self.autosave, self.goes_on = limits, autosave, goes_on
        self.running = False
        self.due = 0.0  # when the next step is, by `time.monotonic`
        self.view = ViewRequest()
        self.outcome: Outcome | None = None
        self.ended = -math.inf  # when it last came to its end by itself
        self.complaint = ""
        self.contest: Contest | None = None
        self.settled: Score | None = None  # of the contest that the last request ended
        self.search = SearchUnderWay()
        self.journey = Journey()
        self.tasks = Tasks(self)
        self.adopt(timeline)
        self.target = TowardsTarget(timeline)  # a new one whenever it starts to run

    @property
    def timeline(self) -> Timeline:
        """The run itself."""
        return self._timeline

    def adopt(self, timeline: Timeline) -> None:
        """Go on with this timeline: the one way in, on which it is bound to the limits.

        `RequestError`, and the timeline before stays, where it is beyond them already.
        """
        timeline.bind(self.limits)
        self._timeline = timeline

    def look(self, view: ViewRequest) -> None:
        """Show what a view asks for from here on; what was chosen is saved with the run.

        Not before a person has seen the run, which shows them what they had chosen last.
        """
        self.view, timeline = view, self.timeline
        rest = view.partner, view.target, tuple(sorted(view.off))
        chosen = Chosen(view.view, view.chosen, view.opened, view.opened_at, *rest)
        seen = view.point != CHOSEN_LAST
        if seen and (timeline.point, timeline.chosen) != (view.point, chosen):
            timeline.point, timeline.chosen = view.point, chosen
            self.autosave.touch(EVERY)

    # --- time ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Run to the epoch target; from there, as many epochs again."""
        timeline = self.timeline
        if is_at_end(timeline):
            self.set("epochs", timeline.epoch_of(timeline.tip) + max(1, timeline.config.epochs))
        else:
            self.outcome = None
        self.target = TowardsTarget(timeline)
        self._end_contest()
        self.due = time.monotonic()
        self.running = True

    def end(self) -> None:
        """Stop running, and set out for where the validation loss was lowest, if that is before.

        What was said of the run as it went is over with it.
        """
        self.running, self.ended = False, time.monotonic()
        self.outcome = stop = self.target.stop
        if stop:
            self.journey.begin(self.timeline.seeking(stop.step))

    def run_or_pause(self) -> None:
        """Pause where it runs, else run; just after its end, with nothing done since, pause."""
        if self.running:
            self.running = False
        elif is_at_end(self.timeline) and time.monotonic() - self.ended < REACTION_SECONDS:
            self.ended = -math.inf
            self.outcome = self.outcome or Reached(self.timeline.config.epochs)
        else:
            self.start()

    @property
    def before(self) -> tuple[int, int]:
        """Where going back leads, as step and phase; after an update by hand, to before it."""
        step, phase = self.timeline.state.step, self.timeline.state.phase
        if phase == 0 < step and isinstance(self.outcome, Updated):
            return step - 1, len(PHASES) - 1
        return self.timeline.before

    def hold(self) -> None:
        """Stop running, as every request does that takes the run elsewhere."""
        self.running, self.ended, self.outcome = False, -math.inf, None
        self._end_contest()

    def seek(self, step: int, phase: int = 0) -> None:
        """Set out for another step of this run, and so many phases into it."""
        self.hold()
        self.journey.begin(seeking(self, step, phase))

    def advance(self, steps: int) -> None:
        """Set out to take so many steps."""
        self.hold()
        self.journey.begin(advancing(self.timeline, steps))

    def next_phase(self) -> None:
        """Carry out the next phase of the current step; note what an update moved most."""
        timeline = self.timeline
        if timeline.state.phase < len(PHASES) - 1:
            timeline.phase()
            return
        before, state = timeline.trainer.loss(), timeline.state.copy()
        timeline.phase()
        moves = timeline.state.parameters - state.parameters
        most = int(np.abs(moves).argmax())
        self.outcome = Updated(
            timeline.state.layout.label(most),
            float(moves[most]),
            float(timeline.state.parameters[most]),
            before,
            timeline.trainer.loss(),
            state,
        )

    def begin_fresh(self, config: Config | None, begun: Trainer | None = None) -> None:
        """Begin another run, paused, which has nothing of this one; `begun`: see the Timeline."""
        self.timeline.restart(config, True, begun)
        self.hold()

    def restart(
        self, config: Config | None = None, begun: Trainer | None = None
    ) -> Unloaded | Outdated | None:
        """Begin again, paused, from the same start or under another Config; what isn't in it."""
        loads = self.timeline.loads
        self.timeline.restart(config, begun=begun)
        self.hold()
        lost = loads[len(self.timeline.loads) :]
        newer = self.timeline.first.data.written_again
        missing = Unloaded(lost[-1]) if lost else Outdated(newer[0].name) if newer else None
        self.outcome = missing
        return missing

    # --- kept runs ----------------------------------------------------------------------------

    def compare(self, within: float = math.inf) -> None:
        """Work out where the kept runs ended, unless that is known, or more steps away than this.

        Only what is left of it after its last keyframe has to be replayed.
        """
        for kept in self.timeline.kept:
            replayed = kept.steps - max((each.state.step for each in kept.frames), default=0)
            if (kept.end is None or kept.end.dead is None) and replayed <= within:
                trainer = self.timeline.of_kept(kept).trainer
                model = trainer.model
                dead = sum(map(len, silent_units(model, trainer.data.x)))
                units = sum(widths(model))
                kept.end = End(trainer.loss(), trainer.validation_loss(), dead, units)

    def take_up(self, number: int) -> None:
        """Go on with a copy of a kept run in place of this one, which is kept too."""
        before = self.timeline
        self.adopt(before.give_way_to(number))
        self.hold()
        self.compare()
        kept_as = before.kept_as
        stays = any(each.number == number for each in self.timeline.kept)
        self.outcome = TakenUp(number, kept_as if kept_as != number else None, stays)

    def forget(self, number: int) -> None:
        """Keep a kept run no longer."""
        kept, name = self.timeline.kept_run(number), named(self.timeline, number)
        self.timeline.kept.remove(kept)
        self.outcome = Said(f"{name} is removed.")

    # --- values -------------------------------------------------------------------------------

    def set(self, name: str, value: Any) -> None:
        """Change a setting; one that makes another run restarts."""
        self.ended = -math.inf
        self.require_setting(name)
        timeline, before = self.timeline, self.timeline.config
        was = getattr(before, setting(name).name)
        if name == "loss":
            require_loss(value, timeline.trainer.data)
        if name == "freeze":
            value = frozen_names(timeline.state.layout, value)
        if name != "learning_rate" and setting(name).effect != "view":
            self._end_contest()  # what both are measured by, or how the rival learns, is another
        left: Left | Unloaded | Outdated | None = None
        model = ""
        begun: Trainer | None = None
        if setting(name).effect == "restart":
            config = with_setting(timeline.config, name, value)
            # A table that is named again is read again, unless it is as it was then.
            reads = (
                name == "data"
                and config.data not in NAMED_DATA
                and not timeline.first.data.is_as_on_disk
            )
            if reads or timeline.is_measured_otherwise(config):
                try:
                    begun = timeline.beginning(
                        config, reads
                    )  # raises where there is none: this run stays
                except RequestError as error:
                    raise RequestError(way_on(error, config)) from None
                left = self._leave(timeline)
            if name == "data" and config.experiment != before.experiment:
                model = config.experiment
            missing = self.restart(config, begun)
            left = left or missing
        else:
            timeline.do("set", name=name, value=value)
        fit = timeline.trainer.weights_loaded if name in ("load", "load_partial") else None
        self.outcome = fit or Changed(
            name, value, was, stayed(before, timeline.config), left, model
        )

    def take(self, values: dict[str, Any], restart: bool) -> None:
        """Give several settings their values, from the next step on or by beginning again."""
        for name in values:
            self.limits.require_setting(name)
        timeline = self.timeline
        config = timeline.config.replace(**values)
        if restart:
            self.restart(config)
        else:
            self.hold()
            for name, value in values.items():
                if getattr(timeline.config, name) != value:
                    timeline.do("set", name=name, value=value)
        self.outcome = Taken(tuple(values.items()), restart)

    def require_setting(self, name: str) -> None:
        """Raise `RequestError` for one that may not be changed, or that the optimizer hasn't."""
        self.limits.require_setting(name)
        require_setting(self.timeline.config.optimizer, name)

    def move(self, index: int, by: float, kind: str, **value: float) -> None:
        """Move one parameter, and note what the gradient said that this would do."""
        self.require_parameter(index)
        timeline = self.timeline
        before, gradient = timeline.trainer.loss(), float(timeline.trainer.gradient()[index])
        self.running = False
        timeline.do(kind, index=index, **value)
        label = timeline.state.layout.label(index)
        self.outcome = Moved(label, by, before, timeline.trainer.loss(), gradient)
        if self.contest:
            self.contest.move(timeline.trainer)

    def require_parameter(self, index: int) -> None:
        """Raise `RequestError` where the one that was meant has gone since it was shown."""
        count = self.timeline.state.parameters.size
        if not 0 <= index < count:
            raise RequestError(f"there is no parameter {index + 1}; there are {count}")

    def toggle_contest(self) -> None:
        """Begin a contest with gradient descent at the run's start, or end the one that is on."""
        if self.contest:
            self._end_contest()
            self.outcome = None
            return
        if self.timeline.trainer.model.is_listed_by_layer:
            raise RequestError("a contest needs a model that hands can turn: quadratic, or relu")
        self.restart()
        self.contest = Contest(self.timeline.trainer)

    def _end_contest(self) -> None:
        """End the contest that is on, and note how it ended."""
        if self.contest:
            self.settled, self.contest = self.contest.score, None

    # --- shape and data -----------------------------------------------------------------------

    def reshape(self, kind: str, text: str, **arguments: Any) -> None:
        """Change the shape or the data by an event of this kind; `text` says what came or went."""
        before, rows = self.timeline.trainer.loss(), self.timeline.trainer.data.rows
        self.timeline.do(kind, **arguments)
        self.hold()
        trainer = self.timeline.trainer
        same_rows = trainer.data.rows == rows
        added = rows if trainer.data.rows > rows else None  # which is the last
        self.outcome = Reshaped(
            "network" if same_rows else "data", text, before, trainer.loss(), added
        )

    def place_unit(self) -> None:
        """Add a unit where it lowers the loss most."""
        timeline = self.timeline
        found, before = placing.find(timeline.trainer), timeline.trainer.loss()
        timeline.do("place_unit", weight=found.weight, bias=found.bias, outgoing=found.outgoing)
        self.hold()
        self.outcome = Placed(found, before, timeline.trainer.loss())

    # --- files --------------------------------------------------------------------------------

    def open_session(self, path: Path, shown: str) -> None:
        """Go on with the run of a session file in place of this one; `shown` is its name."""
        before = self.timeline
        self.adopt(session.replay(session.read(path), self.goes_on, self.limits))
        left = self._leave(before)
        self.hold()
        self.say_opened(shown, left)

    def say_opened(self, shown: str, left: Left | None = None) -> None:
        """Say of the run that it comes from the session file of this name."""
        now = self.timeline
        self.outcome = Opened(shown, len(now.events), now.point, left, now.chosen)

    def begin_another(self, config: Config) -> None:
        """Begin another run in place of this one, which stays saved where it was begun."""
        begun = self.timeline.beginning(config)  # raises where there is none: this run stays
        left = self._leave(self.timeline)
        self.begin_fresh(config, begun)
        self.outcome = left

    def _leave(self, before: Timeline) -> Left | None:
        """Save a run as one of its own, for another takes its place; None where it isn't saved."""
        if not (before.is_begun and self.autosave.saves):
            return None
        self.autosave.save(before)
        self.autosave.begin_another()
        return Left(before.state.step)

    def resume(self, name: str = "") -> None:
        """Go on with the last run, or the one of this name, in place of this one, which stays."""
        last, before = self.autosave.last_run(name), self.timeline
        try:
            self.adopt(session.replay(last.session, self.goes_on, self.limits))
        except RequestError:
            last.kept.release()
            raise
        self.autosave.save(before)
        self.autosave.go_on_with(last)
        self.hold()
        self.outcome = last.outcome
