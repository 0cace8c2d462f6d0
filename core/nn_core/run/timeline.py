"""The Timeline: a run that can be gone back over, and what was done to it at which step.

It holds the events, the losses, and keyframes (copies of the state, some steps apart).  Going back
is restoring the nearest keyframe and replaying from it, events included; since a step is a function
of the state alone, that gives the same bits as the first time.  Doing something in the past begins
a branch there; the future that is abandoned stays as a kept curve.
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn_core.arrays import Array, norm
from nn_core.config import Config, Setting, settings
from nn_core.config.limits import NO_LIMITS, Limits
from nn_core.errors import RequestError
from nn_core.models import Model
from nn_core.optim.freezing import frozen_names
from nn_core.optim.schedules import SCHEDULES
from nn_core.run import keyframes
from nn_core.run.events import KINDS, Event, Situation, apply
from nn_core.run.history import History
from nn_core.run.kept import KEPT_CURVES, ROOM, KeptCurve, trained_with
from nn_core.run.keyframes import Keyframe, Keyframes
from nn_core.run.validation import is_due, next_due
from nn_core.training.records import Block
from nn_core.training.start import build_model
from nn_core.training.state import PHASES, State
from nn_core.training.trainer import BLOCK, Trainer

HARMLESS = 1e6  # a length of the parameters below which their loss isn't looked at ahead of time
_POINTS = {"add_point": 1, "remove_point": -1}  # kinds of events, and the rows that they bring
# Settings that the data is made or read by.
_DATA = ("data", "rows", "x", "y", "missing", "scale", "noise", "validation", "data_seed")
# Settings that make a loss another quantity, not to be compared with the one before.
_MEASURED_BY = ("loss", *_DATA)


@dataclass(frozen=True)
class Divergence:
    """Why training stopped by itself: the step whose update broke, and the parameter it broke."""

    step: int
    parameter: str
    value: float


class Timeline:
    """A run with a past: `advance`, `phase`, `do`, `seek`, `back`, `restart`.

    Its step 0 is where the trainer stands when it is given, whatever it did before.
    """

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self._limits = NO_LIMITS
        state = trainer.state
        state.step = state.epoch = state.position = state.phase = 0
        self.kept: deque[KeptCurve] = deque(maxlen=KEPT_CURVES)
        self.divergence: Divergence | None = None
        self.point = 0  # the row of the data that a person looks at
        self._begin()

    def _begin(self) -> None:
        self.history = History()
        self.events: list[Event] = []
        self._in_force: tuple[list[Event], list[Config]] = ([], [])  # after each of these events
        self._cursor = 0  # events that have been carried out
        self._keyframes = Keyframes(self._copy())
        self._validate()

    def bind(self, limits: Limits) -> None:
        """Refuse from now on whatever goes beyond these limits.

        Raises `RequestError`, and nothing is changed, where the run goes beyond them itself, here
        or at another of its steps.
        """
        if limits != NO_LIMITS:
            for config, rows in self._configs():
                limits.require(config, rows)
            limits.require_step(self.tip)
        self._limits = limits

    @property
    def limits(self) -> Limits:
        """The limits that it is bound to."""
        return self._limits

    def _configs(self) -> Iterator[tuple[Config, int]]:
        """The settings from each event on, from the start, and the rows that there are then."""
        now = Situation(self.first.config, self.first.data, self.first.state.copy())
        yield _looking(self.config, now.config), now.data.rows
        for event in self.events:
            now = apply(event, now)
            yield _looking(self.config, now.config), now.data.rows

    # --- where it is --------------------------------------------------------------------------

    @property
    def config(self) -> Config:
        """The settings in force here."""
        return self.trainer.config

    @property
    def state(self) -> State:
        """The state here: the trainer's own, not a copy."""
        return self.trainer.state

    @property
    def first(self) -> Keyframe:
        """Where the run began: its state, settings and data before anything was done to it."""
        return self._keyframes.first

    @property
    def viewed(self) -> dict[str, Any]:
        """The settings in force that training does not look at: no event tells of them."""
        return {name: getattr(self.config, name) for name in sorted(_viewed(self.config))}

    @property
    def start(self) -> Array:
        """The parameters that the run began with; NaN where it has taken another shape since."""
        start = self.first.state.parameters
        same = start.shape == self.state.parameters.shape
        return start if same else np.full(self.state.parameters.shape, np.nan)

    @property
    def tip(self) -> int:
        """The furthest step of this branch."""
        return max(len(self.history), self.state.step)

    def epochs(self, steps: Array) -> Array:
        """The epoch that each of these steps lies in.

        Another batch size begins the epoch anew, and so does a point that comes or goes.
        """
        rows, size = self.first.data.rows, self.first.config.batch_size
        begins, epochs, lengths = [0], [0], [-(-rows // min(size or rows, rows))]
        for event in self.events:
            done = event.named
            if event.kind in _POINTS:
                rows += _POINTS[event.kind]
            elif done.get("name") == "batch_size" and done["value"] != size:
                size = done["value"]
            else:
                continue
            epochs.append(epochs[-1] + (event.step - begins[-1]) // lengths[-1])
            begins.append(event.step)
            lengths.append(-(-rows // min(size or rows, rows)))
        stretch = np.searchsorted(begins, steps, side="right") - 1
        epochs_before, since = np.array(epochs)[stretch], steps - np.array(begins)[stretch]
        lasted: Array = epochs_before + since // np.array(lengths)[stretch]
        return lasted

    def _steps_in(self, seconds: float) -> int:
        """How many steps are replayed in so many seconds, about; at least 1."""
        size, rows = self.state.parameters.size, self.trainer.batch_size
        return max(1, int(seconds / (4e-6 + 1.6e-10 * size * rows)))

    @property
    def replayed_at_once(self) -> int:
        """How many steps can be replayed in a moment: so far apart lie the keyframes."""
        return self._steps_in(keyframes.REPLAY_SECONDS)

    def shadow(self) -> "Timeline":
        """Another over the same past, to go back and forth in while this one stays where it is.

        It shares what is recorded, and so may only be taken to steps that were lived already.
        """
        other, trainer = copy(self), self.trainer
        model = trainer.model.astype(trainer.config.dtype)
        other.trainer = Trainer.resume(model, trainer.data, trainer.config, trainer.state)
        return other

    # --- going on -----------------------------------------------------------------------------

    def advance(self, steps: int) -> None:
        """Go on by so many steps; a step begun phase by phase counts as the first.

        In the past, what was done there is done again.  Stops early where training diverges: then
        `divergence` says why, and the state is the last whose loss and parameters were finite.
        Stops, with `RequestError`, at the last step that the run may get to.
        """
        self.divergence = None
        step = self.state.step + steps
        self._forward(min(step, self._limits.steps))
        self._limits.require_step(step)

    def phase(self) -> str:
        """Carry out the next phase of the step at hand; its name."""
        self._limits.require_step(self.state.step + 1)
        self.divergence = None
        name = PHASES[self.state.phase]
        if name == "update":
            self._finish_partial_step()
        else:
            self.trainer.phase()
            self._apply_due()
        return name

    def _forward(self, step: int) -> None:
        while self.state.step < step and self.divergence is None:
            due, state = self._next_event(), self.state
            if state.phase or (due and due.step == state.step):
                self._finish_partial_step()
            else:
                self._run(min(step, due.step if due else step) - state.step)
                self._apply_due()

    def _run(self, steps: int) -> None:
        while steps and self.divergence is None:
            start, interval = self.state.step, self.replayed_at_once
            since = start - self._keyframes.nearest(start).state.step
            count = min(steps, BLOCK, interval - since % interval, self._steps_to_validation())
            block = self.trainer.run(count)
            if not (np.isfinite(block.losses).all() and self._is_finite()):
                self._locate_divergence(start)
                return
            self._record(start, block)
            steps -= count
            here = self.state.step
            if here - self._keyframes.nearest(here).state.step >= interval:
                longest = self._steps_in(keyframes.LONGEST_REPLAY)
                budget = min(keyframes.BUDGET, self._limits.past_bytes)
                self._keyframes.add(self._copy(), longest, budget)

    def _finish_partial_step(self) -> None:
        """Carry out the rest of the step at hand phase by phase, with the events on the way."""
        start = self.state.step
        block = self._up_to_the_update()
        self.trainer.phase()
        if not (np.isfinite(block.losses).all() and self._is_finite()):
            self._locate_divergence(start)
            return
        self._record(start, block)
        self._apply_due()

    def _up_to_the_update(self) -> Block:
        """Carry out the phases before the update, with the events on the way.

        What this step records is known then.
        """
        while self.state.phase < len(PHASES) - 1:
            self.trainer.phase()
            self._apply_due()
        trainer = self.trainer
        return Block(
            np.array([trainer.preview().loss]),
            np.array([trainer.gradient_norm()]),
            np.array([trainer.learning_rate]),
        )

    def _is_finite(self) -> bool:
        """Whether the parameters are finite, and the loss of the step to come."""
        parameters = self.state.parameters
        if norm(parameters) < HARMLESS:
            return True
        return bool(np.isfinite(parameters).all() and np.isfinite(self.trainer.preview().loss))

    def _record(self, start: int, block: Block) -> None:
        known = len(self.history) - start
        if known < len(block.losses):
            self.history.extend(
                block.losses[known:], block.gradient_norms[known:], block.learning_rates[known:]
            )
        self._validate()

    # --- validation ---------------------------------------------------------------------------

    def _validate(self) -> None:
        """Measure the loss on the rows held back where that is due here and not known yet."""
        state, curve = self.state, self.history.validation
        if state.position or not is_due(state.epoch) or state.step <= curve.last_step:
            return
        loss = self.trainer.validation_loss()
        if loss is not None:
            curve.add(state.step, loss)

    def _steps_to_validation(self) -> int:
        """How many steps may be taken before the loss on the rows held back has to be measured."""
        if self.trainer.data.validation is None:
            return BLOCK
        known = self.history.validation.last_step - self.state.step
        return known if known > 0 else self.trainer.steps_left(next_due(self.state.epoch))

    # --- divergence ---------------------------------------------------------------------------

    def _locate_divergence(self, start: int) -> None:
        """Replay from before `start`, step by step, and stop before the step that breaks.

        A loss that overflows is the doing of the update before it, in whichever block that was;
        unless a person moved a parameter in between.
        """
        if start > 0 and not self._was_moved(start):
            start -= 1
        self._restore(start)
        good = start  # the last step that began with a finite loss
        while True:
            before = self.state.copy()
            block = self._up_to_the_update()
            if not np.isfinite(block.losses).all():
                self._stop(good, self.state.step - 1, int(np.abs(before.parameters).argmax()))
                return
            self.trainer.phase()
            self._record(before.step, block)
            broken = np.flatnonzero(~np.isfinite(self.state.parameters))
            if len(broken):
                self._stop(before.step, before.step, int(broken[0]))
                return
            self._apply_due()
            good = before.step

    def _was_moved(self, step: int) -> bool:
        done = self.events[: self._cursor]
        return any(e.step == step and KINDS[e.kind].discards_partial_step for e in done)

    def _stop(self, good: int, step: int, index: int) -> None:
        value = float(self.state.parameters[index])
        label = self.state.layout.label(index)
        self._restore(good)
        self.history.truncate(good)
        self.divergence = Divergence(max(step, good), label, value)

    # --- events -------------------------------------------------------------------------------

    def do(self, kind: str, **arguments: Any) -> None:
        """Do something to the run, here.  `RequestError`, and nothing changed, where it can't be.

        A setting that training does not look at is no event: it holds in past and future alike.
        """
        if kind == "set" and arguments["name"] in _viewed(self.config):
            config = self.config.replace(**{arguments["name"]: arguments["value"]})
            self._limits.require(config, self.trainer.data.rows)
            self.trainer.configure(config)
            return
        discards = KINDS[kind].discards_partial_step and self.state.phase > 0
        phase = 0 if discards else self.state.phase
        event = Event(self.state.step, phase, kind, tuple(arguments.items()))
        # Raises before anything is touched.
        after = apply(event, self._situation(self.state.copy()))
        self._limits.require(after.config, after.data.rows)
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
        """Go back to where the step at hand began; settings changed inside it are kept."""
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

    def _next_event(self) -> Event | None:
        return self.events[self._cursor] if self._cursor < len(self.events) else None

    def _apply_due(self) -> None:
        """Carry out the events of this very moment that have not been yet."""
        here = (self.state.step, self.state.phase)
        while (event := self._next_event()) and (event.step, event.phase) <= here:
            self._adopt(apply(event, self._situation(self.state)))
            self._cursor += 1

    def _situation(self, state: State) -> Situation:
        return Situation(self.config, self.trainer.data, state)

    def _adopt(self, now: Situation) -> None:
        """Go on from there; with another trainer where the shape or the data is another."""
        trainer = self.trainer
        same_shape = now.state.layout.places == trainer.state.layout.places
        if same_shape and now.data is trainer.data:
            trainer.configure(now.config)
            if now.state is not trainer.state:
                trainer.state.assign(now.state)
            return
        if same_shape:
            model = trainer.model.astype(now.config.dtype)
        else:
            model = build_model(now.config, now.data)
        self.trainer = Trainer.resume(model, now.data, now.config, now.state)

    # --- going back ---------------------------------------------------------------------------

    def seek(self, step: int, phase: int = 0) -> None:
        """Go to a step of this branch, and so many phases into it; to the bit as it was."""
        if not 0 <= step <= self.tip:
            raise ValueError(f"step {step} is not between 0 and {self.tip}")
        for _ in self.seeking(step, phase):
            pass

    def seeking(self, step: int, phase: int = 0) -> Generator[float]:
        """Go there bit by bit, yielding which part of the way is done; `seek` in one go.

        Given up on the way, it stands where it was before.
        """
        here, config, divergence = self._copy(), self.config, self.divergence
        self.divergence = None
        try:
            yield from self._replay(step, phase)
        except GeneratorExit:
            self._go_to(here, config)
            self._cursor, self.divergence = here.cursor, divergence
            raise

    def back(self) -> None:
        """Go back a phase when inside a step, else a step; nothing at the start."""
        for _ in self.seeking(*self.before):
            pass

    @property
    def before(self) -> tuple[int, int]:
        """Where the phase or step before this is, as step and phase; here, at the start."""
        step, phase = self.state.step, self.state.phase
        return (step, phase - 1) if phase else (max(0, step - 1), 0)

    def _restore(self, step: int) -> None:
        for _ in self._replay(step):
            pass

    def _replay(self, step: int, phase: int = 0) -> Iterator[float]:
        before = self.config
        nearest = self._keyframes.nearest(step)
        self._go_to(nearest, before)
        self._apply_due()
        start = self.state.step
        while self.state.step < step and self.divergence is None:
            self._forward(min(step, self.state.step + self.replayed_at_once))
            if self.state.step < step:
                yield (self.state.step - start) / (step - start)
        while self.state.phase < phase:
            self.trainer.phase()
            self._apply_due()
        self.trainer.configure(_looking(before, self.config))

    def _go_to(self, frame: Keyframe, config: Config) -> None:
        """Stand at a keyframe, under the settings of then, but for those that only are viewed."""
        self._adopt(Situation(_looking(config, frame.config), frame.data, frame.state))
        self._cursor = frame.cursor

    def _copy(self) -> Keyframe:
        return Keyframe(self.state.copy(), self.config, self.trainer.data, self._cursor)

    def newest_keyframes(self, room: int) -> list[Keyframe]:
        """The newest up to here and older ones, ever further apart, in about so many bytes."""
        return self._keyframes.newest(self.state.step, room)

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
        """The kept run of this number, at its end, which keeps this one beside it in its place.

        `RequestError` where there is none.
        """
        kept = self.kept_run(number)
        timeline = self.of_kept(kept)
        self.kept.remove(kept)
        self.keep()
        timeline.kept.extend(self.kept)
        return timeline

    def kept_run(self, number: int) -> KeptCurve:
        """The kept run of this number; `RequestError` where there is none."""
        for kept in self.kept:
            if kept.number == number:
                return kept
        raise RequestError(f"there is no kept run {number}")

    def keep(self, start: int = 0) -> None:
        """Keep the run so far as a curve to compare with; at most three, the oldest goes."""
        if len(self.history) > start:
            self.kept.append(self.as_kept(start))

    def succeed(self, other: "Timeline") -> None:
        """Take the place of another run: its curves are kept where they measure the same thing."""
        self.kept.clear()
        if all(getattr(self.config, name) == getattr(other.config, name) for name in _MEASURED_BY):
            if len(other.history) > len(self.history):
                other.keep()
            self.kept.extend(other.kept)

    def restart(self, config: Config | None = None) -> None:
        """Begin again from the same start under the settings now in force, or under another Config.

        The old curve is kept where it still measures the same thing.
        """
        if config:
            self._limits.require(config)
        changed = self._changed(config or self.config)
        if config and any(each.effect == "restart" for each in changed):
            trainer = self._trainer_of(config, changed)  # raises before anything is touched
            self.keep()
            if any(each.name in _MEASURED_BY for each in changed):
                self.kept.clear()
            self.trainer = trainer
        else:
            first, settings_now = self.first, self._first_shape(config or self.config)
            frozen_names(first.state.layout, settings_now.freeze)  # raises where that isn't there
            self.keep()
            # An optimizer or a schedule that came later begins with what it remembers at first.
            self._adopt(Situation(first.config, first.data, first.state))
            self.trainer.configure(settings_now)
        self.divergence = None
        self._begin()

    def beginning(self, config: Config) -> Trainer:
        """The trainer that a restart under this Config would begin with; this run stays as it is.

        `RequestError` where there is none.
        """
        changed, first = self._changed(config), self.first
        if any(each.effect == "restart" for each in changed):
            return self._trainer_of(config, changed)
        model = build_model(first.config, first.data)
        trainer = Trainer.resume(model, first.data, first.config, first.state)
        trainer.configure(self._first_shape(config))
        return trainer

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

    def _trainer_of(self, config: Config, changed: list[Setting]) -> Trainer:
        """The trainer of another Config; on the same data where what it says of them is the same.

        They may have come from elsewhere than the Config, and a large file takes its time.
        """
        other_data = any(each.name in (*_DATA, "experiment") for each in changed)
        return Trainer.from_config(config, None if other_data else self.first.data)


def _viewed(config: Config) -> set[str]:
    """The settings that training does not look at; a schedule looks at the planned epochs."""
    names = {each.name for each in settings() if each.effect == "view"}
    return names - {"epochs"} if SCHEDULES[config.schedule].ends else names


def _looking(old: Config, new: Config) -> Config:
    """The new settings, with those that only the view looks at as they were."""
    return new.replace(**{name: getattr(old, name) for name in _viewed(new)})
