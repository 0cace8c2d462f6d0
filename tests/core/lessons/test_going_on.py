"""From one task to the next: what a person did since is kept, or where it goes back is said."""

from collections.abc import Callable
from typing import Any

import pytest

from nn_core.explain.outcomes import Moved
from nn_core.lessons.course import find, lessons
from nn_core.lessons.lesson import Lesson
from nn_core.lessons.page import page
from nn_core.lessons.playing import Playing
from nn_core.lessons.progress import Progress

Runs = Callable[..., Any]


def at(lesson: Lesson, task: int, run: Any) -> Playing:
    """At this task, from 1, begun where the run stands."""
    playing = Playing(lesson, Progress(None).of(lesson.name), task - 1)
    playing.begin(run.shown())
    return playing


@pytest.fixture
def curve() -> Lesson:
    """The first lesson."""
    return find(lessons(), "curve").read("en")


def put(run: Any, **values: float) -> None:
    """Give parameters these values."""
    for name, value in values.items():
        run.timeline.do("assign", index="abc".index(name), value=value)


def test_a_result_without_a_guess_is_the_persons_newest(curve: Lesson, run: Runs) -> None:
    """1.1869 once stood there while the loss was 1.0385, and enter undid what led to that."""
    quadratic = run()
    playing = at(curve, 5, quadratic)
    put(quadratic, a=2.1)
    assert playing.see(quadratic.shown())
    put(quadratic, a=2.5, c=1.4)
    better = quadratic.shown()
    playing.see(better)
    assert playing.text.startswith(f"{better.loss:.4f}: so much")
    assert playing.goes_back_to == ""
    further = quadratic.shown(3)  # by steps too, since the task didn't ask for any
    playing.see(further)
    assert playing.text.startswith(f"{further.loss:.4f}: so much")
    assert playing.goes_back_to == ""
    quadratic.timeline.seek(0)
    put(quadratic, a=0.0)  # no longer what the task asked for
    playing.see(quadratic.shown())
    assert not playing.text.startswith(f"{better.loss:.4f}: so much")
    assert playing.goes_back_to == f"loss {playing.moment.now.loss:.4f}"


def test_values_turned_further_are_gone_on_with(curve: Lesson, run: Runs) -> None:
    quadratic = run()
    playing = at(curve, 2, quadratic)
    playing.answer("1", quadratic.shown())
    put(quadratic, c=1.2)
    assert not playing.see(quadratic.shown())  # so far it may have been a step that moved it
    assert playing.see(quadratic.shown(outcome=Moved("c", 0.1, 2.4219, 2.3719, -0.5)))
    put(quadratic, c=1.3)
    playing.see(quadratic.shown())
    assert playing.goes_back_to == ""


def test_it_goes_back_where_the_next_task_would_be_done_already(curve: Lesson, run: Runs) -> None:
    quadratic = run()
    playing = at(curve, 4, quadratic)
    playing.answer("2", quadratic.shown())
    put(quadratic, a=1.2)
    assert playing.see(quadratic.shown(outcome=Moved("a", 0.1, 2.4219, 2.2866, -1.3529)))
    put(quadratic, a=2.4, c=1.4)  # below 1.3, which the next task is about
    playing.see(quadratic.shown())
    assert playing.goes_back_to == f"loss {playing.moment.now.loss:.4f}"


def test_it_goes_back_to_the_step_that_the_next_task_is_about(run: Runs) -> None:
    quadratic = run()
    playing = at(find(lessons(), "step").read("en"), 1, quadratic)
    playing.answer("1.1135", quadratic.shown())
    assert playing.see(quadratic.shown(1))
    assert playing.goes_back_to == ""
    playing.see(quadratic.shown(4))
    assert playing.goes_back_to == "step 1"


def test_who_moves_another_parameter_is_told_which_and_how_to_reach_the_right_one(
    curve: Lesson, run: Runs
) -> None:
    quadratic = run()
    playing = at(curve, 4, quadratic)
    playing.answer("2", quadratic.shown())
    put(quadratic, b=1.2)
    moved = Moved("b", 0.1, 2.4219, 2.4187, -0.0316)
    playing.see(quadratic.shown(row=1, outcome=moved))
    assert playing.text == "You moved b; this task is about a. Press ↑ or ↓ until ▸ stands at a."
    playing.see(quadratic.shown(row=0, outcome=moved))
    assert playing.text.startswith("a says how strongly")
    playing.begin(quadratic.shown())  # what was moved in the task before is not meant
    playing.see(quadratic.shown(row=1, outcome=moved))
    assert playing.text.startswith("a says how strongly")


def test_a_hint_that_names_a_key_says_that_the_answer_comes_first(curve: Lesson, run: Runs) -> None:
    quadratic = run()
    playing = at(curve, 2, quadratic)
    playing.hint()
    assert playing.told.startswith("Hint: How does c stand")
    playing.hint()
    assert playing.told.startswith("Hint, once you have answered: → raises")
    playing.answer("1", quadratic.shown())
    playing.hint()
    playing.is_hinting = True
    assert playing.told.startswith("Hint: → raises")


@pytest.mark.parametrize("entry", lessons(), ids=lambda entry: entry.name)
def test_a_hint_leaves_in_sight_what_is_to_be_done(entry: Any, run: Runs) -> None:
    """Where "below 1.3" was to be reached, a hint once took the place of that."""
    lesson, quadratic = entry.read("en"), run()
    for number, task in enumerate(lesson.tasks, 1):
        playing = at(lesson, number, quadratic)
        for _ in task.hints:
            playing.hint()
            shown = page(playing, 78, 4)
            assert shown["hint"]
            assert shown["ask"] or shown["text"] or shown["do"]
            assert sum(map(len, shown.values())) <= 4


def test_a_note_never_stands_in_the_place_of_the_choices(run: Runs) -> None:
    """Once only "Not done: …" was left of "1 higher   2 the same   3 lower"."""
    quadratic = run(zero_gradients=False)
    playing = at(find(lessons(), "forgotten-zero").read("en"), 2, quadratic)
    quadratic.timeline.do("set", name="zero_gradients", value=True)
    playing.see(quadratic.shown())
    for rows in (4, 7):
        shown = page(playing, 78, rows, noted=True)
        assert shown["ask"]
        assert shown["choices"]
        assert sum(map(len, shown.values())) < rows


def test_who_did_all_in_another_view_is_told_which_is_asked_for(run: Runs) -> None:
    bouncing = run(learning_rate=1.0)
    playing = at(find(lessons(), "rates").read("en"), 4, bouncing)
    playing.answer("1", bouncing.shown())
    playing.see(bouncing.shown(39))
    assert playing.text.startswith("The rate is 1: each step")
    playing.see(bouncing.shown(2))
    assert "turn to the view slope. Press tab" in playing.text
