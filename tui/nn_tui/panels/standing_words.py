"""Words that stand long enough to be read, and are always those of the picture beside them."""

import re
import time
from collections.abc import Callable

SECONDS = 1.0  # for which a sentence stands while it runs, as long as it is true
_NUMBER = re.compile(r"[+−]?\d[\d.,]*(?:e−?\d+)?")

Sentences = tuple[tuple[str, ...], ...]  # each as its lines


class StandingWords:
    """While a run goes on, other sentences come once a second; the numbers are always the newest.

    A sentence that isn't said of the newest snapshot goes at once.  A new one comes when two
    snapshots on end have said it, so that what is true of every other step doesn't flicker.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = 0.0
        self._occasion: object = None
        self._shown: list[str] = []  # the sentences that stand, without their numbers
        self._said: list[str] = []  # those of the snapshot before

    def of(self, sentences: Sentences, running: bool, news: object) -> list[str]:
        """The lines to show of the newest sentences; `news` differs where all are to come now."""
        said, before, now = [_bare(each) for each in sentences], self._said, self._clock()
        self._said = said
        if not running or (running, news) != self._occasion:
            self._shown, self._changed, self._occasion = said, now, (running, news)
        elif now - self._changed >= SECONDS:
            self._shown, self._changed = [each for each in said if each in before], now
        else:
            self._shown = [each for each in self._shown if each in said]
        return [
            line
            for bare, sentence in zip(said, sentences, strict=True)
            for line in sentence
            if bare in self._shown
        ]


def _bare(sentence: tuple[str, ...]) -> str:
    """A sentence without its numbers."""
    return _NUMBER.sub("#", " ".join(sentence))
