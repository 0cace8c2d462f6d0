"""Everything by name: Textual's palette, for people who type faster than it opens and closes."""

from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette


class Palette(CommandPalette):
    """The palette, left once, as `Over`, and moved in once there is a list to move in."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Go."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)
