"""Where a run starts: the model that a Config describes, with parameters drawn or loaded."""

from pathlib import Path

from nn_core.config import CLASS_LOSSES, Config
from nn_core.data.dataset import Dataset
from nn_core.errors import RequestError
from nn_core.models import MODELS, Model, weights

MOST_ROWS = 16_384  # of the data that a start looks at


def build_model(config: Config, data: Dataset) -> Model:
    """The model that a Config describes, at its start, for data with so many columns.

    `RequestError` where a network would have too many parameters.
    """
    over = data.x[:: max(1, data.rows // MOST_ROWS)]
    return MODELS[config.model].start(config, over, data.y.shape[1])


def load_parameters(model: Model, config: Config) -> weights.Fit:
    """Let a model start from the file that a Config names."""
    layout, dtype = model.layout, model.flat.dtype
    arrays, fit = weights.load(Path(config.load), layout, dtype, config.load_partial)
    for name, values in arrays.items():
        model.parameters[name][...] = values
    return fit


def require_targets(loss: str, data: Dataset) -> None:
    """Raise `RequestError` where a loss of classes is asked for, and the targets are none."""
    if loss in CLASS_LOSSES and not (0 <= data.y.min() <= data.y.max() <= 1):
        raise RequestError(
            f"{loss} tells classes apart; {data.y_name} holds other numbers than from 0 to 1"
        )
