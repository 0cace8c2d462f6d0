"""A lesson as its file says it: tasks, each with a text, perhaps a question, a goal, and hints."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nn_core.config import Config
from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.key_names import with_keys
from nn_core.errors import RequestError
from nn_core.formatting import printable
from nn_core.lessons.goals import Comparison, as_number, read_comparison
from nn_core.lessons.names import DIRECTIONS, Moment, Value, look_up, require_name, written
from nn_core.lessons.shapes import require_shape

FORMAT = 1
LARGEST_FILE = 200_000  # bytes
MOST_TASKS, MOST_STEPS = 30, 100_000
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Start:
    """Where a task begins, where that isn't where the one before ended.

    `values` are parameters by name, `weights` a file of them; `steps` are taken from there.
    """

    config: Config
    values: tuple[tuple[str, Any], ...] = ()
    steps: int = 0
    weights: Path | None = None


@dataclass(frozen=True)
class Question:
    """What the person is asked to foretell, or to work out.

    Answered by one of the `choices`, or without any by a number.  `right` says which: the choice of
    this number from 0, the first whose comparison holds, the direction that a name took; or the
    number itself, or what a name stands for, within `near`.
    """

    text: str
    choices: tuple[str, ...]
    right: int | tuple[Comparison, ...] | str | float
    near: float = 0.0

    def answer(self, moment: Moment) -> Value | None:
        """The right answer as things went: a choice's number from 0, or a number."""
        if isinstance(self.right, tuple):
            return next((at for at, each in enumerate(self.right) if each.holds(moment)), None)
        if not isinstance(self.right, str):
            return self.right
        found = look_up(self.right, moment)
        return DIRECTIONS.index(found) if isinstance(found, str) else found

    def read(self, typed: str) -> float:
        """What a person typed as an answer; `RequestError` where it is none."""
        try:
            number = as_number(typed)
        except ValueError:
            number = float("nan")
        if self.choices and number not in range(1, len(self.choices) + 1):
            raise RequestError(
                f"a number from 1 to {len(self.choices)} answers; not {typed[:40]!r}"
            )
        if number != number:
            raise RequestError(f"a number answers, such as 1.25; not {typed[:40]!r}")
        return number - 1 if self.choices else number

    def is_right(self, said: float, moment: Moment) -> bool:
        """Whether an answer was right, as things went."""
        answer = self.answer(moment)
        if answer is None:
            return False
        return abs(said - float(answer)) <= (self.near if not self.choices else 0.0) + 1e-12

    def shown(self, said: float, moment: Moment) -> str:
        """An answer as text."""
        if self.choices:
            return self.choices[int(said)]
        named = isinstance(self.right, str) and said == self.answer(moment)
        return (written(str(self.right), moment) or "") if named else f"{said:g}".replace("-", "−")


@dataclass(frozen=True)
class Task:
    """One step of a lesson: done when all of its `goal` holds, and its question is answered.

    `do` says what to press; of a task with a question it is told once that is answered.
    """

    say: str
    question: Question | None
    goal: tuple[Comparison, ...]
    hints: tuple[str, ...]
    after: str
    solution: tuple[str, ...]
    start: Start | None
    do: str = ""


@dataclass(frozen=True)
class Lesson:
    """A lesson, as its file has it.  `hide` are keys that would distract; `cards` its questions."""

    name: str
    title: str
    minutes: int
    start: Start
    tasks: tuple[Task, ...]
    hide: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    cards: "tuple[Card, ...]" = ()


@dataclass(frozen=True)
class Card:
    """A question to be asked again later; with a `task` it is answered by doing it."""

    name: str
    question: Question
    why: str
    task: Task | None = None

    @property
    def reason(self) -> str:
        """Why the answer is right, with the keys as they are called here."""
        return with_keys(self.why)


def fill(text: str, moment: Moment, directions: tuple[str, ...] = DIRECTIONS) -> str:
    """A text with its placeholders filled; "?" for what this run has nothing of."""
    return _PLACEHOLDER.sub(
        lambda found: written(found[1], moment, directions) or "?", with_keys(text)
    )


def placeholders(text: str) -> list[str]:
    """The names that a text asks for."""
    return _PLACEHOLDER.findall(with_keys(text))


# --- reading --------------------------------------------------------------------------------------


def read_lesson(path: Path, name: str = "") -> Lesson:
    """Read a lesson file; `RequestError` with the file and the place where it is wrong."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RequestError(f"has more than {LARGEST_FILE:,} bytes")
        content = tomllib.loads(path.read_bytes().decode())
        return _lesson(path, name or path.stem, content)
    except OSError as error:
        raise RequestError(f"{path}: can’t be read: {error.strerror or error}") from None
    except (RequestError, ValueError, RecursionError) as error:
        reason = printable(" ".join(str(error).split())) or "is nested too deeply"
        raise RequestError(f"{path}: {reason[:300]}") from None


_QUESTION = {
    "ask?": str, "choices?": [str], "answer?": Any, "direction?": str, "number?": Any,
    "near?": float,
}  # fmt: skip
_START = {"values?": {"*": Any}, "steps?": int, "weights?": str, "*": Any}
_LESSON = {
    "format": int, "title": str, "start": _START, "minutes?": int, "hide?": [str],
    "constants?": [str],
    "task": [{
        **_QUESTION, "say": str, "do?": str, "goal?": [str], "hints?": [str], "after?": str,
        "solution?": [str], "start?": _START,
    }],
    "card?": [{
        **_QUESTION, "ask": str, "why": str, "goal?": [str], "solution?": [str], "start?": _START,
    }],
}  # fmt: skip
_Table = dict[str, Any]


def _lesson(path: Path, name: str, said: _Table) -> Lesson:
    require_shape(said, _LESSON, "the file")
    if said["format"] != FORMAT:
        raise RequestError(f"format is {said['format']}; this program reads {FORMAT}")
    if not 1 <= len(said["task"]) <= MOST_TASKS:
        raise RequestError(f"has {len(said['task'])} tasks; from 1 to {MOST_TASKS} are right")
    start = _start(path, said["start"], "start", Config())
    tasks: list[Task] = []
    for number, each in enumerate(said["task"], 1):
        before = next((task.start for task in reversed(tasks) if task.start), start)
        tasks.append(_task(path, each, f"task {number}", before.config))
    cards = [
        _card(path, each, f"card {number}", f"{name}-{number}", start.config)
        for number, each in enumerate(said.get("card", ()), 1)
    ]
    return Lesson(
        name, said["title"], said.get("minutes", 10), start, tuple(tasks),
        tuple(said.get("hide", ())), tuple(said.get("constants", ())), tuple(cards),
    )  # fmt: skip


def _task(path: Path, said: _Table, where: str, config: Config) -> Task:
    hints = tuple(said.get("hints", ()))
    for text in (*(said.get(name, "") for name in ("say", "ask", "do", "after")), *hints):
        for name in placeholders(text):
            _read(require_name, name, where)
    return Task(
        said["say"],
        _question(said, where) if "ask" in said else None,
        _goal(said, where),
        hints,
        said.get("after", ""),
        tuple(said.get("solution", ())),
        _start(path, said["start"], where, config) if "start" in said else None,
        said.get("do", ""),
    )


def _card(path: Path, said: _Table, where: str, name: str, config: Config) -> Card:
    if "goal" not in said:
        return Card(name, _question(said, where), said["why"])
    start = _start(path, said.get("start", {}), where, config)
    solution = tuple(said.get("solution", ()))
    task = Task(said["ask"], None, _goal(said, where), (), said["why"], solution, start)
    return Card(name, Question(said["ask"], (), 0.0), said["why"], task)


def _goal(said: _Table, where: str) -> tuple[Comparison, ...]:
    return tuple(_read(read_comparison, text, f"{where}, goal") for text in said.get("goal", ()))


def _question(said: _Table, where: str) -> Question:
    text, choices = said["ask"], tuple(said.get("choices", ()))
    if named := [name for choice in choices for name in placeholders(choice)]:
        raise RequestError(f"{where}: a choice is a text as it stands, without {{{named[0]}}}")
    given = [name for name in ("answer", "direction", "number") if name in said]
    if len(given) != 1 or (given[0] == "number" and choices):
        raise RequestError(
            f"{where}: a question has choices and an answer, a direction or a number"
        )
    found = said[given[0]]
    if given[0] == "number":
        if isinstance(found, str):
            _read(require_name, found, f"{where}, number")
        else:
            require_shape(found, float, f"{where}, number")
            found = float(found)
        return Question(text, (), found, float(said.get("near", 0.0)))
    if given[0] == "direction":
        _read(require_name, f"direction.{found}", f"{where}, direction")
        if len(choices or DIRECTIONS) != len(DIRECTIONS):
            raise RequestError(f"{where}: a direction’s choices are up, down and it stays; or none")
        return Question(text, choices or ("up", "down", "it stays"), f"direction.{found}")
    if isinstance(found, list) and len(found) == len(choices) > 1:
        require_shape(found, [str], f"{where}, answer")
        compared = [_read(read_comparison, each, f"{where}, answer") for each in found]
        return Question(text, choices, tuple(compared))
    if type(found) is not int or not 1 <= found <= len(choices) or not 2 <= len(choices) <= 9:
        raise RequestError(
            f"{where}: an answer is the number of one of 2 to 9 choices, or a comparison for each"
        )
    return Question(text, choices, found - 1)


def _start(path: Path, said: _Table, where: str, config: Config) -> Start:
    """A start: settings on top of an experiment's, or of the start before; values and steps."""
    require_shape(said, _START, f"{where}, start")
    fields = dict(said)
    values, steps = fields.pop("values", {}), fields.pop("steps", 0)
    if not 0 <= steps <= MOST_STEPS:
        raise RequestError(f"{where}, start: steps is from 0 to {MOST_STEPS:,}")
    if "experiment" in fields:
        name = str(fields.pop("experiment"))
        if name not in EXPERIMENTS:
            raise RequestError(
                f"{where}: there is no experiment {name!r}; there are {', '.join(EXPERIMENTS)}"
            )
        config = EXPERIMENTS[name].config
    weights = fields.pop("weights", None)
    if weights is not None and Path(weights).name != weights:
        raise RequestError(f"{where}, start: weights is a file beside the lesson; not {weights!r}")
    try:
        merged = Config.from_dict({**config.to_dict(), **fields})
    except (RequestError, TypeError, ValueError, AttributeError) as error:
        reason = (
            error if isinstance(error, RequestError) else "a setting’s value is of another kind"
        )
        raise RequestError(f"{where}, start: {reason}") from None
    numbers = tuple((name, _nested(value)) for name, value in values.items())
    return Start(merged, numbers, steps, weights and path.parent / weights)


def _nested(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_nested(each) for each in value)
    require_shape(value, float, "start, values")
    return float(value)


def _read(read: Callable[[str], Any], text: str, where: str) -> Any:
    """Read a part of the file; where that can't be, it is said where."""
    try:
        return read(text)
    except RequestError as error:
        raise RequestError(f"{where}: {error}") from None
