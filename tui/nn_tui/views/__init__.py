"""The views: what each is called, what it shows, and the module that draws it.

The keys, the help and the README's table read this.  A view's module here has one function,
`draw(snapshot, frame)`, which makes rows of the snapshot's insight; `fit` is the screen's own
plots.
"""

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the first paint comes before NumPy
    from nn_core.snapshot import Snapshot
    from nn_tui.roles import Line


@dataclass(frozen=True)
class Frame:
    """The room that a view has, and what its dots are made of."""

    width: int
    height: int
    markers: str


@dataclass(frozen=True)
class View:
    """One view.

    `about` is a sentence for the help and the palette, `parts` are what there is to see in it, by
    name.  Under it the table of parameters stays unless it lists them itself, `own_rows` of them on
    a screen of 24 lines.  `choose` is what ↑↓ choose in it, where that isn't a parameter.  With
    `by_unit` it lists the units of a network one by one, and of an opened one `opened_rows`
    parameters.
    """

    name: str
    about: str
    parts: tuple[tuple[str, str], ...] = ()
    own_rows: int = 0
    choose: str = ""
    by_unit: bool = False
    opened_rows: int = 0

    def lists_units_of(self, kind: str) -> bool:
        """Whether it lists units of a model of this kind; the quadratic has none."""
        return self.by_unit and kind != "quadratic"

    def draw(self, snapshot: "Snapshot", frame: Frame) -> "list[Line]":
        """The rows of the view, none longer than the frame is wide, nor more than it is high."""
        module = importlib.import_module(f"nn_tui.views.{self.name.lower()}")
        drawn: list[Line] = module.draw(snapshot, frame)
        return drawn


VIEWS = (
    View("fit", "the data, the model’s curve, and the loss so far"),
    View(
        "step", "the phases of the step at hand, each with its numbers",
        (("phases", "Zero, forward, loss, backward, update: ✓ done, the last one in CAPITALS."),),
        own_rows=3,
    ),
    View(
        "ReLUs", "each unit’s line, where it bends, and their sum",
        (
            ("formula", "The chosen unit with its numbers: w turns its line, b slides its kink, "
             "v says how much it counts and which way."),
            ("plot", "Thin: what each unit adds to the curve; the chosen one stands out, ╎ at its "
             "kink. With the output’s bias (┄) they add up to the model’s curve, exactly."),
            ("list", "kink: where w·x + b is 0. ▲ the curve bends up there, ▼ down; △ the unit is "
             "dead, 0 at all points. slope: v·w, its line’s. on: at how many points it is above 0. "
             "share: its part in all that the layer puts out."),
            ("deeper", "Of a layer before the last: what its units put out over x; ↓ past its "
             "last unit goes to the next layer. A larger screen plots each unit by itself too."),
            ("enter", "Opens the chosen unit: ←→ nudge its numbers, enter types one, esc leaves."),
            ("A", "Adds a unit where it can mend most: kinks at all points and on both sides are "
             "tried, and the new unit starts with a tenth of the best push."),
        ),
        own_rows=16, choose="unit", by_unit=True, opened_rows=5,
    ),
)  # fmt: skip


def view(name: str) -> View:
    """The view of this name."""
    return next(found for found in VIEWS if found.name == name)
