"""What of a task stands on the panel of a lesson, in the room that there is."""

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn_core.lessons.playing import Playing


def wrap(text: str, columns: int) -> list[str]:
    """A text in lines of so many columns, words whole."""
    return textwrap.wrap(text, max(1, columns), break_on_hyphens=False)


def choice_rows(choices: tuple[str, ...], columns: int) -> list[str]:
    """Choices as they are shown: "1 up   2 down", on as few rows as hold them."""
    return wrap(
        "   ".join(f"{at} {choice}".replace(" ", "\u00a0") for at, choice in enumerate(choices, 1)),
        columns,
    )


def page(
    playing: "Playing",
    columns: int,
    rows: int,
    noted: bool = False,
    spelled: Mapping[int, str] | None = None,
) -> dict[str, list[str]]:
    """The rows of "text", "hint", "ask", "choices" and "do" that stand there.

    With `noted` a row is kept for a note; `spelled` are other spellings of letters, as of
    `str.maketrans`.  Where there is no room for all, the text gives way to a hint or a note, then
    the hint to a note, then a question that was answered leaves its answer; an open question and
    its choices never do, nor what is to be done.
    """
    found = {
        "text": wrap(playing.text.translate(spelled or {}), columns),
        "hint": wrap(playing.told.translate(spelled or {}), columns),
        "ask": wrap(playing.ask.translate(spelled or {}), columns),
        "choices": choice_rows(playing.choices, columns),
        "do": wrap(playing.do.translate(spelled or {}), columns),
    }
    gives_way = ["text"] * bool(noted or found["hint"]) + ["hint"] * noted
    for name in gives_way:
        if sum(map(len, found.values())) + noted > rows:
            found[name] = []
    if playing.answered and sum(map(len, found.values())) + noted > rows:
        found["ask"] = wrap(playing.answered.translate(spelled or {}), columns)
    return found
