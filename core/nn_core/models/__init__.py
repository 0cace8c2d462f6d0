"""The models, each with its forward and its backward pass written out by hand.

A model owns one flat vector of parameters and names for its parts.  Rows come first in everything
public: x is (rows, inputs), a prediction is (rows, outputs).  Inside, arrays are feature-major,
(features, rows), so that a layer is one matrix product W·x that BLAS can write in place.

`compile` binds a model to a batch: it allocates every array that a pass needs and returns a `Pass`
whose three parts are the phases of a training step.  Read `backward` beside `forward`: each line
of the one undoes a line of the other, by the chain rule.
"""

from nn_core.models.model import Model, Pass, one_after_another
from nn_core.models.network import MLP
from nn_core.models.quadratic import Quadratic
from nn_core.models.rectified_lines import RectifiedLines

__all__ = ["MLP", "MODELS", "Model", "Pass", "Quadratic", "RectifiedLines", "one_after_another"]

MODELS: dict[str, type[Model]] = {model.kind: model for model in (Quadratic, RectifiedLines, MLP)}
