"""What there is to see in each view, and what the help says of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot


@dataclass(frozen=True)
class Part:
    """A part of a view, by name, and what the help says of it.

    It is there only `where` something holds of the run.  On a screen without colours
    `without_colour` is said instead, where there is one.
    """

    name: str
    text: str
    where: "Callable[[Snapshot], bool] | None" = None
    without_colour: str = ""


def _is_mae(shown: "Snapshot") -> bool:
    return shown.config.loss == "mae"


def _lists_layers(shown: "Snapshot") -> bool:
    return shown.scene.is_listed_by_layer


def _is_network(shown: "Snapshot") -> bool:
    return bool(shown.config.is_network and shown.config.hidden)


def _has_units(shown: "Snapshot") -> bool:
    return shown.scene.kind != "quadratic" and (not _lists_layers(shown) or _is_network(shown))


def _has_curves(shown: "Snapshot") -> bool:
    return _has_units(shown) and shown.scene.over_x


def _has_maps(shown: "Snapshot") -> bool:
    return _has_units(shown) and shown.scene.plane is not None


def _lists_units(shown: "Snapshot") -> bool:
    return _has_units(shown) and shown.scene.plane is None


def _is_deep(shown: "Snapshot") -> bool:
    return _has_curves(shown) and len(shown.config.hidden) > 1


def _has_pictures(shown: "Snapshot") -> bool:
    return _has_units(shown) and shown.scene.pixels is not None


PARTS: dict[str, tuple[Part, ...]] = {
    "step": (
        Part(
            "phases",
            "Zero, forward, loss, backward, update: ✓ done, the last one in CAPITALS, with its "
            "line in PyTorch.",
        ),
        Part(
            "formulas",
            "The phase’s rule, then the same with the numbers of the chosen point "
            "({key.previous_point+next_point}) and parameter ({key.up+down}), then over the batch."
            " Each line can be worked out again from what it shows. ∂loss/∂a: how steeply the loss"
            " rises with a. sign(…) is +1 where the model is above the point, −1 below, 0 on it. w"
            " or b stands for a network’s weight or bias; of a layer as a whole, for the one with "
            "the largest gradient.",
        ),
        Part(
            "bars",
            "What each row of the batch says: its loss, or its vote on the parameter. Down: raise "
            "it, and this row’s loss falls. The mean of the votes is the gradient.",
        ),
        Part(
            "nudge",
            "The loss itself, measured with the parameter 0.0001 higher and lower, must change by "
            "the gradient (✓). kink: its slope changes in between, and both are right.",
        ),
    ),
    "layer": (
        Part(
            "matrices",
            "W·X + b as one multiplies by hand: W on the left, X above. Where a row of W meets a "
            "column of X stands their product. For the chosen point (▾) each act has its column: "
            "multiply, add, replace negatives (✗ 0); for the other points of the batch there is "
            "what comes out. We write W[out, in]: a row is a unit, a column an input; the lesson’s"
            " picture and its matrix differ in that order.",
        ),
        Part("neuron", "The chosen unit’s sum with its numbers, w·x + b, then the activation."),
        Part(
            "▸",
            "The chosen weight or bias: what it is for. {key.enter} opens a layer; then "
            "{key.up+down} go through its numbers, {key.lower+raise} nudge one, {key.enter} types "
            "it.",
        ),
        Part(
            "network",
            "■ a unit that puts something out at the chosen point, □ one that puts out 0. + and − "
            "are the signs of weights; the larger, the thicker the edge.",
        ),
        Part(
            "curve",
            "What the chosen unit puts out over the input; dotted its sum, before the activation; "
            "◉ the chosen point.",
        ),
    ),
    "slope": (
        Part(
            "slice",
            "The loss over the chosen parameter, all others held: ◆ is where it is, ✦ where the "
            "slice is lowest. The dotted line touches it at ◆; how steep it is, is the slope, the "
            "gradient. The arrow is the next step: short of ✦ or over it. Small dots: where the "
            "last 50 steps stood, with their losses.",
        ),
        Part(
            "ticks",
            "With the mean absolute error the slice is made of straight pieces. At each tick ┴ the"
            " model passes one point of the data (◉: the chosen one), and the slope changes.",
            where=_is_mae,
        ),
        Part(
            "map",
            "The loss over two parameters, as a map has heights: on each line it is the same. ✦ is"
            " the lowest place. {key.partner} takes another parameter as the partner.",
        ),
        Part(
            "last line",
            "The loss here; where the step leads if the chosen parameter alone moved; and where it"
            " really leads, since all move at once.",
        ),
    ),
    "ReLUs": (
        Part(
            "formula",
            "The chosen unit with its numbers: w turns its line, b slides its kink, v says how "
            "much it counts and which way.",
            where=_has_units,
        ),
        Part(
            "plot",
            "Thin: what each unit adds to the curve; the chosen one stands out, ╎ at its kink. "
            "With the output’s bias (┄) they add up to the model’s curve, exactly.",
            where=_has_curves,
        ),
        Part(
            "list",
            "kink: where w·x + b is 0. ▲ the curve bends up there, ▼ down; △ the unit is dead, 0 "
            "at all points. slope: v·w, its line’s. on: at how many points it is above 0. share: "
            "its part in all that the layer puts out.",
            where=_lists_units,
        ),
        Part(
            "deeper",
            "Of a layer before the last: what its units put out over x; {key.down} past its last "
            "unit goes to the next layer. A larger screen plots each unit by itself too.",
            where=_is_deep,
        ),
        Part(
            "maps",
            "With two inputs, each unit over their plane: the colour is the sign, deeper where it "
            "is larger; the line is where it is 0. In the last hidden layer it is what the unit "
            "adds to the logit, and Σ, with the bias, is the map of the classes.",
            where=_has_maps,
            without_colour="With two inputs, each unit over their plane: ░ where it is well above "
            "0, blank elsewhere; the line is where it is 0. In the last hidden "
            "layer it is what the unit adds to the logit, and Σ, with the bias, is "
            "the map of the classes.",
        ),
        Part(
            "weights",
            "Where the inputs are a picture, what a unit of the first layer looks for: ink at "
            "weights above 0 raises it, below 0 it lowers it. Of the last layer, how much it "
            "counts for each class.",
            where=_has_pictures,
            without_colour="Where the inputs are a picture, what a unit of the first layer looks "
            "for: ink at weights above 0 (░▒▓) raises it, below 0 (:xX) it lowers "
            "it. Of the last layer, how much it counts for each class.",
        ),
        Part(
            "{key.switch_unit}",
            "Switches the chosen unit off in what is shown, on all views, and says what is lost; "
            "training goes on with it. Again: on.",
            where=_is_network,
        ),
        Part(
            "{key.enter}",
            "Opens the chosen unit: {key.lower+raise} nudge its numbers, {key.enter} types one, "
            "{key.out} leaves.",
            where=_has_units,
        ),
        Part(
            "{key.place_unit}",
            "Adds a unit where it can mend most: kinks at all points and on both sides are tried, "
            "and the new unit starts with a tenth of the best push.",
            where=_has_curves,
        ),
    ),
    "health": (
        Part(
            "÷ size",
            "The update ÷ the size: how much of itself each parameter, or layer, moves by in a "
            "step. The size of one number is the number without its sign. A thousandth is best "
            "(┊): so small that the slope still holds where the step lands, so large that a "
            "thousand steps can remake the weight; 0.00003 to 0.03 is ok, below is slow, "
            "above fast. settled is slow because the gradient is nearly 0. "
            "frozen gets no update, still has one of 0, lost is not a number any more.",
        ),
        Part(
            "sizes",
            "Of a layer the sizes are lengths of all its numbers together, each squared, added up,"
            " and the root taken. dead: its units are 0 on every point; saturated: so flat that "
            "they pass little back.",
            where=_lists_layers,
        ),
        Part(
            "next update",
            "The chosen weight’s update, line by line, by the optimizer’s rule; of a layer it is "
            "the weight with the largest gradient. {key.enter} opens a layer.",
        ),
        Part(
            "histograms",
            "How many of the chosen layer’s numbers lie where. Zeros are counted apart.",
            where=_lists_layers,
        ),
        Part("length", "The gradient’s length at each step, ◉ at the step to come."),
        Part(
            "{key.check_gradient}",
            "Checks the gradients: nudges parameters and looks what the loss does.",
        ),
    ),
}


def parts_of(view: str, shown: "Snapshot | None", has_colour: bool) -> list[tuple[str, str]]:
    """What there is to see in the view of this name: (name, text) of each part."""
    return [
        (part.name, part.text if has_colour else part.without_colour or part.text)
        for part in PARTS.get(view, ())
        if part.where is None or (shown is not None and part.where(shown))
    ]
