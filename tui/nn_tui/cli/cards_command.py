"""`nn-tui cards`: the questions of the lessons that were done, asked again when they are due."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TextIO

from nn_core.errors import RequestError
from nn_core.formatting import times
from nn_core.lessons import cards, course
from nn_core.lessons.hands import read_solution
from nn_core.lessons.lesson import Card, Lesson
from nn_core.lessons.names import Moment
from nn_core.lessons.progress import Progress
from nn_core.storage.kept_runs import state_folder
from nn_tui.app.bench import Bench
from nn_tui.cli.parser import Parser, add_lessons


def run(arguments: Sequence[str]) -> int:
    """Ask what is due, or write all cards to a file."""
    parser = Parser(prog="nn-tui cards", description=__doc__)
    parser.add_argument("--export", type=Path, metavar="FILE", help="write all cards, for Anki")
    add_lessons(parser)
    found = parser.parse_args(arguments)
    language = course.language(found.language)
    lessons = [entry.read(language) for entry in course.lessons(found.lessons)]
    if found.export is not None:
        count = cards.export(lessons, found.export)
        print(f"{found.export}: {times(count, 'card')}; Anki imports the file")
        return 0
    return ask(lessons, Progress.open(state_folder()), sys.stdin, sys.stdout, date.today())


def ask(
    lessons: Sequence[Lesson], progress: Progress, typed: TextIO, out: TextIO, today: date
) -> int:
    """Ask the cards that are due today, until an empty line or the last."""
    due = cards.due(lessons, progress, today)
    if not due:
        print(cards.none_due(progress), file=out)
        return 0
    starts = {card.name: lesson.start for lesson in lessons for card in lesson.cards}
    print(f"{times(len(due), 'card')}. An empty line leaves.", file=out)
    for number, card in enumerate(due, 1):
        print(f"\n{number} of {len(due)}. {card.question.text}", file=out)
        bench = Bench(card.task.start if card.task and card.task.start else starts[card.name])
        was_right = _done(card, bench, typed, out) if card.task else _said(card, bench, typed, out)
        if was_right is None:
            return 0
        days = cards.file_away(card, was_right, progress, today)
        verdict = "Right." if was_right else "Not quite."
        print(f"{verdict} {card.reason} Asked again in {times(days, 'day')}.", file=out)
    return 0


def _said(card: Card, bench: Bench, typed: TextIO, out: TextIO) -> bool | None:
    """Whether what was typed answers a card; None where it was left."""
    for number, choice in enumerate(card.question.choices, 1):
        print(f"  {number} {choice}", file=out)
    moment = Moment(bench.snapshot, bench.snapshot)
    while line := typed.readline().strip():
        try:
            return card.question.is_right(card.question.read(line), moment)
        except RequestError as error:
            print(f"{error}.", file=out)
    return None


def _done(card: Card, bench: Bench, typed: TextIO, out: TextIO) -> bool | None:
    """Whether what a card asks for was done, by keys; None where it was left at once."""
    assert card.task is not None
    print("Type the keys, as s or space or s*10; ? gives up.", file=out)
    before = bench.begin(card.task.start)
    while line := typed.readline().strip():
        if line == "?":
            print(f"It is: {', '.join(card.task.solution)}.", file=out)
            return False
        try:
            for action in read_solution([line]):
                bench.act(action)
        except RequestError as error:
            print(f"{error}.", file=out)
        if all(each.holds(Moment(bench.snapshot, before)) for each in card.task.goal):
            return True
    return None
