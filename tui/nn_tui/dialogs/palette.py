"""The palette: all that can be done, by name; Textual's own, safe for fast typing."""

from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette

from nn_tui.terminal.typing_ahead import TypedInto


class Palette(TypedInto, CommandPalette):
    """Textual's palette, dismissed once, as an `Overlay`; its list moves once there is one."""

    @property
    def is_searching(self) -> bool:
        """Whether what was typed is still being looked for."""
        return any(each.node is self and each.is_running for each in self.workers)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close it."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)
