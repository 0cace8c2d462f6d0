"""A prompt: one line to type a value into, over the words."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from nn_core.errors import RequestError
from nn_tui.dialogs.overlay import Overlay
from nn_tui.terminal.typing_ahead import TypedInto
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows


class Prompt(TypedInto, Overlay[str]):
    """Asks for a value; what was typed is the result once `check` has nothing against it.

    `check` raises `RequestError` with what would be right.  With `turn`, ↑ and ↓ change the value;
    `turns` is the word for that.
    A `title` may depend on what is typed; what it is `about` is said where there is room.  With
    `goes_on` what is typed first is added to the value, in place of which it else comes.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss", "out"),
        ("up", "turn(1)", "more"),
        ("down", "turn(-1)", "less"),
    ]

    def __init__(
        self,
        make_rows: Callable[..., Rows],
        title: str | Callable[[str], str],
        value: str,
        check: Callable[[str], object],
        turn: Callable[[str, int], str] | None = None,
        goes_on: bool = False,
        about: str = "",
        turns: str = "change",
    ) -> None:
        super().__init__()
        self._heading, self._value, self._about = title, value, about
        self._asked = make_rows("asked")
        self._field = Input(value, compact=True, select_on_focus=not goes_on, id="typed")
        self._field.cursor_blink = False  # an idle screen sends nothing
        self._check, self._turn, self._turns = check, turn, turns

    def compose(self) -> ComposeResult:
        """What is asked for, and the line to type into."""
        yield self._asked
        yield self._field

    def on_mount(self) -> None:
        """Say what is asked for."""
        self._announce(self._value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is asked for now."""
        if callable(self._heading):
            self._announce(event.value)

    def _announce(self, text: str) -> None:
        turns = f"   ↑↓ {self._turns}" if self._turn else ""
        heading = self._heading(text) if callable(self._heading) else self._heading
        full, about = f"{turns}   enter sets   esc out", f": {self._about}" if self._about else ""
        # What is to be typed matters more than the keys that are the same everywhere.
        fitting = (
            (about, keys)
            for keys in (full, f"{turns}   esc out", "   esc out")
            if len(heading) + len(about) + len(keys) < self.app.size.width
        )
        about, rest = next(fitting, ("", full))
        asked: Line = [(f" {heading}", "strong"), (about, "text"), (rest, meaning("quiet", "keys"))]
        self._asked.show([asked])

    def _refuse(self, error: RequestError) -> None:
        self._asked.show([[(f" {error}", "alarm")]])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed, or say what is wrong with it."""
        event.stop()
        try:
            self._check(event.value)
        except RequestError as error:
            self._refuse(error)
            self.refusals += 1
        else:
            self.dismiss(event.value)

    def wheel(self, way: int) -> None:
        """Change what is typed, upwards to the greater value."""
        self.action_turn(-way)

    def action_turn(self, way: int) -> None:
        """Change what is typed to the value beside it."""
        if self._turn is not None:
            try:
                self._field.value = self._turn(self._field.value, way)
            except RequestError as error:
                self._refuse(error)
            else:
                self._field.action_select_all()  # what is typed next comes in its place
