"""`nn-tui lesson` and `nn-tui cards`: what they print, ask and remember."""

import io
import json
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from nn_core.lessons import course
from nn_core.lessons.course import find, language, lessons
from nn_core.lessons.hands import read_solution
from nn_core.lessons.playing import Playing
from nn_core.lessons.progress import Progress
from nn_core.live.requests import Seek
from nn_tui.__main__ import main
from nn_tui.app.bench import Bench
from nn_tui.cli.cards_command import ask
from nn_tui.cli.lesson_plain import play

TEMPLATE = Path(course.__file__).parent / "template.toml"


def played(name: str, *lines: str, progress: Progress | None = None) -> str:
    """What a lesson says to somebody who types these lines."""
    lesson = find(lessons(), name).read("")
    out = io.StringIO()
    kept = (progress or Progress(None)).of(lesson.name)
    assert play(lesson, kept, Bench(lesson.start), io.StringIO("\n".join(lines)), out) == 0
    return out.getvalue()


def test_a_lesson_can_be_followed_line_by_line() -> None:
    said = played("1", "↓*2", "1", "→", "2", "2", "↑*2", "→", "a 2.4", "2")
    assert "keeps its shape." in said
    assert "You said 2." in said
    assert "4 of your 4 guesses held." in said


def test_what_to_do_is_said_once_the_question_is_answered() -> None:
    said = played("2", "-0.1", "q")
    before, _, after = said.partition("You said: −0.1.".replace("−", "-"))
    assert "press →" not in before
    assert after.strip().startswith("Now press →: a rises by 0.1.")


def test_every_lesson_can_be_done_line_by_line_with_its_hints_and_a_wrong_guess() -> None:
    for entry in lessons():
        lesson = entry.read("")
        lines = []
        for task in lesson.tasks:
            wrong = [] if task.question is None else ["2" if task.question.choices else "-77"]
            lines += ["h"] * len(task.hints) + wrong + ["look", *task.solution]
        progress = Progress(None)
        said = played(entry.name, *lines, progress=progress)
        assert f"That was “{lesson.title}”" in said, said
        assert "Not done" not in said, said


@pytest.mark.parametrize("keys", [["s*33"], ["s*60"], ["S"] * 4, ["space"], ["s*20", "S", "S"]])
def test_what_a_goal_notes_is_of_the_first_step_that_reached_it(keys: list[str]) -> None:
    said = played("5", "2", "space", "24", *keys, "q")
    assert "You said 24. It is 33." in said
    assert "in fewer steps: 33 of them." in said


def test_the_next_task_begins_where_the_one_before_was_done() -> None:
    """As on the screen: a line that went on past that left the next task somewhere else."""
    said = played("2", "-0.1", "→", "1", "↓*2", "←", "0.1", "i*4", "1", "S", "q")
    _, _, after = said.partition("The next task goes on from step 1.")
    assert "Task 5 of 5." in after
    assert "[step 1; " in after


@pytest.mark.parametrize("name", [entry.name for entry in lessons()])
def test_going_on_past_a_goal_changes_nothing_of_what_is_said_of_it(name: str) -> None:
    lesson = find(lessons(), name).read("")
    bench, heard = Bench(lesson.start), list[list[str]]()
    for beyond in (0, 7):
        playing, said = Playing(lesson, Progress(None).of(name)), list[str]()
        while playing.stage != "over":
            task, start = playing.task, lesson.start if playing.number == 0 else None
            before = bench.begin(task.start or start)
            playing.first = partial(bench.first, task, before)
            playing.begin(before)
            if task.question is not None:
                playing.answer("1", before)
            *others, last = [before, *map(bench.act, read_solution(task.solution))]
            mark = bench.snapshot
            assert mark is last
            for each in others:
                playing.see(each)
            if beyond and mark.step > before.step and not mark.phase:
                for action in read_solution([f"s*{beyond}"]):
                    bench.act(action)
            if not playing.see(bench.snapshot) and playing.stage != "done":
                bench.ask(Seek(mark.step))  # the goal is at that step and at none beyond
                playing.see(bench.snapshot)
            said.append(playing.text)
            bench.ask(Seek(mark.step))
            playing.go_on()
        heard.append(said)
    assert heard[0] == heard[1]


def test_who_leaves_goes_on_where_it_was() -> None:
    progress = Progress(None)
    played("3", "1.1135", "s", "2.2", "s*9", "q", progress=progress)
    said = played("3", "look", "q", progress=progress)
    assert "Task 3 of 5." in said
    assert "[step 10; loss 2.2137;" in said


def test_free_play_and_the_way_back() -> None:
    said = played("3", "1.11", "z", "open relu", "s", "r", "1.11", "s", "q")
    assert "This is another run than the lesson’s" in said
    assert "1.1000 - 0.01 · (-1.3529) = 1.1135" in said


def test_what_cannot_be_done_is_said_in_one_line() -> None:
    said = played("3", "wat", "set optimzer adam", "a x", "s*0", "?", "q")
    assert said.count("Not done: ") == 4
    assert "Type what is to be done" in said


def test_the_solution_is_shown_after_the_last_hint_and_marked_so() -> None:
    progress = Progress(None)
    said = played("1", "h", "h", "q", progress=progress)
    assert "The solution: ↓*2." in said
    assert progress.of("curve").mark(0) == "◦"


def test_the_list_has_a_mark_for_what_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lesson"]) == 0
    assert "   4  The forgotten zero  (forgotten-zero, 10 min)" in capsys.readouterr().out


def test_a_new_lesson_is_written_and_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    assert main(["lesson", "new", str(path)]) == 0
    assert main(["lesson", "check", str(path)]) == 0
    assert "ok" in capsys.readouterr().out
    assert main(["lesson", "new", str(path)]) == 2
    path.write_text(path.read_text().replace('goal = ["step >= 1"]', 'goal = ["step >= 0"]'))
    assert main(["lesson", "check", str(path)]) == 1
    assert main(["lesson", "new", "--names"]) == 0
    assert "learning_rate" in capsys.readouterr().out


def test_a_report_is_a_table_or_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Progress(tmp_path / "progress.json").of("curve").be_at(1)
    assert main(["lesson", "report", str(tmp_path), "--csv"]) == 0
    assert capsys.readouterr().out.startswith("pupil,curve.1,curve.2")
    assert main(["lesson", "report", str(tmp_path / "none")]) == 2


def test_a_folder_adds_lessons_in_the_language_of_the_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    english = TEMPLATE.read_text()
    (tmp_path / "01-mine.toml").write_text(english)
    german = english.replace("Where does the curve go?", "Wohin geht die Kurve?")
    (tmp_path / "01-mine.de.toml").write_text(german)
    assert main(["lesson", "--lessons", str(tmp_path), "--language", "de"]) == 0
    shown = capsys.readouterr().out
    assert "  15  Wohin geht die Kurve?  (mine, 5 min)" in shown
    assert "A curve and its loss" in shown
    assert main(["lesson", "--lessons", str(tmp_path / "none")]) == 2


def test_the_locale_says_which_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "de_AT.UTF-8")
    assert language() == "de"
    assert language("fr") == "fr"
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert language() in ("", "en")


@pytest.mark.parametrize("name", ["99", "forgoten-zero"])
def test_an_unknown_lesson_is_refused_with_the_nearest(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lesson", name, "--plain"]) == 2
    assert "nearest" in capsys.readouterr().err


def test_cards_are_asked_and_filed_away(written_cards: Callable[[], Progress]) -> None:
    progress, out = written_cards(), io.StringIO()
    today = date(2026, 3, 1)
    found = [find(lessons(), "votes").read("")]
    typed = io.StringIO("-0.2\n5\nx\n2\ni\ni*3\n")
    assert ask(found, progress, typed, out, today) == 0
    said = out.getvalue()
    assert said.count("Right.") == 3
    assert said.count("Not quite.") == 1
    assert progress.cards["votes-1"] == {"box": 1, "due": "2026-03-02"}
    out = io.StringIO()
    ask(found, progress, io.StringIO(""), out, today)
    assert "Nothing is due today. The next card is due on 2026-03-02." in out.getvalue()


@pytest.fixture
def written_cards() -> Callable[[], Progress]:
    """Progress in which the second lesson is done."""

    def write() -> Progress:
        progress = Progress(None)
        for task in range(5):
            progress.of("votes").finish(task, "done", None, None)
        return progress

    return write


def test_cards_are_written_for_anki(tmp_path: Path) -> None:
    path = tmp_path / "cards.tsv"
    assert main(["cards", "--export", str(path)]) == 0
    lines = path.read_text().splitlines()
    assert lines[0] == "#separator:tab"
    assert all(line.count("\t") == 2 for line in lines[3:])


def test_progress_is_readable_json(tmp_path: Path) -> None:
    progress = Progress.open(tmp_path)
    played("1", "↓*2", "q", progress=progress)
    content = json.loads((tmp_path / "progress.json").read_text())
    assert content["lessons"]["curve"]["tasks"]["1"]["state"] == "done"


@pytest.mark.parametrize("arguments", [["--lesson", "4"], ["forgotten-zero"]])
def test_a_lesson_without_a_screen_has_a_command_of_its_own(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--plain"]) == 2
    assert f"nn-tui lesson {arguments[-1]} --plain" in capsys.readouterr().err
