"""Everything by name: Textual's palette, for people who type faster than it opens and closes."""

from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette


class Palette(CommandPalette):
    """The palette, left once, as `Over`, and moved in once there is a list to move in."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Go."""
        if not self.is_active:
            return AwaitComplete()
        self._leaves = True
        return super().dismiss(result)

    _leaves = False

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)

    def is_ready(self, key: str) -> bool:
        """Whether it can take a key: to choose, once what was typed has been looked for."""
        if self._leaves or key == "escape":
            return not self._leaves
        looks = any(worker.node is self and worker.is_running for worker in self.workers)
        return self.focused is not None and not (looks and key in _CHOOSING)


_CHOOSING = ("enter", "up", "down", "pageup", "pagedown")
