"""The command for the run: the command line that opens it, to be selected or pasted."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType

from nn_core.config import NAMED_DATA
from nn_core.config.key_names import with_keys
from nn_core.disk import typed_path
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import times
from nn_core.storage.as_command import command, quoted
from nn_tui.dialogs.sheet import Sheet
from nn_tui.text.cells import wrapped
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows


class CommandSheet(Sheet):
    """The command line, and what none can say of this run."""

    BINDINGS: ClassVar[list[BindingType]] = [("enter,space", "dismiss", "out")]

    def __init__(self, make_rows: Callable[..., Rows], snapshot: Snapshot, is_copied: bool) -> None:
        super().__init__(make_rows)
        self._words, self._notes = command(snapshot.begun), notes(snapshot)
        if is_copied:
            self._notes.insert(0, "It is in the clipboard too, where the terminal allows that.")

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """The command, from the first column on, so that it can be selected as it is."""
        lines: list[Line] = [[(text, "strong")] for text in quoted(self._words, width)]
        lines.append([])
        for note in self._notes:
            lines += [[(f" {text}", "text")] for text in wrapped(note, width - 2)]
        return "the command for this run", lines, with_keys("{key.up+down} scroll   esc out")


def notes(snapshot: Snapshot) -> list[str]:
    """What a command line can't say of this run, and what it leaves to the place it is pasted."""
    found = ["It opens this run at its start, under the settings that it began with."]
    if snapshot.starts_loaded:
        found = [
            "It opens this run without the weights loaded by hand at step 0: add --load FILE to it."
        ]
    lacks = [times(snapshot.step, "step")] if snapshot.step else []
    if snapshot.by_hand:
        lacks.append(times(snapshot.by_hand, "thing") + " done by hand since")
    if lacks:
        found.append(f"Not in it: {', and '.join(lacks)}; a session file has them, by w.")
    data = "" if snapshot.begun.data in NAMED_DATA else snapshot.begun.data
    named = (data, snapshot.begun.test, snapshot.begun.load)
    if any(name and not typed_path(name).is_absolute() for name in named):
        found.append("What it names without a folder is looked for where it is pasted.")
    found.append("Preferences of that place hold for what it doesn’t say: nn-tui config.")
    return found
