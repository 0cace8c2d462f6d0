"""The frame of the fit's plot, and where the model is that leaves it."""

import numpy as np

from nn_core.arrays import Array
from nn_core.explain.scene import Scene
from nn_core.formatting import short

BEYOND = 0.1  # of the frame's height: of what leaves it by less, one sees where it goes
LONGEST = 23  # characters of what the model is called, for which there is room at 80 columns

Runs = list[tuple[str, str]]


def heights(scene: Scene) -> Array:
    """The frame's height, from data and truth alone: the model moves, the frame doesn't."""
    return np.concatenate([scene.y, *(pair[1] for pair in (scene.truth, scene.held_back) if pair)])


def with_model(title: Runs, scene: Scene, curve: tuple[Array, Array] | None) -> Runs:
    """The title with the model's part; where that has left the frame, how far.

    Then there is no room for what the plot is anyway; nor, where nothing is seen of the model, for
    the input of a table, which the point names too.
    """
    model = _model_said(curve, heights(scene))
    if model != "model":
        title = [part for part in title if part[1] not in ("strong", "rule")]
    if " at " in model or " far " in model:
        title = [(text.partition(" over ")[0], role) for text, role in title]
    said = model.removeprefix("model")  # apart, so that it alone goes where there is no room
    return [*title, ("  ⣀⣀ model", "model"), *([(said, "model")] if said else [])]


def _model_said(curve: tuple[Array, Array] | None, frame: Array) -> str:
    if curve is None or not (np.isfinite(curve[1]).all() and np.isfinite(frame).all()):
        return "model"
    low, high = float(curve[1].min()), float(curve[1].max())
    bottom, top = float(frame.min()), float(frame.max())
    margin = BEYOND * (top - bottom)
    is_above, is_below = low > top, high < bottom
    if is_above or is_below or (low < bottom - margin and high > top + margin):
        said = f"model at {short(low, 3)} to {short(high, 3)}"
        where = "above" if is_above else "below" if is_below else "above and below"
        return said if len(said) <= LONGEST else f"model far {where}"
    if high > top + margin:
        return f"model up to {short(high, 3)}"
    return f"model down to {short(low, 3)}" if low < bottom - margin else "model"
