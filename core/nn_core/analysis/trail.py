"""The trail: where some parameters of a run stood at its last steps, replayed beside the run.

Nothing is recorded for it while nobody looks.  Who does has the last steps replayed on a shadow of
the Timeline, and from there on followed step by step.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array
from nn_core.run.timeline import Timeline

LENGTH = 50  # steps


@dataclass(frozen=True, eq=False)
class PastSteps:
    """Where the parameters stood at each of some steps: values (steps, parameters), and the loss.

    The loss is the recorded one, of that step's batch before its update, with the penalties.
    """

    steps: Array
    values: Array
    losses: Array


def no_past_steps() -> PastSteps:
    """Of a run that has just begun."""
    return PastSteps(np.empty(0, int), np.empty((0, 2)), np.empty(0))


class Trail:
    """The last steps of a timeline, of the parameters at these flat indices."""

    def __init__(self, timeline: Timeline, indices: Sequence[int]) -> None:
        self.indices = tuple(indices)
        self._length = min(LENGTH, timeline.replayed_at_once - 1)
        self._history, self._events = timeline.history, [*timeline.events]
        self._places = timeline.state.layout.places
        self._shadow = timeline.shadow()
        self._past_steps: deque[tuple[int, Array, float]] = deque(maxlen=max(0, self._length))

    def leads_to(self, timeline: Timeline, indices: Sequence[int]) -> bool:
        """Whether it can be followed to where the timeline is: its past is still the same."""
        return (
            self.indices == tuple(indices)
            and self._history is timeline.history
            and self._events == timeline.events
            and self._places == timeline.state.layout.places
        )

    def up_to(self, timeline: Timeline) -> PastSteps:
        """The steps before the one where the timeline stands, the oldest first."""
        end = timeline.state.step
        first = max(0, end - self._length)
        shadow = self._shadow
        if first < end:
            if not self._reaches(first, end, timeline.replayed_at_once):
                self._past_steps.clear()
                shadow.seek(first)
            while shadow.state.step < end:
                if shadow.state.step >= first:
                    self._take_note(timeline)
                    shadow.advance(1)
                else:
                    shadow.advance(first - shadow.state.step)
        past_steps = [past for past in self._past_steps if first <= past[0] < end]
        return PastSteps(
            np.array([step for step, _, _ in past_steps], int),
            np.array([values for _, values, _ in past_steps]).reshape(
                len(past_steps), len(self.indices)
            ),
            np.array([loss for _, _, loss in past_steps]),
        )

    def _reaches(self, first: int, end: int, far: int) -> bool:
        """Whether going on is all it takes."""
        here = self._shadow.state.step
        known = self._past_steps and self._past_steps[0][0] <= first
        return here <= end and (bool(known) or here <= first <= here + far)

    def _take_note(self, timeline: Timeline) -> None:
        state, trainer = self._shadow.state, self._shadow.trainer
        if state.layout.places != self._places:
            return  # before a unit came or went these numbers were others
        loss = timeline.history.losses.at(state.step)
        if trainer.config.l1 or trainer.config.l2:
            loss += trainer.penalty()
        self._past_steps.append(
            (state.step, state.parameters[list(self.indices)].astype(float), loss)
        )
