"""Lesson files: what is wrong with one is said in one line, whatever it is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn_core.errors import RequestError
from nn_core.lessons.lesson import LARGEST_FILE, read_lesson

Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("format = 1", "format = 2", "format is 2; this program reads 1"),
        ('title = "A step"', "", "title is missing"),
        ('title = "A step"', "title = 3", "title is a text"),
        ('title = "A step"', 'titel = "A step"', "no field 'titel'; the nearest is title"),
        ('experiment = "quadratic"', 'experiment = "cubic"', "there is no experiment 'cubic'"),
        ('experiment = "quadratic"', 'learning_rate = "fast"', "start:"),
        ('experiment = "quadratic"', "learning_rate = -1", "learning rate must be"),
        ('experiment = "quadratic"', "steps = -1", "steps is from 0"),
        ('experiment = "quadratic"', 'values = { a = "x" }', "is a number"),
        ("{value.c}", "{valeu.c}", "task 1: there is no name 'valeu.c'"),
        ('["step >= 1"]', '["stp >= 1"]', "task 1, goal: there is no name 'stp'"),
        ('["step >= 1"]', "[1]", "goal 1 is a text"),
        ('direction = "value.c"', "", "a question has"),
        ('direction = "value.c"', 'answer = 3\nchoices = ["a", "b"]', "an answer is the number"),
        ('direction = "value.c"', 'direction = "valu.c"', "the nearest is"),
        ('number = "loss"', "number = true", "is a number"),
        (
            'direction = "value.c"',
            'answer = 1\nchoices = ["near {best_loss}", "far"]',
            "a choice is a text as it stands, without {best_loss}",
        ),
        (
            'say = "Once more."',
            'say = "Once more."\ndo = "{stp}"',
            "task 2: there is no name 'stp'",
        ),
        ('say = "Once more."', 'say = ["Once", "more"]', "say is a text"),
        ('say = "Once more."', "", "say is missing"),
        ("[[task]]", "[[taks]]", "the nearest is task"),
        ('title = "A step"', 'title = "A step', "mine.toml"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    written: Write, old: str, new: str, complaint: str
) -> None:
    path = written((old, new))
    with pytest.raises(RequestError) as refused:
        read_lesson(path)
    message = str(refused.value)
    assert complaint in message
    assert message.startswith(str(path))
    assert "\n" not in message


def test_a_file_that_is_too_large_is_not_read(written: Write) -> None:
    path = written(text="say = '" + "x" * LARGEST_FILE + "'")
    with pytest.raises(RequestError, match="bytes"):
        read_lesson(path)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="can’t be read"):
        read_lesson(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RequestError, match=r"bytes\.toml"):
        read_lesson(tmp_path / "bytes.toml")


_VALUES = st.recursive(
    st.sampled_from(["1", "-7", "1.5", "true", '"x"', '"{loss}"', '"{said}{"', "1979-05-27", '""']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | inner.map(lambda part: f"{{ a = {part} }}")
    ),
    max_leaves=5,
)
_FIELDS = [
    "format", "title", "start", "minutes", "hide", "constants", "say", "ask", "goal", "hints",
    "after", "solution", "number", "near", "direction", "choices", "answer", "card", "task",
]  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_a_field_it_is_read_or_refused_in_one_line(
    written: Write, data: st.DataObject
) -> None:
    names = data.draw(st.lists(st.sampled_from(_FIELDS), unique=True), "fields")
    lines = [f"{name} = {data.draw(_VALUES, name)}" for name in names]
    place = data.draw(st.sampled_from(["", "[[task]]", "[start]", "[[card]]"]), "under")
    path = written(text="\n".join([*lines[:3], place, *lines[3:]]))
    complaint = ""
    try:
        read_lesson(path)
    except RequestError as error:
        complaint = str(error)
    assert "\n" not in complaint
    assert len(complaint) < 600
