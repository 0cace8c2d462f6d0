"""Everything by name: Textual's palette, for people who type faster than it opens."""

from textual.command import CommandList, CommandPalette


class Palette(CommandPalette):
    """The palette, in which a key that moves in the list waits for no list that isn't there yet."""

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)
