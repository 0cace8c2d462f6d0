"""The Timeline: a run that can be gone back over, and what was done to it at which step.

It holds the events, the losses, and keyframes (copies of the state, some steps apart).  Going back
is restoring the nearest keyframe and replaying from it, events included; since a step is a function
of the state alone, that gives the same bits as the first time.  Doing something in the past begins
a branch there; the future that is abandoned stays as a kept curve.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile
from typing import Any

from nn_core.config import Config, Setting, setting, settings
from nn_core.errors import RequestError
from nn_core.formatting import times
from nn_core.models import Model
from nn_core.optim.freezing import frozen_names
from nn_core.run import keyframes
from nn_core.run.events import KINDS, Event, Situation, apply, require_kind
from nn_core.run.history import History
from nn_core.run.kept import ROOM, End, KeptCurve, loads_of, trained_with
from nn_core.run.keyframes import Keyframe
from nn_core.run.patience import TowardsTarget
from nn_core.run.replayed_run import ReplayedRun
from nn_core.run.viewed import viewed_settings
from nn_core.training.start import build_model
from nn_core.training.trainer import Trainer

# Settings that the data is made or read by.
_DATA = (
    *("data", "rows", "noise", "data_seed", "x", "y", "drop", "features", "missing"),
    *("scale", "validation", "test", "test_column"),
)
# Settings that make a loss another quantity, not to be compared with the one before.
_MEASURED_BY = ("loss", "class_weight", *_DATA)


class Timeline(ReplayedRun):
    """A run that can also be restarted, kept beside another, and gone on with from there."""

    def train(self) -> None:
        """Train to the epoch target, or until patience ends; then go back to the best, as it says.

        Without patience it ends at the target, or where training diverges.
        """
        target = TowardsTarget(self)
        target.advance(target.steps_left)
        if target.stop:
            self.seek(target.stop.step)

    def __repr__(self) -> str:
        kept = f", {times(len(self.kept), 'kept run')}" if self.kept else ""
        return f"<Timeline at step {self.state.step} of {self.tip}{kept}: {self.trainer!r}>"

    @property
    def is_begun(self) -> bool:
        """Whether a step was taken or something moved by hand, here or in a run kept beside it.

        Settings alone are quickly made again.
        """
        moved = any(each.kind != "set" for each in self.events)
        return moved or len(self.history) > 0 or bool(self.kept)

    @property
    def loads(self) -> list[int]:
        """The steps at which parameters were loaded from a file, each as often as that was."""
        return loads_of(self.events)

    # --- what is done to it -------------------------------------------------------------------

    def do(self, kind: str, **arguments: Any) -> None:
        """Do something to the run, here.  `RequestError`, and nothing changed, where it can't be.

        A setting that training does not look at is no event: it holds in past and future alike.
        """
        require_kind(kind, arguments)
        if kind == "set":
            arguments["name"] = setting(arguments["name"]).name  # lr is the learning rate
        if kind == "set" and arguments["name"] in viewed_settings(self.config):
            config = self.config.replace(**{arguments["name"]: arguments["value"]})
            self._limits.require(config, *self.trainer.data.extent)
            self.trainer.configure(config)
            return
        discards = KINDS[kind].discards_partial_step and self.state.phase > 0
        phase = 0 if discards else self.state.phase
        event = Event(self.state.step, phase, kind, tuple(arguments.items()))
        # Raises before anything is touched.
        after = apply(event, self._situation(self.state.copy()))
        self._limits.require(after.config, *after.data.extent)
        if discards:
            self._discard_partial_step()
        self._branch()
        self.divergence = None
        if arguments.get("name") == "schedule":
            # Until now the planned epochs may have been changed without an event.
            planned = (("name", "epochs"), ("value", self.config.epochs))
            self.events.append(Event(event.step, phase, "set", planned))
        self.events.append(event)
        self._apply_due()

    def _discard_partial_step(self) -> None:
        """Go back to where the current step began; settings changed inside it are kept."""
        step, begun = self.state.step, self._cursor
        events = [
            Event(step, 0, event.kind, event.arguments) if event.step == step else event
            for event in self.events[:begun]
        ]
        self._restore(step)
        self.events[:begun] = events
        self._apply_due()

    def _branch(self) -> None:
        """Make here the tip; a future that was already lived becomes a kept curve."""
        step = self.state.step
        if len(self.history) > step:
            self.keep(start=step)
            self.history.truncate(step)
        del self.events[self._cursor :]
        self._keyframes.forget_after(step)

    def take_up(
        self, events: Iterable[Event], frames: Iterable[Keyframe], history: History
    ) -> None:
        """Have gone, from this start, through events already, with keyframes and a record left.

        The timeline then stands at the last keyframe; what was recorded beyond it is its future.
        """
        self.events, self.history = list(events), history
        for frame in frames:
            self._keyframes.add(frame, 1, keyframes.BUDGET)
        self._restore(self._keyframes.steps[-1])

    def newest_keyframes(self, room: int) -> list[Keyframe]:
        """The newest up to here and older ones, ever further apart, in about so many bytes."""
        return self._keyframes.newest(self.state.step, room)

    # --- other runs ---------------------------------------------------------------------------

    @property
    def trained(self) -> tuple[Config, ...]:
        """The settings that the steps so far were trained with, each once, in their order."""
        return self._trained_since(0)

    def _trained_since(self, start: int) -> tuple[Config, ...]:
        known, configs = self._in_force
        if not configs or known != self.events:
            configs = [config for config, _ in self._configs()]
            self._in_force = [*self.events], configs
        return trained_with(configs, self.events, start, len(self.history))

    def as_kept(self, start: int = 0) -> KeptCurve:
        """The whole run as one to compare with and to go on with; its own from a step on.

        Settings that were changed after its last step belong to what comes next, and are left out.
        """
        steps = len(self.history)
        return KeptCurve(
            number=1 + max((each.number for each in self.kept), default=0),
            trained=self._trained_since(start),
            first=self.first,
            events=tuple(each for each in self.events if each.step < steps or each.kind != "set"),
            frames=tuple(self._keyframes.newest(steps, ROOM)),
            history=self.history.copy(),
            start=start,
        )

    def of_kept(self, kept: KeptCurve) -> "Timeline":
        """A kept run as a run to go on with, at its end, under the view settings in force here."""
        first, viewed = kept.first, self.viewed
        state = first.state.copy()
        timeline = Timeline(
            Trainer.resume(self.model_at(first), first.data, first.config.replace(**viewed), state)
        )
        timeline.take_up(kept.events, kept.frames, kept.history.copy())
        timeline.seek(kept.steps)
        return timeline

    def model_at(self, first: Keyframe) -> Model:
        """A model of the shape that a run began with."""
        model = build_model(first.config, first.data)
        same = model.layout.places == first.state.layout.places
        return model if same else self.trainer.model.astype(first.config.dtype)

    def give_way_to(self, number: int) -> "Timeline":
        """The kept run of this number, at its end, to go on with beside it and this one.

        It stays kept as it is, but where there is no room for both.  `RequestError` where there is
        none.
        """
        kept = self.kept_run(number)
        timeline = self.of_kept(kept)
        if kept.start:  # the steps before, too: the run that it shares them with may go
            whole = replace(kept, trained=timeline.trained, start=0)
            self.kept[self.kept.index(kept)] = kept = whole
        self._keep(self.as_kept(), kept)
        timeline.kept.take_over(self.kept)
        return timeline

    def kept_run(self, number: int) -> KeptCurve:
        """The kept run of this number; `RequestError` where there is none."""
        for kept in self.kept:
            if kept.number == number:
                return kept
        raise RequestError(f"there is no kept run {number}")

    def keep(self, start: int = 0) -> None:
        """Keep the run so far as a curve to compare with; the oldest may have to make room.

        A run that is kept already, as it stands, isn't kept a second time.
        """
        if len(self.history) > start:
            self._keep(self.as_kept(start))

    def _keep(self, found: KeptCurve, on_show: KeptCurve | None = None) -> None:
        if found.steps > found.start:
            known = self._number_of(found)
            if known is None:
                if self.state.step == found.steps:  # else its end is a replay away
                    found.end = End(self.trainer.loss(), self.trainer.validation_loss())
                self.kept.add(found, on_show)
            self.kept.newest = known or found.number

    @property
    def kept_as(self) -> int | None:
        """The number of the kept run that this one is, as it stands; None where it isn't kept."""
        return self._number_of(self.as_kept())

    def _number_of(self, run: KeptCurve) -> int | None:
        return next((each.number for each in self.kept if run.is_told_by(each)), None)

    def succeed(self, other: "Timeline") -> None:
        """Take the place of another run: its curves are kept where they measure the same thing."""
        self.kept.clear()
        if not self.is_measured_otherwise(other.config):
            if len(other.history) > len(self.history):
                other.keep()
            self.kept.take_over(other.kept)

    def restart(
        self, config: Config | None = None, fresh: bool = False, begun: Trainer | None = None
    ) -> None:
        """Begin again from the same start under the settings now in force, or under another Config.

        The old curve is kept where it still measures the same thing.  Parameters that were loaded
        before the first step belong to the start, unless it is to be a `fresh` one.  `begun` is
        what `beginning` gave for this Config, where that was asked for before; it may be on data
        that were read again.
        """
        if config:
            self._limits.require(config)
        changed = self._changed(config or self.config)
        loads: list[Event] = []
        is_on_others = begun is not None and begun.data is not self.first.data
        if config and (is_on_others or any(each.effect == "restart" for each in changed)):
            trainer = begun or self.beginning(config)  # raises before anything is touched
            if not (is_on_others or self.is_measured_otherwise(config)):
                self.keep()
            elif self.kept:
                self.kept.give_up()
            self.trainer = trainer
        else:
            first, settings_now = self.first, self._first_shape(config or self.config)
            loads = [] if fresh else self._loads_at_start
            frozen_names(first.state.layout, settings_now.freeze)  # raises where that isn't there
            self.keep()
            # An optimizer or a schedule that came later begins with what it remembers at first.
            self._adopt(Situation(first.config, first.data, first.state))
            self.trainer.configure(settings_now)
        self.divergence = None
        self._begin()
        for each in loads:
            self.do(each.kind, **each.named)

    @property
    def _loads_at_start(self) -> list[Event]:
        """What loaded parameters before the first step, into the shape that the run began with."""
        first = takewhile(
            lambda each: (each.step, each.phase) == (0, 0) and not KINDS[each.kind].reshapes,
            self.events,
        )
        return [each for each in first if each.kind == "load"]

    def beginning(self, config: Config, reads: bool = False) -> Trainer:
        """The trainer that a restart under this Config would begin with; this run stays as it is.

        `reads`: on the data as they are on the disk by now.  `RequestError` where there is none.
        """
        self._limits.require(config)
        changed, first = self._changed(config), self.first
        if reads or any(each.effect == "restart" for each in changed):
            trainer = self._trainer_of(config, changed, reads)
            self._limits.require(config, *trainer.data.extent)
            return trainer
        model = build_model(first.config, first.data)
        now = Situation(first.config, first.data, first.state.copy())
        for each in self._loads_at_start:
            now = apply(each, now)
        trainer = Trainer.resume(model, now.data, now.config, now.state)
        trainer.configure(self._first_shape(config))
        return trainer

    def is_measured_otherwise(self, config: Config) -> bool:
        """Whether losses under this Config are another quantity, or of other data."""
        return any(getattr(config, name) != getattr(self.config, name) for name in _MEASURED_BY)

    def _changed(self, config: Config) -> list[Setting]:
        """The settings in which a Config differs from the one in force."""
        here = self.config
        return [
            each for each in settings() if getattr(config, each.name) != getattr(here, each.name)
        ]

    def _first_shape(self, config: Config) -> Config:
        """The same settings with the shape that the run began with."""
        first = self.first.config
        return config.replace(hidden=first.hidden, activation=first.activation)

    def _trainer_of(self, config: Config, changed: list[Setting], reads: bool) -> Trainer:
        """The trainer of another Config; on the same data where what it says of them is the same.

        They may have come from elsewhere than the Config, and a large file takes its time.
        """
        other_data = reads or any(each.name in (*_DATA, "experiment") for each in changed)
        return Trainer.begun(config, None if other_data else self.first.data)
