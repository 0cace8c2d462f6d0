"""Lessons on the screen: free play and the way back, hints, offers, guesses, and cards."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn_core.lessons.course import lessons
from nn_core.lessons.hands import read_solution
from nn_core.lessons.progress import NAME, Progress
from nn_core.live.file_requests import Resume
from nn_core.storage.kept_runs import state_folder
from nn_tui.app.bench import KEYS_BY_NAME
from nn_tui.app.lessons import ask_cards
from nn_tui.cli.screen import with_lesson
from nn_tui.dialogs.prompt import Prompt

COURSE = {entry.name: entry.read("") for entry in lessons()}


async def act(person: Any, solution: tuple[str, ...]) -> None:
    """Do what a solution says, by keys, and wait until each is done."""
    app = person.app
    actions = read_solution(solution)
    while actions:
        action = actions.pop(0)
        if action.kind == "key":
            before = person.shown
            await person.pilot.press(KEYS_BY_NAME[action.name].keys.split(",")[0])
            if actions and actions[0].kind == "type":
                text = actions.pop(0).name
                await person.until(lambda: app.screen is not app.screen_stack[0])
                await person.pilot.press("ctrl+u", *text.replace("-", "-"), "enter")
                await person.until(lambda: app.screen is app.screen_stack[0])
            await person.until(lambda before=before: person.shown is not before or done(person))
            await person.until(lambda: not person.shown.running or done(person))
        else:
            assert action.kind in ("set", "find")
            app.lesson._left = [action]
            app.look()
            await person.until(lambda: not app.lesson._left)


def done(person: Any) -> bool:
    return person.app.lesson is not None and person.app.lesson.playing.stage in ("done", "over")


async def ready(person: Any) -> None:
    """Wait until a task has begun."""
    await person.until(lambda: person.app.lesson is not None)
    await person.until(lambda: person.app.lesson.playing.stage in ("asking", "doing"))


async def answer(person: Any, wrong: bool = False) -> None:
    playing = person.app.lesson.playing
    if playing.stage != "asking":
        return
    if playing.choices:
        await person.pilot.press("2" if wrong else "1")
    else:
        await person.pilot.press("enter")
        await person.until(lambda: person.app.screen is not person.app.screen_stack[0])
        await person.pilot.press("7", "enter")
    await person.until(lambda: playing.stage != "asking")


def with_lesson_name(name: str) -> dict[str, Any]:
    """What the command line makes of a lesson's name."""
    from nn_tui.cli.command_line import parse

    launch = with_lesson(parse(["--lesson", name]))
    config = launch.config.replace(pace=float("inf"))
    return {
        "lesson": launch.lesson, "config": config, "begins_elsewhere": True, "offers": False,
    }  # fmt: skip


# What a person may press at any moment, but for what leaves the program or the lesson.
RANDOM = [
    "s", "i", "b", "space", "n", "less_than_sign", "greater_than_sign", "up", "down", "left",
    "right", "comma", "full_stop", "plus", "minus", "z", "u", "U", "A", "l", "L", "d", "tab", "1",
    "2", "3", "4", "5", "6", "k", "r", "h", "g",
]  # fmt: skip


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.lists(st.sampled_from(RANDOM), min_size=3, max_size=12),
    name=st.sampled_from(["step", "neuron", "many-relus"]),
)
async def test_whatever_is_pressed_r_brings_the_task_back(
    opened: Any, keys: list[str], name: str
) -> None:
    lesson = COURSE[name]
    async with opened(**with_lesson_name(name)) as person:
        await ready(person)
        mode = person.app.lesson
        first = lesson.tasks[mode.playing.number]
        start = mode.playing.before
        for key in keys:
            await person.pilot.press(key)
        await person.until(lambda: not person.app.link.is_awaiting)
        if mode.playing.number != 0 or mode.playing.stage == "over":
            return  # the random keys did the task
        await person.until(lambda: mode.playing.stage != "beginning")
        if isinstance(person.app.screen, Prompt):  # a digit began the number that is asked for
            await person.press("escape")
        await person.press("r")
        await ready(person)
        await person.until(lambda: not person.shown.running)
        assert person.shown.step == start.step
        assert person.shown.config == start.config
        assert [row.value for row in mode.playing.before.rows if hasattr(row, "value")] == [
            row.value for row in start.rows if hasattr(row, "value")
        ]
        await answer(person)
        if mode.playing.stage != "done":
            await act(person, first.solution)
        await person.until(lambda: done(person))


async def test_leaving_and_coming_back_goes_on_from_the_same_bits(opened: Any) -> None:
    async with opened(**with_lesson_name("step")) as person:
        await ready(person)
        await answer(person)
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.until(lambda: done(person))
        await person.press("enter")
        await person.until(lambda: person.app.lesson.playing.number == 1)
        await ready(person)
        here = person.app.lesson.playing.before
        await person.press("s", "s", until=lambda shown: shown.step == 3)
        await person.press("escape")
        assert person.app.lesson is None
        assert person.shown.step == 3
    async with opened(**with_lesson_name("step")) as person:
        await ready(person)
        await person.sees("task 2 of 5", part="lesson")
        again = person.app.lesson.playing.before
        assert again.rows == here.rows
        assert again.step == 1


async def test_who_leaves_once_a_task_is_done_comes_back_to_the_next(opened: Any) -> None:
    """The task was asked anew, though it had its mark, and what was made of it was lost."""
    async with opened(**with_lesson_name("curve")) as person:
        await ready(person)
        await person.press("down", "down")
        await person.until(lambda: done(person))
        await person.press("enter")
        await ready(person)
        await person.press("1", "right")
        await person.until(lambda: done(person))
        text = state_folder() / "lesson-curve-3.json"
        await person.until(text.exists)
        await person.press("escape")
    async with opened(**with_lesson_name("curve")) as person:
        await ready(person)
        await person.sees("task 3 of 6  ✓ ✓ ▸", part="lesson")
        await person.until(lambda: person.shown.chosen.label == "c")
        assert abs(person.shown.chosen.value - 1.2) < 1e-9


async def test_a_lesson_begins_at_the_first_point_whatever_was_chosen_before(opened: Any) -> None:
    """At another point the layer's numbers were not those of the texts, and a task had no end."""
    async with opened("quadratic") as person:
        await person.press(".", ".", until=lambda shown: shown.point.index == 2)
        await person.press("t", "8", "enter")
        await ready(person)
        await person.until(lambda: person.shown.point.index == 0)
        await person.press("escape")
        await person.until(lambda: person.app.lesson is None)
        await person.until(lambda: person.shown.point.index == 2)


async def test_a_task_begins_with_the_row_chosen_that_its_words_are_about(opened: Any) -> None:
    """The words "raise c: press →" once moved a, in a lesson come back to, and after r."""
    progress = Progress(state_folder() / NAME)
    progress.of("curve").finish(0, "done", None, None)
    progress.of("curve").be_at(1)
    async with opened(**with_lesson_name("curve")) as person:
        await ready(person)
        await person.sees("task 2 of 6", part="lesson")
        await person.until(lambda: person.shown.chosen.label == "c")
        await person.press("up", until=lambda shown: shown.chosen.label == "b")
        await person.press("r")
        await ready(person)
        await person.until(lambda: person.shown.chosen.label == "c")


async def test_progress_that_came_from_another_machine_leads_to_the_same_task(opened: Any) -> None:
    folder = state_folder()
    progress = Progress(folder / NAME)
    progress.of("step").finish(0, "done", "1.11", True)
    progress.of("step").be_at(1)
    async with opened(**with_lesson_name("step")) as person:
        await ready(person)
        await person.sees("task 2 of 5", part="lesson")
        assert person.shown.step == 1


async def test_the_list_opens_a_lesson_which_is_offered_until_one_was_opened(opened: Any) -> None:
    async with opened() as person:
        await person.sees("New here? t opens the lessons", part="words")
    async with opened() as person:
        await person.sees("New here? t opens the lessons", part="words")
        await person.press("t")
        await person.sees("The forgotten zero")
        await person.press("enter")
        await ready(person)
        await person.sees("A curve and its loss", part="lesson")
        await person.press("o")  # which this lesson hides
        await person.sees("this lesson does without it", part="lesson")
    async with opened() as person:
        await person.sees("fitted by a, b and c", part="words")
        assert "New here?" not in person.reads("words")


async def test_the_solution_is_shown_after_the_last_hint(opened: Any) -> None:
    async with opened(**with_lesson_name("curve")) as person:
        await ready(person)
        await person.press("h")
        await person.sees("Two presses reach c", part="lesson")
        await person.press("h")
        await person.until(lambda: done(person))
        assert person.app.lesson.playing.progress.mark(0) == "◦"


async def test_no_lesson_no_work(opened: Any) -> None:
    async with opened("quadratic") as person:
        assert person.app.lesson is None
        assert not person.app.main.lesson.display


async def test_a_number_is_typed_below_the_question_not_over_it(opened: Any) -> None:
    async with opened(**with_lesson_name("step")) as person:
        await ready(person)
        asked = person.app.lesson.playing.ask
        await person.pilot.press("enter")
        await person.until(lambda: person.app.screen is not person.app.screen_stack[0])
        assert asked[:30] in person.screen()
        await person.pilot.press("escape")
    async with opened(**with_lesson_name("votes")) as person:  # a parameter's value too
        await ready(person)
        await person.pilot.press("e")
        await person.until(lambda: person.app.screen is not person.app.screen_stack[0])
        assert person.app.lesson.playing.ask[:30] in person.screen()


async def test_a_hint_does_not_interrupt_what_is_being_shown(opened: Any) -> None:
    async with opened(**with_lesson_name("forgotten-zero")) as person:
        await ready(person)
        await person.pilot.press("h", "h")
        await person.until(lambda: person.app.lesson._left)
        left = len(person.app.lesson._left)
        await person.until(lambda: len(person.app.lesson._left) < left)
        await person.pilot.press("h")
        await person.until(lambda: done(person))
        assert person.shown.step == 10
        await person.sees("◦ This one was shown.", part="lesson")


async def test_a_resumed_run_reopens_its_lesson(opened: Any) -> None:
    async with opened(**with_lesson_name("votes"), autosave=True) as person:
        await ready(person)
        await person.press("right", until=lambda shown: shown.outcome is not None)
        await person.press("q")
    async with opened(autosave=True) as person:
        assert person.app.lesson is None
        person.app.link.ask(Resume())
        await ready(person)
        assert person.app.lesson.playing.lesson.name == "votes"


@pytest.mark.parametrize("name", COURSE)
def test_no_text_of_the_course_names_a_key_that_a_person_may_have_changed(name: str) -> None:
    lesson = COURSE[name]
    texts = [
        text
        for task in lesson.tasks
        for asked in (task.question.text if task.question else "",)
        for text in (task.say, asked, task.do, task.after, *task.hints)
    ] + [card.why for card in lesson.cards]
    for text in texts:
        assert not re.search(r"\bspace\b|[Pp]ress [a-z0-9]\b(?! [a-z]+ of)|[↑↓←→]|\([a-z]\)", text)
        assert not re.search(r"(?<!’)\b[hiknors]\b", text), text


async def test_cards_that_are_due_are_asked_and_done_on_the_screen(opened: Any) -> None:
    progress = Progress.open(state_folder())
    lesson = COURSE["rates"]
    for task in range(len(lesson.tasks)):
        progress.of("rates").finish(task, "done", None, None)
    async with opened(autosave=True) as person:
        ask_cards(person.app)
        await ready(person)
        for number, card in enumerate(lesson.cards):
            await person.until(lambda number=number: person.app.lesson.playing.number == number)
            await ready(person)
            await person.sees(f"task {number + 1} of {len(lesson.cards)}", part="lesson")
            if card.task is None:
                await person.pilot.press(str(card.question.right + 1))
            else:
                await act(person, card.task.solution)
            await person.until(lambda: done(person))
            await person.pilot.press("enter")
        await person.until(lambda: person.app.lesson.playing.stage == "over")
        await person.pilot.press("enter")
        await person.until(lambda: person.app.lesson is None)
        ask_cards(person.app)
        await person.sees("Nothing is due today", part="words")
    kept = Progress.open(state_folder()).cards
    assert {card.name: 1 for card in lesson.cards} == {
        name: found["box"] for name, found in kept.items()
    }


async def test_a_number_can_be_typed_at_once(opened: Any) -> None:
    async with opened(**with_lesson_name("neuron")) as person:
        await ready(person)
        person.rush("7", ".", "0")
        await person.until(lambda: person.app.screen is not person.app.screen_stack[0])
        await person.until(lambda: person.typed() == "7.0")
        assert person.shown.request.view == "fit"
        await person.pilot.press("enter")
        await person.until(lambda: done(person))
        await person.sees("✓ You said 7", part="lesson")
        await person.pilot.press("enter")
        await person.until(lambda: person.app.lesson.playing.number == 1)
        await ready(person)
        await person.pilot.press("2")  # which is a view's key elsewhere
        await person.until(lambda: person.app.screen is not person.app.screen_stack[0])
        await person.until(lambda: person.typed() == "2")
