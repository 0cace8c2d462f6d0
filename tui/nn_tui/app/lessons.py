"""Lessons of the app: which one a start opens or offers, the list, and predict mode."""

from functools import partial
from typing import TYPE_CHECKING

from nn_core.config.key_names import with_keys
from nn_core.errors import RequestError
from nn_core.live.requests import Complain

if TYPE_CHECKING:
    from nn_core.lessons.lesson import Lesson
    from nn_core.lessons.progress import Progress
    from nn_tui.app.app import Laboratory

OFFER = "New here? {key.lessons} opens the lessons; the first takes eight minutes."


def _progress(lab: "Laboratory") -> "Progress":
    from nn_core.lessons.progress import Progress
    from nn_core.storage.kept_runs import state_folder

    return Progress.open(state_folder() if lab.launch.autosave else None)


def find(lab: "Laboratory", number: str) -> "Lesson":
    """The lesson of this number; `RequestError` where there is none."""
    from nn_core.lessons import course

    entry = course.find(course.lessons(lab.launch.lessons), number)
    return entry.read(course.language(lab.launch.language))


def _read(lab: "Laboratory") -> "list[Lesson]":
    from nn_core.lessons import course

    spoken = course.language(lab.launch.language)
    return [entry.read(spoken) for entry in course.lessons(lab.launch.lessons)]


async def begin(lab: "Laboratory") -> None:
    """Open the lesson that the program was started with, or that a resumed run belongs to.

    The first few starts offer the first lesson, until one is begun; a kiosk, where each person may
    be new, offers it always.
    """
    launch = lab.launch
    if launch.lesson is not None:
        open_lesson(lab, launch.lesson, comes_back=False)  # there is no run before it
    elif launch.is_kiosk:
        lab.main.words.offer = with_keys(OFFER) if launch.offers else ""
    elif launch.resume or launch.offers:
        progress = _progress(lab)
        if launch.resume:
            _open_again(lab)
        elif launch.offers and progress.is_new:
            lab.main.words.offer = with_keys(OFFER)
            try:
                progress.note_offer()
            except RequestError:
                lab.main.words.offer = ""  # it would be asked again each time


def reopen(lab: "Laboratory", outcome: object) -> None:
    """Where the last run was just resumed, open the lesson that it belongs to."""
    from nn_core.storage.autosave import Resumed

    if isinstance(outcome, Resumed):
        _open_again(lab)


def _open_again(lab: "Laboratory") -> None:
    """Open the lesson that was open when the program ended, the run as it is."""
    name = _progress(lab).open_lesson
    for lesson in [each for each in _read(lab) if each.name == name] if name else ():
        open_lesson(lab, lesson, stays=True, comes_back=False)


def open_lesson(
    lab: "Laboratory", lesson: "Lesson", stays: bool = False, comes_back: bool = True
) -> None:
    """Open a lesson where it was left; with `comes_back` the run on show is back after it."""
    from nn_tui.app.lesson_mode import LessonMode

    if lab.main.words.offer == with_keys(OFFER):
        lab.main.words.offer = ""  # who opens one is new no longer
    lab.begin_lesson(LessonMode(lab, lesson, _progress(lab), comes_back), stays)


def show_list(lab: "Laboratory") -> None:
    """Show the list of lessons, to open one."""
    playing = lab.lesson.playing if lab.lesson is not None else None
    ended = playing.lesson.name if playing is not None and playing.stage == "over" else ""
    open_it = partial(open_lesson, lab)
    try:
        lab.dialogs.lessons(_read(lab), _progress(lab), open_it, ended)
    except RequestError as error:
        lab.link.ask(Complain(str(error)))


def ask_cards(lab: "Laboratory") -> None:
    """Ask the cards that are due today, on the screen."""
    from datetime import date

    from nn_core.lessons import cards

    try:
        found, progress = _read(lab), _progress(lab)
        due = {card.name for card in cards.due(found, progress, date.today())}
        asked = [
            (card, lesson.start) for lesson in found for card in lesson.cards if card.name in due
        ]
        if not asked:
            raise RequestError(cards.none_due(progress).rstrip("."))
    except RequestError as error:
        lab.link.ask(Complain(str(error)))
        return
    from nn_tui.app.cards_mode import CardsMode

    lab.begin_lesson(CardsMode(lab, asked, progress))


def turn_predicting(lab: "Laboratory") -> None:
    """Ask before each step, or no longer; not while a lesson is open, which asks by itself."""
    from nn_tui.app.predict_mode import PredictMode

    if isinstance(lab.lesson, PredictMode):
        lab.lesson.leave()
    elif lab.lesson is None and lab.snapshot is not None:
        lab.begin_lesson(PredictMode(lab, lab.snapshot))
