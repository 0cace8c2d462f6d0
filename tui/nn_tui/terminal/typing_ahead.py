"""An App in which keys typed ahead go where they were meant to, however late that opens."""

import time
from collections import deque
from collections.abc import Collection

from textual.app import ReturnType
from textual.events import Event, Key, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen

from nn_tui.terminal.painting import PaintingApp

AT_ONCE = ("ctrl+c",)
CLOSING = ("enter", "escape")
LONGEST_WAIT = 2.0  # seconds for a line to type into to open or to answer; it may never do so
BETWEEN_LOOKS = 0.005


class TypedInto:
    """A screen with a line to type into; `refusals` counts the lines that it refused."""

    refusals = 0

    @property
    def is_searching(self) -> bool:
        """Whether what is to be chosen from isn't there yet."""
        return False


class TypingAheadApp(PaintingApp[ReturnType]):
    """An App that hands on each key once what the keys before it opened or closed is there.

    A key that isn't written into a line is carried out at once, in the App's own turn, so that what
    it opens or deletes is known before the next key is looked at. Where there is a line to type
    into, keys wait until it has the focus, those that aren't written into it until all before them
    are, and after a key that may close it until it has, or has refused. While the App begins, keys
    wait that do nothing yet, and all behind them.
    """

    def __init__(self, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._ahead: deque[Key | Paste] = deque()
        self._echoes = 0  # keys that the line has yet to be through with
        self._asked: tuple[Screen[object], int] | None = None  # to close, and its refusals before
        self._waits_since = 0.0  # 0: nothing is waited for
        self.doubled: Collection[str] = ()  # letters that do something when they are typed twice
        self._begun = ""  # the first of two of them

    @property
    def is_beginning(self) -> bool:
        """Whether what keys act on isn't there yet, however long that takes."""
        return False

    @property
    def is_preparing(self) -> bool:
        """Whether what keys act on is about to be something else."""
        return False

    @property
    def keys_ahead(self) -> int:
        """How many keys wait."""
        return len(self._ahead)

    async def on_event(self, event: Event) -> None:
        """Queue what is typed; handle all else at once."""
        is_typed = isinstance(event, Key | Paste) and not event.is_forwarded
        if not is_typed or (isinstance(event, Key) and event.key in AT_ONCE):
            await super().on_event(event)
            return
        assert isinstance(event, Key | Paste)
        self._ahead.append(event)
        if not self._waits_since:
            await self._hand_on()

    async def _hand_on(self, waits: bool = True) -> None:
        self._waits_since = 0.0
        while self._ahead and self._running:
            if waits and self._must_wait(self._ahead[0]):
                self._waits_since = time.monotonic()
                self.set_timer(BETWEEN_LOOKS, self._look_again)
                return
            await self._hand(self._ahead.popleft())
            waits = True

    def _look_again(self) -> None:
        if self.is_beginning:
            self._waits_since = time.monotonic()
        is_over = time.monotonic() - self._waits_since > LONGEST_WAIT
        if is_over:
            self._asked, self._echoes = None, 0
        if is_over or not self._must_wait(self._ahead[0]):
            # After what a screen that has just closed has left for the App to do.
            self.call_later(self._hand_on, not is_over)
        else:
            self.set_timer(BETWEEN_LOOKS, self._look_again)

    def _must_wait(self, event: Key | Paste) -> bool:
        if self.is_beginning:
            return not self._does_something(event)
        if self.is_preparing:
            return True
        if self._asked is not None:
            screen, refusals = self._asked
            if screen is self.screen and getattr(screen, "refusals", 0) == refusals:
                return True
            self._asked, self._echoes = None, 0
        screen = self.screen
        if not isinstance(screen, TypedInto):
            return False
        if screen.focused is None:
            return True
        if not isinstance(event, Key) or event.is_printable:
            return False
        return bool(self._echoes) or (event.key == "enter" and screen.is_searching)

    def _does_something(self, event: Key | Paste) -> bool:
        """Whether a key is bound to something that can be done just now."""
        if not isinstance(event, Key):
            return False
        found = self.screen.active_bindings.get(event.key)
        return found is not None and found.enabled

    def leave_undone(self, event: Key) -> None:
        """Take note of a key that nothing was done for, where there is no line to write it into."""

    async def _hand(self, event: Key | Paste) -> None:
        screen, focused = self.screen, self.focused
        if isinstance(screen, TypedInto) and isinstance(event, Key) and event.key in CLOSING:
            self._asked = (screen, screen.refusals)
        if not await self._is_carried_out(event):
            if focused is not None:
                await super().on_event(event)
            elif isinstance(event, Key):
                self.leave_undone(event)
        if isinstance(screen, TypedInto) and focused is not None:
            self._echoes += 1
            # The key goes to the line, what it changed there to the line and then to the screen.
            self._echo([focused, focused, screen, screen])

    async def _is_carried_out(self, event: Key | Paste) -> bool:
        """Carry a key out that isn't written into the line; whether it was such a one."""
        if not isinstance(event, Key) or (self.focused is not None and event.is_printable):
            return False
        key = self._doubled(event.key) if self.focused is None else event.key
        if not key:
            return True
        return await self._check_bindings(key, priority=True) or await self._check_bindings(key)

    def _doubled(self, key: str) -> str:
        """What a key stands for after the one before it: gg, or as yet nothing, or itself."""
        is_first = key in self.doubled and self._begun != key
        name = "" if is_first else 2 * key if key in self.doubled else key
        self._begun = key if is_first else ""
        return name

    def _echo(self, through: list[MessagePump]) -> None:
        if not through:
            self._echoes = max(0, self._echoes - 1)
        elif not through[0].call_later(self._echo, through[1:]):
            self._echoes = max(0, self._echoes - 1)  # it is closing
