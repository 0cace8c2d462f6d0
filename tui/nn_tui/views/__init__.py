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
    a screen of 24 lines.  `choose` is what ↑↓ choose in it, where that isn't a parameter.
    """

    name: str
    about: str
    parts: tuple[tuple[str, str], ...] = ()
    own_rows: int = 0
    choose: str = ""

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
        "slope", "the loss over the chosen parameter, and where the next step lands",
        (
            ("slice", "The loss over the chosen parameter, all others held: ◆ is where it is, ✦ "
             "where the slice is lowest. The dotted line touches it at ◆; how steep it is, is the "
             "slope, the gradient. The arrow is the next step: short of ✦ or over it. Small dots: "
             "where the last 50 steps stood, with their losses."),
            ("ticks", "With the mean absolute error the slice is made of straight pieces. At each "
             "tick ┴ the model passes one point of the data (◉: the chosen one), and the slope "
             "changes."),
            ("map", "The loss over two parameters, as a map has heights: on each line it is the "
             "same. ✦ is the lowest place. p takes another parameter as the partner."),
            ("last line", "The loss here; where the step leads if the chosen parameter alone "
             "moved; and where it really leads, since all move at once."),
        ),
    ),
)  # fmt: skip


def view(name: str) -> View:
    """The view of this name."""
    return next(found for found in VIEWS if found.name == name)
