"""Progress: what is on the disk after each task, and what a damaged file does."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nn_core.errors import RequestError
from nn_core.lessons import progress
from nn_core.lessons.lesson import Lesson
from nn_core.lessons.progress import Progress, gather, table


def test_what_was_done_is_found_again(tmp_path: Path) -> None:
    kept = Progress.open(tmp_path)
    assert kept.is_new
    kept.of("a").finish(0, "done", "up", True)
    kept.of("a").finish(1, "shown", None, None)
    kept.of("a").be_at(2)
    kept.set_open("a")
    again = Progress.open(tmp_path)
    assert [again.of("a").mark(task) for task in range(3)] == ["✓", "◦", ""]
    assert again.of("a").at == 2
    assert again.of("a").guesses == (1, 1)
    assert again.open_lesson == "a"
    assert not again.is_new


def test_the_file_can_be_read_by_people_and_taken_elsewhere(tmp_path: Path) -> None:
    Progress.open(tmp_path).of("a").finish(0, "done", "up", True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / progress.NAME).rename(elsewhere / progress.NAME)
    assert Progress.open(elsewhere).of("a").mark(0) == "✓"
    content = json.loads((elsewhere / progress.NAME).read_text())
    assert content["lessons"]["a"]["tasks"]["1"]["said"] == "up"


def test_a_task_done_again_keeps_its_first_guess_and_its_mark() -> None:
    kept = Progress(None).of("a")
    kept.finish(0, "done", "down", False)
    kept.finish(0, "shown", "up", True)
    assert kept.guesses == (0, 1)
    assert kept.mark(0) == "✗"


def test_the_first_lesson_is_offered_at_a_few_starts_until_one_is_begun(tmp_path: Path) -> None:
    for _ in range(progress.OFFERS):
        assert Progress.open(tmp_path).is_new
        Progress.open(tmp_path).note_offer()
    assert not Progress.open(tmp_path).is_new
    begun = Progress.open(tmp_path / "other")
    begun.of("curve").finish(0, "done", "down", False)
    assert not Progress.open(tmp_path / "other").is_new


def test_who_was_offered_it_by_an_older_program_is_not_offered_it_again(tmp_path: Path) -> None:
    """That program wrote "offered", once, and nothing else; the next one offered it five times."""
    old = {"format": progress.FORMAT, "version": 1, "pupil": "ada", "offered": True}
    (tmp_path / progress.NAME).write_text(json.dumps(old))
    assert not Progress.open(tmp_path).is_new
    (tmp_path / progress.NAME).write_text(json.dumps({**old, "offered": False}))
    assert Progress.open(tmp_path).is_new


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "nn-tui progress", "version": 1, "pupil": 3}', "\0"]
)
def test_a_damaged_file_is_set_aside_and_said_to_be_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / progress.NAME
    path.write_text(text)
    with pytest.raises(RequestError, match=progress.NAME):
        progress.read(path)
    assert Progress.open(tmp_path).is_new
    assert (tmp_path / (progress.NAME + ".damaged")).read_text() == text


def test_a_report_has_a_row_for_each_pupil(tmp_path: Path, lesson: Lesson) -> None:
    for name, tasks in (("Zoe", 2), ("Anna", 1)):
        start = {"format": progress.FORMAT, "version": progress.VERSION, "pupil": name}
        kept = Progress(tmp_path / name / progress.NAME, start)
        for task in range(tasks):
            kept.of(lesson.name).finish(task, "done", "up", task == 0)
            kept.of(lesson.name).be_at(task + 1)
    assert table(gather([tmp_path]), [lesson]) == [
        ["pupil", "mine.1", "mine.2", "guesses"],
        ["Anna", "✓", "·", "1 of 1"],
        ["Zoe", "✓", "✗", "1 of 2"],
    ]


def test_a_folder_without_progress_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no progress file"):
        gather([tmp_path])


def test_a_damaged_keyframe_counts_as_none(tmp_path: Path) -> None:
    kept = Progress.open(tmp_path)
    kept.keep_keyframe("a", 1, "not a session")
    assert kept.keyframe("a", 1) == ""
    assert kept.keyframe("a", 2) == ""


WRITER = """
import sys
from pathlib import Path
from nn_core.lessons.progress import Progress

kept = Progress.open(Path(sys.argv[1])).of("a")
for task in range(900):
    kept.finish(task, "done", "up", True)
    kept.be_at(task + 1)
    print(task + 1, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 3, 7, 20])
def test_what_was_done_survives_a_kill(tmp_path: Path, lines: int) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(lines):
            done = int(writer.stdout.readline())
        writer.kill()
    kept = Progress(tmp_path / progress.NAME, progress.read(tmp_path / progress.NAME)).of("a")
    assert kept.at >= done
    assert kept.is_done(done)
