"""The clean twin: the run as it would be had its gradients been zeroed before every step."""

from nn_core.config import Config
from nn_core.run.events import Event
from nn_core.run.history import History
from nn_core.run.kept import End
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer


class Twin:
    """A run beside another, from the same start; what is done to the one is done to it too.

    Only the zeroing isn't: the twin always zeroes.
    """

    def __init__(self, original: Timeline) -> None:
        self.original = original
        self._begin()

    def _begin(self) -> None:
        original, first = self.original, self.original.first
        self._first = first
        model = original.model_at(first)
        config = first.config.replace(**original.viewed, zero_gradients=True)
        self._timeline = Timeline(Trainer.resume(model, first.data, config, first.state.copy()))
        self._timeline.bind(original.limits)
        self._end: tuple[int, End] | None = None  # at which step, what it was

    @property
    def trained(self) -> tuple[Config, ...]:
        """The settings that its steps were trained with, each once, in their order."""
        return self._timeline.trained

    @property
    def history(self) -> History:
        """What it recorded of its steps."""
        return self._timeline.history

    @property
    def step(self) -> int:
        """The step where it stands: the run's, or one on the way there."""
        return self._timeline.state.step

    @property
    def tip(self) -> int:
        """The furthest step that it came to."""
        return self._timeline.tip

    @property
    def end(self) -> End | None:
        """Its losses where the run stands; None while it isn't there."""
        state, trainer = self._timeline.state, self._timeline.trainer
        if state.step != self.original.state.step:
            return None
        if self._end is None or self._end[0] != state.step:
            self._end = state.step, End(trainer.loss(), trainer.validation_loss())
        return self._end[1]

    @property
    def is_behind(self) -> bool:
        """Whether it has to go on, or back, to be where the run is."""
        behind = self._steps_behind
        return behind < 0 or (behind > 0 and self._timeline.divergence is None)

    @property
    def _steps_behind(self) -> int:
        return self.original.state.step - self.step

    def follow(self, steps: int) -> None:
        """Do what was done to the run, and take so many of its steps at most.

        Where the run was taken back to a step, the twin goes back to that step too.
        """
        if self._first is not self.original.first:
            self._begin()
        done, known = _without_zeroing(self.original.events), len(self._timeline.events)
        late = any(event.step < self.tip for event in done[known:])
        if done[:known] != self._timeline.events or late:
            self._begin()  # the run was changed in its past
            known = 0
        timeline, new, step = self._timeline, done[known:], self.original.state.step
        timeline.events += new
        if new:
            self._end = None
        is_changed_here = any(event.step == self.step for event in new)
        if step < self.step or is_changed_here:
            timeline.seek(min(step, self.tip))
        if self.is_behind:
            timeline.advance(min(steps, self._steps_behind))


def _without_zeroing(events: list[Event]) -> list[Event]:
    return [event for event in events if event.named.get("name") != "zero_gradients"]
