"""The step view: the phases of the step at hand, each with its numbers."""

from dataclasses import dataclass

from nn_core.insights.moment import Insight, Moment
from nn_core.state import PHASES


@dataclass(frozen=True, eq=False)
class StepInsight(Insight):
    """How far the step at hand is: `done` of its phases, 0 between two steps.

    Right after an update carried out by hand all are done, and `step` is the one that it ended.
    """

    step: int = 0
    done: int = 0


def look(moment: Moment) -> StepInsight:
    """Work out what the step view shows."""
    state = moment.timeline.state
    if moment.before_update is not None:
        return StepInsight(step=moment.before_update.step, done=len(PHASES))
    return StepInsight(step=state.step, done=state.phase)
