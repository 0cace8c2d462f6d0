"""What a person was looking at when a run was left: it is saved with the run."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Chosen:
    """The view, the row of its list that is chosen, and what of it is opened.

    While something is opened, `row` is of the list of its numbers, and `opened_at` the row that it
    has in the list it is of.
    """

    view: str
    row: int
    opened: str | None
    opened_at: int

    def to_dict(self) -> dict[str, Any]:
        """As a session file says it."""
        return asdict(self)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Chosen | None":
        """What a session file says; None where it says nothing, or what can't be."""
        try:
            found = cls(**said)
        except TypeError:
            return None
        texts = isinstance(found.view, str) and isinstance(found.opened, str | None)
        return found if texts and type(found.row) is type(found.opened_at) is int else None
