"""Keys typed faster than a line to type into opens and closes: none is lost, none is too early."""

from collections import deque

from textual.events import Event, Key
from textual.message_pump import MessagePump

from nn_tui.terminal.painting import PaintingApp

LONGEST_WAIT = 0.5  # seconds, for what a key led to: the line it was typed into may have gone
BETWEEN_LOOKS = 0.01
ROUNDS = 2  # of messages that a key sets off: one that it was typed, one that a line was sent off
AT_ONCE = ("ctrl+c",)


class TypingAhead(PaintingApp[int]):
    """Hands a key on once all that the one before it led to is done.

    A screen into which text is typed has `is_ready(key)`: whether it can take this key now.
    """

    def __init__(self) -> None:
        super().__init__(ansi_color=True)
        self._typed: deque[Key] = deque()
        self._wait = 0  # the number of the wait at hand; even where there is none

    async def on_event(self, event: Event) -> None:
        """Queue keys, since each is waited for; handle all else at once."""
        if not isinstance(event, Key) or event.is_forwarded or event.key in AT_ONCE:
            await super().on_event(event)
            return
        self._typed.append(event)
        if self._wait % 2 == 0:
            await self._hand_on()

    async def _hand_on(self) -> None:
        """Hand on the next key, if it can be taken now."""
        if not self._typed:
            return
        is_ready = getattr(self.screen, "is_ready", None)
        if is_ready is not None and not is_ready(self._typed[0].key):
            self._begin_wait(BETWEEN_LOOKS)
            return
        # It goes to the line that is typed into, or the screen, and comes back to the app if they
        # have no use for it: all of these are to be through with it, and with what it changed.
        through = (self.focused or self.screen).ancestors_with_self
        pumps: list[MessagePump] = [*through, *([] if self in through else [self])] * ROUNDS
        number = self._begin_wait(LONGEST_WAIT)
        await super().on_event(self._typed.popleft())
        self._hop(pumps, number)

    def _begin_wait(self, seconds: float) -> int:
        self._wait += 1
        number = self._wait
        self.set_timer(seconds, lambda: self._end_wait(number))
        return number

    async def _end_wait(self, number: int) -> None:
        if number == self._wait:
            self._wait += 1
            await self._hand_on()

    def _hop(self, rest: list[MessagePump], number: int) -> None:
        if rest:
            rest[0].call_later(self._hop, rest[1:], number)
        else:
            self.call_later(self._end_wait, number)
