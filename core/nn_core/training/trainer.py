"""The Trainer: carries out training steps, whole or phase by phase.

It is compiled from a Config, a data set and a model, and knows nothing of threads, history, going
back or people.  A step is five phases: zero the gradients, forward, loss, backward, update.
"""

from copy import deepcopy
from dataclasses import replace
from os import PathLike
from typing import Any

import numpy as np

from nn_core.arrays import Array, full
from nn_core.config import CONSTANTS, Config
from nn_core.data.dataset import Dataset
from nn_core.models import Model, Pass, one_after_another, weights
from nn_core.models.losses import loss_for
from nn_core.optim import penalties
from nn_core.optim.clipping import clipped
from nn_core.optim.freezing import frozen_numbers, holding, with_frozen_names
from nn_core.optim.optimizers import optimizer_of
from nn_core.optim.schedules import SCHEDULES, Plateau, Schedule
from nn_core.training import start
from nn_core.training.batches import Batches
from nn_core.training.loop import BLOCK, Loop
from nn_core.training.questions import Questions
from nn_core.training.records import Block, Preview, Step
from nn_core.training.state import PHASES, State

# Numbers that overflow are recorded as they come: a divergence is told by them, not by a warning.
_OVERFLOWING = np.errstate(all="ignore")
# Settings that are compiled in; the others are looked up when they are needed.
_COMPILED = {"loss", "batch_size", "shuffle", "seed", "optimizer", "schedule", "freeze", "clip"}
_COMPILED |= {"class_weight", "l1", "l2", *CONSTANTS}


class Trainer(Questions):
    """Trains a model on a data set, as a Config says.

    `Trainer(model, data, **settings)` takes the Config's fields as keywords:
    `Trainer(Quadratic(), data, loss="mae", learning_rate=0.01)`.  What isn't given is as on the
    command line: MSE for a network, cross-entropy for classes.  The model given is the one that is
    trained, unless `dtype` is another.  `Trainer.from_config` makes model and data too.

    A last partial batch takes the mean over the rows that it has.  A full batch visits the rows in
    file order, shuffled or not, since their order then changes nothing but the rounding.
    """

    @_OVERFLOWING
    def __init__(
        self, model: Model, data: Dataset, config: Config | None = None, **settings: Any
    ) -> None:
        self._begin(model, data, start.config_for(model, data, config, settings))

    def _begin(self, model: Model, data: Dataset, config: Config) -> None:
        self.config, self.data = start.fitted_loss(config, data), data
        dtype = self.config.dtype
        self.model: Model = model if model.flat.dtype == dtype else model.astype(dtype)
        size = self.model.flat.size
        self._batch_gradient = full(size, 0.0, dtype)  # alone, not summed up
        self._rate = np.array(self.config.learning_rate, dtype)  # of the current step
        self.state = State(self.model.layout, self.model.flat, np.zeros(size, dtype))
        start.renew_memory(self.state, self.config, optimizer=True, schedule=True)
        self.weights_loaded: weights.Fit | None = None  # what the start took from a file
        self.config = with_frozen_names(self.config, self.model.layout)
        self.frozen = frozen_numbers(self.model.layout, self.config.freeze)
        start.require_suited(self.config, data)
        self._compile()

    @classmethod
    def from_config(
        cls,
        config: Config | str = "quadratic",
        data: Dataset | str | PathLike[str] | None = None,
        **settings: Any,
    ) -> "Trainer":
        """The model, the data and the trainer that a Config describes.

        A name is that of an experiment, as on the command line: `from_config("mlp", hidden=(8,))`.
        `data` may be a name or a file's path too.  A Dataset is scaled and split as the settings
        say, unless it is already.
        """
        if isinstance(data, str | PathLike):
            settings, data = {**settings, "data": data}, None
        config, loss = start.asked(config, settings)
        trainer = cls.begun(config, data)
        start.require_loss(loss, trainer.data)
        return trainer

    @classmethod
    def begun(cls, config: Config, data: Dataset | None = None) -> "Trainer":
        """As `from_config`, of a whole Config; its loss gives way where the targets are classes."""
        model, data, config, fit = start.begin(config, data)
        trainer = cls.of(model, data, config)
        trainer.weights_loaded = fit
        return trainer

    @classmethod
    @_OVERFLOWING
    def of(cls, model: Model, data: Dataset, config: Config) -> "Trainer":
        """A trainer of a model and data made as this Config says, which isn't checked again."""
        trainer = cls.__new__(cls)
        trainer._begin(model, data, config)
        return trainer

    @classmethod
    def resume(cls, model: Model, data: Dataset, config: Config, state: State) -> "Trainer":
        """Go on from a state with a model of its shape, whose own parameters don't matter."""
        trainer = cls.of(model, data, config)
        trainer.state.assign(state)
        return trainer

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies and pickles are compiled anew, over arrays of their own."""
        made_of = self.model, self.data, self.config, self.state
        return Trainer.resume, made_of, {"weights_loaded": self.weights_loaded}

    def __copy__(self) -> "Trainer":
        return deepcopy(self, {id(self.data): self.data})  # one that learns alone, on the same data

    def __repr__(self) -> str:
        state, config = self.state, self.config
        return (
            f"<Trainer of {self.model.describe()} on {self.data.rows} rows: {config.loss}, "
            f"{config.optimizer}, learning rate {self.learning_rate:g}, step {state.step}>"
        )

    # --- settings ---------------------------------------------------------------------------

    @_OVERFLOWING
    def configure(self, config: Config) -> None:
        """Let other settings rule from here on; compile again only what they change."""
        start.require_suited(config, self.data)  # raises before anything changes, as the next does
        config = with_frozen_names(config, self.state.layout)
        before, self.config = self.config, config
        changed = {name for name in _COMPILED if getattr(before, name) != getattr(config, name)}
        if changed:
            start.renew_memory(self.state, config, "optimizer" in changed, "schedule" in changed)
            if "batch_size" in changed:
                self.state.position = 0  # an epoch cut differently starts again
            self.frozen = frozen_numbers(self.state.layout, config.freeze)
            self._compile()

    @property
    def batch_size(self) -> int:
        """Rows in a batch; all of them where the Config says 0 or more than there are."""
        asked = self.config.batch_size
        return self.data.rows if asked == 0 else min(asked, self.data.rows)

    @property
    def steps_per_epoch(self) -> int:
        """Updates that one pass over the data makes; the last may have fewer rows."""
        return -(-self.data.rows // self.batch_size)

    def is_frozen(self, index: int) -> bool:
        """Whether the parameter at a flat index gets no update."""
        return self.frozen is not None and bool(self.frozen[index])

    def steps_left(self, epochs: int) -> int:
        """Steps from here to the end of that many epochs; 0 where they are over."""
        done = self.state.epoch * self.steps_per_epoch + self.state.position // self.batch_size
        return max(0, epochs * self.steps_per_epoch - done)

    def _compile(self) -> None:
        self.loss_function, self._validation_loss = loss_for(self.config, self.data.y), None
        self._batches = Batches(
            self.data, self.batch_size, self.config, _OVERFLOWING(self._compile_pass)
        )
        optimizer = optimizer_of(self.config)
        self._update = optimizer.compile(self.state.parameters, self.state.slots, self._rate)
        if self.frozen is not None:
            slots = [
                self.state.slots[name] for name, kind in optimizer.slots.items() if kind == "vector"
            ]
            self._update = holding(self._update, [self.state.parameters, *slots], self.frozen)
        if self.config.clip:
            self._update = clipped(self._update, self.config.clip, self.frozen)
        free = None if self.frozen is None else self.free
        self._loop = Loop(self._batch_gradient, self.state.gradient, self._rate, self._update, free)
        watcher, memory = self._schedule.watcher, self.state.slots.get(self.config.schedule)
        self._watcher = watcher(memory) if watcher and memory is not None else None

    def _compile_pass(self, rows: int) -> Pass:
        """The model's pass over so many rows, penalties in its gradient."""
        config, state, data = self.config, self.state, self.data
        found = self.model.compile(data.x, data.y, rows, self.loss_function, self._batch_gradient)
        if not (config.l1 or config.l2):
            return found
        penalise = penalties.compile_gradient(
            state.layout, state.parameters, self._batch_gradient, config.l1, config.l2
        )
        return replace(found, backward=one_after_another(found.backward, penalise))

    # --- batches ----------------------------------------------------------------------------

    def batch_rows(self) -> Array:
        """The data set's rows, by number, that the current step looks at."""
        return self._batches.rows(self.state)

    def _finish_steps(self, count: int) -> None:
        """Count steps that are done: several only where each is a whole epoch."""
        state = self.state
        state.step += count
        state.phase = 0
        state.position += self._batches.size
        if state.position >= self.data.rows:
            state.position = 0
            state.epoch += count

    # --- training ---------------------------------------------------------------------------

    @_OVERFLOWING
    def phase(self) -> str:
        """Carry out the next phase of the current step; its name."""
        state, current = self.state, self._batches.current(self.state)
        name = PHASES[state.phase]
        if name == "zero":
            if self.config.zero_gradients:
                state.gradient.fill(0)
        elif name == "forward":
            current.forward()
        elif name == "loss":
            current.loss()
        elif name == "backward":
            current.forward()  # again: who looked ahead meanwhile used the same arrays
            current.loss()
            current.backward()
            state.gradient += self._batch_gradient
        else:
            self._rate[...] = self.learning_rate
            self._update(state.gradient)
            if self._watcher:
                self._observe(self._watcher, current.loss())
        if name == "update":
            self._finish_steps(1)
        else:
            state.phase += 1
        return name

    def step(self) -> Step:
        """Carry out one step, or finish the current one, and say what it did."""
        index, epoch, rate = self.state.step, self.state.epoch, self.learning_rate
        before = self.state.parameters.copy()
        loss = self.preview().loss
        if self.state.phase:
            while self.state.phase:
                self.phase()
        else:
            self.run(1)
        views = self.state.layout.views
        return Step(
            index,
            epoch,
            loss,
            rate,
            views(self.state.gradient.copy()),
            views(self.state.parameters - before),
        )

    @_OVERFLOWING
    def run(self, steps: int) -> Block:
        """Carry out so many whole steps, and return what they recorded.

        Numbers that overflow are recorded as they come; whoever asked looks at the losses.
        `RuntimeError` inside a step that was begun phase by phase.
        """
        if self.state.phase:
            raise RuntimeError("a step is only half done: finish it phase by phase")
        if steps < 0:
            raise ValueError(f"steps are counted from 0; not {steps}")
        losses, means, squares = np.empty(steps), np.empty(steps), np.empty(steps)
        rates = self._rates(steps)
        adds_up, rate_changes = not self.config.zero_gradients, self.config.schedule != "constant"
        # Where batches or the rate depend on what has just happened, a stretch is one step.
        stretch = BLOCK if self._batches.is_full_batch and not self._watcher else 1
        for at in range(0, steps, stretch):
            some = slice(at, min(at + stretch, steps))
            if self._watcher:
                rates[at] *= self._watcher.factor
            current = self._batches.current(self.state)
            means[some] = current.mean
            self._loop.run(current, losses[some], squares[some], rates[some], adds_up, rate_changes)
            if self._watcher:
                self._observe(self._watcher, losses[at] * current.mean)
            self._finish_steps(some.stop - at)
        losses *= means
        norms = np.sqrt(squares, out=squares)
        if steps and self.config.zero_gradients:
            self.state.gradient[:] = self._batch_gradient
        return Block(losses, norms, rates)

    def _rates(self, steps: int) -> Array:
        """The learning rates of the next steps, as far as they can be told beforehand."""
        total = max(1, self.config.epochs * self.steps_per_epoch)
        ahead = np.arange(self.state.step, self.state.step + steps)
        return self.config.learning_rate * self._schedule.factor(ahead, total)

    @property
    def _schedule(self) -> Schedule:
        return SCHEDULES[self.config.schedule]

    @property
    def learning_rate(self) -> float:
        """The learning rate of the current step, under the schedule."""
        return float(self._rates(1)[0]) * (self._watcher.factor if self._watcher else 1.0)

    def _observe(self, watcher: Plateau, loss: float) -> None:
        """Let a schedule that watches the losses see that of the current step."""
        epoch_is_over = self.state.position + self._batches.size >= self.data.rows
        watcher.observe(loss, epoch_is_over, self.config.learning_rate)

    @_OVERFLOWING
    def gradient_norm(self) -> float:
        """The length of the gradient that stands in the state, as `run` records it."""
        return self._loop.gradient_norm(self.state.gradient)

    # --- looking ahead ----------------------------------------------------------------------

    @_OVERFLOWING
    def preview(self) -> Preview:
        """What the current step computes, without taking it: loss, gradient and update.

        Inside a step the gradient is the one that stands there after the phases done so far.
        """
        state, current = self.state, self._batches.current(self.state)
        current.forward()
        loss = current.loss()
        gradient = state.gradient.copy()
        if state.phase == 0:
            current.backward()
            if self.config.zero_gradients:
                gradient[:] = self._batch_gradient
            else:
                gradient += self._batch_gradient
        before = state.copy()
        self._rate[...] = self.learning_rate
        self._update(gradient.copy())  # clipping changes what it is given
        update = state.parameters - before.parameters
        state.assign(before)
        return Preview(loss, gradient, update)

    @_OVERFLOWING
    def batch_gradient(self) -> Array:
        """The gradient of the current batch alone, penalties included, a flat vector.

        It is what the backward phase adds to the one that stands in the state.
        """
        current = self._batches.current(self.state)
        current.forward()
        current.loss()
        current.backward()
        return self._batch_gradient.copy()
