"""The check of a lesson: plays each solution, and says in one line each what is wrong."""

import re
from collections.abc import Iterator

from nn_core.errors import RequestError
from nn_core.lessons.hands import Hands, read_solution
from nn_core.lessons.lesson import Lesson, Question, Task, fill, placeholders
from nn_core.lessons.names import Moment
from nn_core.lessons.page import page
from nn_core.lessons.playing import Playing
from nn_core.lessons.progress import Progress

COLUMNS, ROWS = 78, 4  # that a lesson's texts have on a screen of 80 × 24
MOST_TITLE = 44
FEWEST_GUESSES = 2
_NUMBER = re.compile(r"(?<![A-Za-z\d])\d+(?:[.,]\d+)*")  # not W1, a name
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_KEY = re.compile(r"\{key\.[^{}]*\}")


def check_lesson(lesson: Lesson, hands: Hands) -> list[str]:
    """What is wrong with a lesson, a line each; none where it is as it should be."""
    found = [*_texts(lesson)]
    playing = Playing(lesson, Progress(None).of(lesson.name))
    for number, task in enumerate(lesson.tasks, 1):
        try:
            complaints = [*_played(playing, task, hands)]
        except RequestError as error:
            complaints = [str(error)]
        found += [f"task {number}: {each}" for each in complaints]
        if playing.stage != "done":
            return found  # what follows would begin elsewhere
        playing.go_on()
    for number, card in enumerate(lesson.cards, 1):
        if card.task is not None:
            single = Lesson(card.name, "", 0, lesson.start, (card.task,))
            alone = Playing(single, playing.progress)
            found += [f"card {number}: {each}" for each in _played(alone, card.task, hands)]
    return found


def _texts(lesson: Lesson) -> Iterator[str]:
    """What is wrong with the texts as they stand."""
    asked = sum(task.question is not None for task in lesson.tasks)
    if asked < FEWEST_GUESSES:
        yield f"asks {asked} questions; at least {FEWEST_GUESSES} make a lesson"
    if len(lesson.title) > MOST_TITLE:
        yield f"the title has {len(lesson.title)} letters; {MOST_TITLE} fit"
    for number, task in enumerate(lesson.tasks, 1):
        if not task.hints:
            yield f"task {number}: has no hint"
        if not (task.goal or task.question):
            yield f"task {number}: has neither a goal nor a question"
        question = task.question
        texts = [task.say, task.do, task.after, *task.hints]
        texts += [question.text, *question.choices] if question else []
        early = (task.say, question.text) if question else ()
        for named in (name for text in early for name in _KEY.findall(text)):
            yield f"task {number}: names {named} before its question is answered; `do` may"
        for text in texts:
            for typed in _NUMBER.findall(_PLACEHOLDER.sub("", text)):
                if typed not in lesson.constants:
                    yield (
                        f"task {number}: {typed} is typed in {text[:24]!r}…; a run could "
                        "contradict it: write a {name}, or list it under constants"
                    )


def _played(playing: Playing, task: Task, hands: Hands) -> Iterator[str]:
    """Play a task; what is wrong with it."""
    before = hands.begin(task.start or (playing.lesson.start if playing.number == 0 else None))
    playing.begin(before)
    here = Moment(before, before)
    if task.goal and all(each.holds(here) for each in task.goal):
        yield "its goal holds already at its start"
    yield from _too_long(playing)
    if task.question is not None:
        playing.answer(_longest_answer(task.question), before)
        yield from _too_long(playing)
        if task.goal and not task.do:
            yield "says nothing to do once its question is answered"
    for _hint in task.hints:
        playing.hint()
        yield from _too_long(playing)
    for action in read_solution(task.solution):
        if playing.stage == "done":
            yield f"its goal is reached before its solution is over, at {action.name}"
            break
        playing.see(hands.act(action))
    if playing.stage != "done":
        yield "its solution does not reach its goal"
        return
    moment = playing.moment
    for text in (task.say, task.do, task.after, *task.hints):
        for name in placeholders(text):
            if fill(f"{{{name}}}", moment) == "?":
                yield f"{{{name}}} is nothing in this run"
    yield from _answered(task.question, moment)
    yield from _too_long(playing)


def _longest_answer(question: Question) -> str:
    """What a person may answer that takes the most room on the screen."""
    choices = question.choices
    if not choices:
        return "-1.2345"
    return str(1 + max(range(len(choices)), key=lambda at: len(choices[at])))


def _answered(question: Question | None, moment: Moment) -> Iterator[str]:
    if question is not None and question.answer(moment) is None:
        yield "none of the question’s answers is right in the end"


def _too_long(playing: Playing) -> Iterator[str]:
    """Whether what there is to read fits, the task itself also beside a hint."""
    found = page(playing, COLUMNS, ROWS)
    rows, place = sum(map(len, found.values())), f"{ROWS} fit at 80 × 24"
    if rows > ROWS:
        yield f"{playing.text[:24]!r}… takes {rows} rows at {playing.stage}; {place}"
    if playing.told and not (found["text"] or found["ask"] or found["do"]):
        yield f"the hint {playing.told[:24]!r}… hides what is to be done; {place}"
