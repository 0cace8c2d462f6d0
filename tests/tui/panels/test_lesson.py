"""The panel of a lesson, in whatever room there is for it."""

import pytest

from nn_core import Config, Timeline, Trainer
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.lessons import course
from nn_core.lessons.playing import Playing
from nn_core.lessons.progress import Progress
from nn_tui.panels.lesson import panel


@pytest.fixture(scope="module")
def playing() -> Playing:
    """The first lesson at its first task."""
    lesson = course.find(course.lessons(()), "curve").read("en")
    timeline = Timeline(Trainer.from_config(Config()))
    playing = Playing(lesson, Progress(None).of(lesson.name))
    playing.begin(capture_snapshot(timeline, make_scene(timeline), ViewRequest()))
    return playing


@pytest.mark.parametrize("height", [0, 1, 2, 9])
@pytest.mark.parametrize("width", [0, 1, 4, 80])
def test_a_complaint_has_the_last_row_where_there_is_one(
    width: int, height: int, playing: Playing
) -> None:
    rows = panel(playing, "not so", width, height)
    assert len(rows) == max(1, height)
    assert (rows[-1] == [(" not so", "alarm")]) == (height > 1)


def test_what_comes_next_stands_out_the_question_then_what_to_do() -> None:
    lesson = course.find(course.lessons(()), "curve").read("en")
    timeline = Timeline(Trainer.from_config(Config()))
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    playing = Playing(lesson, Progress(None).of(lesson.name), 1)

    def strong() -> list[str]:
        rows = panel(playing, "", 80, 5)[1:]
        return [text for row in rows for text, role in row if role == "strong"]

    playing.begin(shown)
    assert strong() == [" What will the whole curve do when you raise c? Guess first."]
    playing.answer("2", shown)
    assert strong() == [" Now press →, and watch the curve."]


@pytest.mark.parametrize(("height", "width"), [(5, 80), (7, 60)])
@pytest.mark.parametrize(("name", "task", "said"), [("forgotten-zero", 2, "4"), ("step", 1, "1")])
def test_a_note_or_a_hint_leaves_the_question_and_what_to_press_in_sight(
    height: int, width: int, name: str, task: int, said: str
) -> None:
    """Of the question "You said: 4." was left, before the text had given way."""
    lesson = course.find(course.lessons(()), name).read("en")
    timeline = Timeline(Trainer.from_config(Config(zero_gradients=name == "step")))
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    playing = Playing(lesson, Progress(None).of(lesson.name), task)
    playing.begin(shown)
    playing.answer(said, shown)

    def reads(note: str) -> str:
        rows = panel(playing, note, width, height)
        return " ".join(" ".join(text for text, _ in row).strip() for row in rows)

    for _ in range(2):
        noted = reads("Not done: H does nothing here; ? lists the keys.")
        assert playing.ask in noted
        assert playing.do in noted
        assert "Not done: H does nothing here" in noted
        assert playing.do in reads("")
        playing.hint()
    assert playing.told in reads("")
    assert playing.ask in reads("")
