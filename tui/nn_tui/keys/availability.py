"""Which keys apply just now, and what is said when one is pressed that doesn't."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot

_NO_NETWORK = "only a network has units and layers; Open relu-net, under :, is one"
_NO_MATRIX = "no matrix is opened; enter opens the chosen layer"
_WHOLE_LAYER = "a layer as a whole can’t be nudged; enter opens it"


def why_unavailable(shown: "Snapshot", view: str, opened: bool, on_list: bool) -> dict[str, str]:
    """Of each key that doesn't apply why not, in words; empty words where that goes unsaid.

    `opened` tells whether a layer or unit is opened, `on_list` whether layers or units are chosen
    from, not numbers.
    """
    network, over_x = shown.scene.kind == "mlp", shown.scene.over_x
    applies = {
        "step_back": (shown.step > 0 or shown.phase > 0, "this is the start of the run"),
        "next_epoch": (shown.steps_per_epoch > 1, "an epoch is one step here, which s takes"),
        "out": (shown.phase > 0 or opened, ""),
        "lower": (not on_list, _WHOLE_LAYER),
        "raise": (not on_list, _WHOLE_LAYER),
        "row_up": (opened, _NO_MATRIX),
        "row_down": (opened, _NO_MATRIX),
        "partner": (view == "slope", "a partner is for the map of the view slope, 4"),
        "keep": (shown.tip > 0, "there is no curve to keep yet; s takes a step"),
        "contest": (not network, "a contest needs a model that hands can turn: quadratic, or relu"),
        "hint": (shown.contest is not None, "a hint is for a contest, which g begins"),
        "check_gradient": (not shown.hides_gradient, "a contest hides the gradient; h shows it"),
        "add_unit": (network, _NO_NETWORK),
        "remove_unit": (network, _NO_NETWORK),
        "add_layer": (network, _NO_NETWORK),
        "remove_layer": (
            len(shown.scene.layers) > 4,
            "the last hidden layer stays" if network else _NO_NETWORK,
        ),
        "add_point": (over_x, "a point can be added where there is one input, x"),
        "remove_point": (
            over_x and shown.scene.rows > 1,
            "a point can be deleted where there is one input, x",
        ),
    }
    return {name: why for name, (does, why) in applies.items() if not does}
