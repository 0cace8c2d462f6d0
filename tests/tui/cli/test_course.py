"""The course: each lesson holds what a lesson must, played from its first task to its last."""

from pathlib import Path

import pytest

from nn_core.lessons.check import check_lesson
from nn_core.lessons.course import COURSE, find, lessons
from nn_core.lessons.hands import Action
from nn_core.lessons.lesson import read_lesson
from nn_tui.app.bench import Bench

ENTRIES = lessons()
TEMPLATE = COURSE.parent / "template.toml"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_lesson_is_as_it_should_be(entry) -> None:
    lesson = entry.read("")
    assert check_lesson(lesson, Bench(lesson.start)) == []
    assert 3 <= len(lesson.cards) <= 6


def test_there_are_fourteen() -> None:
    assert [entry.number for entry in ENTRIES] == [*range(1, 15)]


def test_the_template_is_a_lesson() -> None:
    lesson = read_lesson(TEMPLATE)
    assert check_lesson(lesson, Bench(lesson.start)) == []


BROKEN = [
    ('goal = ["step >= 1"]', 'goal = ["step >= 0"]', "task 1: its goal holds already at its start"),
    ('solution = ["s"]', 'solution = ["↓"]', "task 1: its solution does not reach its goal"),
    ('solution = ["s"]', 'solution = ["@"]', "task 1: there is no key '@'"),
    ('solution = ["s"]', 'solution = ["s*3"]', "task 1: its goal is reached before"),
    ("From {before.loss} to", "From 2.4219 to", "task 1: 2.4219 is typed in"),
    ('say = "The', f'say = "{"long " * 60}The', "rows at asking; 4 fit"),
    ('hints = ["s takes a step. It is the first key at the bottom."]', "", "task 1: has no hint"),
    ("A step goes where", "{value.d} A step goes where", "{value.d} is nothing in this run"),
    ('ask = "Which way', 'ask = "Press {key.step}. Which way', "task 1: names {key.step} before"),
    ('say = "c can be', 'say = "{key.raise}: c can be', "task 3: names {key.raise} before"),
    ('do = "Press {key.step} for the step."', "", "task 2: says nothing to do once its question"),
    ('do = "Press {key.step} for', f'do = "{"long " * 60}{{key.step}} for', "rows at doing; 4 fit"),
    (
        'answer = ["loss < before.loss", "loss >= before.loss"]',
        'answer = ["loss > before.loss", "loss > before.loss"]',
        "none of the question’s answers is right in the end",
    ),
]


@pytest.mark.parametrize(("old", "new", "complaint"), BROKEN)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    text = TEMPLATE.read_text()
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new, 1))
    lesson = read_lesson(path)
    found = check_lesson(lesson, Bench(lesson.start))
    assert any(complaint in each for each in found)
    assert not any("\n" in each for each in found)


def test_a_lesson_asks_for_guesses(tmp_path: Path) -> None:
    text = TEMPLATE.read_text()
    path = tmp_path / "mine.toml"
    kept = text[: text.index("# Other questions")] + text[text.index("# Questions for") :]
    path.write_text(kept)
    lesson = read_lesson(path)
    assert check_lesson(lesson, Bench(lesson.start)) == [
        "asks 1 questions; at least 2 make a lesson"
    ]


def test_borrowed_numbers_are_better_before_a_step_than_ones_own_after_fifty() -> None:
    """What the answer of the lesson says beforehand, since the next task loads them."""
    lesson = find(lessons(), "borrowed").read("en")
    bench = Bench(lesson.start)
    bench.begin(lesson.start)
    own = bench.act(Action("key", "space")).validation
    loaded = bench.begin(lesson.tasks[2].start).validation
    assert loaded.loss < own.loss
