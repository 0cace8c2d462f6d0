"""When the next frame may be sent, told by the terminal's answers to where its cursor is.

Nothing nearer says how much a link has still to carry: ssh alone takes more than a megabyte before
anything waits. So each frame ends with a question, which the terminal answers when it has shown
the frame, and the answers' delays tell how many frames fit on the way there and back.
"""

import time
from collections.abc import Callable
from statistics import median

DEAF_SECONDS = 0.5  # between frames for a terminal that has never answered
SILENT_SECONDS = 5.0  # for one that has: it is stuck, or an answer was lost; doubled each time
MOST_UNDER_WAY = 24  # frames
FIRST_UNDER_WAY = 2
REMEMBERED = 64  # answers
LATE = 0.04  # seconds over the best delay; less may be the machine's doing
KEY_SECONDS = 0.04  # in which a key has shown its effect, were there room for it
LONGEST_PATIENCE = 60.0  # seconds


class Fence:
    """Counts the frames under way, and how many there may be.

    The number grows by a third each time that all of them come through about as fast as any did
    lately, and falls by a quarter when one doesn't: a link that is slow is never full, so that what
    a key brings about goes straight through, and one that is only long gets every picture.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._under_way: dict[int, float] = {}  # row launch for, time sent; oldest first
        self._delays: list[float] = []
        self._most = float(FIRST_UNDER_WAY)
        self._row = 0
        self._last = 0.0
        self._patience = DEAF_SECONDS
        self._hurries = 0
        self._held_until = 0.0

    @property
    def awaits(self) -> bool:
        """Whether an answer is under way that can still be counted on."""
        return bool(self._under_way) and not self._is_out_of_patience()

    def ask(self, height: int) -> str:
        """Note that a frame is sent; what is to be sent after it.

        The cursor is put into a row of its own, by which the answer is known.
        """
        if self._is_out_of_patience() and self._patience >= SILENT_SECONDS:
            self._patience = min(LONGEST_PATIENCE, 2 * self._patience)
        self._row = self._row % height + 1
        self._under_way.pop(self._row, None)
        self._last = self._under_way[self._row] = self._clock()
        self._hurries = max(0, self._hurries - 1)
        self._held_until = self._last + KEY_SECONDS if self._hurries else 0.0
        return f"\x1b[{self._row}H\x1b[6n"

    def answer(self, row: int) -> None:
        """Note that the terminal has told its cursor to be in this row, from 1."""
        if not self._under_way:
            return
        rows = list(self._under_way)
        # Answers come in the order of the questions, but one may be lost; one that tells another
        # row is of a terminal that doesn't go by the rules, and at least answers.
        shown = rows.index(row) + 1 if row in rows else 1
        delay = self._clock() - self._under_way[rows[shown - 1]]
        for earlier in rows[:shown]:
            del self._under_way[earlier]
        self._delays = [*self._delays[1 - REMEMBERED :], delay]
        if delay > min(self._delays) + LATE:
            self._most = max(1.0, self._most * 0.75)
        else:
            self._most = min(MOST_UNDER_WAY, self._most + shown / self._most / 3)
        self._patience = SILENT_SECONDS

    def hurry(self) -> None:
        """Let a frame more go, that is to show what came of a key that was just pressed.

        Let even two go where frames take long because the way is, and not because they wait.
        """
        self._hurries = 2 if self._delays and median(self._delays) < 1.5 * min(self._delays) else 1
        self._held_until = self._clock() + KEY_SECONDS

    def forget(self) -> None:
        """Expect none of the answers that haven't come."""
        self._under_way.clear()

    def pause(self) -> float:
        """Return in how many seconds a frame may be sent, without an answer until then; 0: now."""
        if not self._under_way:
            return 0.0
        if len(self._under_way) < int(self._most) + self._hurries:
            return max(0.0, self._held_until - self._clock())
        return max(0.0, self._last + self._patience - self._clock())

    def _is_out_of_patience(self) -> bool:
        return bool(self._under_way) and self._clock() - self._last >= self._patience
