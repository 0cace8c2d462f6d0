"""Progress: what a person did in the lessons, one readable JSON file, fit to be taken elsewhere."""

import getpass
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn_core.disk import write_atomically
from nn_core.errors import RequestError
from nn_core.formatting import times
from nn_core.lessons.shapes import require_shape
from nn_core.storage import session
from nn_core.storage.kept_runs import set_aside

if TYPE_CHECKING:
    from nn_core.lessons.lesson import Lesson

FORMAT, VERSION = "nn-tui progress", 1
NAME = "progress.json"
LARGEST_FILE = 10_000_000  # bytes
OFFERS = 5  # starts at which the first lesson is offered, unless one is begun
MARKS = {"done": "✓", "missed": "✗", "shown": "◦"}
_TASK = {"state": str, "date": str, "said?": str, "held?": bool}
_SHAPE = {
    "format": str, "version": int, "pupil": str, "offered?": bool, "offers?": int,
    "open?": str,
    "lessons?": {"*": {"at?": int, "tasks?": {"*": _TASK}}},
    "cards?": {"*": {"box": int, "due": str}},
}  # fmt: skip


class Progress:
    """What is remembered of all lessons and cards, and written as soon as it changes.

    `path` is the file, None where nothing is kept.
    """

    def __init__(self, path: Path | None, content: dict[str, Any] | None = None) -> None:
        self.path = path
        self._content = content or {"format": FORMAT, "version": VERSION, "pupil": _login()}

    @classmethod
    def open(cls, folder: Path | None) -> "Progress":
        """The progress kept in a state folder; a damaged file is set aside for a new one."""
        if folder is None:
            return cls(None)
        path = folder / NAME
        try:
            return cls(path, read(path)) if path.exists() else cls(path)
        except RequestError:
            set_aside(path)
            return cls(path)

    @property
    def pupil(self) -> str:
        """Whose it is."""
        return str(self._content["pupil"])

    @property
    def is_new(self) -> bool:
        """Whether no lesson was begun yet, and the first not offered often enough."""
        return self._offers < OFFERS and not self._content.get("lessons")

    @property
    def _offers(self) -> int:
        # "offered" is of older programs, which offered it once and were answered, or not, by that.
        seen = OFFERS if self._content.get("offered") else 0
        return max(seen, int(self._content.get("offers", 0)))

    def note_offer(self) -> None:
        """Remember that the first lesson was offered once more."""
        self._content["offers"] = self._offers + 1
        self.write()

    @property
    def open_lesson(self) -> str:
        """The lesson that was open last, "" where it was left."""
        return str(self._content.get("open", ""))

    def set_open(self, name: str) -> None:
        """Remember which lesson is open, or with "" that none is."""
        if name != self.open_lesson:
            self._content["open"] = name
            self.write()

    def of(self, name: str) -> "LessonProgress":
        """What is remembered of a lesson."""
        return LessonProgress(
            self, name, self._content.setdefault("lessons", {}).setdefault(name, {})
        )

    @property
    def cards(self) -> dict[str, dict[str, Any]]:
        """Of each card asked so far its box and when it is due, to be changed and written."""
        found: dict[str, dict[str, Any]] = self._content.setdefault("cards", {})
        return found

    def keyframe(self, lesson: str, task: int) -> str:
        """The run as it was where a task began, a session's text; "" where no sound one is kept."""
        path = self._keyframe_path(lesson, task)
        if path is None:
            return ""
        try:
            session.read(path)
            return path.read_text("utf-8")
        except (RequestError, OSError):
            return ""

    def keep_keyframe(self, lesson: str, task: int, text: str) -> None:
        """Keep the run where a task begins, in place of where the one before began."""
        path, before = self._keyframe_path(lesson, task), self._keyframe_path(lesson, task - 1)
        if path is not None and before is not None:
            self.write()  # which makes the folder
            write_atomically(path, text.encode())
            before.unlink(missing_ok=True)

    def _keyframe_path(self, lesson: str, task: int) -> Path | None:
        return self.path and self.path.with_name(f"lesson-{lesson}-{task + 1}.json")

    def write(self) -> None:
        """Have it on the disk, whole; `RequestError` where that can't be."""
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise RequestError(
                f"{self.path}: can’t be written: {error.strerror or error}"
            ) from None
        text = json.dumps(self._content, indent=1, ensure_ascii=False)
        write_atomically(self.path, (text + "\n").encode())


@dataclass(frozen=True)
class LessonProgress:
    """What is remembered of one lesson."""

    progress: Progress
    name: str
    _content: dict[str, Any]

    @property
    def at(self) -> int:
        """The task to go on with, from 0."""
        return int(self._content.get("at", 0))

    @property
    def _tasks(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self._content.setdefault("tasks", {})
        return found

    def mark(self, task: int) -> str:
        """✓ for a task that was done, ✗ where what was guessed did not hold, ◦ for one shown.

        "" for none of these.
        """
        found = self._tasks.get(str(task + 1), {})
        is_missed = found.get("state") == "done" and found.get("held") is False
        return MARKS.get("missed" if is_missed else found.get("state", ""), "")

    @property
    def guesses(self) -> tuple[int, int]:
        """How many guesses held, and how many there were."""
        held = [task["held"] for task in self._tasks.values() if "held" in task]
        return sum(held), len(held)

    def is_done(self, tasks: int) -> bool:
        """Whether all of so many tasks were done, or shown."""
        return all(self.mark(task) for task in range(tasks))

    def be_at(self, task: int) -> None:
        """Remember which task is to go on with."""
        self._content["at"] = task
        self.progress.write()

    def finish(self, task: int, state: str, said: str | None, held: bool | None) -> None:
        """Remember how a task ended; of a task done again the first guess counts."""
        before = self._tasks.get(str(task + 1), {})
        if before.get("state") == "done":
            state = "done"
        found: dict[str, Any] = {"state": state, "date": date.today().isoformat()}
        if "held" in before:
            said, held = before["said"], before["held"]
        if said is not None:
            found |= {"said": said, "held": held}
        self._tasks[str(task + 1)] = found
        self.progress.write()

    def summary(self, lesson: "Lesson") -> str:
        """How the lesson went, once it is over."""
        held, asked = self.guesses
        shown = sum(self.mark(task) == MARKS["shown"] for task in range(len(lesson.tasks)))
        parts = [f"That was “{lesson.title}”."]
        if asked:
            others = " (✗: not)" if held < asked else ""
            parts.append(f"{held} of your {times(asked, 'guess', 'guesses')} held{others}.")
        if shown:
            parts.append(f"In {times(shown, 'task')} you saw the answer first (◦).")
        return " ".join(parts)


def read(path: Path) -> dict[str, Any]:
    """What a progress file says; `RequestError` in one line where it is none."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RequestError(f"{path}: is too large to be a progress file")
        content = json.loads(path.read_bytes().decode())
    except OSError as error:
        raise RequestError(f"{path}: can’t be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise RequestError(f"{path}: this is not a progress file, or it is damaged") from None
    try:
        require_shape(content, _SHAPE, str(path))
        for card in content.get("cards", {}).values():
            date.fromisoformat(card["due"])
    except ValueError as error:  # a `RequestError` is one
        raise RequestError(f"{path}: this is not a progress file of nn-tui ({error})") from None
    found: dict[str, Any] = content
    return found


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return "somebody"


# --- for teachers ---------------------------------------------------------------------------------


def gather(folders: Sequence[Path]) -> list[Progress]:
    """The progress files in these folders and theirs, by pupil."""
    found = []
    for folder in folders:
        if not folder.exists():
            raise RequestError(f"{folder}: there is no such folder")
        paths = [folder] if folder.is_file() else sorted(folder.rglob("*.json"))
        for path in paths:
            try:
                found.append(Progress(path, read(path)))
            except RequestError:
                if folder.is_file():
                    raise
    if not found:
        raise RequestError(f"{folders[0]}: there is no progress file; each pupil’s is {NAME}")
    return sorted(found, key=lambda progress: progress.pupil)


def table(found: Sequence[Progress], lessons: "Sequence[Lesson]") -> list[list[str]]:
    """A report’s rows: a heading, then for each pupil the marks of all lessons begun."""
    begun = [each for each in lessons if any(progress.of(each.name).at for progress in found)]
    tasks = [(each.name, task) for each in begun for task in range(len(each.tasks))]
    rows = [["pupil", *(f"{name}.{task + 1}" for name, task in tasks), "guesses"]]
    for progress in found:
        marks = [progress.of(name).mark(task) or "·" for name, task in tasks]
        guesses = [progress.of(each.name).guesses for each in begun]
        held, asked = sum(g[0] for g in guesses), sum(g[1] for g in guesses)
        rows.append([progress.pupil, *marks, f"{held} of {asked}"])
    return rows
