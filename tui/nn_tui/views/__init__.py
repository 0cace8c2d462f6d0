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
    View(
        "step", "the phases of the current step, each with its numbers",
        (
            (
                "phases",
                "Zero, forward, loss, backward, update: ✓ done, the last one in CAPITALS, with its "
                "line in PyTorch.",
            ),
            (
                "formulas",
                "The phase’s rule, then the same with the numbers of the chosen point "
                "({key.previous_point+next_point}) and parameter ({key.up+down}), then over the "
                "batch. Each line can be worked out again from what it shows. ∂loss/∂a: how "
                "steeply the loss rises with a. sign(…) is +1 where the model is above the point, "
                "−1 below, 0 on it. w or b stands for a network’s weight or bias; of a layer as a "
                "whole, for the one with the largest gradient.",
            ),
            (
                "bars",
                "What each row of the batch says: its loss, or its vote on the parameter. Down: "
                "raise it, and this row’s loss falls. The mean of the votes is the gradient.",
            ),
            (
                "nudge",
                "The loss itself, measured with the parameter 0.0001 higher and lower, must change "
                "by the gradient (✓). kink: its slope changes in between, and both are right.",
            ),
        ),
        own_rows=6,
    ),
    View(
        "layer", "a layer as a product of matrices, one neuron of it, and the network",
        (
            ("matrices", "W·X + b as one multiplies by hand: W on the left, X above. Where a row "
             "of W meets a column of X stands their product. For the chosen point (▾) each act "
             "has its column: multiply, add, replace negatives (✗ 0); for the other points of the "
             "batch there is what comes out. We write W[out, in]: a row is a unit, a column an "
             "input; the lesson’s picture and its matrix differ in that order."),
            ("neuron", "The chosen unit’s sum with its numbers, w·x + b, then the activation."),
            ("▸", "The chosen weight or bias: what it is for. {key.enter} opens a layer; then "
             "{key.up+down} go through its numbers, {key.lower+raise} nudge one, "
             "{key.enter} types it."),
            ("network", "■ a unit that puts something out at the chosen point, □ one that puts "
             "out 0. + and − are the signs of weights; the larger, the thicker the edge."),
            ("curve", "What the chosen unit puts out over the input; dotted its sum, before the "
             "activation; ◉ the chosen point."),
        ),
        own_rows=4,
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
             "same. ✦ is the lowest place. {key.partner} takes another parameter as the partner."),
            ("last line", "The loss here; where the step leads if the chosen parameter alone "
             "moved; and where it really leads, since all move at once."),
        ),
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
            ("deeper", "Of a layer before the last: what its units put out over x; {key.down} past "
             "its last unit goes to the next layer. A larger screen plots each unit by itself "
             "too."),
            ("maps", "With two inputs, each unit over their plane: the colour is the sign, deeper "
             "where it is larger; the line is where it is 0. In the last hidden layer it is what "
             "the unit adds to the logit, and Σ, with the bias, is the map of the classes."),
            ("weights", "Where the inputs are a picture, what a unit of the first layer looks for: "
             "ink at weights above 0 raises it, below 0 it lowers it. Of the last layer, how much "
             "it counts for each class."),
            ("{key.switch_unit}", "Switches the chosen unit off in what is shown, on all views, "
             "and says what is lost; training goes on with it. Again: on."),
            ("{key.enter}", "Opens the chosen unit: {key.lower+raise} nudge its numbers, "
             "{key.enter} types one, {key.out} leaves."),
            ("{key.place_unit}", "Adds a unit where it can mend most: kinks at all points and on "
             "both sides are tried, and the new unit starts with a tenth of the best push."),
        ),
        own_rows=16, choose="unit", by_unit=True, opened_rows=5,
    ),
    View(
        "health", "how large each update is beside what it changes, and where it comes from",
        (
            ("update ÷ size", "How much of itself each parameter, or layer, moves by in a step. A "
             "thousandth is healthy (┊): so small that the slope still holds where the step lands, "
             "so large that a thousand steps can remake the weight; within 30 times of that is ok, "
             "else it is slow or fast. "
             "frozen gets no update, still has one of 0, lost is not a number any more."),
            ("sizes", "Of a layer the sizes are lengths of all its numbers together, each squared, "
             "added up, and the root taken. dead: its units are 0 on every point; saturated: so "
             "flat that they pass little back."),
            ("next update", "The chosen weight’s update, line by line, by the optimizer’s rule; of "
             "a layer it is the weight with the largest gradient. {key.enter} opens a layer."),
            ("histograms", "How many of the chosen layer’s numbers lie where. Zeros are counted "
             "apart."),
            ("length", "The gradient’s length at each step, ◉ at the step to come."),
            ("{key.check_gradient}", "Checks the gradients: nudges parameters and looks what the "
             "loss does."),
        ),
        own_rows=4,
    ),
)  # fmt: skip


def view(name: str) -> View:
    """The view of this name."""
    return next(found for found in VIEWS if found.name == name)
