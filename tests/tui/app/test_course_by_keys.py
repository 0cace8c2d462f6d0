"""The course, played as a learner plays it: at 80 × 24, by the keys that the cards name.

Each question is answered wrong once, for that is where a text is tried: what was guessed is told
beside what is right, and the key comes after the guess.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

import pytest

from nn_core.lessons.course import lessons
from nn_core.lessons.hands import Action, read_solution
from nn_core.lessons.lesson import Lesson, fill
from nn_core.lessons.names import Value
from nn_core.lessons.playing import Playing
from nn_core.lessons.progress import Progress
from nn_core.live.edit_requests import Set
from nn_core.storage.kept_runs import state_folder
from nn_tui.app.bench import KEYS_BY_NAME, Bench
from nn_tui.cli.command_line import parse
from nn_tui.cli.screen import with_lesson
from nn_tui.dialogs.palette import Palette
from nn_tui.dialogs.prompt import Prompt

COURSE = {entry.name: entry.read("") for entry in lessons()}
WATCHED = "rates"  # in which the number of steps is counted: it isn't run any faster


def right_answers(lesson: Lesson) -> list[Value | None]:
    """The answer of each task, as things go when its solution is played."""
    bench, playing = Bench(lesson.start), Playing(lesson, Progress(None).of(lesson.name))
    found: list[Value | None] = []
    for number, task in enumerate(lesson.tasks):
        playing.begin(bench.begin(task.start or (lesson.start if number == 0 else None)))
        playing.stage = "doing"
        shown = bench.snapshot
        for action in read_solution(task.solution):
            shown = bench.act(action)
        playing.see(shown)
        found.append(task.question.answer(playing.moment) if task.question else None)
        playing.go_on()
    return found


def is_named(action: Action, shown: str) -> bool:
    """Whether a text on the screen says to press this, or to type it."""
    if action.kind == "find":
        return re.search(r"(?<!\S):(?!\S).* type find\b.* enter\b", shown) is not None
    text = action.name.replace("-", "−")
    return re.search(rf"(?<![^\s(]){re.escape(text)}(?![^\s,;:)]*[\w→←↑↓])", shown) is not None


async def begun(person: Any, number: int) -> Playing:
    """Wait until a task has begun; how it stands."""
    await person.until(lambda: person.app.lesson is not None)
    playing: Playing = person.app.lesson.playing
    await person.until(lambda: playing.number == number and playing.stage in ("asking", "doing"))
    return playing


async def at_rest(person: Any) -> None:
    """Wait until the run stands still, and shows what was pressed."""
    await person.until(lambda: not person.app.link.is_awaiting)
    await person.until(lambda: not person.shown.running or is_done(person))


def is_done(person: Any) -> bool:
    return person.app.lesson.playing.stage in ("done", "over")


async def answer_wrong(person: Any, playing: Playing, right: Value | None) -> str:
    """Answer the question by something that is not right; what was said."""
    question = playing.task.question
    assert question is not None
    assert isinstance(right, int | float)
    if question.choices:
        view = person.app.selection.view.name
        await person.press("9")  # no choice, and no view's key now
        await person.sees(f"a number from 1 to {len(question.choices)} answers", part="lesson")
        said = (int(right) + 1) % len(question.choices)
        await person.press(str(said + 1))
        await person.until(lambda: playing.stage != "asking")
        if playing.stage == "doing":
            await person.press("6")
            await person.sees("the question is answered", part="lesson")
        assert person.app.selection.view.name == view
        return question.choices[said]
    number = str(round(float(right) + 7 * max(1.0, question.near)))
    await person.press(*number.replace("-", "-"), "enter")
    await person.until(lambda: playing.stage != "asking")
    return number.replace("-", "−")


async def press_all(person: Any, actions: Sequence[Action]) -> None:
    """Press what a solution says, all of it by keys."""
    left = [*actions]
    while left and not is_done(person):
        action = left.pop(0)
        if action.kind == "find":
            await person.press(*":", until=lambda shown: isinstance(person.app.screen, Palette))
            await person.press(*"find")
            await person.sees("▸        Find a learning rate")
            await person.press("enter")
            await person.sees("enter take 0.")
            await person.press("enter")
        else:
            await person.press(KEYS_BY_NAME[action.name].keys.split(",")[0])
        if left and left[0].kind == "type":
            await person.until(lambda: isinstance(person.app.screen, Prompt))
            await person.press(*left.pop(0).name, "enter")
            await person.until(lambda: not isinstance(person.app.screen, Prompt))
        await at_rest(person)


async def play_task(person: Any, lesson: Lesson, number: int, right: Value | None) -> None:
    """Read a card, answer it wrong, and press what it says; then read how it went."""
    task, playing = lesson.tasks[number], await begun(person, number)
    await person.sees(f"task {number + 1} of {len(lesson.tasks)}", part="lesson")
    if lesson.name != WATCHED:
        person.app.link.ask(Set("pace", "max"))
        await person.until(lambda: person.shown.config.pace == math.inf)
    for hint in task.hints:
        await person.press("h")
        await person.sees(fill(hint, playing.moment)[:12], part="lesson")
    if number % 2:  # free play, and back
        await person.press("s", "r")
        await begun(person, number)
        await person.until(lambda: not playing.strayed and not person.app.link.is_awaiting)
    said = ""
    if task.question is not None:
        assert not playing.do
        said = await answer_wrong(person, playing, right)
    actions = read_solution(task.solution)
    if actions:
        await person.until(lambda: playing.stage == "doing")
        last = (playing.do or playing.text).split()[-1]
        await person.sees(f"{last} ", part="lesson")
        shown = read(person)
        for action in actions:
            assert is_named(action, shown), (number + 1, action, shown)
        await press_all(person, actions)
    await person.until(lambda: is_done(person))
    assert read(person) == " ".join(playing.text.split())  # all of it is to be seen
    if said:
        assert playing.text.startswith(f"✗ You said {said}. ")
        assert f". {fill(task.after, playing.moment, playing.directions)[:20]}" in playing.text
    await person.press("enter")


def read(person: Any) -> str:
    """What the panel says, without its title."""
    return " ".join(" ".join(person.rows("lesson")[1:]).split())


@pytest.mark.parametrize("name", COURSE)
async def test_a_lesson_is_done_by_the_keys_that_its_cards_name(opened: Any, name: str) -> None:
    lesson = COURSE[name]
    right = right_answers(lesson)
    launch = with_lesson(parse(["--lesson", name]))
    async with opened(lesson=launch.lesson, config=launch.config) as person:
        for number in range(len(lesson.tasks)):
            await play_task(person, lesson, number, right[number])
        asked = sum(task.question is not None for task in lesson.tasks)
        await person.sees(f"0 of your {asked} guesses held", part="lesson")
        await person.press("enter")
        assert person.app.lesson is None
    assert Progress.open(state_folder()).of(name).is_done(len(lesson.tasks))
