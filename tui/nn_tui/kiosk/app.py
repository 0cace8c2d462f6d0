"""The screen of a kiosk: what Textual could do beyond it is switched off, and it ends when idle."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from textual.events import Event, InputEvent, Paste

from nn_tui.app.app import Laboratory

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot

GONE = "nn-tui: nobody has pressed a key for a long time"
WARNING_SECONDS = 60.0  # before it ends because nobody is there


class KioskLaboratory(Laboratory):
    """The Laboratory for strangers: it gives out nothing but its picture, and ends when idle.

    Which requests and settings are allowed is in `nn_core.live.allowed` and the `Limits`; here is
    what Textual itself could do.
    """

    may_be_stopped = False

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._key_came = time.monotonic()

    # --- what Textual could do beyond the screen ----------------------------------------------

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open no link."""

    def copy_to_clipboard(self, text: str) -> None:
        """Keep cut and copied text in the program; send nothing to the terminal's clipboard."""
        self._clipboard = text

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Keep the terminal."""
        yield

    def action_suspend_process(self) -> None:
        """Stay: there is no shell to go back to."""

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Save no picture."""

    def save_screenshot(self, *arguments: Any, **keywords: Any) -> str:
        """Save no picture."""
        raise PermissionError("no pictures are saved in a kiosk")

    def deliver_text(self, *arguments: Any, **keywords: Any) -> None:
        """Hand out no file."""

    def deliver_binary(self, *arguments: Any, **keywords: Any) -> None:
        """Hand out no file."""

    # --- nobody there -------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Begin to wait for a key; Textual calls the others' too."""
        self._wait_for_a_key()

    async def on_event(self, event: Event) -> None:
        """Note that somebody is there."""
        if isinstance(event, InputEvent | Paste):
            was_warned = self._is_warned
            self._key_came = time.monotonic()
            if was_warned and self.snapshot is not None:
                self.show(self.snapshot)
        await super().on_event(event)

    @property
    def _left(self) -> float:
        """The seconds until it ends, if nobody presses a key."""
        return self._key_came + self.launch.limits.idle_seconds - time.monotonic()

    @property
    def _is_warned(self) -> bool:
        return self._left <= WARNING_SECONDS

    def _wait_for_a_key(self) -> None:
        left = self._left
        if left <= 0:
            self.exit(message=GONE)
            return
        if self._is_warned and self.snapshot is not None:
            self.show(self.snapshot)
        self.set_timer(left if self._is_warned else left - WARNING_SECONDS, self._wait_for_a_key)

    def show(self, snapshot: "Snapshot") -> None:
        """Show a snapshot, and a warning in place of the words before it ends."""
        super().show(snapshot)
        if self._is_warned:
            text = " Is anybody there? Without a key this ends within a minute."
            part = self.main.words if self.lesson is None else self.main.lesson
            part.show([[(text, "alarm")]])
