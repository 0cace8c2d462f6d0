"""When a key applies, and what is said where one is pressed that doesn't."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nn_core.live.file_requests import NOT_OFFERED
from nn_core.live.requests import AT_START
from nn_core.run.one_curve import OF_A_QUADRATIC, OF_ANOTHER_NETWORK, OF_LINES
from nn_tui.selection import Selection

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot


@dataclass(frozen=True)
class Condition:
    """What must hold for a key to apply; `why_not` says what is missing, or "" to say nothing.

    In it {key.step} stands for the key of this name.
    """

    holds: "Callable[[Snapshot, Selection], bool]"
    why_not: str = ""


def _is_in_a_step(shown: "Snapshot", chosen: Selection) -> bool:
    return chosen.view.name == "step" and shown.in_a_step


def _had_better_be_scaled(shown: "Snapshot", chosen: Selection) -> bool:
    from nn_core.explain.words.divergence import had_better_be_scaled  # and with it NumPy

    return shown.config.scale or bool(had_better_be_scaled(shown))


def _is_wrong_somewhere(shown: "Snapshot", chosen: Selection) -> bool:
    from nn_core.explain.mistakes import held_back_mistakes, mistakes  # and with them NumPy

    return bool(len(mistakes(shown)) or len(held_back_mistakes(shown)))


def _is_offered(shown: "Snapshot", chosen: Selection) -> bool:
    from nn_core.storage.autosave import Offered  # and with it NumPy

    return isinstance(shown.outcome, Offered)


RUN_OFFERED = Condition(_is_offered, NOT_OFFERED)
NOT_AT_START = Condition(lambda shown, chosen: shown.step > 0 or shown.phase > 0, AT_START)
IN_BATCHES = Condition(
    lambda shown, chosen: shown.steps_per_epoch > 1,
    "an epoch is one step here, which {key.step} takes",
)
SOMETHING_TO_LEAVE = Condition(lambda shown, chosen: shown.phase > 0 or chosen.is_opened)
SINGLE_NUMBER = Condition(
    lambda shown, chosen: chosen.cursor.at_step or not chosen.lists_parts(shown),
    "a layer as a whole can’t be nudged; {key.enter} opens it",
)
NO_UNIT = Condition(
    lambda shown, chosen: (
        chosen.cursor.at_step or chosen.is_opened or not chosen.lists_units(shown)
    ),
    "a unit as a whole can’t be nudged; {key.enter} opens it",
)
MATRIX_OPENED = Condition(
    lambda shown, chosen: chosen.is_opened,
    "no matrix is opened; {key.enter} opens the chosen layer",
)
MAP_ON_SHOW = Condition(
    lambda shown, chosen: chosen.view.name == "slope",
    "a partner is for the map of the view slope, {key.view_slope}",
)
ARITHMETIC = Condition(
    lambda shown, chosen: chosen.view.name == "layer" or _is_in_a_step(shown, chosen),
    "arithmetic stands in the view layer, {key.view_layer}, and inside a step, {key.into}",
)
UNITS_LISTED = Condition(
    lambda shown, chosen: chosen.lists_units(shown) and bool(shown.config.hidden),
    "units of a network are switched off in the view ReLUs, {key.view_ReLUs}",
)
PIXELS = Condition(
    lambda shown, chosen: shown.scene.pixels is not None,
    "only pictures can be drawn: Open digits, under {key.palette}",
)
FAR_FROM_1 = Condition(
    _had_better_be_scaled,
    "the columns are near 1 as they are; {key.options} has scale all the same",
)
SEVERAL_TARGETS = Condition(
    lambda shown, chosen: len(shown.scene.targets) > 1,
    "there is one target; --y names several, with commas between",
)
SOMETHING_WRONG = Condition(_is_wrong_somewhere, "every row is told right")
SOME_STEPS = Condition(
    lambda shown, chosen: shown.tip > 0, "there is no curve to keep yet; {key.step} takes a step"
)
NO_NETWORK = Condition(
    lambda shown, chosen: not shown.scene.is_listed_by_layer,
    "a contest needs a model that hands can turn: quadratic, or relu",
)
NO_CONTEST = Condition(
    lambda shown, chosen: shown.contest is None,
    "in a contest you move by {key.lower+raise}, and gradient descent steps; {key.contest} ends it",
)
IN_CONTEST = Condition(
    lambda shown, chosen: shown.contest is not None,
    "a hint is for a contest, which {key.contest} begins",
)
GRADIENT_SHOWN = Condition(
    lambda shown, chosen: not shown.hides_gradient,
    "a contest hides the gradient; {key.hint} shows it",
)
NETWORK = Condition(
    lambda shown, chosen: shown.scene.is_listed_by_layer,
    "only a network has units and layers; Open relu-net, under {key.palette}, is one",
)
NO_SUM_OF_LINES = Condition(lambda shown, chosen: shown.config.model != "relu", OF_LINES)
NO_QUADRATIC = Condition(lambda shown, chosen: shown.config.is_network, OF_A_QUADRATIC)
ONE_CURVE = Condition(lambda shown, chosen: shown.is_one_curve, OF_ANOTHER_NETWORK)
SEVERAL_LAYERS = Condition(
    lambda shown, chosen: len(shown.scene.layers) > 4, "the last hidden layer stays"
)
ONE_INPUT = Condition(
    lambda shown, chosen: shown.scene.over_x, "a point can be added where there is one input, x"
)
SEVERAL_POINTS = Condition(
    lambda shown, chosen: shown.scene.over_x and shown.scene.rows > 1,
    "a point can be deleted where there is one input, x",
)
