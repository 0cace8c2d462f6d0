"""Leaving a lesson, and going on in it: a person's own run and values are theirs."""

from typing import Any

import pytest

from nn_core.live.edit_requests import Set
from nn_core.live.file_requests import Resume
from nn_tui.cli.command_line import parse
from nn_tui.cli.screen import with_lesson


async def begun(person: Any, task: int = 0) -> None:
    """Wait until a task has begun."""
    await person.until(lambda: person.app.lesson is not None)
    playing = person.app.lesson.playing
    await person.until(lambda: playing.number == task and playing.stage in ("asking", "doing"))


async def done(person: Any) -> None:
    """Wait until the task is done."""
    await person.until(lambda: person.app.lesson.playing.stage == "done")


def lesson(name: str) -> dict[str, Any]:
    launch = with_lesson(parse(["--lesson", name]))
    return {"lesson": launch.lesson, "config": launch.config}


@pytest.mark.parametrize("number", ["1", "4"])
async def test_leaving_a_lesson_brings_back_the_run_from_before(number: str, opened: Any) -> None:
    """Its steps were only in the table of kept runs, and the lesson's pace and target stayed."""
    async with opened("quadratic", autosave=True) as person:
        await person.press("S", "S", "plus", "plus", until=lambda shown: shown.learning_rate > 0.04)
        await person.press("4", "down", until=lambda shown: shown.chosen.label == "b")
        own = person.shown
        await person.press("t", number, "enter")
        await begun(person)
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("escape")
        await person.until(lambda: person.shown.step == own.step == 20)
        await person.until(lambda: person.shown.request.view == "slope")
        assert person.app.lesson is None
        assert person.shown.config == own.config
        assert person.shown.chosen == own.chosen
        assert not person.shown.kept
        await person.press("b", until=lambda shown: shown.step == 19)
        await person.press("q")
    async with opened(autosave=True) as person:
        person.app.link.ask(Resume())
        await person.until(lambda: person.shown.step == 19)


async def test_after_two_lessons_the_run_from_before_the_first_is_back(opened: Any) -> None:
    async with opened("relu") as person:
        await person.press("s", "s", until=lambda shown: shown.step == 2)
        for number in ("1", "3"):
            await person.press("t", number, "enter")
            await person.until(lambda: person.shown.config.model == "quadratic")
            await begun(person)
        await person.press("escape")
        await person.until(lambda: (person.shown.config.model, person.shown.step) == ("relu", 2))


async def test_enter_goes_on_from_what_the_person_made_of_it(opened: Any) -> None:
    async with opened(**lesson("curve")) as person:
        await begun(person)
        await person.press("down", "down")
        await done(person)
        await person.press("enter")
        await begun(person, 1)
        await person.press("1", "right")
        await done(person)
        await person.press("right", until=lambda shown: abs(shown.chosen.value - 1.3) < 1e-9)
        await person.press("enter")
        await begun(person, 2)
        assert abs(person.shown.chosen.value - 1.3) < 1e-9


async def test_the_key_line_says_where_it_goes_back_to(opened: Any) -> None:
    async with opened(**lesson("step")) as person:
        await begun(person)
        await person.press(*"1.11", "enter", "s")
        await done(person)
        await person.sees("enter goes on  ", part="keys")
        await person.press("s", until=lambda shown: shown.step == 2)
        await person.sees("enter goes on from step 1 ", part="keys")
        await person.press("enter")
        await begun(person, 1)
        assert person.shown.step == 1


async def test_under_a_sheet_the_keys_of_a_lesson_are_dimmed(opened: Any) -> None:
    async with opened(**lesson("4")) as person:

        def roles() -> set[str]:
            return {str(role) for _, role in person.app.lesson.key_line()}

        await begun(person)
        assert "off" not in roles()
        await person.press("J")
        await person.until(lambda: not person.on_main())
        assert roles() == {"off"}


async def test_a_wrong_guess_is_marked_as_one_in_the_row_of_tasks(opened: Any) -> None:
    async with opened(**lesson("curve")) as person:
        await begun(person)
        await person.press("down", "down")
        await done(person)
        await person.press("enter")
        await begun(person, 1)
        await person.press("2", "right")
        await done(person)
        await person.sees("✓ ✗", "✗ You said bend more. Right: move up.", part="lesson")


async def test_the_solution_names_the_key_of_a_setting_that_the_task_needs(opened: Any) -> None:
    async with opened(**lesson("forgotten-zero")) as person:
        await begun(person)
        mode = person.app.lesson
        mode.playing.number, mode.playing.stage = 1, "beginning"
        mode._begin(mode.playing.task.start)
        await begun(person, 1)
        await person.press("z", "enter")
        await person.sees("Not done: a digit answers first", "3\u00a0lower", part="lesson")
        await person.press("right")  # the complaint was read
        await person.sees("this task needs off. z changes it", part="lesson")


@pytest.mark.parametrize("keys", [["S"] * 4, ["s"] * 33, ["space"], ["s"] * 5 + ["S"] * 3])
@pytest.mark.parametrize("pace", ["10", "max"])
async def test_how_many_steps_it_took_is_counted_to_the_first_that_got_there(
    keys: list[str], pace: str, opened: Any
) -> None:
    async with opened(**lesson("5")) as person:
        await begun(person)
        await person.press("2", "space")
        await done(person)
        await person.press("enter")
        await begun(person, task=1)
        person.app.link.ask(Set("pace", pace))
        await person.press("2", "4", "enter")
        await person.until(lambda: person.app.lesson.playing.stage == "doing")
        await person.press(*keys)
        await done(person)
        await person.sees("You said 24. It is 33.", "in fewer steps: 33 of them.", part="lesson")
        if keys == ["S"] * 4:
            await person.press("enter")
            await begun(person, task=2)


async def test_the_list_begins_with_the_lesson_after_the_one_that_ended(opened: Any) -> None:
    """The key line says "t the next lesson"; the first that wasn't done was marked."""
    async with opened() as person:
        await person.sees("New here? t opens the lessons", part="words")
        await person.press("t", "4", "enter")
        await begun(person)
        lesson = person.app.lesson.playing
        lesson.number, lesson.stage = len(lesson.lesson.tasks), "over"
        person.app.lesson.draw()
        await person.sees("t the next lesson", part="keys")
        await person.press("t")
        await person.sees("▸    5 ", part="sheet")
        await person.press("escape")
        await person.press("escape")
        await person.until(lambda: person.app.lesson is None)
        await person.sees("fitted by a, b and c", part="words")
        assert "New here?" not in person.reads("words")  # who has been in one isn't


async def test_after_the_last_lesson_the_first_that_is_not_done_is_marked(opened: Any) -> None:
    async with opened() as person:
        await person.press("t", "1", "4", "enter")
        await begun(person)
        person.app.lesson.playing.stage = "over"
        await person.press("t")
        await person.sees("▸    1 ", part="sheet")
