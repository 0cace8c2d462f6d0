"""The lessons that there are: the course, and those of folders that somebody adds."""

import difflib
import locale
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nn_core.errors import RequestError
from nn_core.lessons.lesson import Lesson, read_lesson

COURSE = Path(__file__).parent / "course"
_NUMBERED = re.compile(r"\d+-")


@dataclass(frozen=True)
class Entry:
    """A lesson that there is: its number in the list, its name, and its file in each language."""

    number: int
    name: str
    files: tuple[tuple[str, Path], ...]

    def read(self, language: str) -> Lesson:
        """The lesson in this language, or in its own where it has no such file."""
        files = dict(self.files)
        return read_lesson(
            files.get(language) or files.get("") or next(iter(files.values())), self.name
        )


def lessons(folders: Sequence[Path] = ()) -> list[Entry]:
    """The course, then the lessons of these folders; `RequestError` where there is no such."""
    found: list[Entry] = []
    for folder in (COURSE, *folders):
        try:
            paths = sorted(path for path in folder.iterdir() if path.name.endswith(".toml"))
        except OSError as error:
            raise RequestError(f"{folder}: {error.strerror or error}") from None
        by_name: dict[str, list[tuple[str, Path]]] = {}
        for path in paths:
            base, _, language = path.name.removesuffix(".toml").partition(".")
            by_name.setdefault(_NUMBERED.sub("", base, count=1), []).append((language, path))
        for name, files in by_name.items():
            found.append(Entry(len(found) + 1, name, tuple(files)))
    return found


def find(entries: Sequence[Entry], wanted: str) -> Entry:
    """The lesson of this number or name; `RequestError` with the nearest where there is none."""
    for entry in entries:
        if wanted in (str(entry.number), entry.name):
            return entry
    near = difflib.get_close_matches(wanted, [each.name for each in entries], 1, 0.0)[0]
    raise RequestError(
        f"there is no lesson {wanted[:40]!r}; there are 1 to {len(entries)}, and {near} is nearest"
    )


def language(asked: str = "") -> str:
    """The language asked for, else the one of the locale, as "de"."""
    named = asked or next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    code = (locale.normalize(named).partition("_")[0] if named else "").partition(".")[0]
    return code.lower() if code.isalpha() and code not in ("C", "POSIX") else ""
