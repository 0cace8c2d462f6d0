"""Where a task's goal was reached first: one key may have gone on past that step.

What a task then says is of that step, whatever led there: steps one by one, ten at once, a run.
"""

from collections.abc import Sequence
from dataclasses import replace

from nn_core.explain.capture import capture_snapshot
from nn_core.explain.outcomes import Moved
from nn_core.explain.snapshot import Snapshot
from nn_core.lessons.goals import Comparison
from nn_core.lessons.names import Moment
from nn_core.run.timeline import Timeline


def may_have_been_before(before: Snapshot, now: Snapshot) -> bool:
    """Whether there are steps between a task's start and the one on show, where no hand did it."""
    is_by_hand = now.phase > 0 or isinstance(now.outcome, Moved)
    return now.step > before.step + 1 and not is_by_hand


def first_reached(
    timeline: Timeline, goal: Sequence[Comparison], before: Snapshot, now: Snapshot
) -> int:
    """The first step of the task at which the whole goal held; it does at `now`."""
    timed = [each for each in goal if each.left in ("step", "epoch")]  # cheaply known beforehand
    past = timeline.shadow()
    for step in range(before.step, min(now.step, timeline.tip)):
        there = replace(now, step=step, epoch=timeline.epoch_of(step))
        if not all(each.holds(Moment(there, before)) for each in timed):
            continue
        past.seek(step)
        there = capture_snapshot(past, now.scene, now.request, now.activity)
        if all(each.holds(Moment(there, before)) for each in goal):
            return step
    return now.step
