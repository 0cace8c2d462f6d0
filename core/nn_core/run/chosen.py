"""What a person was looking at when a run was left: it is saved with the run."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Chosen:
    """The view, the row of its list that is chosen, and what of it is opened.

    While something is opened, `row` is of the list of its numbers, and `opened_at` the row that it
    has in the list it is of.  `partner`, `target` and `off` are as in a `ViewRequest`.
    """

    view: str
    row: int
    opened: str | None
    opened_at: int
    partner: int = 0
    target: int = 0
    off: tuple[tuple[int, int], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As a session file says it: without what was never chosen."""
        said = asdict(self)
        return {
            each.name: said[each.name] for each in fields(self) if said[each.name] != each.default
        }

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Chosen | None":
        """What a session file says; None where it says nothing, or what can't be."""
        try:
            found = cls(**{**said, "off": tuple((at, unit) for at, unit in said.get("off", ()))})
        except (TypeError, ValueError):
            return None
        texts = isinstance(found.view, str) and isinstance(found.opened, str | None)
        counts = (found.row, found.opened_at, found.partner, found.target, *sum(found.off, ()))
        return found if texts and all(type(each) is int for each in counts) else None
