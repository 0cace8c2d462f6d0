"""The model that a unit can be placed in where the fit is worst: a sum of curves over one x."""

from nn_core.config import Config

OF_LINES = (
    "these lines all count +1, so their sum can’t bend down; "
    "{key.place_unit} adds ReLUs of any weight in relu-net ({key.palette} Open relu-net)"
)
OF_A_QUADRATIC = (
    "a quadratic has no ReLUs; {key.place_unit} adds them in relu-net ({key.palette} Open relu-net)"
)
OF_ANOTHER_NETWORK = (
    "{key.place_unit} looks for a kink on one x, in a network of one hidden layer; "
    "{key.add_unit} adds any unit"
)


def is_one_curve(config: Config, inputs: int, outputs: int) -> bool:
    """Whether a network is an output bias plus each unit's curve over one x."""
    return config.is_network and (inputs, len(config.hidden), outputs) == (1, 1, 1)


def why_not_one_curve(config: Config, inputs: int, outputs: int) -> str:
    """Why no unit can be placed in a model, its keys by their names; "" where one can."""
    if config.model == "relu":
        return OF_LINES
    if not config.is_network:
        return OF_A_QUADRATIC
    return "" if is_one_curve(config, inputs, outputs) else OF_ANOTHER_NETWORK
