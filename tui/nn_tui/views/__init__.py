"""The views: what each is called, what it shows, and the module that draws it.

The keys, the help and the README's table read this.  A view's module here has one function,
`draw(snapshot, frame)`, which makes rows of the snapshot's insight; `fit` is the screen's own
plots.
"""

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the first paint comes before NumPy
    from nn_core.config import Config
    from nn_core.explain.snapshot import Snapshot
    from nn_tui.text.roles import Line


@dataclass(frozen=True)
class Frame:
    """The room that a view has, what its dots are made of, whether the fit stands beside it.

    `colour`: whether grounds are coloured, or made of glyphs.
    """

    width: int
    height: int
    markers: str
    beside_fit: bool = False
    colour: bool = True


@dataclass(frozen=True)
class View:
    """One view.

    `about` is a sentence for the help and the palette.  Under it the table of parameters stays
    unless it lists them itself, `own_rows` of them on a screen of 24 lines.  `choose` is what ↑↓
    choose in it, where that isn't a parameter.  With `by_unit` it lists the units of a network one
    by one, and of an opened one `opened_rows` parameters.
    """

    name: str
    about: str
    own_rows: int = 0
    choose: str = ""
    by_unit: bool = False
    opened_rows: int = 0

    def lists_units_of(self, kind: str) -> bool:
        """Whether it lists units of a model of this kind; the quadratic has none."""
        return self.by_unit and kind != "quadratic"

    def title(self, config: "Config | None") -> str:
        """What it is called on the screen: ReLUs are units where the activation is another."""
        others = config is not None and config.is_network and {*config.activation} != {"relu"}
        return "units" if self.name == "ReLUs" and others else self.name

    def draw(self, snapshot: "Snapshot", frame: Frame) -> "list[Line]":
        """The rows of the view, none longer than the frame is wide, nor more than it is high."""
        module = importlib.import_module(f"nn_tui.views.{self.name.lower()}")
        drawn: list[Line] = module.draw(snapshot, frame)
        return drawn


VIEWS = (
    View("fit", "the data, the model’s curve, and the loss so far"),
    View("step", "the phases of the current step, each with its numbers", own_rows=6),
    View(
        "layer", "a layer as a product of matrices, one neuron of it, and the network", own_rows=4
    ),
    View("slope", "the loss over the chosen parameter, and where the next step lands"),
    View(
        "ReLUs",
        "each unit’s line, where it bends, and their sum",
        own_rows=16,
        choose="unit",
        by_unit=True,
        opened_rows=5,
    ),
    View(
        "health",
        "how large each update is beside what it changes, and where it comes from",
        own_rows=4,
    ),
)


def view(name: str) -> View:
    """The view of this name."""
    return next(found for found in VIEWS if found.name == name)
