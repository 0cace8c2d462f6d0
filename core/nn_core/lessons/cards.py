"""Cards: questions of the lessons, asked again after a day, three, a week and three weeks.

Each card lies in a box; a right answer moves it on, a wrong one back to the first (Leitner, 1972).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from nn_core.disk import write_atomically
from nn_core.lessons.lesson import Card, Lesson
from nn_core.lessons.progress import Progress

DAYS = (1, 3, 7, 21)  # until a card of this box is asked again


def due(lessons: Sequence[Lesson], progress: Progress, today: date) -> list[Card]:
    """The cards to be asked today, of the lessons that were done."""
    found = []
    for lesson in lessons:
        if progress.of(lesson.name).is_done(len(lesson.tasks)):
            for card in lesson.cards:
                known = progress.cards.get(card.name)
                if known is None or date.fromisoformat(known["due"]) <= today:
                    found.append(card)
    return found


def none_due(progress: Progress) -> str:
    """What is said where no card is due: when the next one will be asked, or what has cards."""
    days = (date.fromisoformat(known["due"]) for known in progress.cards.values())
    first = min(days, default=None)
    said = f"The next card is due on {first}." if first else "A lesson that is done has cards."
    return f"Nothing is due today. {said}"


def file_away(card: Card, was_right: bool, progress: Progress, today: date) -> int:
    """Put a card into its next box, or back into the first; in how many days it is asked again."""
    known = progress.cards.get(card.name)
    box = min(int(known["box"]) + 1, len(DAYS)) if was_right and known else 1
    days = DAYS[max(0, box - 1)]
    progress.cards[card.name] = {"box": box, "due": (today + timedelta(days)).isoformat()}
    progress.write()
    return days


def export(lessons: Sequence[Lesson], path: Path) -> int:
    """Write all cards as a text that Anki imports; how many there are."""
    rows = [
        "\t".join(" ".join(text.split()) for text in (*_sides(card), lesson.name))
        for lesson in lessons
        for card in lesson.cards
    ]
    head = "#separator:tab\n#html:false\n#tags column:3\n"
    write_atomically(path, (head + "".join(f"{row}\n" for row in rows)).encode())
    return len(rows)


def _sides(card: Card) -> tuple[str, str]:
    """The question, and the answer with its reason."""
    question = card.question
    if card.task is not None:
        return f"In nn-tui: {question.text}", f"{', '.join(card.task.solution)}. {card.reason}"
    if question.choices and isinstance(question.right, int):
        listed = "; ".join(f"{at} {choice}" for at, choice in enumerate(question.choices, 1))
        return f"{question.text} ({listed})", f"{question.choices[question.right]}. {card.reason}"
    return question.text, f"{question.right:g}. {card.reason}"
