"""`nn-tui lesson`: the list of lessons, one of them, and what teachers need."""

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from nn_core.disk import write_atomically
from nn_core.errors import RequestError
from nn_core.lessons import course
from nn_core.lessons.check import check_lesson
from nn_core.lessons.lesson import Lesson, read_lesson
from nn_core.lessons.names import described
from nn_core.lessons.progress import Progress, gather, table
from nn_core.storage.kept_runs import state_folder
from nn_tui.app.bench import KEYS_BY_NAME, Bench
from nn_tui.cli.lesson_plain import play
from nn_tui.cli.parser import Parser, add_lessons

TEMPLATE = Path(course.__file__).parent / "template.toml"
_ABOUT = """\
  nn-tui lesson                          the list of lessons, with ✓ for those that are done
  nn-tui lesson 4 | forgotten-zero       a lesson on the screen, with any option of nn-tui
  nn-tui lesson 4 --plain                line by line, with questions on standard input
  nn-tui lesson new FILE | --names       write a template; list the names that texts may use
  nn-tui lesson check FILE…              play each solution, and say what is wrong
  nn-tui lesson report FOLDER… [--csv]   a table, pupil × task, of the progress files there
  --lessons FOLDER adds a folder’s lessons; --language de takes theirs in that language."""


def run(arguments: Sequence[str]) -> int | list[str]:
    """List the lessons, or do what the first word says; the arguments that open one on screen."""
    parser = Parser(prog="nn-tui lesson", usage=_ABOUT.strip(), add_help=True, allow_abbrev=False)
    for option in ("--plain", "--csv", "--names"):
        parser.add_argument(option, action="store_true", help=argparse.SUPPRESS)
    add_lessons(parser)
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    found, others = parser.parse_known_args(arguments)
    first, names = (found.words or [""])[0], found.words[1:]
    is_for_screen = first and first not in _FOR_TEACHERS and not found.plain
    if others and not is_for_screen:  # which takes all that the program does
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    if first in _FOR_TEACHERS:
        return _FOR_TEACHERS[first](names, found)
    entries = course.lessons(found.lessons)
    language = course.language(found.language)
    if first == "":
        return _print_list([entry.read(language) for entry in entries])
    lesson = course.find(entries, first).read(language)
    if not found.plain:
        folders = [text for folder in found.lessons for text in ("--lessons", str(folder))]
        spoken = ["--language", found.language] if found.language else []
        return [*names, *others, "--lesson", first, *folders, *spoken]
    progress = Progress.open(state_folder()).of(lesson.name)
    return play(lesson, progress, Bench(lesson.start), sys.stdin, sys.stdout)


def _print_list(lessons: Sequence[Lesson]) -> int:
    progress = Progress.open(state_folder())
    for number, lesson in enumerate(lessons, 1):
        done, tasks = progress.of(lesson.name), len(lesson.tasks)
        mark = "✓" if done.is_done(tasks) else " "
        left = f"   task {done.at + 1} of {tasks}" if 0 < done.at < tasks and mark == " " else ""
        print(f"{mark} {number:>2}  {lesson.title}  ({lesson.name}, {lesson.minutes} min){left}")
    return 0


def _new(names: Sequence[str], found: argparse.Namespace) -> int:
    """Write the template to a file, or list the names that a lesson may use."""
    if found.names:
        for name, about in described():
            print(f"{name:<24} {about}")
        return 0
    if len(names) != 1:
        raise RequestError("lesson new wants the name of one file, such as mine.toml")
    if Path(names[0]).exists():
        raise RequestError(f"{names[0]}: there is one already")
    write_atomically(Path(names[0]), TEMPLATE.read_bytes())
    print(f"{names[0]} is written; nn-tui lesson check {names[0]} says whether it works")
    return 0


def _check(names: Sequence[str], found: argparse.Namespace) -> int:
    """Play each lesson; 1 where something is wrong with one."""
    if not names:
        raise RequestError("lesson check wants lesson files, such as mine.toml")
    code = 0
    for name in names:
        lesson = read_lesson(Path(name))
        unknown = [key for key in lesson.hide if key not in KEYS_BY_NAME]
        complaints = [f"hide: there is no key {key!r}" for key in unknown]
        complaints += check_lesson(lesson, Bench(lesson.start))
        for complaint in complaints or ["ok"]:
            print(f"{name}: {complaint}")
        code = max(code, 1 if complaints else 0)
    return code


def _report(names: Sequence[str], found: argparse.Namespace) -> int:
    """Print a table of what pupils did."""
    if not names:
        raise RequestError("lesson report wants folders with progress files")
    lessons = [entry.read("") for entry in course.lessons(found.lessons)]
    rows = table(gather([Path(name) for name in names]), lessons)
    if found.csv:
        csv.writer(sys.stdout).writerows(rows)
        return 0
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print(
            "  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip()
        )
    return 0


_FOR_TEACHERS = {"new": _new, "check": _check, "report": _report}
