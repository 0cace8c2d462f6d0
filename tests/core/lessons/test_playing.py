"""A lesson being done: guess, goal, hints, straying, and what is remembered of it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from nn_core.config import key_names
from nn_core.errors import RequestError
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.lessons.course import find, lessons
from nn_core.lessons.lesson import Lesson, read_lesson
from nn_core.lessons.playing import Playing
from nn_core.lessons.progress import Progress
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer

Runs = Callable[..., Any]


def begun(lesson: Lesson, run: Any) -> Playing:
    playing = Playing(lesson, Progress(None).of(lesson.name))
    playing.begin(run.shown())
    return playing


def test_a_task_is_done_once_it_is_guessed_and_its_goal_holds(lesson: Lesson, run: Runs) -> None:
    quadratic = run()
    playing = begun(lesson, quadratic)
    assert playing.text == "c is 1.1000."
    assert playing.choices == ("up", "down", "it stays")
    playing.answer("1", quadratic.shown())
    assert playing.stage == "doing"
    assert playing.see(quadratic.shown(1))
    assert playing.text == "✓ You said up. From 1.1000 to 1.1050: +0.0050, up."


def test_the_question_stays_after_the_guess_for_it_may_say_what_to_press(
    lesson: Lesson, run: Runs
) -> None:
    quadratic = run()
    playing = begun(lesson, quadratic)
    asked = playing.ask
    playing.answer("1", quadratic.shown())
    assert playing.stage == "doing"
    assert playing.ask == f"{asked} You said: up."


@pytest.mark.parametrize(
    ("keys", "how"), [(["zeroing"], "z changes it"), ([], ": zero gradients off sets it")]
)
def test_a_setting_that_the_task_needs_is_asked_back_by_its_key_or_its_name(
    keys: list[str], how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(key_names._OF_SETTINGS, "zero_gradients", keys)
    lesson = find(lessons(), "forgotten-zero").read("en")
    start = lesson.tasks[1].start
    assert start is not None
    timeline = Timeline(Trainer.from_config(start.config))
    playing = Playing(lesson, Progress(None).of(lesson.name), 1)
    shown = partial(capture_snapshot, timeline, make_scene(timeline), ViewRequest())
    playing.begin(shown())
    playing.answer("3", shown())
    timeline.do("set", name="zero_gradients", value=True)
    timeline.advance(10)
    assert not playing.see(shown())
    assert playing.text == (
        f"Zero gradients is on now; this task needs off. {how}, r goes back to the task’s start."
    )
    timeline.restart()
    timeline.do("set", name="zero_gradients", value=False)
    timeline.advance(10)
    assert playing.see(shown())


def test_a_wrong_guess_costs_nothing_and_is_told(lesson: Lesson, run: Runs) -> None:
    quadratic = run()
    playing = begun(lesson, quadratic)
    playing.answer("2", quadratic.shown())
    playing.see(quadratic.shown(1))
    assert playing.text.startswith("✗ You said down. Right: up. From 1.1000")
    assert playing.progress.mark(0) == "✗"
    assert playing.progress.guesses == (0, 1)


def test_what_was_reached_stays_though_the_run_goes_on(lesson: Lesson, run: Runs) -> None:
    quadratic = run()
    playing = begun(lesson, quadratic)
    playing.answer("1", quadratic.shown())
    playing.see(quadratic.shown(1))
    text = playing.text
    playing.see(quadratic.shown(10))
    assert playing.text == text


def test_who_looks_first_is_told_and_the_guess_does_not_count(lesson: Lesson, run: Runs) -> None:
    quadratic = run()
    playing = begun(lesson, quadratic)
    assert not playing.see(quadratic.shown(1))
    assert "looked first" in playing.text
    assert playing.answer("1", quadratic.shown())
    assert playing.text.startswith("◦ You said up.")
    assert playing.progress.guesses == (0, 0)
    assert "In 1 task you saw the answer first (◦)." in playing.progress.summary(lesson)


def test_a_number_is_right_when_it_is_near(lesson: Lesson, run: Runs) -> None:
    quadratic = run()
    playing = begun(lesson, quadratic)
    playing.answer("1", quadratic.shown())
    playing.see(quadratic.shown(1))
    assert playing.go_on()
    playing.begin(quadratic.shown())
    assert playing.wants_number
    playing.answer("2,385", quadratic.shown())
    playing.see(quadratic.shown(1))
    assert playing.text.startswith("✓ You said 2.385. It is 2.3802.")
    assert not playing.go_on()
    assert playing.text == "That was “A step”. 2 of your 2 guesses held."


@pytest.mark.parametrize("typed", ["4", "0", "up", "", "nan", "1.5"])
def test_what_is_no_answer_is_refused_and_may_be_given_again(
    lesson: Lesson, run: Runs, typed: str
) -> None:
    quadratic = run()
    playing = begun(lesson, quadratic)
    with pytest.raises(RequestError, match="1 to 3"):
        playing.answer(typed, quadratic.shown())
    assert playing.stage == "asking"


def test_hints_come_one_at_a_time(lesson: Lesson, run: Runs) -> None:
    playing = begun(lesson, run())
    assert [playing.hint(), playing.hint(), playing.hint()] == [*lesson.tasks[0].hints, ""]
    assert playing.told == "Hint: Press s."
    assert playing.text == "c is 1.1000."  # which the panel shows where there is room


def test_a_hint_stays_while_the_run_runs_and_goes_with_what_is_done_next(
    lesson: Lesson, run: Runs
) -> None:
    """It was gone with the next step, before anybody could read it."""
    quadratic = run()
    playing = begun(lesson, quadratic)
    playing.see(quadratic.shown(running=True))
    playing.hint()
    for _ in range(3):
        playing.see(quadratic.shown(steps=1, running=True))
        assert playing.told == "Hint: Press the key of a step."
    playing.see(quadratic.shown())
    assert not playing.told


def test_another_run_does_not_count_and_is_said_to_be_another(lesson: Lesson, run: Runs) -> None:
    playing = begun(lesson, run())
    other = run(model="relu", experiment="relu")
    playing.answer("1", other.shown())
    assert not playing.see(other.shown(1))
    assert "another run" in playing.text
    assert playing.see(run().shown(1))


def test_a_setting_that_the_run_may_change_is_the_persons_own_affair(
    lesson: Lesson, run: Runs
) -> None:
    playing = begun(lesson, run())
    faster = run(learning_rate=0.5, zero_gradients=False)
    playing.answer("1", faster.shown())
    assert playing.see(faster.shown(1))


def test_what_was_shown_is_marked_otherwise_than_what_was_done(lesson: Lesson, run: Runs) -> None:
    quadratic = run()
    playing = begun(lesson, quadratic)
    playing.answer("1", quadratic.shown())
    playing.was_shown = True
    playing.see(quadratic.shown(1))
    assert playing.progress.mark(0) == "◦"


def test_choices_may_be_told_apart_by_what_comes_of_it(
    written: Callable[..., Path], run: Runs
) -> None:
    compared = 'answer = ["loss < before.loss", "loss >= before.loss"]'
    path = written(('direction = "value.c"', f'choices = ["falls", "rises"]\n{compared}'))
    quadratic = run()
    playing = begun(read_lesson(path), quadratic)
    playing.answer("2", quadratic.shown())
    playing.see(quadratic.shown(1))
    assert playing.text.startswith("✗ You said rises. Right: falls.")


def test_a_step_too_many_is_said_and_the_text_about_ten_is_read_of_ten() -> None:
    """Of eleven steps 1.3470 was once called the published table."""
    lesson = find(lessons(), "forgotten-zero").read("en")
    start = lesson.tasks[1].start
    assert start is not None
    timeline = Timeline(Trainer.from_config(start.config))
    playing = Playing(lesson, Progress(None).of(lesson.name), 1)
    shown = partial(capture_snapshot, timeline, make_scene(timeline), ViewRequest())
    playing.begin(shown())
    playing.answer("3", shown())
    timeline.advance(11)
    assert not playing.see(shown())
    assert playing.text == (
        "Step 11 is too far; the task ends at 10. b goes back a step, r to its start."
    )
    timeline.seek(10)
    assert playing.see(shown())
    assert "1.4628! Far lower" in playing.text
    timeline.advance(1)
    playing.see(shown())
    assert "1.4628! Far lower" in playing.text


@pytest.mark.parametrize("task", [1, 2, 3])
def test_ten_steps_that_came_by_another_way_are_not_called_the_tables(task: int) -> None:
    """A value typed on the way, or another rate, led to a number that the table has not."""
    lesson = find(lessons(), "forgotten-zero").read("en")
    start = lesson.tasks[task - 1].start or lesson.start
    timeline = Timeline(Trainer.from_config(start.config))
    playing = Playing(lesson, Progress(None).of(lesson.name), task - 1)
    shown = partial(capture_snapshot, timeline, make_scene(timeline), ViewRequest())
    playing.begin(shown())
    if playing.stage == "asking":
        playing.answer("3", shown())
    timeline.do("assign", index=1, value=1.5)
    last = 4 if task == 3 else 10
    timeline.advance(last)
    assert not playing.see(shown())
    assert playing.text == (
        f"Step {last}, but the run did not come here as the task asks. "
        "r goes back to the task’s start."
    )


def test_another_loss_is_another_run_where_the_goal_is_the_losss_number(run: Runs) -> None:
    """Below 1.3 was reached by taking another loss, whose numbers are smaller."""
    lesson = find(lessons(), "curve").read("en")
    playing = Playing(lesson, Progress(None).of(lesson.name), 4)
    playing.begin(run().shown())
    other = run(loss="huber").shown(90)
    assert not playing.see(other)
    assert playing.strayed


def test_a_step_does_not_do_what_is_to_be_done_by_hand(run: Runs) -> None:
    """A step raises c too; then "the whole curve moves up and keeps its shape" was not so."""
    lesson = find(lessons(), "curve").read("en")
    playing, quadratic = Playing(lesson, Progress(None).of(lesson.name), 1), run()
    playing.begin(quadratic.shown())
    playing.answer("1", quadratic.shown())
    assert not playing.see(quadratic.shown(1))


def test_what_to_do_is_told_after_the_answer(written: Callable[..., Path], run: Runs) -> None:
    path = written(('goal = ["step >= 1"]', 'do = "Press {key.step}."\ngoal = ["step >= 1"]'))
    quadratic = run()
    playing = begun(read_lesson(path), quadratic)
    assert playing.do == ""
    playing.answer("1", quadratic.shown())
    assert playing.do == "Press s."
    playing.see(quadratic.shown(1))
    assert playing.do == ""


def test_who_leaves_once_a_task_is_done_goes_on_with_the_next(lesson: Lesson, run: Runs) -> None:
    quadratic = run()
    playing = begun(lesson, quadratic)
    playing.answer("1", quadratic.shown())
    assert playing.progress.at == 0
    playing.see(quadratic.shown(1))
    assert playing.progress.at == 1
