"""Enter and the digits in a lesson: they answer and go on, and do nothing that isn't announced."""

import re
from typing import Any

import pytest

from nn_core.lessons import course
from nn_tui.cli.command_line import parse
from nn_tui.cli.screen import with_lesson
from nn_tui.dialogs.prompt import Prompt


async def begun(person: Any, task: int = 0) -> None:
    """Wait until a task has begun."""
    await person.until(lambda: person.app.lesson is not None)
    playing = person.app.lesson.playing
    await person.until(lambda: playing.number == task and playing.stage in ("asking", "doing"))


def lesson(name: str) -> dict[str, Any]:
    launch = with_lesson(parse(["--lesson", name]))
    return {"lesson": launch.lesson, "config": launch.config}


async def test_enter_does_not_open_a_value_before_the_task_is_done(opened: Any) -> None:
    """It once did, and took the keys that a learner typed next for a number."""
    async with opened(**lesson("curve")) as person:
        await begun(person)
        await person.press("enter")
        await person.sees("enter goes on when the task is done; h hints", part="lesson")
        assert not isinstance(person.app.screen, Prompt)
        await person.press("down", "down")
        await person.until(lambda: person.app.lesson.playing.stage == "done")
        await person.press("enter")
        await begun(person, 1)
        await person.press("enter")  # while a choice is asked for
        await person.sees("enter goes on when the task is done", part="lesson")


async def test_enter_says_how_far_a_run_has_to_go_at_least(opened: Any) -> None:
    async with opened(**lesson("step")) as person:
        await begun(person)
        for answer, keys in (("1", ["s"]), ("2", ["s"] * 9)):
            await person.press(answer, "enter", *keys)
            await person.until(lambda: person.app.lesson.playing.stage == "done")
            await person.press("enter")
        await begun(person, 2)
        await person.press("1", "S", "enter", until=lambda shown: shown.step == 20)
        await person.sees("enter goes on when the task is done, not before epoch 100; h hints")


async def test_enter_types_a_value_where_the_task_wants_one_typed(opened: Any) -> None:
    async with opened(**lesson("neuron")) as person:
        await begun(person)
        for typed in ("7", "0"):
            task = person.app.lesson.playing.number
            await begun(person, task)
            await person.press("enter", typed, "enter")
            await person.until(lambda: person.app.lesson.playing.stage == "done")
            await person.press("enter")
        await begun(person, 2)
        await person.press("1", "down", *["right"] * 3)
        await person.until(lambda: person.app.lesson.playing.stage == "done")
        await person.press("enter")
        await begun(person, 3)
        await person.press("1")
        await person.sees("enter type a value", part="keys")
        await person.press("up", "enter", *"-1.5", "enter")
        await person.until(lambda: person.app.lesson.playing.stage == "done")


async def test_a_digit_typed_again_answers_no_more_and_shows_no_view(opened: Any) -> None:
    async with opened(**lesson("curve")) as person:
        await begun(person)
        await person.press("down", "down")
        await person.until(lambda: person.app.lesson.playing.stage == "done")
        await person.press("enter")
        await begun(person, 1)
        await person.press("2", "2")
        await person.sees("the question is answered", part="lesson")
        assert person.app.selection.view.name == "fit"
        assert person.app.lesson.playing.said == 1
        await person.press("4")  # no choice of the question’s
        await person.sees("the question is answered", part="lesson")
        assert person.app.selection.view.name == "fit"
        await person.press("right")
        await person.until(lambda: person.app.lesson.playing.stage == "done")
        await person.press("4")
        await person.sees("the question is answered", "tab shows views", part="lesson")
        assert person.app.selection.view.name == "fit"


async def test_a_digit_that_is_no_choice_is_refused_and_shows_no_view(opened: Any) -> None:
    async with opened(**lesson("curve")) as person:
        await begun(person)
        await person.press("3")  # nothing is asked
        await person.until(lambda: person.app.selection.view.name == "layer")
        await person.press("1")
        await person.until(lambda: person.app.selection.view.name == "fit")
        await person.press("down", "down")
        await person.until(lambda: person.app.lesson.playing.stage == "done")
        await person.press("enter")
        await begun(person, 1)
        for digit in "456789":
            await person.press(digit)
            await person.sees(f"a number from 1 to 3 answers; not '{digit}'", part="lesson")
        assert person.app.selection.view.name == "fit"
        assert person.app.lesson.playing.stage == "asking"


@pytest.mark.parametrize("again", ["7", "5"])
async def test_a_digit_after_a_number_was_typed_shows_no_view(again: str, opened: Any) -> None:
    async with opened(**lesson("neuron")) as person:
        await begun(person)
        await person.press("7", "enter")
        await person.until(lambda: person.app.lesson.playing.stage == "done")
        await person.press(again)
        await person.sees("the question is answered", part="lesson")
        assert person.app.selection.view.name == "fit"


async def test_a_view_is_turned_to_by_tab_while_digits_answer(opened: Any) -> None:
    async with opened(**lesson("rates")) as person:
        await begun(person)
        mode = person.app.lesson
        task = mode.playing.lesson.tasks[2]
        mode.playing.number, mode.playing.stage = 3, "beginning"
        mode._begin(task.start)
        await person.until(lambda: mode.playing.stage == "asking")
        await person.press("2", *["tab"] * 3)
        await person.until(lambda: person.app.selection.view.name == "slope")
        await person.press("1")  # answers no more, and shows no view
        await person.sees("the question is answered", "tab shows views", part="lesson")
        assert mode.playing.said == 1


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [("4", "4"), ("12", "12"), ("122", "2"), ("40", "4"), ("0", "1"), ("19", "9"), ("1down3", "3")],
)
async def test_a_lesson_is_chosen_by_its_number(typed: str, chosen: str, opened: Any) -> None:
    async with opened() as person:
        await person.press("t")
        await person.sees("or its number choose", part="sheet")
        await person.press(*re.findall(r"\d|down", typed))
        await person.until(
            lambda: [row.split()[1] for row in person.rows("sheet") if "▸" in row] == [chosen]
        )
        await person.press("enter")
        await begun(person)
        lessons = [entry.name for entry in course.lessons()]
        assert person.app.lesson.playing.lesson.name == lessons[int(chosen) - 1]


async def test_who_looked_first_still_sees_what_to_choose_from(opened: Any) -> None:
    """At 80 × 24 the choices were pushed off the panel."""
    async with opened(**lesson("curve")) as person:
        await begun(person)
        await person.press("down", "down")
        await person.until(lambda: person.app.lesson.playing.stage == "done")
        await person.press("enter")
        await begun(person, 1)
        await person.press("right")
        await person.sees("looked first", "tilt", part="lesson")


async def test_a_complaint_does_not_stand_in_the_place_of_a_question(opened: Any) -> None:
    async with opened(**lesson("curve")) as person:
        await begun(person)
        await person.press("down", "down")
        await person.until(lambda: person.app.lesson.playing.stage == "done")
        await person.press("enter")
        await begun(person, 1)
        await person.press("3", "enter")
        await person.sees("enter goes on when", "You said: tilt.", part="lesson")


@pytest.mark.parametrize("number", ["-0.14", ".5"])
async def test_a_number_begins_with_its_sign_or_its_point(number: str, opened: Any) -> None:
    """The sign once lowered the learning rate, and the answer was 0.14."""
    async with opened(**lesson("votes")) as person:
        await begun(person)
        await person.press(*number, "enter")
        await person.until(lambda: person.app.lesson.playing.said == float(number))
        assert person.shown.learning_rate == 0.01
        await person.press("minus", until=lambda shown: shown.learning_rate == 0.005)


async def test_what_is_said_of_a_nudge_is_not_said_of_a_step(opened: Any) -> None:
    """A step raises a as well; then "?" stood for what the nudge had done to the loss."""
    async with opened(**lesson("votes")) as person:
        await begun(person)
        await person.press("minus", "1", "enter")
        await person.until(lambda: person.app.lesson.playing.stage == "doing")
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("S", until=lambda shown: shown.step == 11)
        assert person.app.lesson.playing.stage == "doing"
        await person.press("right")
        await person.sees("times +0.1000, so −0.1353.", part="lesson")
