"""The models, each with its forward and its backward pass written out by hand.

A model owns one flat vector of parameters and names for its parts.  Rows come first in everything
public: x is (rows, inputs), a prediction is (rows, outputs).  Inside, arrays are feature-major,
(features, rows), so that a layer is one matrix product W·x that BLAS can write in place.

`compile` binds a model to a batch: it allocates every array that a pass needs and returns a `Pass`
whose three parts are the phases of a training step.  Read `backward` beside `forward`: each line
of the one undoes a line of the other, by the chain rule.
"""

from typing import Any

from nn_core.models.activations import ACTIVATIONS
from nn_core.models.model import Model, Pass, one_after_another
from nn_core.models.network import MLP
from nn_core.models.quadratic import Quadratic
from nn_core.models.rectified_lines import RectifiedLines

__all__ = ["MLP", "Model", "Pass", "Quadratic", "RectifiedLines", "describe", "one_after_another"]


def describe(model: Any) -> str:
    """The model as a formula or a chain of layers."""
    if isinstance(model, Quadratic):
        return "y = a·x² + b·x + c"
    if isinstance(model, RectifiedLines):
        count = len(model.lines)
        return "y = " + " + ".join(f"max(m{i}·x + b{i}, 0)" for i in range(1, count + 1))
    names = [ACTIVATIONS[name].words for name in model.activations]
    hidden = " → ".join(
        f"{size} {name}" for size, name in zip(model.sizes[1:-1], names, strict=True)
    )
    return f"{model.sizes[0]} → {hidden} → {model.sizes[-1]}"
