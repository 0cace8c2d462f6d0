"""What is lost where units are switched off, in what is shown alone: training goes on with them."""

from dataclasses import dataclass

from nn_core.data.dataset import Dataset
from nn_core.models import Model
from nn_core.training.measures import Measures, measure
from nn_core.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class SwitchedOff:
    """The units by name, and how good the model is with and without them."""

    units: tuple[str, ...]
    held_back: bool  # whether measured on those rows
    with_them: Measures
    without: Measures


def switched_off(
    trainer: Trainer, without: Model, off: frozenset[tuple[int, int]]
) -> SwitchedOff | None:
    """Measure a trainer's model and the one without some units, on rows held back if there are."""
    if not off:
        return None
    data = trainer.data
    rows = data.validation or data
    return SwitchedOff(
        tuple(trainer.model.unit_name(layer, unit) for layer, unit in sorted(off)),
        data.validation is not None,
        _measured(trainer.model, rows, data),
        _measured(without, rows, data),
    )


def _measured(model: Model, rows: Dataset, training: Dataset) -> Measures:
    return measure(model.predict(rows.x), rows, training)
