"""The panel of a lesson: title and marks, what to do, the question, or how it went."""

from typing import TYPE_CHECKING

from nn_core.config.key_names import key_name
from nn_core.lessons.page import page
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nn_core.lessons.playing import Playing

_ROLES = {"done": "strong", "over": "strong"}  # of the text, by the task's stage
_BLOCKS = {"hint": "text", "choices": meaning("model", "keys"), "do": "strong"}

# The arrow keys by name, where arrows would be spelled as < and >, which are keys too.
_ARROWS = str.maketrans({"←": "left", "→": "right", "↑": "up", "↓": "down"})


def panel(
    playing: "Playing", note: str, width: int, height: int, ascii_only: bool = False
) -> list[Line]:
    """The rows of the panel; `note` is a complaint, for which the last of them is kept."""
    body: list[Line] = []
    shown = page(playing, width - 2, height - 1, bool(note), _ARROWS if ascii_only else None)
    room = height - 1 - bool(note) - sum(map(len, shown.values()))
    for name, rows in shown.items():
        if rows and body and room > 0:  # where there is room the blocks stand apart
            body.append([])
            room -= 1
        if name == "ask":  # what comes next stands out: the question, then what to do
            role = "strong" if playing.stage == "asking" else "text"
        else:
            role = _ROLES.get(playing.stage, "text") if name == "text" else _BLOCKS[name]
        body += [[(f" {text}", role)] for text in rows]
    body = (body + [[]] * height)[: max(0, height - 1)]
    if note and body:
        body[-1] = [(f" {note}", "alarm")]
    return [_title(playing, width), *body]


def key_line(parts: "Sequence[tuple[str, str]]", acts: bool) -> Line:
    """Keys as they are shown, each with what it does; dimmed where they don't act just now."""
    if not acts:
        return [(f" {shown} {brief} ", "off") for shown, brief in parts]
    line: Line = []
    for shown, brief in parts:
        word = "text" if " " in shown else meaning("text", "type", shown)
        line += [(f" {shown}", meaning("strong", "type", shown)), (f" {brief} ", word)]
    return line


def _title(playing: "Playing", width: int) -> Line:
    tasks = playing.lesson.tasks
    at = min(playing.number, len(tasks) - 1)
    marks = [
        playing.progress.mark(number) or ("▸" if number == at else "·")
        for number in range(len(tasks))
    ]
    where = f" task {at + 1} of {len(tasks)}  {' '.join(marks)} " if len(tasks) > 1 else " "
    begin: Line = [(" ── ", "rule"), (playing.lesson.title, "strong"), (" ", "rule")]
    rule = "─" * max(0, width - width_of(begin) - len(where))
    return [*begin, (rule, "rule"), (where, "model")]


def keys(playing: "Playing", returns: bool) -> list[tuple[str, str]]:
    """The keys that a lesson has of its own just now: (as they are shown, what they do)."""
    if playing.stage == "over":
        return [("enter", "out"), (key_name("lessons"), "the next lesson")]
    found: list[tuple[str, str]] = []
    if playing.stage == "done":
        back = playing.goes_back_to
        found.append(("enter", f"goes on from {back}" if back else "goes on"))
    elif playing.choices:
        found.append((" ".join(map(str, range(1, len(playing.choices) + 1))), "answer"))
    elif playing.wants_number:
        found.append(("enter", "type the answer"))
    elif playing.types_a_value:
        found.append(("enter", "type a value"))
    if playing.stage in ("asking", "doing"):
        left = playing.hints < len(playing.task.hints)
        found.append((key_name("hint"), "hint" if left else "show me"))
    if returns:
        found.append((key_name("restart"), "to the task’s start"))
    return [*found, ("esc", "out")]
