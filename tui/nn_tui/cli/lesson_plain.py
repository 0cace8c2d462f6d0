"""A lesson line by line, with questions on standard input, as screen readers can follow it."""

from collections.abc import Callable
from typing import TextIO

from nn_core.errors import RequestError
from nn_core.explain.rows import NumberRow
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.words import describe
from nn_core.formatting import fixed, listed, short
from nn_core.lessons.hands import read_solution
from nn_core.lessons.lesson import Lesson
from nn_core.lessons.playing import Playing
from nn_core.lessons.progress import LessonProgress
from nn_tui.app.bench import Bench

Say = Callable[[str], None]
_HELP = """\
Type what is to be done, then enter.
  a number        answers an open question
  s  b  space  ↓  any key of the screen by its name; s*10 ten times
  a 2.5           gives the parameter a this value
  set NAME VALUE  changes a setting, such as set optimizer adam
  look            says the task again, and where the run is
  h               a hint; after the last one, h shows the solution
  r               back to where the task began
  q               leave; the next time goes on here"""


def play(lesson: Lesson, progress: LessonProgress, bench: Bench, typed: TextIO, out: TextIO) -> int:
    """Go through a lesson from where it was left; 0, whether it is done or left."""
    at = progress.at if progress.at < len(lesson.tasks) else 0
    bench.lead_to(lesson, at)

    def first(now: Snapshot) -> Snapshot:
        return now if playing.before is None else bench.first(playing.task, playing.before, now)

    playing = Playing(lesson, progress, at, first=first)

    def say(text: str) -> None:
        if text:
            print(text.replace("−", "-"), file=out, flush=True)

    say(f"{lesson.title}. {len(lesson.tasks)} tasks. ? tells what can be typed.")
    while playing.stage != "over":
        task = playing.task
        playing.begin(bench.begin(task.start or (lesson.start if playing.number == 0 else None)))
        say(f"\nTask {playing.number + 1} of {len(lesson.tasks)}.")
        _tell(playing, bench.snapshot, say)
        while playing.stage != "done":
            line = typed.readline()
            if not line or line.strip() == "q":
                return 0
            try:
                _do(playing, bench, line.strip(), say)
            except RequestError as error:
                say(f"Not done: {error}.")
        say(playing.text)
        if back := playing.goes_back_to:
            bench.back_to_first()
            say(f"The next task goes on from {back}.")
        playing.go_on()
    say(f"\n{playing.text}")
    return 0


def _do(playing: Playing, bench: Bench, line: str, say: Say) -> None:
    """Do what a line says."""
    word, _, rest = line.partition(" ")
    if line in ("?", "help"):
        say(_HELP)
    elif line in ("", "look"):
        _tell(playing, bench.snapshot, say)
    elif line == "h":
        hint = playing.hint()
        if hint or playing.stage == "asking":
            say(playing.told if hint else "There are no more hints; answer the question first.")
        else:
            _show_solution(playing, bench, say)
    elif line == "r":
        playing.begin(bench.back())
        _tell(playing, bench.snapshot, say)
    elif playing.stage == "asking" and _is_number(line):
        if not playing.answer(line, bench.snapshot):
            say(playing.ask)
            say(playing.do)
    else:
        labels = [row.label for row in bench.snapshot.rows if isinstance(row, NumberRow)]
        if word in labels and rest:
            shown = bench.assign(word, rest)
        else:
            for action in read_solution([line]):
                shown = bench.act(action)
        say(_where(shown))
        done = playing.see(shown)
        if not done and (playing.peeked or playing.strayed):
            say(playing.text)


def _show_solution(playing: Playing, bench: Bench, say: Say) -> None:
    playing.begin(bench.back())
    playing.stage, playing.was_shown = "doing", True
    say(f"The solution: {', '.join(playing.task.solution)}.")
    for action in read_solution(playing.task.solution):
        playing.see(bench.act(action))
    say(_where(bench.snapshot))


def _tell(playing: Playing, shown: Snapshot, say: Say) -> None:
    """Say the task, where the run is, and the question."""
    say(playing.text)
    say(_where(shown))
    say(playing.ask)
    say(playing.do)
    for number, choice in enumerate(playing.choices, 1):
        say(f"  {number} {choice}")


def _where(shown: Snapshot) -> str:
    """Where the run is, in one line, and what there is to say about it."""
    parts = [
        f"step {shown.step}",
        f"loss {fixed(shown.loss)}",
        f"rate {short(shown.learning_rate)}",
    ]
    numbers = [
        f"{row.label} {fixed(row.value)}" for row in shown.rows if isinstance(row, NumberRow)
    ]
    if shown.phase_name:
        parts.append(f"{shown.phase_name} done")
    said = " ".join(describe(shown)) if shown.phase_name else ""
    return f"[{'; '.join(parts)}; {listed(numbers)}; chosen {shown.chosen.label}] {said}".rstrip()


def _is_number(text: str) -> bool:
    return text.replace("−", "-").replace(",", "").replace(".", "").lstrip("-").isdigit()
