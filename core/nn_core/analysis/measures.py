"""The measures of a trainer's model, worked out for the screen (see `training.measures`)."""

from collections.abc import Generator
from dataclasses import dataclass

from nn_core.training.measures import Measures, measure
from nn_core.training.trainer import Trainer


@dataclass(frozen=True)
class ModelMeasures:
    """A model measured after `step`: on the rows trained on, and on those held back, if any.

    `loss` is that of the rows trained on, and `loss_in_file_units` the same of unscaled targets;
    None where they aren't scaled.
    """

    step: int
    target: str
    training: Measures
    validation: Measures | None
    loss: float
    loss_in_file_units: float | None


def search(trainer: Trainer) -> Generator[float, None, ModelMeasures]:
    """Measure a trainer's model as it stands, on all rows."""
    yield 0.0
    data, predict = trainer.data, trainer.model.predict
    held_back, loss, factor = data.validation, trainer.loss(), trainer.loss_factor
    return ModelMeasures(
        trainer.state.step,
        data.y_name,
        measure(predict(data.x), data, data),
        None if held_back is None else measure(predict(held_back.x), held_back, data),
        loss,
        None if factor is None else loss * factor,
    )
