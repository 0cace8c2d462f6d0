"""Lists of which one entry is chosen, by keys or by the mouse."""

from typing import TYPE_CHECKING


class Choosing:
    """A dialog with such a list; clicked once more, the chosen entry is done.

    Stands before the dialog among the bases, whose keys and mouse it answers.
    """

    _chosen: int  # its place; −1 where none is

    if TYPE_CHECKING:

        def draw(self) -> None:
            """The dialog's own."""

    def count(self) -> int:
        """How many entries there are."""
        raise NotImplementedError

    def action_do_chosen(self) -> None:
        """Do what enter does with the chosen entry."""
        raise NotImplementedError

    def choose(self, at: int) -> None:
        """Choose the entry at this place, or the one nearest to it."""
        if self.count():
            self._chosen = max(0, min(at, self.count() - 1))
            self.draw()

    def action_move(self, by: int) -> None:
        """Choose an entry further down, or up where it is negative."""
        self.choose(self._chosen + by)

    def pick(self, at: int) -> None:
        """Choose an entry, or do the chosen one."""
        if at == self._chosen:
            self.action_do_chosen()
        else:
            self.choose(at)

    def wheel(self, way: int) -> None:
        """Choose the entry beside, not around the ends."""
        self.choose(self._chosen + way)
