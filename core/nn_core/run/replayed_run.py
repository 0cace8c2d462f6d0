"""A run that can be gone back over: its events, losses and keyframes, and how steps are replayed.

Going back is restoring the nearest keyframe and replaying from it, events included; since a step is
a function of the state alone, that gives the same bits as the first time.  Doing something in the
past begins a branch there.
"""

from collections.abc import Generator, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from nn_core.arrays import Array, norm
from nn_core.config import Config
from nn_core.config.limits import NO_LIMITS, Limits
from nn_core.data.dataset import Dataset
from nn_core.run import keyframes
from nn_core.run.chosen import Chosen
from nn_core.run.epochs import epochs_of
from nn_core.run.events import KINDS, Event, Situation, apply
from nn_core.run.history import History
from nn_core.run.kept import KeptRuns
from nn_core.run.keyframes import Keyframe, Keyframes
from nn_core.run.viewed import viewed_settings, with_view_of
from nn_core.training.loop import BLOCK
from nn_core.training.records import Block
from nn_core.training.start import build_model
from nn_core.training.state import PHASES, State
from nn_core.training.trainer import Trainer

HARMLESS = 1e6  # a length of the parameters below which their loss isn't looked at ahead of time


@dataclass(frozen=True)
class Divergence:
    """Why training stopped by itself: the step whose update broke, and the parameter it broke."""

    step: int
    parameter: str
    value: float


class ReplayedRun:
    """A run with a past: `advance`, `phase`, `do`, `seek`, `back`.

    Its step 0 is where the trainer stands when it is given, whatever it did before.
    """

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self._limits = NO_LIMITS
        state = trainer.state
        state.step = state.epoch = state.position = state.phase = 0
        self.kept = KeptRuns()
        self.divergence: Divergence | None = None
        self.point = 0  # the row of the data that a person looks at
        self.chosen: Chosen | None = None  # what else they look at
        self._begin()

    def _begin(self) -> None:
        self.history = History()
        self.events: list[Event] = []
        self._in_force: tuple[list[Event], list[Config]] = ([], [])  # after each of these events
        self._cursor = 0  # events that have been carried out
        self._keyframes = Keyframes(self._copy())
        self.history.validation.measure(self.trainer)

    def bind(self, limits: Limits) -> None:
        """Refuse from now on whatever goes beyond these limits.

        Raises `RequestError`, and nothing is changed, where the run goes beyond them itself, here
        or at another of its steps.
        """
        if limits != NO_LIMITS:
            for config, data in self._configs():
                limits.require(config, *data.extent)
            limits.require_step(self.tip)
        self._limits = limits

    @property
    def limits(self) -> Limits:
        """The limits that it is bound to."""
        return self._limits

    def _configs(self) -> Iterator[tuple[Config, Dataset]]:
        """The settings from each event on, from the start, and the data that there are then."""
        now = Situation(self.first.config, self.first.data, self.first.state.copy())
        yield with_view_of(self.config, now.config), now.data
        for event in self.events:
            now = apply(event, now)
            yield with_view_of(self.config, now.config), now.data

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
        return {name: getattr(self.config, name) for name in sorted(viewed_settings(self.config))}

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
        """The epoch that each of these steps lies in."""
        first = self.first
        return epochs_of(steps, self.events, first.data.rows, first.config.batch_size)

    def epoch_of(self, step: int) -> int:
        """The epoch that a step lies in."""
        return int(self.epochs(np.array([step]))[0])

    def _steps_in(self, seconds: float) -> int:
        """How many steps are replayed in so many seconds, about; at least 1."""
        size, rows = self.state.parameters.size, self.trainer.batch_size
        return max(1, int(seconds / (4e-6 + 1.6e-10 * size * rows)))

    @property
    def replayed_at_once(self) -> int:
        """How many steps can be replayed in a moment: so far apart lie the keyframes."""
        return self._steps_in(keyframes.REPLAY_SECONDS)

    def shadow(self) -> Self:
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
        self._go_on_to(min(step, self._limits.steps))
        self._limits.require_step(step)

    def phase(self) -> str:
        """Carry out the next phase of the current step; its name."""
        self._limits.require_step(self.state.step + 1)
        self.divergence = None
        name = PHASES[self.state.phase]
        if name == "update":
            self._finish_partial_step()
        else:
            self.trainer.phase()
            self._apply_due()
        return name

    def _go_on_to(self, step: int) -> None:
        while self.state.step < step and self.divergence is None:
            due, state = self._next_event(), self.state
            if state.phase or (due and due.step == state.step):
                self._finish_partial_step()
            else:
                self._take_steps(min(step, due.step if due else step) - state.step)
                self._apply_due()

    def _take_steps(self, steps: int) -> None:
        while steps and self.divergence is None:
            start, interval = self.state.step, self.replayed_at_once
            since = start - self._keyframes.nearest(start).state.step
            unmeasured = self.history.validation.steps_to_next(self.trainer)
            count = min(steps, BLOCK, interval - since % interval, unmeasured)
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
        """Carry out the rest of the current step phase by phase, with the events on the way."""
        start = self.state.step
        block = self.up_to_the_update()
        self.trainer.phase()
        if not (np.isfinite(block.losses).all() and self._is_finite()):
            self._locate_divergence(start)
            return
        self._record(start, block)
        self._apply_due()

    def up_to_the_update(self) -> Block:
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
        self.history.validation.measure(self.trainer)

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
            block = self.up_to_the_update()
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

    # --- events that are due ------------------------------------------------------------------

    def _next_event(self) -> Event | None:
        return self.events[self._cursor] if self._cursor < len(self.events) else None

    def _apply_due(self) -> None:
        """Carry out the events of this very moment that have not been yet."""
        here, first = (self.state.step, self.state.phase), self._cursor
        while (event := self._next_event()) and (event.step, event.phase) <= here:
            self._adopt(apply(event, self._situation(self.state)))
            self._cursor += 1
        if self._cursor > first and self._was_moved(here[0]):
            self.history.validation.measure(self.trainer, anew=True)

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
            self._go_on_to(min(step, self.state.step + self.replayed_at_once))
            if self.state.step < step:
                yield (self.state.step - start) / (step - start)
        while self.state.phase < phase:
            self.trainer.phase()
            self._apply_due()
        self.trainer.configure(with_view_of(before, self.config))

    def _go_to(self, frame: Keyframe, config: Config) -> None:
        """Stand at a keyframe, under the settings of then, but for those that only are viewed."""
        self._adopt(Situation(with_view_of(config, frame.config), frame.data, frame.state))
        self._cursor = frame.cursor

    def _copy(self) -> Keyframe:
        return Keyframe(self.state.copy(), self.config, self.trainer.data, self._cursor)
