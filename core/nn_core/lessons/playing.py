"""A lesson being done: which task, what was guessed, whether the goal is reached.

It judges snapshots and never asks how they came about.  What it needs done to the run, the one
that plays it does: begins a task's run, comes back to its start.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from nn_core.config import settings
from nn_core.config.key_names import setting_keys, with_keys
from nn_core.errors import RequestError
from nn_core.explain.outcomes import Moved
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed
from nn_core.lessons.goals import Comparison
from nn_core.lessons.lesson import Lesson, Task, fill
from nn_core.lessons.names import DIRECTIONS, Moment, look_up
from nn_core.lessons.progress import MARKS, LessonProgress

Stage = Literal["beginning", "asking", "doing", "done", "over"]

_SETTINGS = {each.name: each for each in settings()}
_RUN_SETTINGS = tuple(each.name for each in settings() if each.effect == "restart")
# Settings that change where a goal is about these.
_SETTINGS_BEHIND = {
    "units": ("hidden",), "parameters": ("hidden",), "kinks": ("hidden",), "data": ("noise",),
    "experiment": ("model", "hidden", "loss"),
}  # fmt: skip


def _is_about_its_setting(goal: Comparison) -> bool:
    """False where the name is a number's too, and that is meant: loss < 1.3, unlike loss == mse."""
    meant = _SETTINGS.get(goal.left)
    is_word = goal.factor is None and isinstance(goal.right, str)
    return meant is None or is_word or not isinstance(meant.default, str)


def _place(shown: Snapshot) -> tuple[object, ...]:
    """Where a run stands: its step, its loss, and all settings that what comes depends on."""
    ruling = [getattr(shown.config, each.name) for each in settings() if each.effect != "view"]
    return shown.step, shown.phase, shown.loss, *ruling


@dataclass
class Playing:
    """Where a person is in a lesson; `progress` is told of everything that is to be remembered.

    `first` is given a snapshot at which the goal holds, and finds the one of the first step at
    which it did; None where that is still looked for: then `finish` is to be called with it.
    """

    lesson: Lesson
    progress: LessonProgress
    number: int = 0  # of the task, from 0
    first: Callable[[Snapshot], Snapshot | None] = field(default=lambda now: now, repr=False)
    stage: Stage = "beginning"
    hints: int = 0  # shown so far
    is_hinting: bool = False  # whether the last of them is on show
    was_shown: bool = False  # the solution
    peeked: bool = False  # whether the goal was reached before the guess
    strayed: bool = False  # whether the run is another than the task's
    said: float | None = None
    before: Snapshot | None = field(default=None, repr=False)
    _seen: tuple[object, ...] = field(default=(), repr=False)
    _now: Snapshot | None = field(default=None, repr=False)
    _reached: Snapshot | None = field(default=None, repr=False)

    @property
    def task(self) -> Task:
        """The current task."""
        return self.lesson.tasks[min(self.number, len(self.lesson.tasks) - 1)]

    def begin(self, before: Snapshot) -> None:
        """Begin the current task where this snapshot shows the run, or begin it again."""
        self.before, self._now, self._reached, self.said = before, before, None, None
        self.peeked = self.strayed = self.is_hinting = False
        self.stage = "asking" if self.task.question else "doing"

    def see(self, now: Snapshot) -> bool:
        """Judge a snapshot; whether the task was done by it."""
        if self.before is None or self.stage not in ("asking", "doing", "done"):
            return False
        self._now = now
        if self.stage == "done":
            return False
        step = None if now.running else now.step  # which a person doesn't take
        seen = (step, now.phase, now.config, now.request.view, now.chosen.label)
        self.is_hinting = self.is_hinting and seen == self._seen
        self._seen = seen
        self.strayed = not self._is_same_run(now)
        goal, moment = self.task.goal, Moment(now, self.before)
        if self.strayed or not all(each.holds(moment) for each in goal):
            self.peeked = False
            return False
        if self.stage == "asking":
            self.peeked = bool(goal)
            return False
        first = self.first(now)
        if first is not None:
            self.finish(first)
        return first is not None

    def _is_same_run(self, now: Snapshot) -> bool:
        """Whether the run is one that the task's goal can be reached in."""
        assert self.before is not None
        aims = {each.left for each in self.task.goal if _is_about_its_setting(each)}
        free = aims | {name for aim in aims for name in _SETTINGS_BEHIND.get(aim, ())}
        then = self.before.config
        return all(
            getattr(now.config, name) == getattr(then, name) or name in free
            for name in _RUN_SETTINGS
        )

    @property
    def _undone(self) -> str:
        """A setting that the goal needs as it was at the start, and that is another now."""
        if self.before is None or self._now is None:
            return ""
        then, now = Moment(self.before, self.before), Moment(self._now, self.before)
        return next(
            (
                each.left
                for each in self.task.goal
                if each.left in _SETTINGS
                and _is_about_its_setting(each)
                and each.holds(then)
                and not each.holds(now)
            ),
            "",
        )

    @property
    def _last_step(self) -> float:
        """The step at which the goal is to be reached, where it is at no step beyond."""
        steps = [each.right for each in self.task.goal if (each.left, each.sign) == ("step", "==")]
        return min((step for step in steps if isinstance(step, float)), default=math.inf)

    @property
    def earliest(self) -> str:
        """The step or the epoch before which the task can’t be done; "" where that is no matter."""
        if self.stage != "doing" or self.before is None or self._now is None:
            return ""
        moment = Moment(self._now, self.before)
        bounds = (each for each in self.task.goal if each.left in ("step", "epoch"))
        waited = (each for each in bounds if each.sign == ">=" and not each.holds(moment))
        found = next((each for each in waited if each.factor is None), None)
        return "" if found is None else f"{found.left} {found.right:g}"

    def answer(self, typed: str, now: Snapshot) -> bool:
        """Take the person's guess; whether that alone does the task.

        `RequestError` where it is no answer.
        """
        question = self.task.question
        if question is None or self.stage != "asking":
            raise RequestError("no question is open")
        self.said = question.read(typed)
        self.stage = "doing"
        return self.see(now)

    def hint(self) -> str:
        """The next hint; "" where there is none left: then the solution can be shown."""
        if self.stage in ("asking", "doing") and self.hints < len(self.task.hints):
            self.hints, self.is_hinting = self.hints + 1, True
            return self.task.hints[self.hints - 1]
        return ""

    def finish(self, now: Snapshot) -> None:
        """Have the task done, where this snapshot was made."""
        self.stage, self._reached = "done", now
        guess = held = None
        if self.task.question is not None and self.said is not None and not self.peeked:
            moment = self.moment
            guess = self.task.question.shown(self.said, moment)
            held = self.task.question.is_right(self.said, moment)
        state = "shown" if self.was_shown or self.peeked else "done"
        self.progress.finish(self.number, state, guess, held)
        self.progress.be_at(self.number + 1)  # also of who leaves before going on

    def _still_holds(self, now: Snapshot) -> bool:
        """Whether what the task asked for is still so; where that was steps, they are the same."""
        done, goal = self._reached, self.task.goal
        if done is None or self.before is None:
            return False
        if any(each.left in ("step", "epoch", "phase") for each in goal):
            return _place(now) == _place(done)
        moment, is_same = Moment(now, self.before), self._is_same_run(now)
        holding = (each for each in goal if each.left != "moved")  # which is how it was reached
        return is_same and all(each.holds(moment) for each in holding)

    @property
    def goes_back_to(self) -> str:
        """Where the next task begins, if not where the run stands now; "" where it does.

        It begins there unless what was asked for has been undone since, or the next task would be
        done already.
        """
        following, done, now = self.number + 1, self._reached, self._now
        if self.stage != "done" or done is None or now is None or _place(now) == _place(done):
            return ""
        if following >= len(self.lesson.tasks) or self.lesson.tasks[following].start:
            return ""
        goal, here = self.lesson.tasks[following].goal, Moment(now, now)
        is_done = bool(goal) and all(each.holds(here) for each in goal)
        if self._still_holds(now) and not is_done:
            return ""
        return f"step {done.step}" if now.step != done.step else f"loss {fixed(done.loss)}"

    def go_on(self) -> bool:
        """On to the next task; False where that was the last."""
        self.number += 1
        self.hints, self.was_shown = 0, False
        self.stage = "beginning" if self.number < len(self.lesson.tasks) else "over"
        return self.stage == "beginning"

    # --- what there is to read ----------------------------------------------------------------

    @property
    def moment(self) -> Moment:
        """The task's start, and where it was done once it is.

        What was guessed is judged by where it was done first; else the person may better that.
        """
        assert self.before is not None
        end = self._reached or self.before
        now = self._now
        if self.task.question is None and now is not None and self._still_holds(now):
            end = now
        return Moment(end, self.before)

    @property
    def directions(self) -> tuple[str, ...]:
        """The words for up, down and neither: the choices of a direction, where it asks for one."""
        question = self.task.question
        is_direction = question is not None and str(question.right).startswith("direction.")
        return question.choices if question is not None and is_direction else DIRECTIONS

    @property
    def text(self) -> str:
        """What the task says, what went otherwise than it asks, or how it went."""
        if self.stage == "over":
            return self.progress.summary(self.lesson)
        if self.before is None or self.stage == "beginning":
            return ""
        if self.stage == "done":
            shown = "◦ This one was shown. " if self.was_shown else ""
            after = fill(self.task.after, self.moment, self.directions)
            return f"{shown}{self._verdict}{after}"
        if self.strayed:
            return with_keys(
                "This is another run than the lesson’s. Look around; {key.restart} goes back to "
                "the task."
            )
        if self.peeked:
            return with_keys(  # in one row, as long as the shortest text of a task
                "You looked first! {key.restart} takes it back; or answer all the same."
            )
        if undone := self._undone:
            return with_keys(self._about(undone))
        if self._now is not None and self._last_step < self._now.step:
            return with_keys(
                f"Step {self._now.step} is too far; the task ends at {self._last_step:.0f}. "
                "{key.step_back} goes back a step, {key.restart} to its start."
            )
        if elsewhere := self._elsewhere or self._astray or self._aside:
            return with_keys(elsewhere)
        return fill(self.task.say, self.moment, self.directions)

    @property
    def told(self) -> str:
        """The hint on show; "" where there is none.

        One that names a key says that the answer comes first, where it does: the key may show it.
        """
        if not self.is_hinting or self.before is None or self.stage not in ("asking", "doing"):
            return ""
        hint = self.task.hints[self.hints - 1]
        is_early = self.stage == "asking" and "{key." in hint
        first = "Hint, once you have answered: " if is_early else "Hint: "
        return first + fill(hint, self.moment, self.directions)

    @property
    def _elsewhere(self) -> str:
        """What is said where all is done but in another view than the task asks for."""
        if self.before is None or self._now is None:
            return ""
        moment = Moment(self._now, self.before)
        missing = [each for each in self.task.goal if not each.holds(moment)]
        if len(self.task.goal) == 1 or [each.left for each in missing] != ["view"]:
            return ""
        return (
            f"All is done but one thing: turn to the view {missing[0].right}. Press "
            "{key.next_view} until it is on show."
        )

    @property
    def _astray(self) -> str:
        """What is said where another parameter was moved than the task is about."""
        now, aims = self._now, [each.left.partition(".") for each in self.task.goal]
        meant = [name for part, _, name in aims if part == "value"]
        moved = now.outcome if now is not None else None
        if now is None or self.before is None or not meant or not isinstance(moved, Moved):
            return ""
        label, moment = moved.label, Moment(now, self.before)
        is_since = look_up(f"change.value.{label}", moment) not in (None, 0.0)
        if label in meant or now.chosen.label != label or not is_since:
            return ""
        return (
            f"You moved {label}; this task is about {meant[0]}. Press {{key.up}} or "
            f"{{key.down}} until ▸ stands at {meant[0]}."
        )

    @property
    def _aside(self) -> str:
        """What is said where the step is reached, but by another way: a value, a rate."""
        if self._now is None or self._last_step != self._now.step or self._now.phase:
            return ""
        return (
            f"Step {self._now.step}, but the run did not come here as the task asks. "
            "{key.restart} goes back to the task’s start."
        )

    def _about(self, name: str) -> str:
        """What is said where a setting was changed that the task needs as it was."""
        assert self.before is not None
        assert self._now is not None
        found = _SETTINGS[name]
        now, then = (found.show(getattr(each.config, name)) for each in (self._now, self.before))
        keys = setting_keys(name)
        how = f"{keys} changes it" if keys else f"{{key.palette}} {found.title} {then} sets it"
        return (
            f"{found.title.capitalize()} is {now} now; this task needs {then}. {how}, "
            "{key.restart} goes back to the task’s start."
        )

    @property
    def ask(self) -> str:
        """The question, and what was answered to it; "" where none is open."""
        question = self.task.question
        if self.before is None or question is None:
            return ""
        asked = fill(question.text, self.moment, self.directions)
        if self.stage == "asking":
            return asked
        return f"{asked} {self.answered}" if self.answered else ""

    @property
    def answered(self) -> str:
        """What was answered to the question of a task that is still to be done; "" where none."""
        question = self.task.question
        if question is None or self.stage != "doing" or self.said is None:
            return ""
        return f"You said: {question.shown(self.said, self.moment)}."

    @property
    def do(self) -> str:
        """What is to be pressed; "" while the question waits: first the guess, then the key."""
        if self.before is None or self.stage != "doing":
            return ""
        return fill(self.task.do, self.moment, self.directions)

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be chosen from just now."""
        return self.task.question.choices if self.task.question and self.stage == "asking" else ()

    @property
    def wants_number(self) -> bool:
        """Whether a number is to be typed just now."""
        return self.stage == "asking" and not self.choices

    @property
    def types_a_value(self) -> bool:
        """Whether the task is one in which a value is typed."""
        return "enter" in self.task.solution

    @property
    def _verdict(self) -> str:
        question, moment = self.task.question, self.moment
        if question is None or self.said is None:
            return ""
        said = question.shown(self.said, moment)
        is_right = question.is_right(self.said, moment)
        mark = MARKS["shown" if self.peeked else "done" if is_right else "missed"]
        if is_right:
            return f"{mark} You said {said}. "
        answer = question.answer(moment)
        if answer is None:
            return f"{mark} You said {said}. "
        right = "Right" if question.choices else "It is"
        colon = ":" if question.choices else ""
        return f"{mark} You said {said}. {right}{colon} {question.shown(float(answer), moment)}. "
