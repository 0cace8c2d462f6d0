"""The words: at most two lines that say what is true of a snapshot, from its numbers alone.

Each module here is about one subject; what was just done has its sentences in
`nn_core.explain.outcomes`, or in `other_outcomes`; a view's own are with its insight.
"""

import textwrap
from collections.abc import Callable, Iterator
from itertools import islice

from nn_core.config.key_names import with_keys
from nn_core.explain.comparison import ALIKE
from nn_core.explain.outcomes import Left, outcome_sentences
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.words import (
    changes,  # noqa: F401  (gives `outcome_sentences` what it says of a setting)
    classes,
    contest,
    divergence,
    mistakes,
    other_outcomes,  # noqa: F401  (gives `outcome_sentences` what it says of them)
    over_fitting,
    phases,
    start,
    terms,
    training,
    units,
)
from nn_core.formatting import LINE_WIDTH, listed, times

LINES = 2
_CUT = " …"  # ends a sentence for which two lines are too few


def describe(snapshot: Snapshot, width: int = LINE_WIDTH) -> tuple[str, ...]:
    """At most two lines of words about a snapshot, of so many characters at most."""
    return tuple(line for sentence in sentences(snapshot, width) for line in sentence)


def sentences(
    snapshot: Snapshot, width: int = LINE_WIDTH, widest: int = 0
) -> tuple[tuple[str, ...], ...]:
    """The same sentence by sentence, each as its lines.

    A sentence too long for one line takes both; one too long for these takes lines as wide as
    `widest`; one for which there is no room left is not said.
    """
    said: list[tuple[str, ...]] = []
    left = LINES
    for subject in _SUBJECTS:
        for sentence in subject(snapshot):
            wrapped = _wrapped(sentence, width)
            if wrapped[-1].endswith(_CUT):
                wrapped = _wrapped(sentence, max(width, widest))
            if len(wrapped) <= left:
                said.append(tuple(wrapped))
                left -= len(wrapped)
        if not left:
            break
    return tuple(said)


def _wrapped(sentence: str, width: int) -> list[str]:
    return textwrap.wrap(sentence, width, max_lines=LINES, placeholder=_CUT, break_on_hyphens=False)


def is_alarm(snapshot: Snapshot) -> bool:
    """Whether the words tell of something that went wrong, or is about to."""
    offered = snapshot.outcome is None and any(start.far_from_1(snapshot))
    failed = any(divergence.ran_away(snapshot)) or snapshot.observed.is_constant
    return bool(snapshot.complaint or snapshot.divergence or offered or failed)


def _complaint(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.complaint:
        yield "Not done: " + snapshot.complaint + "."


def _journey(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.activity.journey is not None:
        part = f"{snapshot.activity.journey:.0%}"
        yield f"On the way to another step: {part} is done. Any other key ends it."


def _outcome(snapshot: Snapshot) -> Iterator[str]:
    said, kept = outcome_sentences(snapshot.outcome, snapshot), snapshot.activity.branched
    yield from islice(said, 1)
    if kept:
        yield with_keys(
            f"How it went on from here before is kept as run {kept}: {{key.kept_runs}} lists it."
        )
    yield from _begun_from(snapshot)
    yield from said


def _begun_from(snapshot: Snapshot) -> Iterator[str]:
    """That the run before was kept by itself: nobody has to keep it first."""
    for kept in snapshot.kept_runs:
        if kept.number == snapshot.activity.begun_from:
            steps = times(kept.steps, "step")
            names = [f"{kept.label}, {steps}"] if kept.label != ALIKE else []
            said = [
                with_keys(
                    f"The run before ({what}) is kept as run {kept.number}: "
                    "{key.kept_runs} compares."
                )
                for what in (*names, steps)
            ]
            yield next((each for each in said if len(each) <= LINE_WIDTH), said[-1])


def _kept_no_longer(snapshot: Snapshot) -> Iterator[str]:
    # Where the run before is saved they are too: then the way back to it is what is to be said.
    is_left = isinstance(snapshot.outcome, Left) or getattr(snapshot.outcome, "left", None)
    if snapshot.given_up and not is_left:
        yield "The kept runs are gone: this run’s loss is another one, or of other data."
    if snapshot.pushed_out:
        runs = "Run" if len(snapshot.pushed_out) == 1 else "Runs"
        gone = f"{runs} {listed(map(str, snapshot.pushed_out))}, the oldest kept,"
        yield f"{gone} had to make room: {times(len(snapshot.kept_runs), 'run')} are kept."


def _insight(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.insight is not None and not snapshot.hides_gradient:
        yield from snapshot.insight.sentences


_SUBJECTS: tuple[Callable[[Snapshot], Iterator[str]], ...] = (
    _complaint,
    _journey,
    _kept_no_longer,
    divergence.diverged,
    contest.contest,
    contest.settled,
    phases.inside_a_step,
    _outcome,
    divergence.only_a_constant,
    divergence.ran_away,
    units.switched_off,
    mistakes.sought,
    _insight,
    start.far_from_1,
    start.before_the_first_step,
    training.too_small,
    over_fitting.at_the_best,
    training.not_zeroed,
    over_fitting.validation_rose,
    units.mostly_dead,
    training.swings,
    divergence.unscaled,
    training.loss_rose,
    training.clipped,
    training.finished,
    over_fitting.validation_falls,
    classes.told_right,
    training.against_the_gradient,
    over_fitting.below_the_truth,
    units.silent,
    training.stands_still,
    units.rectified_lines,
    training.points_above_and_below,
    training.last_move,
    training.steady_gradient,
    over_fitting.near_the_best,
    training.largest_push,
    terms.in_the_words,
)
"""What there may be to say, the most important first; each says one kind of thing, or nothing."""
