"""Cards: when each is asked again, and the file that Anki imports."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from nn_core.lessons.cards import due, export, file_away
from nn_core.lessons.lesson import read_lesson
from nn_core.lessons.progress import Progress

TODAY = date(2026, 3, 1)
CARDS = """
[[card]]
ask = "Which way?"
choices = ["up", "down"]
answer = 1
why = "Against the gradient."

[[card]]
ask = "Take a step."
goal = ["step >= 1"]
solution = ["s"]
why = "s takes it."

[[task]]"""


def test_a_card_waits_longer_each_time_and_comes_back_where_it_was_wrong(
    written: Callable[..., Path],
) -> None:
    lesson = read_lesson(written(("[[task]]", CARDS)))
    kept = Progress(None)
    assert due([lesson], kept, TODAY) == []
    for task in range(len(lesson.tasks)):
        kept.of(lesson.name).finish(task, "done", None, None)
    first, doing = due([lesson], kept, TODAY)
    assert doing.task is not None
    days = [file_away(first, True, kept, TODAY) for _ in range(5)]
    assert days == [1, 3, 7, 21, 21]
    assert due([lesson], kept, TODAY) == [doing]
    assert first in due([lesson], kept, TODAY + timedelta(21))
    assert file_away(first, False, kept, TODAY) == 1


def test_the_export_has_a_line_for_each_card(written: Callable[..., Path], tmp_path: Path) -> None:
    lesson = read_lesson(written(("[[task]]", CARDS)))
    assert export([lesson], tmp_path / "cards.tsv") == 2
    lines = (tmp_path / "cards.tsv").read_text().splitlines()
    assert lines[0] == "#separator:tab"
    assert lines[-2:] == [
        "Which way? (1 up; 2 down)\tup. Against the gradient.\tmine",
        "In nn-tui: Take a step.\ts. s takes it.\tmine",
    ]
